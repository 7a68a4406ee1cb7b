"""When a study turns out to be two, or two to be one: what belongs to them moves, and can be moved back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, InputError
from whatworks.extract.facts import fitting
from whatworks.extract.following import tell
from whatworks.extract.models import (
    Appraisal,
    Arm,
    Contrast,
    ContrastDetail,
    Finding,
    Measure,
    Regrouping,
    Study,
    StudyReport,
)
from whatworks.extract.reconciling import redraw_study
from whatworks.extract.seen import state_of
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Event, Lineage
from whatworks.saying import said

Told = TypeVar("Told")
PARTS: dict[str, Any] = {"arms": Arm, "measures": Measure, "contrasts": Contrast, "appraisals": Appraisal}


@transaction.atomic
def merge_studies(*, by: str, study: Study, into: Study, why: str, key: str = "", seen: str = "") -> Regrouping:
    """Say that a study is the same as another: its reports, arms, outcomes, contrasts and appraisals go there.

    Its own row stays, as merged; its codings stay with it as history. What rests on its numbers is marked stale. The
    same request (`key`) twice is one merge. `seen`: what was shown to move (`moving_state`), refused where it changed.
    """
    if done := _done(key, Regrouping.MERGE, study):
        return done
    if study.pk == into.pk:
        raise InputError(said("A study cannot be merged into itself; choose the other one."))
    held, other = _both(study, into)
    if held.review_id != other.review_id:
        raise InputError(said("These studies belong to different reviews; each review keeps a study of its own."))
    moved = _everything(held)
    return _regroup(by, Regrouping.MERGE, held, other, moved, why, key, seen=seen)


@transaction.atomic
def split_study(
    *,
    by: str,
    study: Study,
    name: str,
    why: str,
    reports: Iterable[str] = (),
    arms: Iterable[str] = (),
    contrasts: Iterable[str] = (),
    shared: Iterable[str] = (),
    key: str = "",
    seen: str = "",
) -> Regrouping:
    """Make a second study of some reports, arms and contrasts of one, named by identifiers; `other` is the new one.

    Reports in `shared` tell of both. The outcomes that only the given contrasts use go along, and so do appraisals of
    the given reports; an outcome that contrasts of both use stays, and the new study gets its like. Raises
    ConflictError where a contrast would be parted from its arms or its report. `key` and `seen` as for a merge.
    """
    if done := _done(key, Regrouping.SPLIT, study):
        return done
    held = Study.objects.locked(study)
    moved: dict[str, Any] = {"arms": sorted(set(arms)), "contrasts": sorted(set(contrasts))}
    moved["tellings"] = _tellings(held, reports)
    both = _tellings(held, shared)
    if not any(moved.values()):
        raise InputError(
            said("Nothing would go to the new study; name the reports, arms or contrasts that belong to it.")
        )
    _refuse_strangers(held, moved)
    moved |= _going_along(held, moved)
    other = _second(held, name.strip())
    for telling in StudyReport.objects.filter(pk__in=both):
        key_of = StudyReport.derived(other.pk, telling.report_id)
        StudyReport.objects.create(id=key_of, study=other, report_id=telling.report_id, role=telling.role)
    moved |= {"shared": sorted(StudyReport.objects.filter(pk__in=both).values_list("report", flat=True))}
    moved |= {"likened": _liken(held, other, moved)}
    row = _regroup(by, Regrouping.SPLIT, held, other, moved, why, key, seen=seen)
    _refuse_parted(held)
    _refuse_parted(other)
    return row


def _second(study: Study, name: str) -> Study:
    """A study like another, with a name of its own."""
    alike = {one: getattr(study, one) for one in ("design", "randomised", "country", "unit")}
    made = Study(subject_id=Study.fresh(), review_id=study.review_id, name=name, **alike)
    if not name or Study.objects.in_review(study.review_id).filter(name=name).exists():
        raise InputError(said("The new study needs a name of its own, such as its place and year."))
    fitting(made)
    (other,) = Study.objects.register_all([made])
    return other


def _liken(study: Study, other: Study, moved: dict[str, Any]) -> list[list[str]]:
    """Outcomes that contrasts of both studies use, each with its like in the new one, which its contrasts then use."""
    used = ContrastDetail.objects.filter(contrast__in=moved["contrasts"]).exclude(measure__in=moved["measures"])
    pairs = []
    for row in Measure.objects.filter(pk__in=used.values("measure"), study=study).order_by("pk"):
        key, row.pk, row.study = row.pk, Measure.derived(row.pk, other.pk), other
        row.save(force_insert=True)
        ContrastDetail.objects.filter(contrast__in=moved["contrasts"], measure=key).update(measure=row)
        pairs.append([key, row.pk])
    return pairs


@transaction.atomic
def undo_merge(*, by: str, merge: Regrouping, why: str) -> Regrouping:
    """Take a merge back: what moved then and is still there moves back. Once."""
    if merge.kind != Regrouping.MERGE:
        raise InputError(said("Only a merge is taken back; what was split can be merged again."))
    if done := Regrouping.objects.filter(undoes=merge).first():
        return done
    into = Study.objects.locked(merge.other)
    study = Study.objects.select_for_update().get(pk=merge.study_id)
    for told in merge.moved.get("dropped", []):
        StudyReport.objects.get_or_create(
            id=StudyReport.derived(study.pk, told["report"]),
            defaults={"study": study, "report_id": told["report"], "role": told["role"]},
        )
    there: dict[str, Any] = {
        name: sorted(model.objects.filter(pk__in=merge.moved.get(name, []), study=into).values_list("pk", flat=True))
        for name, model in {**PARTS, "tellings": StudyReport}.items()
    }
    row = _regroup(by, Regrouping.UNDO, into, study, there, why, "", undoes=merge)
    for one in (into, study):
        _refuse_parted(one)
    return row


def moving_state(kind: str, other: Study, moved: Mapping[str, Any]) -> str:
    """A short name of what a regrouping moves, and where to: hand it back as `seen` when what was looked at is done."""
    told = {name: rows for name, rows in moved.items() if name != "likened"}
    return state_of(told if kind == Regrouping.SPLIT else told | {"into": other.pk})


def rehearse(do: Callable[[], Regrouping], tell: Callable[[Regrouping], Told]) -> Told:
    """What is told of a regrouping once it is done; then it is taken back, and nothing of it was ever there."""
    with transaction.atomic():
        told = tell(do())
        transaction.set_rollback(True)
    return told


def _done(key: str, kind: str, study: Study) -> Regrouping | None:
    found: Regrouping | None = Regrouping.objects.filter(key=key).first() if key else None
    if found is not None and (found.kind, found.study_id) != (kind, study.pk):
        raise ConflictError(said("This request was used for something else already; open the page again."))
    return found


def _both(first: Study, second: Study) -> tuple[Study, Study]:
    """Both studies, locked in one order whoever asks, so that two merges cannot wait for each other."""
    held = {one.pk: one for one in (Study.objects.locked(pk) for pk in sorted((first.pk, second.pk)))}
    return held[first.pk], held[second.pk]


def _everything(study: Study) -> dict[str, Any]:
    rows = {name: model.objects.filter(study=study) for name, model in PARTS.items()}
    rows["tellings"] = StudyReport.objects.filter(study=study)
    return {name: sorted(found.values_list("pk", flat=True)) for name, found in rows.items()}


def _tellings(study: Study, reports: Iterable[str]) -> list[str]:
    wanted = set(reports)
    rows = dict(StudyReport.objects.filter(study=study, report__in=wanted).values_list("report", "pk"))
    if absent := sorted(wanted - set(rows)):
        raise ConflictError(
            said("The report %(absent)s does not tell of this study any more; reload the page.", absent=absent[0])
        )
    return sorted(rows.values())


def _refuse_strangers(study: Study, moved: dict[str, Any]) -> None:
    for name in ("arms", "contrasts"):
        there = set(PARTS[name].objects.filter(study=study).values_list("pk", flat=True))
        if strange := sorted(set(moved[name]) - there):
            raise ConflictError(
                said("%(strange)s does not belong to this study any more; reload the page.", strange=strange[0])
            )


def _going_along(study: Study, moved: dict[str, Any]) -> dict[str, list[str]]:
    used = ContrastDetail.objects.filter(contrast__study=study).exclude(measure=None)
    going = set(used.filter(contrast__in=moved["contrasts"]).values_list("measure", flat=True))
    staying = set(used.exclude(contrast__in=moved["contrasts"]).values_list("measure", flat=True))
    reports = StudyReport.objects.filter(pk__in=moved["tellings"]).values("report")
    appraisals = Appraisal.objects.filter(study=study, report__in=reports)
    return {"measures": sorted(going - staying), "appraisals": sorted(appraisals.values_list("pk", flat=True))}


def _refuse_parted(study: Study) -> None:
    """Refuse a split after which numbers of this study come from a report or an arm of the other."""
    reports = StudyReport.objects.filter(study=study).values("report")
    if lost := Contrast.objects.filter(study=study).exclude(report__in=reports).first():
        raise ConflictError(
            said("“%(lost)s” is taken from a report of the other study; let it tell of both (shared).", lost=lost)
        )
    details = ContrastDetail.objects.filter(contrast__study=study)
    for name in ("arm", "comparison", "measure"):
        if lost := details.exclude(**{name: None}).exclude(**{f"{name}__study": study}).first():
            what = said("outcome") if name == "measure" else said("arm")
            raise ConflictError(
                said(
                    "“%(contrast)s” uses an %(what)s of the other study; move both or neither.",
                    contrast=lost.contrast,
                    what=what,
                )
            )


def _regroup(
    by: str,
    kind: str,
    study: Study,
    other: Study,
    moved: dict[str, Any],
    why: str,
    key: str,
    undoes: Regrouping | None = None,
    seen: str = "",
) -> Regrouping:
    if not why.strip():
        raise InputError(said("Say why; readers of the studies' history will ask."))
    _refuse_namesakes(moved.get("measures", []), other)
    moved = {**moved, "dropped": _drop_twins(other, moved["tellings"])}
    if seen and seen != moving_state(kind, other, moved):
        raise ConflictError(
            said("What was chosen, or what belongs to this study, is not what you looked at; look again.")
        )
    for name, model in {**PARTS, "tellings": StudyReport}.items():
        model.objects.filter(pk__in=moved.get(name, [])).update(study=other)
    # An undo names the studies as the merge did, so that both read alike.
    named = {"study": other, "other": study} if undoes else {"study": study, "other": other}
    row = Regrouping.objects.create(
        id=Regrouping.fresh(), kind=kind, moved=moved, undoes=undoes, why=why.strip(), by=by, at=timezone.now(),
        key=key, **named,
    )  # fmt: skip
    made = [row, *_rows(moved), *redraw_study(study), *redraw_study(other)]
    event = record(
        verb=f"extract.{kind}-study" if kind != Regrouping.UNDO else "extract.undo-merge",
        by=by,
        about=[study, other],
        made=made,
        payload={"moved": moved, "why": why.strip()},
        audience=PUBLIC,
    )
    _follow(moved.get("contrasts", []), other, event)
    return row


def _refuse_namesakes(measures: Sequence[str], other: Study) -> None:
    """Refuse outcomes that the other study has too: only people can say whether they are the same."""
    there = set(Measure.objects.filter(study=other).values_list("name", "informant"))
    for one in Measure.objects.filter(pk__in=measures).order_by("pk"):
        if (one.name, one.informant) in there:
            raise ConflictError(
                said("Both studies have the outcome “%(name)s”; give one of them another name first.", name=one.name)
            )


def _drop_twins(other: Study, tellings: Sequence[str]) -> list[dict[str, str]]:
    """A report that tells of both studies tells of the one only once: the other row goes, and is kept here."""
    there = StudyReport.objects.filter(study=other).values("report")
    twins = StudyReport.objects.filter(pk__in=tellings, report__in=there)
    dropped = [{"report": one.report_id, "role": one.role} for one in twins.order_by("pk")]
    twins.delete()
    return dropped


def _rows(moved: dict[str, Any]) -> list[Any]:
    models = {**PARTS, "tellings": StudyReport}
    rows = [row for name, model in models.items() for row in model.objects.filter(pk__in=moved.get(name, []))]
    likes = [like for _, like in moved.get("likened", [])]
    return [*rows, *Measure.objects.filter(pk__in=likes), *ContrastDetail.objects.filter(measure__in=likes)]


def _follow(contrasts: Sequence[str], study: Study, event: Event) -> None:
    """Findings of moved contrasts rest on the study they belong to now; what rests on them is to be looked at again."""
    findings = list(Finding.objects.filter(contrast__in=contrasts).values_list("pk", flat=True))
    held = set(Lineage.objects.filter(output__in=findings, input=study.pk).values_list("output", flat=True))
    new = [Lineage(output_id=pk, input_id=study.pk) for pk in findings if pk not in held]
    Lineage.objects.bulk_create(new, batch_size=200)
    if findings:
        mark_stale(*findings, event=event)
    for one in Contrast.objects.filter(pk__in=contrasts):
        tell(one, event)
