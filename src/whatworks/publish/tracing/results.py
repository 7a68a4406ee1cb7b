"""The thread of a pooled result: the number as said, the pool, the findings in it, what was published beside it."""

from __future__ import annotations

from typing import Any

from whatworks.ledger.verification import ITERATIVE, compare
from whatworks.publish.methods.numbers import LOGISTIC, STANDARDISED, Three, metric_name, more, plain, printed, span
from whatworks.publish.page.absolute import baseline_of, in_hundred
from whatworks.publish.page.naming import three_of
from whatworks.publish.tracing.parts import DIFFERS, SAME, Step, pages_of, search_step, superseded
from whatworks.rate.gathering import CLEAR
from whatworks.synthesise.methods.running import run_pool
from whatworks.synthesise.models import Synthesis

INTERVALS = {
    "wald": "normal (Wald)",
    "hksj": "Hartung and Knapp",
    "hksj-adhoc": "Hartung and Knapp, widened",
    "t": "t distribution",
}


def synthesis_steps(identifier: str) -> tuple[str, list[Step]]:
    """From the number as a page says it down to the findings and the search."""
    one = Synthesis.objects.select_related("analysis__review", "analysis__outcome", "analysis__intervention").get(
        pk=identifier
    )
    analysis, hundred = one.analysis, in_hundred(one)
    exact = f"{metric_name(analysis.metric)} {printed(three_of(one), analysis.metric)}"
    said = {
        "heading": "The published number",
        "who": one.role.capitalize(),
        "card": False,
        "blocks": [
            {"type": "text", "parts": [f"{analysis.title}: {exact}."]},
            *superseded(identifier),
            {"type": "links", "items": pages_of(analysis.intervention_id, analysis.intervention.part_of_id)},
        ],
    }
    words = f"{more(hundred.estimate)} of 100" if hundred else printed(three_of(one), analysis.metric)
    return f"Where \N{LEFT DOUBLE QUOTATION MARK}{words}\N{RIGHT DOUBLE QUOTATION MARK} comes from", [
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
        "RD": "the pooled difference in risk, times 100",
        "RR": "risk x ratio - risk, times 100",
        "IRR": "risk x ratio - risk, times 100",
    }
    odds = "odds = risk / (1 - risk), times the odds ratio, turned back into a risk; less the first risk, times 100"
    formula = sums.get(metric, odds)
    if metric in STANDARDISED:
        formula = f"log odds ratio = standardised difference x {LOGISTIC:.6f}; then {odds}"
    held = "not needed for a difference in risk" if baseline is None else f"{100 * baseline:.2f} of 100"
    pairs = [
        ["Risk in the comparison groups", [held]],
        ["Difference out of 100", [f"{plain(hundred.estimate, 3)} ({more(hundred.estimate)})"]],
        ["Range", [span(hundred) or "none held"]],
    ]
    blocks = [{"type": "pairs", "pairs": pairs}, {"type": "formula", "text": formula}]
    return [{"heading": "Said out of 100", "who": "From the pooled result below", "card": True, "blocks": blocks}]


def _pool_step(one: Synthesis) -> Step:
    result, settings = one.result, one.settings
    gaps = list(compare(one.pk, result, run_pool(one.inputs, settings), ITERATIVE))
    interval = INTERVALS.get(result["method"]["interval"], result["method"]["interval"])
    pairs = [
        ["Results put together", [str(result["k"])]],
        ["Model", [_model(settings)]],
        ["Estimate, on the scale of the analysis", [plain(result["estimate"], 6)]],
        ["Standard error", [plain(result["se"], 6)]],
        ["Interval (95%)", [f"{plain(result['ci_low'], 6)} to {plain(result['ci_high'], 6)}, {interval}"]],
        ["Variance between studies", [_tau2(result)]],
        ["Differences between studies", [_symbols(result)]],
        ["Prediction interval", [_prediction(result)]],
        ["Method", [f"{one.method}, version {one.version}"]],
    ]
    return {
        "heading": "The pooled result",
        "who": f"Declared by {one.analysis.declared_by}; computed by rule",
        "card": True,
        "blocks": [
            {"type": "pairs", "pairs": pairs},
            {"type": "check", "ok": not gaps, "text": DIFFERS if gaps else SAME},
        ]
        + [{"type": "text", "parts": [warning]} for warning in result.get("warnings", [])],
    }


def _model(settings: dict[str, Any]) -> str:
    random = settings["model"] == "random"
    return f"random effects, variance between studies by {settings['tau2']}" if random else "common effect"


def _tau2(result: dict[str, Any]) -> str:
    return (
        "not estimated: one study, or a common-effect model" if result["tau2"] is None else f"τ² = {result['tau2']:.6g}"
    )


def _symbols(result: dict[str, Any]) -> str:
    if result["k"] < 2 or result["i2"] is None:
        return "one study: nothing to compare"
    return f"I² = {result['i2']:.1f}%, Q = {result['q']:.3f} on {result['q_df']:.0f}, p = {result['q_p']:.3f}"


def _prediction(result: dict[str, Any]) -> str:
    if result.get("pi_low") is None:
        return "none: it needs at least three studies"
    return f"{plain(result['pi_low'], 4)} to {plain(result['pi_high'], 4)}"


def _findings_step(one: Synthesis) -> Step:
    rows = []
    for row in one.inputs:
        reach = CLEAR * row["vi"] ** 0.5
        three = Three(row["yi"], row["yi"] - reach, row["yi"] + reach)
        link = [{"number": printed(three, one.analysis.metric), "trace": row["finding"]}]
        rows.append([row["study"], f"{row['n']:,.0f}" if row["n"] else "not recorded", link, f"{row['vi'] ** 0.5:.4f}"])
    return {
        "heading": "The findings it was computed from",
        "who": "Click a finding for its raw numbers",
        "card": True,
        "blocks": [
            {
                "type": "table",
                "caption": "Each row as it went in.",
                "head": [
                    "Study",
                    "People",
                    f"{metric_name(one.analysis.metric).capitalize()} (95% interval)",
                    "Standard error",
                ],
                "rows": rows,
                "numeric": [1, 2, 3],
            }
        ],
    }


def _compared_step(one: Synthesis) -> Step:
    theirs = one.analysis.published.first()
    if theirs is None or theirs.estimate is None:
        words = "Nobody has published a pooled result of just these rows that we know of."
        return {
            "heading": "Beside what was published",
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
        "heading": "Beside what was published",
        "who": theirs.review_name,
        "card": False,
        "blocks": [{"type": "text", "parts": parts}],
    }
