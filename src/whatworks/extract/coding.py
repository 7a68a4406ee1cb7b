"""What coders do: take a study's form, answer it blind to each other, say that they are done, think again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.extract.following import tell_coded
from whatworks.extract.methods.coding.answers import Cell, coded, stored
from whatworks.extract.methods.coding.asking import Completeness, Units, completeness
from whatworks.extract.methods.coding.frame import CODED, Frame
from whatworks.extract.models import Answer, Coding, CodingFrame, Sheet, Study
from whatworks.extract.places import check_place
from whatworks.extract.reconciling import answers_in, locked, redraw
from whatworks.ledger.actions import record
from whatworks.people.models import User
from whatworks.saying import said, said_of

LONGEST_KEY, LONGEST_NOTE = 64, 5000
SHOWN = 3  # missing items that are named


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as a person gives it: to which item of which unit, what, and where in which report it stands."""

    item: str
    status: str = CODED
    value: Any = None
    unit: str = ""
    report: str = ""
    page: int | None = None
    place: str = ""
    rectangle: Sequence[float] | None = field(default=None)
    quote: str = ""
    note: str = ""


@transaction.atomic
def open_coding(*, by: str, study: Study, frame: CodingFrame, needed: int = 2) -> Coding:
    """Put a study up for coding by a version of a frame. Twice is once."""
    if needed not in (1, 2):
        raise InputError(said("A study is coded by one or two people, not %(needed)s.", needed=needed))
    if not Study.objects.standing().filter(pk=study.pk).exists():
        raise ConflictError(said("“%(name)s” was merged into another study; code that one.", name=study.name))
    told = {"study": study, "frame": frame, "needed": needed, "by": by, "at": timezone.now()}
    made, new = Coding.objects.get_or_create(id=Coding.derived(study.pk, frame.pk), defaults=told)
    if new:
        payload = {"frame": frame.key, "version": frame.version, "needed": needed}
        record(verb="extract.open-coding", by=by, about=[study, frame.pk], made=[made], payload=payload)
    return made


@transaction.atomic
def assign_coder(*, by: str, coding: Coding, user: User) -> Sheet:
    """Give a person the form of a study. Who had left is back with all they coded.

    Raises ConflictError where it has as many coders as it needs, or the coders see each other's answers already.
    """
    held = locked(coding)
    row: Sheet | None = Sheet.objects.filter(coding=held, user=user).first()
    if row is not None and row.until is None:
        return row
    if held.unblinded_at is not None and (row is None or row.done_at is None):
        raise ConflictError(
            said("The coders see each other's answers already, so nobody can code this study blind any more.")
        )
    taken = Sheet.objects.filter(coding=held).exclude(user=user)
    busy = taken.here().count() + taken.counting().exclude(until=None).count()
    if busy >= held.needed and held.unblinded_at is None:
        people = said_of(held.needed, "one coder", "%(needed)s coders", needed=held.needed)
        raise ConflictError(
            said("This study has its %(people)s; one of them leaves before another takes the place.", people=people)
        )
    if row is None:
        place = (taken.aggregate(last=Max("place"))["last"] or 0) + 1
        told = {"coding": held, "user": user, "place": place, "since": timezone.now()}
        row = Sheet.objects.create(id=Sheet.derived(held.pk, user.pk), **told)
    else:
        row.until = None
        row.save(update_fields=["until"])
    record(verb="extract.assign", by=by, about=[held.study_id, user.pk])
    return row


@transaction.atomic
def leave_coding(*, by: str, coding: Coding, user: User) -> Sheet:
    """End a person's part in the coding of a study. Their answers stay, and count where they had said they were done."""
    held = locked(coding)
    row = _sheet(held, user.pk)
    row.until = timezone.now()
    row.save(update_fields=["until"])
    record(verb="extract.leave", by=by, about=[held.study_id, user.pk], payload={"done": row.done_at is not None})
    return row


@transaction.atomic
def need_coders(*, by: str, coding: Coding, needed: int, why: str) -> Coding:
    """Say that a study needs one coder or two, saying why. Where as many are done already, what they said stands."""
    if needed not in (1, 2):
        raise InputError(said("A study is coded by one or two people, not %(needed)s.", needed=needed))
    held = locked(coding)
    if held.needed == needed:
        return held
    if held.unblinded_at is not None:
        raise ConflictError(
            said("The coders see each other's answers already; how many there are cannot change any more.")
        )
    if not why.strip():
        raise InputError(said("Say why; readers of the coding will ask."))
    held.needed = needed
    held.save(update_fields=["needed"])
    made = _unblind(held)
    payload = {"needed": needed, "why": why.strip()}
    event = record(verb="extract.need-coders", by=by, about=[held.study_id], made=made, payload=payload)
    tell_coded(held.study, made, event)
    return held


def _sheet(coding: Coding, actor: str) -> Sheet:
    row: Sheet | None = Sheet.objects.here().filter(coding=coding, user=actor).first()
    if row is None:
        raise ForbiddenError(said("You do not code this study; ask a lead of the review to give you its form."))
    return row


@transaction.atomic
def answer(*, by: str, coding: Coding | str, key: str = "", **said: Any) -> Answer:
    """Keep one answer: the fields of `Said` as keywords. The same request, or the same answer again, is one row."""
    return answer_all(by=by, coding=coding, answers=[Said(**said)], key=key)[0]


@transaction.atomic
def answer_all(*, by: str, coding: Coding | str, answers: Sequence[Said], key: str = "") -> list[Answer]:
    """Keep several answers at once, all or none; what was said before stays in the history.

    `key` is the asker's own name for the request. Returns the rows that stand, in the order given. Raises
    ForbiddenError where the person does not code this study, InputError where an answer cannot be so.
    """
    if len(key) > LONGEST_KEY:
        raise InputError(
            said(
                "The request's own name has at most %(longest_key)s characters; this one has %(count)s.",
                longest_key=LONGEST_KEY,
                count=len(key),
            )
        )
    held = locked(coding)
    sheet = _sheet(held, by)
    if len({(one.item, one.unit) for one in answers}) < len(answers):
        raise InputError(said("Two of these answers are to the same item of the same unit; keep one."))
    if key and (done := {(a.item, a.unit): a for a in Answer.objects.filter(sheet=sheet, key=key)}):
        return [_same(done, one) for one in answers]
    frame, key = held.frame.frame(), key or uuid.uuid4().hex
    last, units = _last(sheet), held.study.units()
    rows = [_row(held, sheet, frame, units, one, last.get((one.item, one.unit)), key) for one in answers]
    new = [row for row in rows if row._state.adding]
    Answer.objects.bulk_create(new, batch_size=200)
    if new:
        payload = {"answers": {row.pk: told(row) for row in new}, "late": held.unblinded_at is not None}
        made = [*new, *redraw(held)]
        event = record(verb="extract.answer", by=by, about=[held.study_id], made=made, payload=payload)
        tell_coded(held.study, made, event)
    return rows


def told(row: Answer) -> dict[str, Any]:
    """What an event says of an answer, and a check holds it against."""
    return {"item": row.item, "unit": row.unit, "status": row.status, "value": row.value}


def _same(done: dict[Cell, Answer], one: Said) -> Answer:
    """The row that this request made before; a ConflictError where its name was given to another request."""
    row = done.get((one.item, one.unit))
    if row is None or row.status != one.status:
        raise ConflictError(said("This request has the name of an earlier one; reload the page and answer again."))
    return row


def _last(sheet: Sheet) -> dict[Cell, Answer]:
    rows = Answer.objects.filter(sheet=sheet).order_by("number")
    return {(one.item, one.unit): one for one in rows}


def _row(coding: Coding, sheet: Sheet, frame: Frame, units: Units, one: Said, last: Answer | None, key: str) -> Answer:
    """The row for an answer: a new one, or the last where that says the same."""
    item = frame.item(one.item)
    if one.unit not in units.of(item):
        raise InputError(
            said(
                "“%(label)s” is asked once for each %(repeats)s; this study has no %(unit)s.",
                label=item.label,
                repeats=item.repeats,
                unit=one.unit or said("such"),
            )
        )
    told = coded(item, one.status, one.value)
    quote, note, place = (text.replace("\0", "").strip() for text in (one.quote, one.note, one.place))
    if len(note) > LONGEST_NOTE:
        raise InputError(
            said(
                "A note has at most %(longest_note)s characters; this one has %(count)s.",
                longest_note=f"{LONGEST_NOTE:,}",
                count=f"{len(note):,}",
            )
        )
    rectangle = [float(edge) for edge in one.rectangle] if one.rectangle is not None else None
    check_place(coding.study_id, one.report, page=one.page, place=place, quote=quote, rectangle=rectangle)
    fields = {
        "status": told.status,
        "value": told.plain(),
        "report_id": one.report or None,
        "page": one.page,
        "place": place,
        "rectangle": rectangle,
        "quote": quote,
        "note": note,
    }
    if last is not None and all(getattr(last, name) == value for name, value in fields.items()):
        return last
    return _new(sheet, one.item, one.unit, last, key, late=coding.unblinded_at is not None, **fields)


def _new(sheet: Sheet, item: str, unit: str, last: Answer | None, key: str, **fields: Any) -> Answer:
    number = last.number + 1 if last else 1
    place = {"sheet": sheet, "item": item, "unit": unit, "number": number, "key": key, "at": timezone.now()}
    return Answer(id=Answer.fresh(), **place, **fields)


@transaction.atomic
def take_back_answer(*, by: str, coding: Coding | str, item: str, unit: str = "", key: str = "") -> Answer:
    """Take one's own answer back, so that the item is unanswered again. Twice is once."""
    held = locked(coding)
    sheet = _sheet(held, by)
    last = _last(sheet).get((item, unit))
    if last is None:
        raise ConflictError(said("You have given no answer here that could be taken back."))
    if last.status == Answer.WITHDRAWN:
        return last
    late = held.unblinded_at is not None
    row = _new(sheet, item, unit, last, key or uuid.uuid4().hex, status=Answer.WITHDRAWN, late=late)
    row.save(force_insert=True)
    payload = {"answers": {row.pk: told(row)}, "late": late}
    made = [row, *redraw(held)]
    event = record(verb="extract.answer", by=by, about=[held.study_id], made=made, payload=payload)
    tell_coded(held.study, made, event)
    return row


@transaction.atomic
def finish(*, by: str, coding: Coding | str) -> Sheet:
    """Say that one is done. When all are, they see each other's answers, and what they agree on stands.

    Raises InputError where something required is missing, naming it.
    """
    held = locked(coding)
    sheet = _sheet(held, by)
    if sheet.done_at is not None:
        return sheet
    frame = held.frame.frame()
    filled = filled_by(sheet, frame)
    if not filled.complete:
        named = ", ".join(f"“{frame.item(item).label}”" for item, _ in filled.missing[:SHOWN])
        more = said(" and %(count)s more", count=len(filled.missing) - SHOWN) if len(filled.missing) > SHOWN else ""
        raise InputError(
            said_of(
                len(filled.missing),
                "Not done yet: %(named)s%(more)s is without an answer.",
                "Not done yet: %(named)s%(more)s are without an answer.",
                named=named,
                more=more,
            )
        )
    sheet.done_at = timezone.now()
    sheet.save(update_fields=["done_at"])
    made = _unblind(held)
    payload = {"all_done": held.unblinded_at is not None, "stand": len(made)}
    event = record(verb="extract.finish", by=by, about=[held.study_id], made=made, payload=payload)
    tell_coded(held.study, made, event)
    return sheet


def _unblind(coding: Coding) -> list[Any]:
    if coding.unblinded_at is not None or coding.sheets.counting().count() < coding.needed:
        return []
    coding.unblinded_at = timezone.now()
    coding.state = Coding.RECONCILING
    coding.save(update_fields=["unblinded_at", "state"])
    return redraw(coding)


@transaction.atomic
def resume(*, by: str, coding: Coding | str) -> Sheet:
    """Say that one is not done after all; possible until the coders see each other's answers."""
    held = locked(coding)
    sheet = _sheet(held, by)
    if sheet.done_at is None:
        return sheet
    if held.unblinded_at is not None:
        raise ConflictError(
            said("The coders see each other's answers already; change an answer, and it is opened again.")
        )
    sheet.done_at = None
    sheet.save(update_fields=["done_at"])
    record(verb="extract.resume", by=by, about=[held.study_id])
    return sheet


def filled_by(sheet: Sheet, frame: Frame | None = None) -> Completeness:
    """How far a coder's form is filled."""
    frame = frame or sheet.coding.frame.frame()
    items = {one.item.key: one.item for one in frame.asked()}
    rows = answers_in(sheet, frame)
    held = {cell: stored(items[cell[0]], one.status, one.value) for cell, one in rows.items()}
    return completeness(frame, sheet.coding.study.units(), held)
