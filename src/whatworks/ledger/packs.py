"""How rows look as plain files: one canonical text per table, readable without the program.

A room declares its tables in its `pack.py`; the archive writes and reads them, rooms in layer order.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from whatworks.errors import InputError
from whatworks.ledger.canonical import canonical
from whatworks.ledger.fields import INTERNAL, LEVELS, PERSONAL, PUBLIC, CanonicalField
from whatworks.ledger.models import Subject, SubjectRow
from whatworks.ledger.money import MoneyField
from whatworks.saying import said

csv.field_size_limit(200 * 1024 * 1024)  # a page document is one cell, and the module's own limit is 128 kB

# What each profile lets out. A backup holds secrets too and is therefore encrypted.
PROFILES = {"open": (PUBLIC,), "move": (PUBLIC, INTERNAL, PERSONAL), "backup": LEVELS}


@dataclass(frozen=True)
class Table:
    """One model as one CSV file. `order` gives the natural key where the model has no identifier of its own."""

    model: type[models.Model]
    path: str
    order: tuple[str, ...] = ()
    omit: tuple[str, ...] = field(default=())
    closed: bool = False  # rows that an open pack leaves out altogether
    event_each: str = ""  # the verb of the event that each row entered by hand leaves; else one event a table

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row."""
        return self.order or (self.model._meta.pk.name,)

    def columns(self, profile: str) -> list[models.Field]:
        """The fields that this profile lets out, key first."""
        classes = self.model.classes
        automatic = {f.name for f in self.model._meta.concrete_fields if isinstance(f, models.AutoField)}
        fields = [
            f
            for f in self.model._meta.concrete_fields
            if classes[f.name] in PROFILES[profile] and f.name not in self.omit and f.name not in automatic
        ]
        return sorted(fields, key=lambda f: f.name not in self.key)

    def files(self, profile: str) -> Iterator[tuple[str, str]]:
        """The files of this table, path and text; none when there is nothing to write."""
        if text := self.write(profile):
            yield self.path, text

    def load(self, files: dict[str, str]) -> list[Any]:
        """The rows that the pack's files hold for this table, not yet saved."""
        return self.read(files[self.path], self.path) if self.path in files else []

    def write(self, profile: str) -> str | None:
        """The table as canonical CSV (sorted, LF, UTF-8); None when there is nothing to write."""
        if self.closed and profile == "open":
            return None
        fields = self.columns(profile)
        lines = [[to_text(f, value) for f, value in zip(fields, row, strict=True)] for row in self._rows(fields)]
        if not lines:
            return None
        return "".join(_line(cells) for cells in [[column(f) for f in fields], *sorted(lines)])

    def _rows(self, fields: list[models.Field]) -> Iterator[tuple[Any, ...]]:
        names = [f.attname for f in fields]
        for row in self.model._default_manager.only(*names).order_by().iterator(2000):
            yield tuple(getattr(row, name) for name in names)

    def read(self, text: str, path: str) -> list[Any]:
        """The rows of a table, not yet saved; an InputError names file, line and column."""
        by_name = {column(f): f for f in self.model._meta.concrete_fields}
        reader = csv.reader(io.StringIO(text))
        header = next(reader, [])
        if unknown := [name for name in header if name not in by_name]:
            raise InputError(
                said(
                    "%(path)s: unknown column %(unknown)r; known columns are %(by_name)s.",
                    path=path,
                    unknown=unknown[0],
                    by_name=", ".join(by_name),
                )
            )
        rows = []
        for line in reader:
            where = f"{path}, line {reader.line_num}"
            if len(line) != len(header):
                raise InputError(
                    said(
                        "%(where)s: %(count)s cells where the header has %(header)s; mend the row.",
                        where=where,
                        count=len(line),
                        header=len(header),
                    )
                )
            values = {
                by_name[name].attname: from_text(by_name[name], cell, f"{where}, column {name}")
                for name, cell in zip(header, line, strict=True)
            }
            rows.append(self.model(**values))
        return rows

    def new_among(self, rows: list[Any]) -> list[Any]:
        """The rows that are not there yet, by their key."""
        names = [self.model._meta.get_field(name).attname for name in self.key]
        held = set(self.model._default_manager.values_list(*names).order_by())
        return [row for row in rows if tuple(getattr(row, name) for name in names) not in held]

    def save(self, new: list[Any]) -> None:
        """Add rows that are not there yet, with the subjects they are."""
        if issubclass(self.model, SubjectRow):
            Subject.objects.bulk_create([row.as_subject() for row in new], batch_size=500)
        self.model._default_manager.bulk_create(new, batch_size=200)


def column(field: models.Field) -> str:
    """What a field is called in a pack."""
    return "id" if field.name == "subject" and field.primary_key else field.name


def _line(cells: list[str]) -> str:
    """One line. Told that lines end in CR LF, the writer quotes cells that hold either, which its reader needs."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().removesuffix("\r\n") + "\n"


def to_text(field: models.Field, value: Any) -> str:
    """One cell. None is empty; text fields of ours are never null."""
    if value is None:
        return ""
    if isinstance(field, CanonicalField):
        return canonical(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    return str(value)


def from_text(field: models.Field, cell: str, where: str) -> Any:
    """The value of a cell, or an InputError that says where and what was expected."""
    if cell == "" and field.null:
        return None
    try:
        value = _value(field, cell)
        canonical(value if isinstance(value, float) or isinstance(field, CanonicalField) else None)  # refuses NaN
        if value is None or (value == "" and (field.is_relation or field.primary_key)):
            raise ValueError("this column cannot be empty")
        return value
    except Exception as error:
        expected = type(field).__name__.removesuffix("Field").lower()
        raise InputError(
            said(
                "%(where)s: “%(cell)s” is not what this column holds (%(expected)s).",
                where=where,
                cell=cell[:60],
                expected=expected,
            )
        ) from error


def _value(field: models.Field, cell: str) -> Any:
    if isinstance(field, CanonicalField):
        return json.loads(cell) if cell else field.get_default()
    if isinstance(field, models.BooleanField):
        return {"yes": True, "no": False, "": field.get_default()}[cell]
    if isinstance(field, MoneyField | models.CharField | models.TextField | models.ForeignKey):
        return field.target_field.to_python(cell) if isinstance(field, models.ForeignKey) else field.to_python(cell)
    return field.to_python(cell) if cell else field.get_default()


def tables_of(modules: Iterable[Any]) -> list[Any]:
    """The tables of the rooms' pack modules, in the order given."""
    return [table for module in modules for table in module.TABLES]
