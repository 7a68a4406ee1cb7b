"""The result of a multiverse: every specification, the declared one among them, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whatworks.stats.chart import Chart
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, recipe
from whatworks.synthesise.methods.direction import Band, State
from whatworks.synthesise.methods.multiverse import curve, words
from whatworks.synthesise.methods.multiverse.choosing import Sets
from whatworks.synthesise.methods.multiverse.deciding import Verdict
from whatworks.synthesise.methods.multiverse.evaluating import Way
from whatworks.synthesise.methods.multiverse.r_script import r_script


@dataclass(frozen=True, slots=True)
class Specification(Result):
    """One analysis out of all: its option in each dimension, in their order, and its result as in `Pooled`."""

    choices: tuple[str, ...]
    k: int
    tau2: float
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    state: State


@dataclass(frozen=True, slots=True)
class Option(Result):
    """One option of a choice: specifications that take it, their middle estimate, and the share that concludes as the
    declared analysis does."""

    name: str
    specifications: int
    median: float
    same: float


@dataclass(frozen=True, slots=True)
class Dimension(Result):
    """One choice with its options. moves: how far the estimate moves on average when this choice alone changes."""

    name: str
    options: tuple[Option, ...]
    moves: float


@dataclass(frozen=True, slots=True)
class Shares(Result):
    """Shares of the specifications, 0 to 1. above, below: estimates on either side of no difference; lower, uncertain,
    higher, no_worthwhile_effect: what their intervals say (the last is None where no band was set)."""

    above: float
    below: float
    lower: float
    uncertain: float
    higher: float
    no_worthwhile_effect: float | None


@dataclass(frozen=True, slots=True)
class Multiverse(Told):
    """Every defensible specification of one pooled analysis.

    k: effects; n: specifications; dropped: combinations left out because fewer than two studies remained. declared: the
    analysis said beforehand (by default the first option of every choice). low, median, high: of the estimates. same:
    the share that concludes as the declared one does; verdict: by `rule`. specifications: in ascending order of estimate.
    """

    k: int
    n: int
    dropped: int
    dimensions: tuple[Dimension, ...]
    declared: Specification
    low: float
    median: float
    high: float
    shares: Shares
    same: float
    verdict: Verdict
    rule: str
    level: float
    band: Band | None
    warnings: tuple[str, ...]
    specifications: tuple[Specification, ...]
    sets: Sets = kept()
    ways: tuple[Way, ...] = kept()
    given: Mapping[str, Any] = kept()

    def matters_most(self) -> Dimension:
        """The choice that moves the estimate most."""
        return max(self.dimensions, key=lambda one: one.moves)

    def summary(self) -> str:
        """The spread of estimates, what the intervals say, and the verdict."""
        return words.summary(self)

    def report(self) -> str:
        """Methods and results as a paragraph, with the sources of the method."""
        return words.report(self)

    def chart(self) -> Chart:
        """The specification curve: estimates with their intervals in ascending order, their choices below."""
        return curve.chart(self)

    def r_script(self) -> str:
        """The same specifications for R's metafor, with the data in it."""
        return r_script(self)

    @property
    def recipe(self) -> Recipe:
        """Enough to run all of it again."""
        return recipe("multiverse", self.given)
