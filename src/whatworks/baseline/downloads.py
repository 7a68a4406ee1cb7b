"""Figures as files: every number with its place, period, vintage and source, so that nobody has to type one again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from whatworks.baseline.holding import Point, Points, hidden_figures, points
from whatworks.baseline.indicators import Indicator, indicators
from whatworks.baseline.models import Neighbour, Vintage
from whatworks.baseline.sources.release import HERE
from whatworks.people.models import Area
from whatworks.spreadsheets import cell

HEAD = (
    "indicator", "code", "place", "sort", "region", "period", "value", "unit", "count", "of", "symbol", "vintage", "release",
    "published_value", "publisher", "licence", "source",
)  # fmt: skip


def indicator_csv(one: Indicator) -> str:
    """An indicator in every place and period, each vintage on a line of its own, the newest first."""
    return _written(_lines(one, points(one)))


def area_csv(area: Area) -> str:
    """Every indicator of a place."""
    return _written(line for one in indicators().values() for line in _lines(one, _only(points(one), area.pk)))


def vintage_csv(one: Vintage) -> str:
    """Every figure that a vintage holds and that may be shown, a line for each."""
    hidden = {(measure, area, period) for vintage, measure, area, period in hidden_figures() if vintage == one.pk}
    areas = {area.pk: area for area in Area.objects.all()}
    lines = [
        [measure, areas[pk].code, areas[pk].name, period, HERE if (measure, pk, period) in hidden else value, one.pk]
        for measure, pk, values in one.series.order_by("measure", "area").values_list("measure", "area", "values")
        for period, value in values.items()
    ]
    return _table(("measure", "code", "place", "period", "value_or_symbol", "vintage"), lines)


def neighbours_csv() -> str:
    """Whom each model of statistical neighbours sets beside each place, the nearest first."""
    links = Neighbour.objects.select_related("area", "neighbour").order_by("model", "area__name", "area__code", "place")
    head = ("model", "code", "place", "order", "neighbour_code", "neighbour", "closeness")
    return _table(
        head,
        (
            [one.model, one.area.code, one.area.name, one.place, one.neighbour.code, one.neighbour.name, one.closeness]
            for one in links
        ),
    )


def _only(held: Points, pk: str) -> Points:
    return {pk: held[pk]} if pk in held else {}


def _written(lines: Iterable[list[object]]) -> str:
    return _table(HEAD, lines)


def _table(head: tuple[str, ...], lines: Iterable[list[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([cell(value) for value in line] for line in lines)
    return out.getvalue()


def _lines(one: Indicator, held: Points) -> Iterable[list[object]]:
    areas = {area.pk: area for area in Area.objects.filter(pk__in=held)}
    vintages = {each.pk: each for each in Vintage.objects.all()}
    for pk, area in sorted(areas.items(), key=lambda row: (row[1].name, row[1].code)):
        for period, point in held[pk].items():
            yield from _vintages(one, area, period, point, vintages)


def _vintages(
    one: Indicator, area: Area, period: str, point: Point, vintages: dict[str, Vintage]
) -> Iterable[list[object]]:
    for at, said in enumerate(point.said):
        vintage = vintages[said.vintage]
        newest = at == 0
        yield [
            one.key,
            area.code,
            area.name,
            area.sort,
            area.region,
            period,
            point.value if newest else None,  # rates are worked out from the newest words only
            one.said(),
            said.value,
            point.of if newest else None,
            said.symbol,
            said.vintage,
            vintage.label,
            point.published if newest else None,
            vintage.publisher,
            vintage.licence,
            vintage.source_url,
        ]
