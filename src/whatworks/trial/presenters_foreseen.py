"""What a trial would do to the answer that stands, in sentences: chances out of 100, and what it is worth to know."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from whatworks.errors import InputError
from whatworks.extract.methods.metrics import METRICS
from whatworks.spoken import spoken
from whatworks.stats.chart import shown
from whatworks.synthesise.models import Analysis
from whatworks.synthesise.reading import with_interval
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.foreseeing.believing import unit_of
from whatworks.trial.methods.foreseeing.judging import Level, Strength
from whatworks.trial.methods.foreseeing.learning import Next
from whatworks.trial.methods.sizing.assuming import control_rate

OF = 1000
ABSOLUTE, SHARES = ("RD", "IRD"), ("RD", "RR", "HR")


def next_words(analysis: Analysis, result: Mapping[str, Any], found: Next) -> list[str]:
    """Where the pooled result stands, and what may become of it when this trial has reported."""
    told = {"scale": spoken(METRICS[analysis.metric].title), "result": with_interval(analysis.metric, result)}
    now = (
        _("Today the pooled %(scale)s is %(result)s; the interval lies on one side of no difference.")
        if found.clear_now
        else _(
            "Today the pooled %(scale)s is %(result)s; the interval lies on both sides of no difference, so the direction is not certain."
        )
    ) % told
    chances = {"changes": _chance(found.changes), "below": _chance(found.below), "above": _chance(found.above)}
    after = (
        _("With this trial among the studies the chance that it comes to lie on both sides is %(changes)s.")
        if found.clear_now
        else _(
            "With this trial among the studies the chance that it comes to lie on one side is %(changes)s (fewer or lower: %(below)s; more "
            "or higher: %(above)s)."
        )
    ) % chances
    flips = _("The chance that the mean effect comes out on the other side is %(flips)s.") % {
        "flips": _chance(found.flips)
    }
    return [now, after, flips]


def worth_words(design: Design, metric: str, found: Next) -> list[str]:
    """The expected value of knowing, in units of the outcome, with what it takes for granted. No money is in it."""
    try:
        times, unit = _in_units(design, metric)
    except InputError as error:
        return [_("What it is worth to know cannot be told: %(why)s") % {"why": spoken(error)}]
    told = {
        "wrong": _chance(found.wrong_now),
        "all": _worth(found.worth_all * times, unit),
        "trial": _worth(found.worth_trial * times, unit),
    }
    return [
        _(
            "If it were offered or not by this outcome alone, as the mean effect points today, the chance of choosing wrongly is "
            "%(wrong)s. Never choosing wrongly would be worth %(all)s on average (the expected value of perfect information); this trial "
            "is worth %(trial)s of that (the expected value of sample information), every time the choice is made."
        )
        % told,
        _(
            "This takes for granted that each bit of the effect counts alike, that offering it costs nothing that counts here, and that "
            "the result is followed."
        ),
    ]


def _in_units(design: Design, metric: str) -> tuple[float, str]:
    """How many units of the outcome among 1,000 people one unit of the effect is, near no effect; and a number of them in words."""
    people = {"of": f"{OF:,}", "people": design.estimand.units or _("people"), "value": "%(value)s"}
    if metric not in ABSOLUTE and METRICS[metric].transform != "exp":
        return unit_of(design, metric), _("%(value)s points of the outcome for each of the %(people)s") % people
    words = (
        _("%(value)s of each %(of)s %(people)s") if metric in SHARES else _("%(value)s events among %(of)s %(people)s")
    )
    if metric in ABSOLUTE:
        return OF, words % people
    rate = control_rate(design)
    return OF * (-(1 - rate) * math.log(1 - rate) if metric == "HR" else rate), words % people


def _worth(value: float, words: str) -> str:
    """Two digits; what is less than a hundredth is said to be so."""
    return words % {"value": _("less than 0.01") if value < 0.01 else shown(float(f"{value:.2g}"))}


def strength_words(found: Strength | None) -> list[str]:
    """Whether the strength of the evidence would be called otherwise; which inputs would change, where people must judge."""
    if found is None:
        return [
            _("The strength of this evidence has not been computed, so what the trial would do to it cannot be told.")
        ]
    told = {"many": found.randomised, "more": found.randomised + 1, "low": found.low_risk, "lower": found.low_risk + 1}
    inputs = _(
        "Of what the strength scale asks, the trial would change the number of randomised studies (from %(many)s to %(more)s) and, if "
        "people judge it to be at low risk of bias, the number of those (from %(low)s to %(lower)s)."
    )
    lines = [inputs % told]
    if not found.changes:
        return [*lines, _("By its rules the strength would stay as it is: %(now)s.") % {"now": _level(found.now)}]
    moved = _(
        "By its rules the strength is %(now)s today; %(with)s with the trial, and %(low)s with it at low risk of bias."
    )
    return [
        *lines,
        moved % {"now": _level(found.now), "with": _level(found.with_trial), "low": _level(found.with_low_risk)},
    ]


def _level(one: Level) -> str:
    if one.word:
        return one.word
    if not one.reach:
        return _("not to be told")
    return _("%(lowest)s to %(highest)s, as people judge") % {"lowest": one.reach[0], "highest": one.reach[-1]}


def _chance(share: float) -> str:
    """Out of 100, and never nought or a hundred where it is neither."""
    if share < 0.005:
        return _("less than 1 in 100")
    if share > 0.995:
        return _("more than 99 in 100")
    return _("%(n)s in 100") % {"n": round(100 * share)}
