"""`whatworks trial progress`: may a pilot go on, and would a definitive trial find its signal again?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from whatworks.cli.synthesise import Json, print_json, read_rows, show
from whatworks.errors import InputError
from whatworks.saying import said

if TYPE_CHECKING:
    from whatworks.trial.methods.foreseeing.repeating import Repeated
    from whatworks.trial.methods.progressing import Judged, Progress

COLUMNS = ("criterion", "events", "n")
Test = Annotated[
    str, typer.Option(help="The test against red that decides: exact, or normal as in the paper's examples.")
]
Estimate = Annotated[float | None, typer.Option(help="The pilot's effect; of a ratio its logarithm.")]
Error = Annotated[float | None, typer.Option(help="Its standard error.")]
NextError = Annotated[float | None, typer.Option(help="The standard error that a definitive trial would have.")]
Planned = Annotated[float | None, typer.Option(help="The effect that the definitive trial is sized for.")]


def add(app: typer.Typer) -> None:
    """Add this module's sub-commands to the group."""
    app.command()(progress)


def progress(
    design: Annotated[Path, typer.Argument(help="The design, with [[progression]].", metavar="DESIGN.toml")],
    counts: Annotated[Path, typer.Argument(help="A CSV file: criterion, events, n.", metavar="COUNTS.csv")],
    test: Test = "exact",
    estimate: Estimate = None,
    se: Error = None,
    next_se: NextError = None,
    planned: Planned = None,
    as_json: Json = False,
) -> None:
    """Judge a pilot by its progression criteria: red, amber or green, the worst of them."""
    from whatworks.cli.trial_size import read_design
    from whatworks.trial.methods.progressing import progress as judged

    plan = read_design(design)
    found = judged(plan, _counts(counts), test)
    again = _repeated(estimate, se, next_se, planned, plan.design.alpha)
    if as_json:
        print_json(found.to_dict() | {"replication": again.to_dict() if again else None})
        return
    _print(found, again)


def _counts(file: Path) -> Iterator[tuple[str, int, int]]:
    for number, row in enumerate(read_rows(file), start=1):
        if missing := [name for name in COLUMNS if name not in row]:
            raise InputError(said("%(file)s has no column %(column)s.", file=file.name, column=missing[0]))
        try:
            yield row["criterion"].strip(), int(row["events"]), int(row["n"])
        except ValueError as error:
            raise InputError(
                said("Row %(row)s of %(file)s: events and n must be whole numbers.", row=number, file=file.name)
            ) from error


def _repeated(
    estimate: float | None, se: float | None, next_se: float | None, planned: float | None, alpha: float
) -> Repeated | None:
    from whatworks.trial.methods.foreseeing.repeating import repeated

    if estimate is None and se is None and next_se is None:
        return None
    if estimate is None or se is None or next_se is None:
        raise InputError(said("Give --estimate, --se and --next-se together, or none of them."))
    return repeated(estimate, se, next_se, alpha=alpha, planned=planned)


def _print(found: Progress, again: Repeated | None) -> None:
    from whatworks.trial.methods.foreseeing.repeating import in_words
    from whatworks.trial.methods.progressing import MEANT

    head = ("criterion", "counted", "red, green", "p", "needed", "colour")
    show("Going on from the pilot", head, [_line(one) for one in found.criteria])
    print("p: of the exact test against red; needed: so many, to tell green from red.")
    print(f"{found.colour}: {MEANT[found.colour]}.")
    for warning in (*found.warnings, *(line for one in found.criteria for line in one.warnings)):
        print(f"Note: {warning}")
    for line in in_words(again) if again else ():
        print(str(line))


def _line(one: Judged) -> tuple[str, ...]:
    p = f"{one.p:.4f}" if one.p >= 0.0001 else "< 0.0001"
    zones = f"{one.red:g}, {one.green:g}"
    return one.name, f"{one.events} of {one.n} ({one.share:.0%})", zones, p, str(one.needed.exact), one.colour
