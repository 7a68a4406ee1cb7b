"""`whatworks effect` and `whatworks pool`: from raw numbers to effects, and from effects to one pooled result."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import typer

from whatworks.errors import InputError

if TYPE_CHECKING:
    from whatworks.synthesise.methods.pooling import Pooled

MISSING = ("", "NA", "NaN", "nan", "null")  # what spreadsheets and R write where there is no number
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Measure = Literal[
    "RR", "OR", "RD", "PETO", "AS", "MD", "SMD", "SMDH", "ROM", "IRR", "IRD",
    "ZCOR", "COR", "PR", "PLO", "PLN", "PAS", "PFT", "D",
]  # fmt: skip
Heterogeneity = Annotated[
    Literal["REML", "ML", "DL", "PM", "EB", "SJ", "HS", "HE"], typer.Option(help="How heterogeneity is estimated.")
]
MeanInterval = Annotated[
    Literal["wald", "t", "hksj", "hksj-adhoc", "hksj-wider", "hksj-plain", "hksj-truncated"],
    typer.Option(help="How the interval of the mean is made."),
]
NewSetting = Annotated[
    Literal["metafor", "t-k1", "t-k2", "hts", "hts-hk", "veroniki", "hk", "normal"],
    typer.Option(help="The distribution of the prediction interval."),
]
Stopping = Annotated[
    Literal["converged", "metafor"], typer.Option(help="REML and ML to the last digit, or where metafor stops.")
]
SpreadInterval = Annotated[
    Literal["qp", "pl"], typer.Option(help="The interval of tau2: Q-profile, or profile likelihood.")
]
Small = Annotated[tuple[float, float] | None, typer.Option(help="Effects too small to be worthwhile: from and to.")]
CODES = f"Which effect, by metafor's code: {' '.join(get_args(Measure))}."


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command()(effect)
    app.command()(pool)


def effect(
    measure: Annotated[Measure, typer.Argument(help=CODES, metavar="MEASURE", case_sensitive=False)],
    file: Annotated[Path, typer.Argument(help="A CSV file with one row per study.")],
    out: Annotated[Path | None, typer.Option(help="Write the table with yi and vi added to this CSV file.")] = None,
    zero: Annotated[
        Literal["only0", "all", "none"], typer.Option(help="Where to add 1/2: tables with an empty cell, all, none.")
    ] = "only0",
    vtype: Annotated[Literal["LS", "UB"], typer.Option(help="Large-sample or unbiased variances.")] = "LS",
    as_json: Json = False,
) -> None:
    """Compute effects and their sampling variances from raw numbers."""
    from whatworks.extract.methods.effects import columns_of
    from whatworks.extract.methods.effects import measure as compute

    rows = read_rows(file)
    columns = {name: numbers(rows, name, file) for name in columns_of(measure, rows[0])}
    found = compute(measure, columns, zero=zero, variance=vtype).to_dict()
    yi, vi = found["yi"], found["vi"]
    if lost := [str(row) for row, value in enumerate(yi, start=1) if value is None]:
        typer.echo(f"whatworks: no effect can be computed in row {', '.join(lost)}.", err=True)
    if out is not None:
        write_rows(out, [row | {"yi": y, "vi": v} for row, y, v in zip(rows, yi, vi, strict=True)])
    if as_json:
        print_json({"yi": yi, "vi": vi})
    else:
        show(f"{measure} of {file.name}", ("row", "yi", "vi"), list(zip(range(1, len(yi) + 1), yi, vi, strict=True)))


def pool(
    file: Annotated[Path, typer.Argument(help="A CSV file with one row per effect.")],
    effect: Annotated[str, typer.Option(help="The column of effects (ratios as logarithms).")] = "yi",
    variance: Annotated[str, typer.Option(help="The column of their sampling variances.")] = "vi",
    model: Annotated[Literal["random", "common"], typer.Option(help="Random effects, or one true effect.")] = "random",
    tau2: Heterogeneity = "REML",
    interval: MeanInterval = "wald",
    prediction: NewSetting = "metafor",
    level: Annotated[float, typer.Option(help="The confidence level.")] = 0.95,
    stop: Stopping = "converged",
    tau2_interval: SpreadInterval = "qp",
    names: Annotated[str, typer.Option(help="The column of study names; one given twice is warned of.")] = "",
    band: Small = None,
    band_source: Annotated[str, typer.Option(help="Where the band is from; needed with it.")] = "",
    report: Annotated[bool, typer.Option("--report", help="Print methods and results as a paragraph.")] = False,
    script: Annotated[bool, typer.Option("--r", help="Print the same analysis for R's metafor.")] = False,
    chart: Annotated[Path | None, typer.Option(help="Write the forest plot to this SVG file.")] = None,
    as_json: Json = False,
) -> None:
    """Pool effects from several studies into one, with its heterogeneity and prediction interval."""
    from whatworks.synthesise.methods.pooling import pool as compute

    rows = read_rows(file)
    yi, vi = (filled(rows, column, file) for column in (effect, variance))
    limits = None if band is None else (*band, band_source)
    words = {"model": model, "tau2": tau2, "interval": interval, "prediction": prediction, "stop": stop}
    rest = {"names": labels(rows, names, file), "tau2_interval": tau2_interval, "band": limits}
    choice: dict[str, Any] = words | rest
    result = compute(yi, vi, level=level, **choice)
    if chart is not None:
        write_text(chart, result.chart().svg)
    if as_json:
        print_json(result.to_dict())
    elif report or script:
        print(result.report() if report else result.r_script())
    else:
        _show_pooled(result, file)


def _show_pooled(result: Pooled, file: Path) -> None:
    words = ", ".join(str(part) for part in result.method.to_dict().values())
    show(f"{file.name} ({words})", ("", "value", "from", "to"), list(_lines(result)))
    for warning in result.warnings:
        typer.echo(warning)


def _lines(result: Pooled) -> Iterator[tuple[Any, ...]]:
    """The rows of the table for people: what, value, and its interval where it has one."""
    yield "studies", result.k, None, None
    yield "pooled effect", result.estimate, result.ci_low, result.ci_high
    yield "standard error", result.se, None, None
    yield "p", result.p, None, None
    yield "true effect in a new setting", None, result.pi_low, result.pi_high
    yield "tau2, the variance of true effects", result.tau2, result.tau2_ci_low, result.tau2_ci_high
    yield "I2, per cent of variation beyond chance", result.i2, None, None
    yield f"Q on {result.q_df or 0} degrees of freedom", result.q, None, None
    yield "p of Q", result.q_p, None, None
    yield "direction", result.state, None, None


def read_rows(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by column name; InputError when there is no such file, no header or no row."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restval="")
            rows = list(reader)
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}); check the name of the file.") from None
    except (UnicodeDecodeError, csv.Error):
        raise InputError(f"{file} is not a CSV file in UTF-8; save it as one and try again.") from None
    if not rows:
        raise InputError(f"{file} has no rows; give a header line and one row per study.")
    for number, row in enumerate(rows, start=1):
        if None in row:  # where csv puts the cells it has no name for
            raise InputError(f"Row {number} of {file.name} has more cells than the header; mend the row or the header.")
    return rows


def numbers(rows: Sequence[Mapping[str, str]], column: str, file: Path) -> list[float | None]:
    """One column as numbers, None where a cell is missing; any other text is an InputError."""
    if column not in rows[0]:
        raise InputError(f"{file.name} has no column {column!r}; its columns are {', '.join(rows[0])}.")
    return [_number(row[column].strip(), column, line) for line, row in enumerate(rows, start=1)]


def filled(rows: Sequence[Mapping[str, str]], column: str, file: Path) -> list[float]:
    """One column as numbers, none of them missing; InputError names the first empty cell."""
    found = []
    for row, value in enumerate(numbers(rows, column, file), start=1):
        if value is None:
            raise InputError(f"Row {row} of {column} is empty; fill it in or leave the row out.")
        found.append(value)
    return found


def labels(rows: Sequence[Mapping[str, str]], column: str, file: Path) -> list[str] | None:
    """One column as words; None where no column is named."""
    if not column:
        return None
    if column not in rows[0]:
        raise InputError(f"{file.name} has no column {column!r}; its columns are {', '.join(rows[0])}.")
    return [row[column].strip() for row in rows]


def write_text(file: Path, text: str) -> None:
    """Write a file; InputError where it cannot be."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be written ({error.strerror}); choose another place.") from None


def _number(cell: str, column: str, row: int) -> float | None:
    if cell in MISSING:
        return None
    try:
        return float(cell)
    except ValueError:
        raise InputError(f"Row {row} of {column} is {cell!r}, which is not a number; correct it or empty it.") from None


def write_rows(file: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as CSV; a missing number is an empty cell."""
    try:
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        raise InputError(f"{file} cannot be written ({error.strerror}); choose another place.") from None


def print_json(answer: Mapping[str, Any]) -> None:
    """One JSON object on standard output."""
    print(json.dumps(answer, allow_nan=False))


def show(title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table for people."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for name in header:
        table.add_column(name, justify="left" if name == header[0] else "right")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    Console().print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.5g}" if isinstance(value, float) else str(value)
