"""What is held of an indicator: for each place and period the newest word, what earlier vintages said, and where each is from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from whatworks.baseline.disclosing import Geography, counts_people, family_of, withheld
from whatworks.baseline.indicators import MONTHLY, RATE, Indicator, indicators
from whatworks.baseline.models import Series, Vintage
from whatworks.baseline.remembering import remembered
from whatworks.baseline.sources import SYMBOLS
from whatworks.baseline.sources.release import WITHHELD
from whatworks.people.models import Area, Succession
from whatworks.saying import said
from whatworks.stats.disclosure import INTERNAL, PUBLIC, Policy

Pair = tuple[str, str]  # a release and a measure


@dataclass(frozen=True, slots=True)
class Said:
    """What one vintage says of one cell."""

    vintage: str
    label: str
    value: float | None
    symbol: str

    @property
    def words(self) -> str:
        """The number as published, or what its symbol means."""
        return SYMBOLS.get(self.symbol, self.symbol) if self.value is None else f"{self.value:,.10g}"


@dataclass(frozen=True, slots=True)
class Point:
    """An indicator in one place and period. value: what the indicator's definition gives; count, of: what it is made of; None
    where there is no number, for the reason in `symbol`; said: what each vintage says of the count, the newest first."""

    value: float | None
    count: float | None
    of: float | None
    symbol: str
    said: tuple[Said, ...]
    published: float | None = None

    @property
    def revised(self) -> bool:
        """Whether an earlier vintage said another number."""
        return len({one.value for one in self.said if one.value is not None}) > 1

    @property
    def why_not(self) -> str:
        """Why there is no number, in words."""
        return (
            said("withheld") if self.symbol in WITHHELD else SYMBOLS.get(self.symbol, self.symbol or said("not held"))
        )


Points = dict[str, dict[str, Point]]  # by place, by period
Cells = dict[Pair, dict[str, dict[str, tuple[Said, ...]]]]


def points(one: Indicator, policy: Policy = PUBLIC) -> Points:
    """An indicator in every place, by period in order, as the policy lets it be shown.

    Read once for the vintages that there are, which never change.
    """
    lead, parts = family_of(one.key)
    family = [indicators()[key] for key in (lead, *parts) if key in indicators()]
    releases = {release for each in family for release, _ in each.measures()}
    order = tuple(Vintage.objects.filter(release__in=releases).in_order().values_list("pk", flat=True))
    return _shown(one, order, policy)


@lru_cache(maxsize=32)
def _shown(one: Indicator, vintages: tuple[str, ...], policy: Policy) -> Points:
    """The same for these vintages, the oldest first."""
    held = _points(one, vintages)
    if not counts_people(one):
        return held
    if not policy.withholds:
        return held
    hidden = _cells_of(one, vintages, policy)
    older = {pk: _cells_of(one, then, policy) for pk, then in _as_of(one.release, vintages)}
    return {
        area: {period: _masked(point, (area, period), hidden, older, policy) for period, point in by_period.items()}
        for area, by_period in held.items()
    }


def _cells_of(one: Indicator, vintages: tuple[str, ...], policy: Policy) -> frozenset[tuple[str, str]]:
    """The places and periods of an indicator that the policy withholds, were these all the vintages."""
    found = _hidden(family_of(one.key), vintages, policy)
    return frozenset((area, period) for key, area, period in found if key == one.key)


def _as_of(release: str, vintages: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each vintage of a release but the newest, with the vintages there would be if it were the newest."""
    own = [pk for pk in vintages if pk in set(Vintage.objects.filter(release=release).values_list("pk", flat=True))]
    for at, pk in enumerate(own[:-1]):
        yield pk, tuple(each for each in vintages if each not in own[at + 1 :])


def _masked(
    point: Point,
    cell: tuple[str, str],
    hidden: Collection[tuple[str, str]],
    older: Mapping[str, Collection[tuple[str, str]]],
    policy: Policy,
) -> Point:
    """A point without its number where it is withheld, and without what earlier vintages may not be shown to have said."""
    whole = cell in hidden or point.symbol in WITHHELD
    said = tuple(
        replace(one, value=None, symbol=policy.symbol)
        if one.value is not None and (whole or cell in older.get(one.vintage, ()))
        else one
        for one in point.said
    )
    return Point(None, None, point.of, policy.symbol, said) if whole else replace(point, said=said)


@lru_cache(maxsize=16)
def _hidden(
    family: tuple[str, tuple[str, ...]], vintages: tuple[str, ...], policy: Policy
) -> frozenset[tuple[str, str, str]]:
    """Which cells of a family of indicators the policy withholds: indicator, place and period."""
    geography = Geography.read()
    key = [family, vintages, policy.to_dict(), geography.key()]
    return frozenset(remembered("withheld", key, lambda: _withheld(family, vintages, policy, geography)))  # type: ignore[arg-type]


def _withheld(
    family: tuple[str, tuple[str, ...]], vintages: tuple[str, ...], policy: Policy, geography: Geography
) -> Iterator[tuple[str, str, str]]:
    lead, parts = family
    by_period: defaultdict[str, dict[tuple[str, str], float | str]] = defaultdict(dict)
    for key in (lead, *parts):
        for area, series in (_points(indicators()[key], vintages) if key in indicators() else {}).items():
            for period, point in series.items():
                by_period[period][key, area] = point.symbol if point.count is None else point.count
    for period, counts in by_period.items():
        for key, area in withheld(counts, geography, lead=lead, parts=parts, policy=policy):
            yield key, area, period


def hidden_figures(policy: Policy = PUBLIC) -> frozenset[tuple[str, str, str, str]]:
    """Every figure held that the policy withholds, in each of its vintages: vintage, measure, place and period."""
    return _hidden_figures(tuple(Vintage.objects.in_order().values_list("pk", flat=True)), policy)


@lru_cache(maxsize=4)
def _hidden_figures(vintages: tuple[str, ...], policy: Policy) -> frozenset[tuple[str, str, str, str]]:
    """The same while these are the vintages."""
    found: set[tuple[str, str, str, str]] = set()
    for one in filter(counts_people, indicators().values()):
        raw, shown = points(one, INTERNAL), points(one, policy)
        for area, by_period in raw.items():
            for period, point in by_period.items():
                pairs = zip(point.said, shown[area][period].said, strict=True)
                measure, year = _measure(one, period)
                found |= {
                    (was.vintage, measure, area, year)
                    for was, now in pairs
                    if was.value is not None and now.value is None
                }
    return frozenset(found)


def _measure(one: Indicator, period: str) -> tuple[str, str]:
    """Under which measure and period of the release a point of an indicator stands."""
    if one.kind != MONTHLY:
        return one.numerator, period
    year, month = map(int, period.split("-"))
    return one.month_measure(one.months[(month - 4) % 12]), str(year + (month > 3))


@lru_cache(maxsize=32)
def _points(one: Indicator, vintages: tuple[str, ...]) -> Points:
    """Everything that these vintages, the oldest first, say of an indicator."""
    cells = _cells(one.measures(), vintages)
    if one.kind == MONTHLY:
        return _monthly(one, cells)
    tops, belows = cells.get((one.release, one.numerator), {}), cells.get((one.below, one.denominator), {})
    printed = cells.get((one.release, one.published), {})
    found: Points = {}
    for area, by_period in tops.items():
        of = belows.get(area, {})
        told = printed.get(area, {})
        found[area] = {
            period: _point(one, said, of.get(period, ()), told.get(period, ()))
            for period, said in sorted(by_period.items())
        }
    return found


def _point(one: Indicator, said: tuple[Said, ...], of: tuple[Said, ...], told: tuple[Said, ...]) -> Point:
    newest = said[0]
    below = of[0].value if of else None
    value, symbol = newest.value, newest.symbol
    if one.kind == RATE and value is not None:
        value, symbol = (value / below * one.per, "") if below else (None, "no population")
    return Point(value, newest.value, below, symbol, said, told[0].value if told else None)


def _monthly(one: Indicator, cells: Cells) -> Points:
    """Twelve measures of a year put one after another: April 2023 stands in the year to March 2024."""
    found: defaultdict[str, dict[str, Point]] = defaultdict(dict)
    for number, month in enumerate(one.months):
        for area, by_period in cells.get((one.release, one.month_measure(month)), {}).items():
            for period, rows in by_period.items():
                year, at = int(period) - (number < 9), (number + 3) % 12 + 1
                found[area][f"{year}-{at:02d}"] = Point(rows[0].value, rows[0].value, None, rows[0].symbol, rows)
    return {area: dict(sorted(by_period.items())) for area, by_period in found.items()}


def _cells(pairs: Iterable[Pair], order: Sequence[str]) -> Cells:
    """What these vintages say, the newest first, by measure, place and period."""
    wanted = set(pairs)
    vintages = Vintage.objects.in_bulk(order)
    at = {pk: number for number, pk in enumerate(order)}
    rows = Series.objects.filter(vintage__in=order, measure__in={measure for _, measure in wanted})
    found: Cells = {}
    held = rows.values_list("vintage", "measure", "area", "values")
    for pk, measure, area, values in sorted(held, key=lambda row: -at[row[0]]):
        vintage = vintages[pk]
        if (vintage.release, measure) not in wanted:
            continue
        by_period = found.setdefault((vintage.release, measure), {}).setdefault(area, {})
        for period, value in values.items():
            by_period[period] = (*by_period.get(period, ()), _said(vintage, value))
    return found


def _said(vintage: Vintage, value: Any) -> Said:
    number = isinstance(value, int | float)
    return Said(vintage.pk, vintage.label, float(value) if number else None, "" if number else str(value))


def with_predecessors(area: Area) -> list[str]:
    """A place and, one before the other, each that it alone took over from whole: their figures go on into each other."""
    found, befores = [area.pk], defaultdict(set)
    afters = defaultdict(set)
    for before, after in Succession.objects.values_list("before", "after"):
        befores[after].add(before)
        afters[before].add(after)
    while len(befores[found[-1]]) == 1:
        (before,) = befores[found[-1]]
        if len(afters[before]) > 1 or before in found:
            break
        found.append(before)
    return found


def joined(held: Mapping[str, Mapping[str, Point]], family: Iterable[str]) -> dict[str, Point]:
    """The points of a place and its sole predecessors as one series."""
    together: dict[str, Point] = {}
    for pk in family:
        for period, point in held.get(pk, {}).items():
            together.setdefault(period, point)
    return dict(sorted(together.items()))
