"""Entering what a report prints: a contrast with its place, and the finding that a formula makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.collate.models import Report
from whatworks.errors import ConflictError, InputError
from whatworks.extract.actions import compute_findings
from whatworks.extract.facts import fitting, refuse_unknown, set_facts
from whatworks.extract.following import tell
from whatworks.extract.methods.computing import compute
from whatworks.extract.models import Arm, Contrast, ContrastDetail, Measure, Study
from whatworks.extract.places import check_place
from whatworks.extract.reconciling import redraw_study
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.saying import said
from whatworks.scope.models import Intervention, Outcome

FACTS = (
    "measured", "sign", "follow_up", "unit", "compared_with", "n_total", "printed", "reported_direction", "overlaps",
    "why_not", "caution", "reference",
)  # fmt: skip
DETAILS = (
    "months_from_baseline", "months_from_end", "population", "analysis_set", "adjusted", "adjusted_for", "clustering",
    "icc", "icc_source", "cluster_size", "page", "quote", "rectangle", "measure",
)  # fmt: skip
_RAW = ("events", "mean", "time", "percent", "proportion")
_STATISTICS = {"t", "f", "p", "z", "r", "chi2", "odds_ratio", "beta", "coefficient"}


def basis_of(formula: str, inputs: Mapping[str, Any]) -> str:
    """How much the numbers can bear, by what they are: `reported`, `statistic`, or `published effect`."""
    names = {str(name) for name in inputs}
    if "-with-" in formula or "estimate" in names:
        return "published effect"
    if names & _STATISTICS or not any(name.startswith(_RAW) for name in names):
        return "statistic"
    return "reported"


@transaction.atomic
def enter_finding(
    *,
    by: str,
    study: Study,
    report: Report,
    intervention: Intervention,
    outcome: Outcome | None = None,
    inputs: Mapping[str, Any],
    formula: str,
    arms: Sequence[Arm | None] = (None, None),
    place: str = "",
    basis: str = "",
    metric: str = "",
    key: str = "",
    **told: Any,
) -> Contrast:
    """Enter numbers as a report prints them, and compute the finding by the formula (`contrast.findings`).

    `arms`: the intervention arm and the one it is compared with. `told`: the FACTS and DETAILS of a contrast; a
    `measure` gives outcome, name and unit where they are not given. Without a formula `why_not` says why the numbers
    cannot be pooled. The same request (`key`) twice is one contrast. Raises InputError before anything is written.
    """
    refuse_unknown(told, (*FACTS, *DETAILS), said("A finding"))
    held = Study.objects.locked(study)
    identifier = Contrast.derived("entered", held.pk, key) if key else Contrast.fresh()
    if done := Contrast.objects.filter(pk=identifier).first():
        return _same(done, inputs)
    if formula:
        compute(formula, inputs)  # refuses impossible numbers before anything is written
    elif not str(told.get("why_not", "")).strip():
        raise InputError(said("Numbers without a formula cannot be pooled; say why (why_not), or choose a formula."))
    contrast, detail = _rows(by, identifier, held, (report, intervention, outcome), arms, (formula, inputs), told)
    contrast.place = place.strip()
    contrast.basis = basis or (basis_of(formula, inputs) if formula else "not poolable")
    check_contrast(contrast, arms, {name: value for name, value in told.items() if name in DETAILS})
    for row in (contrast, detail):
        fitting(row)
    Contrast.objects.register_all([contrast])
    detail.save(force_insert=True)
    about, made = [held, report], [contrast, detail, *redraw_study(held)]
    payload = {"measured": contrast.measured, "formula": formula, "inputs": contrast.inputs}
    event = record(verb="extract.enter", by=by, about=about, made=made, payload=payload, audience=PUBLIC)
    if formula:
        compute_findings(by=by, contrasts=[contrast], metric=metric)
    tell(contrast, event)
    return contrast


def _rows(
    by: str,
    identifier: str,
    study: Study,
    about: tuple[Report, Intervention, Outcome | None],
    arms: Sequence[Arm | None],
    numbers: tuple[str, Mapping[str, Any]],
    told: Mapping[str, Any],
) -> tuple[Contrast, ContrastDetail]:
    """The contrast and its detail, not saved."""
    if len(arms) != 2:
        raise InputError(
            said(
                "A finding compares two arms; %(count)s were given. Give None for an arm that is not named.",
                count=len(arms),
            )
        )
    facts = {name: value for name, value in told.items() if name in FACTS}
    details = {name: value for name, value in told.items() if name in DETAILS}
    report, intervention, outcome = about
    contrast = Contrast(
        subject_id=identifier, study=study, report=report, intervention=intervention, coder=by, formula=numbers[0],
        inputs=dict(numbers[1]), months=details.get("months_from_baseline"),
    )  # fmt: skip
    set_facts(contrast, _usual(study, outcome, details.get("measure"), arms) | facts)
    fresh = {"id": ContrastDetail.derived(identifier), "contrast": contrast, "by": by, "at": timezone.now()}
    detail = ContrastDetail(arm=arms[0], comparison=arms[1], **fresh)
    set_facts(detail, details)
    return contrast, detail


def _same(done: Contrast, inputs: Mapping[str, Any]) -> Contrast:
    if done.inputs != dict(inputs):
        raise ConflictError(
            said("This request has the name of an earlier one with other numbers; correct those instead.")
        )
    return done


def _usual(
    study: Study, outcome: Outcome | None, measure: Measure | None, arms: Sequence[Arm | None]
) -> dict[str, Any]:
    """What is not said, from the outcome as measured, the arms and the study."""
    chosen = outcome or (measure.outcome if measure else None)
    if chosen is None:
        raise InputError(said("Say which outcome of the framework this is, or give the outcome as measured."))
    against = arms[1]
    return {
        "outcome": chosen,
        "measured": measure.name if measure else chosen.name,
        "unit": (measure.unit if measure else "") or study.unit or "people",
        "compared_with": against.name if against else "",
        "sign": 1,
    }


def check_contrast(contrast: Contrast, arms: Sequence[Arm | None], details: Mapping[str, Any]) -> None:
    """Refuse what a result cannot say: arms or outcomes of another study, an ICC without its source, a place that is none."""
    if len(arms) != 2:
        raise InputError(
            said(
                "A finding compares two arms; %(count)s were given. Give None for an arm that is not named.",
                count=len(arms),
            )
        )
    for arm in (arm for arm in arms if arm is not None):
        if arm.study_id != contrast.study_id:
            raise InputError(
                said("The arm “%(name)s” belongs to another study; choose one of this study's.", name=arm.name)
            )
    if arms[0] is not None and arms[0] == arms[1]:
        raise InputError(said("The two arms are the same; choose what the intervention is compared with."))
    measure = details.get("measure")
    if measure is not None and measure.study_id != contrast.study_id:
        raise InputError(
            said("“%(name)s” was measured in another study; choose an outcome of this one.", name=measure.name)
        )
    if details.get("icc") is not None and not str(details.get("icc_source", "")).strip():
        raise InputError(said("Say where the ICC is from (icc_source): the report, another study, or an assumption."))
    if contrast.sign not in (-1, 1):
        raise InputError(
            said("The sign is 1 where more is more of the outcome, and -1 where the scale runs the other way.")
        )
    check_place(
        contrast.study_id,
        contrast.report_id,
        page=details.get("page"),
        place=contrast.place,
        quote=details.get("quote", ""),
        rectangle=details.get("rectangle"),
    )
