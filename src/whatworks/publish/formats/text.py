"""Plain text of 72 columns, to paste into a letter, a case note or a message."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from whatworks.publish.methods.handout_parts import PROVISIONAL, Handout, Outcome, said

COLUMNS = 72


def text(handout: Handout, *, base: str) -> str:
    """The short form as plain text, its lines at most 72 characters but for an address; `base` is the centre's address."""
    return "\n".join(line.rstrip() for line in _lines(handout, base)) + "\n"


def _lines(held: Handout, base: str) -> Iterator[str]:
    yield from _wrapped(held.title)
    yield "=" * min(len(held.title), COLUMNS)
    if held.lead:
        yield from ("", *_wrapped(held.lead))
    yield from ("", *_wrapped(f"{said(held.strong)} {said(held.rest)}"))
    for notice in held.notices:
        yield from ("", *_wrapped(notice))
    yield from ("", *_titled(held.outcomes_title))
    for outcome in held.outcomes:
        yield from ("", *_outcome(outcome))
    yield from ("", *_titled("Who is missing"), "", *_wrapped(said(held.missing)))
    yield from ("", *_wrapped(held.closing), "", "-" * COLUMNS)
    yield from _wrapped(f"{held.dated}, {held.identifier}. {by_of(held)}")
    yield from ("Newer results, and where every number comes from:", base + held.home)
    yield from _wrapped(held.standing)


def by_of(held: Handout) -> str:
    """Who approved it, as a sentence."""
    return f"{held.by[:1].upper()}{held.by[1:].rstrip('.')}." if held.by else ""


def _titled(title: str) -> tuple[str, str]:
    return title, "-" * len(title)


def _wrapped(words: str, hang: str = "") -> list[str]:
    found = textwrap.wrap(words, COLUMNS, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)
    return found or [""]


def _outcome(one: Outcome) -> Iterator[str]:
    """An outcome as a mark, its name and state, then the rest indented."""
    yield from _wrapped(f"* {one.name}: {one.word}", "  ")
    details = [said(one.sentence), one.dots.told if one.dots else "", sure_of(one), said(one.studies)]
    details += [f"{PROVISIONAL.capitalize()}." if one.provisional else "", one.standing]
    for detail in details:
        if detail:
            yield from ("  " + line for line in textwrap.wrap(detail, COLUMNS - 2, break_long_words=False))


def sure_of(one: Outcome) -> str:
    """How sure, as a sentence with whose judgement it is."""
    by = f", judged by {one.certainty.by}" if one.certainty and one.certainty.by else ""
    return f"{one.sure}{by}." if one.sure else ""
