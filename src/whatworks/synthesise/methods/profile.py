"""Which tau2 are nearly as likely as the best? The profile-likelihood interval, for REML and ML.

Source: Hardy and Thompson (1996), Statistics in Medicine 15(6), 619-629; Viechtbauer (2007), Statistics in Medicine 26(1),
37-52: all tau2 whose log-likelihood is within half the chi-squared quantile (1 degree of freedom) of the peak. Where the
likelihood has several peaks the interval spans all that qualify. Checked against metafor's confint(type = "PL").
"""

from __future__ import annotations

from whatworks.stats.intervals import chi2_from_tail
from whatworks.synthesise.methods.likelihood import STEPS, bound, log_likelihood, slope
from whatworks.synthesise.methods.weighing import Floats


def profile_interval(y: Floats, v: Floats, tau2: float, restricted: bool, level: float) -> tuple[float, float]:
    """The lowest and highest tau2 that the likelihood allows. tau2: where it is highest."""
    cut = log_likelihood(y, v, tau2, restricted) - chi2_from_tail(1 - level, 1) / 2
    top = max(tau2, bound(y, v), 0.0)
    first = max(min(float(v.min()), top), tau2 * 1e-3 or float(v.min())) * 1e-3
    grid = [0.0, *(first * (max(top, first) / first) ** share for share in STEPS.tolist())]
    allowed = [at for at in (*grid, tau2) if log_likelihood(y, v, at, restricted) >= cut]
    least, most = min(allowed), max(allowed)
    low = 0.0
    if least > 0:
        low = crossing(y, v, max(at for at in grid if at < least), least, cut, restricted)
    beyond = max(2 * most, top, first)
    while log_likelihood(y, v, beyond, restricted) >= cut:  # past `bound` the likelihood falls without end
        beyond *= 2
    nearest = min((at for at in grid if at > most), default=beyond)
    return low, crossing(y, v, most, min(nearest, beyond), cut, restricted)


def crossing(y: Floats, v: Floats, left: float, right: float, cut: float, restricted: bool) -> float:
    """Where the log-likelihood passes the cut between left and right: Newton's method, kept inside by bisection."""
    rises = log_likelihood(y, v, right, restricted) >= cut
    at = (left + right) / 2
    for _ in range(200):
        gap = log_likelihood(y, v, at, restricted) - cut
        if (gap >= 0) == rises:
            right = at
        else:
            left = at
        steep = slope(y, v, at, restricted)[0] / 2
        new = at - gap / steep if steep else left - 1
        if not left < new < right:
            new = (left + right) / 2
        moved, at = abs(new - at), new
        if moved <= 1e-13 * at:
            break
    return at
