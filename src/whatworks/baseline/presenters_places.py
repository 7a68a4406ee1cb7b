"""England as a map, places by region, and the pages of vintages."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.baseline.comparing import Comparing
from whatworks.baseline.drawings import shade_words
from whatworks.baseline.holding import hidden_figures
from whatworks.baseline.indicators import indicator, indicators
from whatworks.baseline.methods.revisions import Revisions, revisions
from whatworks.baseline.models import Vintage
from whatworks.baseline.presenters_indicator import answer, map_of, rows
from whatworks.baseline.wording import number_words, period_words
from whatworks.people.models import Area

LEAD = "starts"


def places_page(sought: str = "") -> dict[str, Any]:
    """What is happening in England, as a map and a table, and every place by region."""
    comparing = Comparing.read(indicator(LEAD))
    whole = comparing.value(comparing.country)
    today = Area.objects.authorities().valid_on(timezone.localdate()).order_by("name")
    regions: dict[str, list[Area]] = {}
    for area in today:
        regions.setdefault(area.region, []).append(area)
    return {
        "indicator": comparing.indicator,
        "when": period_words(comparing.indicator, comparing.period) if comparing.period else "",
        "answer": answer(comparing) if whole else [_("This centre holds no published figures yet.")],
        "map": map_of(comparing),
        "shades": shade_words(whole, lambda value: number_words(comparing.indicator, value)) if whole else [],
        "rows": rows(comparing) if whole else [],
        "regions": sorted(regions.items()),
        "count": sum(map(len, regions.values())),
        "gone": list(Area.objects.exclude(valid_to=None).order_by("name")),
        "sought": sought,
        "found": find(sought) if sought else [],
        "indicators": list(indicators().values()),
    }


def find(sought: str) -> list[Area]:
    """Places by part of their name, or by code; those that exist first."""
    held = Area.objects.authorities()
    exact = [one for one in held if sought.casefold() in (one.code.casefold(), one.name.casefold())]
    alive = [one for one in exact if one.valid_to is None]
    if alive:
        return alive
    some = exact or [one for one in held if sought.casefold() in one.name.casefold()]
    return sorted(some, key=lambda one: (one.valid_to is not None, one.name))


def vintage_page(one: Vintage) -> dict[str, Any]:
    """What a vintage is, and what it said otherwise than the one before of the same release."""
    family = list(Vintage.objects.filter(release=one.release).in_order())
    at = family.index(one)
    before = family[at - 1] if at else None
    return {
        "vintage": one,
        "figures": sum(len(values) for values in one.series.values_list("values", flat=True)),
        "places": one.series.values("area").distinct().count(),
        "measures": one.series.values("measure").distinct().count(),
        "family": [each for each in reversed(family) if each != one],
        "before": before,
        "revised": revised(before, one) if before else None,
        "used": [each for each in indicators().values() if one.release in {release for release, _ in each.measures()}],
    }


def revised(before: Vintage, after: Vintage) -> dict[str, Any]:
    """What a vintage said otherwise than the one before: in a sentence for each measure, and the largest changes of all."""
    old, new = _cells(before), _cells(after)
    measures = sorted({measure for measure, *_ in old} & {measure for measure, *_ in new})
    found: dict[str, Revisions] = {measure: revisions(_of(old, measure), _of(new, measure)) for measure in measures}
    names = dict(Area.objects.values_list("pk", "name"))
    largest = sorted(
        (row for each in found.values() for row in each.revised if row.change is not None),
        key=lambda row: -abs(row.change or 0.0),
    )
    return {
        "measures": [(measure, each.summary()) for measure, each in found.items()],
        "largest": [_changed(row.key, row.before, row.after, names) for row in largest[:20]],
    }


def _of(cells: dict[tuple[str, str, str], float | None], measure: str) -> dict[tuple[str, str, str], float | None]:
    return {key: value for key, value in cells.items() if key[0] == measure}


def _cells(one: Vintage) -> dict[tuple[str, str, str], float | None]:
    """The numbers of a vintage that may be shown, by measure, place and period."""
    hidden = hidden_figures()
    return {
        (measure, area, period): float(value)
        if isinstance(value, int | float) and (one.pk, measure, area, period) not in hidden
        else None
        for measure, area, values in one.series.order_by("measure", "area").values_list("measure", "area", "values")
        for period, value in values.items()
    }


def _changed(key: str, before: float, after: float, names: dict[str, str]) -> dict[str, str]:
    measure, area, period = key.rsplit(", ", 2)
    change = f"{after / before - 1:+.1%}".replace("-", "\N{MINUS SIGN}")
    where = names.get(area, area)
    return {
        "measure": measure,
        "area": where,
        "period": period,
        "before": f"{before:,.10g}",
        "after": f"{after:,.10g}",
        "change": change,
    }
