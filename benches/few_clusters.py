"""How often do 95 per cent intervals hold the truth where a few studies give several results each?

    python -m benches.few_clusters [REVIEWS]

Reviews of 4, 6, 10 and 20 studies with one to six results each are simulated: sampling errors within a study correlate by
0.8 (the working model is told 0.6), true effects differ between studies not at all or much, and within them a little. Asked
are the mean, and a moderator that two studies have and the others have not. Compared are the model's own normal interval,
a cluster-robust one without small-sample correction (CR0, normal), the usual correction (CR1, t), and the default: CR2 with
Satterthwaite's degrees of freedom. The result stands in docs/explanation/defaults.md.
"""

from __future__ import annotations

import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from whatworks.stats.intervals import critical
from whatworks.stats.robust import clustered, robust
from whatworks.synthesise.methods.multilevel.modelling import multilevel

Floats = NDArray[np.float64]
REVIEWS = 2_000
STUDIES = (4, 6, 10, 20)
HETEROGENEITY = {"none": 0.0, "large": 0.1}
EFFECTS = (1, 2, 3, 6)  # results of the studies, over and over
WITHIN, TRUE_RHO, TOLD_RHO = 0.02, 0.8, 0.6
MEAN, SLOPE = 0.3, 0.2
NAMES = ("model", "CR0", "CR1", "CR2")
SEED = 20261122


def review(rng: np.random.Generator, studies: int, tau2: float) -> tuple[Floats, Floats, NDArray[np.intp], Floats]:
    """Effects, variances, studies and the moderator of one simulated review."""
    counts = np.resize(EFFECTS, studies)
    study = np.repeat(np.arange(studies), counts)
    v = np.resize([0.02, 0.05, 0.1], studies)[study]
    shared, own = rng.normal(size=studies)[study], rng.normal(size=study.size)
    errors = np.sqrt(v) * (np.sqrt(TRUE_RHO) * shared + np.sqrt(1 - TRUE_RHO) * own)
    truth = rng.normal(size=studies)[study] * np.sqrt(tau2) + rng.normal(size=study.size) * np.sqrt(WITHIN)
    moderator = (study < 2).astype(float)
    return MEAN + SLOPE * moderator + truth + errors, v, study, moderator


def held(
    y: Floats, v: Floats, study: NDArray[np.intp], x: Floats | None, truth: float
) -> dict[str, tuple[bool, float]]:
    """Whether each interval of the last coefficient holds the truth, and its width."""
    effect = np.arange(y.size)
    told: dict[str, Any] = {} if x is None else {"x": {"moderator": x}}
    found = multilevel(y, v, nested={"study": study, "effect": effect}, rho=TOLD_RHO, **told)
    last, size = found.coefficients[-1], len(set(study.tolist()))
    clusters = clustered(study.tolist())
    reach = {"model": critical(0.95) * last.se}
    for kind in ("CR0", "CR1", "CR2"):
        safe = robust(found.fit, clusters, kind)
        t = {"CR0": critical(0.95), "CR1": -stdtrit(size - len(found.coefficients), 0.025)}.get(kind)
        reach[kind] = (-stdtrit(safe.df[-1], 0.025) if t is None else t) * safe.se[-1]
    return {name: (abs(last.estimate - truth) <= one, 2 * one) for name, one in reach.items()}


def cells(reviews: int) -> Iterator[tuple[str, str, int, dict[str, float], dict[str, float]]]:
    """What is asked, heterogeneity, studies; the coverage in per cent and the median width of each interval."""
    rng = np.random.default_rng(SEED)
    for asked in ("the mean", "a moderator"):
        for word, tau2 in HETEROGENEITY.items():
            for studies in STUDIES:
                seen: defaultdict[str, list[tuple[bool, float]]] = defaultdict(list)
                for _ in range(reviews):
                    y, v, study, x = review(rng, studies, tau2)
                    mean = asked == "the mean"
                    found = held(y - SLOPE * x if mean else y, v, study, None if mean else x, MEAN if mean else SLOPE)
                    for name, one in found.items():
                        seen[name].append(one)
                share = {name: 100 * float(np.mean([yes for yes, _ in rows])) for name, rows in seen.items()}
                yield (
                    asked,
                    word,
                    studies,
                    share,
                    {name: float(np.median([w for _, w in r])) for name, r in seen.items()},
                )


def main() -> None:
    """Print the table as it stands in the documentation."""
    warnings.simplefilter("error")
    reviews = int(sys.argv[1]) if sys.argv[1:] else REVIEWS
    print(f"| asked | heterogeneity | studies | {' | '.join(NAMES)} | width: {' | width: '.join(NAMES)} |")
    print("|" + "---|" * (3 + 2 * len(NAMES)))
    for asked, word, studies, share, width in cells(reviews):
        cells_of = [f"{share[name]:.1f}" for name in NAMES] + [f"{width[name]:.2f}" for name in NAMES]
        print(f"| {asked} | {word} | {studies} | {' | '.join(cells_of)} |", flush=True)


if __name__ == "__main__":
    main()
