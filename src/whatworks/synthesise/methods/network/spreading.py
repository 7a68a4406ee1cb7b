"""A regression of independent observations z with variances v on x: the weighted fit at a tau2, and which tau2.

The estimators are those of `pool` with a mean that x describes; with two treatments they are the same numbers. A
regression may come in parts that share nothing but tau2 (designs with effects of their own): their sums add up.
Sources: Jackson, White and Riley (2012), Statistics in Medicine 31(29), 3805-3820 (generalised DerSimonian-Laird);
Viechtbauer (2005), Journal of Educational and Behavioral Statistics 30(3), 261-293 (likelihood).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log, pi, sqrt
from typing import Literal, NamedTuple, Protocol

import numpy as np

from whatworks.stats.intervals import chi2_from_tail
from whatworks.synthesise.methods.likelihood import ORIGIN, STEPS
from whatworks.synthesise.methods.network.evidence import Whole
from whatworks.synthesise.methods.weighing import Floats

Estimator = Literal["REML", "ML", "DL", "PM"]
LOG_2PI = log(2 * pi)


class Sums(NamedTuple):
    """What estimators read off a fit at a tau2, with weights W = 1 / (v + tau2) and P = W - W x (x'Wx)^-1 x'W.

    q = z'Pz; fall = z'PPz; bent = z'PPPz; trace and trace2 of P and PP; weight and weight2: sums of W and its squares;
    logs: of log W; logdet: of x'Wx.
    """

    q: float
    fall: float
    bent: float
    trace: float
    trace2: float
    weight: float
    weight2: float
    logs: float
    logdet: float


class Part(Protocol):
    """A regression, or one of several that share nothing but tau2. spread: its unweighted residual sum of squares."""

    @property
    def v(self) -> Floats: ...
    @property
    def df(self) -> int: ...
    @property
    def spread(self) -> float: ...
    def sums(self, tau2: float) -> Sums: ...


class Fitted(NamedTuple):
    """The observations fitted at a tau2. weights (m); a (p, p): the inverse of x'wx; beta (p); pull (m): weight times
    residual; q: weighted squares; logdet: the logarithm of det x'wx."""

    weights: Floats
    a: Floats
    beta: Floats
    pull: Floats
    q: float
    logdet: float


def fit(z: Floats, v: Floats, x: Floats, tau2: float = 0.0) -> Fitted:
    """Weighted least squares with weights 1 / (v + tau2); x (m, p) of full column rank."""
    weights = 1.0 / (v + tau2)
    heavy = x.T * weights
    factor = np.linalg.cholesky(heavy @ x)
    inverse = np.linalg.inv(factor)
    a: Floats = inverse.T @ inverse
    beta: Floats = a @ (heavy @ z)
    residual = z - x @ beta
    pull: Floats = weights * residual
    return Fitted(weights, a, beta, pull, float(pull @ residual), 2 * float(np.log(np.diag(factor)).sum()))


@dataclass(frozen=True, slots=True)
class Dense:
    """Observations z (m) with variances v (m) on the columns of x (m, p)."""

    z: Floats
    v: Floats
    x: Floats

    @property
    def df(self) -> int:
        """Observations less effects."""
        return int(self.z.size - self.x.shape[1])

    @property
    def spread(self) -> float:
        """See `Part`."""
        residual = self.z - self.x @ np.linalg.lstsq(self.x, self.z, rcond=None)[0]
        return float(residual @ residual)

    def sums(self, tau2: float) -> Sums:
        """See `Sums`."""
        at = fit(self.z, self.v, self.x, tau2)
        w, heavy = at.weights, self.x * at.weights[:, None]
        drawn = heavy.T @ at.pull
        lost = heavy.T @ heavy @ at.a
        thrice = float(np.einsum("ij,ij->", (heavy * w[:, None]) @ at.a, heavy))
        weight, weight2 = float(w.sum()), float(w @ w)
        return Sums(
            at.q,
            float(at.pull @ at.pull),
            float(w @ (at.pull * at.pull)) - float(drawn @ at.a @ drawn),
            weight - float(np.trace(lost)),
            weight2 + float(np.einsum("ij,ji->", lost, lost)) - 2 * thrice,
            weight,
            weight2,
            float(np.log(w).sum()),
            at.logdet,
        )


@dataclass(frozen=True, slots=True)
class Means:
    """Observations z (m) in groups (m), each with a mean of its own; groups are numbered from 0 and none is empty."""

    z: Floats
    v: Floats
    group: Whole

    @property
    def df(self) -> int:
        """Observations less groups."""
        return int(self.z.size - self.group.max() - 1)

    @property
    def spread(self) -> float:
        """See `Part`."""
        apart = self.z - (self._by(self.z) / self._by(np.ones_like(self.z)))[self.group]
        return float(apart @ apart)

    def _by(self, values: Floats) -> Floats:
        return np.asarray(np.bincount(self.group, values), dtype=np.float64)

    def sums(self, tau2: float) -> Sums:
        """See `Sums`."""
        w = 1.0 / (self.v + tau2)
        total, squared = self._by(w), self._by(w * w)
        residual = self.z - (self._by(w * self.z) / total)[self.group]
        pull = w * residual
        lost, drawn = squared / total, self._by(w * pull)
        weight, weight2 = float(w.sum()), float(w @ w)
        return Sums(
            float(pull @ residual),
            float(pull @ pull),
            float(w @ (pull * pull)) - float(drawn @ (drawn / total)),
            weight - float(lost.sum()),
            weight2 + float(lost @ lost) - 2 * float((self._by(w**3) / total).sum()),
            weight,
            weight2,
            float(np.log(w).sum()),
            float(np.log(total).sum()),
        )


@dataclass(frozen=True, slots=True)
class Saturated:
    """Observations with as many effects as there are of them: they say nothing of tau2 but to the full likelihood."""

    v: Floats
    df: int = 0
    spread: float = 0.0

    def sums(self, tau2: float) -> Sums:
        """See `Sums`."""
        w = 1.0 / (self.v + tau2)
        logs = float(np.log(w).sum())
        return Sums(0.0, 0.0, 0.0, 0.0, 0.0, float(w.sum()), float(w @ w), logs, logs)


@dataclass(frozen=True, slots=True)
class Joint:
    """Several parts with one tau2."""

    parts: tuple[Part, ...]

    @property
    def v(self) -> Floats:
        """Variances of all."""
        return np.concatenate([part.v for part in self.parts])

    @property
    def df(self) -> int:
        """Degrees of freedom of all."""
        return sum(part.df for part in self.parts)

    @property
    def spread(self) -> float:
        """See `Part`."""
        return sum(part.spread for part in self.parts)

    def sums(self, tau2: float) -> Sums:
        """See `Sums`."""
        return Sums(*(sum(column) for column in zip(*(part.sums(tau2) for part in self.parts), strict=True)))


def log_likelihood(at: Sums, free: int, restricted: bool) -> float:
    """The log-likelihood at best effects, without the constant log det x'x. free: df, or observations if not restricted."""
    return 0.5 * (at.logs - at.q - free * LOG_2PI - restricted * at.logdet)


def slopes(at: Sums, restricted: bool) -> tuple[float, float]:
    """Twice the slope of the log-likelihood at tau2, and the slope of that."""
    if restricted:
        return at.fall - at.trace, at.trace2 - 2 * at.bent
    return at.fall - at.weight, at.weight2 - 2 * at.bent


def likeliest(part: Part, restricted: bool) -> float:
    """The tau2 (0 or above) of the highest (restricted) likelihood: a grid past every root, then Newton's method."""
    least, most = float(part.v.min()), float(part.v.max())
    top = _bound(part.spread, part.df, least, most)
    if top <= 0:
        return 0.0
    first = min(least, top) * 1e-3
    grid = np.concatenate((ORIGIN, first * (top * (1 + 1e-9) / first) ** STEPS)).tolist()
    rising = np.array([slopes(part.sums(tau2), restricted)[0] > 0 for tau2 in grid])
    found = [_root(part, grid[i], grid[i + 1], restricted) for i in np.flatnonzero(rising[:-1] & ~rising[1:])]
    if not rising[0]:
        found.insert(0, 0.0)
    return found[0] if len(found) == 1 else max(found, key=lambda tau2: log_likelihood(part.sums(tau2), 0, restricted))


def _bound(spread: float, df: int, least: float, most: float) -> float:
    """A tau2 beyond which the likelihood only falls, as `likelihood.bound`, for residuals that are df free."""
    return (spread + sqrt(spread * spread + 4 * df * spread * (most - least))) / (2 * df) - least


def _root(part: Part, low: float, high: float, restricted: bool) -> float:
    """The peak between low (rising) and high (falling): Newton's method, kept inside the bracket by bisection."""
    tau2, enough = (low + high) / 2, 1e-13 * high
    for _ in range(200):
        value, change = slopes(part.sums(tau2), restricted)
        low, high = (tau2, high) if value > 0 else (low, tau2)
        new = tau2 - value / change if change < 0 else high + 1
        if not low <= new <= high:
            new = (low + high) / 2
        step, tau2 = abs(new - tau2), new
        if step <= enough:
            break
    return tau2


def tau2_where_q_is(target: float, part: Part) -> float:
    """The tau2 (0 or above) at which Q equals target; 0 when Q is below it everywhere. See `generalised_q`."""
    tau2 = 0.0
    for _ in range(500):
        at = part.sums(tau2)
        if at.q == 0 or at.fall == 0:
            return 0.0
        new = max(0.0, tau2 + at.q * (at.q / target - 1) / at.fall)
        moved, tau2 = abs(new - tau2), new
        if moved <= 1e-10 * tau2:
            break
    return tau2


def _moments(part: Part) -> float:
    at = part.sums(0.0)
    return max(0.0, (at.q - part.df) / at.trace)


ESTIMATORS: dict[str, Callable[[Part], float]] = {
    "REML": lambda part: likeliest(part, restricted=True),
    "ML": lambda part: likeliest(part, restricted=False),
    "DL": _moments,
    "PM": lambda part: tau2_where_q_is(part.df, part),
}


def estimate(part: Part, estimator: Estimator) -> float:
    """tau2 by the estimator named; at least one degree of freedom."""
    return ESTIMATORS[estimator](part)


def q_profile(part: Part, level: float) -> tuple[float, float]:
    """The Q-profile interval of tau2; both ends are 0 when the studies agree too well for any tau2."""
    tail = (1 - level) / 2
    low, high = (tau2_where_q_is(chi2_from_tail(share, part.df), part) for share in (tail, 1 - tail))
    return low, high


def by_groups(z: Floats, v: Floats, x: Floats, groups: Sequence[Whole], columns: Sequence[Sequence[int]]) -> Joint:
    """The regression in which each group of observations (by their places) has effects of its own, on its columns of x.

    Groups with one column, in which x is the same throughout (studies of the same two treatments), are taken together,
    as are those that have no observations to spare.
    """
    alone, full, parts = [], [], []
    for rows, own in zip(groups, columns, strict=True):
        if rows.size == len(own):
            full.append(rows)
        elif len(own) == 1:
            alone.append(rows)
        else:
            parts.append(Dense(z[rows], v[rows], x[np.ix_(rows, np.array(own))]))
    found: list[Part] = list(parts)
    if alone:
        rows, size = np.concatenate(alone), [len(one) for one in alone]
        found.append(Means(z[rows], v[rows], np.repeat(np.arange(len(size)), size)))
    if full:
        found.append(Saturated(v[np.concatenate(full)]))
    return Joint(tuple(found))
