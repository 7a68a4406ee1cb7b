"""What waits for people of this room, on the page of what needs them now: texts, enquiries, challenges, panels. Never whose words."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from whatworks.convene.challenging_presenters import title_of
from whatworks.convene.models import Challenge, Enquiry, Panel, PanelContact, Text
from whatworks.publish.needs import Item, Need, offer_need
from whatworks.spoken import on_day

AHEAD = datetime.timedelta(days=30)  # before the day on which contacts are forgotten


def _texts(actor: str) -> Sequence[Text]:
    return Text.objects.waiting()


def _text_items(rows: Sequence[Text]) -> list[Item]:
    return [
        ([{"link": _("A text of the kind “%(kind)s”") % {"kind": one.kind}, "href": reverse("text_work", args=[one.pk])}],
         [_("It came on %(day)s.") % {"day": on_day(timezone.localtime(one.made_at))}])
        for one in rows
    ]  # fmt: skip


def _apart(actor: str) -> Sequence[Text]:
    return Text.objects.quarantined()


def _apart_items(rows: Sequence[Text]) -> list[Item]:
    return [
        ([{"link": _("A text of the kind “%(kind)s”") % {"kind": one.kind}, "href": reverse("quarantine_work")}],
         [_("It may say who somebody is.")])
        for one in rows
    ]  # fmt: skip


def _enquiries(actor: str) -> Sequence[Enquiry]:
    return Enquiry.objects.open().exclude(state=Enquiry.CLARIFYING)


def _enquiry_items(rows: Sequence[Enquiry]) -> list[Item]:
    return [
        ([{"link": one.subject_title(), "href": reverse("enquiry_work", args=[one.pk])}], [_by(one.due_on)])
        for one in rows
    ]


def _by(day: datetime.date | None) -> str:
    if day is None:
        return ""
    late = day < timezone.localdate()
    return (_("Late: it was due on %(day)s.") if late else _("Due on %(day)s.")) % {"day": on_day(day)}


def _challenges(actor: str) -> Sequence[Challenge]:
    return Challenge.objects.unanswered()


def _challenge_items(rows: Sequence[Challenge]) -> list[Item]:
    return [
        ([{"link": title_of(one.where), "href": reverse("challenge_answer", args=[one.pk])}], [_by(one.due_on)])
        for one in rows
    ]


def _panels(actor: str) -> Sequence[Panel]:
    """Panels whose call is over and from which nobody was drawn yet."""
    today = timezone.localdate()
    return [one for one in Panel.objects.filter(closes_on__lt=today).order_by("closes_on", "pk") if one.drawn() is None]


def _panel_items(rows: Sequence[Panel]) -> list[Item]:
    note = _("Its call is over; nobody was drawn yet.")
    return [([{"link": one.title, "href": reverse("panel_run", args=[one.slug])}], [note]) for one in rows]


def _forgotten(actor: str) -> Sequence[Any]:
    """By panel, how many contacts are soon forgotten."""
    soon = PanelContact.objects.filter(keep_until__lte=timezone.localdate() + AHEAD)
    return list(soon.values("panel__slug", "panel__title").annotate(n=Count("pk")).order_by("panel__title"))


def _forgotten_items(rows: Sequence[Any]) -> list[Item]:
    return [
        (
            [{"link": one["panel__title"], "href": reverse("panel_people", args=[one["panel__slug"]])}],
            [
                ngettext(
                    "%(n)s contact is forgotten within 30 days, unless there is a reason to keep it.",
                    "%(n)s contacts are forgotten within 30 days, unless there is a reason to keep them.",
                    one["n"],
                )
                % {"n": one["n"]}
            ],
        )
        for one in rows
    ]


for need in (
    Need("texts", gettext_lazy("Texts to moderate"), "convene.moderate", _texts, _text_items),
    Need("texts-apart", gettext_lazy("Texts in quarantine"), "convene.quarantine", _apart, _apart_items),
    Need("enquiries", gettext_lazy("Enquiries to answer"), "convene.answer", _enquiries, _enquiry_items),
    Need("challenges", gettext_lazy("Challenges to answer"), "convene.answer", _challenges, _challenge_items),
    Need("panels", gettext_lazy("Panels to draw"), "convene.run", _panels, _panel_items),
    Need("panel-contacts", gettext_lazy("Panel contacts whose time is over"), "convene.contacts", _forgotten, _forgotten_items),
):  # fmt: skip
    offer_need(need)
