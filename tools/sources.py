"""The text files of this checkout, for the checks that read all of them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GIT = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]

# What is not source in a copy without git; folders that begin with a dot are left out as well.
BUILT = {"__pycache__", "_build", "build", "dist", "centre"}


def _paths() -> list[Path]:
    """Every file that is, or would be, committed; without git, every file that nothing here makes."""
    try:
        listed = subprocess.run(GIT, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        parts = ((path, path.relative_to(ROOT).parts) for path in ROOT.rglob("*"))
        return [path for path, names in parts if not BUILT & set(names) and not names[0].startswith(".")]
    return [ROOT / name for name in set(listed.split("\0")) - {""}]


def text_files(*suffixes: str) -> Iterator[Path]:
    """Every text file of the checkout, in order; with `suffixes`, only names that end so."""
    for path in sorted(_paths()):
        if path.is_file() and (not suffixes or path.name.endswith(suffixes)) and b"\0" not in path.read_bytes()[:8000]:
            yield path
