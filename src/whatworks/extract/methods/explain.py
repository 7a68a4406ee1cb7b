"""A formula with the numbers put in it, line by line, as a page shows it while somebody types.

>>> from whatworks.extract.methods.explain import explain
>>> given = {"mean1": 18.2, "sd1": 6.1, "n1": 40, "mean2": 15.1, "sd2": 6.7, "n2": 38}
>>> for line in explain("hedges-g-from-means", given).lines:
...     print(line.text)
sp = sqrt(((40 − 1) × 6.1² + (38 − 1) × 6.7²) / (40 + 38 − 2)) = 6.399
m = 40 + 38 − 2 = 76
J = J(76) = 0.9901
g = 0.9901 × (18.2 − 15.1) / 6.399 = 0.4796
variance = 1 / 40 + 1 / 38 + 0.4796² / (2 × (40 + 38)) = 0.05279
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from whatworks.errors import InputError
from whatworks.extract.methods.effect import Effect
from whatworks.extract.methods.effects import FORMULAE
from whatworks.extract.methods.formula import Formula
from whatworks.extract.methods.metrics import METRICS
from whatworks.extract.methods.working import assigned, evaluated, rendered, shown
from whatworks.saying import said
from whatworks.stats.results import Result

LETTERS = {"SMD": "g", "D": "d", "COR": "r", "ZCOR": "z", "MD": "difference", "RD": "risk difference"}


@dataclass(frozen=True, slots=True)
class Line(Result):
    """One step: what it gives, the expression in symbols, the same with numbers in it, and the number it comes to."""

    symbol: str
    symbols: str
    numbers: str
    value: float

    @property
    def text(self) -> str:
        """The step as one line: symbol = numbers = value; a number that stands alone is not said twice."""
        said = shown(self.value)
        return f"{self.symbol} = {said}" if self.numbers == said else f"{self.symbol} = {self.numbers} = {said}"


@dataclass(frozen=True, slots=True)
class Explanation(Result):
    """A formula worked out. lines: the steps; effect: what it means on the scale people read, with its interval."""

    formula: str
    title: str
    source: str
    lines: tuple[Line, ...]
    effect: str

    @property
    def text(self) -> str:
        """Everything as lines of text."""
        return "\n".join([self.title, *(line.text for line in self.lines), self.effect, f"Source: {self.source}."])


def explain(formula: str, inputs: Mapping[str, Any]) -> Explanation:
    """The formula with the numbers of one row in it. Raises InputError as the formula itself does.

    The steps are worked out apart from the formula's own code: an explanation that came to another number than the
    finding would be a defect, and a test compares the two for every formula.
    """
    if formula not in FORMULAE:
        raise InputError(
            said(
                "There is no formula “%(formula)s”; known are %(formulae)s.",
                formula=formula,
                formulae=", ".join(sorted(FORMULAE)),
            )
        )
    chosen = FORMULAE[formula]
    found = chosen.compute(**inputs)
    if not np.isfinite(found.yi).all() or found.yi.size != 1:
        raise InputError(
            said(
                "%(title)s: these numbers give no effect (%(inputs)s); check them.",
                title=chosen.title,
                inputs=dict(inputs),
            )
        )
    yi = float(np.ravel(found.yi)[0])
    lines = work(chosen, inputs) if chosen.steps else (fallback(chosen, yi),)
    return Explanation(formula, chosen.title, chosen.source, lines, meaning(found))


def work(formula: Formula, inputs: Mapping[str, Any]) -> tuple[Line, ...]:
    """The steps of a formula with one row of numbers in them; the effect is called by its usual letter."""
    known = start(formula, inputs)
    letters = {"yi": letter(formula.metric), "vi": "variance", "dd": "d"}
    lines = []
    for step in formula.steps:
        symbol, tree, hidden = assigned(step, known)
        if tree is None:
            continue
        value = evaluated(tree, known)
        if not hidden:
            lines.append(
                Line(letters.get(symbol, symbol), rendered(tree, letters), rendered(tree, known), float(value))
            )
        known[symbol] = value
    return tuple(lines)


def values(formula: Formula, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Every number that the steps come to, by its symbol; `yi` and `vi` are the effect and its variance."""
    known = start(formula, inputs)
    for step in formula.steps:
        symbol, tree, _ = assigned(step, known)
        if tree is not None:
            known[symbol] = evaluated(tree, known)
    return known


def start(formula: Formula, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What is known before the first step: the inputs as numbers, defaults where nothing was given, words as they are."""
    known: dict[str, Any] = {}
    for one in formula.inputs:
        given = inputs.get(one.name)
        if one.choices:
            known[one.name] = given or one.choices[0]
        elif one.number:
            given = one.default if given is None else given
            if given is None:
                raise InputError(
                    said(
                        "%(name)s needs %(one_name)s: %(title)s.", name=formula.name, one_name=one.name, title=one.title
                    )
                )
            known[one.name] = float(np.ravel(given)[0])
    return known


def letter(metric: str) -> str:
    """What the effect is called in a formula: g, d, r, or its logarithm for a ratio."""
    if metric in LETTERS:
        return LETTERS[metric]
    one = METRICS[metric]
    return f"log {one.title}" if one.transform == "exp" and "logarithm" not in one.title else one.title


def fallback(formula: Formula, yi: float) -> Line:
    """One line for a formula that has no closed form: its text and what it comes to."""
    return Line(letter(formula.metric), formula.text, formula.text, yi)


def meaning(found: Effect) -> str:
    """The effect as people read it, with its 95 per cent interval."""
    low, high = found.interval()
    back = [shown(np.ravel(found.scale.back(one))[0]) for one in (found.yi, low, high)]
    return f"{found.scale.title}: {back[0]} (95% interval {back[1]} to {back[2]})"
