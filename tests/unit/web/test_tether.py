"""A process that is tied to its parent ends with it, whether the kernel tells or it must look for itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a process there keeps its parent's number for ever")

PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", sys.argv[1], str(os.getpid())], stdout=sys.stdout)
time.sleep(60)
"""
CHILD = """
import os, sys, time
from whatworks.web import tether
{before}
tether.tie(int(sys.argv[1]))
print(os.getpid(), flush=True)
time.sleep(60)
"""


def gone(pid: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").exists() and ") Z " in Path(f"/proc/{pid}/stat").read_text():
            return True  # ended, and nobody has asked how
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("before", ["", "tether.told_by_kernel = lambda: False"], ids=["told", "looking"])
def test_it_ends_when_its_parent_is_killed(before: str) -> None:
    command = [sys.executable, "-c", PARENT, CHILD.format(before=before)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert gone(child, 20)


def test_it_ends_at_once_when_its_parent_is_gone_already() -> None:
    """Killed within its first moments: who takes in the orphan is not the parent that was named."""
    stranger = os.getppid()
    ran = subprocess.run([sys.executable, "-c", CHILD.format(before=""), str(stranger)], timeout=30)
    assert ran.returncode == -signal.SIGTERM
