"""Whether a place's months stand out from how they come and go there, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.baseline.holding import Point
from whatworks.baseline.indicators import MONTHLY, Indicator
from whatworks.baseline.methods.xmr import Movement, xmr
from whatworks.baseline.wording import listed, period_words
from whatworks.errors import InputError
from whatworks.people.models import Area

YEAR, NAMED = 12, 4  # months of a year; months that are named before the rest is counted


def judged_words(area: Area, one: Indicator, points: dict[str, Point], periods: list[str]) -> str:
    """What stands out in the newest months without a gap; empty where there are fewer than two years of them."""
    whole = unbroken(points, periods)
    if one.kind != MONTHLY or len(whole) < 2 * YEAR:
        return ""
    breaks = breaks_of(area, one, whole)
    try:
        values = [points[period].value or 0.0 for period in whole]
        found = xmr(values, [period_words(one, each) for each in whole], season=YEAR, rebase=breaks)
    except InputError:
        return ""  # a month that is usually 0 has no share of its year
    since = (
        ""
        if whole == periods
        else _(" Judged from %(one)s on, since earlier months are missing.") % {"one": period_words(one, whole[0])}
    )
    begun = "".join(
        _(" The limits begin anew in %(one)s: %(why)s") % {"one": period_words(one, whole[at]), "why": why}
        for at, why in breaks
    )
    return f"{_told(found)}{since}{begun}"


def unbroken(points: dict[str, Point], periods: list[str]) -> list[str]:
    """The newest periods up to the last, none of them without a number: a gap has no moving range."""
    gaps = [at for at, period in enumerate(periods) if points[period].value is None]
    return periods[gaps[-1] + 1 :] if gaps else periods


def breaks_of(area: Area, one: Indicator, periods: list[str]) -> list[tuple[int, str]]:
    """Where numbers cannot be read on from those before, each with its reason: new definitions, and a new council."""
    dated = [(each.period, each.why) for each in one.breaks if each.area in ("", area.code)]
    if area.valid_from is not None:
        dated.append((f"{area.valid_from:%Y-%m}", _("%(name)s began as a new council.") % {"name": area.name}))
    found = [(periods.index(period), why) for period, why in dated if period in periods]
    return [(at, why) for at, why in sorted(found) if 2 <= at <= len(periods) - 2]


RULES = {
    "outside": gettext_lazy("Beyond the limits"),
    "two of three": gettext_lazy("Two of three months far from the middle"),
    "shift": gettext_lazy("Eight months or more on one side of the middle"),
    "trend": gettext_lazy("Six months or more always up, or always down"),
}


def _told(found: Movement) -> str:
    """What breaks which rule: months in a row as one stretch, the strongest rule first."""
    told = [f"{words}: {listed(some)}." for rule, words in RULES.items() if (some := _stretches(found, rule))]
    if not told:
        return _(
            "No month stands out from how the numbers come and go here, once the usual share of each month is taken out."
        )
    return _("What stands out from how the numbers come and go here: %(told)s") % {"told": " ".join(told)}


def _stretches(found: Movement, rule: str) -> list[str]:
    """The months that break a rule, those in a row said as “from … to …”; of many, the newest few."""
    at = [place for place, rules in enumerate(found.signals) if rule in rules]
    starts = [place for place in at if place - 1 not in at]
    ends = [place for place in at if place + 1 not in at]
    said = [
        found.periods[first]
        if first == last
        else _("%(periods)s to %(periods_2)s") % {"periods": found.periods[first], "periods_2": found.periods[last]}
        for first, last in zip(starts, ends, strict=True)
    ]
    return said if len(said) <= NAMED else [*said[-NAMED:], _("%(said)s earlier") % {"said": len(said) - NAMED}]
