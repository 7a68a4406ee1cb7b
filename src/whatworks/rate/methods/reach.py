"""Which levels answers given so far still leave open, and which answers to one question a scheme tells apart.

Both are worked out from the rules themselves, so they hold for any scheme. An input that a scheme treats as optional
(it asks whether the input is known) counts as left out until it is given.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

from whatworks.saying import Said, filled, said

from .conditions import Compare, Condition, Fixed, Given, Known, Not, OneOf, SomeOf, Value, Values, Weighted
from .engine import moved
from .inputs import shown
from .scheme import Effect, Input, Scheme

_NUMERIC = ("number", "integer")
MANY = 50
"""Whole numbers in a range no wider than this are told apart one by one."""


@dataclass(frozen=True, slots=True)
class Option:
    """One kind of answer that the rules treat alike: a choice, one number, or the numbers between two others."""

    value: Value
    """An answer of this kind."""
    low: float | None = None
    """For numbers between two others: the lower one, itself not of this kind; None where there is none."""
    high: float | None = None
    between: bool = False


def possible(scheme: Scheme, values: Values) -> frozenset[str | None]:
    """Every level that could still come out, whatever the inputs not given turn out to be.

    It may hold a level that no answers together give, and never leaves one out that some do. With nothing left open it
    is the one level that the rules give (None where no rule gives one).
    """
    ended: set[str | None] = set()
    now: set[str | None] = {None}
    for rule in scheme.rules:
        fired = rule.when.holds(values)
        if fired is False or not rule.moves:
            continue
        after = {level for before in now for level in _after(scheme, rule.effect, before, values)}
        if rule.final:
            ended |= after
            if fired:
                return frozenset(ended)
        else:
            now = after if fired else now | after
    return frozenset(ended | now)


def _after(scheme: Scheme, effect: Effect, level: str | None, values: Values) -> Iterator[str | None]:
    """The levels an effect can lead to: more than one where how far it moves rests on an input not given."""
    if effect.steps is not None and effect.steps.value(values) is None:
        for steps in range(len(scheme.ladder) + 1):
            yield moved(scheme, Effect(effect.kind, steps=Fixed(steps)), level, values)
    else:
        yield moved(scheme, effect, level, values)


def optional(scheme: Scheme) -> frozenset[str]:
    """The inputs a scheme can do without: those it asks whether they are known."""
    return frozenset(part.name for part in _questions(scheme) if isinstance(part, Known))


def options(scheme: Scheme, given: Values) -> dict[str, tuple[Option, ...]]:
    """For each input, the kinds of answer the rules tell apart beside what is given, lowest or first first.

    Text, and numbers that some rule adds up, have none.
    """
    edges: dict[str, set[float]] = {name: set() for name in scheme.inputs}
    for part in _questions(scheme):
        for name, edge in _edges(part):
            edges[name].add(edge)
    for one, other in compared(scheme):
        together = edges[one] | edges[other] | {float(given[name]) for name in (one, other) if name in given}
        edges[one] = edges[other] = together
    summed = {name for part in _questions(scheme) for name in _summed(part)}
    return {
        name: () if name in summed else tuple(_options(declared, edges[name]))
        for name, declared in scheme.inputs.items()
    }


def compared(scheme: Scheme) -> tuple[tuple[str, str], ...]:
    """The pairs of numeric inputs that a rule or check compares with each other."""
    pairs = [
        (part.left.name, part.right.name)
        for part in _questions(scheme)
        if isinstance(part, Compare) and isinstance(part.left, Given) and isinstance(part.right, Given)
    ]
    return tuple(pair for pair in pairs if all(scheme.inputs[name].kind in _NUMERIC for name in pair))


def _questions(scheme: Scheme) -> Iterator[Condition]:
    """Every single question that the rules and checks are made of."""
    for rule in scheme.rules:
        yield from _parts(rule.when)
    for check in scheme.checks:
        yield from _parts(check.must)


def _summed(part: Condition) -> tuple[str, ...]:
    """The inputs a question adds up."""
    sides = (part.left, part.right) if isinstance(part, Compare) else ()
    return tuple(name for side in sides if isinstance(side, Weighted) for name in side.names())


def _parts(condition: Condition) -> Iterator[Condition]:
    """The single questions a condition is made of."""
    if isinstance(condition, Not):
        yield from _parts(condition.part)
    elif isinstance(condition, SomeOf):
        for part in condition.parts:
            yield from _parts(part)
    else:
        yield condition


def _edges(part: Condition) -> Iterator[tuple[str, float]]:
    """The numbers with which one question compares one input."""
    if isinstance(part, Compare):
        for one, other in ((part.left, part.right), (part.right, part.left)):
            if isinstance(one, Given) and isinstance(other, Fixed) and _number(other.fixed):
                yield one.name, float(other.fixed)
    elif isinstance(part, OneOf):
        yield from ((part.name, float(value)) for value in part.allowed if _number(value))


def _number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _options(declared: Input, edges: set[float]) -> Iterator[Option]:
    if declared.kind == "choice":
        yield from (Option(choice) for choice in declared.choices)
    elif declared.kind == "boolean":
        yield from (Option(True), Option(False))
    elif declared.kind == "integer" and _short(declared):
        low, high = int(declared.minimum or 0), int(declared.maximum or 0)
        yield from (Option(whole) for whole in range(low, high + 1))
    elif declared.kind in _NUMERIC and edges:
        yield from _numbers(declared, edges)


def _short(declared: Input) -> bool:
    return declared.minimum is not None and declared.maximum is not None and declared.maximum - declared.minimum <= MANY


def _numbers(declared: Input, edges: set[float]) -> Iterator[Option]:
    """Each number that a rule names, and what lies below, between and above them."""
    whole = declared.kind == "integer"
    named = {math.floor(edge) for edge in edges} | {math.ceil(edge) for edge in edges} if whole else edges
    least = -math.inf if declared.minimum is None else declared.minimum
    most = math.inf if declared.maximum is None else declared.maximum
    if whole:
        named |= {int(end) for end in (least, most) if math.isfinite(end)}
    points = sorted(edge for edge in named if least <= edge <= most)
    for low, high in zip([None, *points], [*points, None], strict=True):
        inside = _inside(low, high, least, most, whole)
        if inside is not None:
            yield Option(int(inside) if whole else inside, low, high, between=True)
        if high is not None:
            yield Option(int(high) if whole else high)


def _inside(low: float | None, high: float | None, least: float, most: float, whole: bool) -> float | None:
    """A number strictly between two, within the range allowed; None where there is none."""
    bottom, top = least if low is None else low, most if high is None else high
    if bottom == top or (math.isinf(bottom) and math.isinf(top)):
        return None
    if whole or math.isinf(bottom) or math.isinf(top):
        found = top - 1 if math.isinf(bottom) else bottom + 1
        return found if bottom < found < top else None
    return (bottom + top) / 2


ABOVE, BELOW = said("above %(value)s"), said("below %(value)s")
AT_LEAST, AT_MOST = said("at least %(value)s"), said("at most %(value)s")


def in_words(declared: Input, every: tuple[Option, ...], allowed: tuple[Option, ...]) -> str:
    """The answers allowed, of all there are, as a reader would say them: `below 0.3`, `at most 20`, `low or moderate`."""
    if declared.kind not in _NUMERIC:
        others = [option for option in every if option not in allowed]
        if len(allowed) > len(others) > 0 and len(every) > 2:
            return said("anything but %(others)s", others=_either(shown(declared, one.value) for one in others))
        return _either(shown(declared, option.value) for option in allowed)
    runs: list[list[Option]] = []
    last = -2
    for place, option in enumerate(every):
        if option in allowed:
            if place == last + 1:
                runs[-1].append(option)
            else:
                runs.append([option])
            last = place
    return _either(_run(declared, every, run) for run in runs)


def _either(words: Iterable[str]) -> str:
    return reduce(lambda one, other: said("%(one)s or %(other)s", one=one, other=other), words)


def _run(declared: Input, every: tuple[Option, ...], run: list[Option]) -> str:
    """One unbroken run of numbers in words."""
    first, last = run[0], run[-1]
    if first is last and not first.between:
        return said("exactly %(value)s", value=shown(declared, first.value))
    low = "" if first is every[0] else _bound(declared, first, first.low, (ABOVE, AT_LEAST), 1)
    high = "" if last is every[-1] else _bound(declared, last, last.high, (BELOW, AT_MOST), -1)
    if low and high:
        return said("%(low)s and %(high)s", low=low, high=high)
    return low or high or said("any number")


def _bound(declared: Input, option: Option, edge: float | None, words: tuple[Said, Said], step: int) -> str:
    """One end of a run: `above 0.3` where the edge itself is out, `at least 4` for whole numbers and where it is in."""
    if not option.between or edge is None:
        return filled(words[1], value=shown(declared, option.value))
    if declared.kind == "integer":
        return filled(words[1], value=shown(declared, int(edge) + step))
    return filled(words[0], value=shown(declared, edge))
