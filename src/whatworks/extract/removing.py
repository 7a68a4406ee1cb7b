"""What people take off a study: a report that tells of another, an arm or an outcome that was added by mistake."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from whatworks.collate.models import Report
from whatworks.errors import ConflictError, InputError
from whatworks.extract.models import (
    Answer,
    Arm,
    ArmDetail,
    Contrast,
    ContrastDetail,
    Decided,
    Measure,
    Study,
    StudyReport,
)
from whatworks.extract.reconciling import redraw_study
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.saying import said, said_of


@transaction.atomic
def detach_report(*, by: str, study: Study, report: Report, why: str) -> None:
    """Say that a report does not tell of a study after all. Refused while numbers or answers were taken from it."""
    held = Study.objects.locked(study)
    row = StudyReport.objects.filter(study=held, report=report).first()
    if row is None:
        raise ConflictError(said("This report does not tell of this study any more; reload the page."))
    if not why.strip():
        raise InputError(said("Say why the report does not belong to the study; readers of its history will ask."))
    _refuse_used(held, report)
    payload = {"role": row.role, "why": why.strip()}
    row.delete()
    event = record(verb="extract.detach", by=by, about=[held, report], payload=payload, audience=PUBLIC)
    mark_stale(held.pk, event=event)


def _refuse_used(study: Study, report: Report) -> None:
    rows = {
        said("contrasts are"): Contrast.objects.filter(study=study, report=report),
        said("answers are"): Answer.objects.current().filter(sheet__coding__study=study, report=report),
        said("decided values are"): Decided.objects.standing().filter(coding__study=study, report=report),
        said("appraisals are"): study.appraisals.filter(report=report),
    }
    for what, found in rows.items():
        if count := found.count():
            raise ConflictError(
                said(
                    "%(count)s %(what)s taken from this report; give them another place or split the study.",
                    count=count,
                    what=what,
                )
            )


@transaction.atomic
def remove_arm(*, by: str, arm: Arm, why: str) -> None:
    """Remove an arm that was added by mistake. Refused where anything was said or computed of it."""
    study, held = _held(Arm, arm, said("arm"))
    if not why.strip():
        raise InputError(said("Say why the arm is removed; readers of the study's history will ask."))
    contrasts = ContrastDetail.objects.filter(models.Q(arm=held) | models.Q(comparison=held)).exists()
    if contrasts or _coded(held.pk):
        raise ConflictError(said("This arm was coded or has numbers; change it instead of removing it."))
    ArmDetail.objects.filter(arm=held).delete()
    _gone(by, study, held, {"arm": held.name, "why": why.strip()}, "extract.remove-arm")


@transaction.atomic
def remove_measure(*, by: str, measure: Measure, why: str) -> None:
    """Remove an outcome as measured that was added by mistake. Refused where anything was entered or decided of it."""
    study, held = _held(Measure, measure, said("outcome"))
    if not why.strip():
        raise InputError(said("Say why the outcome is removed; readers of the study's history will ask."))
    if count := ContrastDetail.objects.filter(measure=held).count():
        raise ConflictError(
            said_of(
                count,
                "%(count)s result was entered for “%(name)s”; change it, do not remove it.",
                "%(count)s results were entered for “%(name)s”; change it, do not remove it.",
                count=count,
                name=held.name,
            )
        )
    if _coded(held.pk):
        raise ConflictError(said("“%(name)s” was coded; change it instead of removing it.", name=held.name))
    _gone(by, study, held, {"measure": held.name, "why": why.strip()}, "extract.remove-measure")


def _held(model: type[models.Model], part: Any, what: str) -> tuple[Study, Any]:
    """The study, locked, and its part as it is now. ConflictError where somebody else removed it first."""
    study = Study.objects.locked(part.study_id)
    row = model._default_manager.filter(pk=part.pk, study=study).first()
    if row is None:
        raise ConflictError(said("This %(what)s is not part of the study any more; reload the page.", what=what))
    return study, row


def _coded(unit: str) -> bool:
    return Answer.objects.filter(unit=unit).exists() or Decided.objects.filter(unit=unit).exists()


def _gone(by: str, study: Study, part: Any, payload: dict[str, Any], verb: str) -> None:
    key = part.pk
    part.delete()
    record(verb=verb, by=by, about=[study, key], made=redraw_study(study), payload=payload, audience=PUBLIC)
