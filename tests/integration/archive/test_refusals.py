"""What is wrong with a call is said in one sentence, with exit status 2; a traceback is a bug. Run as people run it."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.archive.centres import PASSPHRASE
from tests.integration.journey.centres import ROADS
from whatworks.archive.backup import NAME
from whatworks.cli import main

pytestmark = pytest.mark.sqlite  # each names its own database: nothing would be other on PostgreSQL


def whatworks(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program, with no centre and no database but those that the call names."""
    bare = {name: value for name, value in os.environ.items() if name not in ("WHATWORKS_HOME", "DATABASE_URL")}
    command = [sys.executable, "-m", "whatworks", *map(str, arguments)]
    return subprocess.run(
        command, env=bare | environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120
    )


def refused(*arguments: str | Path, **environment: str) -> str:
    """The one sentence that a call is refused with."""
    ran = whatworks(*arguments, **environment)
    return sentence(ran.returncode, ran.stdout, ran.stderr)


def sentence(status: int | str | None, out: str, errors: str) -> str:
    """What a refusal says, once it is made sure that it is one."""
    assert (status, out) == (2, ""), errors
    (said,) = errors.splitlines()
    assert said.startswith("whatworks: ") and said.endswith("."), said
    return said


@pytest.fixture
def refused_at_once(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """As `refused`, for calls that get no further than our own look at them: no process of its own is needed."""

    def call(*arguments: str | Path, **environment: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        for name in ("WHATWORKS_HOME", "DATABASE_URL"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["whatworks", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return sentence(ended.value.code, *capsys.readouterr())

    return call


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre, made once: no test here gets as far as changing it."""
    home = tmp_path_factory.mktemp("refusals") / "centre"
    ran = whatworks("load", ROADS, "--home", home)
    assert ran.returncode == 0, ran.stderr
    return home


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A file where a folder is asked for."""
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader")
    return path


COMMANDS = [
    ["verify"],
    ["export", "out"],
    ["release"],
    ["publish", "out"],
    ["serve"],
    ["work"],
    ["people"],
    ["add-person", "jo@example.org", "--role", "coder"],
    ["renew-password", "jo@example.org"],
    ["give-role", "jo@example.org", "--role", "coder"],
    ["take-role", "jo@example.org", "--role", "coder"],
    ["erase", "usr-00000000", "--reason", "Asked for."],
    ["import", "export.ris", "--source", "ERIC"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_no_command_makes_a_centre_by_looking_for_one(command: list[str], refused_at_once, tmp_path: Path) -> None:
    assert "There is no centre in" in refused_at_once(*command, "--home", tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("command", [["verify"], ["load", ROADS], ["demo", "--no-serve"]], ids=lambda one: one[0])
def test_a_home_that_is_a_file(command: list[str | Path], refused_at_once, letter: Path) -> None:
    assert "is a file; give the folder" in refused_at_once(*command, "--home", letter)
    assert "letter.txt" in refused_at_once(*command, "--home", letter / "inside")


@pytest.mark.parametrize("command", [["verify"], ["load", ROADS]], ids=lambda one: one[0])
def test_a_database_that_is_none(command: list[str | Path], tmp_path: Path) -> None:
    (tmp_path / "centre.sqlite3").write_text("Dear reader, this is no database at all.")
    assert "cannot be opened as a centre's database: file is not a database." in refused(*command, "--home", tmp_path)


def test_a_database_that_is_damaged_in_the_middle(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "damaged")
    path = tmp_path / "damaged" / "centre.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode=DELETE")
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ledger_event'").fetchone()
        (size,) = database.execute("PRAGMA page_size").fetchone()
    database.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    assert "The database refused: database disk image is malformed." in refused("verify", "--home", path.parent)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nonsense", "must start with postgresql://"),
        ("mysql://host/name", "must start with postgresql://"),
        ("postgresql://[host/name", "DATABASE_URL holds no address"),
        ("postgresql://host:port/name", "DATABASE_URL holds no address"),
        ("postgresql://host:99999/name", "DATABASE_URL holds no address"),
        ("postgresql://name:secret-word@127.0.0.1:5432/", "names no database"),
        ("postgresql://name:secret-word@127.0.0.1:1/name", "cannot be opened"),
    ],
)
def test_an_address_of_a_database_that_leads_nowhere(address: str, said: str, tmp_path: Path) -> None:
    """And the sentence, which ends up in logs, does not repeat the password."""
    told = refused("verify", "--home", tmp_path, DATABASE_URL=address)
    assert said in told
    assert "secret-word" not in told


def test_an_address_for_readers_that_is_none(made: Path) -> None:
    assert "WHATWORKS_URL holds no address" in refused("verify", "--home", made, WHATWORKS_URL="http://[")


@pytest.mark.parametrize(
    ("name", "said"),
    [("nowhere", "There is no"), ("letter.txt", "neither the folder of a pack nor a backup"), ("", "no pack.toml")],
)
def test_a_pack_that_is_none_leaves_no_centre_behind(name, said, refused_at_once, letter: Path, tmp_path: Path) -> None:
    assert said in refused_at_once("load", letter.parent / name, "--home", tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("profile", ["open", "backup"])
def test_an_export_into_a_file(profile: str, made: Path, letter: Path) -> None:
    call = ["--profile", profile, "--home", made]
    assert "is a file" in refused("export", letter, *call, WHATWORKS_BACKUP_KEY=PASSPHRASE)
    assert "Not a directory" in refused("export", letter / "inside", *call, WHATWORKS_BACKUP_KEY=PASSPHRASE)
    assert letter.read_text() == "Dear reader"


def test_a_profile_that_does_not_exist(made: Path, tmp_path: Path) -> None:
    assert "choose open, move, backup" in refused("export", tmp_path / "out", "--profile", "all", "--home", made)


def test_a_backup_where_nobody_can_be_asked(made: Path, refused_at_once, tmp_path: Path) -> None:
    """Neither in the environment nor at a terminal: a plain file is not the way out."""
    out, home = tmp_path / "out", ["--home", made]
    assert "WHATWORKS_BACKUP_KEY" in refused("export", out, "--profile", "backup", *home)
    assert "needs 12 or more" in refused("export", out, "--profile", "backup", *home, WHATWORKS_BACKUP_KEY="short")
    assert not out.exists()
    assert whatworks("export", out, "--profile", "backup", *home, WHATWORKS_BACKUP_KEY=PASSPHRASE).returncode == 0
    for backup in (out, out / NAME):
        assert "WHATWORKS_BACKUP_KEY" in refused("load", backup, "--home", tmp_path / "new")
        assert "does not open" in refused(
            "load", backup, "--home", tmp_path / "new", WHATWORKS_BACKUP_KEY="another one"
        )
    assert not (tmp_path / "new").exists()
    ran = whatworks("load", out / NAME, "--home", tmp_path / "new", WHATWORKS_BACKUP_KEY=PASSPHRASE)
    assert "scope/themes.csv" in ran.stdout, ran.stderr


def test_publishing_before_there_is_a_release(made: Path, tmp_path: Path) -> None:
    assert "no release yet" in refused("publish", tmp_path / "site", "--home", made)


@pytest.mark.parametrize("port", ["-1", "65536", "70000"])
def test_a_port_that_does_not_exist(port: str, refused_at_once, made: Path) -> None:
    assert f"There is no port {port}; give one from 0 to 65535" in refused_at_once(
        "serve", "--port", port, "--home", made
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [("nowhere.ris", "There is no file"), ("", "There is no file"), ("letter.txt", "no known format")],
)
def test_an_import_of_what_is_no_export(name: str, said: str, made: Path, letter: Path) -> None:
    assert said in refused("import", letter.parent / name, "--source", "ERIC", "--home", made)


def test_a_cut_export_that_was_refused_can_be_taken_in_after_all(made: Path, tmp_path: Path) -> None:
    """The refusal says: use --partial. So it must work on the same file."""
    home, cut = tmp_path / "centre", tmp_path / "cut.ris"
    shutil.copytree(made, home)
    cut.write_text("TY  - JOUR\nTI  - One\nER  - \n\nTY  - JOUR\nTI  - Tw")
    call = ["import", cut, "--source", "ERIC", "--home", home]
    assert "cut" in refused(*call)
    ran = whatworks(*call, "--partial")
    assert ran.returncode == 0 and ran.stdout.startswith("1 of 2 records"), ran.stderr
    assert "has been imported from ERIC before" in refused(*call)
