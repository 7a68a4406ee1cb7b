"""Answers: a value with its status, checked against the item it answers, and whether two answers are the same."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from whatworks.errors import InputError
from whatworks.extract.methods.coding.frame import CODED, GROUP, NOT_REPORTED, STATUSES, YES_NO, Item

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
        raise InputError(f"“{item.label}” is a heading and takes no answer.")
    if status not in STATUSES:
        raise InputError(f"“{item.label}”: there is no status {str(status)[:40]!r}; choose {', '.join(STATUSES)}.")
    if status != CODED:
        if value not in (None, "", [], ()):
            raise InputError(f"“{item.label}” is {status}, so it has no value; leave the value out, or make it coded.")
        return Coded(status)
    return Coded(CODED, _CHECKS[item.kind](item, value))


def _words(item: Item, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InputError(f"“{item.label}” wants words, not {str(value)[:40]!r}.")
    text = str(value).replace("\0", "").strip()
    if not text:
        raise InputError(f"“{item.label}” has no value; write one, or say that it is {NOT_REPORTED}.")
    if len(text) > LONGEST_TEXT:
        raise InputError(f"“{item.label}” has {len(text):,} characters; {LONGEST_TEXT:,} is the most.")
    return text


def _number(item: Item, value: Any) -> float:
    try:
        if isinstance(value, bool):
            raise ValueError
        number = float(value.replace(",", "").strip()) if isinstance(value, str) else float(value)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"“{item.label}” wants a number, not {str(value)[:40]!r}.") from None
    if not math.isfinite(number):
        raise InputError(f"“{item.label}” wants a number, not {str(value)[:40]!r}.")
    unit = f" {item.unit}" if item.unit else ""
    if item.minimum is not None and number < item.minimum:
        raise InputError(f"“{item.label}” is {number:g}{unit}; the least it can be is {item.minimum:g}.")
    if item.maximum is not None and number > item.maximum:
        raise InputError(f"“{item.label}” is {number:g}{unit}; the most it can be is {item.maximum:g}.")
    return number + 0.0  # a negative zero is zero


def _integer(item: Item, value: Any) -> int:
    number = _number(item, value)
    if number != int(number) or abs(number) > 2**53:
        raise InputError(f"“{item.label}” wants a whole number, not {str(value)[:40]}.")
    return int(number)


def _date(item: Item, value: Any) -> str:
    text = str(value).strip()
    found = _DATE.fullmatch(text)
    year, month, day = (int(part) if part else 0 for part in found.groups()) if found else (0, 0, 0)
    sound = found is not None and year > 0 and (not found[2] or 1 <= month <= 12)
    if sound and found is not None and found[3]:
        sound = 1 <= day <= _DAYS[month - 1] and not (month == 2 and day == 29 and not _leap(year))
    if not sound:
        raise InputError(f"“{item.label}” wants a date such as 2019-05-04, 2019-05 or 2019, not {text[:40]!r}.")
    return text


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _choice(item: Item, value: Any) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    found = {one.value.casefold(): one.value for one in item.values}
    shown = {one.shown.casefold(): one.value for one in item.values}
    word = text if text in item.allowed else found.get(text.casefold()) or shown.get(text.casefold())
    if word is None:
        raise InputError(f"“{item.label}”: {str(value)[:60]!r} is not one of {', '.join(item.allowed)}.")
    return word


def _choices(item: Item, value: Any) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not given:
        raise InputError(f"“{item.label}” wants one or more of {', '.join(item.allowed)}.")
    chosen = {_choice(item, one) for one in given}
    return tuple(word for word in item.allowed if word in chosen)  # in the order of the frame, so that equal is equal


def _yes_no(item: Item, value: Any) -> str:
    word = _YES.get(str(value).strip().casefold())
    if word is None:
        raise InputError(f"“{item.label}” wants {' or '.join(YES_NO)}, not {str(value)[:40]!r}.")
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
