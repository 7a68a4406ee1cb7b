"""A year of somebody's learning to take to the regulator's own form, field by field. The centre sends nothing to anybody."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.learn.methods.register_year import STANDARD, RegisterYear
from whatworks.learn.models import LearningEntry
from whatworks.learn.recording_presenters import KNOWN, peer_words
from whatworks.ledger.addresses import link_to
from whatworks.publish.formats.downloads import WORD
from whatworks.publish.formats.word import plain_word
from whatworks.publish.methods.handout_parts import Bullets, Heading, Paragraph, Run, Section
from whatworks.spoken import on_day
from whatworks.spreadsheets import cell

COLUMNS = 72


def fields_of(entry: LearningEntry) -> list[tuple[str, str]]:
    """What the form asks for, in its order, each with what was written; and what it was about, where that is ours."""
    described = "\n".join(one for one in (entry.title, entry.why) if one)
    found = [
        (_("Type of activity"), str(KNOWN[entry.sort])),
        (_("Short description, and why it is relevant"), described),
        (_("Date"), on_day(entry.on)),
        (_("What I learnt"), entry.learnt),
        (_("Impact on my practice and on people who use services"), entry.impact),
        (_("Peer reflection"), peer_words(entry)),
    ]
    if entry.about:
        found.append((_("What it was about"), f"{link_to(entry.about)['text']} ({entry.about_id})"))
    return found


def title_of(year: RegisterYear) -> str:
    """What the export of a year is called."""
    return _("Learning record, %(first)s to %(last)s") % {"first": on_day(year.first), "last": on_day(year.last)}


def lead() -> str:
    """What stands above every export."""
    return _(
        "For standard %(n)s of the professional standards. Copy each field into the regulator's own form: this centre sends "
        "nothing to anybody."
    ) % {"n": STANDARD}


def as_text(year: RegisterYear, entries: Iterable[LearningEntry]) -> bytes:
    """Plain text of 72 columns."""
    return ("\n".join(_lines(year, entries)) + "\n").encode()


def _lines(year: RegisterYear, entries: Iterable[LearningEntry]) -> Iterator[str]:
    yield from (title_of(year), "=" * len(title_of(year)), "", *textwrap.wrap(lead(), COLUMNS))
    for number, entry in enumerate(entries, 1):
        yield from ("", f"{number}. {entry.title}", "-" * COLUMNS)
        for label, value in fields_of(entry):
            yield f"{label}:"
            for line in (value or _("(not written yet)")).splitlines():
                yield from (f"  {one}" for one in textwrap.wrap(line, COLUMNS - 2) or [""])


def as_csv(year: RegisterYear, entries: Iterable[LearningEntry]) -> bytes:
    """One line for each piece."""
    rows = [fields_of(entry)[:6] for entry in entries]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    labels = [label for label, _value in fields_of(LearningEntry(sort=LearningEntry.OTHER, on=year.first))]
    writer.writerow([*labels, _("Identifier of what it was about")])
    for entry, row in zip(entries, rows, strict=True):
        writer.writerow([*(cell(value) for _label, value in row), entry.about_id or ""])
    return out.getvalue().encode()


def as_json(year: RegisterYear, entries: Iterable[LearningEntry]) -> bytes:
    """For programs: every field under its label."""
    pieces = [dict(fields_of(entry)) | {"identifier": entry.about_id, "on": entry.on.isoformat()} for entry in entries]
    told = {"title": title_of(year), "from": year.first.isoformat(), "to": year.last.isoformat(), "pieces": pieces}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def as_word(year: RegisterYear, entries: Iterable[LearningEntry]) -> bytes:
    """A Word document with a heading for each piece and each field."""
    sections = tuple(
        Section(
            entry.title,
            tuple(
                block
                for label, value in fields_of(entry)
                for block in (Heading(label), *_paragraphs(value or _("(not written yet)")))
            ),
        )
        for entry in entries
    )
    return plain_word(
        title=title_of(year), label=_("Learning record"), lead=lead(), sections=sections, base="", at=timezone.now()
    )


def _paragraphs(value: str) -> Iterator[Paragraph | Bullets]:
    for line in value.splitlines():
        if line.strip():
            yield Paragraph((Run(line),))


@dataclass(frozen=True, slots=True)
class Export:
    """One way to take a year away."""

    type: str
    make: Callable[[RegisterYear, list[LearningEntry]], bytes]


EXPORTS = {
    "txt": Export("text/plain; charset=utf-8", as_text),
    "docx": Export(WORD, as_word),
    "csv": Export("text/csv; charset=utf-8", as_csv),
    "json": Export("application/json", as_json),
}
