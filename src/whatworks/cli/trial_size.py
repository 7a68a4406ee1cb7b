"""`whatworks trial size`, `power` and `mdes`: how many, how sure, how small an effect; by closed form and by simulation."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from whatworks.cli.synthesise import Json, print_json, show
from whatworks.errors import InputError
from whatworks.saying import said

if TYPE_CHECKING:
    from whatworks.trial.methods.design import Design
    from whatworks.trial.methods.simulating import Simulated
    from whatworks.trial.methods.sizing.curving import Point
    from whatworks.trial.methods.sizing.planning import Plan

WORKERS = 2
File = Annotated[Path, typer.Argument(metavar="DESIGN.toml", help="The design of the trial.")]
Simulate = Annotated[
    int,
    typer.Option(
        help="Also draw so many trials and analyse each as declared; alone where no closed form reaches the design."
    ),
]
Seed = Annotated[int, typer.Option(help="The seed of these draws.")]
Curve = Annotated[
    bool, typer.Option("--curve", help="Power for fewer and more units, and for clusters that differ less and more.")
]


def add(app: typer.Typer) -> None:
    """Add this module's sub-commands to the group."""
    app.command()(size)
    app.command()(power)
    app.command()(mdes)


def size(file: File, simulate: Simulate = 0, seed: Seed = 1, curve: Curve = False, as_json: Json = False) -> None:
    """How many units a design needs for the power that it wants."""
    _answer("size", file, simulate, seed, curve, as_json)


def power(file: File, simulate: Simulate = 0, seed: Seed = 1, curve: Curve = False, as_json: Json = False) -> None:
    """The power of a design with the units it has."""
    _answer("power", file, simulate, seed, curve, as_json)


def mdes(file: File, simulate: Simulate = 0, seed: Seed = 1, curve: Curve = False, as_json: Json = False) -> None:
    """The smallest effect that a design can be expected to find."""
    _answer("mdes", file, simulate, seed, curve, as_json)


def read_design(file: Path) -> Design:
    """The design in a file. Raises InputError for one that is not there, or is no design."""
    from whatworks.trial.methods.design import read

    try:
        return read(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(said("%(file)s cannot be read: %(why)s.", file=file, why=error.strerror)) from error
    except UnicodeDecodeError as error:
        raise InputError(said("%(file)s is not UTF-8 text; save it so.", file=file)) from error


def _answer(asked: str, file: Path, simulate: int, seed: int, curve: bool, as_json: bool) -> None:
    from whatworks.trial.methods.sizing import planning
    from whatworks.trial.methods.sizing.curving import curve as curved

    design = read_design(file)
    try:
        plan: Plan = getattr(planning, asked)(design)
    except InputError as without:
        if not simulate:
            raise
        _by_simulation(asked, design, simulate, seed, as_json, without)
        return
    simulated = _simulated(design, plan, simulate, seed) if simulate else None
    points = curved(design, plan.clusters) if curve and plan.effect is not None else ()
    if as_json:
        print_json(_as_json(plan, simulated, points))
    else:
        _print(design, plan, simulated, points)


def _by_simulation(asked: str, design: Design, count: int, seed: int, as_json: bool, without: InputError) -> None:
    """For a design that no closed form reaches. Raises `without`, the reason why, where it cannot be simulated for the same reason."""
    from whatworks.trial.methods import simulating

    ask = {"power": simulating.simulate, "size": simulating.size_by_simulation, "mdes": simulating.mdes_by_simulation}
    simulated = ask[asked](design, count, seed, workers=WORKERS, told=_progress_told())
    note = said("No closed form reaches this design, so it is simulated alone: %(why)s", why=without.args[0])
    warnings = [note, *simulated.warnings]
    if as_json:
        own = simulated.to_dict()
        found = {
            "power": own["power"],
            "clusters": own["clusters"],
            "mdes": abs(own["effect"]) if asked == "mdes" else None,
        }
        found |= {name: own[name] for name in ("method", "mc_error", "failures")}
        print_json(found | {"warnings": [str(one) for one in warnings], "asked": asked, "simulated": own})
        return
    _print_simulated(simulated)
    for warning in warnings:
        print(f"Note: {warning}")


def _simulated(design: Design, plan: Plan, count: int, seed: int) -> Simulated:
    """At the numbers that the closed form gives: its clusters, and where the effect was asked its effect."""
    import math

    from whatworks.trial.methods.simulating import simulate
    from whatworks.trial.methods.sizing.planning import with_clusters

    whole = with_clusters(design, plan.clusters)
    effect = None
    if plan.asked == "mdes" and plan.mdes is not None:
        down = plan.mdes_ratio is not None and plan.mdes_ratio < 1
        effect = math.copysign(plan.mdes, -1.0 if down else (plan.effect or 1.0))
    return simulate(whole, count, seed, effect=effect, workers=WORKERS, told=_progress_told())


def _progress_told() -> Callable[[int, int], None] | None:
    return _progress if sys.stderr.isatty() else None


def _progress(done: int, of: int) -> None:
    print(f"\r{done:,} of {of:,} trials", end="\n" if done == of else "", file=sys.stderr, flush=True)


def _as_json(plan: Plan, simulated: Simulated | None, points: tuple[Point, ...]) -> dict[str, Any]:
    """The contract's keys first; a simulation's power takes the place of the closed form's, which stands beside it."""
    told = plan.to_dict()
    answer = {name: told[name] for name in ("power", "clusters", "mdes", "method")}
    answer |= {"mc_error": None, "failures": None, "warnings": told["warnings"]} | told
    if simulated is not None:
        own = simulated.to_dict()
        answer |= {
            "power": own["power"], "power_closed_form": plan.power, "method": own["method"], "method_closed_form": plan.method,
            "mc_error": own["mc_error"], "failures": own["failures"], "warnings": [*own["warnings"], *told["warnings"]],
            "simulated": own,
        }  # fmt: skip
    if points:
        answer["curve"] = [one.to_dict() for one in points]
    return answer


def _print(design: Design, plan: Plan, simulated: Simulated | None, points: tuple[Point, ...]) -> None:
    from whatworks.trial.methods.sizing.telling import told

    rows: list[tuple[Any, ...]] = [(words, value) for words, value in _lines(plan) if value is not None]
    rows += [(f"power: {name}", value) for name, value in plan.beside.items()]
    show(design.design.title or design.design.name or "The trial", ("", "value"), rows)
    if simulated is not None:
        _print_simulated(simulated)
    if points:
        _print_curve(design, points)
    print(told(design, plan))
    for warning in (*(simulated.warnings if simulated else ()), *plan.warnings):
        print(f"Note: {warning}")


def _print_curve(design: Design, points: tuple[Point, ...]) -> None:
    """A row for each number of units, a column for each value of what clusters have in common."""
    from whatworks.trial.methods.sizing.assuming import by_k

    name = "k" if by_k(design) else "icc"
    columns = sorted({one.differ for one in points}, key=lambda value: value or 0.0)
    held = {(one.clusters, one.differ): one.power for one in points}
    head = ("units", *("power" if value is None else f"{name} {value:g}" for value in columns))
    counts = sorted({one.clusters for one in points})
    show("Power", head, [(str(count), *(held.get((count, value)) for value in columns)) for count in counts])


def _lines(plan: Plan) -> list[tuple[str, Any]]:
    arms = ", ".join(f"{one:,.2f}" for one in plan.per_arm)
    return [
        ("power", plan.power), ("units in all", str(plan.clusters)), ("in each arm or sequence, not rounded", arms),
        ("units left at the end", f"{plan.clusters_left:,.6g}"),
        ("people with an outcome, at one time", None if plan.people is None else f"{plan.people:,.6g}"),
        ("effect", plan.effect), ("as a ratio", plan.ratio), ("smallest effect", plan.mdes),
        ("in standard deviations", plan.mdes_g), ("as a ratio, the smallest", plan.mdes_ratio), ("standard error", plan.se),
        ("degrees of freedom", "none (z)" if plan.df is None else f"{plan.df:g}"), ("assurance", plan.assurance),
    ]  # fmt: skip


def _print_simulated(simulated: Simulated) -> None:
    rows: list[tuple[Any, ...]] = [
        ("analysis", simulated.method), ("trials", str(simulated.simulations)), ("power", simulated.power),
        ("standard error of the simulation", simulated.mc_error), ("from", simulated.low), ("to", simulated.high),
        ("analyses that failed", str(simulated.failures)), ("mean estimate", simulated.estimate),
    ]  # fmt: skip
    show(f"Simulated with {simulated.clusters} units and an effect of {simulated.effect:g}", ("", "value"), rows)
