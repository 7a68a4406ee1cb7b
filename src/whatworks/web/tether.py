"""Ties a process to the one that started it: when that one is gone, however it ended, this one ends too."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

PARENT_DEATH = 1  # PR_SET_PDEATHSIG in <linux/prctl.h>
LOOK = 0.5  # seconds between looks where the kernel does not tell


def tie(parent: int) -> None:
    """End this process by SIGTERM as soon as `parent` is no longer its parent; at once where it is gone already.

    `parent` comes from the parent itself, on the command line: asked for here, it could be the one that takes in
    orphans.
    """
    if not told_by_kernel():
        threading.Thread(target=look, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it ended before the kernel was asked, which tells of later deaths only
        os.kill(os.getpid(), signal.SIGTERM)


def told_by_kernel() -> bool:
    """Ask Linux to send SIGTERM when the parent dies; no where there is no such call."""
    if sys.platform != "linux":
        return False
    try:
        return ctypes.CDLL(None).prctl(PARENT_DEATH, signal.SIGTERM, 0, 0, 0) == 0
    except (AttributeError, OSError):
        return False


def look(parent: int) -> None:
    """Look now and then whether the parent is still there."""
    while os.getppid() == parent:
        time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGTERM)
