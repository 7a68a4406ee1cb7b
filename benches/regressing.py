"""How long do refits take, beside metafor and PyMARE? Wall milliseconds, the best of several runs.

    python -m benches.regressing

Each line is one question: leave-one-out and deletion diagnostics of 100 studies, 1,000 re-orderings of the moderator of
the BCG trials, 10,000 bootstrap refits of 20 studies, one meta-regression. Answers are fully realised on both sides.
R is measured in the same minute where Rscript is; PyMARE where it is installed (it has no batches, so it loops).
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable

import numpy as np

from whatworks.synthesise.methods.influence.bootstrapping import bootstrap
from whatworks.synthesise.methods.influence.diagnosing import influence
from whatworks.synthesise.methods.influence.leaving_out import leave_one_out
from whatworks.synthesise.methods.regressing.permuting import permutation_test
from whatworks.synthesise.methods.regressing.r_scripts import vector
from whatworks.synthesise.methods.regressing.regression import regress

ABLAT = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
BCG_Y = [
    -0.8893,
    -1.5854,
    -1.3481,
    -1.4416,
    -0.2175,
    -0.7861,
    -1.6209,
    0.0120,
    -0.4694,
    -1.3713,
    -0.3394,
    0.4459,
    -0.0173,
]
BCG_V = [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325, 0.0714]
SCRIPT = """suppressMessages(library(metafor)); set.seed(1)
y <- {y}; v <- {v}; by <- {by}; bv <- {bv}; x <- {x}
best <- function(work, times) min(sapply(seq_len(times), function(i) system.time(work())[["elapsed"]])) * 1000
r <- rma(y, v); m <- rma(by, bv, mods = ~ x)
cat(best(function() leave1out(r), 3), best(function() influence(r), 3),
  best(function() permutest(m, iter = 1000, progbar = FALSE), 1),
  best(function() for (i in 1:200) rma(rnorm(20, 0, sqrt(v[1:20] + .1)), v[1:20], control = list(maxiter = 2000, stepadj = .5)), 1) * 50,
  best(function() for (i in 1:20) rma(by, bv, mods = ~ x), 3) / 20)
"""


def studies(k: int) -> tuple[np.ndarray, np.ndarray]:
    """k studies of unequal size whose true effects differ."""
    rng = np.random.default_rng(1)
    v = rng.uniform(0.01, 0.2, k)
    return rng.normal(0, 0.3, k) + rng.normal(0, np.sqrt(v)), v


def best_ms(work: Callable[[], object], times: int = 30) -> float:
    """Wall milliseconds of the quickest run: what the work needs where nothing else disturbs it."""
    work()
    seen = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seen.append((time.perf_counter() - start) * 1000)
    return min(seen)


def ours() -> dict[str, float]:
    """Our times by question."""
    y, v = studies(100)
    found = regress(BCG_Y, BCG_V, ABLAT)
    return {
        "leave-one-out, k = 100": best_ms(lambda: leave_one_out(y, v)),
        "deletion diagnostics, k = 100": best_ms(lambda: influence(y, v)),
        "permutation test, 1,000 x BCG": best_ms(lambda: permutation_test(found, 1000)),
        "10,000 bootstrap refits, k = 20": best_ms(lambda: bootstrap(y[:20], v[:20]), 5),
        "one meta-regression, BCG": best_ms(lambda: regress(BCG_Y, BCG_V, ABLAT)),
    }


def metafor() -> list[float] | None:
    """metafor's times in the same order (bootstrap: 200 fits, times 50), None without R."""
    if shutil.which("Rscript") is None:
        return None
    y, v = studies(100)
    script = SCRIPT.format(y=vector(y), v=vector(v), by=vector(BCG_Y), bv=vector(BCG_V), x=vector(ABLAT))
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        print(f"metafor could not be measured: {done.stderr.strip().splitlines()[-1]}")
        return None
    return [float(part) for part in done.stdout.split()]


def pymare() -> list[float | None] | None:
    """PyMARE's times for leave-one-out and the regression, None where it is not installed."""
    try:
        from pymare.estimators import VarianceBasedLikelihoodEstimator
    except ImportError:
        return None
    y, v = studies(100)

    def fit(yi: np.ndarray, vi: np.ndarray, x: np.ndarray) -> object:
        return VarianceBasedLikelihoodEstimator(method="REML").fit(yi[:, None], vi[:, None], x)

    one = np.ones((99, 1))
    left = best_ms(lambda: [fit(np.delete(y, i), np.delete(v, i), one) for i in range(100)], 3)
    x = np.column_stack((np.ones(13), ABLAT))
    return [left, None, None, None, best_ms(lambda: fit(np.array(BCG_Y), np.array(BCG_V), x))]


def main() -> None:
    """Print the table."""
    mine, theirs, peers = ours(), metafor(), pymare()
    print(f"{'milliseconds':34}{'ours':>10}{'metafor':>12}{'times':>8}{'PyMARE':>10}{'times':>8}")
    for place, (question, ms) in enumerate(mine.items()):
        cells = [f"{question:34}{ms:10.2f}"]
        for other, width in ((theirs, 12), (peers, 10)):
            value = other[place] if other else None
            cells.append(f"{value:{width}.0f}{value / ms:8.0f}" if value is not None else f"{'-':>{width}}{'-':>8}")
        print("".join(cells))


if __name__ == "__main__":
    main()
