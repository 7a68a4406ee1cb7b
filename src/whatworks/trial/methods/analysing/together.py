"""Several arms at once: would any of them have come so far from the comparator by the draw alone?

The whole list is drawn again as the lot was drawn, supposing that no unit would have fared otherwise in any arm. Each arm's difference
from the comparator (of means, strata weighted by their units) is set against the same difference in the other draws; `dunnett` against
the largest of all arms' differences, each in units of its own spread over the draws, which holds the level for all arms together
(Westfall and Young 1993, Resampling-Based Multiple Testing, section 2.3.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.results import Result
from whatworks.trial.methods.analysing.admitted import drawn_again, listed, needs_file, sizes, told_by_data
from whatworks.trial.methods.analysing.layout import ARM, linear_outcome, matrix
from whatworks.trial.methods.analysing.linear import units_of
from whatworks.trial.methods.analysing.table import Drawn, Floats, Labels, Prepared, Table, prepare
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import WEDGE

NEAR = 1e-10


@dataclass(frozen=True, slots=True)
class OneOfSeveral(Result):
    """An arm against the first: the difference (covariates taken out), its p by itself, and p corrected as the design declares."""

    arm: str
    difference: float
    p: float
    p_adjusted: float


@dataclass(frozen=True, slots=True)
class Together(Result):
    """All arms against the first over the same draws. `correction`: "dunnett", "bonferroni" or "none"; `exact`: whether `schemes`
    are all there are.
    """

    scale: str
    correction: str
    exact: bool
    schemes: int
    arms: tuple[OneOfSeveral, ...]


def together(design: Design, table: Table, drawn: Drawn | None) -> Together:
    """Every arm against the first. Raises InputError for a stepped wedge, and where only the draw's file says what might have come."""
    if design.design.kind == WEDGE:
        raise InputError(said("A stepped wedge has two arms and many sequences; see ri-sampled."))
    units = units_of(prepare(design, table, arm=None, drawn=drawn))
    values, scale = _values(units)
    arms = len(design.arms)
    schemes, exact = _schemes(units)
    observed = _differences(units.arm[None], values, units.draw, arms)[0]
    if not len(observed):
        raise InputError(said("A stratum of the draw lacks an arm, so that arms cannot be compared in each."))
    others = np.vstack([_differences(some, values, units.draw, arms)[0] for some in schemes])
    p, largest = _shares(observed[0], others, exact)
    correction = design.size.correction
    adjusted = {"dunnett": largest, "bonferroni": np.minimum(1.0, p * (arms - 1)), "none": p}[correction]
    rows = tuple(
        OneOfSeveral(design.arms[k].name, float(observed[0, k - 1]), float(p[k - 1]), float(adjusted[k - 1]))
        for k in range(1, arms)
    )
    return Together(scale, correction, exact, len(others), rows)


def _values(units: Prepared) -> tuple[Floats, str]:
    """One number for each unit, less what covariates and strata explain of it."""
    y, scale = linear_outcome(units)
    x = np.delete(matrix(units), ARM, axis=1)
    return y - x @ np.linalg.lstsq(x, y, rcond=None)[0], scale


def _schemes(units: Prepared) -> tuple[Iterator[Floats], bool]:
    """Arms (schemes, units) that might have come, in parts, and whether they are all."""
    chance = np.random.default_rng(units.design.analysis.seed)
    if units.published is None:
        if not told_by_data(units.design):
            raise needs_file(units.design)
        return (_exchanged(units, chance, size) for size in sizes(units.design.analysis.draws, units.n)), False
    found = listed(units)
    return (drawn_again(units, chance), False) if found is None else (iter([found]), True)


def _exchanged(units: Prepared, chance: np.random.Generator, draws: int) -> Floats:
    """Units of each stratum exchanged among all arms, as many in each as there were."""
    found = np.zeros((draws, units.n))
    for one in np.unique(units.draw):
        place = np.flatnonzero(units.draw == one)
        found[:, place] = chance.permuted(np.tile(units.arm[place], (draws, 1)), axis=1)
    return found


def _differences(schemes: Floats, values: Floats, draw: Labels, arms: int) -> tuple[Floats, int]:
    """(schemes with every arm in every stratum, arms but the first): differences of means; and how many schemes had them all."""
    found = np.zeros((len(schemes), arms - 1))
    whole = np.ones(len(schemes), bool)
    for one in np.unique(draw):
        place = np.flatnonzero(draw == one)
        share, here = len(place) / len(draw), schemes[:, place]
        means = []
        for arm in range(arms):
            mine = (here == arm).astype(float)
            number = mine.sum(axis=1)
            whole &= number > 0
            means.append(mine @ values[place] / np.maximum(number, 1))
        found += share * np.column_stack([mean - means[0] for mean in means[1:]])
    return found[whole], int(whole.sum())


def _shares(observed: Floats, others: Floats, exact: bool) -> tuple[Floats, Floats]:
    """The share of draws at least as far from nought: for each arm by itself, and by the arm that came farthest."""
    spread = np.sqrt((others**2).mean(axis=0))
    if not (spread > 0).all():
        raise InputError(said("The units do not differ, so that chance cannot be seen."))
    mine, theirs = np.abs(observed) / spread, np.abs(others) / spread
    more, whole = (0, len(others)) if exact else (1, len(others) + 1)
    single = ((theirs >= mine - NEAR).sum(axis=0) + more) / whole
    most = ((theirs.max(axis=1)[:, None] >= mine - NEAR).sum(axis=0) + more) / whole
    return single, most
