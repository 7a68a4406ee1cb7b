"""R beside ours in the same minute: tables written down for it, a script run on one thread, its JSON read. No bench by itself."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # CPU time is compared, and ours runs on one


def by_r(script: str, tables: Mapping[str, Mapping[str, Iterable[Any]]]) -> dict[str, dict[str, float | None]]:
    """What the script prints as JSON; it finds each table as NAME.csv in `folder`. Empty where R is not installed, or stops."""
    if shutil.which("Rscript") is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for name, columns in tables.items():
            with (Path(folder) / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow(columns)
                writer.writerows(zip(*(_plain(one) for one in columns.values()), strict=True))
        file = Path(folder) / "bench.R"
        file.write_text(f'folder <- "{folder}"\n{script}', encoding="utf-8")
        ran = subprocess.run(
            ["Rscript", str(file)], capture_output=True, text=True, check=False, env={**os.environ, **THREADS}
        )
    if ran.returncode:
        said = " ".join(ran.stderr.split()).removesuffix("Execution halted").strip()
        print("R stopped:", said[-200:] or ran.returncode)
        return {}
    found: dict[str, dict[str, float | None]] = json.loads(ran.stdout)
    return found


def _plain(column: Iterable[Any]) -> list[Any]:
    """A column without numpy's types, which print otherwise."""
    return list(column.tolist() if hasattr(column, "tolist") else column)
