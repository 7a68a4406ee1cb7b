"""How long does power by simulation take? Seconds of a thousand trials, with the small-sample test of the analysis plan.

    python -m benches.trial_power [TRIALS]

Measured beside it, with lme4 1.1-31 and lmerTest 3.1-3 in R 4.2.2 for 1,000 trials of 40 clusters with 20 people: lmer 16 s, with
Satterthwaite's test 37.5 s; statsmodels 0.15 MixedLM 32 s (those need R and are not run here). The best of three runs is printed, in
seconds of the clock and of the processor.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from whatworks.trial.methods.design import read
from whatworks.trial.methods.simulating import simulate

TRIALS, RUNS = 1_000, 3
CASES = {
    "40 x 20, lmm-kr": ("clusters = 40\nper_cluster = 20", "lmm-kr"),
    "40 x 20, lmm-satterthwaite": ("clusters = 40\nper_cluster = 20", "lmm-satterthwaite"),
    "40 x 50, lmm-kr": ("clusters = 40\nper_cluster = 50", "lmm-kr"),
    "40 x 50, cv 0.6, lmm-kr": ("clusters = 40\nper_cluster = 50\ncv = 0.6", "lmm-kr"),
    "40 x 50, ols-cr2": ("clusters = 40\nper_cluster = 50", "ols-cr2"),
    "40 x 50, ri-sampled": ("clusters = 40\nper_cluster = 50", "ri-sampled"),
}


def timed(trials: int) -> Iterator[tuple[str, float, float, float]]:
    """What, seconds of the clock, seconds of the processor, the power that came out."""
    for name, (size, method) in CASES.items():
        text = (
            f'[design]\nkind = "cluster"\n[size]\n{size}\nicc = 0.05\neffect = 0.3\n[analysis]\ndeclared = "{method}"\n'
        )
        best = (float("inf"), float("inf"), 0.0)
        for run in range(RUNS):
            clock, processor = time.perf_counter(), time.process_time()
            found = simulate(read(text), trials, run)
            best = min(best, (time.perf_counter() - clock, time.process_time() - processor, found.power or 0.0))
        yield name, *best


def main() -> None:
    """Print a row for each case."""
    trials = int(sys.argv[1]) if sys.argv[1:] else TRIALS
    print(f"{trials:,} trials                 clock    processor   power")
    for name, clock, processor, power in timed(trials):
        print(f"{name:28s} {clock:6.2f} s   {processor:6.2f} s   {power:.3f}", flush=True)


if __name__ == "__main__":
    main()
