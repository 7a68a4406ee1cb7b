"""Tables: what may be given to matching (records, rows, columns, frames), as fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from whatworks.collate.methods.fields import year_in
from whatworks.collate.methods.match.sketching import Fields, fields_of
from whatworks.collate.methods.records import Record
from whatworks.errors import InputError
from whatworks.saying import said

NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "primary_title", "article title", "document title"),
    "authors": ("author", "authors", "author full names"),
    "year": ("year", "publication year", "pubyear", "date"),
    "venue": (
        "journal",
        "journaltitle",
        "source title",
        "source",
        "secondary_title",
        "booktitle",
        "publisher",
        "institution",
    ),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages", "page"),
    "doi": ("doi",),
    "type": ("entrytype", "type", "record_type", "document type"),
    "abstract": ("abstract",),
}
"""Column names that are understood, in small letters; of several that a row fills, the first counts."""
IDENTIFIERS = ("id", "record_id", "identifier", "key")
_AND = re.compile(r"\s+and\s+", re.I)


def authors_in(text: str) -> tuple[str, ...]:
    """Names joined by semicolons, or by " and "."""
    parts = text.split(";") if ";" in text else _AND.split(text)
    return tuple(name for part in parts if (name := part.strip(" ,")))


def columns_for(names: Iterable[str]) -> dict[str, list[str]]:
    """For each field of matching, which of the columns tell it, the better first."""
    given = {name.strip().lower(): name for name in names if name}
    return {field: [given[name] for name in known if name in given] for field, known in NAMES.items()}


def fields_of_row(row: Mapping[str, Any], columns: Mapping[str, Sequence[str]] | None = None) -> Fields:
    """The fields of one row of a table with column names."""
    columns = columns_for(row) if columns is None else columns
    said = {field: _first(row, names) for field, names in columns.items()}
    authors = said["authors"]
    return Fields(
        title=_text(said["title"]),
        authors=tuple(map(str, authors)) if isinstance(authors, list | tuple) else authors_in(_text(authors)),
        year=year_in([_text(said["year"])]) or 0,
        venue=_text(said["venue"]),
        volume=_text(said["volume"]),
        issue=_text(said["issue"]),
        pages=_text(said["pages"]),
        doi=_text(said["doi"]),
        type=_text(said["type"]),
        abstract=_text(said["abstract"]),
    )


def row_reader(header: Sequence[str], columns: Mapping[str, Sequence[str]]) -> Callable[[Sequence[str]], Fields]:
    """A quick way from the cells of a row of texts to its fields, where the columns stand in `header`."""
    at = {field: [header.index(name) for name in names] for field, names in columns.items()}
    title, authors, year, venue, volume, issue, pages, doi, sort, abstract = (at[field] for field in NAMES)

    def fields(row: Sequence[str]) -> Fields:
        told = _cell(row, year)
        return Fields(
            _cell(row, title),
            authors_in(_cell(row, authors)),
            int(told) if len(told) == 4 and told.isdigit() and told.isascii() else year_in([told]) or 0,
            _cell(row, venue),
            _cell(row, volume),
            _cell(row, issue),
            _cell(row, pages),
            _cell(row, doi),
            _cell(row, sort),
            _cell(row, abstract),
        )

    return fields


def _cell(row: Sequence[str], places: Sequence[int]) -> str:
    for place in places:
        if row[place]:
            return row[place]
    return ""


def _first(row: Mapping[str, Any], names: Sequence[str]) -> Any:
    for name in names:
        value = row.get(name)
        if value is not None and value == value and value != "":
            return value
    return ""


def _text(value: Any) -> str:
    """A cell as text; a whole number that a table made a fraction ("2019.0") as it was."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def rows_of(table: Any) -> list[dict[str, Any]] | list[Record]:
    """The rows of whatever was given: records, mappings, a mapping of columns, or a frame (pandas, polars).

    Raises InputError where it is none of these.
    """
    if hasattr(table, "to_dicts"):
        return list(table.to_dicts())
    if hasattr(table, "to_dict") and hasattr(table, "columns"):
        return list(table.to_dict("records"))
    if isinstance(table, Mapping):
        names, columns = list(table), [list(column) for column in table.values()]
        if len({len(column) for column in columns}) > 1:
            raise InputError(
                said("deduplicate: the columns of the table have different lengths; give columns of one length.")
            )
        return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    rows = list(table)
    if all(isinstance(row, Record) for row in rows) or all(isinstance(row, Mapping) for row in rows):
        return rows
    raise InputError(
        said("deduplicate: give records, a list of dictionaries, a dictionary of columns, or a pandas or polars frame.")
    )


def fields_of_rows(rows: Sequence[Any]) -> list[Fields]:
    """The fields of each row."""
    if rows and isinstance(rows[0], Record):
        return [fields_of(row) for row in rows]
    columns = columns_for({name: None for row in rows for name in row})
    return [fields_of_row(row, columns) for row in rows]
