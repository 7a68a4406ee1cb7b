"""Can these rounded numbers come from whole people and whole answers? GRIM, GRIMMER and their kin.

A printed number stands for everything that rounds to it. All checks are generous to the report: they only say no where
no whole number, rounded in any of the usual ways, gives what is printed.
"""

from __future__ import annotations

from math import ceil, floor, sqrt

EDGE = 1e-9  # a value on the very edge of rounding may be rounded either way; sums of doubles err by less than this


def half_unit(decimals: int) -> float:
    """Half a unit in the last printed place: 0.005 for two decimals."""
    return 0.5 * 10.0**-decimals


def percent_possible(percent: float, n: float, decimals: int) -> bool:
    """Whether some whole number of n people is printed as this percentage with so many decimals."""
    reach = half_unit(decimals) + EDGE
    low, high = (percent - reach) * n / 100, (percent + reach) * n / 100
    return floor(high + EDGE) >= ceil(low - EDGE)


def grim_possible(mean: float, n: int, decimals: int, items: int = 1) -> bool:
    """Whether n whole-number answers (each the mean of so many items) can have this printed mean.

    Source: Brown and Heathers (2017), Social Psychological and Personality Science 8(4), 363-369.
    """
    return bool(sums_of(mean, n * items, decimals))


def sums_of(mean: float, answers: int, decimals: int) -> range:
    """The whole sums of so many answers whose mean is printed as this."""
    reach = half_unit(decimals) + EDGE
    return range(ceil((mean - reach) * answers - EDGE), floor((mean + reach) * answers + EDGE) + 1)


def grimmer_possible(mean: float, sd: float, n: int, decimals: int, sd_decimals: int) -> bool:
    """Whether n whole-number answers can have this printed mean and standard deviation (of a sample, n - 1).

    Some whole sum s and whole sum of squares q must give both, q at least s^2 / n and odd exactly where s is odd (a
    whole number and its square are odd together). Source: Anaya (2016), PeerJ Preprints 4, e2400v1; Allard (2018).
    Where it says no, no such answers exist; where it says yes there may still be none.
    """
    if n < 2:
        return sd == 0
    reach = half_unit(sd_decimals) + EDGE
    least, most = max(0.0, sd - reach) ** 2, (sd + reach) ** 2
    for total in sums_of(mean, n, decimals):
        middle = total * total / n
        low, high = max(middle, middle + (n - 1) * least), middle + (n - 1) * most
        first = ceil(low - EDGE * max(1.0, low))
        first += (first - total) % 2
        if first <= high + EDGE * max(1.0, high):
            return True
    return False


def sd_limits(mean: float, n: float, low: float, high: float) -> tuple[float, float]:
    """The smallest and largest standard deviation n answers between two ends of a scale can have with this mean.

    The smallest is 0; the largest puts everybody at one end or the other: sqrt((high - m)(m - low) n / (n - 1)).
    """
    if n < 2 or not low <= mean <= high:
        return 0.0, 0.0
    return 0.0, sqrt((high - mean) * (mean - low) * n / (n - 1))
