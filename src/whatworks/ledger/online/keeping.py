"""Kept answers: pages that were fetched lie in a folder for a while, so that what was interrupted goes on where it was
and nobody is asked the same twice."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer as it was kept: its body, when it came (seconds since 1970), and the server's mark of its version."""

    body: bytes
    at: float
    etag: str


class Shelf:
    """A folder of answers, each under the hash of what was asked (which holds no key); None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def _path(self, asked: str) -> Path | None:
        return self._folder / f"{hashlib.sha256(asked.encode()).hexdigest()}.answer" if self._folder else None

    def find(self, asked: str) -> Kept | None:
        """The answer to this question, if it is kept whole."""
        path = self._path(asked)
        try:
            raw = path.read_bytes() if path else b""
            head, _, body = raw.partition(b"\n")
            said = json.loads(head)
            whole = said["asked"] == asked and said["sha256"] == hashlib.sha256(body).hexdigest()
            return Kept(body, float(said["at"]), str(said["etag"])) if whole else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, asked: str, body: bytes, at: float, etag: str = "") -> None:
        """Keep an answer, whole or not at all. A folder that cannot be written only costs that it is asked again."""
        path = self._path(asked)
        if path is None:
            return
        head = json.dumps({"asked": asked, "at": at, "etag": etag, "sha256": hashlib.sha256(body).hexdigest()})
        beside = path.with_suffix(f".{os.getpid()}.part")
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(head.encode() + b"\n" + body)
            os.replace(beside, path)

    def forget(self, before: float) -> int:
        """Remove answers that came before a time; how many they were."""
        return sum(1 for path in self._old(before) if _removed(path))

    def _old(self, before: float) -> Iterator[Path]:
        for path in self._folder.glob("*.answer") if self._folder else ():
            with suppress(OSError):
                if path.stat().st_mtime < before:
                    yield path


def _removed(path: Path) -> bool:
    with suppress(OSError):
        path.unlink()
        return True
    return False
