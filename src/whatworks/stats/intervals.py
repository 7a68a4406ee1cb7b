"""Normal, t and chi-squared intervals and tails, from the compiled special functions.

scipy.special is imported rather than scipy.stats: the same numbers, a fraction of the start-up time.
Every function takes a number or an array of any shape and answers in the same shape.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, chdtri, ndtr, ndtri, stdtr, stdtrit

from whatworks.errors import InputError
from whatworks.saying import said

Number = TypeVar("Number", float, NDArray[np.float64])


def check_level(level: float) -> float:
    """The confidence level as a proportion; anything outside (0, 1) is an InputError."""
    if not 0 < level < 1:
        raise InputError(
            said(
                "The confidence level %(level)s must lie between 0 and 1; write 0.95 for 95 per cent.",
                level=f"{level:g}",
            )
        )
    return float(level)


def critical(level: float = 0.95, df: float | None = None) -> float:
    """How many standard errors the two-sided interval reaches to each side: normal, or t when df is given.

    Source: interval estimate +/- critical * se. Checked against R's qnorm and qt.
    """
    tail = (1 - check_level(level)) / 2
    return -float(ndtri(tail) if df is None else stdtrit(df, tail))


def interval(estimate: Number, se: Number, level: float = 0.95, df: float | None = None) -> tuple[Number, Number]:
    """The two-sided interval estimate -/+ critical * se, in the units of the estimate."""
    reach = critical(level, df) * se
    return estimate - reach, estimate + reach


def two_sided_p(statistic: Number, df: float | None = None) -> Number:
    """The chance of a value at least this far from 0 in either direction: normal, or t when df is given."""
    far = -abs(statistic)
    p: Number = 2 * (ndtr(far) if df is None else stdtr(df, far))
    return p


def value_from_two_sided_p(p: Number, df: float | NDArray[np.float64] | None = None) -> Number:
    """The size (never its sign) of the normal or t statistic that a two-sided p value stands for."""
    value: Number = -(ndtri(p / 2) if df is None else stdtrit(df, p / 2))
    return value


def chi2_tail(value: Number, df: float) -> Number:
    """The chance that a chi-squared variable with df degrees of freedom exceeds value."""
    tail: Number = chdtrc(df, value)
    return tail


def chi2_from_tail(tail: float, df: float) -> float:
    """The value that a chi-squared variable with df degrees of freedom exceeds with this chance."""
    return float(chdtri(df, tail))
