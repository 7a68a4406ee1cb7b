"""Which reports somebody means who wrote their identifiers or DOIs, one a line."""

from __future__ import annotations

from collections.abc import Iterable

from whatworks.collate.methods.fields import normalise_doi
from whatworks.collate.models import Report
from whatworks.errors import InputError
from whatworks.saying import said


def reports_named(lines: Iterable[str]) -> list[Report]:
    """The reports meant, each once, in the order given; an InputError names the first line that means none."""
    found: dict[str, Report] = {}
    for line in lines:
        if text := line.strip():
            report = _named(text)
            found.setdefault(report.pk, report)
    return list(found.values())


def _named(text: str) -> Report:
    """One report by its identifier, its address here, or its DOI."""
    doi = normalise_doi(text)
    last = text.rstrip("/").rpartition("/")[2]
    rows = Report.objects.select_related("merged_into")
    row = rows.filter(pk=last).first() or (rows.filter(doi__iexact=doi).order_by("pk").first() if doi else None)
    if row is None:
        raise InputError(
            said("No report here has the identifier or DOI “%(text)s”; bring it in or enter it first.", text=text[:80])
        )
    return row.speaker()
