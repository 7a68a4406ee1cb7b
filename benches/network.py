"""How long do a network meta-analysis and a multiverse take? CPU milliseconds, median of five blocks.

    python -m benches.network

The network is the whole result (all comparisons, direct and indirect evidence, ranks, designs); beside it, where Rscript
and metafor are present, rma.mv's fit alone, on the same contrasts. The multiverse is all of its specifications.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import combinations

import numpy as np

from whatworks.synthesise.methods.multiverse import multiverse
from whatworks.synthesise.methods.network import Network, network

SIZES = ((25, 5), (100, 10), (500, 20))
TIMER = """
seconds <- system.time(for (i in 1:3) for (digits in 12:6) {
  control <- list(optimizer = "nlminb", rel.tol = 10^-digits, iter.max = 2000, eval.max = 5000)
  fit <- tryCatch(rma.mv(yi, V, mods = ~ 0 + X, random = ~ contrast | study, rho = 1/2, control = control,
    sparse = TRUE), error = function(e) NULL)
  if (!is.null(fit)) break
})[["user.self"]]
cat("MS", 1000 * seconds / 3, "\\n")
"""


def cpu_ms(work: Callable[[], object], blocks: int = 5) -> float:
    """CPU milliseconds of one run: the median over blocks."""
    work()
    seen = []
    for _ in range(blocks):
        start = time.process_time()
        work()
        seen.append((time.process_time() - start) * 1000)
    return statistics.median(seen)


def made(studies: int, treatments: int) -> dict[str, list[object]]:
    """Contrasts of studies of two to four arms, every fifth of them of more than two."""
    draw = np.random.default_rng(20)
    columns: dict[str, list[object]] = {name: [] for name in ("study", "treat1", "treat2", "yi", "vi")}
    for study in range(studies):
        size = int(draw.integers(3, 5)) if study % 5 == 0 else 2
        arms = (
            sorted(draw.choice(treatments, size, replace=False).tolist())
            if study >= treatments - 1
            else [study, study + 1]
        )
        spread = draw.uniform(0.01, 0.2, len(arms))
        mean = 0.1 * np.array(arms) + draw.normal(0, np.sqrt(spread + 0.02))
        for i, j in combinations(range(len(arms)), 2):
            row = (study, f"t{arms[i]:02}", f"t{arms[j]:02}", mean[i] - mean[j], spread[i] + spread[j])
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    return columns


def metafor_ms(found: Network) -> float | None:
    """rma.mv on the same contrasts; None where R or metafor is not here."""
    if shutil.which("Rscript") is None:
        return None
    script = found.r_script().partition("for (digits in")[0] + TIMER
    out = subprocess.run(["Rscript", "-"], input=script, capture_output=True, text=True).stdout
    return float(out.split("MS")[1]) if "MS" in out else None


def main() -> int:
    """Print both tables."""
    print(f"{'network':>24} {'ours ms':>9} {'rma.mv ms':>10} {'times':>7}")
    for studies, treatments in SIZES:
        given = made(studies, treatments)
        ours = cpu_ms(lambda: network(**given))  # type: ignore[arg-type] # noqa: B023
        theirs = metafor_ms(network(**given)) if studies < 500 else None  # type: ignore[arg-type]
        beside = f"{theirs:10.0f} {theirs / ours:7.0f}" if theirs else f"{'-':>10} {'-':>7}"
        print(f"{f'{studies} studies, {treatments}':>24} {ours:9.1f} {beside}")
    print(f"\n{'multiverse':>24} {'ours ms':>9} {'specifications':>15}")
    draw = np.random.default_rng(21)
    for k in (10, 20, 50):
        yi, vi = draw.normal(0.2, 0.3, k), draw.uniform(0.01, 0.2, k)
        without = {"high risk": [at % 3 == 0 for at in range(k)], "not randomised": [at % 4 == 0 for at in range(k)]}
        data = {"ICC": {f"{icc:g}": lambda y, v, icc=icc: (y, v * (1 + 20 * icc)) for icc in (0.01, 0.05)}}
        n = multiverse(yi, vi, without=without, data=data).n
        took = cpu_ms(lambda: multiverse(yi, vi, without=without, data=data))  # noqa: B023
        print(f"{f'{k} effects':>24} {took:9.1f} {n:15,}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
