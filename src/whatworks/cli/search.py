"""Search from the terminal: find reports, and keep the index."""

from __future__ import annotations

from typing import Annotated

import typer

from whatworks.cli.centre import CLI, AsJson, Home, open_centre, print_json
from whatworks.cli.plainly import plainly
from whatworks.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(plainly(find))
    app.command()(plainly(index))


def find(
    words: Annotated[str, typer.Argument(help='What to look for, such as: "kinship care" -adoption year:2015..2019')],
    home: Home = None,
    most: Annotated[int, typer.Option("--most", help="How many to show, 1 to 1,000.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Find reports: all words, "phrases", field:word, begin*, OR, -not. The newest come first."""
    if not 1 <= most <= 1000:
        raise InputError(f"--most {most} is not a number of reports to show; give one from 1 to 1,000.")
    open_centre(home)
    from whatworks.collate.search import find as find_reports
    from whatworks.collate.search.suggesting import did_you_mean

    page = find_reports(words, size=most, counts=False, inside=True)
    better = "" if page.total else did_you_mean(page.search)
    if as_json:
        rows = [{"identifier": one.pk, "citation": one.citation(), "doi": one.doi} for one in page.rows]
        found = {"total": page.total, "more_than": page.more, "order": page.order, "reports": rows}
        print_json(found | {"notes": list(page.notes), "did_you_mean": better or None})
        return
    for one in page.rows:
        print(f"{one.pk}  {one.citation()}")
    count = f"More than {page.total:,}" if page.more else f"{page.total:,}"
    print(
        f"{count} report{'' if page.total == 1 and not page.more else 's'}. {page.order if page.rows else ''}".strip()
    )
    for note in page.notes:
        print(note)
    if better:
        print(f"Did you mean: {better}")


def index(
    home: Home = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Empty the index first and build it from nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the index of reports up to date. What was broken off goes on where it was; searching goes on meanwhile."""
    open_centre(home)
    from whatworks.cli.account import progress
    from whatworks.collate.search.work import build

    with progress(quiet=as_json) as told:
        found = build(by=CLI, anew=rebuild, told=told)
    if as_json:
        print_json(found)
    else:
        print(f"{found['reports']:,} reports looked at; {found['entries']:,} can be found.")
