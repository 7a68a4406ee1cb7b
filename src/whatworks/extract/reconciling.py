"""What stands when coders have answered: agreed answers by rule, the others as people decide, saying why."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.extract.following import tell_coded
from whatworks.extract.methods.coding.answers import Cell, Coded, coded, stored
from whatworks.extract.methods.coding.frame import Asked, Frame, Item
from whatworks.extract.methods.coding.standing import BY_PEOPLE, Ruling, Standing, left_to_settle, standings
from whatworks.extract.methods.coding.standing import Answer as Given
from whatworks.extract.models import Answer, Coding, Decided, Sheet, Study
from whatworks.extract.places import check_place
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.saying import said
from whatworks.screen.models import Screener
from whatworks.screen.reviewing import may_lead

RULES = {"agreed": "rule:agreement", "single": "rule:one-coder", "first": "rule:first-coder"}
LONGEST_WHY = 2000


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of a reconciliation page: an item of a unit, each coder's answer (None: none), and what stands."""

    asked: Asked
    unit: str
    answers: Mapping[str, Answer | None]
    standing: Standing
    decided: Decided | None

    @property
    def seen(self) -> list[str]:
        """What a decision on this line is made over: hand it back to `settle`."""
        return sorted(one.pk for one in self.answers.values() if one is not None)


def locked(coding: Coding | str) -> Coding:
    """The coding, with nobody else writing to it until the transaction ends."""
    key = coding if isinstance(coding, str) else coding.pk
    rows = Coding.objects.select_for_update(of=("self",)).select_related("study__review", "frame")
    held: Coding | None = rows.filter(pk=key).first()
    if held is None:
        raise InputError(said("There is no coding %(key)s; reload the page.", key=key[:40]))
    return held


def answers_in(sheet: Sheet, frame: Frame) -> dict[Cell, Answer]:
    """What a coder's sheet holds now, by item and unit."""
    known = {one.item.key for one in frame.asked()}
    rows = Answer.objects.current().filter(sheet=sheet)
    return {(one.item, one.unit): one for one in rows if one.item in known}


def _rulings(coding: Coding, frame: Frame) -> dict[Cell, Ruling]:
    """The last decision of a person on each cell."""
    items = {one.item.key: one.item for one in frame.asked()}
    found: dict[Cell, Ruling] = {}
    for row in Decided.objects.filter(coding=coding).by_people().order_by("number"):
        if row.item in items:
            told = stored(items[row.item], row.status, row.value)
            found[row.item, row.unit] = Ruling(told, row.how, frozenset(row.over))
    return found


def counting(coding: Coding) -> dict[Cell, list[Answer]]:
    """The answers that count, by cell, the first coder's first: those of coders who said that they were done."""
    rows = Answer.objects.current().filter(sheet__coding=coding, sheet__done_at__isnull=False)
    found: dict[Cell, list[Answer]] = {}
    for one in rows.select_related("sheet").order_by("sheet__place"):
        found.setdefault((one.item, one.unit), []).append(one)
    return found


def drawn(coding: Coding, answers: Mapping[Cell, list[Answer]] | None = None) -> dict[Cell, Standing]:
    """What stands for each cell, worked out from the answers that count and what people decided."""
    frame = coding.frame.frame()
    items = {one.item.key: one.item for one in frame.asked()}
    order = list(coding.sheets.counting().values_list("pk", flat=True))
    by_sheet: dict[str, dict[Cell, Given]] = {sheet: {} for sheet in order}
    for cell, rows in (counting(coding) if answers is None else answers).items():
        for one in rows if cell[0] in items else ():
            told = stored(items[cell[0]], one.status, one.value)
            by_sheet[one.sheet_id][cell] = Given(one.pk, told)
    return standings(frame, coding.study.units(), by_sheet, _rulings(coding, frame), order=order)


def redraw(coding: Coding) -> list[Decided]:
    """Bring what stands, and the coding's state, in line with the answers; the caller holds the lock and tells of it.

    Where nobody's answers are held (the coding came in an open pack), what stands is taken as it was signed.
    """
    if coding.unblinded_at is None or not coding.sheets.counting().exists():
        return []
    answers = counting(coding)
    found = drawn(coding, answers)
    last = {(one.item, one.unit): one for one in Decided.objects.current().filter(coding=coding)}
    made = [
        row
        for cell in dict.fromkeys([*found, *last])
        if (row := _next(coding, cell, found.get(cell, Standing("beside")), last.get(cell), answers)) is not None
    ]
    Decided.objects.bulk_create(made, batch_size=200)
    coding.state = Coding.RECONCILING if left_to_settle(coding.frame.frame(), found) else Coding.SETTLED
    coding.save(update_fields=["state"])
    return made


def redraw_study(study: Study) -> list[Decided]:
    """The same for every coding of a study whose arms, outcomes or contrasts are others now."""
    codings = Coding.objects.filter(study=study, unblinded_at__isnull=False).order_by("pk")
    return [row for coding in codings for row in redraw(locked(coding))]


def _next(
    coding: Coding, cell: Cell, standing: Standing, last: Decided | None, given: Mapping[Cell, list[Answer]]
) -> Decided | None:
    """The row that says what stands now, where the last one does not say it."""
    number = (last.number if last else 0) + 1
    told: dict[str, Any] = {"coding": coding, "item": cell[0], "unit": cell[1], "number": number, "at": timezone.now()}
    if standing.coded is None or standing.how is None:
        if last is None or last.how == Decided.REOPENED:
            return None
        return Decided(id=Decided.fresh(), how=Decided.REOPENED, by="rule:reopened", **told)
    said = {"status": standing.coded.status, "value": standing.coded.plain(), "how": standing.how}
    if last is not None and (last.status, last.value, last.how) == (said["status"], said["value"], said["how"]):
        return None
    answers = given.get(cell, [])
    if standing.how in BY_PEOPLE:  # it had been opened again, and everybody now says what had been decided
        ruling = Decided.objects.filter(coding=coding, item=cell[0], unit=cell[1]).by_people().latest("number")
        told |= {"why": ruling.why, "by": ruling.by, **_placed(ruling)}
    else:
        told |= {"by": RULES[standing.how], **_placed(_best(answers, standing.coded))}
    return Decided(id=Decided.fresh(), over=sorted(one.pk for one in answers), **said, **told)


def _best(answers: Iterable[Answer], told: Coded) -> Answer | None:
    """Of the answers that say so, the one with the fullest account of its place."""
    alike = [one for one in answers if one.status == told.status]
    return max(alike, key=lambda one: (bool(one.quote), one.page is not None, bool(one.place)), default=None)


def _placed(row: Answer | Decided | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {"report_id": row.report_id, "page": row.page, "place": row.place, "quote": row.quote}


def may_settle(coding: Coding, actor: str, how: str) -> None:
    """Refuse who may not decide so. Raises ForbiddenError that says who may.

    A third is nobody whose answer is one of those that differ; a discussion is held by the coders themselves. A lead of
    the review may do both. Where the review has a team, only those who take part in it.
    """
    review = coding.study.review_id
    team = Screener.objects.here().filter(review=review)
    if may_lead(review, actor):
        return
    coder = coding.sheets.filter(user=actor).exists()
    if team.exists() and not team.filter(user=actor).exists():
        raise ForbiddenError(said("You do not take part in this review; ask one of its leads to add you."))
    if how == "third" and coder:
        raise ForbiddenError(said("You are one of those who coded this study; a third person decides, or a lead."))
    if how == "discussion" and not coder:
        raise ForbiddenError(said("Only those who coded this study settle it by discussion; decide as a third person."))


@transaction.atomic
def settle(
    *,
    by: str,
    coding: Coding | str,
    item: str,
    unit: str = "",
    status: str = "coded",
    value: Any = None,
    how: str = "third",
    why: str,
    seen: Iterable[str],
    like: str = "",
    report: str = "",
    page: int | None = None,
    place: str = "",
    quote: str = "",
    key: str = "",
) -> Decided:
    """Decide what stands for one item, as a third person or after a discussion, saying why. The same request is one row.

    `seen` names the answers that the person was looking at (`Compared.seen`): a ConflictError where they are others by
    now. `like` names the answer whose status, value and place are taken. Raises ForbiddenError for who may not decide,
    ConflictError while the coders are blind to each other.
    """
    held = locked(coding)
    if key and (done := Decided.objects.filter(coding=held, key=key).first()):
        return _same(done, item, unit)
    _refuse_settling(held, by, how, why)
    asked = _asked(held, item, unit)
    answers = counting(held).get((item, unit), [])
    if sorted(seen) != sorted(one.pk for one in answers):
        raise ConflictError(
            said("An answer was changed while you were deciding; reload the page and decide on what it is now.")
        )
    where: dict[str, Any] = {"report_id": report or None, "page": page, "place": place.strip(), "quote": quote.strip()}
    if like:
        taken = next((one for one in answers if one.pk == like), None)
        if taken is None:
            raise ConflictError(said("The answer you took does not stand any more; reload the page."))
        status, value, where = taken.status, taken.value, _placed(taken)
    told = coded(asked, status, value)
    check_place(held.study_id, where["report_id"], page=where["page"], place=where["place"], quote=where["quote"])
    words = {"status": told.status, "value": told.plain(), "how": how, "why": why.strip(), "by": by}
    return _decide(held, (item, unit), words, where, sorted(one.pk for one in answers), key)


def _refuse_settling(coding: Coding, by: str, how: str, why: str) -> None:
    if coding.unblinded_at is None:
        raise ConflictError(
            said("The coders have not all said that they are done; until then nobody compares their answers.")
        )
    if how not in BY_PEOPLE:
        raise InputError(
            said(
                "There is no way to settle %(how)r; choose %(by_people)s.",
                how=how[:20],
                by_people=" or ".join(BY_PEOPLE),
            )
        )
    may_settle(coding, by, how)
    if not why.strip() or len(why) > LONGEST_WHY:
        raise InputError(
            said(
                "Say why, in at most %(longest_why)s characters; readers of the coding will ask.",
                longest_why=f"{LONGEST_WHY:,}",
            )
        )


def _asked(coding: Coding, item: str, unit: str) -> Item:
    asked = coding.frame.frame().item(item)
    if unit not in coding.study.units().of(asked):
        raise InputError(
            said(
                "“%(label)s” is asked once for each %(repeats)s; this study has no %(unit)s.",
                label=asked.label,
                repeats=asked.repeats,
                unit=unit or said("such"),
            )
        )
    return asked


def _decide(
    coding: Coding, cell: Cell, said: dict[str, Any], where: dict[str, Any], over: list[str], key: str
) -> Decided:
    """Keep a person's decision and what follows from it; the same again is the row that is here."""
    item, unit = cell
    last: Decided | None = Decided.objects.current().filter(coding=coding, item=item, unit=unit).first()
    if last and last.over == over and all(getattr(last, name) == one for name, one in said.items()):
        return last
    place = {"item": item, "unit": unit, "number": (last.number if last else 0) + 1, "over": over}
    told = {"coding": coding, "at": timezone.now(), "key": key or uuid.uuid4().hex, **place, **said, **where}
    made = Decided.objects.create(id=Decided.fresh(), **told)
    rows = [made, *redraw(coding)]
    payload = {"item": item, "unit": unit, "why": said["why"], "how": said["how"]}
    about = [coding.study_id]
    event = record(verb="extract.settle", by=said["by"], about=about, made=rows, payload=payload, audience=PUBLIC)
    tell_coded(coding.study, rows, event)
    return made


def _same(done: Decided, item: str, unit: str) -> Decided:
    if (done.item, done.unit) != (item, unit):
        raise ConflictError(said("This request has the name of an earlier one; reload the page and decide again."))
    return done


def compared(coding: Coding, *, by: str) -> list[Compared]:
    """The lines of the reconciliation page, in the order of the form: what applies, side by side, and what stands.

    Raises ForbiddenError while the coders are blind to each other, whoever asks.
    """
    if coding.unblinded_at is None:
        raise ForbiddenError(
            said("The coders have not all said that they are done; until then nobody compares their answers.")
        )
    frame = coding.frame.frame()
    sheets = list(coding.sheets.counting())
    held = {sheet.user_id: answers_in(sheet, frame) for sheet in sheets}
    decided = {(one.item, one.unit): one for one in Decided.objects.standing().filter(coding=coding)}
    asked = {one.item.key: one for one in frame.asked()}
    return [
        Compared(asked[cell[0]], cell[1], {user: of.get(cell) for user, of in held.items()}, one, decided.get(cell))
        for cell, one in drawn(coding).items()
        if one.state != "beside" or any(cell in of for of in held.values())
    ]
