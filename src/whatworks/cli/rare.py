"""`whatworks pool-tables`: counts of events from several studies into one result, with few events treated as such."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from whatworks.cli.synthesise import Json, filled, labels, print_json, read_rows, show

if TYPE_CHECKING:
    from whatworks.synthesise.methods.rare.pooling_tables import PooledTables

Measure = Literal["OR", "RR", "RD", "IRR", "IRD", "PLO", "IRLN"]
Way = Literal["MH", "PETO", "CM.EL", "CM.AL", "UM.FS", "UM.RS", "BB", "GLMM"]


def register(app: typer.Typer) -> None:
    """Add this module's command to the application."""
    app.command("pool-tables")(pool_tables)


def pool_tables(
    file: Annotated[Path, typer.Argument(help="A CSV file with one row per study: ai bi ci di, or ai n1i ci n2i.")],
    measure: Annotated[Measure, typer.Option(help="The effect.", case_sensitive=False)] = "OR",
    method: Annotated[
        Way | None, typer.Option(help="How counts are pooled (MH; GLMM for one group).", case_sensitive=False)
    ] = None,
    model: Annotated[Literal["random", "common"], typer.Option(help="Of the mixed models.")] = "random",
    interval: Annotated[Literal["wald", "t"], typer.Option(help="Normal, or t with k - 1.")] = "wald",
    level: Annotated[float, typer.Option(help="The confidence level.")] = 0.95,
    nodes: Annotated[int | None, typer.Option(help="Nodes of quadrature in the mixed models.")] = None,
    correction: Annotated[
        Literal["only0", "all", "none"], typer.Option(help="Where 1/2 is added for the studies' own effects.")
    ] = "only0",
    names: Annotated[str, typer.Option(help="The column of study names.")] = "",
    as_json: Json = False,
) -> None:
    """Pool tables of events from their counts: Mantel-Haenszel, Peto, mixed models, beta-binomial."""
    from whatworks.synthesise.methods.rare.pooling_tables import pool_tables as compute
    from whatworks.synthesise.methods.rare.tables import columns_of_table

    rows = read_rows(file)
    counts: dict[str, Any] = {name: filled(rows, name, file) for name in columns_of_table(rows[0], measure)}
    result = compute(
        measure=measure, method=method, model=model, interval=interval, level=level, nodes=nodes, correction=correction,
        names=labels(rows, names, file), **counts,
    )  # fmt: skip
    if as_json:
        print_json(result.to_dict())
        return
    show(f"{file.name} ({result.measure} by {result.method})", ("", "value", "from", "to"), list(_lines(result)))
    for warning in result.warnings:
        typer.echo(warning)


def _lines(one: PooledTables) -> Iterator[tuple[Any, ...]]:
    """The rows of the table for people."""
    yield "studies", one.k, None, None
    yield "studies that count", one.k_used, None, None
    yield "pooled effect (ratios as logarithms)", one.estimate, one.ci_low, one.ci_high
    yield "standard error", one.se, None, None
    yield "p", one.p, None, None
    for name, value in (("tau2", one.tau2), ("sigma2 of baselines", one.sigma2), ("correlation in arms", one.rho)):
        if value is not None:
            yield name, value, None, None
    for name, test in one.tests.items():
        if test is not None:
            yield f"{name} on {test.df} df, with p", test.statistic, test.p, None
