"""The result of a trial for a reader: first in plain words and in numbers of people, then the whole panel, then what to be wary of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from whatworks.spoken import spoken
from whatworks.trial.methods.analysing.panel_rows import LOG_ODDS, LOG_RATES, RATES, RISKS
from whatworks.trial.methods.analysing.telling import WHAT
from whatworks.trial.methods.design import read
from whatworks.trial.models import TrialAnalysis

MINUS = "\N{MINUS SIGN}"
Line = Mapping[str, Any]


def result_of(analysis: TrialAnalysis) -> dict[str, Any]:
    """An open analysis as a page shows it."""
    panel = analysis.panel
    row = next((one for one in panel["panel"] if one["declared"]), None)
    lock = panel["lock"]
    return {
        "analysis": analysis,
        "card": card(analysis, row) if row else [],
        "groups": panel["groups"],
        "icc": _icc(panel),
        "rows": [_row(one) for one in panel["panel"]],
        "failed": [(one["method"], one["reason"]) for one in panel["failed"]],
        "warnings": panel["warnings"],
        "same": bool(lock and lock["same"]),
        "differences": lock["differences"] if lock else [],
    }


def card(analysis: TrialAnalysis, row: Line) -> list[str]:
    """The declared result in plain sentences: levels of both arms in one unit, then how sure the direction is."""
    design = read(analysis.protocol.design)
    first, second = (arm.gets or arm.name for arm in design.arms[:2])
    what = capfirst(design.estimand.endpoint or design.analysis.outcome)
    level = analysis.panel["groups"][0]["level"]
    told = (
        _people(row, level, what, first, second)
        if row["absolute"] is not None or row["scale"] in (RISKS, RATES)
        else []
    )
    told = told or [_mean(row, level, what, first, second)]
    return [*told, _sure(row)]


def _people(row: Line, level: float, what: str, first: str, second: str) -> list[str]:
    """Out of 100 for shares, out of 1,000 for rates: the same denominator for both arms."""
    apart = row["absolute"] if row["absolute"] is not None else row["estimate"]
    of = 1000 if row["scale"] in (LOG_RATES, RATES) else 100
    if row["scale"] not in (LOG_RATES, RATES, LOG_ODDS, RISKS):
        return []
    told = {
        "of": f"{of:,}",
        "what": what,
        "first": first,
        "second": second,
        "one": f"{level * of:.0f}",
        "other": f"{(level + apart) * of:.0f}",
    }
    return [_("%(what)s: %(one)s of %(of)s with %(first)s, and %(other)s of %(of)s with %(second)s.") % told]


def _mean(row: Line, level: float, what: str, first: str, second: str) -> str:
    told = {
        "what": what,
        "first": first,
        "second": second,
        "level": f"{level:.3g}",
        "apart": f"{abs(row['estimate']):.3g}",
    }
    if row["estimate"] >= 0:
        return _("%(what)s: the mean is %(level)s with %(first)s, and %(apart)s higher with %(second)s.") % told
    return _("%(what)s: the mean is %(level)s with %(first)s, and %(apart)s lower with %(second)s.") % told


def _sure(row: Line) -> str:
    """What the interval allows. One that holds no difference is never told as “no effect”."""
    if row["ci_low"] is None or row["ci_high"] is None:
        return _("How far it may be from this is not known.")
    told = {"low": _number(row["ci_low"], row), "high": _number(row["ci_high"], row)}
    if row["ci_low"] <= 0 <= row["ci_high"]:
        return (
            _(
                "This trial cannot tell whether that is more or less: the true difference may lie anywhere from %(low)s to %(high)s."
            )
            % told
        )
    return _("The true difference may lie anywhere from %(low)s to %(high)s.") % told


def _number(value: float, row: Line) -> str:
    if row["scale"] in (LOG_ODDS, LOG_RATES):
        ends = {row["ci_low"]: row["relative_low"], row["ci_high"]: row["relative_high"]}
        return _("%(times)s times") % {"times": f"{ends[value]:.2f}"}
    if row["scale"] in (RISKS, RATES):
        of = 1000 if row["scale"] == RATES else 100
        return _("%(n)s in each %(of)s") % {"n": signed(value * of, 1), "of": f"{of:,}"}
    return signed(value, 2)


def signed(value: float, places: int) -> str:
    """A number with a true minus."""
    return f"{value:.{places}f}".replace("-", MINUS)


def _row(one: Line) -> dict[str, Any]:
    """A line of the panel."""
    ends = (one["ci_low"], one["ci_high"])
    return {
        "method": one["method"],
        "what": spoken(WHAT[one["method"]]),
        "declared": one["declared"],
        "scale": one["scale"],
        "estimate": signed(one["estimate"], 4),
        "se": "" if one["se"] is None else f"{one['se']:.4f}",
        "df": "" if one["df"] is None else f"{one['df']:.1f}",
        "interval": ""
        if None in ends
        else _("%(low)s to %(high)s") % {"low": signed(ends[0], 4), "high": signed(ends[1], 4)},
        "p": "" if one["p"] is None else f"{one['p']:.4f}",
        "warnings": one["warnings"],
    }


def _icc(panel: Mapping[str, Any]) -> str:
    if panel["icc"] is None:
        return ""
    ends = panel["icc_interval"]
    if not ends or ends.get("low") is None:
        return f"{panel['icc']:.4f}"
    return _("%(icc)s (%(low)s to %(high)s)") % {
        "icc": f"{panel['icc']:.4f}",
        "low": signed(ends["low"], 4),
        "high": signed(ends["high"], 4),
    }
