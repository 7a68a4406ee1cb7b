"""Reading what a coder typed: the answers that can be kept, those taken back, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from whatworks.errors import InputError
from whatworks.extract.coding import Said
from whatworks.extract.methods.coding.answers import Cell, coded
from whatworks.extract.methods.coding.frame import CODED, Frame, Item
from whatworks.extract.models import Answer, Coding
from whatworks.extract.places import check_place
from whatworks.extract.presenters_coding import name_of
from whatworks.saying import said
from whatworks.spoken import spoken

WITHDRAWN = Answer.WITHDRAWN
PLACED = ("page", "place", "quote")


@dataclass(slots=True)
class Typed:
    """What a posted form says. errors: by cell, in a sentence; typed: what stood there, to be shown again."""

    said: list[Said] = field(default_factory=list)
    back: list[Cell] = field(default_factory=list)
    errors: dict[Cell, str] = field(default_factory=dict)
    typed: dict[Cell, dict[str, Any]] = field(default_factory=dict)


def read_answers(post: QueryDict, coding: Coding, frame: Frame, held: Mapping[Cell, Answer]) -> Typed:
    """Every cell of the form that was posted. What is empty and was never answered is left alone."""
    found, units = Typed(), coding.study.units()
    for asked in frame.asked():
        for unit in units.of(asked.item):
            cell = (asked.item.key, unit)
            if f"{name_of(cell)}|status" in post:
                _read(post, coding, asked.item, cell, held.get(cell), found)
    return found


def _read(post: QueryDict, coding: Coding, item: Item, cell: Cell, row: Answer | None, found: Typed) -> None:
    told = _told(post, item, cell)
    if told["status"] == WITHDRAWN:
        found.back += [cell] if row else []
        return
    empty = told["value"] in ("", [])
    if told["status"] == CODED and empty and not any(told[name] for name in (*PLACED, "note")):
        if row is None:
            return
        if row.status == CODED:
            found.back.append(cell)
            return
    try:
        found.said.append(_said(coding, item, cell, told))
    except InputError as error:
        found.errors[cell] = spoken(error)
        found.typed[cell] = told


def _told(post: QueryDict, item: Item, cell: Cell) -> dict[str, Any]:
    name = name_of(cell)
    told: dict[str, Any] = {key: post.get(f"{name}|{key}", "").strip() for key in ("status", "report", *PLACED, "note")}
    values = [one.strip() for one in post.getlist(f"{name}|value") if one.strip()]
    told["value"] = values if item.kind == "choices" else (values[0] if values else "")
    return told


def _said(coding: Coding, item: Item, cell: Cell, told: Mapping[str, Any]) -> Said:
    """The answer, refused here where it would be refused when kept: so that one mistake does not hold the others up."""
    status = str(told["status"])
    value = told["value"] if status == CODED else None
    coded(item, status, value)
    page = page_of(str(told["page"]))
    placed = page is not None or told["place"] or told["quote"]
    where = {"page": page, "place": told["place"], "quote": told["quote"]}
    report = str(told["report"]) if placed else ""
    check_place(coding.study_id, report, **where)
    return Said(item.key, status, value, cell[1], report=report, note=str(told["note"]), **where)


def page_of(text: str) -> int | None:
    """The page that was typed, or none."""
    if not text:
        return None
    if not text.isdecimal() or len(text) > 6:
        raise InputError(
            said(
                "A page is a whole number, such as 12, not %(text)s; say other places in words.", text=f"{text[:20]!r}"
            )
        )
    return int(text)
