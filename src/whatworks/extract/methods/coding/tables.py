"""Tables: codings as rows of a spreadsheet or lines of JSON, and rows read back as answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from whatworks.errors import InputError
from whatworks.extract.methods.coding.answers import Coded, coded
from whatworks.extract.methods.coding.frame import CODED, STATUSES, Frame, Item
from whatworks.saying import said
from whatworks.spreadsheets import uncell

COLUMNS = (
    "study", "study_name", "frame", "version", "item", "label", "unit", "unit_name", "coder", "status", "value", "how",
    "why", "report", "page", "place", "quote", "note", "at",
)  # fmt: skip
NEEDED = ("study", "item", "value")
SHEET_COLUMNS = ("study", "item", "unit", "status", "value", "page", "place", "quote", "note")
BETWEEN = " | "


@dataclass(frozen=True, slots=True)
class Told:
    """One coded value with where it comes from. coder: who said it, or empty for what stands; `how` it came to stand."""

    study: str
    study_name: str
    frame: str
    version: int
    item: str
    label: str
    unit: str
    unit_name: str
    coder: str
    coded: Coded
    how: str = ""
    why: str = ""
    report: str = ""
    page: int | None = None
    place: str = ""
    quote: str = ""
    note: str = ""
    at: str = ""

    def plain(self) -> dict[str, Any]:
        """As JSON: values keep their types."""
        told = asdict(self)
        held = told.pop("coded")
        value = list(held["value"]) if isinstance(held["value"], tuple) else held["value"]
        return {name: {"status": held["status"], "value": value}.get(name, told.get(name)) for name in COLUMNS}

    def row(self) -> dict[str, str | int]:
        """As cells of a table: several values with a bar between them, what is missing empty."""
        held = self.plain()
        value = held["value"]
        held["value"] = BETWEEN.join(value) if isinstance(value, list) else value
        return {name: _cell(held[name]) for name in COLUMNS}


def _cell(value: Any) -> str | int:
    if value is None:
        return ""
    return value if isinstance(value, int) else f"{value:.17g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as a file gives it, checked against the frame: for which study, item and unit."""

    line: int
    study: str
    item: str
    unit: str
    coded: Coded
    page: int | None = None
    place: str = ""
    quote: str = ""
    note: str = ""


def read_rows(frame: Frame, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> tuple[Given, ...]:
    """The answers in rows of a table or lines of JSON, each with its line number.

    Rows with neither status nor value are passed over: an empty form. Raises InputError at the first row that cannot
    be an answer: the line, and why.
    """
    found: list[Given] = []
    seen: dict[tuple[str, str, str], int] = {}
    for line, row in rows:
        one = _given(frame, line, row)
        if one is None:
            continue
        cell = (one.study, one.item, one.unit)
        if cell in seen:
            raise InputError(
                said(
                    "Line %(line)s: %(item)s of %(study)s was answered on line %(seen)s; keep one.",
                    line=line,
                    item=one.item,
                    study=one.study,
                    seen=seen[cell],
                )
            )
        seen[cell] = line
        found.append(one)
    return tuple(found)


def _given(frame: Frame, line: int, row: Mapping[str, Any]) -> Given | None:
    if absent := [name for name in NEEDED if name not in row]:
        raise InputError(
            said(
                "Line %(line)s: there is no column %(absent)r; it needs %(needed)s.",
                line=line,
                absent=absent[0],
                needed=", ".join(NEEDED),
            )
        )
    status, value = _said(row.get("status")), row["value"]
    if not status and value in (None, "", []):
        return None
    for name, held in (("frame", frame.key), ("version", str(frame.version))):
        if _said(row.get(name)) not in ("", held):
            told = {"line": line, "name": name, "told": _said(row.get(name)), "held": held}
            raise InputError(
                said("Line %(line)s: it answers %(name)s %(told)s, not %(held)s; import it into that one.", **told)
            )
    try:
        item = frame.item(_said(row["item"]))
        held_answer = coded(item, status or CODED, _value(item, status or CODED, value))
    except InputError as error:
        raise InputError(said("Line %(line)s: %(error)s", line=line, error=error.args[0])) from None
    return Given(
        line=line,
        study=_said(row["study"]),
        item=item.key,
        unit=_said(row.get("unit")),
        coded=held_answer,
        page=_page(line, row.get("page")),
        place=_said(row.get("place")),
        quote=_said(row.get("quote")),
        note=_said(row.get("note")),
    )


def _said(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _value(item: Item, status: str, value: Any) -> Any:
    if status in STATUSES and status != CODED:
        return None if value in (None, "", []) else value
    if isinstance(value, str):
        value = uncell(value)
        return [part.strip() for part in value.split("|") if part.strip()] if item.kind == "choices" else value
    if item.kind in ("text", "place") and isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.15g}"
    return value


def _page(line: int, value: Any) -> int | None:
    text = _said(value)
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) < 100_000:
        raise InputError(said("Line %(line)s: page %(text)r is not a page number from 1.", line=line, text=text[:20]))
    return int(text)
