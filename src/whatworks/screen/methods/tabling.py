"""Tabling: titles, abstracts and years out of any table: columns by name, rows by name, or a data frame."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from whatworks.errors import InputError
from whatworks.saying import said

Table: TypeAlias = Mapping[str, Iterable[Any]] | Sequence[Mapping[str, Any]] | Any
"""A dict of columns, a list of rows as dicts, or a frame of pandas, polars or another library with named columns."""


def texts_of(table: Table) -> tuple[list[str], list[str], list[float | None] | None]:
    """The titles, the abstracts (empty where there are none) and the years (None without that column)."""
    columns = columns_of(table)
    if "title" not in columns and "abstract" not in columns:
        raise InputError(
            said(
                "The table has neither a column title nor abstract; its columns are %(columns)s. Name at least "
                "one of them so.",
                columns=", ".join(columns) or said("none"),
            )
        )
    number = max(len(columns.get(name, ())) for name in ("title", "abstract"))
    titles, abstracts = ([_text(cell) for cell in columns.get(name, [""] * number)] for name in ("title", "abstract"))
    if len(titles) != len(abstracts):
        raise InputError(
            said(
                "There are %(count)s titles and %(abstracts_count)s abstracts; give one of each per record.",
                count=len(titles),
                abstracts_count=len(abstracts),
            )
        )
    years = [_year(cell) for cell in columns["year"]] if "year" in columns else None
    return titles, abstracts, years


def columns_of(table: Table) -> dict[str, list[Any]]:
    """The columns by name in lower case, without the spaces around them."""
    if isinstance(table, Mapping):
        named = {str(name): list(column) for name, column in table.items()}
    elif hasattr(table, "columns") and hasattr(table, "__getitem__"):
        named = {str(name): list(table[name]) for name in table.columns}
    else:
        rows = list(table)
        if not all(isinstance(row, Mapping) for row in rows):
            raise InputError(said("A table is a dict of columns, a list of dicts, or a data frame; give one of these."))
        names = dict.fromkeys(str(name) for row in rows for name in row)
        named = {name: [row.get(name) for row in rows] for name in names}
    return {name.strip().lower(): column for name, column in named.items()}


def _text(cell: Any) -> str:
    """A cell as text; what stands for nothing is empty."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return str(cell)


def _year(cell: Any) -> float | None:
    """A cell as a year; None where it is not a number."""
    try:
        year = float(cell)
    except (TypeError, ValueError):
        return None
    return year if math.isfinite(year) else None
