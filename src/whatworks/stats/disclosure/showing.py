"""One count or rate as a page shows it, and the counts that a rate gives away."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from numbers import Integral

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.disclosure.policy import Policy, rounded


def shown_count(value: int | None, policy: Policy, *, large: bool = False) -> str:
    """A count as the policy shows it by itself: 1,230, or the symbol where it is small, or withheld by its publisher (None).

    `large`: of England or a region. It knows of no other cell: a table goes through `withhold`, which protects sums too.
    Raises InputError for what is no count.
    """
    if value is None or policy.is_small(whole(value)):
        return policy.symbol
    return f"{rounded(whole(value), policy.step(large)):,}"


def shown_rate(
    count: int | None, population: int, per: int, policy: Policy, *, large: bool = False, decimals: int = 1
) -> str:
    """A rate per `per` people, from the count as it is shown, so that it gives no more away than that; halves up.

    The symbol where the count has it. Raises InputError where the population is not above 0.
    """
    if population <= 0 or per <= 0 or decimals < 0:
        raise InputError(said("A rate needs a population and a base above 0, and a number of decimals: mend the row."))
    if shown_count(count, policy, large=large) == policy.symbol or count is None:
        return policy.symbol
    scale = 10**decimals
    units = floor(Fraction(rounded(whole(count), policy.step(large)) * per * scale, population) + Fraction(1, 2))
    return f"{units // scale:,}.{units % scale:0{decimals}d}" if decimals else f"{units:,}"


def counts_behind(rate: float | str, population: int, per: int, *, decimals: int = 1) -> tuple[int, int]:
    """The least and the greatest count that a published rate and its population allow: a rate gives its count away.

    `rate` as published (per `per` people; a percentage: per 100), with so many `decimals`, halves to either side. Give
    the pair to `withhold` or `attack` as `known`. Raises InputError where no whole count fits.
    """
    if population <= 0 or per <= 0:
        raise InputError(said("A rate needs a population and a base above 0: mend the row."))
    try:
        told = Fraction(str(rate))
    except ValueError:
        raise InputError(said("A rate is a number such as 25.4: leave a withheld one out.")) from None
    half = Fraction(1, 2 * 10**decimals)
    low, high = ceil((told - half) * population / per), floor((told + half) * population / per)
    if high < max(low, 0):
        raise InputError(
            said("No whole count gives this rate with this population: check both, and the number of decimals.")
        )
    return max(low, 0), high


def whole(value: object) -> int:
    """A count as an int. Raises InputError where it is none: the number is left out of the sentence, since it may be small."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 0:
        raise InputError(said("A count of children is a whole number, 0 or more: mend the table."))
    return int(value)
