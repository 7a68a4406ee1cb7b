"""`whatworks trial analyse`: the declared analysis of a trial, and every other defensible one beside it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from whatworks.cli.synthesise import Json, print_json, read_rows, show
from whatworks.cli.trial_observed import show_details, show_together

if TYPE_CHECKING:
    from whatworks.trial.methods.analysing import AnalysedTrial
    from whatworks.trial.methods.analysing.analysing import Comparison
    from whatworks.trial.methods.analysing.panel_rows import Row

Blind = Annotated[bool, typer.Option(help="Run the plan on arms dealt out anew, before anyone sees the real ones.")]
Locked = Annotated[Path | None, typer.Option(help="The JSON of a blind run; says what of the plan differs now.")]
Allocation = Annotated[Path | None, typer.Option(help="The file of the draw, for tests over its own allocations.")]


def add(app: typer.Typer) -> None:
    """Add this module's sub-commands to the group."""
    app.command()(analyse)


def analyse(
    design: Annotated[Path, typer.Argument(help="The design, a TOML file.", metavar="DESIGN.toml")],
    data: Annotated[
        Path, typer.Argument(help="A CSV file with the columns that [analysis] names.", metavar="DATA.csv")
    ],
    blind: Blind = False,
    locked: Locked = None,
    allocation: Allocation = None,
    as_json: Json = False,
) -> None:
    """Analyse a trial as declared, with every other defensible analysis beside it."""
    from whatworks.trial.analyse import analyse_trial

    begun = time.process_time()
    found = analyse_trial(design, read_rows(data), blind=blind, locked=locked, allocation=allocation)
    if as_json:
        print_json(found.to_dict() | {"cpu_seconds": time.process_time() - begun})
        return
    _print(found)


def _print(found: AnalysedTrial) -> None:
    from whatworks.trial.methods.analysing import telling

    if found.blind and found.details is None:
        typer.echo("BLIND: arms dealt out anew. No number here is about the offer.\n")
    for one in found.comparisons:
        _comparison(found, one)
    if found.details is not None:
        show_details(found.kind, found.details)
    if found.together is not None:
        show_together(found.together)
    for sentence in (*telling.lock_said(found), *dict.fromkeys(found.warnings)):
        typer.echo(str(sentence))
    typer.echo(f"Digest of the plan's design: {found.plan['digest']}")


def _comparison(found: AnalysedTrial, one: Comparison) -> None:
    from whatworks.trial.methods.analysing import telling

    first, second = one.arms
    level = f"{1 - found.plan['design']['design']['alpha']:.0%}"
    for scale in dict.fromkeys(row.scale for row in one.panel):
        typer.echo(f"{second} against {first}: {scale}")
        typer.echo(f"  {'method':20}  {'estimate':>8}  {'se':>7}  {'df':>6}  {'p':>9}   {level} interval")
        for row in one.panel:
            if row.scale == scale:
                typer.echo(_line(row))
        typer.echo()
    if one.panel:
        typer.echo(
            "> declared beforehand   ! p by the normal distribution with fewer than 40 clusters: not to be reported alone\n"
        )
    for sentence in (telling.declared(found, one), *telling.panel_said(found, one)):
        typer.echo(str(sentence))
    for row in one.panel:
        for warning in row.warnings:
            typer.echo(f"{row.method}: {warning}")
    for failed in one.failed:
        typer.echo(f"{failed.method} was not fitted: {failed.reason}")
    groups = [(g.arm, g.clusters, g.rows, g.left_out, g.clusters_lost, g.level) for g in one.groups]
    if groups:
        show("Arms", ("arm", "clusters", "rows", "left out", "clusters lost", "mean, share or rate"), groups)
    _beside(one)


def _beside(one: Comparison) -> None:
    """What goes with the panel: the correlation, further outcomes, subgroups, exposure, missing outcomes."""
    if one.icc_interval is not None:
        share = one.icc_interval
        typer.echo(
            f"Intra-cluster correlation {share.value:.4f} ({share.low:.4f} to {share.high:.4f}; {share.method})."
        )
    if one.hedges_g is not None:
        g = one.hedges_g
        typer.echo(f"Hedges' g by the whole spread of people: {g.g:.3f} ({g.ci_low:.3f} to {g.ci_high:.3f}).")
    if one.exposure:
        show(
            "Mean over exposure times", ("method", "estimate", "p", "from", "to"), [_short(row) for row in one.exposure]
        )
    if one.secondary:
        rows: list[tuple[Any, ...]] = [
            (it.outcome, it.row.method, it.row.estimate, it.row.p, it.p_adjusted)
            if it.row
            else (it.outcome, it.reason, None, None, None)
            for it in one.secondary
        ]
        show("Further outcomes", ("outcome", "method", "estimate", "p", "p, corrected"), rows)
    for group in one.subgroups:
        rows = [(level.level, level.rows, level.estimate, level.ci_low, level.ci_high) for level in group.levels]
        test = f"interaction p = {group.p:.3g}" if group.p is not None else group.reason or "interaction not testable"
        show(f"By {group.column} ({test})", ("level", "rows", "estimate", "from", "to"), rows)
    _kept(one)


def _kept(one: Comparison) -> None:
    from whatworks.trial.methods.analysing.panel_rows import Row

    row = one.per_protocol
    if isinstance(row, Row):
        typer.echo(
            f"Per protocol, NOT randomised ({row.method}): {row.estimate:.4g} ({_end(row.ci_low)} to {_end(row.ci_high)})."
        )
    elif row is not None:
        typer.echo(f"Per protocol: {row.reason}")
    if one.filled is not None:
        answer, tip = one.filled.combined, one.filled.tipping
        typer.echo(
            f"With missing outcomes imputed ({answer.imputations} times, {one.filled.method}): {answer.estimate:.4g} "
            f"({answer.ci_low:.4g} to {answer.ci_high:.4g}), p = {answer.p:.3g}."
        )
        typer.echo(
            f"The answer would change were the missing outcomes of {one.arms[1]} {tip.delta:+.4g} from what was imputed."
            if tip.delta is not None
            else f"No difference of missing outcomes of up to {tip.looked_to:.4g} would change the answer."
        )


def _line(row: Row) -> str:
    """A line of the panel that fits a terminal of 80 signs."""
    beware = row.by == "z" and any("normal distribution" in one for one in row.warnings)
    p = "" if row.p is None else f"{row.p:.4f}" if row.p >= 0.0001 else f"{row.p:.1e}"
    ends = "" if row.ci_low is None and row.ci_high is None else f"{_end(row.ci_low)} to {_end(row.ci_high)}"
    mark, error = ">" if row.declared else " ", "" if row.se is None else f"{row.se:#.4g}"
    df = "" if row.df is None else f"{row.df:.1f}"
    return f"{mark} {row.method:20}  {row.estimate:>#8.4g}  {error:>7}  {df:>6}  {p:>9}{'!' if beware else ' '}  {ends}".rstrip()


def _short(row: Row) -> tuple[Any, ...]:
    return row.method, row.estimate, row.p, row.ci_low, row.ci_high


def _end(value: float | None) -> str:
    return "no end" if value is None else f"{value:#.4g}"
