"""A program under watch: its wall and CPU time and the peak memory of it and all it starts."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benches.matching.programs import NotMeasured, last_line

EVERY = 0.2  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Watched:
    """What a program printed and what it cost; `peak` is in bytes, of all its processes together."""

    printed: str
    wall_seconds: float
    cpu_seconds: float
    peak: int


def watched(call: Sequence[str]) -> Watched:
    """Run it to its end; what several processes share is counted once (proportional set size)."""
    before, begun = cpu_of_children(), time.perf_counter()
    process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(EVERY):
            peak[0] = max(peak[0], memory(process.pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    printed, errors = process.communicate()
    over.set()
    watcher.join()
    if process.returncode:
        raise NotMeasured(last_line(errors))
    return Watched(printed, time.perf_counter() - begun, cpu_of_children() - before, peak[0] or largest_child())


def cpu_of_children() -> float:
    """CPU seconds of every process that this one started, and theirs, that has ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def memory(process: int) -> int:
    """Bytes that a process and all that it started hold now; 0 where the system does not tell (it is not Linux)."""
    folder = Path("/proc") / str(process)
    try:
        lines = (folder / "smaps_rollup").read_text().splitlines()
        children = (folder / "task" / str(process) / "children").read_text().split()
    except OSError:  # it has just ended
        return 0
    own = sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return own + sum(memory(int(child)) for child in children)


def largest_child() -> int:
    """Bytes of the largest single process so far: the best that other systems tell."""
    size = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024
