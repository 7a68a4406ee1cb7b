"""Do a test's value, its p value and its interval say the same? Rounded numbers stand for all that rounds to them."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log

from whatworks.extract.methods.granularity import EDGE, half_unit
from whatworks.stats.intervals import two_sided_p, value_from_two_sided_p
from whatworks.stats.results import Result

ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Recomputed(Result):
    """A p value worked out again: from the printed value of the test, and the smallest and largest it can stand for."""

    p: float
    low: float
    high: float

    def wider(self, times: float) -> Recomputed:
        """The same with its ends so many times farther out."""
        return Recomputed(self.p, self.low / times, min(1.0, self.high * times))

    def allows(self, printed: float, decimals: int) -> bool:
        """Whether the printed p value, rounded to so many decimals, can be this one."""
        reach = half_unit(decimals) + EDGE
        return self.low <= printed + reach and self.high >= printed - reach

    def allows_below(self, bound: float) -> bool:
        """Whether `p < bound` can be true."""
        return self.low < bound + EDGE

    def otherwise(self, printed: float) -> bool:
        """Whether the printed and the recomputed p value fall on different sides of 0.05."""
        return (printed < ALPHA < self.low) or (printed > ALPHA > self.high)


def p_of_statistic(value: float, decimals: int, df: float | None) -> Recomputed:
    """The two-sided p value of a printed t value (normal where df is None), with the room that its rounding leaves."""
    size, reach = abs(value), half_unit(decimals)
    ends = (two_sided_p(one, df) for one in (size, size + reach, max(0.0, size - reach)))
    return Recomputed(*(float(one) for one in ends))


def p_of_interval(estimate: float, low: float, high: float, level: float, ratio: bool, decimals: int) -> Recomputed:
    """The two-sided p value of no difference that an estimate and its interval stand for (normal distribution).

    The rounding of all three is given its full room. Source: Altman and Bland (2011), BMJ 343, d2304.
    """
    reach = half_unit(decimals)
    point = float(value_from_two_sided_p(1 - level))

    def size(one: float, two: float, three: float) -> float:
        if ratio and min(one, two, three) <= 0:
            return inf
        on = log if ratio else float
        width = on(three) - on(two)
        return inf if width <= 0 else abs(on(one)) * 2 * point / width

    closest = 1.0 if ratio else 0.0
    toward = estimate - reach if estimate > closest else estimate + reach
    toward = closest if (toward - closest) * (estimate - closest) < 0 else toward
    away = estimate + reach if estimate > closest else estimate - reach
    values = (
        size(estimate, low, high),
        size(away, low + reach, high - reach),
        size(toward, low - reach, high + reach),
    )
    if ratio and low - reach <= 0:
        values = (*values[:2], 0.0)
    found = [float(two_sided_p(one)) for one in values]
    return Recomputed(found[0], min(found), max(found))


def asymmetry(estimate: float, low: float, high: float, ratio: bool, decimals: int) -> float:
    """How far the estimate stands from the middle of its interval, in interval widths, after rounding is allowed for.

    0 where rounding can explain it. On the logarithmic scale for a ratio; every number is above 0 there.
    """
    reach = half_unit(decimals) + EDGE

    def ends(value: float) -> tuple[float, float]:
        if not ratio:
            return value - reach, value + reach
        return (log(value - reach) if value > reach else -inf), log(value + reach)

    (e1, e2), (l1, l2), (h1, h2) = ends(estimate), ends(low), ends(high)
    least, most = (l1 + h1) / 2 - e2, (l2 + h2) / 2 - e1
    if least <= 0 <= most:
        return 0.0
    width = (log(high) - log(low)) if ratio else high - low
    return min(abs(least), abs(most)) / width
