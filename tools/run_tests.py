"""Run every test with what this machine has or can get: on SQLite, then on PostgreSQL, in a real browser.

A part that cannot run here is named in one loud line at the end. With CI set that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tools import browser, postgres

# The tests that a second database can answer differently, and one journey through the whole house.
ON_POSTGRES = "(database and not browser) or postgres or smoke"
NOTHING_COLLECTED = 5


def from_debian(*packages: str) -> None:
    """Install Debian packages where we are root on Debian; anywhere else do nothing."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["sh", "tools/debian.sh", *packages])


def get_browser() -> None:
    """Have a Chromium, if this machine allows it."""
    from_debian("libatomic1")  # Playwright's driver needs it, and a small Debian has none
    if browser.find() is None:
        from_debian("chromium", "fonts-liberation")
    if browser.find() is None:
        browser.download()


def get_postgres() -> None:
    """Have the programs of a PostgreSQL server, if this machine allows it."""
    if postgres.programs() is None:
        from_debian("postgresql")
    if postgres.programs() is None:
        lock = ["--require-hashes", "--no-deps", "-r", "requirements-postgres.lock"]
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        subprocess.run([*command, *lock], stdin=subprocess.DEVNULL)


def run_pytest(*arguments: str, address: str | None = None) -> int:
    """Run pytest on two workers; gives its exit status."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if address:
        environment["DATABASE_URL"] = address
    # A file stays with one worker, so that the centre its journeys share is built once.
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", *arguments]
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL).returncode


def main() -> int:
    """Both runs; the exit status is 0 only if all that ran passed and, with CI set, all did run."""
    postgres.end_on_signals()
    get_browser()
    get_postgres()
    arguments = sys.argv[1:]
    print("\nOn SQLite:", flush=True)
    status = run_pytest(*arguments)
    try:
        with postgres.throwaway() as address:
            print("\nOn PostgreSQL:", flush=True)
            second = run_pytest("-m", ON_POSTGRES, *arguments, address=address)
            # A part of the tests, chosen by ARGS, may hold none that needs a database.
            status = status or (0 if arguments and second == NOTHING_COLLECTED else second)
    except postgres.NoServer as reason:
        print(f"\n!!! NOT RUN: the tests on PostgreSQL: {reason}", flush=True)
        status = status or bool(os.environ.get("CI"))
    return status


if __name__ == "__main__":
    sys.exit(main())
