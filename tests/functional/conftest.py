"""A real centre, built by the real command and served by the real server, for journeys in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import DESKTOP, HEIGHT, PHONE

Sound = Callable[[Page, str], None]
Look = Callable[[Page], None]
START = 60  # seconds for the server to answer; it takes about two


@dataclass(frozen=True)
class Centre:
    """A served centre: its address, its folder, and how to run a command on it."""

    url: str
    home: Path
    environment: dict[str, str]
    administrator: tuple[str, str]
    server: subprocess.Popen[str]

    def stop(self) -> None:
        """End its server and its worker; nothing where that is done already."""
        with self.server:  # closes its pipe
            if self.server.poll() is None:
                os.killpg(self.server.pid, signal.SIGTERM)
                self.server.wait(timeout=30)

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a whatworks command on this centre."""
        return whatworks(self.environment, *arguments, check=check)


def whatworks(environment: dict[str, str], *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a whatworks command as a user would."""
    command = [sys.executable, "-m", "whatworks", *arguments]
    return subprocess.run(command, env=environment, check=check, capture_output=True, text=True, timeout=300)


def _environment(home: Path, database: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "WHATWORKS_HOME")}
    return kept | {"WHATWORKS_HOME": str(home), "DATABASE_URL": database}


def _fresh_database(name: str, like: str = "") -> str:
    """The address of a new database on the server under test, empty or a copy of another's; empty for SQLite."""
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        return ""
    import psycopg

    template = f' TEMPLATE "{like}"' if like else ""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"{template}')
    return (
        re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", address, count=0) if address.count("/") < 3 else _renamed(address, name)
    )


def _renamed(address: str, name: str) -> str:
    before, _, after = address.rpartition("/")
    question = after.partition("?")[2]
    return f"{before}/{name}" + (f"?{question}" if question else "")


@dataclass(frozen=True)
class Built:
    """A demonstration centre that nobody serves: the mould of those that journeys use."""

    home: Path
    database: str
    administrator: tuple[str, str]

    def copy(self, home: Path, database: str) -> dict[str, str]:
        """A centre of its own in a new folder; gives its environment."""
        shutil.copytree(self.home, home)
        return _environment(home, _fresh_database(database, like=self.database))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Built:
    """The demonstration, built once by the real command."""
    home, database = tmp_path_factory.mktemp("built") / "centre", f"journey_built_{worker_id}"
    said = whatworks(_environment(home, _fresh_database(database)), "demo", "--no-serve").stdout
    found = re.search(r"Sign in as (\S+) with (\S+)", said)
    assert found, said
    return Built(home, database, (found[1], found[2]))


@pytest.fixture(scope="session")
def make_centre(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, built: Built
) -> Iterator[Callable[[str], Centre]]:
    """Serves demonstration centres, each a copy of its own; stops them all at the end."""
    centres: list[Centre] = []

    def make(name: str) -> Centre:
        home = tmp_path_factory.mktemp(name) / "centre"
        environment = built.copy(home, f"journey_{name}_{worker_id}_{len(centres)}")
        command = [sys.executable, "-m", "whatworks", "serve", "--port", "0"]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
        assert server.stdout is not None
        for line in server.stdout:
            if address := re.search(r"http://\S+?:\d+", line):
                centres.append(Centre(address.group(), home, environment, built.administrator, server))
                return centres[-1]
        raise AssertionError("the server ended before it said where it is")

    yield make
    for centre in centres:
        centre.stop()


@pytest.fixture(scope="session")
def centre(make_centre: Callable[[str], Centre]) -> Centre:
    """A demonstration centre that is only read."""
    return make_centre("read")


@pytest.fixture(scope="module")
def own_centre(make_centre: Callable[[str], Centre]) -> Iterator[Centre]:
    """A demonstration centre that a module's journeys may change; stopped with them, so that its worker disturbs nobody else."""
    made = make_centre("write")
    yield made
    made.stop()


@pytest.fixture
def sound(axe: Callable[[Page], list[str]], tmp_path: Path) -> Sound:
    """A page is accessible and fits, at a desk and on a phone."""

    def look(page: Page, name: str) -> None:
        for width in (PHONE, DESKTOP):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            assert axe(page) == [], f"{name} at {width}"
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is {wide} wide at {width}"
            page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)

    return look


@pytest.fixture
def look(axe: Callable[[Page], list[str]]) -> Look:
    """A page is accessible and fits, wherever it is looked at."""

    def sound(page: Page) -> None:
        assert axe(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url

    return sound
