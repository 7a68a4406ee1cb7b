"""SQLite lets one writer in at a time and makes the others sleep and look again, so whoever comes back at once goes first.

Here writers take turns: to write, a transaction first becomes the next in line, then waits for the one inside to leave.
Whoever has just left must queue again behind the next in line. The queue is two files beside the database, locked by the
kernel, which lets go of them when a process dies. Where the kernel has no such locks, SQLite's own waiting is what is left.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from django.db.backends.sqlite3 import base

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose writing transactions take turns with those of other processes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._line: tuple[IO[bytes], IO[bytes]] | None = None
        self._inside = False

    def _start_transaction_under_autocommit(self) -> None:
        self._enter()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> None:
        super()._commit()
        self._leave()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._leave()

    def _close(self) -> None:
        super()._close()
        self._leave()
        for file in self._line or ():
            file.close()
        self._line = None

    def _enter(self) -> None:
        line = self._files()
        if line is None or self._inside:
            return
        following, inside = line
        fcntl.flock(following, fcntl.LOCK_EX)
        fcntl.flock(inside, fcntl.LOCK_EX)
        fcntl.flock(following, fcntl.LOCK_UN)
        self._inside = True

    def _leave(self) -> None:
        if self._inside and self._line is not None:
            fcntl.flock(self._line[1], fcntl.LOCK_UN)
        self._inside = False

    def _files(self) -> tuple[IO[bytes], IO[bytes]] | None:
        if fcntl is None or self.is_in_memory_db():
            return None
        if self._line is None:
            name = Path(str(self.settings_dict["NAME"]))
            # Kept open as long as the connection: closing a file would give up its place in the line.
            self._line = (
                Path(f"{name}-next").open("ab"),  # noqa: SIM115
                Path(f"{name}-inside").open("ab"),  # noqa: SIM115
            )
        return self._line
