"""What takes seconds to work out and never changes for the same figures, kept in a file that may be deleted at any time."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings

from whatworks.ledger.canonical import digest

VERSION = 1  # to be raised whenever what is withheld changes for the same figures
Rows = list[tuple[str, ...]]


def remembered(name: str, key: object, work: Callable[[], Iterable[tuple[str, ...]]]) -> Rows:
    """The rows that `work` gives for a key: from the file, or worked out and put there."""
    path = Path(settings.HOME) / "remembered" / f"{name}-{digest([VERSION, key])}.json"
    try:
        return [tuple(row) for row in json.loads(path.read_text("utf-8"))]
    except (OSError, ValueError):
        pass  # not there, or half written by a machine that went off: worked out again
    rows = sorted(work())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(rows), "utf-8")
        beside.replace(path)
    except OSError:
        pass  # a folder that cannot be written: the next process works it out, too
    return rows
