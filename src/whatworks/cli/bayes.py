"""`whatworks pool-bayes`: effects and a prior of their heterogeneity into one posterior, without sampling."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from whatworks.cli.synthesise import Json, filled, labels, print_json, read_rows, show

if TYPE_CHECKING:
    from whatworks.synthesise.methods.bayes.pooled_bayes import PooledBayes


def register(app: typer.Typer) -> None:
    """Add this module's command to the application."""
    app.command("pool-bayes")(pool_bayes)


def pool_bayes(
    file: Annotated[Path, typer.Argument(help="A CSV file with one row per effect.")],
    effect: Annotated[str, typer.Option(help="The column of effects (ratios as logarithms).")] = "yi",
    variance: Annotated[str, typer.Option(help="The column of their sampling variances.")] = "vi",
    names: Annotated[str, typer.Option(help="The column of study names.")] = "",
    prior: Annotated[str, typer.Option(help="The prior of tau, such as 'half-cauchy(0.5)'.")] = "half-normal(0.5)",
    mu_prior: Annotated[
        tuple[float, float] | None, typer.Option(help="Mean and sd of a normal prior of the mean (without it: flat).")
    ] = None,
    threshold: Annotated[float, typer.Option(help="The chance of an effect above this is told.")] = 0.0,
    level: Annotated[float, typer.Option(help="The level of credible intervals.")] = 0.95,
    interval: Annotated[Literal["shortest", "central"], typer.Option(help="Which intervals.")] = "shortest",
    as_json: Json = False,
) -> None:
    """Pool effects with a prior of their heterogeneity, by quadrature; shows the answer under other priors too."""
    from whatworks.synthesise.methods.bayes.pooling_bayes import pool_bayes as compute

    rows = read_rows(file)
    yi, vi = (filled(rows, column, file) for column in (effect, variance))
    result = compute(
        yi, vi, names=labels(rows, names, file), prior=prior, mu_prior=mu_prior, threshold=threshold, level=level,
        interval=interval,
    )  # fmt: skip
    if as_json:
        print_json(result.to_dict() | {"sensitivity": [one.to_dict() for one in result.sensitivity()]})
        return
    show(f"{file.name} ({result.prior})", ("", "value", "from", "to"), list(_lines(result)))
    other = [(one.prior, one.mean, one.low, one.high, one.p_above) for one in result.sensitivity()]
    show("Under other priors", ("prior", "mean", "from", "to", f"chance above {threshold:g}"), other)
    for warning in result.warnings:
        typer.echo(warning)


def _lines(one: PooledBayes) -> Iterator[tuple[Any, ...]]:
    """The rows of the table for people."""
    yield "studies", one.k, None, None
    yield "mean effect", one.effect.mean, one.effect.low, one.effect.high
    yield "tau, the sd of true effects (median)", one.tau.median, one.tau.low, one.tau.high
    if one.new is not None:
        yield "true effect in a new setting", one.new.median, one.new.low, one.new.high
    yield f"chance of an effect above {one.threshold:g}", one.p_above, None, None
    yield f"chance above {one.threshold:g} in a new setting", one.p_new_above, None, None
    yield "Bayes factor for no heterogeneity", one.against_homogeneity, None, None
