"""One A4 page, tagged for screen readers (PDF/UA-1) and to last (PDF/A-2a), by typst with the fonts that it brings
(Libertinus, Open Font Licence): the same page on every machine.

The text is data: nothing in it is markup, so that a name cannot become a command. What does not fit is left out by whole
outcomes, says how many, and leads to the page; nothing is cut off.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from importlib import resources
from typing import Any

from whatworks.paper.typesetting import TypesettingError, typeset
from whatworks.publish.formats import icons
from whatworks.publish.formats.text import by_of
from whatworks.publish.methods.handout_parts import PROVISIONAL, Dots, Handout, Outcome, Run, Words, said, shortened

MOST = 60  # outcomes that one page may name
SHOWN = 8  # outcomes told in full
NAME, SENTENCE, SMALL, LEAD, MISSING = 120, 420, 200, 300, 560  # characters
LONG_TITLE = 42
ALL_PROVISIONAL = "Every state below is provisional: computed by rule, not yet judged by people."
PRINTABLE = ((0x20, 0x24F), (0x370, 0x3FF), (0x400, 0x4FF), (0x2010, 0x2027), (0x2030, 0x2044), (0x20AC, 0x20AC))
SIGNS = "\N{MINUS SIGN}\N{SUPERSCRIPT TWO}\N{NARROW NO-BREAK SPACE}"
UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs")
NAMELESS = "No name"
LOST = "?"  # for a letter that the fonts have not: the page has it


def pdf(handout: Handout, *, base: str, at: datetime) -> bytes:
    """The page as PDF. `base` is the centre's address, empty where it is not known; the same handout gives the same bytes."""
    data = _with(_data(handout, base), _plain)
    try:
        return _set(data, at)
    except TypesettingError as error:
        if "could not be displayed" not in str(error):
            raise
        return _set(_with(data, _printable), at)


def _set(data: Any, at: datetime) -> bytes:
    source = resources.files("whatworks.publish.formats").joinpath("page.typ").read_text("utf-8")
    return typeset(source, {"data": json.dumps(data)}, at=int(at.timestamp()))


def _with(data: Any, change: Callable[[str], str]) -> Any:
    """The same data with every text changed."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {name: _with(value, change) for name, value in data.items()}
    return [_with(value, change) for value in data] if isinstance(data, list) else data


def _plain(text: str) -> str:
    """Without the characters that have no form: control characters, and the marks of direction and of joining."""
    if text.isprintable():  # as nearly all are: to look at each letter takes as long as to set the page
        return text
    return "".join(letter for letter in text if unicodedata.category(letter) not in UNSEEN)


def _printable(text: str) -> str:
    """With a sign in the place of every letter that the fonts may not have."""
    return "".join(
        letter if letter in SIGNS or any(low <= ord(letter) <= high for low, high in PRINTABLE) else LOST
        for letter in text
    )


def _data(held: Handout, base: str) -> dict[str, Any]:
    return {
        "title": _plain(held.title).strip() or NAMELESS,
        "size": 18 if len(held.title) > LONG_TITLE else 24,
        "label": held.label,
        "theme": held.theme,
        "description": said((*held.strong, Run(" "), *held.rest)),
        "identifier": held.identifier,
        "lead": _short(held.lead, LEAD),
        "strong": _runs(shortened(held.strong, SENTENCE), base),
        "rest": _runs(shortened(held.rest, SENTENCE), base),
        "notices": [_short(one, LEAD) for one in (*held.notices, ALL_PROVISIONAL if held.provisional else "") if one],
        "outcomes": [_outcome(one, held, base) for one in held.outcomes[:SHOWN]],
        "ways": list(_ways(held, base)),
        "pictures": dict(_pictures(held)),
        "missing": _runs(shortened(held.missing, MISSING), base),
        "closing": held.closing,
        "dated": f"{held.dated}, {held.identifier}",
        "by": _short(by_of(held), SMALL),
        "where": _runs(
            (Run("Newer results, and where every number comes from: "), Run(base + held.home, held.home)), base
        ),
        "standing": held.standing,
        "words": {
            "outcomes": held.outcomes_title,
            "also": "Also looked at",
            "every": "Every outcome",
            "missing": "Who is missing",
        },
    }


def _pictures(held: Handout) -> Iterator[tuple[str, str]]:
    """Every picture once, by its name: 100 dots take eight kilobytes, and each way of showing the page may have them."""
    for one in held.outcomes[:MOST]:
        yield _picture(one.shape, one.css), icons.svg(one.shape, one.css)
        if one.dots:
            yield _picture(one.dots.before, "unsure"), icons.dots(one.dots.before, "unsure")
            yield _picture(one.dots.after, one.css), icons.dots(one.dots.after, one.css)


def _picture(shown: str | int, css: str) -> str:
    return f"{shown} {css}"


def _named(one: Outcome) -> str:
    return _short(_plain(one.name), NAME) or NAMELESS


def _short(text: str, longest: int) -> str:
    return said(shortened((Run(text),), longest))


def _runs(runs: Words, base: str) -> list[dict[str, str]]:
    return [{"text": run.text, "href": linked(run.href, base)} for run in runs]


def linked(href: str, base: str) -> str:
    """The whole address of a link; none where it is inside a centre whose address is not known, or not one to follow."""
    if href.startswith("/"):
        return base + href if base else ""
    return href if href.startswith(("https://", "http://")) else ""


def _ways(held: Handout, base: str) -> Iterator[dict[str, Any]]:
    """What the page may hold, the fullest first: fewer pictures, then fewer outcomes told in full, then fewer named."""
    outcomes = held.outcomes[:MOST]
    most = min(len(outcomes), SHOWN)
    pictured = [number for number, one in enumerate(outcomes[:most]) if one.dots]
    if len(pictured) > 1:
        yield _way(held, outcomes, most, set(pictured), base)
    for shown in range(most, 0, -1):
        yield _way(held, outcomes, shown, set(pictured[:1]), base)
    for named in range(len(outcomes), 0, -4):
        yield _way(held, outcomes[:named], min(1, named), set(), base)
    yield _way(held, outcomes[:1], 0, set(), base)


def _way(held: Handout, outcomes: Sequence[Outcome], full: int, pictured: set[int], base: str) -> dict[str, Any]:
    left = len(held.outcomes) - len(outcomes)
    more = f"And {left} more {'outcome' if left == 1 else 'outcomes'}: see "
    return {
        "full": full,
        "pictured": sorted(pictured),
        "rows": grouped(outcomes[full:]),
        "more": _runs((Run(more), Run("the page", held.home), Run(".")), base) if left else [],
    }


def _outcome(one: Outcome, held: Handout, base: str) -> dict[str, Any]:
    return {
        "name": _named(one),
        "css": one.css,
        "svg": _picture(one.shape, one.css),
        "word": one.word,
        "sure": _sure(one),
        "sentence": _runs(shortened(one.sentence, SENTENCE), base),
        "studies": _short(said(one.studies), SMALL),
        "standing": _standing(one, held),
        "dots": _dots(one.dots, one.css) if one.dots else None,
    }


def _standing(one: Outcome, held: Handout) -> str:
    """That it is provisional, where that is not said once for all, and who judged it."""
    provisional = f"{PROVISIONAL.capitalize()}." if one.provisional and not held.provisional else ""
    return _short(f"{provisional} {one.standing}".strip(), LEAD)


def _dots(held: Dots, css: str) -> dict[str, Any]:
    return {
        **{name: getattr(held, name) for name in ("before", "after", "before_label", "after_label", "of")},
        "before_svg": _picture(held.before, "unsure"),
        "after_svg": _picture(held.after, css),
    }


def _sure(one: Outcome) -> dict[str, Any]:
    held = one.certainty
    by = f", judged by {_short(held.by, NAME)}" if held and held.by else ""
    return {"level": held.level if held else 0, "of": held.of if held else 0, "word": one.sure + by}


def grouped(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Outcomes of one state and certainty together: the state once, then their names."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for one in outcomes:
        new = {"css": one.css, "svg": _picture(one.shape, one.css), "word": one.word, "sure": _sure(one), "names": []}
        rows.setdefault((one.word, one.sure), new)["names"].append(_named(one))
    return list(rows.values())
