"""What the open API gives, field by field. A field here is a promise: it may be joined by others, never changed."""

from __future__ import annotations

import datetime

from ninja import Schema
from pydantic import Field


class NoticeOut(Schema):
    """A notice that stands about a report: the gravest that nothing took back."""

    nature: str = Field(description="retraction, concern, correction or reinstatement.", examples=["retraction"])
    word: str = Field(description="The same in a word or two for people.", examples=["Retracted"])
    on: datetime.date = Field(description="The day of the notice.", examples=["2024-05-31"])
    href: str = Field(
        description="Where the notice can be read; empty if not known.", examples=["https://doi.org/10.1000/notice"]
    )
    reason: str = Field(
        description="Why, as the list says that told of it; may be empty.", examples=["Unreliable Results"]
    )


class ReportOut(Schema):
    """A report. Texts are empty where nothing is known."""

    id: str = Field(description="Our identifier of the report. It never changes.", examples=["rep-7h3k9q2x"])
    type: str = Field(description="The kind of publication, as CSL names it.", examples=["article-journal"])
    title: str = Field(description="The title.", examples=["Family support after a first contact: a trial"])
    authors: list[str] = Field(description="Authors in their order, as `Family, Given`.", examples=[["Smith, Mary B."]])
    year: int | None = Field(description="The year of publication.", examples=[2020])
    venue: str = Field(description="The journal, book or series.", examples=["Journal of Fictional Studies"])
    volume: str = Field(description="The volume.", examples=["12"])
    issue: str = Field(description="The issue.", examples=["3"])
    pages: str = Field(description="First and last page, or the article number.", examples=["123-130"])
    publisher: str = Field(description="The publisher.", examples=["Fictional Press"])
    doi: str = Field(description="The DOI in lower case, without an address before it.", examples=["10.1000/first"])
    issn: str = Field(description="The ISSN.", examples=["1234-5678"])
    url: str = Field(description="Where it says that it can be read.", examples=["https://example.org/report"])
    language: str = Field(description="The language, as the record says it.", examples=["eng"])
    keywords: list[str] = Field(
        description="Subject terms, where a record's licence is open; else none.", examples=[[]]
    )
    abstract: str | None = Field(
        description="The abstract, where a record's licence is open; else null.", examples=[None]
    )
    notice: NoticeOut | None = Field(description="A retraction or other notice that stands about it.", examples=[None])
    page: str = Field(
        description="Its page for people.", examples=["https://evidence.example.org/reports/rep-7h3k9q2x/"]
    )
    changed: datetime.datetime | None = Field(
        description="When the centre last learnt something about it.", examples=["2026-11-22T10:00:00Z"]
    )


class FoundOut(Schema):
    """One record from which a report is known: where it was found."""

    source: str = Field(description="The database or place that was searched.", examples=["PubMed"])
    platform: str = Field(description="Through which platform; may be empty.", examples=["Ovid"])
    import_id: str = Field(description="Our identifier of the file.", examples=["imp-2b7k9q2x"])
    file: str = Field(description="The file as it was called.", examples=["search.ris"])
    format: str = Field(description="Its format.", examples=["RIS"])
    position: int = Field(description="Which record of the file, from 1.", examples=[12])
    line: int = Field(description="The line where it starts.", examples=[345])
    identifier: str = Field(description="What the source calls the record.", examples=["30123456"])


class ReportWhole(ReportOut):
    """A report with where it was found, which reports speak through it, and how to cite it."""

    records: list[FoundOut] = Field(description="Every record that describes it, its own first.")
    also: list[str] = Field(
        description="Identifiers of reports merged into it; their addresses lead here.", examples=[[]]
    )
    citations: dict[str, str] = Field(
        description="References in APA, Harvard and Vancouver style.",
        examples=[
            {
                "apa": "Smith, M. B. (2020). Family support after a first contact: a trial. Journal of Fictional Studies, 12(3), 123–130."
            }
        ],
    )


class ReportPage(Schema):
    """One page of a list, in the order of the identifiers."""

    reports: list[ReportOut] = Field(description="The reports of this page.")
    count: int = Field(description="How many reports the filters find.", examples=[128])
    count_is_exact: bool = Field(description="False where there are more than `count`.", examples=[True])
    next: str | None = Field(
        description="The address of the next page; null on the last. Reports that are added meanwhile neither repeat nor shift others.",
        examples=["https://evidence.example.org/api/reports?limit=50&after=rep-7h3k9q2x"],
    )


class ErrorOut(Schema):
    """What went wrong, for a person to read."""

    error: str = Field(
        description="One sentence: what, and how to mend it.", examples=["There is no report rep-00000000."]
    )


PARAMETERS = {
    "q": ("Words, “phrases” and fields to search for, as in the search box.", '"family support" title:trial'),
    "doi": ("A DOI in any form; gives every report that has it.", "10.1000/first"),
    "year_from": ("Published in this year or later.", "2015"),
    "year_to": ("Published in this year or earlier.", "2020"),
    "type": ("A kind of publication, as CSL names it.", "article-journal"),
    "source": ("Found in this source, by its identifier.", "src-7h3k9q2x"),
    "import": ("Came with this import, by its identifier.", "imp-7h3k9q2x"),
    "review": ("Taken in by this review, by its name in the address of its page.", "leaving-care"),
    "notice": ("A notice stands about it: retraction, concern, correction, reinstatement, any or none.", "retraction"),
    "retracted": ("true: only retracted ones; false: only others.", "true"),
    "changed_since": ("Something about it was learnt at this time or later (UTC).", "2026-11-01"),
    "limit": ("Reports on a page, 1 to 200.", "50"),
    "after": ("Only what comes after this identifier; use the address in `next`.", "rep-7h3k9q2x"),
    "format": ("json, ris, bibtex, csl or csv; instead of the header Accept.", "json"),
}
