"""Files made of a revision, kept as they were first made: under their own digest, found by what they were made of.

So a file that somebody took away last year is the same file today, whatever has become of the templates. Equal files are
kept once. What is lost or damaged is made again.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from whatworks.errors import WhatworksError
from whatworks.saying import said

FOLDER = "handouts"
PATIENCE = 15.0  # seconds that one reader waits while another's file is made

_one_at_a_time = threading.Lock()


class BusyError(WhatworksError):
    """The server is making other files. Says when to come again."""

    http_status = 503


def store() -> Path:
    """Where the files are: `names` leads from what a file was made of to its digest, the other folders hold the bytes."""
    return Path(settings.HOME) / FOLDER


def kept(made_of: Sequence[str], make: Callable[[], bytes]) -> tuple[bytes, str]:
    """The bytes made of these names, and their SHA-256; made now if nobody asked before, one file at a time."""
    name = store() / "names" / _digest("\n".join(made_of).encode())
    if found := _found(name):
        return found
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise BusyError(said("Other files are being made just now; please try again in a minute."))
    try:
        return _found(name) or _keep(name, make())
    finally:
        _one_at_a_time.release()


def _found(name: Path) -> tuple[bytes, str] | None:
    """What is kept under a name, if it is there and is what its digest says."""
    try:
        digest = name.read_text("ascii")
        body = _path(digest).read_bytes()
    except (OSError, UnicodeDecodeError, ValueError):
        return None
    return (body, digest) if _digest(body) == digest else None


def _keep(name: Path, body: bytes) -> tuple[bytes, str]:
    """Bytes first, then the name that leads to them: whoever finds the name finds the bytes."""
    digest = _digest(body)
    with suppress(OSError):  # a folder that cannot be written: made again each time
        _written(_path(digest), body)
        _written(name, digest.encode())
    return body, digest


def _path(digest: str) -> Path:
    if len(digest) != 64 or not digest.isalnum():
        raise ValueError("not a digest")
    return store() / digest[:2] / digest


def _written(target: Path, body: bytes) -> None:
    """Write a file whole or not at all, also when two processes write it at once."""
    beside = target.with_name(f".{secrets.token_hex(8)}")
    try:
        beside.write_bytes(body)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(body)
    beside.replace(target)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
