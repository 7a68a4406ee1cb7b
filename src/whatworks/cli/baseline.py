"""`whatworks baseline`: official statistics read, places compared without a league table, series judged by themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from whatworks.cli import baseline_load, baseline_update
from whatworks.cli.synthesise import Json, print_json, read_rows, write_text
from whatworks.errors import InputError

if TYPE_CHECKING:
    from whatworks.baseline.sources import Counted

SHOWN = 10
app = typer.Typer(name="baseline", help="What is happening now, where.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Add this module's commands to the application."""
    baseline_update.register(app)
    baseline_load.register(app)
    parent.add_typer(app)


@app.callback()
def baseline() -> None:
    """What is happening now, where."""


@app.command()
def compare(
    indicator: Annotated[str, typer.Argument(help="What the numbers are of, in words.")],
    file: Annotated[Path, typer.Argument(help="A CSV file: area,numerator,denominator; for xmr area,period,value.")],
    method: Annotated[Literal["funnel", "xmr"], typer.Option(help="Places at one time, or each over time.")] = "funnel",
    scale: Annotated[Literal["root", "log"], typer.Option(help="The funnel's scale.")] = "root",
    extremes: Annotated[
        Literal["winsorised", "truncated", "kept"], typer.Option(help="What is done with the outer tenths.")
    ] = "winsorised",
    per: Annotated[float, typer.Option(help="Rates are per so many.")] = 10_000.0,
    season: Annotated[int, typer.Option(help="Points of a year whose usual share is taken out; 12 for months.")] = 0,
    chart: Annotated[Path | None, typer.Option(help="Write the funnel to this SVG file.")] = None,
    as_json: Json = False,
) -> None:
    """Compare places around the rate of all, or judge how each comes and goes; symbols for no number are left out."""
    rows = read_rows(file)
    if method == "xmr":
        _over_time(indicator, rows, file, season, as_json)
        return
    from whatworks.baseline.methods.funnel import funnel

    held, left = _numbers(rows, file, ("numerator", "denominator"))
    counts, of = ([one[place] for _, one in held] for place in (0, 1))
    found = funnel(counts, of, [name for name, _ in held], scale=scale, extremes=extremes, per=per)
    if chart is not None:
        write_text(chart, found.chart().svg)
    if as_json:
        print_json({"indicator": indicator, "left_out": left} | found.to_dict())
        return
    print(f"{indicator}: {found.summary()}")
    for warning in (*found.warnings, *([f"No number, and left out: {', '.join(left)}."] if left else [])):
        print(f"Note: {warning}")


@app.command()
def read(
    files: Annotated[
        list[Path], typer.Argument(help="Files of official statistics, as published; CSV, or packed by gzip.")
    ],
    as_json: Json = False,
) -> None:
    """Read official statistics: which release each file is of, how many figures, how many withheld, what cannot be read."""
    from whatworks.baseline.sources import counted

    found = [counted(file) for file in files]
    if as_json:
        print_json(_together(found) | {"files": [one.to_dict() for one in found]})
        return
    for one in found:
        print(one.summary())
        for problem in one.problems[:SHOWN]:
            print(f"  {problem}")
        if len(one.problems) > SHOWN:
            print(f"  and {len(one.problems) - SHOWN} more; --json lists them all.")


def _together(found: Sequence[Counted]) -> dict[str, Any]:
    """The files as one: places and indicators that several hold count once."""
    return {
        "release": ", ".join(dict.fromkeys(one.release for one in found)),
        "areas": len(frozenset().union(*(one.of_areas for one in found))),
        "indicators": len(frozenset().union(*(one.of_indicators for one in found))),
        "cells": sum(one.cells for one in found),
        "suppressed": sum(one.suppressed for one in found),
        "problems": [f"{one.file}: {problem}" for one in found for problem in one.problems],
    }


def _over_time(indicator: str, rows: Sequence[Mapping[str, str]], file: Path, season: int, as_json: bool) -> None:
    from whatworks.baseline.methods.xmr import xmr

    _need(rows, file, ("area", "period", "value"))
    series: defaultdict[str, list[tuple[str, float | None]]] = defaultdict(list)
    for number, row in enumerate(rows, start=1):
        series[row["area"].strip()].append((row["period"].strip(), _number(row["value"], "value", number)))
    whole = {area: points for area, points in series.items() if all(value is not None for _, value in points)}
    left = [area for area in series if area not in whole]
    if not whole:
        raise InputError(f"No area of {file.name} has a number in every period; a gap has no moving range.")
    found = {}
    for area, points in whole.items():
        values: list[Any] = [value for _, value in points]
        found[area] = xmr(values, [when for when, _ in points], season=season)
    mean = sum(one.outside for one in found.values()) / len(found)
    if as_json:
        areas = [{"area": area, "outside": one.outside} | one.to_dict() for area, one in found.items()]
        print_json({"indicator": indicator, "areas": areas, "mean_outside": mean, "left_out": left})
        return
    print(f"{indicator}: {len(found)} areas, on average {mean:.2f} points beyond the limits.")
    for area, one in found.items():
        if any(one.signals):
            print(f"{area}: {one.summary()}")
    if left:
        print(f"Note: a period without a number, and left out: {', '.join(left)}.")


def _need(rows: Sequence[Mapping[str, str]], file: Path, columns: Sequence[str]) -> None:
    for column in columns:
        if column not in rows[0]:
            raise InputError(f"{file.name} has no column {column!r}; it needs {', '.join(columns)}.")


def _numbers(
    rows: Sequence[Mapping[str, str]], file: Path, columns: Sequence[str]
) -> tuple[list[tuple[str, list[Any]]], list[str]]:
    """Areas with all of their numbers, and those without."""
    _need(rows, file, ("area", *columns))
    held, left = [], []
    for number, row in enumerate(rows, start=1):
        values = [_number(row[column], column, number) for column in columns]
        if None in values:
            left.append(row["area"].strip())
        else:
            held.append((row["area"].strip(), values))
    return held, left


def _number(cell: str, column: str, row: int) -> float | None:
    from whatworks.baseline.sources.release import SYMBOLS

    said = cell.strip()
    if said.lower() in SYMBOLS or said in ("", "*"):
        return None
    try:
        return float(said.replace(",", ""))
    except ValueError:
        raise InputError(
            f"Row {row} of {column} is {cell!r}, which is no number and no symbol that is known."
        ) from None
