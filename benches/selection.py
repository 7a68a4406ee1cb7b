"""How long does a step-function selection model take, beside R's metafor? CPU milliseconds per fit, median of blocks.

    python benches/selection.py

Ours is the whole result: the fit from several starts, errors from the exact observed information, the likelihood ratio
test, the fit without selection, the warnings. metafor's selmodel is left out where Rscript, metafor or numDeriv are not
installed. Read the ratios: the same data, the same machine, the same minute. Both keep to one core.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable

import numpy as np

from whatworks.synthesise.methods.bias.assessing import bias
from whatworks.synthesise.methods.bias.selection import selection

SIZES = (20, 100, 500)
STEPS: tuple[tuple[float, ...], ...] = ((0.025,), (0.025, 0.1, 0.5))
SCRIPT = """
suppressMessages(library(metafor)); stopifnot(requireNamespace("numDeriv", quietly = TRUE))
given <- jsonlite::fromJSON(file("stdin"))
cpu <- function(work) { work(); seen <- replicate(5, sum(system.time(work())[1:2])); 1000 * median(seen) }
out <- lapply(seq_along(given$y), function(i) {
  y <- given$y[[i]]; v <- given$v[[i]]
  lapply(given$steps, function(s) {
    fit <- NULL
    ms <- cpu(function() fit <<- selmodel(rma(y, v, method = "ML"), type = "stepfun", steps = s))
    list(ms = ms, estimate = c(fit$beta), loglik = c(logLik(fit)))
  })
})
cat(jsonlite::toJSON(out, digits = 15, auto_unbox = TRUE))
"""


def data(k: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Studies of which three in ten of those that are not significant were seen."""
    v = rng.uniform(0.01, 0.2, 20 * k)
    y = rng.normal(0.2, np.sqrt(v + 0.05))
    seen = (y / np.sqrt(v) > 1.96) | (rng.uniform(size=y.size) < 0.3)
    return y[seen][:k], v[seen][:k]


def cpu_ms(work: Callable[[], object], blocks: int = 5) -> float:
    """CPU milliseconds of one run: the median over blocks long enough for the clock."""
    work()
    seen = []
    for _ in range(blocks):
        start, runs = time.process_time(), 0
        while time.process_time() - start < 0.1:
            work()
            runs += 1
        seen.append((time.process_time() - start) / runs * 1000)
    return statistics.median(seen)


def metafor(sets: list[tuple[np.ndarray, np.ndarray]]) -> list[list[dict[str, float]]] | None:
    """The same fits in metafor; None where it cannot run."""
    if shutil.which("Rscript") is None:
        return None
    given = {"y": [y.tolist() for y, _ in sets], "v": [v.tolist() for _, v in sets], "steps": STEPS}
    ran = subprocess.run(
        ["Rscript", "-e", SCRIPT], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    if ran.returncode:
        print(f"metafor could not run: {ran.stderr.strip().splitlines()[-1]}")
        return None
    found: list[list[dict[str, float]]] = json.loads(ran.stdout)
    return found


def main() -> None:
    """Print times, ratios, and how the answers differ."""
    rng = np.random.default_rng(20260102)
    sets = [data(k, rng) for k in SIZES]
    theirs = metafor(sets)
    print(
        "CPU ms per fit".ljust(34),
        "whatworks".rjust(10),
        "metafor".rjust(10),
        "ratio".rjust(7),
        "  log-likelihood higher by",
    )
    for i, (y, v) in enumerate(sets):
        for j, steps in enumerate(STEPS):
            ours, found = cpu_ms(lambda y=y, v=v, s=steps: selection(y, v, steps=s)), selection(y, v, steps=steps)
            line = f"k = {y.size}, {len(steps)} step{'s' if len(steps) > 1 else ''}".ljust(34) + f"{ours:11.2f}"
            if theirs is not None and found.loglik is not None:
                other = theirs[i][j]
                line += f"{other['ms']:11.1f}{other['ms'] / ours:8.0f}   {found.loglik - other['loglik']:.1e}"
            print(line)
    y, v = sets[1]
    print("everything about bias, k = 100".ljust(34) + f"{cpu_ms(lambda: bias(y, v)):11.2f}")


if __name__ == "__main__":
    main()
