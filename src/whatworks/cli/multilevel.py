"""`whatworks multilevel`: effects that are not independent, pooled or regressed, with robust tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from whatworks.cli.synthesise import Json, print_json, read_rows, show

if TYPE_CHECKING:
    from whatworks.synthesise.methods.multilevel.result import Multilevel

Nested = Annotated[str | None, typer.Option(help="The levels of the random effects, the outer first: study/esid.")]
Crossed = Annotated[list[str] | None, typer.Option(help="A further factor that crosses them; may be repeated.")]
Rho = Annotated[float | None, typer.Option(help="Correlation of sampling errors within a cluster, such as 0.6.")]
Subgroup = Annotated[str | None, typer.Option(help="Sampling errors correlate only within this column too.")]
Test = Annotated[
    Literal["z", "t", "contain"], typer.Option(help="Without --robust: normal, t, or t with the level's own df.")
]
Robust = Annotated[
    Literal["CR2", "CR0", "CR1", "CR1S", "CR3"] | None, typer.Option(help="Cluster-robust standard errors.")
]
Cluster = Annotated[str | None, typer.Option(help="The column of clusters; the outermost level if left out.")]
Intervals = Annotated[bool, typer.Option(help="Profile-likelihood intervals of the variances, and tests of 0.")]
Script = Annotated[bool, typer.Option(help="Print the same analysis as an R script, and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add this module's command to the application."""
    app.command()(multilevel)


def multilevel(
    file: Annotated[Path, typer.Argument(help="A CSV file with one row per effect.")],
    nested: Nested = None,
    crossed: Crossed = None,
    formula: Annotated[str, typer.Option(help="The effect and its moderators, such as yi ~ year.")] = "yi ~ 1",
    variance: Annotated[str, typer.Option(help="The column of sampling variances.")] = "vi",
    rho: Rho = None,
    subgroup: Subgroup = None,
    method: Annotated[Literal["REML", "ML"], typer.Option(help="How the variances are estimated.")] = "REML",
    test: Test = "z",
    robust: Robust = None,
    cluster: Cluster = None,
    intervals: Intervals = False,
    level: Annotated[float, typer.Option(help="The confidence level.")] = 0.95,
    r_script: Script = False,
    as_json: Json = False,
) -> None:
    """Pool or regress effects of which several come from one study."""
    from whatworks.synthesise.methods.multilevel.modelling import multilevel as compute

    rows = read_rows(file)
    table = {name: [row[name].strip() for row in rows] for name in rows[0]}
    result = compute(
        vi=variance, table=table, formula=formula, nested=nested, crossed=crossed or (), rho=rho, cluster=cluster,
        subgroup=subgroup, method=method, test=test, robust=robust, intervals=intervals, level=level,
    )  # fmt: skip
    if r_script:
        typer.echo(result.r_script(), nl=False)
    elif as_json:
        print_json(result.to_dict())
    else:
        _show(result, file)


def _show(result: Multilevel, file: Path) -> None:
    """The tables for people, then what they must know."""
    head = ("coefficient", "estimate", "se", "df", "p", "from", "to")
    rows = [(row.name, row.estimate, row.se, row.df, row.p, row.ci_low, row.ci_high) for row in result.coefficients]
    show(f"{file.name}: {result.k} effects, {result.n_clusters} clusters", head, rows)
    show("Heterogeneity", ("", "value", "from", "to"), list(_lines(result)))
    for warning in result.warnings:
        typer.echo(warning)


def _lines(result: Multilevel) -> Iterator[tuple[Any, ...]]:
    """What, value, and its interval where it has one."""
    for row in result.components:
        yield f"sigma2 between {row.name} ({row.levels})", row.sigma2, row.ci_low, row.ci_high
        yield f"I2 of {row.name}, per cent", row.i2, None, None
    yield "true effect in a new study", None, result.pi_low, result.pi_high
    yield f"Q on {result.qe_df} degrees of freedom", result.qe, None, None
    yield "p of Q", result.qe_p, None, None
    yield "log-likelihood", result.loglik, None, None
