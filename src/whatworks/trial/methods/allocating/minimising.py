"""Minimisation: each unit, as it comes, most likely to the arm that keeps the arms alike (Pocock and Simon 1975, doi
10.2307/2529712).

For each arm, add up over the unit's factors how far the numbers of units with its value would lie apart, were it put there: the
most less the fewest, each arm's number over its parts. The arm with the smallest sum is preferred, with the coin's chance; the other
arms share the rest by their parts. Arms that tie for the smallest are drawn from, before the coin.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.lot import Lot
from whatworks.trial.methods.allocating.drawing import Arms, ballots_of

COIN = (4, 5)


def minimise(
    units: Sequence[tuple[str, Mapping[str, str]]], arms: Arms, lot: Lot, *, coin: tuple[int, int] = COIN,
    before: Sequence[tuple[Mapping[str, str], str]] = (),
) -> dict[str, str]:  # fmt: skip
    """Arms of units in the order in which they come, each with its values of the same factors.

    `coin`: the preferred arm's chance, as (number, of); it must be more than even and less than certain. `before`: units drawn earlier,
    with their arms. Raises InputError where a factor is missing or the coin is none.
    """
    ballots_of([name for name, _ in units], arms)
    if not (2 * coin[0] > 0 and coin[0] * len(arms) > coin[1] and coin[0] < coin[1]):
        raise InputError(
            said(
                "A coin of %(number)s in %(of)s does not prefer an arm and still leave it to chance; take 4 in 5.",
                number=coin[0],
                of=coin[1],
            )
        )
    factors = sorted(units[0][1])
    counts: Counter[tuple[str, str, str]] = Counter()
    for values, arm in before:
        _add(counts, factors, values, arm)
    found = {}
    for name, values in units:
        if sorted(values) != factors or not all(values.values()):
            raise InputError(
                said(
                    "%(unit)s lacks a value of %(factors)s; minimisation needs each for every unit.",
                    unit=name,
                    factors=", ".join(factors),
                )
            )
        found[name] = _arm(counts, values, arms, lot, coin)
        _add(counts, factors, values, found[name])
    return found


def _add(counts: Counter[tuple[str, str, str]], factors: Sequence[str], values: Mapping[str, str], arm: str) -> None:
    for factor in factors:
        counts[factor, values[factor], arm] += 1


def _arm(
    counts: Counter[tuple[str, str, str]], values: Mapping[str, str], arms: Arms, lot: Lot, coin: tuple[int, int]
) -> str:
    apart = {arm: sum(_spread(counts, item, arm, arms) for item in sorted(values.items())) for arm in arms}
    least = [arm for arm in arms if apart[arm] == min(apart.values())]
    preferred = lot.one_of(least) if len(least) > 1 else least[0]
    if lot.comes(*coin):
        return preferred
    return lot.one_of([arm for arm, parts in arms.items() if arm != preferred for _ in range(parts)])


def _spread(counts: Counter[tuple[str, str, str]], item: tuple[str, str], to: str, arms: Arms) -> Fraction:
    numbers = [Fraction(counts[*item, arm] + (arm == to), parts) for arm, parts in arms.items()]
    return max(numbers) - min(numbers)
