"""The public register of trials: every entry with its versions, its draw, its flow, and what it found."""

from __future__ import annotations

import csv
import io

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from whatworks.ledger import sections
from whatworks.people.access import PUBLIC, access
from whatworks.spreadsheets import cell
from whatworks.trial.models import Allocation, Correlation, Trial, TrialProtocol
from whatworks.trial.presenters import changed, trial_page, trials_list
from whatworks.trial.reports.offered import offered
from whatworks.trial.sighting import happenings


@access(PUBLIC)
def trials(request: HttpRequest) -> HttpResponse:
    """Every trial this centre runs or knows of."""
    told = {"trials": trials_list(), "bank": Correlation.objects.order_by("measure", "outcome", "pk")}
    return render(request, "trial/trials.html", told)


@access(PUBLIC)
def trial(request: HttpRequest, slug: str) -> HttpResponse:
    """One trial as a registry shows it."""
    held = get_object_or_404(Trial.objects.select_related("intervention", "outcome"), slug=slug)
    told = {"trial": trial_page(held), "sections": sections.about("trial", held.pk), **offered(held)}
    return render(request, "trial/trial.html", told)


@access(PUBLIC)
def protocol(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version of a protocol, and what it changed in the one before."""
    held = _version(slug, number)
    before = TrialProtocol.objects.filter(trial=held.trial, number=number - 1).first()
    told = {"protocol": held, "trial": held.trial, "changes": changed(before, held) if before else []}
    return render(request, "trial/protocol.html", told)


@access(PUBLIC)
def design_file(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The design of one version, as the file whose digest was locked."""
    held = _version(slug, number)
    if not held.design:
        raise Http404
    return _file(held.design, f"{slug}-{number}.toml", "application/toml; charset=utf-8")


@access(PUBLIC)
def allocation_file(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A draw as the file from which anybody can repeat it."""
    held = get_object_or_404(Allocation, trial__slug=slug, number=number)
    if not held.document:
        raise Http404
    return _file(held.whole_file() or held.document, f"{slug}-allocation-{number}.json", "application/json")


@access(PUBLIC)
def published_file(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A concealed draw as it was published at once, with the digest of its whole file."""
    held = get_object_or_404(Allocation, trial__slug=slug, number=number)
    if not held.concealed:
        raise Http404
    return _file(held.document, f"{slug}-allocation-{number}-as-published.json", "application/json")


@access(PUBLIC)
def events_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Every event of units, for a spreadsheet: what the flow diagram is counted from."""
    held = get_object_or_404(Trial, slug=slug)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["number", "unit", "people", "kind", "arm", "reason", "on"])
    for number, one in enumerate(happenings(held), 1):
        people = "" if one.people is None else one.people
        table.writerow(
            [number, *(cell(str(value)) for value in (one.unit, people, one.kind, one.arm, one.reason, one.on))]
        )
    return _file(out.getvalue(), f"{slug}-events.csv", "text/csv; charset=utf-8")


def _version(slug: str, number: int) -> TrialProtocol:
    found: TrialProtocol = get_object_or_404(
        TrialProtocol.objects.select_related("trial"), trial__slug=slug, number=number
    )
    return found


def _file(text: str, name: str, kind: str) -> HttpResponse:
    return HttpResponse(text, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
