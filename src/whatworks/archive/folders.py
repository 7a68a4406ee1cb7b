"""A folder that is written anew: its new files stand ready before the old ones go."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whatworks.errors import InputError
from whatworks.saying import said


def refuse_other(folder: Path, *, marker: str, what: str) -> None:
    """Refuse a folder that holds something else than what will be replaced: its marker tells."""
    if folder.exists() and not folder.is_dir():
        raise InputError(said("%(folder)s is a file; give a folder that is empty or not there yet.", folder=folder))
    if folder.is_dir() and _shown(folder) and not (folder / marker).exists():
        raise InputError(
            said("%(folder)s is not empty and holds no %(what)s; give an empty folder.", folder=folder, what=what)
        )


@contextmanager
def rewritten(folder: Path, *, marker: str) -> Iterator[Path]:
    """A place to write the new files; when all went well, they take the place of the old ones.

    Names that begin with a dot stay: a pack or a site may lie in a folder under version control. The marker goes first
    and comes last, so that a folder left half-way by a power cut is not taken for a whole one.
    """
    there = folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    new, old = (folder / f".{name}-{uuid.uuid4().hex[:8]}" for name in ("new", "old"))
    new.mkdir()
    try:
        yield new
        old.mkdir()
        for path in sorted(_shown(folder), key=lambda path: path.name != marker):
            path.rename(old / path.name)
        for path in sorted(_shown(new), key=lambda path: path.name == marker):
            path.rename(folder / path.name)
        shutil.rmtree(old)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        if not there and not any(folder.iterdir()):
            folder.rmdir()


def taken_over(old: Path, new: Path, body: bytes) -> bool:
    """Whether the old file has these bytes, and now stands in the new place too, its date unchanged."""
    if old.is_symlink() or not old.is_file() or old.read_bytes() != body:
        return False
    try:
        new.hardlink_to(old)
    except OSError:  # a file system without links: it is written anew
        return False
    return True


def _shown(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if not path.name.startswith(".")]
