"""How long do a trial's analyses take, beside lme4, lmerTest, pbkrtest and clubSandwich? CPU milliseconds of a whole answer.

    python -m benches.trial_fits

Ours is the line of the panel from columns that are already read: the matrix from the design, the fit, the small-sample test and the
interval. R is run in the same minute where Rscript and its packages are installed: lmer and the test of the arm's coefficient
(`contest1D` by Satterthwaite, and by Kenward and Roger through pbkrtest), lm with vcovCR and coef_test. Read the ratios: CPU time, one
core, medians. The shares that must be reached: Kenward and Roger 5 times, least squares with CR2 20 times as quick.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from whatworks.trial.methods.analysing import panel
from whatworks.trial.methods.analysing.table import prepare
from whatworks.trial.methods.design import read

DESIGN = """
[design]
kind = "cluster"
[analysis]
outcome = "y"
arm = "arm"
cluster = "school"
covariates = ["pre"]
"""
R = """
suppressMessages({library(lme4); library(lmerTest); library(pbkrtest); library(clubSandwich); library(jsonlite)})
ms <- function(work, times) {
  if (times > 1) work()
  one <- function() {start <- proc.time(); work(); sum((proc.time() - start)[1:2]) * 1000}
  median(sapply(seq_len(times), function(i) one()))
}
found <- list()
for (name in c("many", "large")) {
  d <- read.csv(file.path(folder, paste0(name, ".csv")))
  fit <- function() lmer(y ~ arm + pre + (1 | school), d)
  test <- function(ddf) {m <- fit(); contest1D(m, c(0, 1, 0), ddf = ddf)}
  least <- function() {m <- lm(y ~ arm + pre, d); coef_test(m, vcov = vcovCR(m, cluster = d$school, type = "CR2"))}
  found[[name]] <- list(
    `lmm-satterthwaite` = ms(function() test("Satterthwaite"), 7),
    `lmm-kr` = if (name == "large") NA else ms(function() test("Kenward-Roger"), 3),
    `ols-cr2` = ms(least, if (name == "large") 1 else 3))
}
cat(toJSON(found, auto_unbox = TRUE, na = "null"))
"""
WORDS = {
    "lmm-satterthwaite": "mixed model, Satterthwaite",
    "lmm-kr": "mixed model, Kenward-Roger",
    "ols-cr2": "least squares, CR2",
}
REACH = {("many", "lmm-kr"): 5, ("large", "ols-cr2"): 20}


def drawn(sizes: list[int], seed: int) -> dict[str, list[Any]]:
    """Pupils of schools of these sizes, every other one in the arm."""
    chance, n = np.random.default_rng(seed), sum(sizes)
    school = np.repeat(np.arange(len(sizes)), sizes)
    arm, pre = school % 2, chance.normal(size=n)
    y = 0.2 * arm + 0.5 * pre + chance.normal(0, 0.4, len(sizes))[school] + chance.normal(size=n)
    return {"school": school.tolist(), "arm": arm.tolist(), "pre": pre.tolist(), "y": y.tolist()}


def sets() -> dict[str, dict[str, list[Any]]]:
    """200 schools of 30 pupils, and 16,526 pupils in 35 schools."""
    sizes = [472] * 34
    return {"many": drawn([30] * 200, 1), "large": drawn([*sizes, 16_526 - sum(sizes)], 2)}


def cpu_ms(work: Callable[[], object], times: int = 9) -> float:
    """CPU milliseconds of one run: the median."""
    work()
    seen = []
    for _ in range(times):
        start = time.process_time()
        work()
        seen.append((time.process_time() - start) * 1000)
    return statistics.median(seen)


def ours(table: dict[str, list[Any]]) -> dict[str, float]:
    """Milliseconds of each method, the columns read already."""
    found = prepare(read(DESIGN), table)
    return {name: cpu_ms(lambda name=name: panel.one(found, name)) for name in WORDS}  # type: ignore[misc]


def theirs(data: dict[str, dict[str, list[Any]]]) -> dict[str, dict[str, float | None]]:
    """The same by R; empty where it is not installed."""
    if shutil.which("Rscript") is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for name, columns in data.items():
            with (Path(folder) / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow(columns)
                writer.writerows(zip(*columns.values(), strict=True))
        script = Path(folder) / "bench.R"
        script.write_text(f'folder <- "{folder}"\n{R}', encoding="utf-8")
        ran = subprocess.run(
            ["Rscript", str(script)], capture_output=True, text=True, check=False,
            env=dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1"),
        )  # fmt: skip
    if ran.returncode:
        print("R stopped:", ran.stderr.strip().splitlines()[-1] if ran.stderr.strip() else ran.returncode)
        return {}
    return json.loads(ran.stdout)


def main() -> None:
    """Print the table."""
    data = sets()
    r = theirs(data)
    names = {"many": "200 schools x 30", "large": "16,526 pupils, 35 schools"}
    print("CPU ms".ljust(56), "whatworks".rjust(10), "R".rjust(10), "ratio".rjust(8), "asked".rjust(7))
    for name, columns in data.items():
        for key, own in ours(columns).items():
            other = r.get(name, {}).get(key)
            told = f"{other:10.1f} {other / own:8.1f}" if other else f"{'–':>10} {'–':>8}"
            asked = f"{REACH[name, key]:7d}" if (name, key) in REACH else ""
            print(f"{names[name]}: {WORDS[key]}".ljust(56), f"{own:10.2f}", told, asked)


if __name__ == "__main__":
    main()
