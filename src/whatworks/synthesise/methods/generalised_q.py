"""At which heterogeneity would the studies disagree exactly this much? Inverse of the generalised Q statistic.

Q(tau2), the weighted sum of squares, falls as tau2 rises; 1 / Q is increasing and concave (Cauchy-Schwarz), so
Newton's method on it steps to the left of the root at most once and then climbs to it without ever passing it: no
safeguard but the bound at 0. One inverse serves Paule-Mandel, empirical Bayes and both ends of the Q-profile interval.
Source: Viechtbauer (2007), Statistics in Medicine 26(1), 37-52.
"""

from __future__ import annotations

from whatworks.stats.intervals import chi2_from_tail
from whatworks.synthesise.methods.weighing import Floats, Weighed, weigh


def tau2_where_q_is(target: float, y: Floats, v: Floats, start: float = 0.0, at: Weighed | None = None) -> float:
    """The tau2 (0 or above) at which Q equals target; 0 when Q is below it everywhere.

    start: where to begin, anywhere; at: the studies weighed there, where the caller has them.
    """
    tau2, at = start, at or weigh(y, v, start)
    for _ in range(500):  # quadratic near the root, at worst doubling before it: 500 is never reached by real numbers
        if at.q == 0:
            return 0.0
        new = max(0.0, tau2 + at.q * (at.q / target - 1) / at.fall)
        moved, tau2 = abs(new - tau2), new
        if moved <= 1e-10 * tau2:  # the error left over is of the order of its square
            break
        at = weigh(y, v, tau2)
    return tau2


def q_profile(y: Floats, v: Floats, level: float, start: float = 0.0, at: Weighed | None = None) -> tuple[float, float]:
    """The Q-profile interval of tau2. Both ends are 0 when the studies agree too well for any tau2 (empty).

    start, at: a tau2 between the ends, and the studies weighed there, where the caller has them.
    """
    df, tail = y.size - 1, (1 - level) / 2
    low, high = (tau2_where_q_is(chi2_from_tail(share, df), y, v, start, at) for share in (tail, 1 - tail))
    return low, high
