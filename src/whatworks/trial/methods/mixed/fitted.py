"""A mixed model with any random terms, fitted: y = X b + the terms' coefficients + e, by (restricted) maximum likelihood."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from whatworks.saying import said
from whatworks.trial.methods.mixed.products import multiply
from whatworks.trial.methods.mixed.searching import least
from whatworks.trial.methods.mixed.solving import Solved, criterion
from whatworks.trial.methods.mixed.sums import Floats
from whatworks.trial.methods.mixed.terms import RandomTerm, triangles

EDGE = 1e-4  # as lme4's isSingular: a spread, in units of that within, that counts as nought


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How one term's coefficients differ between its groups: standard deviations `sds` (k,) and `correlations` (k, k).

    A correlation with a coefficient that does not differ at all is given as nought.
    """

    name: str
    groups: int
    sds: Floats
    correlations: Floats

    @property
    def covariance(self) -> Floats:
        """The covariance of the coefficients (k, k)."""
        return np.outer(self.sds, self.sds) * self.correlations


@dataclass(frozen=True, slots=True, eq=False)
class MixedFit:
    """`coefficients` (p,) with their model-based `covariance` (p, p); `spreads` of the terms in the order asked for; `within`: the
    standard deviation of rows; `criterion`: minus twice the log likelihood (restricted if `reml`), as lme4's. `singular`: some
    covariance is at its edge, which `warnings` say in words.
    """

    coefficients: Floats
    covariance: Floats
    spreads: tuple[Spread, ...]
    within: float
    criterion: float
    reml: bool
    singular: bool
    warnings: tuple[str, ...]
    solved: Solved = field(repr=False)

    @property
    def log_likelihood(self) -> float:
        """The log likelihood (restricted if `reml`)."""
        return -self.criterion / 2

    @property
    def freedom(self) -> int:
        """What the residual sum of squares is divided by: rows, less coefficients if `reml`."""
        made = self.solved.products
        return made.rows - made.columns if self.reml else made.rows


def fit_mixed(x: ArrayLike, y: ArrayLike, terms: Sequence[RandomTerm], *, reml: bool = True) -> MixedFit:
    """Fit to a design `x` (rows, p; with its own column of ones), an outcome `y` (rows,) and random terms, nested or crossed.

    Agrees with lme4 (Bates and others 2015, doi 10.18637/jss.v067.i01). Raises InputError for what cannot be fitted, and where the
    search does not come to rest.
    """
    solved = least(multiply(x, y, terms), reml)
    made = solved.products
    freedom = made.rows - made.columns if reml else made.rows
    within = made.unit * math.sqrt(solved.rss / freedom)
    half = np.linalg.solve(made.triangle, fixed_half(solved))
    added = half @ (fixed_half(solved).T @ _score(solved))
    spreads = _spreads(solved, terms, within)
    warnings = _warnings(spreads, solved)
    return MixedFit(
        made.plain + made.unit * added, within**2 * half @ half.T, spreads, within, criterion(solved, reml), reml,
        bool(warnings), warnings, solved,
    )  # fmt: skip


def fixed_half(solved: Solved) -> Floats:
    """F (p, p) with F F' the inverse of X'V^-1 X, for the orthonormal design, V in units of the variance within."""
    others = solved.products.others
    found: Floats = solved.half[others:, others:].T
    return found


def _score(solved: Solved) -> Floats:
    """X'V^-1 y of the orthonormal design and the freed outcome."""
    others, rest = solved.products.others, solved.rest
    lead = solved.half[:others, :others]
    through: Floats = rest[others:-1, -1] - (lead @ rest[:others, others:-1]).T @ (lead @ rest[:others, -1])
    return through


def _spreads(solved: Solved, terms: Sequence[RandomTerm], within: float) -> tuple[Spread, ...]:
    found: dict[int, Spread] = {}
    for one, lower in zip(solved.products.terms, triangles(solved.products.shapes, solved.theta), strict=True):
        covariance = within**2 * (lower @ lower.T) / np.outer(one.scales, one.scales)
        sds = np.sqrt(np.diag(covariance))
        apart = np.where(sds > 0, sds, 1.0)
        correlations = covariance / np.outer(apart, apart)
        np.fill_diagonal(correlations, 1.0)
        found[one.place] = Spread(terms[one.place].name, one.shape.levels, sds, np.clip(correlations, -1, 1))
    return tuple(found[place] for place in range(len(terms)))


def _warnings(spreads: Sequence[Spread], solved: Solved) -> tuple[str, ...]:
    told = {}
    for one, lower in zip(solved.products.terms, triangles(solved.products.shapes, solved.theta), strict=True):
        name = spreads[one.place].name
        if one.shape.width == 1 and lower[0, 0] < EDGE:
            told[one.place] = said(
                "Groups of the random term “%(name)s” differ no more than by chance, so their spread is put at nought (a singular "
                "fit).",
                name=name,
            )
        elif np.linalg.norm(lower, axis=1).min() < EDGE:
            told[one.place] = said(
                "A coefficient of the random term “%(name)s” differs no more than by chance, so its spread is put at nought (a "
                "singular fit).",
                name=name,
            )
        elif np.diag(lower).min() < EDGE:
            told[one.place] = said(
                "The coefficients of the random term “%(name)s” come out perfectly correlated, for the data cannot tell them apart "
                "(a singular fit).",
                name=name,
            )
    return tuple(told[place] for place in sorted(told))
