"""A finding as it was entered, read for the checks: numbers with their printed decimals, and the effect they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from whatworks.errors import InputError
from whatworks.extract.methods.computing import Computed, compute
from whatworks.extract.methods.effects import FORMULAE
from whatworks.extract.methods.entry import recognise, taken
from whatworks.extract.methods.metrics import METRICS
from whatworks.saying import said
from whatworks.stats.results import Result

Severity = Literal["stop", "check", "note"]
Direction = Literal["higher", "lower", "same"]


@dataclass(frozen=True, slots=True)
class Alarm(Result):
    """Something implausible. code: a stable short name; severity: stop, check or note; sentence: for the coder."""

    code: str
    severity: Severity
    sentence: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What was entered, as numbers, with how many decimals each was printed with, and the effect where there is one.

    whole_numbers: the outcome is counted in whole points, so means can be checked by GRIM. scale: its smallest and
    largest possible value. direction: what the text says of the intervention group's outcome.
    """

    numbers: Mapping[str, float]
    decimals: Mapping[str, int]
    formula: str
    effect: Computed | None
    words: Mapping[str, str]
    direction: Direction | None
    whole_numbers: bool
    items: int
    scale: tuple[float, float] | None

    def __getitem__(self, name: str) -> float:
        return self.numbers[name]

    def has(self, *names: str) -> bool:
        """Whether all of these were given."""
        return all(name in self.numbers for name in names)

    @property
    def metric(self) -> str:
        """The metric of the formula, or nothing where no formula fits."""
        return FORMULAE[self.formula].metric if self.formula else ""

    @property
    def ratio(self) -> bool:
        """Whether the estimate is a ratio, whose interval is symmetric on the logarithmic scale."""
        return bool(self.metric) and METRICS[self.metric].transform == "exp"


def read(
    inputs: Mapping[str, Any],
    formula: str,
    metric: str | None,
    direction: Direction | None,
    whole_numbers: bool,
    items: int,
    scale: tuple[float, float] | None,
) -> Entry:
    """The entry as numbers with their decimals; what is no number and no known word is an InputError."""
    given = taken(inputs)
    words = {name: value for name, value in given.items() if isinstance(value, str) and not _number(value)}
    options = {one.name for known in FORMULAE.values() for one in known.inputs if not one.number}
    for name, value in words.items():
        if name not in options:
            raise InputError(said("%(name)s must be a number, not %(value)r.", name=name, value=value))
    numbers = {name: float(value) for name, value in given.items() if name not in words}
    decimals = {name: decimals_of(value) for name, value in given.items() if name not in words}
    chosen, effect = _computed(numbers | words, formula, metric)
    return Entry(numbers, decimals, chosen, effect, words, direction, whole_numbers, items, scale)


def _computed(given: Mapping[str, Any], formula: str, metric: str | None) -> tuple[str, Computed | None]:
    if not formula:
        fits = recognise(given, metric)
        formula = fits[0].formula if fits else ""
    if not formula:
        return "", None
    if formula not in FORMULAE:
        raise InputError(
            said(
                "There is no formula “%(formula)s”; known are %(formulae)s.",
                formula=formula,
                formulae=", ".join(sorted(FORMULAE)),
            )
        )
    known = {one.name for one in FORMULAE[formula].inputs}
    try:
        return formula, compute(formula, {name: value for name, value in given.items() if name in known})
    except InputError:
        return formula, None


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def decimals_of(value: Any) -> int:
    """How many decimals a number was printed with: of a text those in it, of a number the fewest that show it.

    >>> decimals_of("4.50"), decimals_of(4.5), decimals_of(40)
    (2, 1, 0)
    """
    text = value if isinstance(value, str) else repr(float(value)).removesuffix(".0")
    if "e" in text.lower():
        return max(0, -int(text.lower().partition("e")[2]))
    return len(text.strip().partition(".")[2])
