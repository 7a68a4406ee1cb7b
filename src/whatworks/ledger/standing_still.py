"""Tells whether anything was committed to the database between two moments: a mark that never comes back once it moved.

SQLite keeps such a mark for each connection (`PRAGMA data_version`): a connection of its own, which writes nothing, sees it
move with every commit of any process. On PostgreSQL it is the snapshot that a query sees (`pg_current_snapshot`): which
transactions have ended, and up to which. Two equal marks in one process mean that nothing was committed in between, by
anybody. The reverse does not hold, and need not: what is asked again for no reason is only asked again.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import uuid
from contextlib import suppress
from pathlib import Path

from django.db import DatabaseError, connection

_lock = threading.Lock()
_watch: tuple[tuple[int, str, int], str, sqlite3.Connection] | None = None


def mark() -> str | None:
    """The mark of what is committed now; None where there is none: inside a transaction, or a database in memory."""
    if connection.in_atomic_block:
        return None
    return _snapshot() if connection.vendor == "postgresql" else _version(str(connection.settings_dict["NAME"]))


def _snapshot() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_snapshot()::text")
            return str(cursor.fetchone()[0])
    except DatabaseError:
        return None


def _version(name: str) -> str | None:
    with _lock:
        try:
            watch = _watching(Path(name))
            return f"{watch[1]}.{watch[2].execute('PRAGMA data_version').fetchone()[0]}" if watch else None
        except (OSError, sqlite3.Error):
            return None


def _watching(path: Path) -> tuple[tuple[int, str, int], str, sqlite3.Connection] | None:
    """The connection that watches, one for each process and file: a fork must not go on with its parent's."""
    global _watch
    if not path.is_absolute():
        return None  # in memory, as in tests
    key = (os.getpid(), str(path), path.stat().st_ino)
    if _watch is None or _watch[0] != key:
        if _watch is not None and _watch[0][0] == key[0]:
            with suppress(sqlite3.Error):
                _watch[2].close()
        found = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=5, check_same_thread=False)
        _watch = (key, uuid.uuid4().hex[:8], found)
    return _watch


def let_go() -> None:
    """Close the connection that watches: before a fork, after which SQLite's own notes of open files would be wrong."""
    global _watch
    with _lock:
        if _watch is not None and _watch[0][0] == os.getpid():
            with suppress(sqlite3.Error):
                _watch[2].close()
        _watch = None
