"""A synthetic twin of outcome data: rows that nobody gave, with the columns of those that people did.

It is drawn from a few numbers: the outcome's level in each arm and its spread within and between clusters, and for every other column the
shares of its levels or the means of tenths. Columns are drawn apart from each other, so that what binds them in the real data (other than
the arm and the cluster) is not in the twin. It serves to try a program, never to find anything out.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.designs import as_level, is_missing
from whatworks.stats.lot import Lot
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, COUNT, Design

SMALL = 10  # levels, tenths and shares that rest on fewer rows are not drawn from
FINE = 1 << 53
OTHER = "other"
Table = Mapping[str, Sequence[Any]]
Drawing = Callable[[], str]


def twin(design: Design, table: Table, arms: Sequence[str], seed: str) -> dict[str, list[str]]:
    """As many rows in all as the real ones, about as many in each cluster. `table`: columns by name; `arms`: each row's arm; `seed`: of
    the lot. Raises InputError where the outcome holds what is no number, or fewer than ten rows of an arm have one.
    """
    lot = Lot(seed)
    clusters = _clusters(design, table, arms, lot)
    found: dict[str, list[str]] = {name: [] for name in table}
    outcome = _Outcome(design, table, arms, lot)
    columns = {name: _column(list(cells), lot) for name, cells in table.items() if name not in _named(design, table)}
    for label, arm, rows in clusters:
        shared = outcome.of_cluster()
        for _ in range(rows):
            for name in table:
                if name == design.analysis.outcome:
                    found[name].append(outcome.draw(arm, shared))
                elif name == design.analysis.cluster:
                    found[name].append(label)
                elif name == design.analysis.arm:
                    found[name].append(arm)
                else:
                    found[name].append(columns[name]())
    return found


def _named(design: Design, table: Table) -> set[str]:
    told = design.analysis
    return {name for name in (told.outcome, told.cluster, told.arm) if name in table}


def _clusters(design: Design, table: Table, arms: Sequence[str], lot: Lot) -> list[tuple[str, str, int]]:
    """Each cluster with its arm and a number of rows that is drawn about the mean, never its own; without clusters, the arms."""
    labels = [as_level(cell) for cell in table.get(design.analysis.cluster, arms)]
    where = dict(zip(labels, arms, strict=True))
    sizes = list(Counter(labels).values())
    mean, spread = statistics.fmean(sizes), statistics.pstdev(sizes)
    return [(label, where[label], max(1, round(mean + spread * normal(lot)))) for label in sorted(where)]


class _Outcome:
    """How the outcome is drawn, from its level and spread in each arm."""

    def __init__(self, design: Design, table: Table, arms: Sequence[str], lot: Lot) -> None:
        told = design.analysis
        if told.outcome not in table:
            raise InputError(said("The data have no column “%(name)s”, the outcome of the design.", name=told.outcome))
        self.kind, self.lot = design.design.outcome, lot
        cells = table[told.outcome]
        self.share = {arm: _missing(cells, arms, arm) for arm in set(arms)}
        self.values = {arm: _numbers(cells, arms, arm, told.outcome) for arm in set(arms)}
        self.level = {arm: statistics.fmean(held) for arm, held in self.values.items()}
        together = [one for held in self.values.values() for one in held]
        self.whole = all(float(one).is_integer() for one in together)
        self.least = 0.0 if min(together) >= 0 else -math.inf
        within = [one - self.level[arm] for arm, held in self.values.items() for one in held]
        variance = statistics.pvariance(within)
        self.between = math.sqrt(_between(design, table, arms, self.level, variance))
        self.within = math.sqrt(max(variance - self.between**2, 0.0))

    def of_cluster(self) -> float:
        """What people of one cluster have in common."""
        return self.between * normal(self.lot)

    def draw(self, arm: str, shared: float) -> str:
        """One value; empty where it is missing, as often as in the arm."""
        if self.lot.below(100) < self.share[arm]:
            return ""
        level = self.level[arm] + shared
        if self.kind == BINARY:
            return str(int(uniform(self.lot) < level))
        if self.kind == COUNT:
            return str(_poisson(max(level, 0.0), self.lot))
        value = max(self.least, level + self.within * normal(self.lot))
        if self.kind != CONTINUOUS:
            value = abs(value)
        return str(round(value)) if self.whole else f"{value:.4g}"


def _missing(cells: Sequence[Any], arms: Sequence[str], arm: str) -> int:
    """How many of 100 values of an arm are missing; none where they are fewer than ten."""
    held = [is_missing(cell) for cell, one in zip(cells, arms, strict=True) if one == arm]
    return round(100 * sum(held) / len(held)) if sum(held) >= SMALL else 0


def _numbers(cells: Sequence[Any], arms: Sequence[str], arm: str, name: str) -> list[float]:
    try:
        held = [float(cell) for cell, one in zip(cells, arms, strict=True) if one == arm and not is_missing(cell)]
    except (TypeError, ValueError) as error:
        raise InputError(
            said("The column “%(name)s” holds what is no number; there is no twin of it.", name=name)
        ) from error
    if len(held) < SMALL:
        raise InputError(
            said("The arm “%(arm)s” has fewer than %(n)s values; a twin of them would tell too much.", arm=arm, n=SMALL)
        )
    return held


def _between(design: Design, table: Table, arms: Sequence[str], level: Mapping[str, float], variance: float) -> float:
    """The variance between clusters, from their means (moments); none without clusters."""
    cluster, outcome = design.analysis.cluster, design.analysis.outcome
    if cluster not in table:
        return 0.0
    held: dict[str, list[float]] = {}
    for label, cell, arm in zip(table[cluster], table[outcome], arms, strict=True):
        if not is_missing(cell):
            held.setdefault(as_level(label), []).append(float(cell) - level[arm])
    means = [statistics.fmean(some) for some in held.values()]
    size = statistics.fmean(len(some) for some in held.values())
    return max(0.0, statistics.pvariance(means) - variance / size)


def _column(cells: Sequence[Any], lot: Lot) -> Drawing:
    """How another column is drawn: numbers from the means of tenths, levels by their shares, names of people made up."""
    kept = [cell for cell in cells if not is_missing(cell)]
    lost = round(100 * (len(cells) - len(kept)) / len(cells)) if len(cells) - len(kept) >= SMALL else 0
    told = Counter(as_level(cell) for cell in kept)
    known = {name: n for name, n in told.items() if n >= SMALL}
    numbers = _as_numbers(kept)
    if numbers is not None and len(told) > SMALL and len(numbers) >= SMALL**2:
        draw = _tenths(sorted(numbers), lot)
    elif known:
        draw = _levels(known, len(kept), lot)
    else:
        draw = _made_up()
    return lambda: "" if lot.below(100) < lost else draw()


def _as_numbers(cells: Sequence[Any]) -> list[float] | None:
    try:
        return [float(cell) for cell in cells]
    except (TypeError, ValueError):
        return None


def _tenths(numbers: list[float], lot: Lot) -> Drawing:
    """Between the means of neighbouring tenths of the numbers: never the least or the greatest that somebody has."""
    size = len(numbers) // SMALL
    means = [statistics.fmean(numbers[size * n : size * (n + 1)]) for n in range(SMALL)]
    whole = all(one.is_integer() for one in numbers)

    def draw() -> str:
        place = uniform(lot) * (SMALL - 1)
        low = int(place)
        value = means[low] + (place - low) * (means[min(low + 1, SMALL - 1)] - means[low])
        return str(round(value)) if whole else f"{value:.4g}"

    return draw


def _levels(known: Mapping[str, int], rows: int, lot: Lot) -> Drawing:
    """Levels by their shares; those of fewer than ten rows are one level together."""
    shares = sorted(known.items())
    rest = rows - sum(known.values())
    shares += [(OTHER, rest)] if rest >= SMALL else []
    names = [name for name, n in shares for _ in range(max(1, round(1000 * n / rows)))]
    return lambda: names[lot.below(len(names))]


def _made_up() -> Drawing:
    """A column whose levels are nearly all different, such as a pseudonym: numbered anew."""
    count = 0

    def draw() -> str:
        nonlocal count
        count += 1
        return f"made-up-{count}"

    return draw


def uniform(lot: Lot) -> float:
    """A number between 0 and 1, neither of them."""
    return (lot.below(FINE) + 0.5) / FINE


def normal(lot: Lot) -> float:
    """A number of the standard normal distribution."""
    return statistics.NormalDist().inv_cdf(uniform(lot))


def _poisson(mean: float, lot: Lot) -> int:
    """A count with this mean (Knuth for small means, the rounded normal above)."""
    if mean > 50:
        return max(0, round(mean + math.sqrt(mean) * normal(lot)))
    count, product, limit = 0, uniform(lot), math.exp(-mean)
    while product > limit:
        count, product = count + 1, product * uniform(lot)
    return count
