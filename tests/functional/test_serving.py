"""`whatworks serve` as a real process: it ends when told, leaves nothing behind when killed, and shares no port."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.functional.conftest import whatworks

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc, as on Linux")

ROADS = Path(__file__).resolve().parents[1] / "packs" / "road-safety"
PROMISED = 5.0  # seconds in which it ends
SLOW = 20.0  # seconds that a busy machine may take to tell a process that its parent is gone


@dataclass
class Served:
    """A running `serve` with its address."""

    process: subprocess.Popen[str]
    port: int


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A tiny centre of this module's own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "WHATWORKS_URL")}
    made = kept | {"WHATWORKS_HOME": str(tmp_path_factory.mktemp("served") / "centre")}
    whatworks(made, "load", str(ROADS))
    return made


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Start `serve`; whatever still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def started(port: int = 0) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "whatworks", "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
        running.append(process)
        return process

    yield started
    for process in running:
        with process:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def serving(process: subprocess.Popen[str]) -> Served:
    """Wait until it says where it is."""
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://[^:]+:(\d+)", line):
            return Served(process, int(found[1]))
    raise AssertionError("it ended before it said where it is")


def below(pid: int) -> list[int]:
    """The processes that a process started, and those that they did."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    found = [int(child) for one in children for child in one.read_text().split()]
    return found + [deeper for child in found for deeper in below(child)]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ended(pids: list[int], within: float) -> bool:
    until = time.monotonic() + within
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(map(alive, pids))


def connections(port: int, count: int) -> list[http.client.HTTPConnection]:
    """Connections that were used once and stay open, as a browser keeps six."""
    made = [http.client.HTTPConnection("127.0.0.1", port, timeout=10) for _ in range(count)]
    for one in made:
        one.request("GET", "/")
        assert one.getresponse().read()
    return made


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["told", "interrupted"])
def test_it_ends_within_five_seconds_though_browsers_stay_connected(start: Start, number: signal.Signals) -> None:
    """A stop that waits for somebody to close a tab is ended by force, in the middle of whatever it does."""
    served = serving(start())
    held = connections(served.port, 6)
    processes = [served.process.pid, *below(served.process.pid)]
    assert len(processes) == 4  # serve, its worker, the web server, and that one's own worker
    began = time.monotonic()
    if number == signal.SIGINT:
        os.killpg(served.process.pid, number)  # Ctrl+C reaches all of them
    else:
        served.process.send_signal(number)
    assert served.process.wait(timeout=30) == 0
    assert time.monotonic() - began < PROMISED
    assert ended(processes, within=1)
    for one in held:
        one.close()


@pytest.mark.parametrize("moment", ["at first", "when it answers"])
def test_killed_it_leaves_no_process_behind(start: Start, moment: str) -> None:
    """An orphan holds the port, and a second worker seals beside the first."""
    process = start()
    if moment == "when it answers":
        serving(process)
    began = time.monotonic()
    while not below(process.pid) and time.monotonic() - began < 60:
        time.sleep(0.01)  # as soon as it has started another process, which is still reading its imports
    left = below(process.pid)
    assert left
    process.kill()
    process.wait()
    assert ended(left, within=SLOW), "a process outlived the one that started it"


def test_the_worker_is_started_again_when_it_dies(start: Start) -> None:
    """Nobody watches a terminal: unsealed events would pile up until somebody wonders."""
    served = serving(start())
    first = worker_of(served)
    os.kill(first, signal.SIGKILL)
    until = time.monotonic() + 30
    while worker_of(served) in (0, first) and time.monotonic() < until:
        time.sleep(0.1)
    assert worker_of(served) not in (0, first)


def worker_of(served: Served) -> int:
    """The worker's process; 0 while there is none."""
    for pid in below(served.process.pid):
        try:
            if "whatworks.web.worker" in Path(f"/proc/{pid}/cmdline").read_text() and alive(pid):
                return pid
        except FileNotFoundError:
            continue
    return 0


def test_started_at_once_each_has_a_port_of_its_own(start: Start) -> None:
    """Two that share a port mix two centres in one browser: Linux allows it to servers that ask for it."""
    first = serving(start()).port + 1
    ports = [serving(process).port for process in [start(first) for _ in range(3)]]
    assert len(set(ports)) == 3


def test_pages_for_readers_travel_compressed_and_pages_with_a_token_do_not(start: Start) -> None:
    """Length tells of what is on a page; where a form's token stands, it must not."""
    port = serving(start()).port
    answers = {}
    for address in ("/evidence/", "/static/web/look.css", "/account/login/"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answers[address] = (answer.headers["Content-Encoding"], answer.read())
        connection.close()
    assert {address: how for address, (how, _) in answers.items()} == {
        "/evidence/": "gzip",
        "/static/web/look.css": "gzip",
        "/account/login/": None,
    }
    assert b"<h1>" in gzip.decompress(answers["/evidence/"][1])
    assert b"csrfmiddlewaretoken" in answers["/account/login/"][1]
