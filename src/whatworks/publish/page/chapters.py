"""What a reader should know before deciding: how sure and why, for whom, what is not known. As plain data."""

from __future__ import annotations

from typing import Any

from whatworks.extract.instruments import instrument
from whatworks.extract.models import Appraisal
from whatworks.extract.presenters_appraising import judged_of, judges_of
from whatworks.publish.page import deciding
from whatworks.publish.page.around import Around
from whatworks.publish.page.blocks import recorded_judgement
from whatworks.publish.page.deciding import chapter, text
from whatworks.publish.page.judged import APART
from whatworks.publish.page.naming import name_of
from whatworks.rate.actions import held_rating
from whatworks.rate.gathering import Ground
from whatworks.rate.models import Rating
from whatworks.rate.schemes import load_scheme
from whatworks.rate.standing import standing_of
from whatworks.scope.models import Intervention

NOTHING = [{"type": "text", "parts": ["Nothing held yet. That does not mean nothing is known elsewhere."]}]
REASONS = {
    "risk_of_bias": "risk of bias",
    "inconsistency": "inconsistency",
    "indirectness": "indirectness",
    "imprecision": "imprecision",
    "publication_bias": "publication bias",
    "large_effect": "a large effect",
    "dose_response": "a dose response",
    "opposing_confounding": "confounding that would have hidden an effect",
}


def chapters(intervention: Intervention, grounds: list[Ground], around: Around) -> list[dict[str, Any]]:
    """The chapters of a page in their order; what is empty says so."""
    passages, known = around.passages, around.known
    return [
        _how_sure(grounds, around.judged.emmie),
        deciding.harms_and_equity(grounds, around.studied, passages),
        _mechanism(intervention, passages),
        deciding.for_whom(intervention, around.studied),
        deciding.voices(around.studied, passages, around.judged.cerqual),
        _how_well_done(grounds, around.judged.padlock),
        deciding.how_to_do_it(passages, known),
        deciding.partners(passages, known),
        deciding.costs(grounds, around.studied, passages, known),
        deciding.under_way(around.under_way, around.last_search),
    ]


def _mechanism(intervention: Intervention, passages: deciding.Told) -> dict[str, Any]:
    """How it is meant to work: as people wrote it for the page, else as the intervention's own row says."""
    told = list(passages.get("mechanism", ()))
    told = told or ([text(intervention.mechanism)] if intervention.mechanism else [])
    return chapter("How is it meant to work", "Described, not tested" if told else "Nothing held yet", told or NOTHING)


def _how_sure(grounds: list[Ground], emmie: dict[str, Any] | None) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = []
    levels = set()
    for ground in grounds:
        blocks += _reasons(ground)
        if judged := recorded_judgement(ground):
            levels.add(judged.level.capitalize())
    if emmie:
        blocks += [{"type": "heading", "text": "The reviews behind this page"}, text(APART), emmie]
    small = ", ".join(sorted(levels)) if levels else "Not assessed"
    return chapter("How sure are we, and why", small, blocks or NOTHING, opened=True)


def _reasons(ground: Ground) -> list[dict[str, Any]]:
    items: list[dict[str, str]] = []
    judged = recorded_judgement(ground)
    blocks: list[dict[str, Any]] = [{"type": "heading", "text": name_of(ground)}]
    if judged:
        for reason, moved in judged.domains.items():
            if moved:
                way = "Lowered" if moved < 0 else "Raised"
                steps = {1: "one level", 2: "two levels", 3: "three levels"}[abs(moved)]
                items.append(
                    {
                        "kind": "lowered" if moved < 0 else "kept",
                        "text": f"{way} {steps} for {REASONS.get(reason, reason)}",
                    }
                )
            else:
                items.append({"kind": "kept", "text": f"Not changed for {REASONS.get(reason, reason)}"})
        items.append(
            {"kind": "result", "text": f"{judged.level.capitalize()} certainty, as judged by {judged.by} (GRADE)"}
        )
        blocks.append({"type": "trail", "items": items})
    for key in ("outcome-state", "strength-scale"):
        if rating := held_rating(ground, key):
            blocks += _trail(rating)
    return blocks


def _trail(rating: Rating) -> list[dict[str, Any]]:
    """A computed rating with the rules that fired, what is missing and what would change it."""
    scheme = load_scheme(rating.scheme, int(rating.version))
    result = rating.result
    items = [{"kind": "kept", "text": step["sentence"]} for step in result["trail"] if step["fired"]]
    level = scheme.word(result["level"]) if result["level"] else "No level: " + result["state"]
    stands = standing_of(rating)
    items.append(
        {"kind": "result", "text": f"{level}, {stands.words}. Scheme: {scheme.title}, version {rating.version}"}
    )
    if stands.reason:
        items.append({"kind": "kept", "text": f"Why people gave another level: {stands.reason}"})
    blocks: list[dict[str, Any]] = [{"type": "trail", "items": items, "trace": rating.pk}]
    if changes := result.get("would_change"):
        first = changes[0]
        blocks.append({"type": "text", "parts": [f"What would change this? {first['sentence']}"]})
    return blocks


def _how_well_done(grounds: list[Ground], padlock: dict[str, Any] | None) -> dict[str, Any]:
    studies = sorted({row.study_id for ground in grounds for row in ground.contrasts})
    appraisals = list(
        Appraisal.objects.filter(study__in=studies)
        .select_related("study", "report")
        .order_by("instrument", "study__name", "pk")
    )
    cautions = [[f"{name}: {text}"] for name, text in _cautions(grounds)]
    blocks: list[dict[str, Any]] = []
    for key in sorted({one.instrument for one in appraisals}):
        blocks.append(_appraised([one for one in appraisals if one.instrument == key]))
    blocks += [padlock] if padlock else []
    if cautions:
        blocks += [{"type": "text", "parts": ["To keep in mind:"]}, {"type": "list", "items": cautions}]
    if not appraisals:
        words = "Risk of bias has not been judged for these studies."
        blocks.insert(0, {"type": "text", "parts": [words]})
    return chapter(
        "How well were the studies done", f"{len(appraisals)} appraisals" if appraisals else "Not judged", blocks
    )


def _cautions(grounds: list[Ground]) -> list[tuple[str, str]]:
    said = {(row.study.name, row.caution) for ground in grounds for row in ground.contrasts if row.caution}
    said |= {(row.study.name, row.study.caution) for ground in grounds for row in ground.contrasts if row.study.caution}
    return sorted(said)


def _appraised(appraisals: list[Appraisal]) -> dict[str, Any]:
    known = instrument(appraisals[0].instrument, int(appraisals[0].version))
    names = {domain.key: domain.name for domain in known.domains}
    rows = [
        [
            [{"link": one.study.name, "href": f"/studies/{one.study_id}/"}, *([f": {of.name}"] if of.contrast else [])],
            *(str(one.domains.get(key, "")).capitalize() for key in names),
            one.overall.capitalize(),
        ]
        for one, of in judged_of(appraisals)
    ]
    caption = f"{known.title}, as judged by {judges_of(appraisals)}."
    return {"type": "table", "caption": caption, "head": ["Study", *names.values(), "Overall"], "rows": rows}
