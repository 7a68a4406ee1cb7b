"""`whatworks baseline load`: releases of official statistics kept in the centre, by hand. This loads Django."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from whatworks.cli.centre import CLI, AsJson, Home, open_centre, print_json
from whatworks.cli.plainly import plainly
from whatworks.errors import InputError

if TYPE_CHECKING:
    from whatworks.baseline.vintaging import Taken


def register(baseline: typer.Typer) -> None:
    """Add the command to those of the baseline."""
    baseline.command()(plainly(load))


def load(
    files: Annotated[list[Path], typer.Argument(help="Files of official statistics, as published.")],
    label: Annotated[str, typer.Option(help="The publisher's name of this release, such as a year.")] = "",
    published: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The day it was published.")] = "",
    source: Annotated[str, typer.Option(metavar="ADDRESS", help="Where it was fetched from.")] = "",
    chosen: Annotated[bool, typer.Option("--chosen", help="Hold only the figures that indicators need.")] = False,
    public: Annotated[
        bool, typer.Option("--public", help="Do not even hold small counts of people, nor what gives them away.")
    ] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Keep releases as vintages, each beside those before it; every figure keyed to a place that existed then."""
    day = _day(published)
    open_centre(home)
    from whatworks.baseline.vintaging import take_in
    from whatworks.ledger.sealer import seal_all
    from whatworks.stats.disclosure import INTERNAL, PUBLIC

    taken: list[Taken] = []
    for file in files:
        found = take_in(
            by=CLI, path=file, label=label, published_on=day, source_url=source, chosen=chosen,
            policy=PUBLIC if public else INTERNAL,
        )  # fmt: skip
        taken += found
        if not as_json:
            for one in found:
                print(one.summary())
                for note in one.vintage.notes if one.new else ():
                    print(f"  {note}")
    seal_all()
    if as_json:
        print_json({"vintages": [one.to_dict() for one in taken], "figures": sum(one.figures for one in taken)})


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"“{text}” is no day; write it as 2025-11-20.") from None
