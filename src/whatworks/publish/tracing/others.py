"""Threads for what was not computed here: published results, ratings with their rules, judgements, other bodies' ratings."""

from __future__ import annotations

from typing import Any

from whatworks.publish.methods.numbers import plain
from whatworks.rate.methods.running import run_scheme
from whatworks.rate.models import ExternalRating, Rating, RecordedJudgement, Signoff
from whatworks.rate.schemes import load_scheme
from whatworks.rate.standing import APPROVING, Standing, day, standing_of
from whatworks.synthesise.models import PublishedResult

Step = dict[str, Any]


def _source(url: str, who: str) -> Step:
    link = (
        [{"link": "Read it where it was published", "href": url}]
        if url.startswith("http")
        else [url or "No address held."]
    )
    return {"heading": "Its source", "who": who, "card": False, "blocks": [{"type": "links", "items": [link]}]}


def published_steps(identifier: str) -> tuple[str, list[Step]]:
    """A result that others published: theirs, not recomputed."""
    one = PublishedResult.objects.select_related("report", "analysis").get(pk=identifier)
    numbers = [
        ["Estimate", one.estimate],
        ["Interval, low", one.ci_low],
        ["Interval, high", one.ci_high],
        ["Variance between studies (τ²)", one.tau2],
        ["I², percent", one.i2],
        ["Q", one.q],
    ]
    counts = [
        ["Studies", one.k],
        ["Studies in the review", one.k_review],
        ["People", one.participants],
        ["Effects", one.effects],
    ]
    pairs = [[name, [plain(value, 4)]] for name, value in numbers if value is not None]
    pairs += [[name, [f"{value:,}"]] for name, value in counts if value is not None]
    pairs += [["p", [one.p]]] if one.p else []
    blocks: list[dict[str, Any]] = [
        {"type": "text", "parts": [f"{one.review_name}, {one.topic}: {one.measured} ({one.measure})."]},
        {"type": "pairs", "pairs": pairs},
    ]
    blocks += [{"type": "text", "parts": [one.remark]}] if one.remark else []
    if one.ci_low is None:
        blocks.append({"type": "absent", "text": "No interval in what we hold, so none is shown."})
    blocks.append(
        {
            "type": "absent",
            "text": "Published by others; we hold it as they printed it and have not pooled it with ours.",
        }
    )
    first = {"heading": "As published", "who": one.review_name, "card": True, "blocks": blocks}
    steps = [first]
    if one.report:
        telling = {"link": one.report.citation(), "href": f"/reports/{one.report_id}/"}
        steps.append(
            {"heading": "The report", "who": "", "card": False, "blocks": [{"type": "text", "parts": [telling]}]}
        )
    return f"A published result: {one.measured}", [*steps, _source(one.source_url, one.review_name)]


def rating_steps(identifier: str) -> tuple[str, list[Step]]:
    """A computed rating: its rules one by one, recomputed on the spot, and what it asked."""
    one = Rating.objects.select_related("intervention", "outcome").get(pk=identifier)
    scheme = load_scheme(one.scheme, int(one.version))
    same = run_scheme(one.scheme, one.version, one.inputs) == one.result
    rules = [{"kind": "kept" if step["fired"] else "skipped", "text": step["sentence"]} for step in one.result["trail"]]
    level = scheme.word(one.result["level"]) if one.result["level"] else one.result["state"]
    asked = [[name.replace("_", " ").capitalize(), [str(value)]] for name, value in sorted(one.inputs.items())]
    stands = standing_of(one)
    return f"Why it says \N{LEFT DOUBLE QUOTATION MARK}{level}\N{RIGHT DOUBLE QUOTATION MARK}", [
        {
            "heading": level,
            "who": stands.words[:1].upper() + stands.words[1:],
            "card": True,
            "blocks": [
                {
                    "type": "text",
                    "parts": [f"{one.intervention.name}, {one.outcome.name}. {scheme.title}, version {one.version}."],
                },
                *_people(stands),
                {"type": "trail", "items": [*rules, {"kind": "result", "text": level}]},
                {
                    "type": "check",
                    "ok": same,
                    "text": "Recomputed as you opened this page: "
                    + ("same as stored." if same else "NOT the same as stored."),
                },
            ],
        },
        {"heading": "What the rules asked", "who": "", "card": True, "blocks": [{"type": "pairs", "pairs": asked}]},
    ]


def _people(stands: Standing) -> list[dict[str, Any]]:
    """Why people gave another level than the rules, and what they approved of an earlier rating."""
    said = [f"Why people gave another level: {stands.reason}"] if stands.reason else []
    return [{"type": "text", "parts": [words]} for words in [*said, stands.earlier] if words]


def judgement_steps(identifier: str) -> tuple[str, list[Step]]:
    """A judgement that people published, domain by domain."""
    one = RecordedJudgement.objects.select_related("analysis").get(pk=identifier)
    pairs = [[name.replace("_", " ").capitalize(), [_moved(value)]] for name, value in one.domains.items()]
    first = {
        "heading": f"{one.level.capitalize()} certainty",
        "who": f"Judged by {one.by}",
        "card": True,
        "blocks": [
            {"type": "text", "parts": [f"{one.analysis.title}. Started from {one.design_start} studies."]},
            {"type": "pairs", "pairs": pairs},
        ],
    }
    here = Signoff.objects.filter(recorded=one).select_related("moderation").first()
    last = _source(one.source_url, one.by) if here is None else _judged_here(here)
    return f"Why the certainty is {one.level}", [first, last]


def _judged_here(signoff: Signoff) -> Step:
    """How people of this centre came to a judgement: what they did, and their reasons."""
    agreed = signoff.moderation
    named = load_scheme("grade", int(agreed.assessment.version)).inputs
    reasons = [(name, one["reason"]) for name, one in agreed.answers.items() if one.get("reason") and name in named]
    pairs = [[named[name].words[:1].upper() + named[name].words[1:], [reason]] for name, reason in reasons]
    blocks: list[dict[str, Any]] = [{"type": "text", "parts": [f"It was {APPROVING}, on {day(signoff)}."]}]
    if agreed.override:
        blocks.append(
            {"type": "text", "parts": [f"Why it is another level than the steps add up to: {agreed.override}"]}
        )
    blocks += [{"type": "pairs", "pairs": pairs}] if pairs else []
    return {"heading": "How people judged it", "who": signoff.recorded.by, "card": True, "blocks": blocks}


def _moved(value: int) -> str:
    return "no change" if value == 0 else f"{'lowered' if value < 0 else 'raised'} by {abs(value)}"


def external_steps(identifier: str) -> tuple[str, list[Step]]:
    """What another body says, in its own words."""
    one = ExternalRating.objects.get(pk=identifier)
    pairs = [["Programme", [one.programme]], ["Rating", [one.rating]], ["Date", [one.on or "not given"]]]
    pairs += [["Outcome", [one.outcome_words]]] if one.outcome_words else []
    blocks: list[dict[str, Any]] = [{"type": "pairs", "pairs": pairs}]
    blocks += (
        [{"type": "absent", "text": "Told by a second source; we have not seen it on the body's own site."}]
        if one.secondary
        else []
    )
    blocks += [{"type": "text", "parts": [one.remark]}] if one.remark else []
    blocks.append({"type": "text", "parts": ["They ask a different question from ours, by their own criteria."]})
    first = {"heading": "As the body rates it", "who": one.body, "card": True, "blocks": blocks}
    return f"{one.body} on {one.programme}", [first, _source(one.source_url, one.body)]
