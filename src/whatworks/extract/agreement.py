"""How far two coders agreed before they saw each other's answers, item by item, over the studies of a review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whatworks.extract.methods.coding.agreeing import ItemAgreement, Pair, agreement
from whatworks.extract.methods.coding.answers import Cell, Coded, stored
from whatworks.extract.methods.coding.asking import asked_of
from whatworks.extract.methods.coding.frame import Frame
from whatworks.extract.models import Answer, Coding, CodingFrame
from whatworks.screen.models import Review

PEOPLE = 2


def agreement_in(review: Review | str, frame: CodingFrame, *, level: float = 0.95) -> tuple[ItemAgreement, ...]:
    """Agreement over all studies of a review that two people coded by this version of the frame."""
    codings = Coding.objects.in_review(review).filter(frame=frame).exclude(unblinded_at=None)
    return agreement(frame.frame(), _pairs(frame.frame(), codings), level=level)


def agreement_of(coding: Coding, *, level: float = 0.95) -> tuple[ItemAgreement, ...]:
    """Agreement on one study; none while its coders are blind to each other."""
    held = [coding] if coding.unblinded_at is not None else []
    return agreement(coding.frame.frame(), _pairs(coding.frame.frame(), held), level=level)


def _pairs(frame: Frame, codings: Iterable[Coding]) -> Iterator[Pair]:
    """The first two coders' blind answers, to what by both of their forms was asked.

    Where they differ on an item that others depend on, that is one disagreement and not one for each that depends on it.
    """
    items = {one.item.key: one.item for one in frame.asked()}
    for coding in codings:
        sheets = list(coding.sheets.counting()[:PEOPLE])
        if len(sheets) < PEOPLE:
            continue
        units, said = coding.study.units(), []
        for sheet in sheets:
            rows = Answer.objects.blind().filter(sheet=sheet, item__in=items)
            said.append({(one.item, one.unit): stored(items[one.item], one.status, one.value) for one in rows})
        first, second = said
        asked = [asked_of(frame, units, one) for one in said]
        for cell in (cell for cell in asked[0] if asked[0][cell] == asked[1].get(cell) == "yes"):
            yield _pair(cell, first, second)


def _pair(cell: Cell, first: dict[Cell, Coded], second: dict[Cell, Coded]) -> Pair:
    return Pair(cell[0], first.get(cell), second.get(cell))
