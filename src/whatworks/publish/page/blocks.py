"""One outcome of a page: its state, its sentence, its numbers in natural units, its studies. From a ground, as plain data."""

from __future__ import annotations

import math
from typing import Any

from whatworks.publish.methods.numbers import (
    ODDS,
    RATIOS,
    Three,
    metric_name,
    more,
    percent_change,
    percent_span,
    printed,
    ratio_marks,
    signed,
    size_of,
    span,
    ticks,
    whole,
)
from whatworks.publish.page.absolute import baseline_of, in_hundred
from whatworks.publish.page.naming import inside, name_of, published_words, three_of
from whatworks.publish.page.tables import table
from whatworks.rate.actions import held_rating
from whatworks.rate.gathering import Ground
from whatworks.rate.methods.states import state
from whatworks.rate.methods.wording import numbered, sentence
from whatworks.rate.models import Rating, RecordedJudgement
from whatworks.rate.standing import COMPUTED, Standing, certainty_before, certainty_of, standing_of
from whatworks.scope.models import Outcome
from whatworks.synthesise.models import PublishedResult

CERTAINTY = {"very low": (1, "Very low"), "low": (2, "Low"), "moderate": (3, "Moderate"), "high": (4, "High")}


def block(ground: Ground) -> dict[str, Any]:
    """The outcome's part of the page document."""
    rating = held_rating(ground, "outcome-state")
    stands = standing_of(rating) if rating else None
    key = stood(rating, stands)
    judged = recorded_judgement(ground)
    result = three_of(ground.default) if ground.default else None
    hundred = in_hundred(ground.default) if ground.default else None
    return {
        "identifier": ground.outcome.pk,
        "analysis": ground.analysis.pk if ground.analysis else None,
        "name": name_of(ground),
        "group": ground.outcome.group.name,
        "contact": ground.outcome.contact,
        "safety": ground.outcome.safety,
        "state": _state(ground, key),
        "sentence": said(ground, key, because(rating, stands), judged, result, hundred),
        "certainty": _certainty(judged),
        "certainty_words": _unrated(ground),
        "provisional": stands is None or stands.provisional,
        "standing": stands.words if stands and stands.state != COMPUTED else "",
        "override": stands.reason if stands else "",
        "earlier": _earlier(ground, stands),
        "rating": rating.pk if rating else None,
        "eyebrow": eyebrow(ground),
        "scale": _scale(ground, result, hundred),
        "hundred": _dots(ground, hundred),
        "also": also(ground),
        "table": table(ground, result),
    }


def _earlier(ground: Ground, stands: Standing | None) -> str:
    """What people approved of something that has been replaced since, which they must look at again."""
    before = certainty_before(ground.analysis, ground.default) if ground.analysis else ""
    return " ".join(line for line in (stands.earlier if stands else "", before) if line)


def stood(rating: Rating | None, stands: Standing | None) -> str:
    """The state that counts: what people approved of a rating, else what the rules give."""
    if rating is None or stands is None:
        return "not-searched"
    return str(stands.level or rating.result["level"])


def because(rating: Rating | None, stands: Standing | None) -> str:
    """The rule that gave the state; none where people gave another."""
    return "" if rating is None or (stands and stands.overridden) else str(rating.result["decided_by"] or "")


def recorded_judgement(ground: Ground) -> RecordedJudgement | None:
    """How sure people said they were, where they recorded it: this centre's own judgement before a published one."""
    return certainty_of(ground.analysis, ground.default) if ground.analysis else None


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
    name = inside(ground.outcome.name)
    words = sentence(key, outcome=name, certainty=level, direction_kind=ground.outcome.reading, because=because)
    return [words, *_as_printed(ground)]


def _as_printed(ground: Ground) -> list[Any]:
    """The percentages that one or two studies print, each a link to its row, where nothing could be put together."""
    rows = [row for row in ground.contrasts if {"percent1", "percent2"} <= row.printed.keys() and not row.overlaps_id]
    if not 0 < len(rows) <= 2:
        return []
    parts: list[Any] = []
    for row in rows:
        said = f"{row.printed['percent1']:g} of 100 against {row.printed['percent2']:g} of 100"
        parts += [f" {row.study.name}, {inside(row.measured)}: ", {"number": said, "trace": row.pk}, "."]
    return parts


def _numbers(ground: Ground, result: Three, hundred: Three | None) -> list[Any]:
    """The result in the sentence that the style sheet has for its kind and size."""
    metric, happened = ground.declared.metric, ground.outcome.happened
    words = {"unit": ground.declared.unit, "happened": happened or "had this outcome", "metric": metric_name(metric)}
    words |= {
        "outcome": inside(name_of(ground)),
        "what": f" {happened}" if happened else f": {inside(name_of(ground))}",
    }
    if hundred is not None:
        kind, size, said, ends = "hundred", size_of(hundred.estimate), more(hundred.estimate), span(hundred)
    elif metric in RATIOS:
        ratio = result.each(math.exp)
        kind = "odds" if metric in ODDS else "ratio"
        size = "same" if not whole(100 * (ratio.estimate - 1)) else "whole"
        said, ends = percent_change(ratio.estimate), percent_span(ratio)
    else:
        kind, size, said, ends = "scale", "whole", printed(result, metric), span(result)
    said = said[:1].upper() + said[1:] if (kind, size) == ("ratio", "same") else said
    number = {"trace": ground.result.pk}
    spread = {"number": ends, **number} if ends else None
    return numbered(kind, size, words=words, estimate={"number": said, **number}, spread=spread)


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
        return [f"{one.review_name}{when}: {(one.remark or one.finding or 'no number in what we hold').rstrip('.')}."]
    return [f"{one.review_name}{when}: ", {"number": published_words(one), "trace": one.pk}, "."]


def _scale(ground: Ground, result: Three | None, hundred: Three | None) -> dict[str, Any] | None:
    if result is None:
        return None
    metric = ground.declared.metric
    three = hundred or result
    what = f"{ground.declared.unit.capitalize()} out of 100" if hundred else metric_name(metric).capitalize()
    marks = _marks(three, metric, out_of_100=hundred is not None)
    label = f"About {more(three.estimate)} of 100 {span(three)}" if hundred else printed(three, metric)
    return {
        "title": f"{what}, compared with {_usual(ground)}",
        "estimate": three.estimate,
        "low": three.low,
        "high": three.high,
        "minimum": marks[0][0],
        "maximum": marks[-1][0],
        "ticks": [list(mark) for mark in marks],
        "css": "change" if _neutral(ground) else "unsure",
        "null": 0,
        "label": label,
    }


def _marks(three: Three, metric: str, *, out_of_100: bool) -> list[tuple[float, str]]:
    """The numbers under the line: people out of 100, percentages for a ratio, else the scale itself."""
    ends = [value for value in (three.low, three.estimate, three.high) if value is not None]
    if out_of_100:
        return [(mark, more(mark) if mark else "same") for mark in ticks(min(ends), max(ends))]
    if metric in RATIOS:
        return ratio_marks(min(ends), max(ends))
    return [(mark, signed(mark, 2)) for mark in ticks(min(ends), max(ends))]


def _usual(ground: Ground) -> str:
    names = {row.compared_with for row in ground.contrasts if row.compared_with}
    return names.pop() if len(names) == 1 else "the comparison group"


def _without(usual: str) -> str:
    """What the first of the two drawings shows.

    >>> _without("usual services"), _without("not being offered it")
    ('with usual services', 'when not offered it')
    """
    return usual.replace("not being", "when not", 1) if usual.startswith("not being") else f"with {usual}"


def _dots(ground: Ground, hundred: Three | None) -> dict[str, Any] | None:
    baseline = baseline_of(ground.default) if ground.default else None
    if hundred is None or baseline is None:
        return None
    before, unit = 100 * baseline, ground.declared.unit
    ends = {name: end for name, end in (("low", hundred.low), ("high", hundred.high)) if end is not None}
    return {name: round(min(max(before + end, 0), 100)) for name, end in ends.items()} | {
        "before": round(before),
        "after": round(before + hundred.estimate),
        "before_label": _without(_usual(ground)),
        "after_label": "when offered it",
        "of": f"{unit} {ground.outcome.happened}",
        "unit": unit,
        "css": "change" if _neutral(ground) else "unsure",
        "note": f"Each dot is one of 100 {unit}. The range is in the words and on the line.",
    }
