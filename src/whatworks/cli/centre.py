"""Commands about a whole centre: demo, serve, verify, load, export, release, publish. These load Django."""

from __future__ import annotations

import getpass
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlparse

import typer

from whatworks.cli.plainly import plainly
from whatworks.errors import InputError

Home = Annotated[Path | None, typer.Option("--home", help="The centre's folder (default: WHATWORKS_HOME or ./centre).")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
CLI = "cli"  # who events say it was, when nobody signed in


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (demo, serve, verify, load, export, release, publish, work):
        app.command()(plainly(command))
    app.command("import")(plainly(import_export))


def open_centre(home: Path | None, *, create: bool = False) -> Path:
    """Point at a centre, start Django and bring the database up to date."""
    folder = (home or Path(os.environ.get("WHATWORKS_HOME", "centre"))).resolve()
    database = os.environ.get("DATABASE_URL", "")
    _refuse_no_address("DATABASE_URL", database)
    _refuse_no_address("WHATWORKS_URL", os.environ.get("WHATWORKS_URL", ""))
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; give the folder of a centre with --home or WHATWORKS_HOME.")
    if not create and not database and not (folder / "centre.sqlite3").exists():
        raise InputError(f"There is no centre in {folder}; run whatworks demo, or whatworks load PACK, to make one.")
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["WHATWORKS_HOME"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "whatworks.web.settings")
    import django

    django.setup()
    from whatworks.archive.opening import bring_up_to_date

    bring_up_to_date()
    return folder


def _refuse_no_address(variable: str, address: str) -> None:
    try:
        urlparse(address).port  # noqa: B018  reading it is what checks it
    except ValueError as error:
        raise InputError(
            f"{variable} holds no address ({error}); see its form in the reference of settings."
        ) from error


def passphrase(*, new: bool) -> str:
    """The passphrase of a backup: from the environment, or typed unseen in a terminal, twice when it is new."""
    if given := os.environ.get("WHATWORKS_BACKUP_KEY", ""):
        return given
    if not sys.stdin.isatty():
        raise InputError(
            "A backup is encrypted: put its passphrase into WHATWORKS_BACKUP_KEY, or run this in a terminal to be asked."
        )
    typed = getpass.getpass("Passphrase of the backup: ")
    if new and getpass.getpass("The same again: ") != typed:
        raise InputError("The two passphrases are not the same; nothing was written.")
    return typed


def print_json(value: Any) -> None:
    """One JSON object on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n")


def demo(
    home: Home = None, as_json: AsJson = False, no_serve: Annotated[bool, typer.Option("--no-serve")] = False
) -> None:
    """Build a centre from the pack that ships, print what it holds, and serve it."""
    folder = open_centre(home, create=True)
    from whatworks.archive.demonstration import account, build_demonstration, first_administrator
    from whatworks.cli.account import print_account, progress

    with progress(quiet=as_json) as told:
        build_demonstration(told=told)
    found = account() | first_administrator()
    if as_json:
        print_json(found)
    else:
        print_account(found, folder)
    if not (as_json or no_serve or os.environ.get("NO_SERVE")):
        serve(folder)


def serve(
    home: Home = None,
    port: Annotated[int, typer.Option(help="The first port to try.")] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Open the centre in a browser's reach, with one task worker beside it."""
    if not 0 <= port <= 65535:
        raise InputError(f"There is no port {port}; give one from 0 to 65535 with --port.")
    folder = open_centre(home)
    from whatworks.web.serving import run

    run(folder, host, port)


def work(home: Home = None) -> None:
    """Seal events and do long work until stopped (serve runs one of these by itself)."""
    open_centre(home)
    from whatworks.web.serving import work_until_stopped

    work_until_stopped()


def verify(home: Home = None, as_json: AsJson = False) -> None:
    """Recompute everything stored and say what differs (exit status 1 when something does)."""
    open_centre(home)
    from whatworks.archive.verifying import verify_centre

    found = verify_centre()
    if as_json:
        print_json(found)
    else:
        from whatworks.cli.account import print_verdict

        print_verdict(found)
    raise typer.Exit(0 if found["ok"] else 1)


def load(
    pack: Annotated[Path, typer.Argument(help="A folder with a pack.toml, or an encrypted backup.")],
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Load a pack. What is already here stays; loading twice changes nothing."""
    from whatworks.archive.reading import encrypted, read_pack

    # Read before a centre is opened: what is no pack leaves no empty centre behind.
    files = read_pack(pack, passphrase(new=False) if encrypted(pack) else "")
    open_centre(home, create=True)
    from whatworks.archive.loading import load_files
    from whatworks.cli.account import progress

    with progress(quiet=as_json) as told:
        added = load_files(files=files, name=pack.name, by=CLI, told=told)
    if as_json:
        print_json({"added": sum(added.values()), "tables": added})
        return
    lines = [f"  {count:>7,}  {name}" for name, count in added.items() if count]
    print("\n".join([f"Loaded {pack}:", *lines]) if lines else f"Nothing new in {pack}.")


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    home: Home = None,
    profile: Annotated[
        str, typer.Option(help="open (public fields), move (all but secrets) or backup (all, encrypted).")
    ] = "open",
    as_json: AsJson = False,
) -> None:
    """Write the centre as a pack of plain files, or as one encrypted backup."""
    open_centre(home)
    from whatworks.archive.exporting import export_pack

    secret = passphrase(new=True) if profile == "backup" else ""
    count = export_pack(folder=folder, profile=profile, passphrase=secret)
    if as_json:
        print_json({"files": count, "folder": str(folder), "profile": profile})
    elif profile == "backup":
        print(f"One encrypted file in {folder}. Without its passphrase nobody can open it, nor can you.")
    else:
        print(f"{count} files in {folder} (profile {profile}).")


def release(home: Home = None, as_json: AsJson = False) -> None:
    """Freeze a dated release: open data and a static site, by content address."""
    open_centre(home)
    from whatworks.archive.releasing import make_release

    made = make_release(by=CLI)
    found = {
        "release": made.number,
        "identifier": made.identifier,
        "manifest_sha256": made.manifest_sha256,
    } | made.counts
    if as_json:
        print_json(found)
    else:
        print(f"Release {made.number}: {made.counts['files']} files, manifest {made.manifest_sha256}")


def publish(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    number: Annotated[int | None, typer.Option("--release", help="Its number (default: the newest).")] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Write a release's static site into a folder, ready for any web server."""
    open_centre(home)
    from whatworks.archive.releasing import write_site

    count = write_site(folder, number)
    if as_json:
        print_json({"files": count, "folder": str(folder)})
    else:
        print(f"{count} files in {folder}; open {folder / 'index.html'}")


def import_export(
    file: Annotated[Path, typer.Argument(help="A search export.")],
    source: Annotated[str, typer.Option(help="The database or place it came from.")],
    partial: Annotated[bool, typer.Option("--partial", help="Keep the records before a cut.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Bring a search export into the centre, and propose which reports are the same."""
    open_centre(home)
    from whatworks.archive.importing import import_now

    found = import_now(by=CLI, path=file, name=source, partial=partial)
    if as_json:
        print_json(found)
    else:
        print(
            f"{found['records']:,} of {found['record_starts']:,} records from {file.name}; {found['matches']} pairs to look at."
        )
