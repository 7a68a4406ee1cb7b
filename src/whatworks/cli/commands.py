"""The command-line application: every room's commands, none of their imports."""

from __future__ import annotations

import typer

from whatworks.cli import (
    baseline,
    bayes,
    bias,
    centre,
    collate,
    dedupe,
    maps,
    multilevel,
    network,
    people,
    rare,
    regress,
    screening,
    search,
    sensitivity,
    sharing,
    stopping,
    synthesise,
    tokens,
    trial,
)

app = typer.Typer(
    name="whatworks",
    help="A What Works Centre as one working system.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for room in (
    centre,
    people,
    tokens,
    collate,
    dedupe,
    search,
    screening,
    stopping,
    synthesise,
    rare,
    bayes,
    network,
    bias,
    multilevel,
    regress,
    sensitivity,
    baseline,
    sharing,
    maps,
    trial,
):
    room.register(app)
