"""Does agreement measured on records that a ranker chose tell of the review, and do our intervals hold what they say?

    python -m benches.agreement       (1 minute)

The review is the real one of foster_screening: the 7,351 references that the same two people both judged, kappa .458 over
all of them. Many times over, 250 to 1,000 records are chosen for double screening: by lot, or by a ranker that puts
included records high (normal scores, 1.5 standard deviations apart: an area under the curve of .86). Coverage is how
often the 95% interval holds the value over all 7,351.
"""

from __future__ import annotations

import csv
import os

import numpy as np
from numpy.typing import NDArray

from tests.shared import SHARED
from whatworks.screen.methods.two_screeners import ac1, ac1_influence, around, kappa, kappa_influence, one_sided

DECISIONS = SHARED / "evidence" / "foster_screening" / "decisions.csv"
RUNS = int(os.environ.get("AGREEMENT_RUNS", "1000"))
BOOTSTRAPS = 500
APART = 1.5
Cells = NDArray[np.int64]


def cells() -> tuple[Cells, NDArray[np.bool_]]:
    """For each reference that S1 and S2 both judged: its cell of their table, and whether it was included in the end."""
    with DECISIONS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["S1"] and row["S2"] and row["n_screeners"] == "2"]
    place = [2 * (row["S1"] != "include") + (row["S2"] != "include") for row in rows]
    return np.array(place), np.array([row["final"] == "include" for row in rows])


def table(some: Cells) -> NDArray[np.float64]:
    """The counts of the four cells."""
    return np.bincount(some, minlength=4).astype(float)


def measured(some: Cells, rng: np.random.Generator) -> dict[str, tuple[float, float, float]]:
    """Each measure with the limits of its interval; a measure without a value is left out."""
    counts = table(some)
    n = counts.sum()
    found = {}
    if not one_sided(counts):
        estimate = around(float(kappa(counts)), float(counts @ kappa_influence(counts) ** 2) / n**2, 0.95)
        found["kappa"] = (estimate.value, estimate.low, estimate.high)
        drawn = kappa(rng.multinomial(int(n), counts / n, size=BOOTSTRAPS).astype(float))
        found["kappa, bootstrap"] = (estimate.value, *np.nanquantile(drawn, [0.025, 0.975]))
    estimate = around(float(ac1(counts)), float(counts @ ac1_influence(counts) ** 2) / (n * (n - 1)), 0.95)
    found["AC1"] = (estimate.value, estimate.low, estimate.high)
    return found


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(20260903)
    place, included = cells()
    whole = {"kappa": float(kappa(table(place))), "AC1": float(ac1(table(place)))}
    print(
        f"{place.size:,} references, {included.mean():.1%} included; over all of them kappa {whole['kappa']:.3f}, AC1 {whole['AC1']:.3f}"
    )
    print(f"{'chosen':>8} {'how':10} {'measure':18} {'mean':>7} {'bias':>8} {'coverage':>9} {'no value':>9}")
    for size in (250, 500, 1000):
        for how in ("by lot", "by ranking"):
            runs = []
            for _ in range(RUNS):
                if how == "by lot":
                    chosen = rng.choice(place.size, size, replace=False)
                else:
                    chosen = np.argsort(-(rng.standard_normal(place.size) + APART * included))[:size]
                runs.append(measured(place[chosen], rng))
            for measure in ("kappa", "kappa, bootstrap", "AC1"):
                told = np.array([run[measure] for run in runs if measure in run])
                truth = whole[measure.split(",")[0]]
                mean, held = told[:, 0].mean(), ((told[:, 1] <= truth) & (truth <= told[:, 2])).mean()
                print(
                    f"{size:>8,} {how:10} {measure:18} {mean:>7.3f} {mean - truth:>+8.3f} {held:>9.1%} {RUNS - len(told):>9}"
                )


if __name__ == "__main__":
    main()
