"""The plain sentences for a state, a certainty and a result, in words a ten-year-old can read.

High says it, moderate says probably, low says may, very low says that we cannot tell. Contact with services is fewer
or more, never better. The grammar follows GRADE's; the words are ours, and are data: the style sheet of sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said

from ..phrasing import BECAUSE, CERTAIN, CERTAINTIES, DEPENDS, DIRECTIONS, SIZES, style_sheet
from .states import state as known_state

UNRATED = (None, "not-assessed", "not-enough")
DIRECTION_KINDS = ("contact", "good-high", "good-low")
BLANK = re.compile(r"\[(estimate|range)\]")


def sentence(
    state: str,
    *,
    outcome: str,
    certainty: str | None = None,
    direction_kind: str | None = None,
    because: str = "",
) -> str:
    """What we can say about an outcome, in one or two short sentences that begin with a capital letter.

    `outcome` is a noun as it stands inside a sentence: "children in care" for fewer and more, "children's safety" for
    better and worse. `because` is the rule that gave the state (Outcome.decided_by). Raises InputError for an unknown
    state, certainty or direction, for an empty outcome, and for better or worse on contact with services.
    """
    _refuse(state, outcome, certainty, direction_kind)
    cell = _cell(state, certainty, direction_kind or "", because)
    said: str = style_sheet().states[state]["says"][cell]
    return said.replace("{outcome}", outcome.strip())


def _cell(state: str, certainty: str | None, direction_kind: str, because: str) -> str:
    """Which of a state's sentences: by certainty, by direction, or by why results cannot be put together."""
    asked = {CERTAIN: certainty or "", DIRECTIONS: direction_kind.partition("-")[0], BECAUSE: because}
    cells = DEPENDS.get(state, ("any",))
    cell = asked.get(cells, "any")
    return cell if cell in cells else cells[-1]


def how_sure(certainty: str | None, *, young: bool = False) -> str:
    """How sure we are as one sentence that names the certainty; for young people in their words.

    Raises InputError for a word that is no certainty.
    """
    key = certainty or "not-enough"
    if key not in style_sheet().certainty:
        raise InputError(
            said(
                "'%(certainty)s' is no certainty; give one of %(certainty_certainty)s.",
                certainty=certainty,
                certainty_certainty=", ".join(style_sheet().certainty),
            )
        )
    return style_sheet().certainty[key]["young" if young else "says"]


def numbered(kind: str, size: str, *, words: Mapping[str, str], estimate: Any, spread: Any = None) -> list[Any]:
    """A result as inline text: strings, with the given estimate and range (any node of inline text) in their places.

    `kind` is what it can be said in (`hundred`, `ratio`, `scale`), `size` how large it is. Raises InputError for a cell
    that the style sheet does not have.
    """
    if size not in SIZES.get(kind, ()):
        raise InputError(
            said("No sentence is held for a result of the kind '%(kind)s' and size '%(size)s'.", kind=kind, size=size)
        )
    pattern = style_sheet().numbers[kind][size]["says" if spread else "bare"]
    nodes = {"estimate": estimate, "range": spread}
    parts = BLANK.split(pattern)
    filled = [nodes[part] if at % 2 else part.format_map(words) for at, part in enumerate(parts)]
    return [part for part in filled if part]


def for_the_young(key: str, **words: object) -> str:
    """One sentence of the young people's version, filled in."""
    return style_sheet().young[key].format_map(words)


def _refuse(state: str, outcome: str, certainty: str | None, direction_kind: str | None) -> None:
    known_state(state)
    if not outcome.strip():
        raise InputError(
            said("A sentence needs the outcome it is about; give it as a noun, such as 'children in care'.")
        )
    if certainty not in UNRATED and certainty not in CERTAINTIES:
        raise InputError(
            said(
                "'%(certainty)s' is no certainty; give one of %(certainties)s, or leave it out.",
                certainty=certainty,
                certainties=", ".join(CERTAINTIES),
            )
        )
    if direction_kind is not None and direction_kind not in DIRECTION_KINDS:
        raise InputError(
            said(
                "'%(direction_kind)s' is no kind of direction; give one of %(direction_kinds)s.",
                direction_kind=direction_kind,
                direction_kinds=", ".join(DIRECTION_KINDS),
            )
        )
    if state in ("better", "worse") and direction_kind == "contact":
        raise InputError(
            said(
                "Contact with services is fewer or more, never %(state)s; use the state 'fewer' or 'more'.", state=state
            )
        )
    if state in ("fewer", "more") and direction_kind in ("good-high", "good-low"):
        raise InputError(
            said("This outcome has an agreed good direction, so it is better or worse, not %(state)s.", state=state)
        )
