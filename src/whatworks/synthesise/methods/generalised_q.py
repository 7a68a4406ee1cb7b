"""At which heterogeneity would the studies disagree exactly this much? Inverse of the generalised Q statistic.

Q(tau2), the weighted sum of squares, falls as tau2 rises; 1 / Q is increasing and concave (Cauchy-Schwarz), so
Newton's method on it climbs to the root from the left without ever passing it, and needs no safeguard. One inverse
serves Paule-Mandel, empirical Bayes and both ends of the Q-profile interval.
Source: Viechtbauer (2007), Statistics in Medicine 26(1), 37-52.
"""

from __future__ import annotations

from whatworks.stats.intervals import chi2_from_tail
from whatworks.synthesise.methods.weighing import Floats, Weighed, weigh


def tau2_where_q_is(target: float, y: Floats, v: Floats, start: float = 0.0, at: Weighed | None = None) -> float:
    """The tau2 at which Q equals target; `start` (at or left of the root) when Q is below target already.

    at: the studies weighed at `start`, where the caller has them.
    """
    tau2, at = start, at or weigh(y, v, start)
    for _ in range(500):  # quadratic near the root, at worst doubling before it: 500 is never reached by real numbers
        if at.q <= target:
            break
        step = at.q * (at.q / target - 1) / at.fall
        tau2 += step
        if step <= 1e-13 * tau2:
            break
        at = weigh(y, v, tau2)
    return tau2


def q_profile(y: Floats, v: Floats, level: float, alone: Weighed | None = None) -> tuple[float, float]:
    """The Q-profile interval of tau2. Both ends are 0 when the studies agree too well for any tau2 (empty).

    alone: the studies weighed at tau2 = 0, where the caller has them.
    """
    df, tail = y.size - 1, (1 - level) / 2
    low = tau2_where_q_is(chi2_from_tail(tail, df), y, v, at=alone)
    return low, tau2_where_q_is(chi2_from_tail(1 - tail, df), y, v, low, None if low else alone)
