"""Make the reference numbers of tests/oracles anew, where R and its packages are: `python -m tools.oracles [name ...]`.

A script in tests/oracles/make takes the folder of the data sets as its argument and prints its JSON, which replaces
tests/oracles/NAME.json once it is whole. What moved since, and how far, is said for each.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.sources import ROOT

ORACLES = ROOT / "tests" / "oracles"
MAKE = ORACLES / "make"
SHARED = Path(os.environ.get("WHATWORKS_SHARED", ROOT.parent / "shared")) / "data" / "metadat"
NAMED = re.compile(r"library\((\w+)\)|packageVersion\(\"(\w+)\"\)")
FIRST = ("bias",)  # others read what these write


def scripts() -> dict[str, Path]:
    """The scripts by the name of what they make, those that others read first."""
    found = {path.stem: path for path in sorted([*MAKE.glob("*.R"), *ORACLES.glob("*.R")])}
    return {name: found[name] for name in sorted(found, key=lambda name: (name not in FIRST, name))}


def absent() -> str | None:
    """Why nothing can be made here, in one sentence; None where something can."""
    if shutil.which("Rscript") is None:
        return "R is not installed (there is no Rscript): the numbers stay as they are, and the tests go on using them."
    if not SHARED.is_dir():
        return (
            f"The data sets are not in {SHARED}: say where they are by WHATWORKS_SHARED; the numbers stay as they are."
        )
    return None


def lacking(script: Path) -> list[str]:
    """The packages that a script names and R has not."""
    named = {one for pair in NAMED.findall(script.read_text(encoding="utf-8")) for one in pair if one}
    test = f"cat(setdiff(c({', '.join(map(repr, sorted(named)))}), rownames(installed.packages())))"
    done = subprocess.run(["Rscript", "-e", test], capture_output=True, text=True, check=True)
    return done.stdout.split()


def remake(name: str, script: Path) -> str:
    """Run one script; what changed, or why it failed, in one line."""
    if missing := lacking(script):
        return f"KEPT as it was: R lacks {', '.join(missing)}; install them (r-cran-NAME in Debian) and run this again"
    target = ORACLES / f"{name}.json"
    before = json.loads(target.read_text(encoding="utf-8")) if target.is_file() else None
    quiet = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        ["Rscript", script.name, SHARED], cwd=script.parent, capture_output=True, text=True, env=quiet
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        return f"FAILED, and kept as it was: {lines[-1] if lines else 'it stopped without a word'}"
    try:
        after = json.loads(done.stdout)
    except ValueError:
        return "FAILED, and kept as it was: the script printed no JSON"
    target.write_text(done.stdout, encoding="utf-8")
    return "made" if before is None else told(before, after)


def told(before: object, after: object) -> str:
    """How far the numbers moved."""
    moved = list(moves(before, after, ""))
    if not moved:
        return "the same numbers"
    size, where = max(moved)
    kind = "is another value" if size == float("inf") else f"moved by {size:.1e}"
    return f"{len(moved):,} values differ; {where} {kind}" + (", the furthest" if size < float("inf") else "")


def moves(before: object, after: object, where: str) -> Iterator[tuple[float, str]]:
    """How far each number is from what it was (relative above 1), and where; infinity for anything else that changed."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from moves(before.get(key), after.get(key), f"{where}/{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for at, pair in enumerate(zip(before, after, strict=True)):
            yield from moves(*pair, f"{where}/{at}")
    elif before != after:
        numbers = isinstance(before, int | float) and isinstance(after, int | float)
        far = abs(before - after) / max(1.0, abs(before)) if numbers else float("inf")  # type: ignore[operator, arg-type]
        yield far, where


def main(names: list[str]) -> int:
    """Make all of them, or those named; 1 where one failed, 2 where a name is unknown."""
    if why := absent():
        print(why)
        return 0
    known = scripts()
    if unknown := [name for name in names if name not in known]:
        print(f"There is no script for {unknown[0]!r}; there are {', '.join(known)}.")
        return 2
    failed = 0
    for name, script in known.items():
        if not names or name in names:
            line = remake(name, script)
            failed += line.startswith("FAILED")
            print(f"{name:20} {line}", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
