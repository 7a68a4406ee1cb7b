"""`whatworks baseline update`: the statistics service asked for releases that are not here. This loads Django."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from whatworks.cli.centre import CLI, AsJson, Home, open_centre, print_json
from whatworks.cli.plainly import plainly
from whatworks.errors import InputError

if TYPE_CHECKING:
    from whatworks.baseline.online.updating import Step


def register(baseline: typer.Typer) -> None:
    """Add the command to those of the baseline."""
    baseline.command()(plainly(update))


def update(
    only: Annotated[str, typer.Option(metavar="PUBLICATION", help="One publication only, by its title.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is new; fetch nothing, change nothing.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Fetch figures that the Department for Education published since; each new version is kept beside those before it."""
    open_centre(home)
    from whatworks.baseline.online import updating

    steps: list[Step] = []
    stopped = ""
    try:
        for step in updating.update(by=CLI, only=only, dry_run=dry_run):
            steps.append(step)
            if not as_json and step.state != updating.HELD:
                print(step.summary(), flush=True)
    except InputError as error:
        stopped = str(error)
        raise
    finally:
        if as_json:
            print_json({"steps": [one.to_dict() for one in steps], "counts": _counts(steps), "stopped": stopped})
    if not as_json:
        print(_closing(steps))
    if any(one.state == updating.FAILED for one in steps):
        raise typer.Exit(1)


def _counts(steps: list[Step]) -> dict[str, int]:
    return dict(sorted(Counter(one.state for one in steps).items()))


def _closing(steps: list[Step]) -> str:
    """What the steps come to, in a sentence."""
    counts = _counts(steps)
    said = ", ".join(f"{counts[state]} {state}" for state in ("taken in", "new", "left", "failed") if state in counts)
    held = counts.get("held", 0)
    known = "1 data set was here already" if held == 1 else f"{held} data sets were here already"
    return f"{said[0].upper()}{said[1:]}; {known}." if said else f"Nothing is new; {known}."
