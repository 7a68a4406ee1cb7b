"""How long does pooling take, beside other programs? CPU milliseconds per fit, median of five blocks.

    python -m benches.pooling

Ours is the whole result: estimate, interval, tau2 with its Q-profile interval, prediction interval, weights. The peers
(statsmodels, PyMARE) fit tau2 and the mean only, and are left out where they are not installed; so is metafor where
there is no Rscript. REML + HKSJ is the fit of the promise: ours and metafor's whole results. Read the ratios: the same
machine, the same minute. Every one of them keeps to one core.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from importlib import import_module
from types import ModuleType

import numpy as np

from whatworks.extract import measure
from whatworks.synthesise import estimate_tau2, pool

SIZES = (10, 30, 100, 500, 2000)
Fit = Callable[[np.ndarray, np.ndarray], object]


def cpu_ms(work: Callable[[], object], blocks: int = 5) -> float:
    """CPU milliseconds of one run: the median over blocks long enough for the clock."""
    work()
    start = time.process_time()
    work()
    runs = max(3, int(0.05 / max(time.process_time() - start, 1e-6)))
    seen = []
    for _ in range(blocks):
        start = time.process_time()
        for _ in range(runs):
            work()
        seen.append((time.process_time() - start) / runs * 1000)
    return statistics.median(seen)


def optional(name: str) -> ModuleType | None:
    """The module, or None where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


def pymare_fit(estimator: str) -> Fit | None:
    """PyMARE's fit by the estimator of this name."""
    estimators = optional("pymare.estimators")
    if estimators is None:
        return None
    if estimator == "DL":
        return lambda y, v: estimators.DerSimonianLaird().fit(y[:, None], v[:, None], np.ones((y.size, 1)))
    return lambda y, v: estimators.VarianceBasedLikelihoodEstimator(method=estimator).fit(
        y[:, None], v[:, None], np.ones((y.size, 1))
    )


def statsmodels_fit(estimator: str) -> Fit | None:
    """statsmodels' combine_effects, which has DL and Paule-Mandel."""
    module, methods = optional("statsmodels.stats.meta_analysis"), {"DL": "dl", "PM": "pm"}
    if module is None or estimator not in methods:
        return None
    return lambda y, v: module.combine_effects(y, v, method_re=methods[estimator])


PATIENCE = 500  # metafor takes nine seconds for one fit of 2,000 studies, and more for its interval of tau2
METAFOR = """suppressMessages(library(metafor))
fit <- function(y, v) {{ f <- rma(y, v, test = "knha", control = list(maxiter = 1000, stepadj = 0.5)); predict(f)
  confint(f, type = "QP") }}
cpu <- function(y, v, times) {{ if (times > 1) fit(y, v)
  start <- proc.time()[["user.self"]]; for (i in seq_len(times)) fit(y, v)
  1000 * (proc.time()[["user.self"]] - start) / times }}
{lines}
"""


def metafor_ms(data: list[tuple[np.ndarray, np.ndarray]]) -> list[float] | None:
    """metafor's CPU milliseconds for REML + HKSJ with prediction and Q-profile interval; None without R."""
    if shutil.which("Rscript") is None:
        return None

    def vector(numbers: np.ndarray) -> str:
        return f"c({', '.join(map(repr, numbers.tolist()))})"

    times = {k: max(1, min(20, 600 // k)) for k in SIZES}
    calls = (f"cat(cpu({vector(y)}, {vector(v)}, {times[y.size]}), '\\n')" for y, v in data if y.size <= PATIENCE)
    lines = "\n".join(calls)
    done = subprocess.run(["Rscript", "-"], input=METAFOR.format(lines=lines), capture_output=True, text=True)
    return None if done.returncode else [float(line) for line in done.stdout.split()]


def rows() -> list[tuple[str, Fit | None]]:
    """What is timed, by name; None where the program is not installed."""
    found: list[tuple[str, Fit | None]] = [("REML + HKSJ  whatworks, whole", lambda y, v: pool(y, v, interval="hksj"))]
    for estimator in ("REML", "DL", "PM"):
        found += [
            (f"{estimator}  whatworks, whole result", lambda y, v, name=estimator: pool(y, v, tau2=name)),
            (f"{estimator}  whatworks, tau2 only", lambda y, v, name=estimator: estimate_tau2(y, v, name)),
        ]
        if estimator != "PM":
            found.append((f"{estimator}  PyMARE", pymare_fit(estimator)))
        if estimator != "REML":
            found.append((f"{estimator}  statsmodels", statsmodels_fit(estimator)))
    return found


def main() -> None:
    """Print the table, then the time of 10,000 effects."""
    rng = np.random.default_rng(20260101)
    data = []
    for k in SIZES:
        v = rng.uniform(0.01, 0.2, k)
        data.append((rng.normal(0.3, np.sqrt(v + 0.05)), v))
    print("CPU ms per fit".ljust(32), *(f"k={k}".rjust(9) for k in SIZES))
    for name, fit in rows():
        if fit is None:
            print(name.ljust(32), "not installed".rjust(14))
            continue
        times = (cpu_ms(lambda fit=fit, y=y, v=v: fit(y, v)) for y, v in data)
        print(name.ljust(32), *(f"{ms:9.3f}" for ms in times))
    theirs = metafor_ms(data)
    told = "not installed".rjust(14) if theirs is None else " ".join(f"{ms:9.3f}" for ms in theirs)
    print("REML + HKSJ  metafor, whole".ljust(32), told)
    n = 10_000
    means = {name: rng.uniform(5, 15, n) for name in ("m1i", "sd1i", "m2i", "sd2i")}
    means |= {name: rng.integers(10, 200, n) for name in ("n1i", "n2i")}
    print(f"Hedges' g of {n} rows".ljust(32), f"{cpu_ms(lambda: measure('SMD', means)):9.3f}")


if __name__ == "__main__":
    main()
