"""Gathers what the schemes ask about one outcome of one intervention, from what the rooms below hold. Reads, never writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from whatworks.extract.applying import applying_to
from whatworks.extract.models import Appraisal, Contrast, Finding
from whatworks.rate.methods.votes import HIGHER, LOWER, NO_DIFFERENCE, Reported, tally
from whatworks.scope.models import Intervention, Outcome
from whatworks.synthesise.models import Analysis, PublishedResult, Synthesis

ASSOCIATIONS = frozenset({"SPCOR", "PCOR", "ZCOR", "COR", "ZPCOR"})  # how strongly two things go together
CLEAR = 1.959963984540054  # the normal deviate of a 95 per cent interval

REPORTED = {"lower": LOWER, "higher": HIGHER, "no clear difference": NO_DIFFERENCE}


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything held about one outcome of one intervention: one block of its page."""

    intervention: Intervention
    outcome: Outcome
    analysis: Analysis | None
    contrasts: tuple[Contrast, ...] = ()
    published: tuple[PublishedResult, ...] = ()
    searched: bool = False
    findings: dict[str, Finding] = field(default_factory=dict)
    default: Synthesis | None = None
    as_published: Synthesis | None = None

    @property
    def declared(self) -> Analysis:
        """The analysis, where the caller knows that there is one."""
        assert self.analysis is not None, f"{self.outcome} has no analysis"
        return self.analysis

    @property
    def result(self) -> Synthesis:
        """The result by the house's default, where the caller knows that there is one."""
        assert self.default is not None, f"{self.outcome} has no result"
        return self.default

    @property
    def rows(self) -> int:
        """How many rows of any kind are held."""
        return len(self.contrasts) + len(self.published)


def grounds(intervention: Intervention) -> list[Ground]:
    """One ground for each lead analysis, and one for what is held beside them, in the framework's order."""
    contrasts = list(
        Contrast.objects.about(intervention).select_related("study__review", "outcome", "report").order_by("pk")
    )
    family = [intervention.pk, *intervention.parts.values_list("pk", flat=True)]
    beside = PublishedResult.objects.filter(intervention__in=family, analysis=None).exclude(outcome=None)
    published = list(beside.order_by("review_name", "pk"))
    analyses = list(Analysis.objects.filter(intervention__in=family, lead=True).order_by("title", "pk"))
    outcomes = {row.outcome_id for row in [*contrasts, *published, *analyses]}
    made: list[Ground] = []
    for outcome in Outcome.objects.filter(pk__in=outcomes).select_related("group").order_by("group__order", "order"):
        of = [one for one in analyses if one.outcome_id == outcome.pk]
        rows = [row for row in contrasts if row.outcome_id == outcome.pk]
        others = tuple(row for row in published if row.outcome_id == outcome.pk)
        made += _of_outcome(intervention, outcome, of, rows, others)
    return made


def _of_outcome(
    intervention: Intervention,
    outcome: Outcome,
    analyses: list[Analysis],
    contrasts: list[Contrast],
    published: tuple[PublishedResult, ...],
) -> list[Ground]:
    if not analyses:
        return [_ground(intervention, outcome, None, contrasts, published)]
    members = {one.pk: set(one.members.values_list("contrast_id", flat=True)) for one in analyses}
    pooled = set().union(*members.values())
    beside = [row for row in contrasts if row.pk not in pooled]
    made = []
    for number, one in enumerate(analyses):
        alone = len(analyses) == 1
        rows = [row for row in contrasts if row.pk in members[one.pk] or (alone and row in beside)]
        made.append(_ground(intervention, outcome, one, rows, published if number == 0 else ()))
    if len(analyses) > 1 and beside:
        made.append(_ground(intervention, outcome, None, beside, ()))
    return made


def _ground(
    intervention: Intervention,
    outcome: Outcome,
    analysis: Analysis | None,
    contrasts: list[Contrast],
    published: tuple[PublishedResult, ...],
) -> Ground:
    current = Finding.objects.filter(contrast__in=contrasts, subject__artefact__superseded_by="").order_by("pk")
    wanted = {finding.contrast_id: finding for finding in current if not analysis or finding.metric != analysis.metric}
    wanted |= {finding.contrast_id: finding for finding in current if analysis and finding.metric == analysis.metric}
    syntheses = {one.role: one for one in analysis.syntheses.current()} if analysis else {}
    return Ground(
        intervention,
        outcome,
        analysis,
        tuple(sorted(contrasts, key=lambda row: (row.study.name, row.months or 0, row.pk))),
        published,
        any(row.study.review.systematic for row in contrasts),
        wanted,
        syntheses.get(Synthesis.DEFAULT),
        syntheses.get(Synthesis.AS_PUBLISHED),
    )


def direction_of(contrast: Contrast, finding: Finding | None) -> str | None:
    """Which way a row points, as reported or by the sign of its effect; None when it does not say."""
    if contrast.reported_direction in REPORTED:
        return REPORTED[contrast.reported_direction]
    if finding is not None:
        return NO_DIFFERENCE if finding.yi == 0 else HIGHER if contrast.sign * finding.yi > 0 else LOWER
    first, second = contrast.printed.get("percent1"), contrast.printed.get("percent2")
    if first is not None and second is not None and first != second:
        return HIGHER if contrast.sign * (first - second) > 0 else LOWER
    return None


def votes(ground: Ground) -> dict[str, int]:
    """Studies and people for each direction: one vote a study, its longest follow-up, interim cuts left out."""
    last: dict[str, Reported] = {}
    for row in sorted(ground.contrasts, key=lambda row: (row.months or 0, row.pk)):
        pointed = direction_of(row, ground.findings.get(row.pk))
        if pointed and row.overlaps_id is None:
            last[row.study_id] = Reported(row.study_id, pointed, row.n_total)
    return {name: value for name, value in tally(last.values()).to_dict().items() if value is not None}


def pooled(ground: Ground) -> dict[str, Any]:
    """The pooled result as the schemes ask for it; with one study there is nothing pooled, but it has its own interval."""
    result = ground.default.result if ground.default else None
    if result is None:
        return {"k_pooled": 0}
    if result["k"] < 2:
        return {"k_pooled": 0, "null_value": 0, "single_low": result["ci_low"], "single_high": result["ci_high"]}
    clear = [
        (row["yi"] - CLEAR * row["vi"] ** 0.5, row["yi"] + CLEAR * row["vi"] ** 0.5) for row in ground.result.inputs
    ]
    return {
        "k_pooled": result["k"],
        "interval_low": result["ci_low"],
        "interval_high": result["ci_high"],
        "null_value": 0,
        "studies_clearly_lower": sum(high < 0 for _, high in clear),
        "studies_clearly_higher": sum(low > 0 for low, _ in clear),
        "choices_disagree": _choices_disagree(ground),
    }


def _choices_disagree(ground: Ground) -> bool:
    """Whether the interval that the review's authors used says something else than the house's."""
    if ground.as_published is None or ground.default is None:
        return False
    return _side(ground.default.result) != _side(ground.as_published.result)


def _side(result: dict[str, Any]) -> int:
    return (result["ci_low"] > 0) - (result["ci_high"] < 0)


def state_inputs(ground: Ground) -> dict[str, Any]:
    """What the scheme `outcome-state` asks."""
    outcome, metric = ground.outcome, ground.analysis.metric if ground.analysis else ""
    metrics = {metric, *(finding.metric for finding in ground.findings.values())}
    inputs = {
        "n_rows_held": ground.rows,
        "searched": ground.searched,
        "published_review_only": bool(ground.published) and not ground.contrasts,
        "design_kind": "association" if metrics & ASSOCIATIONS else "experimental",
        "direction_kind": outcome.reading,
        **votes(ground),
        **pooled(ground),
    }
    if outcome.band_source and outcome.band_metric == metric:
        inputs |= {
            "band_low": outcome.band_low,
            "band_high": outcome.band_high,
            "band_source": outcome.band_source,
            "band_set_before": True,
        }
    return inputs


def effect_inputs(ground: Ground) -> dict[str, Any]:
    """What the scheme `effect-scale` asks: consistency towards the aim of the theme."""
    names = ("k_pooled", "interval_low", "interval_high", "null_value")
    aim = "higher" if ground.outcome.direction == Outcome.GOOD_HIGH else "lower"
    return {"aim": aim, **votes(ground), **{name: value for name, value in pooled(ground).items() if name in names}}


def _judged(ground: Ground) -> list[tuple[Contrast, list[Appraisal]]]:
    """Results with the judgements of risk of bias that apply to them."""
    held = applying_to(ground.contrasts)
    return [(row, held[row.pk]) for row in ground.contrasts if row.pk in held]


def strength_inputs(ground: Ground) -> dict[str, Any]:
    """What the scheme `strength-scale` asks; what people must judge is left out until they have."""
    randomised = {row.study_id for row in ground.contrasts if row.study.randomised}
    judged = [(row.study_id, one) for row, held in _judged(ground) for one in held]
    other = {study for study, one in judged if one.overall.casefold() != "low"}
    low = {study for study, _ in judged if study in randomised} - other
    return {
        "evidence_base": "systematic-search" if ground.searched else "sourced",
        "studies_randomised": len(randomised),
        "studies_randomised_low_risk": len(low),
    }


SCHEMES = {"outcome-state": state_inputs, "effect-scale": effect_inputs, "strength-scale": strength_inputs}
