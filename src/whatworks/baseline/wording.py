"""Words for periods and numbers of indicators, the same on every page and in every file."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _

from whatworks.baseline.indicators import MONTHLY, PERCENT, RATE, Indicator
from whatworks.saying import month_of
from whatworks.spoken import spoken

ON_DAY = frozenset({"cla-31-march"})


def period_words(one: Indicator, period: str) -> str:
    """When a period was: “the year to March 2025”, “31 March 2025”, “March 2024”."""
    if one.kind == MONTHLY:
        year, month = period.split("-")
        return spoken(month_of(datetime.date(int(year), int(month), 1)))
    if not period.isdecimal() or one.kind == PERCENT or one.key == "children":
        return period
    return (
        _("31 March %(period)s") % {"period": period}
        if "31 March" in one.name
        else _("the year to March %(period)s") % {"period": period}
    )


def during(one: Indicator, period: str) -> str:
    """The same after the word that goes before it: “in the year to March 2025”, “on 31 March 2025”."""
    return (_("on %(period)s") if "31 March" in one.name else _("in %(period)s")) % {
        "period": period_words(one, period)
    }


def number_words(one: Indicator, value: float | None) -> str:
    """A number of an indicator: rates and percentages with one decimal, counts whole."""
    if value is None:
        return _("no number")
    if one.kind == PERCENT:
        return f"{value:.1f}%"
    return f"{value:.1f}" if one.kind == RATE else f"{value:,.0f}"


def change_words(now: float, before: float) -> str:
    """How a number lies beside another, without judging: “4% fewer”, “11% more”, “about the same”, “3.4 times as many”.

    >>> change_words(104, 100), change_words(100, 100.4), change_words(50, 100), change_words(340, 100)
    ('4% more', 'about the same', '50% fewer', '3.4 times as many')
    """
    if not before:
        return ""
    if now >= 2 * before:
        return _("%(now)s times as many") % {"now": f"{now / before:.1f}"}
    if not is_share(now, before):
        return _("about the same")
    moved = round(100 * (now / before - 1))
    return (_("%(share)s%% more") if moved > 0 else _("%(share)s%% fewer")) % {"share": abs(moved)}


def is_share(now: float, before: float) -> bool:
    """Whether the words for a change are so many per cent more or fewer, and not a multiple or the same."""
    return bool(before) and now < 2 * before and round(100 * (now / before - 1)) != 0


def plain(runs: list[str | dict[str, str]]) -> str:
    """Inline text without its links."""
    return "".join(run if isinstance(run, str) else run["number"] for run in runs)


def listed(names: list[str]) -> str:
    """Names in a sentence: “a, b and c”."""
    return ", ".join(names[:-1]) + (_(" and ") if len(names) > 1 else "") + names[-1] if names else ""
