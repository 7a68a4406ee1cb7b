"""Where calls, their rules and awards are read, for whoever cites them. Applications are read by nobody outside."""

from __future__ import annotations

from django.urls import reverse

from whatworks.commission.models import Award, Call, CallVersion
from whatworks.ledger.addresses import Told, lead


@lead(Call.kind)
def _call(identifier: str) -> Told:
    held = Call.objects.shown().filter(pk=identifier).first()
    return (held.title, reverse("call", args=[held.slug])) if held else None


@lead(CallVersion.kind)
def _rules(identifier: str) -> Told:
    held = CallVersion.objects.exclude(lock=None).select_related("call").filter(pk=identifier).first()
    if held is None or held.call.state == "draft":
        return None
    return held.subject_title(), reverse("call_rules", args=[held.call.slug, held.number])


@lead(Award.kind)
def _award(identifier: str) -> Told:
    """An award is told on the page of its call, once that is decided."""
    held = Award.objects.select_related("call").filter(pk=identifier, call__state="decided").first()
    return (f"{held.title}, {held.body}", f"{reverse('call', args=[held.call.slug])}#{held.pk}") if held else None
