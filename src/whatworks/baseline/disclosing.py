"""Which figures may be shown: small counts of people are withheld, and whatever would give them away by subtraction.

Publishers have been over their figures already. This goes over what we make of them: several releases beside each other,
sums by region, a number with and without some children, and files that nobody went over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from whatworks.baseline.indicators import COUNT, MONTHLY, RATE, Indicator, indicators
from whatworks.baseline.keying import COUNTRY, REGION
from whatworks.baseline.sources.release import HERE, WITHHELD
from whatworks.errors import InputError
from whatworks.people.models import Area
from whatworks.stats.disclosure import PUBLIC, Policy, Relation, withhold

ROUNDED = 10  # publishers round the counts of England and of regions to the nearest ten
PEOPLE = frozenset({"children", "enquiries", "referrals"})
POPULATION = frozenset({"children", "child-poverty"})  # keys of indicators that count everybody who lives in a place
# A number of all, and the numbers of parts that add up to it. Held or not, what is left over is a number, too.
FAMILIES: dict[str, tuple[str, ...]] = {
    "starts": ("starts-without-uasc", "starts-uasc"),
    "ends": ("ends-without-uasc", "ends-uasc"),
    "looked-after": ("looked-after-without-uasc", "looked-after-uasc"),
}
Cell = tuple[str, str]  # an indicator and a place
Counts = Mapping[Cell, float | str]  # a number, or the symbol that stands instead


@dataclass(frozen=True, slots=True)
class Geography:
    """Which places make up which: regions of authorities, and the country of all."""

    sorts: Mapping[str, str]
    regions: Mapping[str, str]  # of each authority: the identifier of its region
    country: str

    @classmethod
    def read(cls) -> Geography:
        """As the register of places has it."""
        areas = list(Area.objects.order_by("pk"))
        by_name = {one.name: one.pk for one in areas if one.sort == REGION}
        return cls(
            {one.pk: one.sort for one in areas},
            {one.pk: by_name.get(one.region, "") for one in areas if not one.made_up},
            next((one.pk for one in areas if one.sort == COUNTRY), ""),
        )

    def key(self) -> list[list[str]]:
        """What tells this geography from another."""
        return [[place, sort, self.regions.get(place, "")] for place, sort in sorted(self.sorts.items())]

    def large(self, place: str) -> bool:
        """Whether a place is made up of authorities."""
        return self.sorts.get(place) in (COUNTRY, REGION)


def counts_people(one: Indicator) -> bool:
    """Whether an indicator's count is of people to whom something happened, so that a small one could point to them."""
    return one.kind in (RATE, COUNT, MONTHLY) and one.unit in PEOPLE and one.key not in POPULATION


def family_of(key: str) -> tuple[str, tuple[str, ...]]:
    """The number of all to which an indicator belongs, and the parts that add up to it."""
    for lead, parts in FAMILIES.items():
        if key == lead or key in parts:
            return lead, parts
    return key, ()


def withheld(
    counts: Counts, geography: Geography, *, lead: str, parts: tuple[str, ...] = (), policy: Policy = PUBLIC
) -> set[Cell]:
    """The cells of one period that the policy withholds, beyond those that their publisher withheld."""
    if not policy.withholds:
        return set()
    values = {
        cell: None if isinstance(value, str) else int(value)
        for cell, value in counts.items()
        if not isinstance(value, str) or value in WITHHELD
    }
    if not any(value is None or policy.is_small(value) for value in values.values()):
        return set()
    large = {cell for cell in values if geography.large(cell[1])}
    rounded = {cell: ROUNDED for cell in large if (value := values[cell]) is not None and value % ROUNDED == 0}
    sums = [*_by_place(counts, values, geography), *_by_part(values, lead, parts)]
    holding = [one for one in sums if _holds(one, values, rounded)]
    chosen = [one for one in holding if _tells(one, values, policy)]
    while True:
        hidden = _gone_over(values, chosen, policy, large, rounded)
        # a number that is withheld for another's sake may be in sums of its own
        more = [one for one in holding if one not in chosen and not hidden.isdisjoint((one.total, *one.parts))]
        if not more:
            return hidden
        chosen += more


def withhold_in(series: Mapping[tuple[str, str], dict[str, int | float | str]], release: str, policy: Policy) -> int:
    """Withhold in place what one vintage gives away by itself: its figures by measure and place, by period. Returns how many."""
    geography, number = Geography.read(), 0
    for one in indicators().values():
        if one.release != release or not counts_people(one):
            continue
        for measure in [one.numerator] if one.numerator else [one.month_measure(month) for month in one.months]:
            number += _withhold_measure(series, measure, geography, policy)
    return number


def _withhold_measure(
    series: Mapping[tuple[str, str], dict[str, int | float | str]], measure: str, geography: Geography, policy: Policy
) -> int:
    held = {place: values for (name, place), values in series.items() if name == measure}
    number = 0
    for period in sorted({period for values in held.values() for period in values}):
        counts = {(measure, place): values[period] for place, values in held.items() if period in values}
        hidden = withheld(counts, geography, lead=measure, policy=policy)
        for _, place in hidden:
            held[place][period] = HERE
        number += len(hidden)
    return number


def _gone_over(
    values: Mapping[Cell, int | None],
    relations: list[Relation],
    policy: Policy,
    large: set[Cell],
    rounded: Mapping[Cell, int],
) -> set[Cell]:
    """The cells that the policy withholds, where these sums are all that ties them."""
    for some in (relations, [one for one in relations if one.total not in large], []):
        tied = {cell for one in some for cell in (one.total, *one.parts)}  # others give nothing away
        asked = {
            cell: value for cell, value in values.items() if cell in tied or value is None or policy.is_small(value)
        }
        of = {cell: step for cell, step in rounded.items() if cell in asked}
        try:
            found = withhold(asked, some, policy, large=large & asked.keys(), rounded=of)
        except InputError:
            continue  # revised numbers beside unrevised ones: their sums hold only about, and give nothing exact away
        return {cell for cell, value in asked.items() if value is not None and found.text(cell) == policy.symbol}
    return {cell for cell, value in values.items() if value is not None and policy.is_small(value)}


def _by_place(counts: Counts, values: Mapping[Cell, int | None], geography: Geography) -> Iterable[Relation]:
    """That a region, and the country, has what its authorities have; not where one of them has no number for another reason."""
    members: defaultdict[Cell, list[Cell]] = defaultdict(list)
    unknown: set[Cell] = set()
    for key, place in counts:
        if geography.large(place):
            continue
        for above in (geography.regions.get(place, ""), geography.country):
            if (key, place) in values:
                members[key, above].append((key, place))
            else:
                unknown.add((key, above))
    for total, parts in members.items():
        if total in values and total not in unknown:
            yield Relation(total, tuple(parts))


def _by_part(values: Mapping[Cell, int | None], lead: str, parts: tuple[str, ...]) -> Iterable[Relation]:
    """That all are those of each part, also where we do not hold every part."""
    for key, place in list(values):
        if key == lead and any((part, place) in values for part in parts):
            yield Relation((lead, place), tuple((part, place) for part in parts))


def _holds(one: Relation, values: Mapping[Cell, int | None], rounded: Mapping[Cell, int]) -> bool:
    """Whether a sum holds as far as its numbers are shown: those of a later release beside those of an earlier may not."""
    told = [values[cell] for cell in one.parts if cell in values]
    shown, total = sum(value for value in told if value is not None), values[one.total]
    slack = ROUNDED // 2 * sum(cell in rounded for cell in (one.total, *one.parts))
    whole = len(told) == len(one.parts) and None not in told
    return total is None or (shown <= total + slack and (not whole or shown >= total - slack))


def _tells(one: Relation, values: Mapping[Cell, int | None], policy: Policy) -> bool:
    """Whether a sum says something of a number that is small or withheld, or leaves a small one over that is not held."""
    told = [values.get(cell, 0) for cell in (one.total, *one.parts)]
    if any(value is None or policy.is_small(value) for value in told):
        return True
    left = (told[0] or 0) - sum(value or 0 for value in told[1:])
    return any(cell not in values for cell in one.parts) and policy.is_small(left)
