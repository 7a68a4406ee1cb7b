"""What a screener reads of a report, and what a learner learns from: the title, and the longest abstract any record has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q

from whatworks.collate.methods.likeness import fold
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import Record, Report

PIECE = 500  # reports asked for at once
LONG_TITLE = 30  # characters of a title that says by itself which report it is, where there is no abstract
READ = 1500  # characters of an abstract that are compared


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one report."""

    title: str
    abstract: str = ""


def texts_of(reports: Iterable[str]) -> dict[str, Text]:
    """The words of these reports, each with what its records and those merged into it say."""
    found: dict[str, Text] = {}
    rest = iter(reports)
    while piece := list(islice(rest, PIECE)):
        found |= _piece(piece)
    return found


def _piece(piece: Sequence[str]) -> dict[str, Text]:
    titles = dict(Report.objects.filter(pk__in=piece).values_list("pk", "title"))
    abstracts: dict[str, str] = {}
    for report, abstract in _abstracts(piece):
        if len(abstract) > len(abstracts.get(report, "")):
            abstracts[report] = abstract
    return {report: Text(title, abstracts.get(report, "")) for report, title in titles.items()}


def _abstracts(piece: Sequence[str]) -> Iterator[tuple[str, str]]:
    rows = Record.objects.filter(Q(report__in=piece) | Q(report__merged_into__in=piece)).order_by(
        "origin_id", "position"
    )
    for report, into, position, line, tags in rows.values_list(
        "report_id", "report__merged_into_id", "position", "line", "tags"
    ):
        read = ReadRecord(position, line, tuple((tag, value) for tag, value in tags))
        yield (into if into in piece else report), read.abstract


def likeness(text: Text) -> int | None:
    """A number that near-identical reports share: those whose words are the same but for case, marks and markup.

    None where too little is written to say that two are the same.
    """
    title, abstract = fold(text.title), fold(text.abstract[:READ])
    if not abstract and len(title) < LONG_TITLE:
        return None
    digest = hashlib.sha256(f"{title}\n{abstract}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
