"""How often does each analysis find an effect that is not there? The simulation behind the analyses that are declared by default.

    python -m benches.trial_type1 [TRIALS [SETTING...]]

Trials of 6 to 40 clusters without an effect: a continuous outcome in clusters of 20 people (equal, and with a coefficient of variation of
0.6), an icc of 0.05; the same with four classes in each; with half as many blocks that are a sample; with an offer that 70 in 100 take
up; a binary one of which 30 per cent are yes; counts that differ between clusters by k = 0.4; times to an event that 30 per cent have;
stepped wedges of three steps with a cluster autocorrelation of 0.8, with one effect and with one for each exposure time; and 20 people
for each of these numbers, of whom half are in half as many groups. The share of trials in which nought was refused at 5 per cent should be
0.05. Methods that are fitted one by one get a twentieth of the trials. Failures stand beside. The result is in
docs/explanation/sample-size.md, made with 10000 and, for what came later, 4000.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Iterator, Sequence

from whatworks.trial.methods.design import read
from whatworks.trial.methods.design.parts import METHODS
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
    "classes": (
        f"{CONTINUOUS}\nicc_groups = 0.05\ngroups = 4",
        ("lmm-kr", "lmm-kr + class", "ols-cr2", "cluster-means-t"),
    ),
    "blocks, a sample": (
        'kind = "blocked-cluster"\n[size]\nper_cluster = 20\nicc = 0.05\nblocks = BLOCKS\nblocks_are = "sampled"\nicc_blocks = 0.1\n'
        "varies = 0.2\neffect = 0.3",
        ("block-differences-t", "lmm-kr", "ols-cr2"),
    ),
    "one arm in groups": (
        'kind = "individual"\n[size]\ngroups = GROUPS\nicc_groups = 0.1\neffect = 0.3',
        ("groups-t", "ols-cr2", "lmm-kr"),
    ),
    "time to event": (
        'kind = "cluster"\noutcome = "time-to-event"\n[size]\nper_cluster = 30\nicc = 0.03\ncontrol_rate = 0.3\nratio = 0.7',
        ("cox-robust", "cluster-means-t"),
    ),
    "taken up by 70%": (f"{CONTINUOUS}\n[compliance]\nexpected = 0.7", ("cace-2sls-cr2",)),
    "count": (
        'kind = "cluster"\noutcome = "count"\n[size]\nper_cluster = 500\nexposure = 500\nk = 0.4\ncontrol_rate = 0.05\nratio = 0.7',
        ("cluster-means-t", "ols-cr2", "ri-exact", "gee-md", "glmm-poisson", "glm-nb", "poisson-naive"),
    ),
    "stepped wedge": (
        'kind = "stepped-wedge"\n[size]\nsteps = 3\nper_cluster = 20\nicc = 0.05\ncac = 0.8\neffect = 0.3',
        ("lmm-kr", "lmm-satterthwaite", "ols-cr2", "ri-sampled"),
    ),
    "stepped wedge, exposure": (
        'kind = "stepped-wedge"\n[size]\nsteps = 3\nper_cluster = 20\nicc = 0.05\ncac = 0.8\neffect = 0.3\nexposure_time = true',
        ("lmm-kr", "lmm-satterthwaite", "ols-cr2", "ri-sampled"),
    ),
}


def level(setting: str, method: str, clusters: int, trials: int) -> Simulated:
    """Simulated trials without an effect."""
    name, _, further = method.partition(" + ")
    people = setting.startswith('kind = "individual"')
    units = clusters * 20 if people else clusters
    text = setting.replace("BLOCKS", str(clusters // 2)).replace("GROUPS", str(clusters // 2))
    text = text.replace("[size]\n", f"[size]\nclusters = {units}\n")
    text += f'\n[analysis]\ndeclared = "{name if name in METHODS else ""}"\n' + 'random = ["class"]\n' * bool(further)
    quick = name in BATCHED and not further and not people
    quick = quick or name in ("cox-robust", "groups-t")
    return simulate(read(f"[design]\n{text}"), trials if quick else max(trials // FEWER, 20), SEED, effect=0.0)


def rows(trials: int, only: Sequence[str] = ()) -> Iterator[str]:
    """A row of a table for each setting and method; `only` of these settings."""
    for name, (setting, methods) in SETTINGS.items():
        if only and name not in only:
            continue
        for method in methods:
            found = [level(setting, method, clusters, trials) for clusters in CLUSTERS]
            cells = [f"{one.power:.3f}" + (f" ({one.failures} failed)" if one.failures else "") for one in found]
            error = math.sqrt(0.05 * 0.95 / found[0].simulations)
            yield f"| {name} | `{method}` | {' | '.join(cells)} | {found[0].simulations:,} | {error:.3f} |"


def main() -> None:
    """Print the table as it stands in the documentation."""
    warnings.simplefilter("error")
    trials = int(sys.argv[1]) if sys.argv[1:] else TRIALS
    only = sys.argv[2:]
    print(f"| outcome | analysis | {' | '.join(map(str, CLUSTERS))} | trials | chance alone |")
    print("|" + "---|" * (4 + len(CLUSTERS)))
    for row in rows(trials, only):
        print(row, flush=True)


if __name__ == "__main__":
    main()
