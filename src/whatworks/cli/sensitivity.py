"""`whatworks sensitivity`: how far does the answer hang on single studies?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from whatworks.cli.synthesise import Json, filled, print_json, read_rows, show
from whatworks.errors import InputError

LEFT_OUT = ("omitted", "estimate", "se", "p", "ci_low", "ci_high", "tau2", "i2", "h2", "q", "q_p")


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command()(sensitivity)


def sensitivity(
    file: Annotated[Path, typer.Argument(help="A CSV file with one row per effect.")],
    effect: Annotated[str, typer.Option(help="The column of effects (ratios as logarithms).")] = "yi",
    variance: Annotated[str, typer.Option(help="The column of their sampling variances.")] = "vi",
    study: Annotated[str | None, typer.Option(help="A column of studies, all of whose effects are left out.")] = None,
    model: Annotated[Literal["random", "common"], typer.Option(help="Random effects, or one true effect.")] = "random",
    tau2: Annotated[
        Literal["REML", "ML", "DL", "PM", "EB", "SJ", "HS", "HE"], typer.Option(help="How heterogeneity is estimated.")
    ] = "REML",
    interval: Annotated[
        Literal["wald", "t", "hksj", "hksj-adhoc"], typer.Option(help="How the interval of the mean is made.")
    ] = "wald",
    level: Annotated[float, typer.Option(help="The confidence level.")] = 0.95,
    as_json: Json = False,
) -> None:
    """Repeat a pooled result without each study, and say which studies move it."""
    from whatworks.synthesise.methods.influence.diagnosing import influence
    from whatworks.synthesise.methods.influence.leaving_out import leave_one_out

    rows = read_rows(file)
    yi, vi = (filled(rows, column, file) for column in (effect, variance))
    if study is not None and study not in rows[0]:
        raise InputError(f"{file.name} has no column {study!r}; its columns are {', '.join(rows[0])}.")
    labels = [row[study] for row in rows] if study is not None else None
    refits = leave_one_out(yi, vi, study=labels, model=model, tau2=tau2, interval=interval, level=level)
    moved = influence(yi, vi, model=model, tau2=tau2, interval=interval, level=level)
    without = [{"omitted": _omitted(row.label, labels), **row.to_dict()} for row in refits.rows]
    warnings = [*refits.warnings, *moved.warnings]
    if as_json:
        kept = [{name: row[name] for name in LEFT_OUT} for row in without]
        shown = [row.to_dict() for row in moved.rows]
        print_json({"leave_one_out": kept, "influence": shown, "warnings": warnings})
        return
    columns = ("omitted", "estimate", "ci_low", "ci_high", "tau2", "i2")
    head = ("without", "pooled effect", "from", "to", "tau2", "I2")
    show(f"{file.name}, each left out in turn", head, [[row[name] for name in columns] for row in without])
    head = ("effect", "residual", "DFFITS", "Cook's distance", "leverage", "unusual")
    marks = [(r.name, r.rstudent, r.dffits, r.cook_d, r.hat, "yes" if r.influential else "") for r in moved.rows]
    show("How far each moves the answer", head, marks)
    for line in (refits.summary(), moved.summary(), *warnings):
        typer.echo(line)


def _omitted(label: str, labels: list[str] | None) -> Any:
    """The study's name, or the row's number as a number."""
    return label if labels is not None else int(label)
