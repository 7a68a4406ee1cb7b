"""`whatworks dedupe`: which records of some files are one publication, with every pair, its probability and its reason."""

from __future__ import annotations

import codecs
import csv
import gc
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from whatworks.cli.plainly import plainly
from whatworks.errors import InputError

if TYPE_CHECKING:
    from whatworks.collate.methods.match.deduplicating import Found, Pair
    from whatworks.collate.methods.match.sketching import Fields

MANY = 150 * 2**20  # bytes from which a second process pays
PAIR_COLUMNS = ("file_a", "id_a", "file_b", "id_b", "decision", "probability", "reason")
PLAIN_COLUMNS = (
    *("id", "title", "author", "year", "journal", "volume", "number", "pages", "doi", "abstract"),
    "ENTRYTYPE",
)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("dedupe")(plainly(dedupe))


def dedupe(
    files: Annotated[list[Path], typer.Argument(help="Search exports or tables, of any format that can be read.")],
    out: Annotated[
        Path | None, typer.Option(help="Write every record with its cluster_id and file to this CSV.")
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option(help="Write every pair (same, ask, linked) with its reason to this CSV.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; by default two for large files.", min=1)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Find the records that are one publication; ask about what is unsure, link what is only related."""
    with _uncollected():
        counts = _deduped(_tables(files), out, pairs, workers)
    print(json.dumps(counts) if as_json else _said(counts, out, pairs))


def _deduped(tables: Sequence[_Table], out: Path | None, pairs: Path | None, workers: int | None) -> dict[str, Any]:
    """The counts, and the files that are wished for."""
    from whatworks.collate.methods.match.deduplicating import find, sketched

    started = _cpu()
    known: list[tuple[str, str]] = []  # the file and the identifier of each record
    many = sum(table.path.stat().st_size for table in tables) > MANY
    processes = workers or (min(2, os.cpu_count() or 1) if many else 1)
    found = find(sketched(_fields(tables, known), workers=processes))
    if not known:
        raise InputError(f"{tables[0].path}: no record was found in it; give an export with at least one record.")
    counts = _written(found, known, tables, out, pairs)
    return counts | {"cpu_seconds": round(_cpu() - started, 3)}


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for circles: nothing here is in one, and looking among a million rows costs as much as matching."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _cpu() -> float:
    """CPU seconds of this process and of those it has waited for."""
    used = os.times()
    return time.process_time() + used.children_user + used.children_system


class _Table:
    """A file of records: its name, its records' fields, and its records as rows for writing."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.columns: list[str] = list(PLAIN_COLUMNS)

    def records(self) -> Iterator[tuple[str, Fields]]:
        """The identifier and the fields of each record."""
        from whatworks.collate.methods.match.sketching import fields_of
        from whatworks.collate.sources import read

        for record in read(self.path):
            yield record.identifier, fields_of(record)

    def rows(self) -> Iterator[Sequence[str]]:
        """Each record as a row under `columns`."""
        for identifier, one in self.records():
            authors = " and ".join(one.authors)
            year = str(one.year or "")
            yield (
                *(identifier, one.title, authors, year, one.venue, one.volume, one.issue, one.pages, one.doi),
                *(one.abstract, one.type),
            )


class _Csv(_Table):
    """A table with named columns, which come out again as they went in."""

    def __init__(self, path: Path, name: str, header: list[str], delimiter: str, encoding: str) -> None:
        super().__init__(path, name)
        self.columns, self.delimiter, self.encoding = header, delimiter, encoding

    def records(self) -> Iterator[tuple[str, Fields]]:
        from whatworks.collate.methods.match.tables import IDENTIFIERS, columns_for, row_reader

        fields = row_reader(self.columns, columns_for(self.columns))
        lower = [name.strip().lower() for name in self.columns]
        own = next((lower.index(name) for name in IDENTIFIERS if name in lower), None)
        for number, row in enumerate(self.rows(), 1):
            yield (row[own] if own is not None else "") or str(number), fields(row)

    def rows(self) -> Iterator[list[str]]:
        with _opened(self.path, self.encoding) as stream:
            lines = csv.reader(stream, delimiter=self.delimiter)
            next(lines)
            width = len(self.columns)
            try:
                for row in lines:
                    if row:
                        yield self._fitted(row, width, lines.line_num)
            except (csv.Error, UnicodeDecodeError) as error:
                raise InputError(f"{self.path}, line {lines.line_num + 1}: {error}; export the table again.") from error

    def _fitted(self, row: list[str], width: int, line: int) -> list[str]:
        if len(row) > width:
            raise InputError(
                f"{self.path}, line {line}: {len(row)} cells where the header has {width}; "
                "put cells with a comma in quotation marks."
            )
        return row if len(row) == width else row + [""] * (width - len(row))


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[TextIO]:
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding=encoding, newline="", errors="strict") as stream:
        yield stream


def _tables(files: Sequence[Path]) -> list[_Table]:
    names = [path.name for path in files]
    return [_table(path, path.name if names.count(path.name) == 1 else str(path)) for path in files]


def _table(path: Path, name: str) -> _Table:
    """The file as a table with named columns where its first line names a title, else as an export."""
    from whatworks.collate.methods.match.tables import columns_for

    if not path.is_file():
        raise InputError(f"{path}: there is no such file; check the name.")
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        return _Table(path, name)
    encoding = _encoding(path)
    with _opened(path, encoding) as stream:
        first = stream.readline()
        delimiter = max(",;\t", key=first.count)
        stream.seek(0)
        header = next(csv.reader(stream, delimiter=delimiter), [])
    known = columns_for(header)
    split = {"page start", "start page", "beginning page"} & {one.strip().lower() for one in header}
    told = known["title"] and (known["authors"] or known["year"]) and not split
    return _Csv(path, name, header, delimiter, encoding) if told else _Table(path, name)


def _encoding(path: Path) -> str:
    """UTF-8 where the whole file is, else the Western code page in which older spreadsheets save."""
    with path.open("rb") as stream:
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := stream.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252" if _decodes(path, "cp1252") else "latin-1"
    return "utf-8-sig"


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding) as stream:
            return all(True for _ in iter(lambda: stream.read(1 << 20), ""))
    except UnicodeDecodeError:
        return False


def _fields(tables: Sequence[_Table], known: list[tuple[str, str]]) -> Iterator[Fields]:
    for table in tables:
        for identifier, fields in table.records():
            known.append((table.name, identifier))
            yield fields


def _written(
    found: Found, known: list[tuple[str, str]], tables: Sequence[_Table], out: Path | None, pairs: Path | None
) -> dict[str, Any]:
    """The counts, after the files were written that are wished for."""
    groups = found.settled.groups
    counts: dict[str, Any] = {"records": len(known), "clusters": len(groups), "removed": len(known) - len(groups)}
    if out:
        _write(out, lambda stream: _write_records(stream, found, known, tables))
    decided = {"same": 0, "ask": 0, "linked": 0}
    listed = _ordered(found, known, decided)
    if pairs:
        _write(pairs, lambda stream: _write_pairs(stream, listed, known))
    else:
        for _ in listed:
            pass
    return counts | {f"pairs_{decision}": number for decision, number in decided.items()}


def _ordered(found: Found, known: list[tuple[str, str]], decided: dict[str, int]) -> Iterator[tuple[int, int, Pair]]:
    """The pairs by the names of their records, which do not depend on the order in which those stand in the files."""
    listed = []
    for pair in found.whole(known):
        decided[pair.decision] += 1
        a, b = (pair.a, pair.b) if known[pair.a] <= known[pair.b] else (pair.b, pair.a)
        listed.append((a, b, pair))
    yield from sorted(listed, key=lambda one: (known[one[0]], known[one[1]], one[0], one[1]))


def _write(path: Path, write: Callable[[TextIO], None]) -> None:
    """Let `write` fill the file, which appears whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as stream:
            write(stream)
        os.replace(beside, path)
    except OSError as error:
        raise InputError(f"{path}: the file cannot be written ({error.strerror}); choose another place.") from error
    finally:
        beside.unlink(missing_ok=True)


def _write_records(stream: TextIO, found: Found, known: list[tuple[str, str]], tables: Sequence[_Table]) -> None:
    number = _numbers(found, known)
    columns = list(dict.fromkeys(name for table in tables for name in table.columns))
    added = [name for name in ("cluster_id", "file") if name not in columns]
    lines = csv.writer(stream, lineterminator="\n")
    lines.writerow([*columns, *added])
    at = 0
    for table in tables:
        places = [table.columns.index(name) if name in table.columns else None for name in columns]
        whole = places == list(range(len(columns))) and len(added) == 2
        for row in table.rows():
            given = [row[place] if place is not None else "" for place in places] if not whole else list(row)
            lines.writerow(_with(given, columns, {"cluster_id": str(number[at]), "file": table.name}))
            at += 1


def _with(given: list[str], columns: list[str], said: dict[str, str]) -> list[str]:
    """The row with our two columns: behind the others, or in their place where the input had them already."""
    for name, value in said.items():
        if name in columns:
            given[columns.index(name)] = value
        else:
            given.append(value)
    return given


def _numbers(found: Found, known: list[tuple[str, str]]) -> list[int]:
    """The number of each record's cluster: clusters in the order of their first records by name."""
    first = sorted(found.settled.groups, key=lambda group: min((known[at], at) for at in group))
    numbers = [0] * len(known)
    for number, group in enumerate(first, 1):
        for at in group:
            numbers[at] = number
    return numbers


def _write_pairs(stream: TextIO, listed: Iterator[tuple[int, int, Pair]], known: list[tuple[str, str]]) -> None:
    lines = csv.writer(stream, lineterminator="\n")
    lines.writerow(PAIR_COLUMNS)
    for a, b, pair in listed:
        lines.writerow([*known[a], *known[b], pair.decision, pair.probability, pair.reason])


def _said(counts: dict[str, Any], out: Path | None, pairs: Path | None) -> str:
    lines = [
        f"{counts['records']:,} records are {counts['clusters']:,} publications: "
        f"{counts['removed']:,} duplicates ({counts['pairs_same']:,} pairs).",
        f"{counts['pairs_ask']:,} pairs to ask a person about; {counts['pairs_linked']:,} pairs linked and kept apart.",
        *([f"Records with their cluster_id: {out}"] if out else []),
        *([f"Pairs with their reasons: {pairs}"] if pairs else []),
        f"{counts['cpu_seconds']:.1f} seconds of CPU time.",
    ]
    return "\n".join(lines)
