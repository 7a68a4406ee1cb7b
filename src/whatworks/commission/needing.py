"""Claims that wait for a word, on the page of what needs people now; never for whoever made the claim or gave the first word."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.commission.models import AwardClaim
from whatworks.publish.needs import Item, Need, offer_need


def _in_state(state: str) -> Callable[[str], QuerySet[AwardClaim]]:
    def rows(actor: str) -> QuerySet[AwardClaim]:
        held = AwardClaim.objects.filter(state=state).exclude(by=actor).exclude(approvals__by=actor)
        return held.select_related("award").order_by("at", "pk")

    return rows


def _items(rows: Sequence[AwardClaim]) -> list[Item]:
    return [
        (
            [{"link": str(one.award), "href": reverse("award_work", args=[one.award_id])}],
            [_("Claim %(number)s, £%(amount)s.") % {"number": one.number, "amount": f"{one.amount:,}"}],
        )
        for one in rows
    ]


for need in (
    Need("claims", gettext_lazy("Claims that wait for the first word"), "commission.run", _in_state("claimed"), _items),
    Need(
        "claims-second", gettext_lazy("Claims that wait for the second word"), "commission.pay",
        _in_state("approved by staff"), _items,
    ),
):  # fmt: skip
    offer_need(need)
