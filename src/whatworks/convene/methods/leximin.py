"""The fairest lottery over the panels that quotas allow: the smallest chance as large as can be, then the next smallest, and so on.

Leximin over feasible panels by column generation (Flanigan, Gölz, Gupta, Hennig and Procaccia 2021, Nature 596, 548-552, doi
10.1038/s41586-021-03788-6). People who chose the same bands are alike, so at the optimum they have the same chance: the programme is over
groups, which is the same optimum with far fewer rows. Every stage is a linear programme over the panels found so far; a whole-number
programme looks for a panel that would improve it; where there is none the stage is optimal, and groups whose constraint has a positive dual
value are fixed (they are tight in every optimum).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from whatworks.convene.methods.selecting import Floats, Pool, best_panel, why_impossible
from whatworks.errors import InputError, WhatworksError
from whatworks.saying import said

EPS = (
    1e-8  # what a panel must be worth more before it counts as better; chances are right to about a hundred times this
)
SLACK = 1e-10  # by which fixed chances are held, so that rounding does not make the next stage impossible
STAGES = 100_000


@dataclass(frozen=True, slots=True)
class Lottery:
    """Panels as people of each group, with the chance of each, and each group's chance for one person of it."""

    panels: tuple[tuple[int, ...], ...]
    weights: tuple[float, ...]
    chances: tuple[float, ...]

    @property
    def smallest(self) -> float:
        """The smallest chance that anybody has."""
        return min(self.chances)


def leximin(pool: Pool) -> Lottery:
    """The leximin lottery. Raises InputError where the quotas allow no panel, with the reason."""
    why = why_impossible(pool)
    if why is not None:
        raise InputError(why.reason)
    groups = len(pool.groups)
    columns = _first(pool)
    fixed: dict[int, float] = {}
    weights: Floats = np.zeros(0)
    for _ in range(STAGES):
        if len(fixed) == groups:
            break
        value, duals, cap, weights = _stage(columns, pool.sizes, fixed)
        better = best_panel(pool, duals / pool.sizes)
        if better is not None and float(duals / pool.sizes @ better) > cap + EPS and not _held(columns, better):
            columns.append(better)
            continue
        for one in range(groups):
            if one not in fixed and duals[one] > EPS:
                fixed[one] = max(0.0, value)
    else:
        raise WhatworksError(said("No fairest lottery was found; simplify the quotas."))
    return _told(pool, columns, weights)


def _held(columns: list[Floats], panel: Floats) -> bool:
    return any(np.array_equal(panel, one) for one in columns)


def _first(pool: Pool) -> list[Floats]:
    """A panel with somebody of each group, where there is one: the stages start from these."""
    columns: list[Floats] = []
    for one in range(len(pool.groups)):
        if any(column[one] for column in columns):
            continue
        worth = np.zeros(len(pool.groups))
        worth[one] = 1.0
        found = best_panel(pool, worth)
        if found is not None and not _held(columns, found):
            columns.append(found)
    return columns


def _stage(columns: list[Floats], sizes: Floats, fixed: dict[int, float]) -> tuple[float, Floats, float, Floats]:
    """The largest smallest chance of those not fixed; each group's dual value; the dual value of all chances being one; the weights."""
    shares = (np.array(columns) / sizes).T  # groups by panels
    groups, panels = shares.shape
    free = np.array([float(one not in fixed) for one in range(groups)])
    least = np.array([-(fixed[one] - SLACK) if one in fixed else 0.0 for one in range(groups)])
    found = linprog(
        np.append(np.zeros(panels), -1.0),
        A_ub=np.hstack([-shares, free[:, None]]),
        b_ub=least,
        A_eq=np.append(np.ones(panels), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * panels + [(None, None)],
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    if found.status != 0:
        raise WhatworksError(said("The linear programme of the lottery has no answer: %(why)s", why=found.message))
    return float(found.x[-1]), -found.ineqlin.marginals, float(-found.eqlin.marginals[0]), found.x[:-1]


def _told(pool: Pool, columns: list[Floats], weights: Floats) -> Lottery:
    kept = [(column, weight) for column, weight in zip(columns, weights, strict=True) if weight > SLACK]
    total = sum(weight for _, weight in kept)
    shares = [weight / total for _, weight in kept]
    chances = sum(share * column / pool.sizes for share, (column, _) in zip(shares, kept, strict=True))
    return Lottery(
        tuple(tuple(int(count) for count in column) for column, _ in kept),
        tuple(shares),
        tuple(float(one) for one in np.asarray(chances)),
    )
