"""How learning from cases is verified: rows as they were entered, numbers as the rules of disclosure give them, none gone unsaid."""

from __future__ import annotations

from whatworks.errors import WhatworksError
from whatworks.learn.models import CaseLink, CasePublication, CaseSettled, CaseTombstone
from whatworks.learn.reviewing_cases import shown_of
from whatworks.ledger.models import Event
from whatworks.ledger.verification import Difference, Report, check, check_digests

ROWS = {"publications about cases": CasePublication, "codings of cases that were settled": CaseSettled,
        "themes tied to interventions": CaseLink}  # fmt: skip


@check("learning from cases")
def check_cases(report: Report) -> None:
    """Every row; and that what is gone was withdrawn."""
    for name, model in ROWS.items():
        check_digests(report, model.objects.all(), name)
    check_digests(report, CaseTombstone.objects.all(), "publications withdrawn", whole=CaseTombstone)
    _check_gone(report)
    for one in CaseSettled.objects.select_related("publication").exclude(counts={}):
        _check_numbers(report, one)


def _check_gone(report: Report) -> None:
    """A publication or coding that an event made is here, or its withdrawal is on record."""
    said = {key for one in CaseTombstone.objects.values_list("removed", flat=True) for key in one}
    here = {*CasePublication.objects.values_list("pk", flat=True), *CaseSettled.objects.values_list("pk", flat=True)}
    prefixes = (f"{CasePublication.prefix}-", f"{CaseSettled.prefix}-")
    made = Event.objects.exclude(digests={}).values_list("digests", flat=True).iterator()
    for identifier in sorted({key for digests in made for key in digests if key.startswith(prefixes)} - here - said):
        report.differences.append(
            Difference(identifier, "an event made this row, and it is gone without a withdrawal", "a row", None)
        )


def _check_numbers(report: Report, one: CaseSettled) -> None:
    report.count("numbers of cases withheld again")
    try:
        again = shown_of(one.publication, one.version, one.counts)
    except WhatworksError as error:
        report.differences.append(Difference(one.pk, str(error), one.shown, None))
        return
    if again != one.shown:
        report.differences.append(Difference(one.pk, "numbers of cases that may be shown", one.shown, again))
