"""A place beside what is fair to set it beside: its own past, its neighbours, its region, England, and places as poor as it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from threading import Lock

from whatworks.baseline.holding import Points, points
from whatworks.baseline.indicators import Indicator, indicator
from whatworks.baseline.keying import COUNTRY, REGION
from whatworks.baseline.methods.adjusting import LEAST, Adjusted, adjusted
from whatworks.baseline.methods.funnel import Funnel, funnel
from whatworks.baseline.methods.predicting import Predicted, predictors
from whatworks.baseline.methods.shrinking import SMALL, Shrunk, shrunk
from whatworks.baseline.models import Neighbour
from whatworks.people.models import Area
from whatworks.saying import said

POVERTY = "child-poverty"
MOST = 48  # comparisons kept at hand


@dataclass(frozen=True, slots=True)
class Beside:
    """One thing a place is set beside. kind: before, neighbours, region, country or usual; value: its number; note: how far
    it was off last time."""

    kind: str
    what: str
    value: float
    note: str = ""


@dataclass
class Comparing:
    """Everything that one indicator says in one period. Read from the database once, worked out when asked for."""

    indicator: Indicator
    period: str
    held: Points

    @classmethod
    def read(cls, one: Indicator, period: str = "") -> Comparing:
        """An indicator in a period; the newest where none is named. Worked out once while figures and places stay as they are."""
        held = points(one)
        places = tuple(Area.objects.order_by("pk").values_list("pk", "code", "name", "sort", "region"))
        links = Neighbour.objects.count()
        key = (one.key, period, id(held), hash(places), links)
        with _LOCK:
            if key not in _KEPT:
                while len(_KEPT) >= MOST:
                    _KEPT.pop(next(iter(_KEPT)))
                periods = periods_of(held)
                _KEPT[key] = cls(one, period or (periods[-1] if periods else ""), held)
            return _KEPT[key]

    @cached_property
    def areas(self) -> dict[str, Area]:
        """Every place that has a figure."""
        return {one.pk: one for one in Area.objects.filter(pk__in=self.held)}

    @cached_property
    def periods(self) -> list[str]:
        """The periods in which there is a figure of England, in order."""
        return periods_of(self.held)

    @cached_property
    def country(self) -> str:
        """The identifier of the whole country."""
        return next((pk for pk, one in self.areas.items() if one.sort == COUNTRY), "")

    @cached_property
    def authorities(self) -> dict[str, Area]:
        """Places that are no region and not the country."""
        return {pk: one for pk, one in self.areas.items() if not one.made_up}

    def value(self, pk: str, period: str = "") -> float | None:
        """The number of a place."""
        point = self.held.get(pk, {}).get(period or self.period)
        return point.value if point else None

    def rates(self, period: str) -> dict[str, float]:
        """Every authority's number above 0 in a period."""
        found = {pk: self.value(pk, period) for pk in self.authorities}
        return {pk: value for pk, value in found.items() if value}

    @cached_property
    def funnel(self) -> Funnel | None:
        """All authorities around their rate together; None where it is no rate or too few have one."""
        if not self.indicator.compared:
            return None
        rows = [
            (pk, point.count, point.of)
            for pk in self.authorities
            if (point := self.held[pk].get(self.period)) and point.count is not None and point.of
        ]
        if len(rows) < LEAST:
            return None
        return funnel(
            [count for _, count, _ in rows], [of for *_, of in rows], [pk for pk, *_ in rows], per=self.indicator.per
        )

    @cached_property
    def neighbours(self) -> dict[str, list[str]]:
        """Whom the newest model sets beside each place; links may go one way only."""
        return neighbours(self.model)

    @cached_property
    def model(self) -> str:
        """The newest model of neighbours."""
        return Neighbour.objects.order_by("-model").values_list("model", flat=True).first() or ""

    def before(self) -> str:
        """The period before; empty at the beginning."""
        at = self.periods.index(self.period) if self.period in self.periods else 0
        return self.periods[at - 1] if at else ""

    @cached_property
    def trust(self) -> tuple[Predicted, ...]:
        """How well each comparison of the year before would have told this year's numbers."""
        earlier, whole = self.before(), self.value(self.country, self.before())
        if not self.indicator.compared:
            return ()
        now, then = self.rates(self.period), self.rates(earlier) if earlier else {}
        shared = set(now) & set(then)
        if len(shared) < LEAST or not whole:
            return ()
        return predictors({pk: then[pk] for pk in sorted(shared)}, now, whole=whole, neighbours=self.neighbours)

    @cached_property
    def adjusted(self) -> Adjusted | None:
        """What is usual for places with as much child poverty; None where that input is not published for the period."""
        if not self.indicator.compared or POVERTY not in self.indicator.besides:
            return None
        poverty = points(indicator(POVERTY))
        rates = self.rates(self.period)
        both = [
            (pk, rate, point.value)
            for pk, rate in rates.items()
            if (point := poverty.get(pk, {}).get(self.period)) and point.value is not None
        ]
        if len(both) < LEAST:
            return None
        return adjusted([rate for _, rate, _ in both], [given for *_, given in both], [pk for pk, *_ in both])

    @cached_property
    def small(self) -> dict[str, Shrunk]:
        """Places whose expected count is so small that their own rate says little, drawn towards the rate of all."""
        if self.funnel is None:
            return {}
        rows = self.funnel.areas
        found = shrunk(
            [one.observed for one in rows],
            [one.population for one in rows],
            [one.area for one in rows],
            per=self.indicator.per,
        )
        return {one.area: drawn for one, drawn in zip(rows, found, strict=True) if one.expected < SMALL}

    def beside(self, area: Area) -> list[Beside]:
        """What a place is fairly set beside, the most telling first: its own last year, neighbours, region, England."""
        earlier = self.before()
        values = [value for pk in self.neighbours.get(area.pk, ()) if (value := self.value(pk)) is not None]
        region = next((pk for pk, one in self.areas.items() if one.sort == REGION and one.name == area.region), "")
        rows = [
            (
                "before",
                said("Its own year before, %(earlier)s", earlier=earlier),
                self.value(area.pk, earlier) if earlier else None,
            ),
            (
                "neighbours",
                said(
                    "The middle of its %(count)s statistical neighbours, model of %(model)s",
                    count=len(values),
                    model=self.model,
                ),
                median(values) if values else None,
            ),
            ("region", area.region, self.value(region)),
            ("country", said("England"), self.value(self.country)),
        ]
        return [Beside(kind, what, value, self._off(kind)) for kind, what, value in rows if value is not None]

    def _off(self, kind: str) -> str:
        """How far a comparison of that kind was off, the last time that it can be told."""
        by = {"before": "its own last year", "neighbours": "the median of its neighbours", "country": "the rate of all"}
        found = next((one for one in self.trust if one.by == by.get(kind)), None)
        return said("typically off by %(times)s per cent", times=f"{100 * (found.times - 1):.0f}") if found else ""


_LOCK = Lock()  # requests are answered side by side
_KEPT: dict[tuple[object, ...], Comparing] = {}  # each holds the figures by whose identity it is known


def periods_of(held: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Every period of which there is a figure, in order."""
    return sorted({period for by_period in held.values() for period in by_period})


def neighbours(model: str) -> dict[str, list[str]]:
    """Whom a model sets beside each place, the nearest first."""
    found: dict[str, list[str]] = {}
    rows: Iterable[tuple[str, str]] = (
        Neighbour.objects.filter(model=model).order_by("area", "place").values_list("area", "neighbour")
    )
    for area, other in rows:
        found.setdefault(area, []).append(other)
    return found
