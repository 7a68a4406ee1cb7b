"""`whatworks trial archive`: the archive of a trial that has a result, as the centre gives it. This loads Django."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from whatworks.cli.centre import AsJson, Home, open_centre, print_json
from whatworks.cli.plainly import plainly
from whatworks.errors import InputError
from whatworks.saying import said


def add(app: typer.Typer) -> None:
    """Add this module's sub-command to the group."""
    app.command()(plainly(archive))


def archive(
    trial: Annotated[
        str, typer.Argument(help="The trial's name in its address, such as made-up-schools.", metavar="TRIAL")
    ],
    folder: Annotated[Path, typer.Argument(help="The folder for TRIAL-archive.zip.", metavar="DIR")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write the archive of a trial: design, draw, events, plan, panel, report, and a synthetic twin in the place of the data."""
    if folder.exists() and not folder.is_dir():
        raise InputError(said("%(folder)s is a file; name a folder.", folder=folder))
    open_centre(home)
    from whatworks.trial.models import Trial
    from whatworks.trial.reports.archive import archive as made
    from whatworks.trial.reports.gathering import gather

    known = Trial.objects.filter(slug=trial).first()
    if known is None:
        raise InputError(
            said("There is no trial “%(trial)s” here; it can be: %(all)s.", trial=trial,
                 all=", ".join(Trial.objects.order_by("slug").values_list("slug", flat=True)) or said("none"))
        )  # fmt: skip
    held = gather(known)
    if held is None or held.result is None:
        raise InputError(
            said("“%(trial)s” has no result yet; the archive is made of a trial that has run its plan.", trial=trial)
        )
    body = made(held)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{trial}-archive.zip"
    partial = path.with_suffix(".partial")
    partial.write_bytes(body)
    partial.replace(path)
    digest = hashlib.sha256(body).hexdigest()
    if as_json:
        print_json({"file": str(path), "bytes": len(body), "sha256": digest})
    else:
        print(f"{path}: {len(body):,} bytes, SHA-256 {digest}. The same record gives the same file.")
