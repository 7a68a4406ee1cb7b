"""The mean and standard deviation that lie behind what a report prints of one group.

Standard errors and intervals go back exactly. Medians, quartiles and extremes go back only by the assumption that the
outcome is about normal; `skewed` says when the numbers themselves speak against it. Everything takes numbers or arrays.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.special import ndtri

from whatworks.extract.methods.effect import Floats, require
from whatworks.saying import said
from whatworks.stats.intervals import value_from_two_sided_p

LUO = "Luo, Wan, Liu and Tong (2018), Statistical Methods in Medical Research 27(6), 1785-1805"
WAN = "Wan, Wang, Liu and Tong (2014), BMC Medical Research Methodology 14, 135"
HOZO = "Hozo, Djulbegovic and Hozo (2005), BMC Medical Research Methodology 5, 13"
HOZO_MEDIAN, HOZO_SMALL, HOZO_MIDDLE = 25, 15, 70  # people: where Hozo et al. change their rule


def sd_from_standard_error(se: Floats, n: Floats) -> Floats:
    """Standard deviation = se sqrt(n). Source: Cochrane Handbook 6.5.2.2."""
    require(se >= 0, se, sentence=said("a standard error is below 0"))
    return np.asarray(se * np.sqrt(n))


def sd_from_interval(low: Floats, high: Floats, n: Floats, level: Floats, distribution: str = "t") -> Floats:
    """Standard deviation = sqrt(n) (high - low) / (2 c), c the point of t with n - 1 df, or of the normal.

    Source: Cochrane Handbook 6.5.2.2.
    """
    require(low < high, low, high, sentence=said("the lower limit of a mean is not below its upper limit"))
    require((level > 0) & (level < 1), level, sentence=said("the level is not a proportion such as 0.95"))
    if distribution == "t":
        require(n > 1, n, sentence=said("a group of one has no interval"))
    point = value_from_two_sided_p(1 - level, n - 1 if distribution == "t" else None)
    return np.asarray(np.sqrt(n) * (high - low) / (2 * point))


def in_order(*numbers: Floats) -> None:
    """Refuse five numbers (or three) that do not rise."""
    for lower, upper in pairwise(numbers):
        require(
            lower <= upper,
            lower,
            upper,
            sentence=said("minimum, quartiles, median and maximum do not rise in this order"),
        )


def tail_of_extremes(n: Floats) -> Floats:
    """How many standard deviations the largest of n normal values is expected from the mean (Wan 2014, equation 9)."""
    return np.asarray(ndtri((n - 0.375) / (n + 0.25)))


def tail_of_quartiles(n: Floats) -> Floats:
    """How many standard deviations the upper quartile of n normal values is expected from the mean (Wan 2014, eq 16)."""
    return np.asarray(ndtri((0.75 * n - 0.125) / (n + 0.25)))


def from_range(minimum: Floats, median: Floats, maximum: Floats, n: Floats, *, method: str) -> tuple[Floats, Floats]:
    """Mean and sd from minimum, median, maximum. method: luo (its mean, Wan's sd), wan, or hozo."""
    in_order(minimum, median, maximum)
    if method == "hozo":
        return hozo_mean(minimum, median, maximum, n), hozo_sd(minimum, median, maximum, n)
    weight = 4 / (4 + n**0.75) if method == "luo" else np.full_like(n, 0.5)
    return weight * (minimum + maximum) / 2 + (1 - weight) * median, (maximum - minimum) / (2 * tail_of_extremes(n))


def from_quartiles(lower: Floats, median: Floats, upper: Floats, n: Floats, *, method: str) -> tuple[Floats, Floats]:
    """Mean and sd from the quartiles. method: luo (its mean, Wan's sd) or wan."""
    in_order(lower, median, upper)
    weight = 0.7 + 0.39 / n if method == "luo" else np.full_like(n, 2 / 3)
    return weight * (lower + upper) / 2 + (1 - weight) * median, (upper - lower) / (2 * tail_of_quartiles(n))


def from_five(
    minimum: Floats, lower: Floats, median: Floats, upper: Floats, maximum: Floats, n: Floats, *, method: str
) -> tuple[Floats, Floats]:
    """Mean and sd from minimum, quartiles and maximum. method: luo (its mean, Wan's sd) or wan."""
    in_order(minimum, lower, median, upper, maximum)
    if method == "luo":
        outer, inner = 2.2 / (2.2 + n**0.75), 0.7 - 0.72 / n**0.55
    else:
        outer, inner = np.full_like(n, 0.25), np.full_like(n, 0.5)
    mean = outer * (minimum + maximum) / 2 + inner * (lower + upper) / 2 + (1 - outer - inner) * median
    sd = (maximum - minimum) / (4 * tail_of_extremes(n)) + (upper - lower) / (4 * tail_of_quartiles(n))
    return mean, sd


def hozo_mean(minimum: Floats, median: Floats, maximum: Floats, n: Floats) -> Floats:
    """(a + 2 m + b) / 4 up to 25 people, the median above. Source: Hozo et al. (2005), equations 4 and 5, table."""
    return np.where(n <= HOZO_MEDIAN, (minimum + 2 * median + maximum) / 4, median)


def hozo_sd(minimum: Floats, median: Floats, maximum: Floats, n: Floats) -> Floats:
    """By the group's size: sqrt(((a - 2 m + b)^2 / 4 + (b - a)^2) / 12) to 15, range / 4 to 70, range / 6 above.

    Source: Hozo et al. (2005), equations 12 and 16 and their conclusions.
    """
    spread = maximum - minimum
    small = np.sqrt(((minimum - 2 * median + maximum) ** 2 / 4 + spread**2) / 12)
    return np.where(n <= HOZO_SMALL, small, np.where(n <= HOZO_MIDDLE, spread / 4, spread / 6))


def skewed(lower: Floats, median: Floats, upper: Floats, n: Floats) -> Floats:
    """How far the median stands from the middle of the quartiles, as a share of half their distance (0 to 1).

    0 is symmetric. A normal outcome gives little more than 2.65 / sqrt(n) by chance (5 per cent of groups).
    Source of the bound: Shi et al. (2023), Statistical Methods in Medical Research 32(7), 1338-1360.
    """
    in_order(lower, median, upper)
    return np.asarray(np.abs(lower + upper - 2 * median) / (upper - lower))
