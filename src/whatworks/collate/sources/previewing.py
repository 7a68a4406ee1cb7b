"""Preview: what a table holds before it is brought in: its columns with examples, what each is taken for, and the first
records as they would come in. For people to see and correct; of a format that has no columns there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from whatworks.collate.methods.fields import one_line
from whatworks.collate.methods.mapping import HEADER, LOOKED_AT, Layout
from whatworks.collate.methods.records import ReadResult, Record
from whatworks.collate.sources.excel import Excel, preview_rows
from whatworks.collate.sources.lines import Lines
from whatworks.collate.sources.opening import read
from whatworks.collate.sources.tables import delimited_rows, layout_of, untold
from whatworks.errors import InputError

EXAMPLES = 3  # cells of a column, and records
LONGEST_EXAMPLE = 60  # characters


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, the field it is taken for ("" where it is kept as it is), and what stands in it."""

    name: str
    field: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A table before it is brought in. `header_line` is 0 where no row is its header; `problem` says why it cannot be
    brought in as it is mapped now, or is "". `records` are the first."""

    format: str
    header_line: int
    columns: tuple[Column, ...]
    records: tuple[Record, ...]
    problem: str

    @property
    def mapping(self) -> dict[str, str]:
        """Field to column, as `read` takes it."""
        return {column.field: column.name for column in self.columns if column.field}

    def corrected(self, fields: Mapping[str, str], header: int | None = None) -> dict[str, str]:
        """The mapping for `read` with the fields that a person chose for columns: no guess is left in it."""
        line = self.header_line if header is None else header
        chosen = {field: column for column, field in fields.items() if field}
        left_out = {field: "" for field in self.mapping if field not in chosen}
        return {HEADER: str(line) if line else "none", **left_out, **chosen}


def preview(path: Path | str, mapping: Mapping[str, str] | None = None, named: str = "") -> Preview | None:
    """The preview of a file under this mapping, or under the guess; None where the format has no columns to map.

    Raises InputError where the file cannot be read at all, or the mapping asks for what is not there.
    """
    path, name, asked = Path(path), named or str(path), mapping or {}
    with read(path, named=name) as result:
        if result.mapping is None:
            return None
        packed = result.format == Excel.name
    with path.open("rb") as stream:
        lines = Lines(stream)
        rows = preview_rows(lines, name, asked) if packed else delimited_rows(lines.head_text(), asked)[1]
    layout = layout_of(list(rows), mapping, name)
    records, format, problem = _first(path, name, mapping, layout)
    return Preview(format, layout.header_line, _columns(layout, rows), records, problem)


def _first(
    path: Path, name: str, mapping: Mapping[str, str] | None, layout: Layout
) -> tuple[tuple[Record, ...], str, str]:
    if not layout.tells:
        return (), layout.vendor.name, untold(layout, name).args[0]
    result: ReadResult
    try:
        with read(path, named=name, partial=True, mapping=mapping) as result:
            return tuple(islice(result, EXAMPLES)), result.format, ""
    except InputError as error:
        return (), layout.vendor.name, error.args[0]


def _columns(layout: Layout, rows: tuple[tuple[int, list[str]], ...]) -> tuple[Column, ...]:
    fields = {at: name for name, at in layout.fields.items()}
    below = [cells for line, cells in rows[:LOOKED_AT] if line > layout.header_line]
    return tuple(
        Column(
            name,
            fields.get(at, ""),
            tuple(
                islice(
                    dict.fromkeys(_short(cells[at]) for cells in below if at < len(cells) and cells[at].strip()),
                    EXAMPLES,
                )
            ),
        )
        for at, name in enumerate(layout.names)
    )


def _short(cell: str) -> str:
    text = one_line(cell)
    return text if len(text) <= LONGEST_EXAMPLE else f"{text[:LONGEST_EXAMPLE]}…"
