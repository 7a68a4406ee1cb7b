"""Runs the declared analysis of this archive again: python3 analyse.py DATA.csv

DATA.csv: the file of outcomes, or synthetic/twin.csv to try it. What the draw knows of each unit (its arm, its strata) is put beside each
row first, into joined.csv; then `whatworks trial analyse` runs. Needs whatworks; of Python the standard library alone.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent


def joined(source: Path) -> Path:
    """The data with what the draw knows and they do not say."""
    told = tomllib.loads((HERE / "design.toml").read_text("utf-8"))
    analysis, kind = told.get("analysis", {}), told["design"]["kind"]
    arm, key = analysis.get("arm", "arm"), analysis.get("cluster") or "unit"
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    drawn = HERE / "allocation.json"
    if drawn.exists() and kind != "stepped-wedge":
        held = json.loads(drawn.read_text("utf-8"))
        names = held["list"]["columns"]
        listed = {unit[names.index("unit")]: dict(zip(names, unit, strict=True)) for unit in held["list"]["units"]}
        for row in rows:
            known = listed[row[key]] | {arm: held["allocation"][row[key]]}
            row.update({name: value for name, value in known.items() if name not in row and name != "unit"})
    made = Path("joined.csv")
    with made.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    return made


def main() -> int:
    """Join, then analyse."""
    data, kind = joined(Path(sys.argv[1])), tomllib.loads((HERE / "design.toml").read_text("utf-8"))["design"]["kind"]
    command = ["whatworks", "trial", "analyse", str(HERE / "design.toml"), str(data), *sys.argv[2:]]
    if (HERE / "allocation.json").exists() and kind != "individual":
        command += ["--allocation", str(HERE / "allocation.json")]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
