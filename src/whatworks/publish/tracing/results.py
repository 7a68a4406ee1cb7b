"""The thread of a pooled result: the number as said, the pool, the findings in it, what was published beside it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.ledger.verification import ITERATIVE, compare
from whatworks.publish.methods.numbers import LOGISTIC, STANDARDISED, Three, metric_name, more, plain, printed, span
from whatworks.publish.page.absolute import baseline_of, in_hundred
from whatworks.publish.page.naming import three_of
from whatworks.publish.tracing.parts import DIFFERS, SAME, Step, pages_of, search_step, superseded
from whatworks.rate.gathering import CLEAR
from whatworks.spoken import spoken, spoken_capital
from whatworks.synthesise.methods.running import run_pool
from whatworks.synthesise.models import Synthesis

INTERVALS = {
    "wald": gettext_lazy("normal (Wald)"),
    "hksj": gettext_lazy("Hartung and Knapp"),
    "hksj-adhoc": gettext_lazy("Hartung and Knapp, widened"),
    "t": gettext_lazy("t distribution"),
}


def synthesis_steps(identifier: str) -> tuple[str, list[Step]]:
    """From the number as a page says it down to the findings and the search."""
    one = Synthesis.objects.select_related("analysis__review", "analysis__outcome", "analysis__intervention").get(
        pk=identifier
    )
    analysis, hundred = one.analysis, in_hundred(one)
    exact = f"{spoken(metric_name(analysis.metric))} {spoken(printed(three_of(one), analysis.metric))}"
    said = {
        "heading": _("The published number"),
        "who": one.role.capitalize(),
        "card": False,
        "blocks": [
            {"type": "text", "parts": [f"{analysis.title}: {exact}."]},
            *superseded(identifier),
            {"type": "links", "items": pages_of(analysis.intervention_id, analysis.intervention.part_of_id)},
        ],
    }
    words = (
        _("%(estimate)s of 100") % {"estimate": spoken(more(hundred.estimate))}
        if hundred
        else spoken(printed(three_of(one), analysis.metric))
    )
    return _("Where “%(words)s” comes from") % {"words": words}, [
        said,
        *_hundred_steps(one, hundred),
        _pool_step(one),
        _findings_step(one),
        _compared_step(one),
        search_step(analysis.review),
    ]


def _hundred_steps(one: Synthesis, hundred: Three | None) -> list[Step]:
    """How the result is said out of 100: the risk it starts from and the sum."""
    if hundred is None:
        return []
    metric, baseline = one.analysis.metric, baseline_of(one)
    sums = {
        "RD": _("the pooled difference in risk, times 100"),
        "RR": _("risk x ratio - risk, times 100"),
        "IRR": _("risk x ratio - risk, times 100"),
    }
    odds = _("odds = risk / (1 - risk), times the odds ratio, turned back into a risk; less the first risk, times 100")
    formula = sums.get(metric, odds)
    if metric in STANDARDISED:
        formula = _("log odds ratio = standardised difference x %(logistic)s; then %(odds)s") % {
            "logistic": f"{LOGISTIC:.6f}",
            "odds": odds,
        }
    held = (
        _("not needed for a difference in risk")
        if baseline is None
        else _("%(value)s of 100") % {"value": f"{100 * baseline:.2f}"}
    )
    pairs = [
        [_("Risk in the comparison groups"), [held]],
        [_("Difference out of 100"), [f"{plain(hundred.estimate, 3)} ({spoken(more(hundred.estimate))})"]],
        [_("Range"), [span(hundred) or _("none held")]],
    ]
    blocks = [{"type": "pairs", "pairs": pairs}, {"type": "formula", "text": formula}]
    return [{"heading": _("Said out of 100"), "who": _("From the pooled result below"), "card": True, "blocks": blocks}]


def _pool_step(one: Synthesis) -> Step:
    result, settings = one.result, one.settings
    gaps = list(compare(one.pk, result, run_pool(one.inputs, settings), ITERATIVE))
    interval = INTERVALS.get(result["method"]["interval"], result["method"]["interval"])
    pairs = [
        [_("Results put together"), [str(result["k"])]],
        [_("Model"), [_model(settings)]],
        [_("Estimate, on the scale of the analysis"), [plain(result["estimate"], 6)]],
        [_("Standard error"), [plain(result["se"], 6)]],
        [
            _("Interval (95%)"),
            [
                _("%(low)s to %(high)s, %(interval)s")
                % {"low": plain(result["ci_low"], 6), "high": plain(result["ci_high"], 6), "interval": interval}
            ],
        ],
        [_("Variance between studies"), [_tau2(result)]],
        [_("Differences between studies"), [_symbols(result)]],
        [_("Prediction interval"), [_prediction(result)]],
        [_("Method"), [_("%(method)s, version %(version)s") % {"method": one.method, "version": one.version}]],
    ]
    return {
        "heading": _("The pooled result"),
        "who": _("Declared by %(declared_by)s; computed by rule") % {"declared_by": one.analysis.declared_by},
        "card": True,
        "blocks": [
            {"type": "pairs", "pairs": pairs},
            {"type": "check", "ok": not gaps, "text": str(DIFFERS if gaps else SAME)},
        ]
        + [{"type": "text", "parts": [warning]} for warning in result.get("warnings", [])],
    }


def _model(settings: dict[str, Any]) -> str:
    random = settings["model"] == "random"
    return (
        _("random effects, variance between studies by %(tau2)s") % {"tau2": settings["tau2"]}
        if random
        else _("common effect")
    )


def _tau2(result: dict[str, Any]) -> str:
    return (
        _("not estimated: one study, or a common-effect model")
        if result["tau2"] is None
        else f"τ² = {result['tau2']:.6g}"
    )


def _symbols(result: dict[str, Any]) -> str:
    if result["k"] < 2 or result["i2"] is None:
        return _("one study: nothing to compare")
    return _("I² = %(i2)s%%, Q = %(q)s on %(df)s, p = %(p)s") % {
        "i2": f"{result['i2']:.1f}",
        "q": f"{result['q']:.3f}",
        "df": f"{result['q_df']:.0f}",
        "p": f"{result['q_p']:.3f}",
    }


def _prediction(result: dict[str, Any]) -> str:
    if result.get("pi_low") is None:
        return _("none: it needs at least three studies")
    return _("%(low)s to %(high)s") % {"low": plain(result["pi_low"], 4), "high": plain(result["pi_high"], 4)}


def _findings_step(one: Synthesis) -> Step:
    rows = []
    for row in one.inputs:
        reach = CLEAR * row["vi"] ** 0.5
        three = Three(row["yi"], row["yi"] - reach, row["yi"] + reach)
        link = [{"number": printed(three, one.analysis.metric), "trace": row["finding"]}]
        rows.append(
            [row["study"], f"{row['n']:,.0f}" if row["n"] else _("not recorded"), link, f"{row['vi'] ** 0.5:.4f}"]
        )
    return {
        "heading": _("The findings it was computed from"),
        "who": _("Click a finding for its raw numbers"),
        "card": True,
        "blocks": [
            {
                "type": "table",
                "caption": _("Each row as it went in."),
                "head": [
                    _("Study"),
                    _("People"),
                    _("%(metric)s (95%% interval)") % {"metric": spoken_capital(metric_name(one.analysis.metric))},
                    _("Standard error"),
                ],
                "rows": rows,
                "numeric": [1, 2, 3],
            }
        ],
    }


def _compared_step(one: Synthesis) -> Step:
    theirs = one.analysis.published.first()
    if theirs is None or theirs.estimate is None:
        words = _("Nobody has published a pooled result of just these rows that we know of.")
        return {
            "heading": _("Beside what was published"),
            "who": "",
            "card": False,
            "blocks": [{"type": "absent", "text": words}],
        }
    published = Three(theirs.estimate, theirs.ci_low, theirs.ci_high)
    ours = Three(one.result["estimate"], one.result["ci_low"], one.result["ci_high"])
    parts: list[Any] = [
        "Published: ",
        {
            "number": f"{plain(published.estimate, 4)} ({plain(published.low or 0, 4)} to {plain(published.high or 0, 4)})",
            "trace": theirs.pk,
        },
        f". Ours: {plain(ours.estimate, 4)} ({plain(ours.low or 0, 4)} to {plain(ours.high or 0, 4)}), {one.role}. "
        f"The estimates differ by {abs(theirs.estimate - ours.estimate):.1e}.",
    ]
    return {
        "heading": _("Beside what was published"),
        "who": theirs.review_name,
        "card": False,
        "blocks": [{"type": "text", "parts": parts}],
    }
