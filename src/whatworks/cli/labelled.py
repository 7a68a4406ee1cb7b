"""Tables of records to be screened, as files: CSV, also compressed by gzip, with every complaint naming its line."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from whatworks.errors import InputError

LABELS = ("included", "label_included")
IDENTIFIERS = ("id", "record_id")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file: its name, its columns as they are written, its rows, and the line on which each row ends."""

    name: str
    columns: list[str]
    rows: list[list[str]]
    lines: list[int]

    def place(self, *names: str) -> int | None:
        """Where the first of these columns stands, whatever the case; None where none does."""
        lower = [name.strip().lower() for name in self.columns]
        return next((lower.index(name) for name in names if name in lower), None)

    def column(self, *names: str) -> list[str] | None:
        """The cells of the first of these columns."""
        at = self.place(*names)
        return None if at is None else [row[at] for row in self.rows]

    def texts(self) -> dict[str, list[str]]:
        """The columns from which records are ranked; InputError where there is neither a title nor an abstract."""
        found = {name: cells for name in ("title", "abstract", "year") if (cells := self.column(name)) is not None}
        if not found.keys() & {"title", "abstract"}:
            raise InputError(
                f"{self.name} has neither a column title nor abstract; its columns are {', '.join(self.columns)}."
            )
        return found

    def identifiers(self) -> list[str]:
        """The identifier of each row, by default its number from 1; InputError where two rows share one."""
        given = self.column(*IDENTIFIERS) or []
        found = [cell.strip() or str(number) for number, cell in enumerate(given, 1)]
        for identifier, times in Counter(found).items():
            if times > 1:
                lines = [str(line) for line, one in zip(self.lines, found, strict=True) if one == identifier]
                raise InputError(
                    f"{self.name}, lines {' and '.join(lines[:2])}: both records have the id {identifier!r}; "
                    "give each its own, or leave the column out."
                )
        return found or [str(number) for number in range(1, len(self.rows) + 1)]

    def labels(self, *, whole: bool) -> list[int | None]:
        """The decision of each row, None where there is none yet; with `whole`, every row must have one."""
        from whatworks.screen.methods.ranking import label_of

        cells = self.column(*LABELS)
        if cells is None:
            raise InputError(
                f"{self.name} has no column included (or label_included); its columns are {', '.join(self.columns)}."
            )
        found: list[int | None] = []
        for line, cell in zip(self.lines, cells, strict=True):
            try:
                label = label_of(cell)
            except InputError as error:
                raise InputError(f"{self.name}, line {line}: {error}") from None
            if whole and label is None:
                raise InputError(
                    f"{self.name}, line {line}: the record has no decision; a simulation needs 1 or 0 for every record."
                )
            found.append(label)
        return found


def read_sheet(path: Path) -> Sheet:
    """The file as rows of cells; InputError where there is no such file, no row, or a row longer than the header."""
    text = _text(path)
    csv.field_size_limit(2**31 - 1)
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    rows, lines, columns = [], [], next(reader, [])
    try:
        for row in reader:
            if not row:
                continue
            if len(row) > len(columns):
                raise InputError(
                    f"{path.name}, line {reader.line_num}: {len(row)} cells where the header has {len(columns)}; "
                    "put cells with a comma in quotation marks."
                )
            rows.append(row + [""] * (len(columns) - len(row)))
            lines.append(reader.line_num)
    except csv.Error as error:
        raise InputError(f"{path.name}, line {reader.line_num}: {error}; export the table again.") from error
    if not rows:
        raise InputError(f"{path.name} has no rows; give a header line and one row per record.")
    return Sheet(path.name, columns, rows, lines)


def read_priors(path: Path, identifiers: list[str]) -> dict[int, list[int]]:
    """For each seed the places of the records known beforehand, from a file with the columns seed and id."""
    sheet, place = read_sheet(path), {identifier: at for at, identifier in enumerate(identifiers)}
    seeds, known = sheet.column("seed"), sheet.column(*IDENTIFIERS)
    if seeds is None or known is None:
        raise InputError(f"{path.name} needs the columns seed and id; its columns are {', '.join(sheet.columns)}.")
    found: dict[int, list[int]] = {}
    for line, seed, identifier in zip(sheet.lines, seeds, known, strict=True):
        if not seed.strip().isdecimal():
            raise InputError(f"{path.name}, line {line}: {seed!r} is not a seed; write a whole number from 0.")
        if identifier.strip() not in place:
            raise InputError(f"{path.name}, line {line}: no record has the id {identifier!r}; check the table's ids.")
        given = found.setdefault(int(seed), [])
        if place[identifier.strip()] in given:
            raise InputError(f"{path.name}, line {line}: {identifier!r} stands twice for seed {seed}; name it once.")
        given.append(place[identifier.strip()])
    return found


def _text(path: Path) -> str:
    """What the file says: unpacked, as UTF-8 where it is, else in the code page of older spreadsheets."""
    raw = path.read_bytes()
    if raw.startswith(_GZIP):
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(f"{path.name} is not a whole gzip file ({error}); fetch or pack it again.") from error
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")
