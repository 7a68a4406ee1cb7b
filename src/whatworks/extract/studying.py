"""What people do to studies: open one, say which reports tell of it, and describe it, its arms and its support."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from whatworks.collate.models import Report
from whatworks.errors import ConflictError, InputError
from whatworks.extract.facts import fitting, plain_facts, refuse_unknown, set_facts
from whatworks.extract.following import tell
from whatworks.extract.models import Arm, ArmDetail, Contrast, ContrastDetail, Study, StudyDetail, StudyReport
from whatworks.extract.reconciling import redraw_study
from whatworks.extract.seen import refuse_moved_on
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.saying import said
from whatworks.screen.models import Review

STUDY_FACTS = ("name", "design", "randomised", "country", "place", "years", "population", "n_total", "unit", "caution")
ARM_FACTS = ("name", "role", "n")
ARM_DETAILS = ("intervention", "offered", "n_randomised", "n_analysed", "clusters", "clusters_analysed", "order")
SIFTING = {"randomised", "country"}  # what declared analyses choose studies by
UNUSED = {"place", "years", "offered", "order"}  # what no number rests on: changing it marks nothing stale
SUPPORT = ("funder", "funder_involved", "developer_involved", "interests", "registration", "clusters")
NAMELESS = said("A study needs a name, such as its place and year or its first author and year.")
NAMELESS_ARM = said("An arm needs a name, such as what its people were offered.")


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
    refuse_unknown(facts, STUDY_FACTS, said("A study"))
    identifier = Study.derived("opened", review.pk, key) if key else Study.fresh()
    if done := Study.objects.filter(pk=identifier).first():
        return done
    made = Study(subject_id=identifier, review=review)
    set_facts(made, {"name": name, "design": design, "randomised": randomised, **facts})
    _refuse_nameless(made, NAMELESS)
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
def describe_study(*, by: str, study: Study, why: str = "", seen: str = "", **facts: Any) -> Study:
    """Change what is said of a study: its name, design, place and so on. What it was before is in its history.

    `seen`: the state that was shown (`state_of` of its STUDY_FACTS); ConflictError where it is another by now. What
    rests on the study is marked stale unless only UNUSED facts changed, and so are analyses that choose by what changed.
    """
    refuse_unknown(facts, STUDY_FACTS, said("A study"))
    held = Study.objects.locked(study)
    refuse_moved_on(seen, plain_facts(held, STUDY_FACTS), said("this study"))
    before = set_facts(held, facts)
    if not before:
        return held
    _refuse_nameless(held, NAMELESS)
    fitting(held)
    held.save(update_fields=list(before))
    held.retitle()
    payload = {"before": before, "after": plain_facts(held, before), "why": why.strip()}
    event = record(verb="extract.describe-study", by=by, made=[held], payload=payload, audience=PUBLIC)
    if set(before) - UNUSED:
        mark_stale(held.pk, event=event)
    for contrast in Contrast.objects.filter(study=held) if SIFTING & set(before) else ():
        tell(contrast, event)
    return held


def _refuse_nameless(row: Any, refusal: str) -> None:
    if not row.name:
        raise InputError(refusal)


@transaction.atomic
def attach_report(*, by: str, study: Study, report: Report, role: str = StudyReport.MAIN) -> StudyReport:
    """Say that a report tells of a study, or in another role than was said. What rests on the study is marked stale."""
    if role not in StudyReport.ROLES:
        raise InputError(
            said(
                "There is no role %(role)r; choose one of %(roles)s.",
                role=role[:20],
                roles=", ".join(StudyReport.ROLES),
            )
        )
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
def add_arm(*, by: str, study: Study, name: str, role: str, n: int | None = None, key: str = "", **detail: Any) -> Arm:
    """Add an arm: intervention, comparison or co-intervention, with how many were put in it and analysed."""
    refuse_unknown(detail, ARM_DETAILS, said("An arm"))
    if role not in Arm.ROLES:
        raise InputError(
            said("There is no arm for %(role)r; choose one of %(roles)s.", role=role[:30], roles=", ".join(Arm.ROLES))
        )
    held = Study.objects.locked(study)
    identifier = Arm.derived("added", held.pk, key) if key else Arm.fresh()
    if done := Arm.objects.filter(pk=identifier).first():
        return done
    arm = Arm(id=identifier, study=held)
    set_facts(arm, {"name": name, "role": role, "n": n if n is not None else detail.get("n_analysed")})
    _refuse_nameless(arm, NAMELESS_ARM)
    _refuse_namesake(arm)
    extra = ArmDetail(id=ArmDetail.derived(arm.pk), arm=arm)
    set_facts(extra, {"order": Arm.objects.filter(study=held).count() + 1, **detail})
    fitting(arm)
    fitting(extra)
    arm.save(force_insert=True)
    extra.save(force_insert=True)
    made = [arm, extra, *redraw_study(held)]
    record(verb="extract.add-arm", by=by, about=[held], made=made, payload={"arm": arm.name}, audience=PUBLIC)
    return arm


def arm_facts(arm: Arm) -> dict[str, Any]:
    """What is said of an arm, as plain values. Older rows have one count only: of how many the numbers are."""
    extra = ArmDetail.objects.filter(arm=arm).first() or ArmDetail(arm=arm)
    told = plain_facts(arm, ARM_FACTS) | plain_facts(extra, ARM_DETAILS)
    return told | {"n_analysed": arm.n if extra.n_analysed is None else extra.n_analysed}


@transaction.atomic
def change_arm(*, by: str, arm: Arm, why: str = "", seen: str = "", **facts: Any) -> Arm:
    """Change what is said of an arm; what it was before is in its history. What rests on its results is marked stale.

    `seen`: the state that was shown (`state_of` of `arm_facts`); ConflictError where it is another by now.
    """
    refuse_unknown(facts, (*ARM_FACTS, *ARM_DETAILS), said("An arm"))
    study = Study.objects.locked(arm.study_id)
    held = _still_there(arm)
    refuse_moved_on(seen, arm_facts(held), said("this arm"))
    extra, _ = ArmDetail.objects.get_or_create(arm=held, defaults={"id": ArmDetail.derived(held.pk)})
    if "n_analysed" in facts and extra.n_analysed in (None, held.n):  # the shorter word for the same count
        facts.setdefault("n", facts["n_analysed"])
    before = set_facts(held, {name: value for name, value in facts.items() if name in ARM_FACTS})
    before |= set_facts(extra, {name: value for name, value in facts.items() if name in ARM_DETAILS})
    if not before:
        return held
    _refuse_nameless(held, NAMELESS_ARM)
    if "name" in before:
        _refuse_namesake(held)
    for row in (held, extra):
        fitting(row)
        row.save()
    after = plain_facts(held, [n for n in before if n in ARM_FACTS])
    after |= plain_facts(extra, [n for n in before if n in ARM_DETAILS])
    payload = {"arm": held.name, "before": before, "after": after, "why": why.strip()}
    event = record(
        verb="extract.change-arm", by=by, about=[study], made=[held, extra], payload=payload, audience=PUBLIC
    )
    used = ContrastDetail.objects.filter(models.Q(arm=held) | models.Q(comparison=held))
    if set(before) - UNUSED:
        mark_stale(*used.values_list("contrast", flat=True), event=event)
    return held


def _refuse_namesake(arm: Arm) -> None:
    if Arm.objects.filter(study=arm.study_id, name=arm.name).exclude(pk=arm.pk).exists():
        raise ConflictError(
            said("This study has an arm called “%(name)s” already; give this one another name.", name=arm.name)
        )


def _still_there(arm: Arm) -> Arm:
    row: Arm | None = Arm.objects.filter(pk=arm.pk).first()
    if row is None:
        raise ConflictError(said("This arm is not part of the study any more; reload the page."))
    return row


@transaction.atomic
def describe_support(*, by: str, study: Study, why: str = "", seen: str = "", **facts: Any) -> StudyDetail:
    """Say who paid for a study, how far funder and developers took part, and where it was registered.

    `seen`: the state that was shown (`state_of` of `support_facts`); ConflictError where it is another by now.
    """
    refuse_unknown(facts, SUPPORT, said("A study's support"))
    held = Study.objects.locked(study)
    refuse_moved_on(seen, support_facts(held), said("this study's support"))
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


def support_facts(study: Study) -> dict[str, Any]:
    """Who paid for a study and took part in it, as plain values; empty where nothing is said."""
    row = StudyDetail.objects.filter(study=study).first() or StudyDetail(study=study)
    return plain_facts(row, SUPPORT)
