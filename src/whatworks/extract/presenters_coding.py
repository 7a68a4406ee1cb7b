"""A coder's own form: each item of each unit with what they answered, and what can be read beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.models import Document, Report
from whatworks.extract.methods.coding.answers import Cell, Coded, stored
from whatworks.extract.methods.coding.asking import Applies, Completeness, asked_of, completeness
from whatworks.extract.methods.coding.frame import NOT_APPLICABLE, NOT_REPORTED, Asked, Frame, Item
from whatworks.extract.models import Answer, Sheet, Study
from whatworks.extract.reconciling import answers_in

FEW = 9  # choices that are all shown; more are a list to choose from
SAYS = (
    ("coded", gettext_lazy("Answered")),
    (NOT_REPORTED, gettext_lazy("Not reported")),
    (NOT_APPLICABLE, gettext_lazy("Not applicable")),
)


def name_of(cell: Cell) -> str:
    """What a cell is called in the form: its item and its unit."""
    return f"{cell[0]}|{cell[1]}"


def unit_names(study: Study) -> dict[str, str]:
    """What each arm, outcome as measured and contrast is called."""
    named = {one.pk: one.name for one in (*study.arms.all(), *study.measures.all())}
    return named | {one.pk: one.subject_title() for one in study.contrasts.all()}


def held_by(sheet: Sheet, frame: Frame) -> tuple[dict[Cell, Answer], dict[Cell, Applies], Completeness]:
    """What a sheet holds, which cells apply by it, and how far it is filled."""
    items = {one.item.key: one.item for one in frame.asked()}
    rows = answers_in(sheet, frame)
    said: dict[Cell, Coded] = {cell: stored(items[cell[0]], one.status, one.value) for cell, one in rows.items()}
    units = sheet.coding.study.units()
    return rows, asked_of(frame, units, said), completeness(frame, units, said)


def form_of(
    sheet: Sheet, typed: Mapping[Cell, Mapping[str, Any]] | None = None, errors: Mapping[Cell, str] | None = None
) -> dict[str, Any]:
    """The sections of a coder's form. `typed` stands in place of what is held where an answer was refused."""
    coding = sheet.coding
    frame, names = coding.frame.frame(), unit_names(coding.study)
    rows, applies, filled = held_by(sheet, frame)
    sections: list[dict[str, Any]] = []
    number = 0
    for asked in frame.asked():
        top = asked.above[0] if asked.above else None
        if not sections or sections[-1]["key"] != (top.key if top else ""):
            sections.append(_section(top, frame))
        for unit in coding.study.units().of(asked.item):
            cell, number = (asked.item.key, unit), number + 1
            told = _held(rows.get(cell)) | dict((typed or {}).get(cell, {}))
            shown = _cell(asked, cell, number, told, names.get(unit, ""))
            shown |= {"applies": applies[cell] == "yes", "error": (errors or {}).get(cell, "")}
            sections[-1]["cells"].append(shown)
    for at, section in enumerate(sections, 1):
        section["number"] = at
        section["applies"] = any(cell["applies"] for cell in section["cells"])
    shown_sections = [one for one in sections if one["cells"]]
    return {"sections": shown_sections, "filled": filled, "frame": frame}


def _section(top: Item | None, frame: Frame) -> dict[str, Any]:
    if top is None:
        return {"key": "", "title": _("In general"), "help": frame.description, "cells": []}
    return {"key": top.key, "title": top.label, "help": top.help, "cells": []}


def _held(row: Answer | None) -> dict[str, Any]:
    if row is None:
        return {"status": "", "value": None, "answered": False}
    told = {name: getattr(row, name) for name in ("status", "value", "page", "place", "quote", "note")}
    return told | {"report": row.report_id or "", "answered": True}


def _cell(asked: Asked, cell: Cell, number: int, told: Mapping[str, Any], unit: str) -> dict[str, Any]:
    item = asked.item
    value = told.get("value")
    chosen = [str(one) for one in value] if isinstance(value, list | tuple) else [_plain(value)]
    status = told.get("status") or "coded"
    return {
        "name": name_of(cell),
        "id": f"cell-{number}",
        "item": item,
        "unit": unit,
        "within": " › ".join(one.label for one in asked.above[1:]),
        "widget": widget_of(item),
        "options": options_of(item, chosen),
        "value": "" if isinstance(value, list | tuple) else _plain(value),
        "says": [(key, words, key == status) for key, words in SAYS],
        "answered": told.get("answered", False),
        "told": {name: told.get(name) or "" for name in ("report", "page", "place", "quote", "note")},
        "placed": any(told.get(name) for name in ("page", "place", "quote", "note")),
    }


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def widget_of(item: Item) -> str:
    """How an item is answered: one or several of a few, one of many, a number, a date, or words."""
    if item.kind == "choices":
        return "several"
    if item.kind in ("choice", "yes-no"):
        return "one" if len(item.allowed) <= FEW else "list"
    return {"number": "number", "integer": "number", "date": "date", "text": "words"}.get(item.kind, "line")


def options_of(item: Item, chosen: list[str]) -> list[dict[str, Any]]:
    """The values that may be chosen, with their help, and which are."""
    told = {one.value: one.help for one in item.values}
    shown = {"yes": _("Yes"), "no": _("No")} if item.kind == "yes-no" else {}
    return [
        {
            "value": one,
            "label": shown.get(one) or item.shown(one),
            "help": told.get(one, ""),
            "chosen": one in chosen,
        }
        for one in item.allowed
    ]


def reader_of(study: Study, chosen: str = "") -> dict[str, Any]:
    """What can be read beside the form: the study's reports, the chosen one first, each with its files."""
    tellings = list(study.tellings.select_related("report").order_by("pk"))
    tellings.sort(key=lambda one: (one.report_id != chosen, one.role != "main"))
    reports = [{"report": one.report, "role": one.role, "files": documents_of(one.report)} for one in tellings]
    first = next((file for one in reports for file in one["files"]), None)
    return {"reports": reports, "file": first}


def documents_of(report: Report) -> list[Document]:
    """The files of a report and of those that are merged with it."""
    speaks = report.merged_into_id or report.pk
    rows = Document.objects.filter(Q(report=speaks) | Q(report__merged_into=speaks))
    return list(rows.defer("text").order_by("filename", "pk"))
