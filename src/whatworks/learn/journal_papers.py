"""The journal-club kit on paper: PDF, Word and plain text, from the same sections."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from whatworks.learn.journal import Kit
from whatworks.paper.typesetting import TypesettingError, typeset
from whatworks.publish.formats.downloads import WORD
from whatworks.publish.formats.pdf import linked
from whatworks.publish.formats.word import plain_word
from whatworks.publish.methods.handout_parts import (
    Block,
    Bullets,
    Heading,
    Outcome,
    Paragraph,
    Run,
    Section,
    Table,
    Words,
    said,
)

COLUMNS = 72
SIGNS = "\N{MINUS SIGN}\N{EURO SIGN}"


def title_of(kit: Kit) -> str:
    """What the kit is called."""
    return _("Journal club: %(title)s") % {"title": kit.title}


def dated(kit: Kit) -> str:
    """Which revision it was made from."""
    return _("Made from revision %(number)s of %(on)s (%(identifier)s).") % {
        "number": kit.revision, "on": kit.on, "identifier": kit.identifier,
    }  # fmt: skip


def sections_of(kit: Kit) -> tuple[Section, ...]:
    """The kit in the order in which a group uses it; what was recorded comes last, so that nobody reads it first."""
    told = kit.strong if not kit.lead else f"{kit.lead} {kit.strong}"
    says: list[Block] = [_paragraph(told), Bullets(tuple((Run(one),) for one in map(outcome_of, kit.outcomes)))]
    if kit.left:
        says.append(_paragraph(_("And %(n)s more outcomes: see the page.") % {"n": kit.left}))
    return (
        Section(_("45 minutes"), (_bullets(f"{time}: {what}" for time, what in kit.plan),)),
        Section(_("The question"), (_paragraph(kit.question),)),
        Section(_("What the page says"), tuple(says)),
        Section(_("How far to believe it"), tuple(_questions(kit))),
        Section(_("Talk about it"), (_bullets(kit.discuss),)),
        Section(_("What would change here"), (_bullets(kit.change),)),
        Section(
            _("Your own learning record"), (Paragraph((Run(f"{kit.record} "), Run(kit.record_href, kit.record_href))),)
        ),
        Section(_("What was recorded of the studies"), tuple(_recorded(kit))),
        Section(_("To end with"), (_paragraph(kit.closing),)),
    )


def outcome_of(one: Outcome) -> str:
    """An outcome in one line: its state, its numbers, how sure."""
    parts = (f"{one.name}: {one.word}.", said(one.sentence), one.dots.told if one.dots else "", one.sure)
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)


def _questions(kit: Kit) -> Iterator[Block]:
    for one in kit.asked:
        yield Heading(one.title)
        for name, questions in one.domains:
            yield _paragraph(name)
            yield _bullets(questions)


def _recorded(kit: Kit) -> Iterator[Block]:
    if not kit.answered:
        yield _paragraph(_("Nobody has recorded how far these studies may be bent. Your answers are the first."))
    for one in kit.answered:
        yield Paragraph((Run(one.study, one.href), Run(f": {one.overall} ({one.by})")))
        yield _bullets(f"{name}: {level}" for name, level in one.domains)


def _paragraph(words: str) -> Paragraph:
    return Paragraph((Run(words),))


def _bullets(lines: Iterable[str]) -> Bullets:
    return Bullets(tuple((Run(one),) for one in lines))


def as_text(kit: Kit, base: str, at: datetime) -> bytes:
    """Plain text of 72 columns."""
    return ("\n".join(_lines(kit, base)) + "\n").encode()


def _lines(kit: Kit, base: str) -> Iterator[str]:
    yield from (*_wrapped(title_of(kit)), "=" * min(len(title_of(kit)), COLUMNS), *_wrapped(dated(kit)))
    for section in sections_of(kit):
        yield from ("", section.title, "-" * len(section.title))
        for block in section.blocks:
            yield from _block(block, base)


def _block(block: Block, base: str) -> Iterator[str]:
    if isinstance(block, Bullets):
        for item in block.items:
            yield from _wrapped(f"* {said(item)}", "  ")
    elif isinstance(block, Heading):
        yield from ("", *_wrapped(block.text))
    elif isinstance(block, Paragraph):
        yield from ("", *_wrapped("".join(_addressed(run, base) for run in block.words)))


def _addressed(run: Run, base: str) -> str:
    return linked(run.href, base) or run.text if run.text == run.href else run.text


def _wrapped(words: str, hang: str = "") -> list[str]:
    return textwrap.wrap(words, COLUMNS, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False) or [""]


def as_word(kit: Kit, base: str, at: datetime) -> bytes:
    """A Word document."""
    return plain_word(
        title=title_of(kit), label=_("Journal-club kit"), lead=dated(kit), sections=sections_of(kit), base=base, at=at,
        identifier=kit.identifier,
    )  # fmt: skip


def as_pdf(kit: Kit, base: str, at: datetime) -> bytes:
    """A PDF for paper and screen readers, as many pages as it takes."""
    data = {
        "title": title_of(kit), "dated": dated(kit), "identifier": kit.identifier,
        "sections": [
            {"title": one.title, "blocks": [_data(block, base) for block in one.blocks]} for one in sections_of(kit)
        ],
    }  # fmt: skip
    source = resources.files("whatworks.learn").joinpath("journal.typ").read_text("utf-8")
    text, moment = json.dumps(data, ensure_ascii=False), int(at.timestamp())
    try:
        return typeset(source, {"data": text}, at=moment)
    except TypesettingError as error:
        if "could not be displayed" not in str(error):
            raise
        return typeset(source, {"data": "".join(map(_printable, text))}, at=moment)


def _printable(letter: str) -> str:
    """A sign in the place of a letter that the fonts may not have: the page has it."""
    known = letter.isascii() or letter in SIGNS or "\u00a0" <= letter <= "\u024f" or "\u2010" <= letter <= "\u2044"
    return letter if known else "?"


def _data(block: Block, base: str) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": block.text}
    if isinstance(block, Bullets):
        return {"kind": "bullets", "items": [_runs(item, base) for item in block.items]}
    return {"kind": "text", "runs": [] if isinstance(block, Table) else _runs(block.words, base)}


def _runs(words: Words, base: str) -> list[dict[str, str]]:
    return [{"text": _addressed(run, base), "href": linked(run.href, base)} for run in words]


@dataclass(frozen=True, slots=True)
class Paper:
    """One form of the kit."""

    words: str
    type: str
    make: Callable[[Kit, str, datetime], bytes]


PAPERS = MappingProxyType(
    {
        "kit.pdf": Paper("PDF", "application/pdf", as_pdf),
        "kit.docx": Paper("Word", WORD, as_word),
        "kit.txt": Paper("text", "text/plain; charset=utf-8", as_text),
    }
)
