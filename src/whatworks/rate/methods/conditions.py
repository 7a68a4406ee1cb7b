"""What a rule asks of its inputs: comparisons, and all, any, not and some of them. Nothing here runs text as code.

The answer is yes, no, or open. It is open only where an input that nobody gave could still turn it (Kleene's three
values), so a rule never guesses and never asks for a number it does not need.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Value = bool | int | float | str
Values = Mapping[str, Value]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "equals": operator.eq,
    "differs_from": operator.ne,
    "above": operator.gt,
    "below": operator.lt,
    "at_least": operator.ge,
    "at_most": operator.le,
}
COMPARISONS = tuple(_COMPARE)


class Amount(Protocol):
    """Something a comparison can weigh: a fixed value, an input, or a sum of inputs."""

    def value(self, values: Values) -> Value | None:
        """The value, or None where an input is absent."""

    def names(self) -> tuple[str, ...]:
        """The inputs it rests on."""


class Condition(Protocol):
    """A question about the inputs whose answer is yes, no or open."""

    def holds(self, values: Values) -> bool | None:
        """True, False, or None where an absent input could turn it."""

    def names(self) -> tuple[str, ...]:
        """Every input it asks about, in the order asked."""

    def wanting(self, values: Values) -> tuple[str, ...]:
        """The absent inputs that keep it open; empty when it is decided."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A value written in the scheme itself."""

    fixed: Value

    def value(self, values: Values) -> Value | None:
        return self.fixed

    def names(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Given:
    """The value of one input."""

    name: str

    def value(self, values: Values) -> Value | None:
        return values.get(self.name)

    def names(self) -> tuple[str, ...]:
        return (self.name,)


@dataclass(frozen=True, slots=True)
class Weighted:
    """A weighted sum of numeric inputs, plus a constant."""

    terms: tuple[tuple[str, float], ...]
    plus: float = 0

    def value(self, values: Values) -> Value | None:
        total = self.plus
        for name, weight in self.terms:
            value = values.get(name)
            if value is None or isinstance(value, str):
                return None
            total += weight * value
        return total

    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.terms)


@dataclass(frozen=True, slots=True)
class Always:
    """A rule that asks nothing."""

    def holds(self, values: Values) -> bool | None:
        return True

    def names(self) -> tuple[str, ...]:
        return ()

    def wanting(self, values: Values) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Known:
    """Was this input given (or, with wanted False, left out)?"""

    name: str
    wanted: bool

    def holds(self, values: Values) -> bool | None:
        return (values.get(self.name) is not None) is self.wanted

    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def wanting(self, values: Values) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Compare:
    """One amount against another."""

    left: Amount
    comparison: str
    right: Amount

    def holds(self, values: Values) -> bool | None:
        left, right = self.left.value(values), self.right.value(values)
        return None if left is None or right is None else _COMPARE[self.comparison](left, right)

    def names(self) -> tuple[str, ...]:
        return self.left.names() + self.right.names()

    def wanting(self, values: Values) -> tuple[str, ...]:
        return tuple(name for name in self.names() if values.get(name) is None)


@dataclass(frozen=True, slots=True)
class OneOf:
    """Is the input one of these values?"""

    name: str
    allowed: tuple[Value, ...]

    def holds(self, values: Values) -> bool | None:
        value = values.get(self.name)
        return None if value is None else value in self.allowed

    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def wanting(self, values: Values) -> tuple[str, ...]:
        return () if values.get(self.name) is not None else (self.name,)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of another question; open where that one is open."""

    part: Condition

    def holds(self, values: Values) -> bool | None:
        held = self.part.holds(values)
        return None if held is None else not held

    def names(self) -> tuple[str, ...]:
        return self.part.names()

    def wanting(self, values: Values) -> tuple[str, ...]:
        return self.part.wanting(values)


@dataclass(frozen=True, slots=True)
class SomeOf:
    """Do at least so many of these hold? `all` needs every one, `any` needs one."""

    parts: tuple[Condition, ...]
    at_least: int

    def holds(self, values: Values) -> bool | None:
        yes, possible = 0, len(self.parts)
        for part in self.parts:
            held = part.holds(values)
            if held:
                yes += 1
                if yes >= self.at_least:
                    return True
            elif held is False:
                possible -= 1
                if possible < self.at_least:
                    return False
        return None

    def names(self) -> tuple[str, ...]:
        return tuple(name for part in self.parts for name in part.names())

    def wanting(self, values: Values) -> tuple[str, ...]:
        if self.holds(values) is not None:
            return ()
        return tuple(name for part in self.parts for name in part.wanting(values))
