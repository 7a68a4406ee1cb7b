"""One outcome of a page: its state, its sentence, its numbers in natural units, its studies. From a ground, as plain data."""

from __future__ import annotations

import math
from typing import Any

from whatworks.extract.models import Contrast
from whatworks.publish.methods.baselines import pooled_baseline, raw_words
from whatworks.publish.methods.numbers import (
    RATIOS,
    Three,
    metric_name,
    more,
    per_hundred,
    percent_change,
    printed,
    signed,
    span,
    ticks,
)
from whatworks.rate.actions import held_rating
from whatworks.rate.gathering import CLEAR, Ground
from whatworks.rate.methods.states import state
from whatworks.rate.methods.wording import sentence
from whatworks.rate.models import RecordedJudgement, Signature
from whatworks.scope.models import Outcome
from whatworks.synthesise.models import PublishedResult, Synthesis

CERTAINTY = {"very low": (1, "Very low"), "low": (2, "Low"), "moderate": (3, "Moderate"), "high": (4, "High")}
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


def block(ground: Ground) -> dict[str, Any]:
    """The outcome's part of the page document."""
    rating = held_rating(ground, "outcome-state")
    key = rating.result["level"] if rating else "not-searched"
    judged = recorded_judgement(ground)
    result = three_of(ground.default) if ground.default else None
    hundred = in_hundred(ground, result)
    return {
        "identifier": ground.outcome.pk,
        "analysis": ground.analysis.pk if ground.analysis else None,
        "name": name_of(ground),
        "group": ground.outcome.group.name,
        "contact": ground.outcome.contact,
        "safety": ground.outcome.safety,
        "state": _state(ground, key),
        "sentence": said(ground, key, rating.result["decided_by"] if rating else "", judged, result, hundred),
        "certainty": _certainty(judged),
        "certainty_words": _unrated(ground),
        "provisional": not (rating and rating.signatures.count() >= Signature.NEEDED),
        "rating": rating.pk if rating else None,
        "eyebrow": eyebrow(ground),
        "scale": _scale(ground, result, hundred),
        "hundred": _dots(ground, hundred),
        "also": also(ground),
        "table": table(ground, result),
    }


def name_of(ground: Ground) -> str:
    """What the outcome is called on the page: the analysis's title without the intervention, which the page names."""
    if ground.analysis is None:
        return ground.outcome.name
    title = ground.analysis.title.split(": ", 1)
    part = ground.analysis.intervention
    return title[0] if part == ground.intervention else f"{title[0]} ({part.name})"


def inside(name: str) -> str:
    """A name as it stands inside a sentence."""
    return name[0].lower() + name[1:]


def recorded_judgement(ground: Ground) -> RecordedJudgement | None:
    """How sure people said they were, where they recorded it."""
    return ground.analysis.judgements.first() if ground.analysis else None


def three_of(synthesis: Synthesis) -> Three:
    """A pooled result with its interval."""
    result = synthesis.result
    return Three(result["estimate"], result["ci_low"], result["ci_high"])


def baseline_of(ground: Ground) -> float | None:
    """The risk in the comparison groups of the pooled studies, when all of them tell it and it is a risk."""
    if ground.default is None or not ground.outcome.happened:
        return None
    pooled = {row["contrast"] for row in ground.default.inputs}
    rows = [row for row in ground.contrasts if row.pk in pooled]
    return None if any(row.sign < 0 for row in rows) else pooled_baseline(row.inputs for row in rows)


def in_hundred(ground: Ground, result: Three | None) -> Three | None:
    """The pooled result as a difference out of 100."""
    if result is None or ground.analysis is None:
        return None
    return per_hundred(result, ground.declared.metric, baseline_of(ground))


def _state(ground: Ground, key: str) -> dict[str, str]:
    shown = state(key)
    css = "change" if _neutral(ground) and key == "uncertain" else shown.css
    return {"key": key, "shape": shown.shape, "css": css, "word": shown.word}


def _neutral(ground: Ground) -> bool:
    """Whether fewer and more are neither good nor bad, and are drawn in the neutral colour."""
    return ground.outcome.reading == Outcome.CONTACT


def _certainty(judged: RecordedJudgement | None) -> dict[str, Any] | None:
    if judged is None:
        return None
    level, word = CERTAINTY[judged.level]
    return {"level": level, "of": 4, "word": word, "by": judged.by, "trace": judged.pk}


def _unrated(ground: Ground) -> str:
    if not ground.rows:
        return ""
    return "Not rated yet" if ground.searched else "Not assessed"


def said(
    ground: Ground,
    key: str,
    because: str,
    judged: RecordedJudgement | None,
    result: Three | None,
    hundred: Three | None,
) -> list[Any]:
    """The sentence under the state: numbers first where they are held, words where they are not."""
    if result is not None and ground.default is not None:
        return _numbers(ground, result, hundred)
    level = judged.level.replace(" ", "-") if judged else "not-assessed"
    return [
        sentence(
            key,
            outcome=inside(ground.outcome.name),
            certainty=level,
            direction_kind=ground.outcome.reading,
            because=because,
        )
    ]


def _numbers(ground: Ground, result: Three, hundred: Three | None) -> list[Any]:
    trace, analysis = ground.result.pk, ground.declared
    number = lambda text: {"number": text, "trace": trace}  # noqa: E731  three uses, one line
    unit, name = analysis.unit, inside(name_of(ground))
    if hundred is not None:
        happened = ground.outcome.happened or "had this outcome"
        parts = [f"Out of 100 {unit}, about ", number(more(hundred.estimate)), f" {happened}"]
        return parts + ([", with a range ", number(span(hundred)), "."] if span(hundred) else ["."])
    if analysis.metric in RATIOS:
        ratio = result.each(math.exp)
        parts = ["About ", number(percent_change(ratio.estimate)), f": {name}"]
        if ratio.low is not None and ratio.high is not None:
            ends = f"from {percent_change(ratio.low)} to {percent_change(ratio.high)}"
            parts += [", with a range ", number(ends)]
        return [*parts, "."]
    words = f"{printed(result, analysis.metric)}"
    return [f"The {metric_name(analysis.metric)} is ", number(words), f" for {name}. Nought would mean no difference."]


def eyebrow(ground: Ground) -> list[Any]:
    """How many studies, where, how many people, how long: counted from the rows, saying what is counted."""
    pooled = {row["contrast"] for row in ground.default.inputs} if ground.default else set()
    rows = [row for row in ground.contrasts if row.pk in pooled] or list(ground.contrasts)
    studies = {row.study_id: row.study for row in rows}
    if not studies:
        return []
    kind = "randomised" if all(one.randomised for one in studies.values()) else ""
    noun = "study" if len(studies) == 1 else "studies"
    places = sorted({one.country for one in studies.values() if one.country})
    words = [f"{len(studies)} {kind} {noun}".replace("  ", " ")]
    words += [", ".join(places)] if places else []
    people = [row.n_total for row in rows if row.n_total]
    if pooled and len(people) == len(rows) and len(rows) == len(studies):
        words.append(f"{sum(people):,} {rows[0].unit}")
    when = sorted({row.follow_up for row in rows if row.follow_up})
    text = ", ".join(words) + "."
    return [text + (f" Follow-up: {'; '.join(when)}." if 0 < len(when) <= 3 else "")]


def also(ground: Ground) -> list[Any]:
    """What others published about this outcome, and our other reading of it; one line each."""
    lines = []
    if ground.default and ground.as_published:
        lines.append(
            [
                "With the interval that the review's authors used: ",
                {
                    "number": printed(three_of(ground.as_published), ground.declared.metric),
                    "trace": ground.as_published.pk,
                },
                f" ({metric_name(ground.declared.metric)}). {_why_ours(ground)}",
            ]
        )
    lines += [_published(one) for one in ground.published]
    return lines


def _why_ours(ground: Ground) -> str:
    theirs = ground.as_published
    same = theirs is not None and ground.result.result["ci_low"] == theirs.result["ci_low"]
    return "Ours is the same here." if same else "Ours is wider, because it allows for having few studies."


def _published(one: PublishedResult) -> list[Any]:
    when = f", {one.follow_up}" if one.follow_up else ""
    if one.estimate is None:
        return [f"{one.review_name}{when}: {one.remark or one.finding or 'no number in what we hold'}."]
    ends = f" ({one.ci_low:g} to {one.ci_high:g})" if one.ci_low is not None and one.ci_high is not None else ""
    tail = "" if ends else ", no interval in what we hold"
    return [
        f"{one.review_name}{when}: {one.measure} ",
        {"number": f"{one.estimate:g}{ends}", "trace": one.pk},
        f"{tail}.",
    ]


def _scale(ground: Ground, result: Three | None, hundred: Three | None) -> dict[str, Any] | None:
    if result is None:
        return None
    three, title = (
        (hundred, f"{ground.declared.unit.capitalize()} out of 100, compared with {_usual(ground)}")
        if hundred
        else (result, f"{metric_name(ground.declared.metric).capitalize()}, compared with {_usual(ground)}")
    )
    ends = [value for value in (three.low, three.estimate, three.high) if value is not None]
    marks = ticks(min(ends), max(ends))
    words = (lambda value: "same" if value == 0 else more(value)) if hundred else (lambda value: f"{signed(value, 2)}")
    return {
        "title": title,
        "estimate": three.estimate,
        "low": three.low,
        "high": three.high,
        "minimum": marks[0],
        "maximum": marks[-1],
        "ticks": [[mark, words(mark)] for mark in marks],
        "css": "change" if _neutral(ground) else "unsure",
        "null": 0,
        "label": f"About {more(three.estimate)} of 100 {span(three)}"
        if hundred
        else printed(three, ground.declared.metric),
    }


def _usual(ground: Ground) -> str:
    names = {row.compared_with for row in ground.contrasts if row.compared_with}
    return names.pop() if len(names) == 1 else "the comparison group"


def _dots(ground: Ground, hundred: Three | None) -> dict[str, Any] | None:
    baseline = baseline_of(ground)
    if hundred is None or baseline is None:
        return None
    before, unit = 100 * baseline, ground.declared.unit
    return {
        "before": round(before),
        "after": round(before + hundred.estimate),
        "before_label": f"with {_usual(ground)}",
        "after_label": "when offered it",
        "of": f"{unit} {ground.outcome.happened}",
        "css": "change" if _neutral(ground) else "unsure",
        "note": f"Each dot is one of 100 {unit}. The range is in the words and on the line.",
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
        "caption": f"{name_of(ground)}: every result we hold.",
        "left": "fewer" if _neutral(ground) or metric == "RD" else "lower",
        "right": "more" if _neutral(ground) or metric == "RD" else "higher",
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
    why = row.why_not or (BASES.get(row.basis, "") if not row.poolable else "")
    return {
        "name": row.study.name,
        "study": row.study_id,
        "detail": ", ".join(part for part in [row.measured, *detail] if part),
        "estimate": three.estimate if three else None,
        "low": three.low if three else None,
        "high": three.high if three else None,
        "text": printed(three, shown.metric) if three and shown else _printed_words(row),
        "trace": shown.pk if shown else row.pk,
        "pooled": pooled,
        "why_not": None if pooled else why or None,
        "raw": raw_words(row.inputs),
    }


def _printed_words(row: Contrast) -> str:
    first, second = row.printed.get("percent1"), row.printed.get("percent2")
    if first is not None and second is not None:
        return f"{first:g}% against {second:g}%"
    return {"lower": "lower", "higher": "higher", "no difference": "no clear difference"}.get(
        row.reported_direction, "see source"
    )


def _total(synthesis: Synthesis, name: str, metric: str) -> dict[str, Any]:
    three = three_of(synthesis)
    return {
        "name": name,
        "detail": f"{synthesis.result['k']} results",
        "estimate": three.estimate,
        "low": three.low,
        "high": three.high,
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
