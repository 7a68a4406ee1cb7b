"""Frames and codings as files: CSV, Excel, JSON, TOML and JSON-LD out; CSV, Excel, JSON and JSON-LD in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from tempfile import SpooledTemporaryFile
from typing import Any

from django.db import transaction

from whatworks.collate.methods.eppi import Coding as EppiCoding
from whatworks.collate.sources.excel_writing import write_rows_xlsx
from whatworks.collate.sources.workbook import Texts, Workbook
from whatworks.errors import ConflictError, InputError
from whatworks.extract.coding import Said, answer_all
from whatworks.extract.describing import investigated
from whatworks.extract.methods.coding.answers import stored
from whatworks.extract.methods.coding.eppi_sets import answers_of
from whatworks.extract.methods.coding.frame import Frame, Item
from whatworks.extract.methods.coding.linked import linked, read_linked
from whatworks.extract.methods.coding.tables import COLUMNS, SHEET_COLUMNS, Given, Told, read_rows
from whatworks.extract.methods.coding.writing import COLUMNS as FRAME_COLUMNS
from whatworks.extract.methods.coding.writing import rows as frame_rows
from whatworks.extract.methods.coding.writing import to_plain, to_toml
from whatworks.extract.models import Answer, Arm, Coding, CodingFrame, Contrast, Decided, Measure, Study
from whatworks.saying import said
from whatworks.screen.models import Review
from whatworks.spreadsheets import cell

LARGEST = 50 * 1024 * 1024  # bytes of a file of codings
IN_MEMORY = 8 * 1024 * 1024
TYPES = {
    "toml": "application/toml",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonld": "application/ld+json",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand over: its name, its media type, and its bytes."""

    name: str
    media_type: str
    body: bytes


def frame_file(held: CodingFrame, form: str) -> File:
    """A frame as toml, json, csv or xlsx. The first two are read back as the same frame."""
    frame = held.frame()
    bodies: dict[str, Callable[[], bytes]] = {
        "toml": lambda: to_toml(frame).encode(),
        "json": lambda: _json(to_plain(frame)),
        "csv": lambda: _csv(FRAME_COLUMNS, frame_rows(frame)),
        "xlsx": lambda: _xlsx(FRAME_COLUMNS, frame_rows(frame)),
    }
    return _file(frame.name, form, bodies)


def codings_file(
    review: Review | str, frame: CodingFrame, form: str, *, answers: bool = False, inside: bool = False
) -> File:
    """What stands of a review's codings as csv, xlsx, json or jsonld; with `answers` what each coder said instead.

    Answers are told only of studies whose coders are not blind any more. Quotes and notes are for the workspace, and
    left out unless `inside`.
    """
    values = [_shown(one, inside) for one in (answers_told(review, frame) if answers else standing_told(review, frame))]
    told = [one.row() for one in values]
    bodies: dict[str, Callable[[], bytes]] = {
        "csv": lambda: _csv(COLUMNS, told),
        "xlsx": lambda: _xlsx(COLUMNS, told),
        "json": lambda: _json({"frame": to_plain(frame.frame()), "values": [one.plain() for one in values]}),
        "jsonld": lambda: _json(linked(investigated(_studies(values), values))),
    }
    return _file(f"{frame.key}-{frame.version}-{'answers' if answers else 'codings'}", form, bodies)


def form_file(coding: Coding, form: str = "csv") -> File:
    """An empty form of one study to fill in elsewhere, a line for each item and unit, and to import again."""
    frame, units = coding.frame.frame(), coding.study.units()
    lines: list[dict[str, str | int]] = [
        {"study": coding.study_id, "item": one.item.key, "unit": unit, "label": one.item.label, "asks": _asks(one.item)}
        for one in frame.asked()
        for unit in units.of(one.item)
    ]
    columns = (*SHEET_COLUMNS, "label", "asks")
    bodies: dict[str, Callable[[], bytes]] = {
        "csv": lambda: _csv(columns, lines),
        "xlsx": lambda: _xlsx(columns, lines),
    }
    return _file(f"{frame.name}-{coding.study_id}", form, bodies)


def _asks(item: Item) -> str:
    if item.allowed:
        return (" | " if item.kind == "choices" else " or ").join(item.allowed)
    return f"{item.kind}{f', {item.unit}' if item.unit else ''}"


def _file(name: str, form: str, bodies: Mapping[str, Callable[[], bytes]]) -> File:
    if form not in bodies:
        raise InputError(
            said(
                "There is no form %(form)r of this; choose one of %(bodies)s.", form=form[:20], bodies=", ".join(bodies)
            )
        )
    return File(f"{name}.{form}", TYPES[form], bodies[form]())


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, str | int]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(row.get(name, "")) for name in columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(columns: Sequence[str], rows: Iterable[Mapping[str, str | int]]) -> bytes:
    out = io.BytesIO()
    write_rows_xlsx(columns, (dict(row) for row in rows), out)
    return out.getvalue()


def standing_told(review: Review | str, frame: CodingFrame) -> Iterator[Told]:
    """What stands of a review's codings by a frame, study by study in the order of the form."""
    rows = Decided.objects.standing().filter(coding__study__review=review, coding__frame=frame)
    yield from _in_order(frame, rows.select_related("coding__study"), lambda row: row.coding, _of_decided)


def answers_told(review: Review | str, frame: CodingFrame) -> Iterator[Told]:
    """What each coder said, of studies whose coders are not blind to each other any more."""
    rows = Answer.objects.current().filter(
        sheet__coding__study__review=review, sheet__coding__frame=frame, sheet__coding__unblinded_at__isnull=False
    )
    yield from _in_order(frame, rows.select_related("sheet__coding__study"), lambda row: row.sheet.coding, _of_answer)


def _in_order(frame: CodingFrame, rows: Any, coding: Callable[[Any], Coding], fields: Any) -> Iterator[Told]:
    asked = {one.item.key: (at, one.item) for at, one in enumerate(frame.frame().asked())}
    held = [row for row in rows if row.item in asked]
    named = _names({coding(row).study_id for row in held})
    held.sort(key=lambda row: (coding(row).study.name, coding(row).study_id, asked[row.item][0], row.unit, row.pk))
    for row in held:
        study, item = coding(row).study, asked[row.item][1]
        yield Told(
            study=study.pk,
            study_name=study.name,
            frame=frame.key,
            version=frame.version,
            item=row.item,
            label=item.label,
            unit=row.unit,
            unit_name=named.get(row.unit, ""),
            coded=stored(item, row.status, row.value),
            report=row.report_id or "",
            page=row.page,
            place=row.place,
            quote=row.quote,
            at=row.at.isoformat(),
            **fields(row),
        )


def _of_decided(row: Decided) -> dict[str, str]:
    return {"coder": "", "how": row.how, "why": row.why}


def _of_answer(row: Answer) -> dict[str, str]:
    return {"coder": row.sheet.user_id, "note": row.note}


def _names(studies: set[str]) -> dict[str, str]:
    arms = Arm.objects.filter(study__in=studies).values_list("pk", "name")
    measures = Measure.objects.filter(study__in=studies).values_list("pk", "name")
    contrasts = Contrast.objects.filter(study__in=studies).values_list("pk", "measured")
    return dict([*arms, *measures, *contrasts])


def _shown(one: Told, inside: bool) -> Told:
    return one if inside else replace(one, quote="", note="")


def _studies(values: Sequence[Told]) -> list[str]:
    return list(dict.fromkeys(one.study for one in values))


@transaction.atomic
def import_codings(*, by: str, frame: CodingFrame, name: str, body: bytes, key: str = "") -> dict[str, int]:
    """Take answers from a file into one's own forms, all or none: the number of answers by study.

    `name` says by its ending what the file is: csv, xlsx, json or jsonld. Raises InputError with the line that is
    wrong, ForbiddenError where the person does not code one of the studies.
    """
    if len(body) > LARGEST:
        raise InputError(
            said(
                "%(name)s: the file is larger than %(largest)s MB; split it by study.",
                name=name,
                largest=LARGEST // 1024**2,
            )
        )
    given = read_rows(frame.frame(), _read(name, body))
    if not given:
        raise InputError(said("%(name)s: no line has an answer; fill in the column value, or status.", name=name))
    by_study: dict[str, list[Given]] = {}
    for one in given:
        by_study.setdefault(one.study, []).append(one)
    return {study: _answered(by, frame, study, rows, key) for study, rows in by_study.items()}


def _answered(by: str, frame: CodingFrame, study: str, rows: list[Given], key: str) -> int:
    held = Coding.objects.filter(study=study, frame=frame).first()
    if held is None:
        raise InputError(
            said(
                "Line %(line)s: the study %(study)r is not put up for coding by this frame.",
                line=rows[0].line,
                study=study[:40],
            )
        )
    told = [
        Said(
            item=one.item, status=one.coded.status, value=one.coded.plain(), unit=one.unit, page=one.page,
            place=one.place, quote=one.quote, note=one.note,
        )
        for one in rows
    ]  # fmt: skip
    return len(answer_all(by=by, coding=held, answers=told, key=key))


def _read(name: str, body: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    ending = name.rpartition(".")[2].lower()
    if ending == "csv":
        yield from _csv_rows(name, body)
    elif ending == "xlsx":
        yield from _xlsx_rows(name, body)
    elif ending in ("json", "jsonld"):
        yield from _json_rows(name, body)
    else:
        raise InputError(
            said("%(name)s: codings are read from csv, xlsx, json or jsonld; save the file as one of these.", name=name)
        )


def _csv_rows(name: str, body: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        for row in reader:
            yield reader.line_num, {str(column).strip(): value for column, value in row.items() if column is not None}
    except UnicodeDecodeError as error:
        raise InputError(said("%(name)s: the file is not UTF-8; save it as “CSV UTF-8”.", name=name)) from error
    except csv.Error as error:
        raise InputError(
            said("%(name)s: the table cannot be read (%(error)s); save it again as CSV.", name=name, error=str(error))
        ) from error


def _xlsx_rows(name: str, body: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    with SpooledTemporaryFile(max_size=IN_MEMORY) as texts:
        book = Workbook(io.BytesIO(body), Texts(texts), name)
        for sheet in (sheet for sheet in book.sheets if not sheet.hidden):
            header: list[str] = []
            for number, cells, _, _ in book.rows(sheet):
                if cells is not None and not header:
                    header = [one.strip() for one in cells]
                elif cells is not None:
                    cells = [*cells, *[""] * (len(header) - len(cells))]
                    yield number, dict(zip(header, cells, strict=False))


def _json_rows(name: str, body: bytes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        data = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(
            said("%(name)s: this is not JSON (%(error)s); export it again.", name=name, error=str(error))
        ) from error
    if isinstance(data, Mapping) and "@graph" in data:
        yield from read_linked(data)
        return
    values = data.get("values") if isinstance(data, Mapping) else data
    if not isinstance(values, list) or not all(isinstance(one, Mapping) for one in values):
        raise InputError(
            said("%(name)s: it has no list of values; export the codings as JSON to see how they look.", name=name)
        )
    yield from enumerate(values, 1)


@transaction.atomic
def import_eppi_codings(
    *, by: str, frame: CodingFrame, codings: Iterable[EppiCoding], studies: Mapping[str, Study], key: str = ""
) -> dict[str, int]:
    """Take codes given in EPPI-Reviewer into one's own forms, by a frame made of their code set.

    `studies` says which study each item there is; items that are not named are left out. Codes given to an arm there go
    to the arm of that name here where the item repeats by arm, and to the study otherwise.
    """
    held: Frame = frame.frame()
    counts: dict[str, int] = {}
    words: dict[str, dict[tuple[str, str], Said]] = {}
    for one in answers_of(held, codings):
        if one.study in studies:
            study = studies[one.study]
            unit = _arm_of(study, one.arm_title) if held.item(one.item).repeats == "arm" else ""
            told = Said(item=one.item, value=one.coded.plain(), unit=unit, quote=one.quote[:5000], note=one.note[:5000])
            words.setdefault(study.pk, {}).setdefault((one.item, unit), told)
    for study_key, answers in words.items():
        coding = Coding.objects.filter(study=study_key, frame=frame).first()
        if coding is None:
            raise ConflictError(
                said(
                    "The study %(study_key)s is not put up for coding by this frame; do that first.",
                    study_key=study_key,
                )
            )
        counts[study_key] = len(answer_all(by=by, coding=coding, answers=list(answers.values()), key=key))
    return counts


def _arm_of(study: Study, title: str) -> str:
    found = Arm.objects.filter(study=study, name=title).values_list("pk", flat=True).first()
    if found is None:
        raise InputError(
            said("“%(name)s” has no arm called %(title)r; add the arm first.", name=study.name, title=title[:60])
        )
    return str(found)
