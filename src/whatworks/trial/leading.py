"""Where trials, their protocols, draws and analyses are read, for whoever cites them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.ledger.addresses import Told, lead
from whatworks.trial.models import Allocation, Correlation, Trial, TrialAnalysis, TrialProtocol


@lead(Trial.kind)
def _trial(identifier: str) -> Told:
    held = Trial.objects.filter(pk=identifier).first()
    return (held.title, reverse("trial", args=[held.slug])) if held else None


@lead(TrialProtocol.kind)
def _protocol(identifier: str) -> Told:
    held = TrialProtocol.objects.select_related("trial").filter(pk=identifier).first()
    return (held.subject_title(), reverse("protocol", args=[held.trial.slug, held.number])) if held else None


@lead(Allocation.kind)
def _draw(identifier: str) -> Told:
    held = Allocation.objects.select_related("trial").filter(pk=identifier).first()
    return _part(held.trial, _("The draw of %(title)s"), "drawn") if held else None


@lead(TrialAnalysis.kind)
def _analysis(identifier: str) -> Told:
    held = TrialAnalysis.objects.select_related("trial").filter(pk=identifier, blind=False).first()
    return _part(held.trial, _("The result of %(title)s"), "result") if held else None


@lead(Correlation.kind)
def _correlation(identifier: str) -> Told:
    held = Correlation.objects.filter(pk=identifier).first()
    return (held.subject_title(), reverse("trials")) if held else None


def _part(trial: Trial, title: str, anchor: str) -> tuple[str, str]:
    return title % {"title": trial.title}, f"{reverse('trial', args=[trial.slug])}#{anchor}"
