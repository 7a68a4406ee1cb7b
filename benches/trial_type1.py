"""How often does each analysis find an effect that is not there? The simulation behind the analyses that are declared by default.

    python -m benches.trial_type1 [TRIALS]

Trials of 6 to 40 clusters without an effect: a continuous outcome in clusters of 20 people (equal, and with a coefficient of variation of
0.6), an icc of 0.05; a binary one of which 30 per cent are yes; counts that differ between clusters by k = 0.4; and stepped wedges
of three steps with a cluster autocorrelation of 0.8. The share of trials in which nought was refused at 5 per cent should be 0.05.
Methods that are fitted one by one get a twentieth of the trials. Failures stand beside. The result is in
docs/explanation/sample-size.md, made with 10000.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Iterator

from whatworks.trial.methods.design import read
from whatworks.trial.methods.simulating import Simulated, simulate
from whatworks.trial.methods.simulating.batched import BATCHED

TRIALS, CLUSTERS, SEED, FEWER = 1_000, (6, 8, 10, 12, 20, 40), 20261123, 20
PEOPLE = (
    "lmm-kr", "lmm-satterthwaite", "ols-cr2", "ols-cr1s", "ols-cr3", "cluster-means-t", "ri-exact", "wild-bootstrap", "gee-md",
    "gee-kc", "gee-exchangeable",
)  # fmt: skip
CONTINUOUS = 'kind = "cluster"\n[size]\nper_cluster = 20\nicc = 0.05\neffect = 0.3'
SETTINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "continuous, equal": (CONTINUOUS, PEOPLE),
    "continuous, cv 0.6": (f"{CONTINUOUS}\ncv = 0.6", PEOPLE),
    "binary": (
        'kind = "cluster"\noutcome = "binary"\n[size]\nper_cluster = 40\nicc = 0.05\ncontrol_rate = 0.3\neffect = -0.1',
        ("lmm-kr", "ols-cr2", "cluster-means-t", "ri-exact", "gee-md", "gee-exchangeable", "glmm-binomial"),
    ),
    "count": (
        'kind = "cluster"\noutcome = "count"\n[size]\nper_cluster = 500\nexposure = 500\nk = 0.4\ncontrol_rate = 0.05\nratio = 0.7',
        ("cluster-means-t", "ols-cr2", "ri-exact", "gee-md", "glmm-poisson", "poisson-naive"),
    ),
    "stepped wedge": (
        'kind = "stepped-wedge"\n[size]\nsteps = 3\nper_cluster = 20\nicc = 0.05\ncac = 0.8\neffect = 0.3',
        ("lmm-kr", "lmm-satterthwaite", "ols-cr2", "ri-sampled"),
    ),
}


def level(setting: str, method: str, clusters: int, trials: int) -> Simulated:
    """Simulated trials without an effect."""
    text = f'[design]\n{setting}\nclusters = {clusters}\n[analysis]\ndeclared = "{method}"\n'
    return simulate(read(text), trials if method in BATCHED else max(trials // FEWER, 20), SEED, effect=0.0)


def rows(trials: int) -> Iterator[str]:
    """A row of a table for each setting and method."""
    for name, (setting, methods) in SETTINGS.items():
        for method in methods:
            found = [level(setting, method, clusters, trials) for clusters in CLUSTERS]
            cells = [f"{one.power:.3f}" + (f" ({one.failures} failed)" if one.failures else "") for one in found]
            error = math.sqrt(0.05 * 0.95 / found[0].simulations)
            yield f"| {name} | `{method}` | {' | '.join(cells)} | {found[0].simulations:,} | {error:.3f} |"


def main() -> None:
    """Print the table as it stands in the documentation."""
    warnings.simplefilter("error")
    trials = int(sys.argv[1]) if sys.argv[1:] else TRIALS
    print(f"| outcome | analysis | {' | '.join(map(str, CLUSTERS))} | trials | chance alone |")
    print("|" + "---|" * (4 + len(CLUSTERS)))
    for row in rows(trials):
        print(row, flush=True)


if __name__ == "__main__":
    main()
