"""Two-group counts with a baseline for each study: fixed (UM.FS), or itself normally distributed (UM.RS).

The log odds (or the logarithmic rates) of a study's groups are baseline + place * effect, with places 1/2 and -1/2 and
effects that differ normally between studies.
Sources: Turner et al. (2000), Statistics in Medicine 19(24), 3417-3432; Stijnen, Hamza and Ozdemir (2010), Statistics in
Medicine 29(29), 3046-3067; Jackson et al. (2018), Statistics in Medicine 37(7), 1059-1085 (models 4 and 5).
"""

from __future__ import annotations

from math import pi
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln

from whatworks.synthesise.methods.rare.climbing import Slope, Summit, by_differences, climb
from whatworks.synthesise.methods.rare.families import Moments, expit, log1p_exp, log_choose
from whatworks.synthesise.methods.rare.mixing import hermite, highest, integrate
from whatworks.synthesise.methods.rare.tables import Tables
from whatworks.synthesise.methods.weighing import Floats

PLACES = np.array([0.5, -0.5])


class Pair(NamedTuple):
    """Both groups of each study, shape (k, 2): events and sizes; rates: Poisson with person-time, else binomial."""

    events: Floats
    size: Floats
    rates: bool

    @property
    def constant(self) -> float:
        """What the log-likelihood adds whatever the effect."""
        if self.rates:
            return float((self.events * np.log(self.size) - gammaln(self.events + 1)).sum())
        return float(log_choose(self.size, self.events).sum())

    def bends(self, predictor: Floats) -> Moments:
        """For each group at its predictor (shape (k, 2, ...)): the log-likelihood's A, mean and variance."""
        size = self.size.reshape(self.size.shape + (1,) * (predictor.ndim - 2))
        if self.rates:
            mean = size * np.exp(np.minimum(predictor, 600.0))
            return Moments(mean, mean, mean)
        p = expit(predictor)
        return Moments(size * log1p_exp(predictor), size * p, size * p * (1 - p))


def pair(t: Tables, rates: bool) -> Pair:
    """Tables as pairs of groups."""
    return Pair(np.stack([t.x1, t.x2], axis=1), np.stack([t.size1, t.size2], axis=1), rates)


class Held(NamedTuple):
    """The pairs as an exponential family in what varies, while another part of each study's predictor is held.

    A group's predictor is held * hold + varying * vary: with hold = (1, 1) and vary = PLACES the baseline is held and the
    effect varies; the other way round, the effect is held and the baseline varies. See `families.Family`.
    """

    both: Pair
    held: Floats
    hold: Floats
    vary: Floats

    @property
    def x(self) -> Floats:
        return np.asarray(self.both.events @ self.vary)

    @property
    def constant(self) -> float:
        return self.both.constant

    def predictor(self, varying: Floats) -> Floats:
        """Of each group, shape (k, 2, ...)."""
        more = (1,) * (varying.ndim - 1)
        hold, vary = (one.reshape(1, 2, *more) for one in (self.hold, self.vary))
        return np.asarray(self.held.reshape(-1, 1, *more) * hold + vary * varying[:, None])

    def moments(self, varying: Floats) -> Moments:
        more = (1,) * (varying.ndim - 1)
        whole, mean, variance = self.both.bends(self.predictor(varying))
        vary = self.vary.reshape(1, 2, *more)
        lifted = ((self.both.events @ self.hold) * self.held).reshape(-1, *more)
        return Moments(whole.sum(axis=1) - lifted, (mean * vary).sum(axis=1), (variance * vary**2).sum(axis=1))

    def pulls(self, varying: Floats) -> tuple[Floats, Floats]:
        """The slope of each study's log-likelihood in what is held, and minus its bend."""
        more = (1,) * (varying.ndim - 1)
        _, mean, variance = self.both.bends(self.predictor(varying))
        hold = self.hold.reshape(1, 2, *more)
        all_ = (self.both.events @ self.hold).reshape(-1, *more)
        return np.asarray(all_ - (mean * hold).sum(axis=1)), np.asarray((variance * hold**2).sum(axis=1))


ONES = np.ones(2)
FAR = 30.0  # on the logarithmic scale: as good as infinite


def first_baselines(both: Pair) -> Floats:
    """Baselines to start from: the study's own, with a little added so that none is infinite."""
    share = (both.events.sum(axis=1) + 0.5) / (both.size.sum(axis=1) + 1)
    return np.asarray(np.log(share) if both.rates else np.log(share / (1 - np.minimum(share, 1 - 1e-9))))


def profiled(both: Pair, nodes: int, start: Floats, hold: Floats, vary: Floats) -> Slope:
    """The log-likelihood in the mean and sd of what varies, all that is held at its best, and its slope."""
    kept = [start]

    def slope(at: Floats) -> tuple[float, Floats]:
        theta, tau = np.full(both.events.shape[0], at[0]), float(at[1])
        for _ in range(100):
            family = Held(both, kept[0], hold, vary)
            found = integrate(family, theta, tau, nodes)
            pull, information = family.pulls(found.effect)
            mean_pull = (found.share * pull).sum(axis=1)
            expected = (found.share * information).sum(axis=1)
            narrow = expected - (found.share * pull**2).sum(axis=1) + mean_pull**2  # Louis's identity
            step = np.clip(mean_pull / np.maximum(narrow, 1e-3 * expected + 1e-12), -1.0, 1.0)
            new = np.clip(kept[0] + step, -FAR, FAR)
            moved, kept[0] = float(np.abs(new - kept[0]).max()), new
            if moved < 1e-10:
                break
        less = family.x[:, None] - family.moments(found.effect).mean
        pulled = found.share * less
        return float(found.logs.sum()), np.array([pulled.sum(), (pulled * found.u).sum()])

    return slope


def fit_fixed(both: Pair, nodes: int) -> tuple[Summit, Summit]:
    """The common-effect fit and the random-effects fit of UM.FS."""
    start = first_baselines(both)
    slope = profiled(both, 1, start, ONES, PLACES)

    def along(at: Floats) -> tuple[float, Floats]:
        height, steep = slope(np.array([at[0], 0.0]))
        return height, steep[:1]

    common = climb(along, [0.0])
    return common, highest(profiled(both, nodes, start, ONES, PLACES), common)


def random_test(both: Pair, nodes: int) -> float:
    """Twice the gain in log-likelihood when every study has its own effect, baselines being random in both (UM.RS)."""
    start = first_baselines(both)
    spread = max(float(start.std()), 0.05)
    own = profiled(both, nodes, np.zeros(start.size), PLACES, ONES)
    many = climb(own, [float(start.mean()), spread])

    def height(at: Floats) -> float:
        family = Held(both, np.full(start.size, at[2]), PLACES, ONES)
        return float(integrate(family, np.full(start.size, at[0]), float(at[1]), nodes).logs.sum())

    one = climb(by_differences(height), [float(start.mean()), spread, 0.0])
    return 2 * (many.height - one.height)


def random_baselines(both: Pair, nodes: int) -> Slope:
    """The log-likelihood in (mean baseline, log sd of baselines, mean effect, tau), by quadrature over both at once."""
    z, log_weight = hermite(nodes)
    grid = np.stack([one.ravel() for one in np.meshgrid(z, z, indexing="ij")])
    weight = (log_weight[:, None] + log_weight[None, :]).ravel()

    last = [np.zeros((both.events.shape[0], 2))]

    def height(at: Floats) -> float:
        base, spread, theta, tau = at[0], np.exp(at[1]), at[2], at[3]
        lift = np.array([np.full(2, spread), tau * PLACES])  # (2 random effects, 2 groups)
        middle = base + theta * PLACES
        peak, root = _two_peaks(both, middle, lift, last[0])
        last[0] = peak
        u = peak[:, :, None] + np.sqrt(2) * root @ grid
        predictor = middle[None, :, None] + np.einsum("rg,krn->kgn", lift, u)
        logs = (both.events[:, :, None] * predictor - both.bends(predictor).whole).sum(axis=1) - (u**2).sum(axis=1) / 2
        logs = logs + weight
        top = logs.max(axis=1)
        whole = top + np.log(np.exp(logs - top[:, None]).sum(axis=1))
        scale = np.log(np.abs(root[:, 0, 0] * root[:, 1, 1])) - np.log(pi)  # 2 / (2 pi) and the roots' determinant
        return float((whole + scale).sum())

    return by_differences(height)


def _two_peaks(both: Pair, middle: Floats, lift: Floats, start: Floats) -> tuple[Floats, Floats]:
    """Each study's most likely pair of random effects, and a triangular root of the inverse of the bend there."""
    u = start
    for _ in range(100):
        _, mean, variance = both.bends(middle + u @ lift)
        steep = (both.events - mean) @ lift.T - u
        hill = np.eye(2) + np.einsum("rg,kg,sg->krs", lift, variance, lift)
        step = np.linalg.solve(hill, steep[:, :, None])[:, :, 0]
        u = u + np.clip(step, -1.0, 1.0)
        if float(np.abs(step).max()) < 1e-11:
            break
    _, _, variance = both.bends(middle + u @ lift)
    hill = np.eye(2) + np.einsum("rg,kg,sg->krs", lift, variance, lift)
    return u, np.linalg.cholesky(np.linalg.inv(hill))


def fit_random(both: Pair, nodes: int) -> tuple[Summit, Summit]:
    """The common-effect fit and the random-effects fit of UM.RS, over (baseline, log sd, mean effect, tau)."""
    slope = random_baselines(both, nodes)
    start = first_baselines(both)

    def along(at: Floats) -> tuple[float, Floats]:
        height, steep = slope(np.array([*at, 0.0]))
        return height, steep[:3]

    common = climb(along, [float(start.mean()), np.log(max(float(start.std()), 0.05)), 0.0])
    best = climb(slope, [*common.at.tolist(), 0.6])
    if not best.settled or best.height <= common.height + 1e-9 or abs(best.at[3]) < 1e-4:
        information = np.full((4, 4), 0.0)
        information[:3, :3], information[3, 3] = common.information, np.inf
        return common, Summit(np.array([*common.at, 0.0]), common.height, information, best.settled)
    return common, best._replace(at=np.array([*best.at[:3], abs(best.at[3])]))
