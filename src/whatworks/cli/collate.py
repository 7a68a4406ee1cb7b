"""The collate commands: what a search export holds, and what could not be read."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

    from whatworks.collate.methods.records import ReadResult
    from whatworks.collate.sources.writers import Filed

SHOWN = 20  # unreadable records and notes printed for each file; --json gives all that are kept


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.command("read")(read)


def read(
    files: Annotated[list[Path], typer.Argument(help="Search exports; the format is told from the content.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Write the records here: .ris (every tag), .bib, .csv, .xlsx, .jsonl or .json (CSL)."),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Accept a file that is cut off; the cut record is listed as unreadable.")
    ] = False,
    format: Annotated[str, typer.Option(help="Name the format, where it cannot be told from the content.")] = "",
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="FIELD=COLUMN: which column of a table holds what.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Read search exports. Every record start comes out or is listed with its line and the reason."""
    from whatworks.collate.sources.writers import check_writable, write

    if out:
        check_writable(out)
    mapping = dict(map(_mapped, columns or []))
    results: list[ReadResult] = []
    with _progress(files) as progress:
        task = progress.add_task("Reading", total=sum(path.stat().st_size for path in files if path.is_file()))
        opened = lambda path: _opened(path, partial, format, mapping, lambda size: progress.advance(task, size))  # noqa: E731
        filed = _records(files, opened, results)
        count = write(filed, out) if out else sum(1 for _ in filed)
    if as_json:
        print(json.dumps({"records": count, "files": [result.to_dict() for result in results]}))
    else:
        _show(count, results, out)


def _mapped(text: str) -> tuple[str, str]:
    from whatworks.errors import InputError

    field, equals, column = text.partition("=")
    if not equals or not field.strip():
        raise InputError(f"--map {text}: give it as FIELD=COLUMN, such as --map title=Titel.")
    return field.strip(), column.strip()


def _opened(
    path: Path, partial: bool, format: str, mapping: dict[str, str], progress: Callable[[int], None]
) -> ReadResult:
    from whatworks.collate.sources import read as read_file

    return read_file(path, partial=partial, format=format, mapping=mapping, progress=progress)


def _records(files: list[Path], opened: Callable[[Path], ReadResult], results: list[ReadResult]) -> Iterator[Filed]:
    for path in files:
        result = opened(path)
        results.append(result)
        for record in result:
            yield path.name, record


def _progress(files: list[Path]) -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    return Progress(
        TextColumn(f"Reading {len(files)} file{'s' if len(files) > 1 else ''}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def _show(count: int, results: list[ReadResult], out: Path | None) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(
        Column("File", overflow="fold"),
        "Format",
        "Encoding",
        "Record starts",
        "Records",
        "Unreadable",
        box=None,
        pad_edge=False,
    )
    for column in table.columns[3:]:
        column.justify = "right"
    for result in results:
        counts = (result.record_starts, result.records, len(result.unreadable))
        table.add_row(Path(result.path).name, result.format, result.encoding, *(f"{number:,}" for number in counts))
    Console().print(table)
    for result in results:
        for line in (*_columns(result), *_odd(result)):
            print(line)
    print(f"{count:,} record{'' if count == 1 else 's'}{f' written to {out}' if out else ''}.")


def _columns(result: ReadResult) -> Iterator[str]:
    if result.mapping:
        taken = ", ".join(f"{field} from {column!r}" for field, column in result.mapping.items())
        yield f"{result.path}: {taken}; mend it with --map FIELD=COLUMN."


def _odd(result: ReadResult) -> Iterator[str]:
    unreadable = [f"{result.path}, line {one.line}: unreadable: {one.reason}" for one in result.unreadable]
    notes = [f"{result.path}, line {one.line}: {one.text}" for one in result.notes]
    left_out = {"unreadable records": len(unreadable) - SHOWN, "notes": len(notes) - SHOWN + result.notes_left_out}
    yield from [*unreadable[:SHOWN], *notes[:SHOWN]]
    for what, number in left_out.items():
        if number > 0:
            yield f"{result.path}: {number:,} more {what}; --json lists them."
