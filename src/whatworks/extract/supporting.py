"""What supports a judgement: a note of the appraiser's own and the report's words. For the workspace only, never public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whatworks.errors import InputError
from whatworks.extract.instruments import Instrument
from whatworks.extract.places import check_place
from whatworks.saying import said

OVERALL, QUESTION = "overall", "q-"  # a question's own note is under q- and its key, since domains have keys too
LONGEST_NOTE = 5000
PARTS = ("note", "quote", "page", "report")


def supports(chosen: Instrument) -> dict[str, str]:
    """What can be supported by a note, and what to call it: each question, each domain, and the overall judgement."""
    found = {f"{QUESTION}{one.key}": one.key for one in chosen.questions}
    found |= {one.key: one.name for one in chosen.domains}
    return found if chosen.overall.none else found | {OVERALL: "overall"}


def supported(chosen: Instrument, study: str, notes: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The notes as they are kept, by what they support: note, quote, page and report; what is empty is left out.

    A note that is words alone is read as such, and a question's key stands for the question where no domain has it.
    Raises InputError for what supports nothing, for a page that cannot be, and for words that are too many.
    """
    known, kept = supports(chosen), {}
    for name, words in notes.items():
        where = name if name in known else f"{QUESTION}{name}"
        if where not in known:
            raise InputError(
                said("There is no %(name)r of %(key)s that a note could support.", name=name[:24], key=chosen.key)
            )
        if told := _told(known[where], study, {"note": words} if isinstance(words, str) else words):
            kept[where] = told
    return kept


def _told(name: str, study: str, given: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(given) - set(PARTS):
        raise InputError(
            said(
                "%(name)s: a note has %(parts)s, and no %(unknown)r.",
                name=name,
                parts=", ".join(PARTS),
                unknown=min(unknown),
            )
        )
    note, quote = (str(given.get(part) or "").replace("\0", "").strip() for part in ("note", "quote"))
    page, report = _page(name, given.get("page")), str(given.get("report") or "").strip()
    if len(note) > LONGEST_NOTE:
        raise InputError(
            said(
                "%(name)s: a note has at most %(longest_note)s characters; this one has %(count)s.",
                name=name,
                longest_note=f"{LONGEST_NOTE:,}",
                count=f"{len(note):,}",
            )
        )
    check_place(study, report or None, page=page, place="", quote=quote)
    told = {"note": note, "quote": quote, "page": page, "report": report if quote or page else ""}
    return {part: one for part, one in told.items() if one}


def _page(name: str, typed: Any) -> int | None:
    text = str(typed or "").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 6:
        raise InputError(
            said("%(name)s: a page is a whole number, such as 12, not %(text)r.", name=name, text=text[:20])
        )
    return int(text)
