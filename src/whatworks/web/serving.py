"""Serves a centre: one web server and, beside it, one worker that seals events and does long work."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from types import FrameType

from django.db import DatabaseError
from django.utils import timezone

from whatworks.errors import InputError, WhatworksError
from whatworks.ledger.models import Job
from whatworks.ledger.sealer import seal_all
from whatworks.ledger.work import work_off
from whatworks.saying import said

TRIES = 50  # ports looked at before giving up
PAUSE = 0.5  # seconds between looks for work: what is committed is sealed within about a second
LOOK = 0.1  # seconds between looks at the processes
PATIENCE = 3.0  # seconds that both processes get to end by themselves; open connections of browsers would hold for ever
FIRST = ("/", "/evidence/", "/evidence/?q=care")  # the last has the index of what is found made
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # where a server that listens everywhere is asked

Process = subprocess.Popen[bytes]


class Asked:
    """Whether a signal has asked this process to stop.

    A plain flag and no `threading.Event`: a signal may interrupt the very code that holds an event's lock.
    """

    def __init__(self) -> None:
        self.stop = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.stop = True


class Worker:
    """The worker process, started again when it dies."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start one under a name of its own."""
        self.name = uuid.uuid4().hex[:16]
        command = [sys.executable, "-m", "whatworks.web.worker", str(os.getpid()), self.name]
        self.process = subprocess.Popen(command)

    def tend(self) -> None:
        """Start another when it has died, once a second at most."""
        if self.process.poll() is not None:
            self.release()
            time.sleep(1)
            self.start()

    def release(self) -> None:
        """Let the next worker go on at once with what a dead one held, instead of when its lease has run out."""
        with suppress(DatabaseError):  # then the lease runs out
            Job.objects.filter(worker=self.name, state=Job.RUNNING).update(lease_until=timezone.now())


def run(folder: Path, host: str, first: int) -> None:
    """Serve until asked to stop; the worker is started again whenever it dies."""
    asked, worker = Asked(), Worker()
    server = None
    try:
        for port, claim in _ports(host, first):
            with closing(claim):
                server = _server(host, port)
                if _answers(server, host, port, asked):
                    print(f"\nOpen {_address(host, port)} (the centre is in {folder}). Stop with Ctrl+C.", flush=True)
                    threading.Thread(target=_warm, args=(host, port), daemon=True).start()
                    _watch(server, worker, asked)
                if asked.stop:
                    return
                if not _taken(host, port):
                    raise WhatworksError(
                        said(
                            "The web server ended by itself (status %(wait)s); what it said stands above.",
                            wait=server.wait(),
                        )
                    )
    finally:
        _end([one for one in (server, worker.process) if one])
        worker.release()


def _ports(host: str, first: int) -> Iterator[tuple[int, socket.socket]]:
    """Ports that are free, from the one asked for (any for 0), each with its claim; InputError after the last."""
    for offset in range(TRIES):
        port = _free(host, first + offset if first else 0)
        claim = _claim(port) if port else None
        if claim:
            yield port, claim
    raise InputError(
        said(
            "No free port from %(first)s to %(last)s on %(host)s; give another with --port.",
            first=first,
            last=first + TRIES - 1,
            host=host,
        )
    )


def _free(host: str, port: int) -> int:
    """The port if nobody listens on it, some free one for 0; 0 where it is taken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])


def _taken(host: str, port: int) -> bool:
    return not _free(host, port)


def _claim(port: int) -> socket.socket | None:
    """Hold a port against every other `serve` until closed; None where another holds it.

    Two of these servers that start at once would both find the port free, and Linux would let both listen on it
    (SO_REUSEPORT) and hand every request to either: two centres mixed in one browser. A name without a file belongs to
    the machine as the port does, and goes with its process. Elsewhere the second server cannot listen, and ends.
    """
    claim = socket.socket(socket.AF_UNIX if sys.platform == "linux" else socket.AF_INET)
    if sys.platform == "linux":
        try:
            claim.bind(f"\0whatworks-serves-on-{port}")
        except OSError:
            claim.close()
            return None
    return claim


def _address(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _server(host: str, port: int) -> Process:
    options = {
        "--interface": "wsgi",
        "--host": host,
        "--port": str(port),
        "--log-level": "warning",
        "--blocking-threads": "4",
        "--workers-kill-timeout": "2",  # whole seconds; shorter than our own patience
    }
    words = [word for pair in options.items() for word in pair]
    command = [sys.executable, "-m", "whatworks.web.server", str(os.getpid()), *words, "--no-ws", "--factory"]
    environment = os.environ | {"WHATWORKS_URL": os.environ.get("WHATWORKS_URL", _address(host, port))}
    return subprocess.Popen([*command, "whatworks.web.server:application"], env=environment)


def _answers(server: Process, host: str, port: int, asked: Asked) -> bool:
    """Wait until our server answers; no when it ended instead, or when we are to stop."""
    while server.poll() is None and not asked.stop:
        if _healthy(ANYWHERE.get(host, host), port):
            return True
        time.sleep(LOOK)
    return False


def _healthy(host: str, port: int) -> bool:
    """Whether a centre answers there. To take connections is not enough: it could be another program."""
    with closing(http.client.HTTPConnection(host, port, timeout=10)) as connection:
        try:
            connection.request("GET", "/health/", headers={"X-Forwarded-Proto": "https"})
            return connection.getresponse().read() == b'{"ok": true}'
        except (OSError, http.client.HTTPException):
            return False


def _warm(host: str, port: int) -> None:
    """Ask for the pages that most readers begin with, so that the first of them does not wait for what is then kept."""
    for page in FIRST:
        asking = closing(http.client.HTTPConnection(ANYWHERE.get(host, host), port, timeout=60))
        with suppress(OSError, http.client.HTTPException), asking as connection:  # then a reader waits, as elsewhere
            connection.request("GET", page, headers={"X-Forwarded-Proto": "https"})
            connection.getresponse().read()


def _watch(server: Process, worker: Worker, asked: Asked) -> None:
    """Wait until the server ends or we are to stop."""
    while server.poll() is None and not asked.stop:
        worker.tend()
        time.sleep(LOOK)


def _end(processes: list[Process]) -> None:
    """Ask all to end; after PATIENCE seconds make them. A step of work cut short is done again from its cursor."""
    for one in processes:
        if one.poll() is None:
            one.terminate()
    until = time.monotonic() + PATIENCE
    for one in processes:
        try:
            one.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()


def work_until_stopped(name: str = "") -> None:
    """Seal and work until a signal says stop; the work in hand is finished first."""
    asked = Asked()
    while not asked.stop:
        seal_all()
        work_off(name)
        time.sleep(PAUSE)
