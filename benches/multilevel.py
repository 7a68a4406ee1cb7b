"""How long do multilevel models take, beside metafor and clubSandwich? CPU milliseconds of a whole result.

    python -m benches.multilevel

Ours is the whole result each time: coefficients, variances, I2, Q, prediction interval, warnings, and where it says CR2
robust covariance, Satterthwaite's df and the joint test. R is run in the same minute where Rscript and its packages are
installed: rma.mv (dense, and sparse where that is the faster), vcovCR, coef_test. Read the ratios: CPU time, one
core, medians of blocks.
"""

from __future__ import annotations

import csv
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benches._r import by_r
from tests.shared import SHARED
from whatworks.synthesise.methods.multilevel.modelling import multilevel

R = """
suppressMessages({library(metafor); library(clubSandwich); library(jsonlite)})
ms <- function(work, times) {
  if (times > 1) work()
  start <- proc.time(); for (i in seq_len(times)) work(); sum((proc.time() - start)[1:2]) / times * 1000
}
che <- function(d, rho) {
  V <- bldiag(lapply(split(d$vi, d$study), function(v) {B <- rho * tcrossprod(sqrt(v)); diag(B) <- v; B}))
  if (nrow(d) > 500) Matrix::Matrix(V, sparse = TRUE) else V
}
robust <- function(fit, d) {V.r <- vcovCR(fit, cluster = d$study, type = "CR2"); coef_test(fit, vcov = V.r)}
found <- list()
for (name in c("assink", "balanced", "campbell")) {
  d <- read.csv(file.path(folder, paste0(name, ".csv")))
  large <- nrow(d) > 500; times <- if (large) 1 else 20
  fit <- function(V, ...) rma.mv(yi, V, random = ~ 1 | study/esid, data = d, sparse = large, ...)
  one <- fit(d$vi)
  found[[name]] <- list(fit = if (large && name == "campbell") NA else ms(function() fit(d$vi), times),
    cr2 = if (large) NA else ms(function() robust(one, d), times), che = ms(function() robust(fit(che(d, 0.6)), d), times))
}
cat(toJSON(found, auto_unbox = TRUE, na = "null"))
"""


def cpu_ms(work: Callable[[], object], blocks: int = 5) -> float:
    """CPU milliseconds of one run: the median over blocks long enough for the clock."""
    work()
    start = time.process_time()
    work()
    runs = max(2, int(0.05 / max(time.process_time() - start, 1e-6)))
    seen = []
    for _ in range(blocks):
        start = time.process_time()
        for _ in range(runs):
            work()
        seen.append((time.process_time() - start) / runs * 1000)
    return statistics.median(seen)


def drawn(sizes: np.ndarray[Any, Any], seed: int) -> dict[str, np.ndarray[Any, Any]]:
    """Effects of studies of these sizes with variances between studies and between effects."""
    chance, n = np.random.default_rng(seed), int(sizes.sum())
    study = np.repeat(np.arange(sizes.size), sizes)
    vi = chance.uniform(0.01, 0.2, n)
    yi = 0.2 + chance.normal(0, 0.25, sizes.size)[study] + chance.normal(0, 0.2, n) + chance.normal(0, np.sqrt(vi))
    return {"study": study, "esid": np.arange(n), "yi": yi, "vi": vi}


def campbell() -> np.ndarray[Any, Any]:
    """Sizes of 195 studies that make 1,334 effects, most of them small and a few large."""
    sizes = 1 + np.random.default_rng(7).geometric(1 / 5.8, 195)
    while (left := 1334 - int(sizes.sum())) != 0:
        sizes[int(sizes.argmax()) if left < 0 else int(sizes.argmin())] += 1 if left > 0 else -1
    return sizes


def sets() -> dict[str, dict[str, np.ndarray[Any, Any]]]:
    """Data sets by name."""
    found = {"balanced": drawn(np.full(200, 5), 1), "campbell": drawn(campbell(), 2)}
    file = SHARED / "metadat" / "dat.assink2016.csv"
    if file.exists():
        with file.open(encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        found = {
            "assink": {name: np.array([float(row[name]) for row in rows]) for name in ("study", "esid", "yi", "vi")}
        } | found
    return found


def ours(data: dict[str, np.ndarray[Any, Any]]) -> dict[str, float]:
    """Milliseconds of the fit, of CR2 on top of it, and of the correlated and hierarchical effects model with CR2."""

    def fit(**more: Any) -> object:
        return multilevel(data["yi"], data["vi"], nested={"study": data["study"], "esid": data["esid"]}, **more)

    plain = cpu_ms(fit)
    return {
        "fit": plain,
        "cr2": max(cpu_ms(lambda: fit(robust="CR2")) - plain, 0.0),
        "che": cpu_ms(lambda: fit(rho=0.6, robust="CR2")),
    }


def theirs(data: dict[str, dict[str, np.ndarray[Any, Any]]]) -> dict[str, dict[str, float | None]]:
    """The same by R; empty where it is not installed."""
    return by_r(R, data) if "assink" in data else {}


def main() -> None:
    """Print the table."""
    data = sets()
    r = theirs(data)
    names = {"assink": "assink (100 effects)", "balanced": "200 x 5 (1,000)", "campbell": "195 studies (1,334)"}
    words = {"fit": "three-level REML", "cr2": "+ CR2 and Satterthwaite", "che": "CHE + CR2"}
    print("CPU ms".ljust(48), "whatworks".rjust(10), "R".rjust(10), "ratio".rjust(8))
    for name, columns in data.items():
        for key, own in ours(columns).items():
            other = r.get(name, {}).get(key)
            beside = "-".rjust(10) if other is None else f"{other:10.1f}"
            ratio = "" if other is None or own <= 0 else f"{other / own:8.0f}"
            print(f"{names[name]}: {words[key]}".ljust(48), f"{own:10.2f}", beside, ratio)


if __name__ == "__main__":
    main()
