"""`whatworks trial commit`, `freeze` and `reveal`: who commits to what before a list is frozen, and what is told after."""

from __future__ import annotations

import json
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Annotated, Any

import typer

from whatworks.cli.plainly import plainly
from whatworks.cli.synthesise import Json, print_json
from whatworks.errors import InputError
from whatworks.saying import said

Commitments = Annotated[Path, typer.Option(help="The file of commitments, which goes from hand to hand.")]
After = Annotated[Path | None, typer.Option(help="The published allocation that this draw continues.")]
DesignFile = Annotated[Path, typer.Argument(help="The design, a TOML file.", metavar="DESIGN")]
UnitsFile = Annotated[Path, typer.Argument(help="The list, a CSV file with a column unit.", metavar="UNITS")]
SECRET = "whatworks secret 1"
OWNER_ONLY = 0o600


def add(app: typer.Typer) -> None:
    """Add this module's sub-commands to the group."""
    for command in (commit, freeze, reveal):
        app.command()(plainly(command))


def now() -> str:
    """The time of this machine's clock, in UTC."""
    return datetime.fromtimestamp(time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_text(file: Path) -> str:
    """A file's text; InputError where it is not there, or not in UTF-8."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            said("%(file)s cannot be read (%(why)s); check its name.", file=file, why=error.strerror)
        ) from None
    except UnicodeDecodeError:
        raise InputError(said("%(file)s is not in UTF-8; save it so and try again.", file=file)) from None


def write_whole(file: Path, value: Any) -> None:
    """Write JSON so that the file is the old one or the new one, never half of it."""
    beside = file.with_name(file.name + ".new")
    beside.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(beside, file)


def commit(
    name: Annotated[str, typer.Argument(help="Who commits, or a name for the beacon.")],
    commitments: Commitments,
    secret: Annotated[Path | None, typer.Option(help="Write your secret to this new file, and keep it.")] = None,
    beacon: Annotated[str, typer.Option(help="Instead of a secret: the source of a public value.")] = "",
    round: Annotated[str, typer.Option(help="Which value of it: its round, or its address.")] = "",
    named_for: Annotated[str, typer.Option(help="When that value comes, such as 2026-03-01T09:00:00Z.")] = "",
    as_json: Json = False,
) -> None:
    """Commit to a secret, on your own machine, or name a public value that is still to come."""
    from whatworks.stats.lot import commitment
    from whatworks.trial.methods.allocating import committing

    held = committing.read_commitments(read_text(commitments)) if commitments.exists() else committing.opened()
    if bool(beacon) == (secret is not None):
        raise InputError(
            said("Give --secret with a new file for your secret, or --beacon with --round and --named-for.")
        )
    if beacon:
        held = committing.named(held, name=name, source=beacon, round=round, named_for=named_for, at=now())
        told = f"{name} is named for {held['parties'][-1]['named_for']}."
    else:
        kept = secrets.token_hex(32)
        held = committing.committed(held, name=name, commitment=commitment(kept), at=now())
        _keep(Path(str(secret)), {"format": SECRET, "name": name.strip(), "secret": kept})
        told = f"{secret} holds your secret: keep it, show it to nobody until the list is frozen, and lose it not."
    write_whole(commitments, held)
    if as_json:
        print_json({"party": held["parties"][-1], "parties": len(held["parties"])})
        return
    print(
        f"{told}\n{commitments} holds what may be seen: send it on to the next party, or to whoever freezes the list."
    )


def _keep(file: Path, value: dict[str, str]) -> None:
    """Write a secret to a new file that only its owner may read."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        raise InputError(
            said("%(file)s is there already; a secret is not written over, so name a new file.", file=file)
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def freeze(
    design: DesignFile, units: UnitsFile, commitments: Commitments, after: After = None, as_json: Json = False
) -> None:
    """Fix the list's and the design's digest, after all have committed and before anybody tells a secret."""
    from whatworks.stats.lot import Lot
    from whatworks.trial.methods.allocating import committing
    from whatworks.trial.methods.allocating.listing import read_list
    from whatworks.trial.methods.allocating.publishing import earlier_of
    from whatworks.trial.methods.allocating.replaying import read_allocation
    from whatworks.trial.methods.allocating.ways import draw
    from whatworks.trial.methods.design import digest, read

    text, listed = read_text(design), read_list(read_text(units), units.name)
    before = read_allocation(read_text(after)) if after else None
    draw(
        read(text), listed, Lot("0" * 64), earlier_of(before)
    )  # so that what cannot be drawn is not frozen; nobody sees it
    held = committing.frozen(
        committing.read_commitments(read_text(commitments)), design=digest(text), units=listed, at=now(),
        before=before["digest"] if before else None,
    )  # fmt: skip
    write_whole(commitments, held)
    if as_json:
        print_json(held["frozen"])
        return
    print(
        f"Frozen on {held['frozen']['at']}: {len(listed)} units, list {held['frozen']['list']}, design {held['frozen']['design']}."
    )
    print(f"Publish this seal now, where you cannot change it later: {held['frozen']['seal']}")
    print("Then let each party tell its secret: whatworks trial reveal.")


def reveal(
    commitments: Commitments,
    secret: Annotated[Path | None, typer.Option(help="The file with your secret.")] = None,
    name: Annotated[str, typer.Option(help="The beacon's name in the file, with --value.")] = "",
    value: Annotated[str, typer.Option(help="The beacon's value, as its source publishes it.")] = "",
    as_json: Json = False,
) -> None:
    """Tell your secret, or enter a beacon's value, once the list is frozen."""
    from whatworks.trial.methods.allocating import committing

    held = committing.read_commitments(read_text(commitments))
    if (secret is not None) == bool(name and value):
        raise InputError(said("Give --secret with the file of your secret, or --name and --value of a beacon."))
    if secret is not None:
        name, value = _kept(secret)
    held = committing.revealed(held, name=name, secret=value, at=now())
    write_whole(commitments, held)
    missing = [one["name"] for one in held["parties"] if "secret" not in one]
    if as_json:
        print_json({"name": name, "missing": missing})
        return
    print(
        f"{name} has told. "
        + (f"Still to come: {', '.join(missing)}." if missing else "All have told; draw now: whatworks trial allocate.")
    )


def _kept(file: Path) -> tuple[str, str]:
    try:
        held = json.loads(read_text(file))
        right = held["format"] == SECRET
        return (str(held["name"]), str(held["secret"])) if right else ("", "")
    except (ValueError, KeyError, TypeError):
        raise InputError(said("%(file)s is no file with a secret; trial commit writes one.", file=file)) from None
