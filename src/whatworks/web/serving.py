"""Serves a centre: one web server and, beside it, one worker that seals events and does long work."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType

from whatworks.errors import InputError
from whatworks.ledger.sealer import seal_all
from whatworks.ledger.work import work_off

TRIES = 50  # ports looked at before giving up
PAUSE = 0.5  # seconds between looks for work: what is committed is sealed within about a second


def free_port(host: str, first: int) -> int:
    """The first free port from the one asked for; any free one for 0."""
    for port in range(first, first + TRIES) if first else (0,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise InputError(f"No free port from {first} to {first + TRIES - 1} on {host}; give another with --port.")


def run(folder: Path, host: str, port: int) -> None:
    """Serve until interrupted; the worker is started again whenever it dies."""
    port = free_port(host, port)
    os.environ.setdefault("WHATWORKS_URL", f"http://{host}:{port}")
    stop = threading.Event()
    supervisor = threading.Thread(target=_supervise, args=(stop,), daemon=True)
    supervisor.start()
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            host,
            "--port",
            str(port),
            "--no-ws",
            "--log-level",
            "warning",
            "--blocking-threads",
            "4",
            "--workers-kill-timeout",
            "5",
            "whatworks.web.wsgi:application",
        ]
    )
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    if _answers(server, host, port):
        print(f"\nOpen http://{host}:{port} (the centre is in {folder}). Stop with Ctrl+C.", flush=True)
    try:
        server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait(timeout=10)
    finally:
        stop.set()
        supervisor.join(timeout=5)


def _answers(server: subprocess.Popen[bytes], host: str, port: int) -> bool:
    """Wait until the server takes connections; no when it ended instead."""
    while server.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((host, port)) == 0:
                return True
        time.sleep(0.1)
    return False


def _supervise(stop: threading.Event) -> None:
    while not stop.is_set():
        worker = subprocess.Popen([sys.executable, "-m", "whatworks.web.worker"])
        while worker.poll() is None and not stop.wait(0.2):
            pass
        if stop.is_set():
            worker.terminate()
            worker.wait(timeout=5)
        else:
            time.sleep(1)


def work_until_stopped() -> None:
    """Seal and work until a signal says stop; the step in hand is finished first."""
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    parent = os.getppid()
    while not stopped.is_set() and os.getppid() == parent:  # an orphan would seal beside its successor
        seal_all()
        work_off()
        stopped.wait(PAUSE)
