"""`whatworks network`: many treatments compared at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from whatworks.cli.synthesise import Json, filled, print_json, read_rows, show
from whatworks.errors import InputError

if TYPE_CHECKING:
    from whatworks.synthesise.methods.network import Network

Measure = Literal["OR", "RR", "RD", "AS", "IRR", "IRD", "MD", "SMD", "ROM"]


def register(app: typer.Typer) -> None:
    """Add this module's command to the application."""
    app.command()(network)


Model = Annotated[Literal["random", "common"], typer.Option(help="Random effects, or one true effect.")]
Tau2 = Annotated[Literal["REML", "ML", "DL", "PM"], typer.Option(help="How heterogeneity is estimated.")]
Interval = Annotated[Literal["wald", "t", "hksj", "hksj-adhoc"], typer.Option(help="How the intervals are made.")]
Prediction = Annotated[
    Literal["metafor", "t-k1", "t-k2"], typer.Option(help="The distribution of the prediction intervals.")
]
Better = Annotated[Literal["higher", "lower"], typer.Option(help="Which effects rank first.")]
Measured = Annotated[
    Measure | None, typer.Option(help="For a file of arms: the effect to compute from xi ni, xi ti, or mi sdi ni.")
]
Column = Annotated[
    list[str] | None, typer.Option(help="For arms: where a column has another name, such as xi=deaths; repeatable.")
]
Zero = Annotated[
    Literal["only0", "all", "none"], typer.Option(help="Where to add 1/2: studies with an empty cell, all, none.")
]
KeepEmpty = Annotated[bool, typer.Option(help="Keep studies in which nobody, or everybody, had the outcome.")]
Reference = Annotated[
    str | None, typer.Option(help="The treatment the others are compared with; else the one most studies tried.")
]


def network(
    file: Annotated[Path, typer.Argument(help="A CSV file with one row per contrast, or with --measure one per arm.")],
    study: Annotated[str, typer.Option(help="The column of studies.")] = "study",
    treat1: Annotated[str, typer.Option(help="The column of treatments whose effect is given.")] = "treat1",
    treat2: Annotated[str, typer.Option(help="The column of treatments they are compared with.")] = "treat2",
    effect: Annotated[str, typer.Option(help="The column of effects (ratios as logarithms).")] = "yi",
    variance: Annotated[str, typer.Option(help="The column of their sampling variances.")] = "vi",
    measure: Measured = None,
    treatment: Annotated[str, typer.Option(help="The column of treatments in a file of arms.")] = "treatment",
    column: Column = None,
    zero: Zero = "only0",
    keep_empty: KeepEmpty = False,
    reference: Reference = None,
    better: Better = "higher",
    model: Model = "random",
    tau2: Tau2 = "REML",
    interval: Interval = "wald",
    prediction: Prediction = "metafor",
    level: Annotated[float, typer.Option(help="The confidence level.")] = 0.95,
    as_json: Json = False,
) -> None:
    """Compare many treatments at once, by direct and indirect evidence together."""
    from whatworks.synthesise.methods.network import network as compute

    rows = read_rows(file)
    given: dict[str, Any] = {"study": _text(rows, study, file)}
    if measure is None:
        given |= {"treat1": _text(rows, treat1, file), "treat2": _text(rows, treat2, file)}
        given |= {"yi": filled(rows, effect, file), "vi": filled(rows, variance, file)}
    else:
        given |= {
            "treatment": _text(rows, treatment, file),
            "measure": measure,
            "arms": _arms(rows, measure, column or [], file),
        }
        given |= {"zero": zero, "keep_empty": keep_empty}
    given |= {"model": model, "tau2": tau2, "interval": interval, "prediction": prediction, "level": level}
    result = compute(**given, reference=reference, better=better)
    _tell(result, file, as_json)


def _text(rows: list[dict[str, str]], column: str, file: Path) -> list[str]:
    if column not in rows[0]:
        raise InputError(f"{file.name} has no column {column!r}; its columns are {', '.join(rows[0])}.")
    return [row[column] for row in rows]


def _arms(rows: list[dict[str, str]], measure: str, renamed: list[str], file: Path) -> dict[str, list[float]]:
    """The columns that the measure needs, by their own names or those given as name=column."""
    from whatworks.synthesise.methods.network.arms import columns_of

    wanted = columns_of(measure)
    names = {name: name for name in wanted}
    for pair in renamed:
        name, _, column = pair.partition("=")
        if name not in names or not column:
            raise InputError(f"--column {pair} must be name=column with a name among {', '.join(wanted)}.")
        names[name] = column
    return {name: filled(rows, column, file) for name, column in names.items()}


def _tell(result: Network, file: Path, as_json: bool) -> None:
    """One JSON object, or for people: effects over the reference, ranks, where both kinds of evidence meet, Q."""
    if as_json:
        print_json(result.to_dict())
        return
    title = f"{file.name}: {result.k} studies, each treatment over {result.reference}"
    effects = [
        (one.treat1, one.estimate, one.ci_low, one.ci_high, one.pi_low, one.pi_high, one.studies)
        for one in result.versus
    ]
    show(title, ("", "effect", "from", "to", "new setting from", "to", "direct studies"), effects)
    show("P-scores", ("", "P-score", "studies"), [(one.treatment, one.p_score, one.studies) for one in result.ranks])
    if met := list(_met(result)):
        head = ("", "direct", "indirect", "difference", "p", "share direct")
        show("Where direct and indirect evidence meet", head, met)
    show("Agreement", ("", "value", "from", "to", "p"), list(_agreement(result)))
    for warning in result.warnings:
        typer.echo(warning)


def _met(result: Network) -> Iterator[tuple[Any, ...]]:
    for one in result.comparisons:
        if one.direct and one.indirect and one.difference:
            yield (
                f"{one.treat1} over {one.treat2}", one.direct.estimate, one.indirect.estimate, one.difference.estimate,
                one.difference.p, one.proportion,
            )  # fmt: skip


def _agreement(result: Network) -> Iterator[tuple[Any, ...]]:
    parts = result.decomposition
    yield "tau2, the variance of true effects", result.tau2, result.tau2_ci_low, result.tau2_ci_high, None
    yield "I2, per cent of variation beyond chance", result.i2, None, None, None
    yield f"Q on {result.q_df} degrees of freedom", result.q, None, None, result.q_p
    yield f"Q within designs ({parts.within.df})", parts.within.q, None, None, parts.within.p
    yield f"Q between designs ({parts.between.df})", parts.between.q, None, None, parts.between.p
    if parts.random is not None:
        yield "Q between designs, heterogeneity allowed for", parts.random.q, None, None, parts.random.p
