"""`whatworks map`: evidence and gap maps that others made, read from their files and taken into a centre."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from whatworks.cli.centre import CLI, AsJson, Home, open_centre, print_json
from whatworks.cli.plainly import plainly
from whatworks.errors import InputError

File = Annotated[Path, typer.Argument(help="The HTML file of EPPI-Mapper, or a map exported here as HTML or JSON.")]
app = typer.Typer(name="map", help="Evidence and gap maps that others made.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command("read")(plainly(read_one))
    app.command("load")(plainly(load_one))
    parent.add_typer(app)


@app.callback()
def maps() -> None:
    """Evidence and gap maps that others made."""


def _body(file: Path) -> bytes:
    if not file.is_file():
        raise InputError(f"{file} is no file; give the file that holds the map.")
    return file.read_bytes()


def read_one(file: File, as_json: AsJson = False) -> None:
    """Say what a map holds: items, rows, columns, where most was studied, and which squares are empty."""
    from whatworks.publish.maps.sources import read_map
    from whatworks.publish.methods.mapping_counting import counted, states
    from whatworks.publish.methods.mapping_sentences import told

    found = read_map(_body(file))
    counts = counted(found.map)
    if as_json:
        empty = sum(states(found.map, counts).values())
        print_json(found.to_dict() | {"cells": counts.total, "empty": empty, "placed": counts.placed})
        return
    print(f"{found.map.title} ({found.form})")
    for sentence in (*told(found.map, counts), *found.remarks):
        print(f"  {sentence}")


def load_one(
    file: File,
    whose: Annotated[str, typer.Option(help="Whose map it is.")],
    title: Annotated[str, typer.Option(help="What it is called; otherwise as the file says.")] = "",
    source: Annotated[str, typer.Option(metavar="ADDRESS", help="Where it is published.")] = "",
    licence: Annotated[str, typer.Option(help="Under which licence.")] = "",
    dated: Annotated[str, typer.Option(help="How old it is, as its makers say.")] = "",
    edition_of: Annotated[str, typer.Option(metavar="NAME", help="The map here of which it is a newer edition.")] = "",
    show: Annotated[bool, typer.Option("--show", help="Show it to readers; needs its licence.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Take a map in, as a new one or as a newer edition. The same file twice changes nothing."""
    body = _body(file)
    open_centre(home)
    from whatworks.ledger.sealer import seal_all
    from whatworks.publish.maps.actions import Whose, show_map, take_map

    said = Whose(whose=whose, title=title, source_url=source, licence=licence, dated=dated)
    taken = take_map(by=CLI, body=body, filename=file.name, whose=said, slug=edition_of)
    held = taken.version.map
    if show:
        held = show_map(by=CLI, held=held, shown=True, licence=licence or None)
    seal_all()
    if as_json:
        number = taken.version.number
        print_json(taken.read.to_dict() | {"map": held.slug, "version": number, "new": taken.new, "shown": held.shown})
        return
    print(
        f"“{held.title}” is {'taken in' if taken.new else 'held already'}: {taken.version.items:,} items, at /maps/{held.slug}/."
    )
    for remark in taken.read.remarks:
        print(f"  {remark}")
    print(
        "  Readers see it."
        if held.shown
        else "  Only people who keep maps see it, until you say under which licence it may be shown."
    )
