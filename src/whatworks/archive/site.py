"""The public site as plain files: every page a reader can reach, links made relative, ready for any web server or a disk.

What rests on the same as in the last build is taken from there; the rest is made, by two processes where that is quicker.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context

from django.db import connection, connections

from whatworks.archive.remembering import Remembered, Remembering
from whatworks.archive.rendering import Rendered, file_of, rendered
from whatworks.ledger import standing_still

START = "/"
PROCESSES = 2  # more gain little: reading one database, and the one that gathers
TOGETHER = 8  # pages handed over at once: those found last, which most often are of one kind and rest on the same
AHEAD = 8  # times that pages are handed over before any has come back
WARM = 24  # pages made here first: what they load, the processes have from the start; few changes need no processes
Stored = Callable[[str], "bytes | None"]


@dataclass
class Built:
    """How many files of a build were made now, and how many taken from the last."""

    made: int = 0
    kept: int = 0


def site_files(stored: Stored, told: Built | None = None) -> Iterator[tuple[str, bytes]]:
    """Every reachable public page and the files it needs, by path. Follows links from the front page.

    `stored` gives the bytes of a digest that an earlier build kept.
    """
    told = told or Built()
    before, now = Remembered(stored), Remembering()
    for one, fresh in _crawl(before):
        now.add(one)
        told.made += fresh
        told.kept += not fresh
        yield file_of(one.address), one.body
    now.keep()


def _crawl(before: Remembered) -> Iterator[tuple[Rendered, bool]]:
    """Every file once, and whether it was made now."""
    seen, waiting, running = {START}, [START], set[Future[list[Rendered]]]()
    with closing(Makers()) as makers:
        while waiting or running:
            if waiting and len(running) < AHEAD:
                taken = [waiting.pop() for _ in range(min(TOGETHER, len(waiting)))]
                kept = {address: before.still(address) for address in taken}
                if gone := [address for address in taken if kept[address] is None]:
                    running.add(makers.make(gone))
                ready = [(one, False) for one in kept.values() if one is not None]
            else:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                ready = [(one, True) for future in done for one in future.result()]
            for one, fresh in ready:
                new = [link for link in one.links if link not in seen]
                seen.update(new)
                waiting += new
                yield one, fresh


class Makers:
    """Makes pages: the first ones here, the others in processes of their own where the machine can."""

    def __init__(self) -> None:
        self._here, self._alone = 0, not _may_fork()
        self._pool: ProcessPoolExecutor | None = None

    def make(self, addresses: list[str]) -> Future[list[Rendered]]:
        """Hand pages over."""
        if self._alone or self._here < WARM:
            self._here += len(addresses)
            return _now(addresses)
        if self._pool is None:
            # Neither we nor SQLite may go on with what was open before: both keep notes that a fork makes wrong.
            connections.close_all()
            standing_still.let_go()
            self._pool = ProcessPoolExecutor(PROCESSES, get_context("fork"), initializer=_settle)
        return self._pool.submit(_all, addresses)

    def close(self) -> None:
        """Let the processes end."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _settle() -> None:
    """What is there from the start stays to the end: to look again and again for rubbish in it takes a fifth of the time."""
    gc.collect()
    gc.freeze()


def _all(addresses: list[str]) -> list[Rendered]:
    return [rendered(address) for address in addresses]


def _now(addresses: list[str]) -> Future[list[Rendered]]:
    future: Future[list[Rendered]] = Future()
    future.set_result(_all(addresses))
    return future


def _may_fork() -> bool:
    """Whether other processes see what this one sees, and a fork is safe: macOS's own libraries do not bear one."""
    shared = connection.vendor == "postgresql" or os.path.isabs(str(connection.settings_dict["NAME"]))
    return sys.platform == "linux" and (os.cpu_count() or 1) > 1 and shared and not connection.in_atomic_block
