"""Mapping: which column of a table is which field of a reference; guessed from headers and contents, corrected by people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from whatworks.collate.methods.columns import BY_HEADER, FIELDS, header_key
from whatworks.collate.methods.fields import one_line
from whatworks.collate.methods.splitting import names_of
from whatworks.errors import InputError
from whatworks.saying import said

LOOKED_AT = 20  # rows in which a header is looked for: an export may say above it what was searched, and when
MOST_COLUMNS = 16_384  # as many as a spreadsheet has
LONGEST_HEADER = 120  # characters; what runs on longer is no header but a value
HEADER = "header"  # in a mapping: the line of the header, or "none"
NAMES_ONE = ("title", "doi", "accession", "url")  # a reference is told by one of these, or not at all

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.\d{4,9}/\S+", re.IGNORECASE)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:\.0)?")
_URL = re.compile(r"https?://\S+")
Rows = Sequence[tuple[int, Sequence[str]]]
"""Line numbers and cells."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A source of tables whose columns are known: it is told by `marks`, headers that all stand in its header.

    `columns` says what a header means there, where that differs from everywhere else; "" where it is no field of ours.
    `quoted` is no where values are never put in quotation marks, so that a mark in a value is only a mark.
    """

    name: str
    prefix: str
    marks: frozenset[str] = frozenset()
    columns: Mapping[str, str] = field(default_factory=dict)
    quoted: bool = True

    @classmethod
    def told_by(cls, name: str, prefix: str, marks: str, *, quoted: bool = True, **columns: str) -> Vendor:
        """A vendor from its marks, apart by semicolons, and its columns as `field="Header; another header"`."""
        meant = {header_key(one): name_of for name_of, many in columns.items() for one in many.split(";")}
        no_fields = {key: "" if name_of == "none" else name_of for key, name_of in meant.items()}
        return cls(name, prefix, frozenset(header_key(mark) for mark in marks.split(";")), no_fields, quoted)


PLAIN = Vendor("table", "csv")
"""A table of nobody in particular."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out: whose it is, on which line its header stands (0: it has none), its columns, and which
    of them is which field. `guessed` says that contents, not headers, told the fields."""

    vendor: Vendor
    header_line: int
    names: tuple[str, ...]
    fields: Mapping[str, int]
    guessed: bool = False

    @property
    def mapping(self) -> dict[str, str]:
        """Field to column, as people see and correct it."""
        return {name: self.names[at] for name, at in self.fields.items()}

    @property
    def tells(self) -> bool:
        """Whether a reference can be told by it: it has a title, a DOI, an accession number or an address."""
        return any(name in self.fields for name in NAMES_ONE)


def lay_out(rows: Rows, asked: Mapping[str, str] | None = None, vendors: Iterable[Vendor] = ()) -> Layout:
    """The layout of a table from its first rows, with what a person asked for in place of the guess.

    Raises InputError where they ask for a field or a column that there is not.
    """
    wishes = {name.strip(): column.strip() for name, column in (asked or {}).items()}
    at = _header_at(rows, wishes)
    widest = max((len(cells) for _, cells in rows), default=0)
    if widest > MOST_COLUMNS:
        raise InputError(
            said(
                "it has %(widest)s columns, and a spreadsheet has at most %(most_columns)s; save it again",
                widest=f"{widest:,}",
                most_columns=f"{MOST_COLUMNS:,}",
            )
        )
    names = _unique(rows[at][1] if at >= 0 else [""] * widest)
    names = _with_row_names(names, rows, at)
    vendor = next((one for one in vendors if one.marks <= {header_key(name) for name in names}), PLAIN)
    fields = fields_of(names, vendor)
    contents: dict[str, int] = {}
    if not any(name in fields for name in NAMES_ONE):
        below = [cells[: len(names)] for _, cells in rows[at + 1 :]]
        contents = fields_from(below, taken=set(fields.values()))
    corrected = _corrected(contents | fields, names, wishes)
    guessed = any(corrected.get(name) == column for name, column in contents.items())
    line = rows[at][0] if at >= 0 else 0
    return Layout(vendor, line, names, dict(sorted(corrected.items(), key=lambda one: one[1])), guessed)


def fields_of(names: Sequence[str], vendor: Vendor = PLAIN) -> dict[str, int]:
    """Field to column by the headers alone: the surest header of each field, and of equals the first."""
    chosen: dict[str, tuple[int, int]] = {}
    for at, name in enumerate(names):
        key = header_key(name.partition(" (2)")[0] if name.endswith(" (2)") else name)
        said, rank = (vendor.columns[key], -1) if key in vendor.columns else BY_HEADER.get(key, ("", 0))
        if said and rank < chosen.get(said, (LONGEST_HEADER, 0))[0]:
            chosen[said] = (rank, at)
    return {said: at for said, (_, at) in chosen.items()}


def fields_from(rows: Sequence[Sequence[str]], taken: set[int]) -> dict[str, int]:
    """Field to column by what stands in the columns; only what can be told from at least two rows."""
    columns: dict[int, list[str]] = {}
    for cells in rows:
        for at, cell in enumerate(cells):
            if at not in taken and (text := one_line(cell)):
                columns.setdefault(at, []).append(text)
    found: dict[str, int] = {}
    for at, values in sorted(columns.items()):
        said = _told_by_contents(values) if len(values) >= 2 else ""
        if said and said not in found:
            found[said] = at
    return found


def _told_by_contents(values: list[str]) -> str:
    def share(pattern: re.Pattern[str]) -> float:
        return sum(pattern.fullmatch(value) is not None for value in values) / len(values)

    for name, pattern in (("doi", _DOI), ("year", _YEAR), ("url", _URL)):
        if share(pattern) > 0.7:
            return name
    words = sum(len(value.split()) for value in values) / len(values)
    if sum(len(names_of(value)) > 1 or _one_name(value) for value in values) > 0.6 * len(values):
        return "authors"
    if words >= 60:
        return "abstract"
    return "title" if words >= 4 and len(set(values)) > 0.7 * len(values) else ""


def _one_name(value: str) -> bool:
    last, comma, first = value.partition(",")
    return bool(comma) and len(last.split()) <= 2 and 0 < len(first.split()) <= 3


def _header_at(rows: Rows, wishes: dict[str, str]) -> int:
    """Which row is the header: the one asked for, or else the one that names most fields; -1 where there is none."""
    said = wishes.pop(HEADER, "")
    if said:
        return _header_asked(rows, said)
    scores = [score_of(cells, wishes) for _, cells in rows[:LOOKED_AT]]
    if any(scores):
        return scores.index(max(scores))
    if not rows:
        return -1
    if fields_of([one_line(cell) for cell in rows[0][1]]):
        return 0
    by_number = bool(wishes) and all(column.isdigit() for column in wishes.values() if column)
    return -1 if by_number or _is_data(rows) else 0


def _header_asked(rows: Rows, wanted: str) -> int:
    if wanted.casefold() in ("none", "no", "0"):
        return -1
    at = next((at for at, (line, _) in enumerate(rows) if wanted == str(line)), None)
    if at is None:
        raise InputError(
            said(
                "there is no row on line %(wanted)s to be the header; give header=none or the number of its line",
                wanted=wanted,
            )
        )
    return at


def score_of(cells: Sequence[str], wishes: Mapping[str, str]) -> int:
    """How much a row looks like a header: the fields it names, if a reference can be told by them; else 0."""
    if any(len(cell) > LONGEST_HEADER for cell in cells):
        return 0
    wanted = {
        header_key(column) for name, column in wishes.items() if column and name != HEADER and not column.isdigit()
    }
    keys = {header_key(cell) for cell in cells}
    fields = fields_of([one_line(cell) for cell in cells])
    told = any(name in fields for name in NAMES_ONE)
    return 2 * len(wanted & keys) + (len(fields) if told and (len(fields) > 1 or len(cells) == 1) else 0)


def _is_data(rows: Rows) -> bool:
    """Whether the first row is one of data: a year or a DOI stands where the rows below have theirs."""
    below = fields_from([cells for _, cells in rows[1:]], taken=set())
    first = rows[0][1] if rows else ()
    for name, pattern in (("year", _YEAR), ("doi", _DOI), ("url", _URL)):
        if name in below and below[name] < len(first) and pattern.fullmatch(one_line(first[below[name]])):
            return True
    return False


def _unique(header: Sequence[str]) -> tuple[str, ...]:
    """The headers as names, each once: `Title`, `Title (2)`; a column without a header is called by its number."""
    names: list[str] = []
    seen: set[str] = set()
    for at, cell in enumerate(header):
        plain = one_line(cell)[:LONGEST_HEADER].strip() or f"column {at + 1}"
        name, number = plain, 1
        while name in seen:
            number += 1
            name = f"{plain} ({number})"
        seen.add(name)
        names.append(name)
    return tuple(names)


def _with_row_names(names: tuple[str, ...], rows: Rows, at: int) -> tuple[str, ...]:
    """R writes row names without a header for them: every row is then one cell longer than the header, on the left."""
    below = [cells for _, cells in rows[at + 1 :]]
    if at < 0 or len(below) < 2 or any(len(cells) != len(names) + 1 or not cells[-1] for cells in below):
        return names
    return ("row name", *names)


def _corrected(fields: dict[str, int], names: Sequence[str], wishes: Mapping[str, str]) -> dict[str, int]:
    named = {_field(name): column for name, column in wishes.items()}
    chosen = {name: _column(column, names) for name, column in named.items() if column}
    kept = {name: at for name, at in fields.items() if name not in named and at not in chosen.values()}
    return kept | chosen


def _field(name: str) -> str:
    known = name if name in FIELDS else BY_HEADER.get(header_key(name), ("", 0))[0]
    if not known:
        raise InputError(
            said("there is no field %(name)r; the fields are %(fields)s", name=name, fields=", ".join(FIELDS))
        )
    return known


def _column(column: str, names: Sequence[str]) -> int:
    if column in names:
        return names.index(column)
    keys = [header_key(name) for name in names]
    if header_key(column) in keys:
        return keys.index(header_key(column))
    if column.isdigit() and 1 <= int(column) <= len(names):
        return int(column) - 1
    shown: str = ", ".join(names[:LOOKED_AT])
    if len(names) > LOOKED_AT:
        shown = said("%(names)s and %(count)s more", names=shown, count=len(names) - LOOKED_AT)
    raise InputError(said("there is no column %(column)r; its columns are %(shown)s", column=column, shown=shown))
