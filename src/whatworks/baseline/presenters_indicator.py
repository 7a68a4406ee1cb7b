"""The page of an indicator: its answer for England, all councils compared fairly, what was revised, and how far to trust it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.baseline.comparing import Comparing
from whatworks.baseline.drawings import Tile, funnel_chart, shade_words, shades, tile_map, trend
from whatworks.baseline.holding import Point
from whatworks.baseline.indicators import COUNT, MONTHLY, PERCENT, RATE, Indicator, indicators
from whatworks.baseline.keying import REGION
from whatworks.baseline.methods.predicting import in_words
from whatworks.baseline.methods.revisions import revisions
from whatworks.baseline.models import Vintage
from whatworks.baseline.wording import change_words, during, is_share, listed, number_words, period_words, plain
from whatworks.spoken import spoken

ROUNDED = 5  # national figures are rounded to the nearest ten


def indicator_page(comparing: Comparing) -> dict[str, Any]:
    """Everything the page of an indicator says about one period."""
    one, said = comparing.indicator, answer(comparing)
    return {
        "indicator": one,
        "period": comparing.period,
        "when": period_words(one, comparing.period) if comparing.period else "",
        "answer": said,
        "answer_plain": plain(said),
        "periods": [
            {
                "period": each,
                "text": period_words(one, each),
                "href": _href(one, each),
                "here": each == comparing.period,
            }
            for each in reversed(comparing.periods[-24:])
        ],
        "trend": _trend(comparing),
        "map": map_of(comparing),
        "shades": _shades(comparing),
        "funnel": funnel_chart(comparing.funnel, _names(comparing), spoken(one.said())) if comparing.funnel else None,
        "funnel_words": _funnel_words(comparing),
        "trust": in_words(comparing.trust) if one.compared and comparing.trust else "",
        "adjusted": comparing.adjusted.summary() if comparing.adjusted else "",
        "small": _small(comparing),
        "rows": rows(comparing),
        "regions": rows(comparing, level=REGION),
        "reconciled": reconciled(comparing),
        "vintages": vintages_of(one),
        "revised": revised(comparing),
        "besides": [indicators()[key] for key in one.besides],
        "breaks": one.breaks,
    }


def _href(one: Indicator, period: str) -> str:
    return reverse("indicator_period", args=[one.key, period])


def _names(comparing: Comparing) -> dict[str, str]:
    return {pk: area.name for pk, area in comparing.authorities.items()}


def answer(comparing: Comparing) -> list[Any]:
    """The first sentence: what England's number is, linked to where it is from, and how it moved."""
    one, point = comparing.indicator, comparing.held.get(comparing.country, {}).get(comparing.period)
    if point is None or point.value is None:
        return [_("We hold no number for England.")]
    when = during(one, comparing.period)
    said: list[Any] = [
        _("%(when)s the number for England was ") % {"when": f"{when[0].upper()}{when[1:]}"},
        linked(one, point),
        f" {spoken(one.said())}",
    ]
    if one.kind == RATE and point.count is not None:
        said += [": ", {"number": f"{point.count:,.0f}", "vintage": point.said[0].vintage}, f" {one.unit}"]
    earlier = comparing.before()
    before = comparing.value(comparing.country, earlier) if earlier and one.kind != MONTHLY else None
    return [
        *said,
        _(". That is %(change)s the year before.") % {"change": against(point.value, before)} if before else ".",
    ]


def linked(one: Indicator, point: Point) -> dict[str, str]:
    """A number with the vintage that it is from."""
    return {"number": number_words(one, point.value), "vintage": point.said[0].vintage}


def against(now: float, before: float) -> str:
    """How a number lies beside another, with the word that goes on to the other: “4% more than”."""
    said = {"change": change_words(now, before)}
    return _("%(change)s than") % said if is_share(now, before) else _("%(change)s as") % said


def _trend(comparing: Comparing) -> Any:
    series = comparing.held.get(comparing.country, {})
    periods = [each for each in comparing.periods[-60:] if each in series and series[each].value is not None]
    here = [series[each].value for each in periods]
    name = _("%(name)s, England") % {"name": comparing.indicator.name}
    return trend(name, periods, here, [None] * len(periods), unit=spoken(comparing.indicator.said()), name=_("England"))


def map_of(comparing: Comparing) -> str:
    """The tile map of an indicator; empty where councils are not compared by it."""
    one = comparing.indicator
    whole = comparing.value(comparing.country)
    if one.kind not in (RATE, PERCENT) or not whole:
        return ""
    shade = shades(whole)
    beyond = {each.area: each.side for each in comparing.funnel.areas} if comparing.funnel else {}
    tiles = []
    for pk, area in comparing.authorities.items():
        point = comparing.held[pk].get(comparing.period)
        value = point.value if point else None
        said = number_words(one, value) if value is not None else (point.why_not if point else _("not held"))
        href = reverse("area", args=[area.code])
        shaded = shade(value) if value is not None else None
        tiles.append(Tile(area.code, area.name, said, href, shaded, bool(beyond.get(pk))))
    return tile_map(
        tiles,
        _("%(name)s, %(one)s: a square for each council")
        % {"name": one.name, "one": period_words(one, comparing.period)},
    )


def _shades(comparing: Comparing) -> list[str]:
    whole = comparing.value(comparing.country)
    return shade_words(whole, lambda value: number_words(comparing.indicator, value)) if whole else []


def _funnel_words(comparing: Comparing) -> str:
    found = comparing.funnel
    if found is None:
        return ""
    names = _names(comparing)
    beyond = {side: sorted(names[each.area] for each in found.areas if each.side == side) for side in (1, -1)}
    more = _(" Above: %(names)s.") % {"names": listed(beyond[1])} if beyond[1] else ""
    fewer = _(" Below: %(names)s.") % {"names": listed(beyond[-1])} if beyond[-1] else ""
    return _(
        "%(outside_adjusted)s of %(areas)s councils lie outside the limits, once we count in how "
        "much councils ordinarily differ.%(more)s%(fewer)s Limits for chance alone would single out "
        "%(outside_unadjusted)s, which says more about such limits than about councils. To lie "
        "outside is a reason to ask, not a finding."
    ) % {
        "outside_adjusted": found.outside_adjusted,
        "areas": len(found.areas),
        "more": more,
        "fewer": fewer,
        "outside_unadjusted": found.outside_unadjusted,
    }


def _small(comparing: Comparing) -> list[dict[str, str]]:
    one, names = comparing.indicator, _names(comparing)
    return [
        {
            "name": names[pk],
            "raw": number_words(one, drawn.raw),
            "drawn": number_words(one, drawn.value),
            "low": number_words(one, drawn.low),
            "high": number_words(one, drawn.high),
        }
        for pk, drawn in sorted(comparing.small.items(), key=lambda row: names[row[0]])
    ]


def rows(comparing: Comparing, level: str = "") -> list[dict[str, Any]]:
    """Every place in order of name, each with its number, the one before, and where the number is from."""
    earlier = comparing.before()
    places = [one for one in comparing.areas.values() if one.sort == level] if level else comparing.authorities.values()
    found = []
    for area in sorted(places, key=lambda one: (one.name, one.code)):
        point = comparing.held[area.pk].get(comparing.period)
        if point is None:
            continue
        found.append(
            {
                "area": area,
                "point": point,
                "said": number_words(comparing.indicator, point.value) if point.value is not None else point.why_not,
                "before": number_words(comparing.indicator, comparing.value(area.pk, earlier)) if earlier else "",
                "vintage": point.said[0].vintage,
                "revised": revised_words(point),
            }
        )
    return found


def revised_words(point: Point) -> str:
    """What earlier vintages said, where it was another number."""
    if not point.revised:
        return ""
    return "; ".join(
        _("%(words)s in the %(label)s release") % {"words": spoken(one.words), "label": one.label}
        for one in point.said[1:]
    )


def reconciled(comparing: Comparing) -> list[dict[str, Any]]:
    """Our sum of councils beside the published number of England, with the difference explained, by period."""
    one = comparing.indicator
    if one.kind not in (RATE, COUNT):
        return []
    return [row for period in comparing.periods[-7:] if (row := _reconciled(comparing, period))]


def _reconciled(comparing: Comparing, period: str) -> dict[str, Any] | None:
    whole = comparing.held.get(comparing.country, {}).get(period)
    held = [point for pk in comparing.authorities if (point := comparing.held[pk].get(period))]
    if whole is None or whole.count is None or not held:
        return None
    total = sum(point.count for point in held if point.count is not None)
    withheld = sum(point.count is None and point.symbol == "c" for point in held)
    without = sum(point.count is None and point.symbol not in ("c", "z") for point in held)
    return {
        "period": period,
        "published": f"{whole.count:,.0f}",
        "summed": f"{total:,.0f}",
        "difference": f"{total - whole.count:+,.0f}".replace("-", "\N{MINUS SIGN}"),
        "why": explained(whole.count, total, withheld, without),
        "rate": number_words(comparing.indicator, whole.value),
        "published_rate": "" if whole.published is None else f"{whole.published:g}",
        "same_rate": whole.published is None or whole.value is None or abs(whole.value - whole.published) <= 0.5,
    }


def explained(published: float, summed: float, withheld: int, without: int) -> str:
    """Why the councils' sum is not the published number, as far as the figures themselves show it."""
    gap = abs(summed - published)
    if not gap:
        return _("The same.")
    parts = []
    if published % 10 == 0 and gap <= ROUNDED and not withheld:
        return _("Within rounding: the published number is rounded to the nearest ten.")
    if withheld:
        who = (
            _("1 council's number is")
            if withheld == 1
            else _("%(withheld)s councils' numbers are") % {"withheld": withheld}
        )
        parts.append(_("%(who)s withheld, since small numbers could point to a child") % {"who": who})
    if without:
        parts.append(
            _("1 council has no number")
            if without == 1
            else _("%(without)s councils have no number") % {"without": without}
        )
    if published % 10 == 0:
        parts.append(_("the published number is rounded to the nearest ten"))
    return f"{'; '.join(parts).capitalize()}." if parts else _("Not explained by what is published.")


def vintages_of(one: Indicator) -> list[Vintage]:
    """The vintages that an indicator is read from, the newest first."""
    return list(Vintage.objects.filter(release__in={release for release, _ in one.measures()}).in_order().reverse())


def revised(comparing: Comparing) -> list[str]:
    """What each later vintage said otherwise than the one before, in sentences."""
    one = comparing.indicator
    if one.kind == MONTHLY:
        return []
    by_vintage: dict[str, dict[tuple[str, str], float | None]] = {}
    for pk in comparing.authorities:
        for period, point in comparing.held[pk].items():
            for said in point.said:
                by_vintage.setdefault(said.vintage, {})[pk, period] = said.value
    order = [each for each in Vintage.objects.filter(release=one.release).in_order() if each.pk in by_vintage]
    return [
        _("From the release of %(label)s to that of %(label_2)s: %(by_vintage)s")
        % {
            "label": before.label,
            "label_2": after.label,
            "by_vintage": revisions(by_vintage[before.pk], by_vintage[after.pk]).summary(),
        }
        for before, after in pairwise(order)
    ]
