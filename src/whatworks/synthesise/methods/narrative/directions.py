"""Which way a result points: higher, lower, or neither, read from a word, a sign or a number."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from typing import Any, Literal

from whatworks.errors import InputError
from whatworks.saying import said

Direction = Literal["higher", "lower", "unclear"]
WORDS: dict[str, Direction] = {
    "higher": "higher",
    "up": "higher",
    "+": "higher",
    "lower": "lower",
    "down": "lower",
    "-": "lower",
    "−": "lower",
    "unclear": "unclear",
    "mixed": "unclear",
    "none": "unclear",
    "0": "unclear",
}
ARROWS: dict[Direction, str] = {"higher": "▲", "lower": "▼", "unclear": "◄►"}


def direction_of(given: Any, row: int) -> Direction | None:
    """The direction of one result: a word, a sign, or a number by its sign; None where it is missing."""
    if given is None or given == "":
        return None
    if isinstance(given, str):
        word = given.strip().lower()
        if word in WORDS:
            return WORDS[word]
        raise InputError(
            said(
                "Row %(row)s has the direction %(given)r; write higher, lower or unclear, or give a number.",
                row=row,
                given=given,
            )
        )
    try:
        value = float(given)
    except (TypeError, ValueError):
        raise InputError(
            said(
                "Row %(row)s has the direction %(given)r; write higher, lower or unclear, or give a number.",
                row=row,
                given=given,
            )
        ) from None
    if isnan(value):
        return None
    return "higher" if value > 0 else "lower" if value < 0 else "unclear"


def directions_of(given: Iterable[Any]) -> list[Direction | None]:
    """The directions of a column of results."""
    return [direction_of(one, row) for row, one in enumerate(given, start=1)]
