"""`whatworks screen`: which records to read first, and what reading in that order would have saved."""

from __future__ import annotations

import csv
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from whatworks.cli.plainly import plainly
from whatworks.errors import InputError

if TYPE_CHECKING:
    from whatworks.cli.labelled import Sheet
    from whatworks.screen.methods.ranking import Ranking
    from whatworks.screen.methods.simulating import Simulated

LEARNER = "What orders the records: margin, bayes, nearest, oldest or random."

screen_app = typer.Typer(name="screen", help="Rank records for screening, and say when to stop.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Query = Annotated[
    str | None, typer.Option(help="The question, criteria or titles of known studies, in words; for a cold start.")
]


def register(app: typer.Typer) -> None:
    """Add the group of commands to the command line; `cli.stopping` adds its own to the same group."""
    screen_app.command()(plainly(simulate))
    screen_app.command("rank")(plainly(rank))
    app.add_typer(screen_app)


def simulate(
    file: Annotated[
        Path, typer.Argument(metavar="LABELLED.csv", help="Records with title, abstract, included (1 or 0).")
    ],
    seeds: Annotated[str, typer.Option(help="One run for each of these whole numbers, with commas between.")] = "1,2,3",
    priors: Annotated[
        Path | None, typer.Option(help="CSV with the columns seed and id: records known beforehand.")
    ] = None,
    order: Annotated[Literal["shuffle", "file"], typer.Option(help="Shuffle the rows by the seed first.")] = "shuffle",
    learner: Annotated[str | None, typer.Option(help=LEARNER)] = None,
    query: Query = None,
    as_json: Json = False,
) -> None:
    """Screen a file whose decisions are known, and measure what the order would have saved."""
    from whatworks.cli.labelled import read_priors, read_sheet
    from whatworks.screen.methods.learners import DEFAULT
    from whatworks.screen.methods.simulating import simulate_screening

    wanted = _seeds(seeds)
    sheet = read_sheet(file)
    labels = [label for label in sheet.labels(whole=True) if label is not None]
    if not any(labels):
        raise InputError(
            f"{file.name}: no record is marked as relevant, so there is nothing to find; check the labels."
        )
    identifiers = sheet.identifiers()
    found = simulate_screening(
        sheet.texts(),
        labels,
        seeds=wanted,
        priors=None if priors is None else read_priors(priors, identifiers),
        order=order,
        learner=learner or DEFAULT,
        query=query,
        clock=time.process_time,
    )
    if as_json:
        print(json.dumps(found.to_dict(), allow_nan=False))
    else:
        _show(found)


def rank(
    file: Annotated[
        Path, typer.Argument(metavar="TABLE.csv", help="Records with title and abstract; included is 1, 0 or empty.")
    ],
    out: Annotated[Path | None, typer.Option(help="Write the table with score and rank added to this CSV.")] = None,
    learner: Annotated[str | None, typer.Option(help=LEARNER)] = None,
    query: Query = None,
    seed: Annotated[int, typer.Option(help="Of the chance that decides between equals.", min=0)] = 0,
    as_json: Json = False,
) -> None:
    """Rank the records without a decision, learning from those with one."""
    from whatworks.cli.labelled import LABELS, read_sheet
    from whatworks.screen.methods.learners import DEFAULT
    from whatworks.screen.methods.ranking import rank as ranked

    started = time.process_time()
    sheet = read_sheet(file)
    identifiers = sheet.identifiers()
    decisions = sheet.labels(whole=False) if sheet.place(*LABELS) is not None else []
    found = ranked(sheet.texts(), decisions, query=query, learner=learner or DEFAULT, seed=seed)
    if out:
        _write(out, sheet, found)
    if as_json:
        spent = round(time.process_time() - started, 3)
        told = {"id": identifiers} | found.to_dict() | {"cpu_seconds": spent}
        print(json.dumps(told, allow_nan=False))
        return
    print(found.summary())
    title = sheet.column("title") or sheet.column("abstract") or []
    for number, row in enumerate(found.order[:10], start=1):
        print(f"{number:>3}  {identifiers[row]}  {title[row][:100]}")
    if out:
        print(f"The whole table with score and rank: {out}")


def _seeds(said: str) -> list[int]:
    parts = [part.strip() for part in said.split(",") if part.strip()]
    if not parts or not all(part.isdecimal() for part in parts):
        raise InputError(f"--seeds {said!r}: write whole numbers with commas between, such as 1,2,3.")
    return [int(part) for part in dict.fromkeys(parts)]


def _show(found: Simulated) -> None:
    print(found.summary())
    heads = ("seed", "recall10", "recall20", "wss95", "wss100", "atd", "ttl", "loss", "labels", "cpu_seconds")
    print("  ".join(head.rjust(8) for head in heads))
    told = found.to_dict()
    for row in [*told["runs"], {"seed": "mean"} | told["mean"]]:
        print("  ".join(_cell(row[head]).rjust(len(head) if len(head) > 8 else 8) for head in heads))


def _cell(value: float | int | str | None) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _write(path: Path, sheet: Sheet, found: Ranking) -> None:
    """The table as it came, with two columns more (or filled anew), whole or not at all."""
    added = {
        "score": [repr(score) for score in found.scores],
        "rank": ["" if r is None else str(r) for r in found.ranks],
    }
    columns = [*sheet.columns, *(name for name in added if name not in sheet.columns)]
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as stream:
            lines = csv.writer(stream, lineterminator="\n")
            lines.writerow(columns)
            for at, row in enumerate(sheet.rows):
                cells = dict(zip(sheet.columns, row, strict=True)) | {name: added[name][at] for name in added}
                lines.writerow([cells[name] for name in columns])
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
