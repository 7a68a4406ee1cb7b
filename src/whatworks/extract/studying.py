"""What people do to studies: open one, say which reports tell of it, and describe its arms, outcomes and support."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from whatworks.collate.models import Report
from whatworks.errors import ConflictError, InputError
from whatworks.extract.facts import fitting, plain_facts, refuse_unknown, set_facts
from whatworks.extract.models import (
    Answer,
    Arm,
    ArmDetail,
    Contrast,
    ContrastDetail,
    Decided,
    Measure,
    Study,
    StudyDetail,
    StudyReport,
)
from whatworks.extract.reconciling import redraw_study
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.scope.models import Intervention, Outcome
from whatworks.screen.models import Review

STUDY_FACTS = ("name", "design", "randomised", "country", "place", "years", "population", "n_total", "unit", "caution")
ARM_FACTS = ("name", "role", "n")
ARM_DETAILS = ("intervention", "offered", "n_randomised", "n_analysed", "clusters", "clusters_analysed", "order")
MEASURE_FACTS = ("outcome", "name", "instrument", "direction", "unit", "informant", "population", "priority", "order")
SUPPORT = ("funder", "funder_involved", "developer_involved", "interests", "registration", "clusters")


@transaction.atomic
def open_study(
    *,
    by: str,
    review: Review,
    name: str,
    design: str,
    randomised: bool,
    report: Report | None = None,
    key: str = "",
    **facts: Any,
) -> Study:
    """Open a study in a review, told of by its main report. The same request (`key`) twice is one study."""
    refuse_unknown(facts, STUDY_FACTS, "A study")
    identifier = Study.derived("opened", review.pk, key) if key else Study.fresh()
    if done := Study.objects.filter(pk=identifier).first():
        return done
    made = Study(subject_id=identifier, review=review)
    set_facts(made, {"name": name, "design": design, "randomised": randomised, **facts})
    if not made.name:
        raise InputError("A study needs a name, such as its place and year or its first author and year.")
    fitting(made)
    (study,) = Study.objects.register_all([made])
    payload = {"study": study.name, "report": report.pk if report else ""}
    about = [review, *([report] if report else [])]
    record(verb="extract.open-study", by=by, about=about, made=[study], payload=payload, audience=PUBLIC)
    if report is not None:
        _tell(study, report, StudyReport.MAIN)
    return study


def _tell(study: Study, report: Report, role: str) -> StudyReport:
    key = StudyReport.derived(study.pk, report.pk)
    return StudyReport.objects.create(id=key, study=study, report=report, role=role)


@transaction.atomic
def describe_study(*, by: str, study: Study, why: str = "", **facts: Any) -> Study:
    """Change what is said of a study: its name, design, place and so on. What it was before is in its history."""
    refuse_unknown(facts, STUDY_FACTS, "A study")
    held = Study.objects.locked(study)
    before = set_facts(held, facts)
    if not before:
        return held
    fitting(held)
    held.save(update_fields=list(before))
    held.retitle()
    payload = {"before": before, "after": plain_facts(held, before), "why": why.strip()}
    record(verb="extract.describe-study", by=by, made=[held], payload=payload, audience=PUBLIC)
    return held


@transaction.atomic
def attach_report(*, by: str, study: Study, report: Report, role: str = StudyReport.MAIN) -> StudyReport:
    """Say that a report tells of a study, or in another role than was said. What rests on the study is marked stale."""
    if role not in StudyReport.ROLES:
        raise InputError(f"There is no role {role[:20]!r}; choose one of {', '.join(StudyReport.ROLES)}.")
    held = Study.objects.locked(study)
    row: StudyReport | None = StudyReport.objects.filter(study=held, report=report).first()
    before = row.role if row else ""
    if row is not None and before == role:
        return row
    if row is None:
        row = _tell(held, report, role)
    else:
        row.role = role
        row.save(update_fields=["role"])
    payload = {"role": role, "before": before}
    event = record(verb="extract.attach", by=by, about=[held, report], made=[row], payload=payload, audience=PUBLIC)
    if not before:
        mark_stale(held.pk, event=event)
    return row


@transaction.atomic
def detach_report(*, by: str, study: Study, report: Report, why: str) -> None:
    """Say that a report does not tell of a study after all. Refused while numbers or answers were taken from it."""
    held = Study.objects.locked(study)
    row = StudyReport.objects.filter(study=held, report=report).first()
    if row is None:
        raise ConflictError("This report does not tell of this study any more; reload the page.")
    if not why.strip():
        raise InputError("Say why the report does not belong to the study; readers of its history will ask.")
    _refuse_used(held, report)
    payload = {"role": row.role, "why": why.strip()}
    row.delete()
    record(verb="extract.detach", by=by, about=[held, report], payload=payload, audience=PUBLIC)


def _refuse_used(study: Study, report: Report) -> None:
    rows = {
        "contrasts are": Contrast.objects.filter(study=study, report=report),
        "answers are": Answer.objects.current().filter(sheet__coding__study=study, report=report),
        "decided values are": Decided.objects.standing().filter(coding__study=study, report=report),
        "appraisals are": study.appraisals.filter(report=report),
    }
    for what, found in rows.items():
        if count := found.count():
            raise ConflictError(f"{count} {what} taken from this report; give them another place or split the study.")


@transaction.atomic
def add_arm(*, by: str, study: Study, name: str, role: str, n: int | None = None, key: str = "", **detail: Any) -> Arm:
    """Add an arm: intervention, comparison or co-intervention, with how many were put in it and analysed."""
    refuse_unknown(detail, ARM_DETAILS, "An arm")
    if role not in Arm.ROLES:
        raise InputError(f"There is no arm for {role[:30]!r}; choose one of {', '.join(Arm.ROLES)}.")
    held = Study.objects.locked(study)
    identifier = Arm.derived("added", held.pk, key) if key else Arm.fresh()
    if done := Arm.objects.filter(pk=identifier).first():
        return done
    if Arm.objects.filter(study=held, name=name.strip()).exists():
        raise ConflictError(f"This study has an arm called “{name.strip()}” already; give this one another name.")
    arm = Arm(id=identifier, study=held)
    set_facts(arm, {"name": name, "role": role, "n": n if n is not None else detail.get("n_analysed")})
    if not arm.name:
        raise InputError("An arm needs a name, such as what its people were offered.")
    extra = ArmDetail(id=ArmDetail.derived(arm.pk), arm=arm)
    set_facts(extra, {"order": Arm.objects.filter(study=held).count() + 1, **detail})
    fitting(arm)
    fitting(extra)
    arm.save(force_insert=True)
    extra.save(force_insert=True)
    made = [arm, extra, *redraw_study(held)]
    record(verb="extract.add-arm", by=by, about=[held], made=made, payload={"arm": arm.name}, audience=PUBLIC)
    return arm


@transaction.atomic
def change_arm(*, by: str, arm: Arm, why: str = "", **facts: Any) -> Arm:
    """Change what is said of an arm; what it was before is in its history."""
    refuse_unknown(facts, (*ARM_FACTS, *ARM_DETAILS), "An arm")
    study = Study.objects.locked(arm.study_id)
    held = Arm.objects.get(pk=arm.pk)
    extra, _ = ArmDetail.objects.get_or_create(arm=held, defaults={"id": ArmDetail.derived(held.pk)})
    before = set_facts(held, {name: value for name, value in facts.items() if name in ARM_FACTS})
    before |= set_facts(extra, {name: value for name, value in facts.items() if name in ARM_DETAILS})
    if not before:
        return held
    for row in (held, extra):
        fitting(row)
        row.save()
    after = plain_facts(held, [n for n in before if n in ARM_FACTS])
    after |= plain_facts(extra, [n for n in before if n in ARM_DETAILS])
    payload = {"before": before, "after": after, "why": why.strip()}
    record(verb="extract.change-arm", by=by, about=[study], made=[held, extra], payload=payload, audience=PUBLIC)
    return held


@transaction.atomic
def remove_arm(*, by: str, arm: Arm, why: str) -> None:
    """Remove an arm that was added by mistake. Refused where anything was said or computed of it."""
    study = Study.objects.locked(arm.study_id)
    if not why.strip():
        raise InputError("Say why the arm is removed; readers of the study's history will ask.")
    contrasts = ContrastDetail.objects.filter(models.Q(arm=arm) | models.Q(comparison=arm)).exists()
    if contrasts or Answer.objects.filter(unit=arm.pk).exists() or Decided.objects.filter(unit=arm.pk).exists():
        raise ConflictError("This arm was coded or has numbers; change it instead of removing it.")
    payload = {"arm": arm.name, "why": why.strip()}
    record(verb="extract.remove-arm", by=by, about=[study, arm.pk], payload=payload, audience=PUBLIC)
    ArmDetail.objects.filter(arm=arm).delete()
    Arm.objects.filter(pk=arm.pk).delete()


@transaction.atomic
def add_measure(*, by: str, study: Study, outcome: Outcome, name: str, key: str = "", **facts: Any) -> Measure:
    """Add an outcome as the study measured it, mapped to the outcomes framework."""
    refuse_unknown(facts, MEASURE_FACTS, "An outcome as measured")
    held = Study.objects.locked(study)
    identifier = Measure.derived("added", held.pk, key) if key else Measure.fresh()
    if done := Measure.objects.filter(pk=identifier).first():
        return done
    row = Measure(id=identifier, study=held)
    order = Measure.objects.filter(study=held).count() + 1
    set_facts(row, {"outcome": outcome, "name": name, "order": order, **facts})
    if not row.name:
        raise InputError("An outcome as measured needs a name, such as what the report calls it.")
    if Measure.objects.filter(study=held, name=row.name, informant=row.informant).exists():
        raise ConflictError(f"This study has “{row.name}” already; say who told it, or give it another name.")
    fitting(row)
    row.save(force_insert=True)
    payload = {"measure": row.name, "outcome": outcome.pk}
    made = [row, *redraw_study(held)]
    record(verb="extract.add-measure", by=by, about=[held, outcome], made=made, payload=payload, audience=PUBLIC)
    return row


@transaction.atomic
def change_measure(*, by: str, measure: Measure, why: str = "", **facts: Any) -> Measure:
    """Change what is said of an outcome as measured; what it was before is in its history."""
    refuse_unknown(facts, MEASURE_FACTS, "An outcome as measured")
    study = Study.objects.locked(measure.study_id)
    held = Measure.objects.get(pk=measure.pk)
    before = set_facts(held, facts)
    if not before:
        return held
    fitting(held)
    held.save()
    payload = {"before": before, "after": plain_facts(held, before), "why": why.strip()}
    record(verb="extract.change-measure", by=by, about=[study], made=[held], payload=payload, audience=PUBLIC)
    return held


@transaction.atomic
def describe_support(*, by: str, study: Study, why: str = "", **facts: Any) -> StudyDetail:
    """Say who paid for a study, how far funder and developers took part, and where it was registered."""
    refuse_unknown(facts, SUPPORT, "A study's support")
    held = Study.objects.locked(study)
    row = StudyDetail.objects.filter(study=held).first()
    made = row or StudyDetail(id=StudyDetail.derived(held.pk), study=held)
    before = set_facts(made, facts)
    if row is not None and not before:
        return row
    fitting(made)
    made.save(force_insert=row is None)
    payload = {"before": before, "after": plain_facts(made, before), "why": why.strip()}
    record(verb="extract.describe-support", by=by, about=[held], made=[made], payload=payload, audience=PUBLIC)
    return made


def told_intervention(arm: Arm) -> Intervention | None:
    """The intervention that an arm was offered, where it is said."""
    detail = ArmDetail.objects.filter(arm=arm).select_related("intervention").first()
    return detail.intervention if detail else None
