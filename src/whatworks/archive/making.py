"""Who makes the pages of a site: this process, and where that is quicker two more, each with what it has read before.

A page's files are made by the process that made the page: it holds what they have in common (`ledger.sharing`).
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Iterable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess

from django.db import connection, connections

from whatworks.archive.rendering import Rendered, rendered
from whatworks.errors import WhatworksError
from whatworks.ledger import standing_still
from whatworks.saying import said

PROCESSES = 2  # more gain little: reading one database, and the one that gathers
TOGETHER = 8  # pages handed over at once: those found last, which most often are of one kind and rest on the same
AHEAD = 2  # times that pages are handed to a process before any has come back
WARM = 24  # pages made here first: what they load, the processes have from the start; few changes need no processes


class Waiting:
    """The addresses that are still to be made, by the process that knows most about them."""

    def __init__(self, first: Iterable[str]) -> None:
        self._anybody, self._own = list(first), [list[str]() for _ in range(PROCESSES)]
        self._maker: dict[str, int] = {}

    def __bool__(self) -> bool:
        return bool(self._anybody) or any(self._own)

    def add(self, addresses: Iterable[str]) -> None:
        """Let these wait."""
        for address in addresses:
            maker = self._maker.get(_family(address))
            (self._anybody if maker is None else self._own[maker]).append(address)

    def take(self, maker: int) -> list[str]:
        """The next for a process: what waits for it, else what waits for anybody, else what waits for another."""
        taken: list[str] = []
        while len(taken) < TOGETHER and self:
            address = (self._own[maker] or self._anybody or max(self._own, key=len)).pop()
            self._maker.setdefault(_family(address), maker)
            taken.append(address)
        return taken


def _family(address: str) -> str:
    """What a file belongs to: the second name in its address, such as the page of an intervention."""
    return address.split("/", 3)[2] if address.count("/") > 2 else address


class Makers:
    """Makes pages: the first ones here, the others in processes of their own where the machine can."""

    def __init__(self) -> None:
        self._here, self._alone = 0, not _may_fork()
        self._made: list[Rendered] = []
        self._others: list[tuple[ForkProcess, Connection]] = []
        self._busy = [0] * PROCESSES

    def free(self) -> int | None:
        """The process that has least to do; None while all have enough, or while what was made here is not gathered."""
        if self._made:
            return None
        maker = min(range(PROCESSES), key=self._busy.__getitem__)
        return maker if self._busy[maker] < AHEAD else None

    def busy(self) -> bool:
        """Whether anything that was handed over has not come back."""
        return bool(self._made) or any(self._busy)

    def make(self, addresses: list[str], maker: int) -> None:
        """Hand pages over to one of the processes."""
        if self._alone or self._here < WARM:
            self._here += len(addresses)
            self._made += map(rendered, addresses)
            return
        if not self._others:
            self._start()
        self._others[maker][1].send(addresses)
        self._busy[maker] += 1

    def made(self) -> list[Rendered]:
        """What has come back, as soon as anything has. Raises what went wrong in making it."""
        ready, self._made = self._made, []
        if not ready:
            back = set(wait([ours for _, ours in self._others]))
            for maker, (_, ours) in enumerate(self._others):
                if ours in back:
                    ready += _received(ours)
                    self._busy[maker] -= 1
        return ready

    def close(self) -> None:
        """Let the processes end."""
        for process, ours in self._others:
            ours.close()
            process.terminate()
            process.join()

    def _start(self) -> None:
        # Neither we nor SQLite may go on with what was open before: both keep notes that a fork makes wrong.
        connections.close_all()
        standing_still.let_go()
        context = get_context("fork")
        for _ in range(PROCESSES):
            ours, theirs = context.Pipe()
            process = context.Process(
                target=_serve, args=(theirs, [ours, *(one for _, one in self._others)]), daemon=True
            )
            process.start()
            theirs.close()
            self._others.append((process, ours))


def _received(ours: Connection) -> list[Rendered]:
    try:
        found: list[Rendered] | Exception = ours.recv()
    except EOFError as error:
        raise WhatworksError(said("A process that made pages ended before it was done; run it again.")) from error
    if isinstance(found, Exception):
        raise found
    return found


def _serve(theirs: Connection, not_ours: list[Connection]) -> None:
    """Make what is asked for until nobody asks any more."""
    for one in not_ours:  # the parent's ends: while somebody holds one, nobody hears that the parent is gone
        one.close()
    _settle()
    for addresses in _asked(theirs):
        try:
            theirs.send([rendered(address) for address in addresses])
        except Exception as error:
            error.add_note(traceback.format_exc())
            theirs.send(error)


def _asked(theirs: Connection) -> Iterator[list[str]]:
    try:
        while True:
            yield theirs.recv()
    except (EOFError, KeyboardInterrupt):
        return


def _settle() -> None:
    """What is there from the start stays to the end: to look again and again for rubbish in it takes a fifth of the time."""
    gc.collect()
    gc.freeze()


def _may_fork() -> bool:
    """Whether other processes see what this one sees, and a fork is safe: macOS's own libraries do not bear one."""
    shared = connection.vendor == "postgresql" or os.path.isabs(str(connection.settings_dict["NAME"]))
    return sys.platform == "linux" and (os.cpu_count() or 1) > 1 and shared and not connection.in_atomic_block
