"""`whatworks regress`: what goes with larger and smaller effects between studies?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from whatworks.cli.synthesise import Json, print_json, read_rows, show

if TYPE_CHECKING:
    from whatworks.synthesise.methods.regressing.permuting import Permuted
    from whatworks.synthesise.methods.regressing.regression import Regressed

Permutations = Annotated[int, typer.Option(help="Also test by so many re-orderings of the moderators; 0 for none.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command()(regress)


def regress(
    file: Annotated[Path, typer.Argument(help="A CSV file with one row per effect.")],
    formula: Annotated[str, typer.Option(help='Effect and moderators, such as "yi ~ year + C(group)".')],
    variance: Annotated[str, typer.Option(help="The column of sampling variances.")] = "vi",
    model: Annotated[
        Literal["random", "common"], typer.Option(help="Random effects, or none beyond these.")
    ] = "random",
    tau2: Annotated[
        Literal["REML", "ML", "DL", "PM", "EB", "SJ", "HS", "HE"], typer.Option(help="How heterogeneity is estimated.")
    ] = "REML",
    interval: Annotated[
        Literal["wald", "t", "hksj", "hksj-adhoc"], typer.Option(help="How intervals and tests are made.")
    ] = "wald",
    level: Annotated[float, typer.Option(help="The confidence level.")] = 0.95,
    stop: Annotated[
        Literal["metafor", "converged"], typer.Option(help="REML and ML where metafor stops, or to the last digit.")
    ] = "metafor",
    permutations: Permutations = 0,
    seed: Annotated[int, typer.Option(help="The seed of random re-orderings.")] = 1,
    as_json: Json = False,
) -> None:
    """Regress effects on moderators of studies, with tests, heterogeneity and how much of it they account for."""
    from whatworks.synthesise.methods.regressing.regression import regress as compute

    rows = read_rows(file)
    table = {name: [row[name] for row in rows] for name in rows[0]}
    result = compute(
        table=table,
        formula=formula,
        variance=variance,
        model=model,
        tau2=tau2,
        interval=interval,
        level=level,
        stop=stop,
    )
    permuted = result.permutation(permutations, seed) if permutations else None
    if as_json:
        print_json(result.to_dict() | ({"permutation": permuted.to_dict()} if permuted else {}))
        return
    _print(f"{formula} in {file.name}", result, permuted)


def _print(title: str, result: Regressed, permuted: Permuted | None) -> None:
    from rich.markup import escape  # the brackets of levels are not styles

    head: tuple[str, ...] = ("", "estimate", "standard error", "p", "from", "to")
    rows: list[tuple[Any, ...]] = [
        (escape(one.name), one.estimate, one.se, one.p, one.ci_low, one.ci_high) for one in result.coefficients
    ]
    if permuted:
        head += ("p by permutation",)
        rows = [(*row, one.p) for row, one in zip(rows, permuted.coefficients, strict=True)]
    show(escape(title), head, rows)
    show("All together", ("", "value", "p"), list(_lines(result)))
    for warning in (*result.warnings, *(permuted.warnings if permuted else ())):
        typer.echo(warning)


def _lines(result: Regressed) -> Iterator[tuple[Any, ...]]:
    """The rows of the second table for people."""
    yield "studies", result.k, None
    if result.qm is not None:
        yield "all moderators are 0", result.qm, result.qm_p
    yield f"nothing but chance is left (QE on {result.qe_df} degrees of freedom)", result.qe, result.qe_p
    yield "tau2, the variance of true effects beyond the moderators", result.tau2, None
    yield "I2, per cent of the remaining variation beyond chance", result.i2, None
    yield "R2, per cent of heterogeneity that moderators account for", result.r2, None
