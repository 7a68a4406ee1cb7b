"""Answers: a value with its status, checked against the item it answers, and whether two answers are the same."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from whatworks.errors import InputError
from whatworks.extract.methods.coding.frame import CODED, GROUP, NOT_REPORTED, STATUSES, YES_NO, Item
from whatworks.saying import said

LONGEST_TEXT = 5000
Value: TypeAlias = str | float | int | tuple[str, ...] | None
Cell: TypeAlias = tuple[str, str]  # an item, and the arm, outcome or contrast it is asked of ("" for the study)
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_YES = {"yes": "yes", "y": "yes", "true": "yes", "1": "yes", "no": "no", "n": "no", "false": "no", "0": "no"}
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Coded:
    """What one answer says: a status, and a value where the status is `coded`."""

    status: str
    value: Value = None

    def plain(self) -> Any:
        """The value as JSON."""
        return list(self.value) if isinstance(self.value, tuple) else self.value

    def words(self, item: Item) -> str:
        """The answer as people read it."""
        if self.status != CODED:
            return self.status
        if isinstance(self.value, tuple):
            return "; ".join(item.shown(one) for one in self.value)
        if isinstance(self.value, float):
            return f"{self.value:.15g}{f' {item.unit}' if item.unit else ''}"
        if isinstance(self.value, int):
            return f"{self.value}{f' {item.unit}' if item.unit else ''}"
        return item.shown(str(self.value))


def coded(item: Item, status: str, value: Any = None) -> Coded:
    """The answer to an item, its value in the one form in which it is kept.

    Raises InputError where the item cannot be answered so: what, and what may be said instead.
    """
    if item.kind == GROUP:
        raise InputError(said("“%(label)s” is a heading and takes no answer.", label=item.label))
    if status not in STATUSES:
        raise InputError(
            said(
                "“%(label)s”: there is no status %(status)r; choose %(statuses)s.",
                label=item.label,
                status=str(status)[:40],
                statuses=", ".join(STATUSES),
            )
        )
    if status != CODED:
        if value not in (None, "", [], ()):
            raise InputError(
                said(
                    "“%(label)s” is %(status)s, so it has no value; leave the value out, or make it coded.",
                    label=item.label,
                    status=status,
                )
            )
        return Coded(status)
    return Coded(CODED, _CHECKS[item.kind](item, value))


def _words(item: Item, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InputError(said("“%(label)s” wants words, not %(value)r.", label=item.label, value=str(value)[:40]))
    text = str(value).replace("\0", "").strip()
    if not text:
        raise InputError(
            said(
                "“%(label)s” has no value; write one, or say that it is %(not_reported)s.",
                label=item.label,
                not_reported=NOT_REPORTED,
            )
        )
    if len(text) > LONGEST_TEXT:
        raise InputError(
            said(
                "“%(label)s” has %(count)s characters; %(longest_text)s is the most.",
                label=item.label,
                count=f"{len(text):,}",
                longest_text=f"{LONGEST_TEXT:,}",
            )
        )
    return text


def _number(item: Item, value: Any) -> float:
    try:
        if isinstance(value, bool):
            raise ValueError
        number = float(value.replace(",", "").strip()) if isinstance(value, str) else float(value)
    except (TypeError, ValueError, OverflowError):
        raise InputError(
            said("“%(label)s” wants a number, not %(value)r.", label=item.label, value=str(value)[:40])
        ) from None
    if not math.isfinite(number):
        raise InputError(said("“%(label)s” wants a number, not %(value)r.", label=item.label, value=str(value)[:40]))
    unit = f" {item.unit}" if item.unit else ""
    if item.minimum is not None and number < item.minimum:
        raise InputError(
            said(
                "“%(label)s” is %(number)s%(unit)s; the least it can be is %(minimum)s.",
                label=item.label,
                number=f"{number:g}",
                unit=unit,
                minimum=f"{item.minimum:g}",
            )
        )
    if item.maximum is not None and number > item.maximum:
        raise InputError(
            said(
                "“%(label)s” is %(number)s%(unit)s; the most it can be is %(maximum)s.",
                label=item.label,
                number=f"{number:g}",
                unit=unit,
                maximum=f"{item.maximum:g}",
            )
        )
    return number + 0.0  # a negative zero is zero


def _integer(item: Item, value: Any) -> int:
    number = _number(item, value)
    if number != int(number) or abs(number) > 2**53:
        raise InputError(
            said("“%(label)s” wants a whole number, not %(value)s.", label=item.label, value=str(value)[:40])
        )
    return int(number)


def _date(item: Item, value: Any) -> str:
    text = str(value).strip()
    found = _DATE.fullmatch(text)
    year, month, day = (int(part) if part else 0 for part in found.groups()) if found else (0, 0, 0)
    sound = found is not None and year > 0 and (not found[2] or 1 <= month <= 12)
    if sound and found is not None and found[3]:
        sound = 1 <= day <= _DAYS[month - 1] and not (month == 2 and day == 29 and not _leap(year))
    if not sound:
        raise InputError(
            said(
                "“%(label)s” wants a date such as 2019-05-04, 2019-05 or 2019, not %(text)r.",
                label=item.label,
                text=text[:40],
            )
        )
    return text


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _choice(item: Item, value: Any) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    found = {one.value.casefold(): one.value for one in item.values}
    shown = {one.shown.casefold(): one.value for one in item.values}
    word = text if text in item.allowed else found.get(text.casefold()) or shown.get(text.casefold())
    if word is None:
        raise InputError(
            said(
                "“%(label)s”: %(value)r is not one of %(allowed)s.",
                label=item.label,
                value=str(value)[:60],
                allowed=", ".join(item.allowed),
            )
        )
    return word


def _choices(item: Item, value: Any) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not given:
        raise InputError(
            said("“%(label)s” wants one or more of %(allowed)s.", label=item.label, allowed=", ".join(item.allowed))
        )
    chosen = {_choice(item, one) for one in given}
    return tuple(word for word in item.allowed if word in chosen)  # in the order of the frame, so that equal is equal


def _yes_no(item: Item, value: Any) -> str:
    word = _YES.get(str(value).strip().casefold())
    if word is None:
        raise InputError(
            said(
                "“%(label)s” wants %(yes_no)s, not %(value)r.",
                label=item.label,
                yes_no=" or ".join(YES_NO),
                value=str(value)[:40],
            )
        )
    return word


_CHECKS: dict[str, Callable[[Item, Any], Value]] = {
    "text": _words,
    "place": _words,
    "number": _number,
    "integer": _integer,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "yes-no": _yes_no,
}


def stored(item: Item, status: str, value: Any) -> Coded:
    """An answer as it comes out of store or file, where lists stand for tuples; checked like a new one."""
    return coded(item, status, tuple(value) if isinstance(value, list) else value)


def same(item: Item, first: Coded, second: Coded) -> bool:
    """Whether two answers say the same: words whatever their spacing and capitals, numbers within the tolerance.

    >>> same(Item("n", "People", "integer", tolerance=1), Coded("coded", 40), Coded("coded", 41))
    True
    """
    if first.status != second.status:
        return False
    if first.status != CODED or first.value == second.value:
        return True
    left, right = first.value, second.value
    if isinstance(left, int | float) and isinstance(right, int | float):
        return abs(left - right) <= item.tolerance * (1 + 1e-12)
    if item.kind in ("text", "place"):
        return _folded(left) == _folded(right)
    return False


def _folded(value: Value) -> str:
    return " ".join(str(value).casefold().split()).rstrip(".")


def agree(item: Item, answers: Mapping[str, Coded]) -> bool:
    """Whether all of several coders' answers say the same."""
    held = list(answers.values())
    return all(same(item, one, other) for at, one in enumerate(held) for other in held[at + 1 :])
