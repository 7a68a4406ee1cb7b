"""The page of a place: what is happening, how sure that is, what it is fairly set beside, and what stands behind each number."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.baseline.comparing import POVERTY, Beside, Comparing, neighbours
from whatworks.baseline.drawings import funnel_chart, trend
from whatworks.baseline.holding import Point, joined, with_predecessors
from whatworks.baseline.indicators import COUNT, MONTHLY, RATE, Indicator, indicators
from whatworks.baseline.methods.predicting import in_words
from whatworks.baseline.methods.wavering import LEAST, Wavering, wavering
from whatworks.baseline.models import Neighbour
from whatworks.baseline.presenters_indicator import linked, revised_words
from whatworks.baseline.presenters_months import judged_words
from whatworks.baseline.wording import change_words, listed, number_words, period_words, plain
from whatworks.people.models import Area, Succession
from whatworks.spoken import on_day, spoken

LEAD, WITHOUT = "starts", "starts-without-uasc"
SHOWN = ("starts", "starts-without-uasc", "looked-after", "ends", "section-47", "referrals")
YEARS = 36  # months of a monthly series that are shown and judged


def area_page(area: Area) -> dict[str, Any]:
    """Everything the page of a place says."""
    family = with_predecessors(area)
    read = {key: Comparing.read(indicators()[key]) for key in SHOWN}
    series = {key: joined(one.held, family) for key, one in read.items()}
    said = answer(area, read, series)
    return {
        "area": area,
        "answer": said,
        "answer_plain": plain(said),
        "history": history_words(area),
        "compared": compared(area, read[LEAD], series[LEAD]),
        "without": compared(area, read[WITHOUT], series[WITHOUT]),
        "shown": [part for key in SHOWN if (part := _shown(area, read[key], series[key]))],
        "neighbours": neighbours_of(area),
    }


def answer(area: Area, read: dict[str, Comparing], series: dict[str, dict[str, Point]]) -> list[Any]:
    """The first sentences: how many children started to be looked after, and what is usual for this place."""
    points = series[LEAD]
    newest = next((period for period in reversed(points) if points[period].value is not None), "")
    if not newest:
        return [_("We hold no number of children who start to be looked after for %(name)s.") % {"name": area.name}]
    point, one = points[newest], read[LEAD].indicator
    count = {"number": f"{point.count:,.0f}", "vintage": point.said[0].vintage}
    said: list[Any] = [
        *_missing(one, points, read[LEAD].period, newest),
        _("In %(period)s, ") % {"period": period_words(one, newest)},
        count,
        _(" children in %(name)s started to be looked after: ") % {"name": area.name},
        linked(one, point),
        _(" for every 10,000 children who live there."),
    ]
    bare = series[WITHOUT].get(newest)
    if bare is not None and bare.value is not None:
        said += [_(" Without children who came alone to seek asylum it was "), linked(one, bare), "."]
    return [*said, span_words(area, read[LEAD], points, newest)]


def _missing(one: Indicator, points: dict[str, Point], latest: str, newest: str) -> list[str]:
    """That the latest period has no number here, and why, before an older one is told."""
    if latest == newest:
        return []
    why = points[latest].why_not if latest in points else _("not held")
    return [
        _("For %(period)s there is no number here: %(why)s. The newest that we hold is older. ")
        % {"period": period_words(one, latest), "why": why}
    ]


def _moving(comparing: Comparing) -> Wavering | None:
    """How numbers move from year to year, over all councils, in the newest two years."""
    earlier = comparing.before()
    both = [
        (one, two)
        for pk in comparing.authorities
        if (one := comparing.held[pk].get(earlier))
        and (two := comparing.held[pk].get(comparing.period))
        and None not in (one.count, one.of, two.count, two.of)
    ]
    if len(both) < LEAST:
        return None
    columns = ([getattr(pair[at], name) for pair in both] for at in (0, 1) for name in ("count", "of"))
    before, before_of, now, now_of = columns
    return wavering(before, before_of, now, now_of)


def span_words(area: Area, comparing: Comparing, points: dict[str, Point], period: str) -> str:
    """How far the number may be from what is usual here, learned from how all councils' numbers move."""
    point = points[period]
    moving = _moving(comparing)
    if moving is None or point.count is None or not point.of or area.pk not in comparing.authorities:
        return ""
    low, high = moving.span(point.count, point.of, per=comparing.indicator.per)
    one = comparing.indicator
    return _(" Numbers of one year come and go: what is usual here may be anywhere from %(low)s to %(high)s.") % {
        "low": number_words(one, low),
        "high": number_words(one, high),
    }


def history_words(area: Area) -> list[str]:
    """When the place began and ended, and who took over from whom."""
    said = []
    befores = [
        one.before.name
        for one in Succession.objects.filter(after=area).select_related("before").order_by("before__name")
    ]
    afters = list(Succession.objects.filter(before=area).select_related("after").order_by("after__name"))
    if area.valid_from:
        since = _("It began on %(valid_from)s") % {"valid_from": on_day(area.valid_from)}
        said.append(
            _("%(since)s, when it took over from %(befores)s.") % {"since": since, "befores": listed(befores)}
            if befores
            else f"{since}."
        )
    if area.valid_to:
        who = _("; %(areas)s took over") % {"areas": listed([one.after.name for one in afters])} if afters else ""
        said.append(_("It ended on %(valid_to)s%(who)s.") % {"valid_to": on_day(area.valid_to), "who": who})
    return said


def compared(area: Area, comparing: Comparing, points: dict[str, Point]) -> dict[str, Any] | None:
    """The place set beside its own past, its neighbours, its region, England, and what is usual where children are as poor."""
    point = points.get(comparing.period)
    if point is None or point.value is None:
        return None
    one = comparing.indicator
    found = {row.area: row for row in comparing.funnel.areas} if comparing.funnel else {}
    names = {pk: each.name for pk, each in comparing.authorities.items()}
    return {
        "indicator": one,
        "when": period_words(one, comparing.period),
        "said": number_words(one, point.value),
        "rows": [
            _beside(one, point.value, row, points.get(comparing.before()))
            for row in (*comparing.beside(area), *_usual(area, comparing))
        ],
        "funnel": funnel_chart(comparing.funnel, names, spoken(one.said()), area.pk)
        if area.pk in found and comparing.funnel
        else None,
        "funnel_words": _side_words(area, found[area.pk].side) if area.pk in found else "",
        "trust": in_words(comparing.trust) if comparing.trust and area.pk in names else "",
        "small": _small_words(area, comparing),
    }


def _usual(area: Area, comparing: Comparing) -> list[Beside]:
    line = comparing.adjusted
    mine = next((row for row in line.places if row.area == area.pk), None) if line else None
    if line is None or mine is None:
        return []
    share = round(100 * line.r2)
    what = _("What is usual where %(given)s of 100 children live in low-income families") % {
        "given": f"{mine.given:.0f}"
    }
    return [
        Beside(
            "usual",
            what,
            mine.usual,
            _("goes along with %(share)s per cent of the differences, no more") % {"share": share},
        )
    ]


def _beside(one: Indicator, mine: float, row: Beside, before: Point | None) -> dict[str, str]:
    """A row of the comparison, its number linked to where it can be looked up."""
    links = {
        "before": reverse("vintage", args=[before.said[0].vintage]) if before else "",
        "neighbours": "#neighbours",
        "usual": reverse("indicator", args=[POVERTY]),
    }
    href = links.get(row.kind, reverse("indicator", args=[one.key]) + "#numbers")
    moved = change_words(mine, row.value)
    return {"what": row.what, "value": number_words(one, row.value), "href": href, "moved": moved, "note": row.note}


def _side_words(area: Area, side: int) -> str:
    if side == 0:
        return _(
            "%(name)s lies inside the limits: it differs from England no more than councils ordinarily "
            "differ from each other."
        ) % {"name": area.name}
    if side > 0:
        return _(
            "%(name)s lies above the limits, even once we count in how much councils ordinarily differ. That is a "
            "reason to ask why, not a finding that anything is wrong or right."
        ) % {"name": area.name}
    return _(
        "%(name)s lies below the limits, even once we count in how much councils ordinarily differ. That is a "
        "reason to ask why, not a finding that anything is wrong or right."
    ) % {"name": area.name}


def _small_words(area: Area, comparing: Comparing) -> str:
    drawn = comparing.small.get(area.pk)
    if drawn is None or drawn.low is None:
        return ""
    one = comparing.indicator
    return _(
        "So few children are expected here that one year's number says little. Drawn towards "
        "England's, the rate is %(one)s, and may be anywhere from %(one_2)s to %(one_3)s."
    ) % {
        "one": number_words(one, drawn.value),
        "one_2": number_words(one, drawn.low),
        "one_3": number_words(one, drawn.high),
    }


def _shown(area: Area, comparing: Comparing, points: dict[str, Point]) -> dict[str, Any] | None:
    """One indicator of the place: a sentence, a picture, and its figures with where each is from."""
    one = comparing.indicator
    if not points:
        return None
    whole = comparing.held.get(comparing.country, {})
    periods = list(points)[-YEARS:] if one.kind == MONTHLY else list(points)
    first = next((at for at, each in enumerate(periods) if points[each].value is not None), 0)
    periods = periods[first:]  # years of a count without what it is counted from say nothing as a rate
    here = [points[each].value for each in periods]
    besides = [whole[each].value if each in whole and one.kind == RATE else None for each in periods]
    return {
        "indicator": one,
        "sentence": _sentence(one, points, periods),
        "judged": judged_words(area, one, points, periods),
        "chart": trend(f"{one.name}, {area.name}", periods, here, besides, unit=spoken(one.said()), name=area.name),
        "rows": [_figure(one, period, points[period]) for period in reversed(periods)],
    }


def _sentence(one: Indicator, points: dict[str, Point], periods: list[str]) -> str:
    held = [period for period in periods if points[period].value is not None]
    if not held:
        return _("There is no number that we hold.")
    last = held[-1]
    value = points[last].value or 0.0
    when = period_words(one, last)
    said = f"{when[0].upper()}{when[1:]}: {number_words(one, value)} {spoken(one.said())}."
    first = points[held[0]].value
    if one.kind in (RATE, COUNT) and len(held) > 1 and first:
        said += _(" In %(held)s it was %(one)s.") % {
            "held": held[0],
            "one": number_words(one, first),
        }
    return said


def _figure(one: Indicator, period: str, point: Point) -> dict[str, Any]:
    return {
        "period": period_words(one, period),
        "said": number_words(one, point.value) if point.value is not None else point.why_not,
        "count": "" if point.count is None else f"{point.count:,.0f}",
        "of": "" if point.of is None else f"{point.of:,.0f}",
        "vintage": point.said[0].vintage,
        "label": point.said[0].label,
        "revised": revised_words(point),
    }


def neighbours_of(area: Area) -> dict[str, Any] | None:
    """Whom the newest model sets beside the place, who sets it beside itself, and who was beside it in the model before."""
    models = sorted(set(Neighbour.objects.filter(area=area).values_list("model", flat=True)))
    if not models:
        return None
    newest = models[-1]
    links = list(Neighbour.objects.filter(model=newest, area=area).select_related("neighbour").order_by("place"))
    back = set(Neighbour.objects.filter(model=newest, neighbour=area).values_list("area", flat=True))
    earlier = set(neighbours(models[-2]).get(area.pk, ())) if len(models) > 1 else set()
    return {
        "model": newest,
        "links": [
            {
                "area": one.neighbour,
                "closeness": one.closeness,
                "both": one.neighbour_id in back,
                "stayed": one.neighbour_id in earlier,
            }
            for one in links
        ],
        "one_way": sum(one.neighbour_id not in back for one in links),
        "stayed": sum(one.neighbour_id in earlier for one in links),
        "earlier": models[-2] if len(models) > 1 else "",
    }
