"""The table behind an outcome: every row held, pooled or not and why not, drawn as a forest, with the result under them."""

from __future__ import annotations

from typing import Any

from whatworks.extract.models import Contrast
from whatworks.publish.methods.baselines import raw_words
from whatworks.publish.methods.numbers import RATIOS, Three, metric_name, printed, ticks
from whatworks.publish.page.naming import name_of, three_of
from whatworks.rate.gathering import CLEAR, Ground
from whatworks.scope.models import Outcome
from whatworks.synthesise.models import Synthesis

BASES = {
    "rebuilt from rounded percentages": "counts rebuilt from rounded percentages",
    "percentages only": "percentages only, sizes of the groups not known",
    "published effect without interval": "an effect without its interval",
    "means without spread": "means without their spread",
    "direction only": "only the direction is reported",
    "range of effects": "a range of effects, not one",
    "relative percentage": "a relative change only",
    "model-based as published": "the authors' model, as published",
}


def table(ground: Ground, result: Three | None) -> dict[str, Any] | None:
    """Every row held, pooled or not, with why not; the pooled result under them."""
    if not ground.contrasts:
        return None
    metric = ground.declared.metric if ground.analysis else ""
    pooled = {row["contrast"] for row in ground.default.inputs} if ground.default else set()
    together_first = sorted(ground.contrasts, key=lambda row: row.pk not in pooled)
    rows = [_row(ground, row, metric, row.pk in pooled) for row in together_first]
    total = _total(ground.result, "Together", metric) if ground.default and len(pooled) > 1 else None
    drawn = [
        value
        for row in [*rows, *([total] if total else [])]
        for value in (row["low"], row["high"])
        if value is not None
    ]
    marks = ticks(min(drawn), max(drawn)) if drawn else [-1, 1]
    return {
        "ratio": metric in RATIOS,
        "caption": f"{name_of(ground)}: every result we hold.",
        "left": "fewer" if ground.outcome.reading == Outcome.CONTACT or metric == "RD" else "lower",
        "right": "more" if ground.outcome.reading == Outcome.CONTACT or metric == "RD" else "higher",
        "unit": f"{metric_name(metric).capitalize()} (95% interval)" if metric else "Result",
        "minimum": marks[0],
        "maximum": marks[-1],
        "null": 0,
        "rows": rows,
        "total": total,
        "second": _total(ground.as_published, "Together, as published", metric)
        if total and ground.as_published
        else None,
        "heterogeneity": heterogeneity(ground.result) if total else None,
    }


def _row(ground: Ground, row: Contrast, metric: str, pooled: bool) -> dict[str, Any]:
    finding = ground.findings.get(row.pk)
    shown = finding if finding and (not metric or finding.metric == metric) else None
    three = None
    if shown:
        middle, reach = row.sign * shown.yi, CLEAR * shown.vi**0.5
        three = Three(middle, middle - reach, middle + reach)
    detail = [f"{row.n_total:,} {row.unit}" if row.n_total else "", row.follow_up]
    why = row.unsafe or (BASES.get(row.basis, "") if not row.poolable else "")
    return {
        "name": row.study.name,
        "study": row.study_id,
        "detail": ", ".join(part for part in [row.measured, *detail] if part),
        **drawn(three, metric),
        "text": printed(three, shown.metric) if three and shown else _printed_words(row),
        "trace": shown.pk if shown else row.pk,
        "pooled": pooled,
        "why_not": None if pooled else why or None,
        "raw": raw_words(row.inputs),
    }


def drawn(three: Three | None, metric: str) -> dict[str, float | None]:
    """Where a row stands in the drawing: out of 100 for a difference in risk, else on the scale of the analysis."""
    if three is None:
        return {"estimate": None, "low": None, "high": None}
    shown = three.each(lambda value: 100 * value) if metric == "RD" else three
    return {"estimate": shown.estimate, "low": shown.low, "high": shown.high}


def _printed_words(row: Contrast) -> str:
    first, second = row.printed.get("percent1"), row.printed.get("percent2")
    if first is not None and second is not None:
        return f"{first:g}% against {second:g}%"
    return row.reported_direction or "see source"


def _total(synthesis: Synthesis, name: str, metric: str) -> dict[str, Any]:
    three = three_of(synthesis)
    return {
        "name": name,
        "detail": f"{synthesis.result['k']} results",
        **drawn(three, metric),
        "text": printed(three, metric),
        "trace": synthesis.pk,
    }


def heterogeneity(synthesis: Synthesis) -> dict[str, Any]:
    """How far the studies' own results differ, in words and in symbols."""
    result = synthesis.result
    share = result["i2"]
    words = "much alike" if share < 30 else "somewhat different" if share < 60 else "very different from each other"
    p = result["q_p"]
    tau2 = "" if result["tau2"] is None else f"τ² = {result['tau2']:.3f}, "
    symbols = f"{tau2}I² = {share:.0f}%, Q = {result['q']:.2f} ({result['q_df']:.0f}), p = {p:.2f}"
    return {"words": [f"The studies' results are {words}."], "symbols": symbols}
