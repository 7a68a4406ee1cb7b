"""`whatworks trial`: how many, drawn how, found what. The group; its sub-commands stand in files of their own."""

from __future__ import annotations

import typer

from whatworks.cli import trial_analyse, trial_archive, trial_draw, trial_progress, trial_size

app = typer.Typer(name="trial", help="Design, draw and analyse a trial.", no_args_is_help=True)
for part in (trial_size, trial_draw, trial_analyse, trial_progress, trial_archive):
    part.add(app)


def register(parent: typer.Typer) -> None:
    """Add this module's commands to the application."""
    parent.add_typer(app)


@app.callback()
def trial() -> None:
    """Design, draw and analyse a trial, from one design in TOML."""
