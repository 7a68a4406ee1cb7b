"""What people do with a report that no database exports: enter it by hand, with its file where there is one.

What was typed becomes an import of one record, so that a council's report is kept, matched, found and undone as any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy

from whatworks.collate.actions import add_records, close_import, open_import
from whatworks.collate.documents import keep_document
from whatworks.collate.methods.fields import normalise_doi, one_line
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import Import, Report, Source
from whatworks.collate.sources import write_ris
from whatworks.collate.tasks import enqueue_proposals
from whatworks.errors import InputError
from whatworks.saying import said

FORMAT = "typed by hand"
SORTS = {  # what a person calls it, and its RIS type
    "RPRT": gettext_lazy("A report"),
    "GOVDOC": gettext_lazy("A government or council paper"),
    "THES": gettext_lazy("A thesis or dissertation"),
    "CHAP": gettext_lazy("A chapter of a book"),
    "BOOK": gettext_lazy("A book"),
    "CPAPER": gettext_lazy("A conference paper"),
    "ELEC": gettext_lazy("A web page"),
    "JOUR": gettext_lazy("A journal article"),
    "GEN": gettext_lazy("Something else"),
}
FIRST_YEAR, LAST_YEAR = 1500, 2099


@dataclass(frozen=True, slots=True)
class Details:
    """What is typed from the report's title page. `authors` and `body` may be empty; people first, then bodies."""

    title: str
    sort: str = "RPRT"
    authors: tuple[str, ...] = ()
    body: str = ""
    year: int | None = None
    url: str = ""
    doi: str = ""
    number: str = ""
    abstract: str = ""

    def tags(self) -> tuple[tuple[str, str], ...]:
        """The details as the tags of a record; an InputError says what is missing or cannot be so."""
        if not one_line(self.title):
            raise InputError(said("A report needs a title; type it as the title page gives it."))
        if self.sort not in SORTS:
            raise InputError(
                said(
                    "There is no kind of report %(sort)s; choose one of %(sorts)s.",
                    sort=f"{self.sort!r}",
                    sorts=", ".join(SORTS),
                )
            )
        if self.year is not None and not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise InputError(
                said("%(year)s is no year of publication; give four figures, or leave it empty.", year=self.year)
            )
        if self.url and not self.url.startswith(("https://", "http://")):
            raise InputError(said("The address must begin with https:// or http://; copy it from the browser."))
        if self.doi and not normalise_doi(self.doi):
            raise InputError(
                said("%(doi)s is no DOI; it begins with 10. and has a slash, such as 10.1000/182.", doi=self.doi)
            )
        found = [("TY", self.sort), ("TI", one_line(self.title))]
        found += [("AU", one_line(author)) for author in self.authors if one_line(author)]
        found += [] if self.year is None else [("PY", str(self.year))]
        single = {"PB": self.body, "M1": self.number, "DO": normalise_doi(self.doi), "UR": self.url}
        found += [(tag, one_line(value)) for tag, value in single.items() if one_line(value)]
        found += [("AB", self.abstract.strip())] if self.abstract.strip() else []
        return tuple(found)


@transaction.atomic
def enter_report(
    *, by: str, source: Source, details: Details, pdf: Iterable[bytes] | None = None, pdf_name: str = ""
) -> Report:
    """Enter one report, found in `source`, with its PDF if there is one; all of it or nothing.

    Raises InputError where the details or the file cannot be so, ConflictError where the same was entered before.
    """
    record = ReadRecord(1, 1, details.tags())
    text = "".join(write_ris([record]))
    result = {
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "format": FORMAT,
        "encoding": "utf-8",
        "record_starts": 1,
        "records": 1,
        "unreadable": [],
    }
    origin = open_import(result=result, filename=one_line(details.title)[:200], source=source)
    add_records(origin, [record])
    close_import(by=by, origin=origin)
    enqueue_proposals(by=by, origin=origin)
    report = _report(origin)
    if pdf is not None:
        keep_document(by=by, report=report, chunks=pdf, filename=pdf_name)
    return report


def _report(origin: Import) -> Report:
    return Report.objects.get(records__origin=origin)
