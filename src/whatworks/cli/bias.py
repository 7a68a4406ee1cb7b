"""`whatworks bias`: could the answer be an artefact of which studies were done, published or found?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from whatworks.cli.synthesise import Json, filled, print_json, read_rows, show

if TYPE_CHECKING:
    from whatworks.synthesise.methods.bias.assessed import Bias

CELLS = ("ai", "bi", "ci", "di")


Number = Annotated[str, typer.Option("--n", help="The column of people in each study, for the test on 1 / sqrt(n).")]
Side = Annotated[
    Literal["greater", "less", "two-sided"],
    typer.Option(help="Whose p decides what is seen: large effects, low, both."),
]
TrimSide = Annotated[
    Literal["auto", "left", "right"], typer.Option(help="Where studies are missing; auto: by Egger's test.")
]
Missing = Annotated[Literal["L0", "R0", "Q0"], typer.Option(help="How the number of missing studies is estimated.")]
Favoured = Annotated[
    Literal["auto", "greater", "less"], typer.Option(help="Which direction is published more; auto: the mean's.")
]


def register(app: typer.Typer) -> None:
    """Add this module's command to the application."""
    app.command()(bias)


def bias(
    file: Annotated[Path, typer.Argument(help="A CSV file with one row per effect; with ai bi ci di, more tests.")],
    effect: Annotated[str, typer.Option(help="The column of effects (ratios as logarithms).")] = "yi",
    variance: Annotated[str, typer.Option(help="The column of their sampling variances.")] = "vi",
    n: Number = "",
    metric: Annotated[str, typer.Option(help="What the effects are: SMD, OR, RR, ...")] = "",
    side: Side = "greater",
    step: Annotated[float, typer.Option(help="The p value at which the selection model steps.")] = 0.025,
    trim_side: TrimSide = "auto",
    trim_estimator: Missing = "L0",
    favoured: Favoured = "auto",
    target: Annotated[float, typer.Option(help="The value that would change the conclusion.")] = 0.0,
    fail_safe: Annotated[bool, typer.Option(help="Add fail-safe numbers, with their caution.")] = False,
    level: Annotated[float, typer.Option(help="The confidence level.")] = 0.95,
    as_json: Json = False,
) -> None:
    """Examine effects for small-study effects and selective publication."""
    from whatworks.synthesise.methods.bias.assessing import bias as examine

    rows = read_rows(file)
    result = examine(
        filled(rows, effect, file),
        filled(rows, variance, file),
        metric=metric or None,
        n=filled(rows, n, file) if n else None,
        **_tables(rows, file),
        selection_side=side,
        step=step,
        trim_side=None if trim_side == "auto" else trim_side,
        trim_estimator=trim_estimator,
        favoured=None if favoured == "auto" else favoured,
        target=target,
        fail_safe=fail_safe,
        level=level,
    )
    if as_json:
        print_json(result.to_dict())
    else:
        _show(file, result)


def _show(file: Path, result: Bias) -> None:
    """The table for people, what it means in sentences, and the cautions."""
    show(f"{file.name}: small-study effects and selection", ("", "value", "from", "to", "p"), list(_lines(result)))
    for sentence in (result.summary(), *result.warnings):
        typer.echo(sentence)


def _tables(rows: Sequence[Mapping[str, str]], file: Path) -> dict[str, Any]:
    """The four cells where the file has all of them."""
    if not all(cell in rows[0] for cell in CELLS):
        return {}
    return {cell: filled(rows, cell, file) for cell in CELLS}


def _lines(result: Bias) -> Iterator[tuple[Any, ...]]:
    """The rows of the table for people: what, value, its interval, and p."""
    yield "pooled effect (random effects)", result.estimate, result.ci_low, result.ci_high, None
    yield "Egger's intercept", result.egger.intercept, result.egger.ci_low, result.egger.ci_high, result.egger.p
    mixed = result.egger_mixed
    yield "Egger's slope with random effects", mixed.slope, mixed.ci_low, mixed.ci_high, mixed.p
    if (sized := result.egger_n) is not None:
        yield "slope on 1 / sqrt(n)", sized.slope, sized.ci_low, sized.ci_high, sized.p
    yield "rank correlation", result.rank.tau, None, None, result.rank.p
    for test in result.tables:
        yield f"{test.name}: {test.title}", test.slope, None, None, test.p
    trimmed, three, robust = result.trimfill, result.selection_3psm, result.robustness
    yield (
        f"trim and fill, {trimmed.k0 or 0} on the {trimmed.side}",
        trimmed.estimate,
        trimmed.ci_low,
        trimmed.ci_high,
        None,
    )
    yield "PET", result.pet.estimate, result.pet.ci_low, result.pet.ci_high, result.pet.p
    yield "PEESE", result.peese.estimate, result.peese.ci_low, result.peese.ci_high, result.peese.p
    yield f"selection by p ({three.side})", three.estimate, three.ci_low, three.ci_high, three.p
    yield "p of no selection", None, None, None, three.lrt_p
    worst = robust.worst
    yield f"worst case ({worst.k} studies not affirmative)", worst.estimate, worst.ci_low, worst.ci_high, None
    yield "ratio of publication that moves the mean", robust.s_value, None, None, None
    yield "ratio that moves the interval", robust.s_value_ci, None, None, None
    if result.fail_safe is not None:
        yield "fail-safe number (Rosenthal)", result.fail_safe.rosenthal, None, None, None
