"""What the standard error of an effect means before a trial: power, and the smallest effect that it can be expected to show.

With `df` degrees of freedom a two-sided t test is meant, by the noncentral t distribution; without, a z test.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy.optimize import brentq
from scipy.stats import nct, norm
from scipy.stats import t as students_t

from whatworks.errors import InputError
from whatworks.saying import said

LARGEST = 1e9


def power_of(effect: float, se: float, *, alpha: float = 0.05, df: float | None = None, both: bool = True) -> float:
    """The chance that a two-sided test at `alpha` refuses nought when the effect is `effect`, in the units of its `se`.

    `both`: refusals on the wrong side are counted too, as pwr, PowerUpR and swPwr do; R's `power.t.test` and clusterPower leave
    them out. They matter only where power is small.
    """
    _refuse(se, alpha, df)
    far = abs(effect) / se
    if df is None:
        reach = float(norm.isf(alpha / 2))
        return float(norm.cdf(far - reach) + both * norm.cdf(-far - reach))
    reach = float(students_t.isf(alpha / 2, df))
    return float(
        nct.sf(reach, df, far) + both * nct.sf(reach, df, -far)
    )  # the left tail itself is NaN for large effects


def effect_for(se: float, *, power: float = 0.8, alpha: float = 0.05, df: float | None = None) -> float:
    """The smallest effect detected with this power, as Bloom (1995, doi 10.1177/0193841X9501900504) multiplies the standard error:
    the critical value plus that of the power, of t or of z.
    """
    _refuse(se, alpha, df)
    if not alpha < power < 1:
        raise InputError(
            said(
                "A power of %(power)s cannot be asked for; give one between alpha and 1, such as 0.8.",
                power=power,
            )
        )
    if df is None:
        return float(norm.isf(alpha / 2) + norm.ppf(power)) * se
    return float(students_t.isf(alpha / 2, df) + students_t.ppf(power, df)) * se


def smallest(enough: Callable[[float], float], power: float, start: float) -> float:
    """The number, not rounded, at which `enough` (a power that grows with it) reaches `power`; looks from `start` upwards.

    Raises InputError where no number does.
    """
    high = start
    while enough(high) < power:
        high *= 2
        if high > LARGEST:
            raise InputError(
                said("No number reaches this power: more of what is added does not help. Add clusters, or expect more.")
            )
    return start if enough(start) >= power else float(brentq(lambda n: enough(n) - power, start, high, xtol=1e-10))


def _refuse(se: float, alpha: float, df: float | None) -> None:
    if not (se > 0 and math.isfinite(se)):
        raise InputError(said("A standard error of %(se)s cannot be; it must be above nought.", se=se))
    if not 0 < alpha < 1:
        raise InputError(said("An alpha of %(alpha)s cannot be; give a share such as 0.05.", alpha=alpha))
    if df is not None and df <= 0:
        raise InputError(
            said("No degrees of freedom are left: there are too few clusters for the arms, strata and covariates.")
        )
