"""How often does a 95 per cent interval hold the true mean? The simulation behind the default intervals.

    python -m benches.coverage

For 3, 5, 10 and 20 studies of equal and of very unequal sizes, with no, little and much heterogeneity: the share of
simulated reviews whose interval holds the truth, by Wald, t, Hartung-Knapp (plain, ad hoc) and the wider of Hartung-Knapp
and Wald, tau2 by REML; and the median width. All reviews of a cell are fitted at once. The result stands in
docs/explanation/defaults.md.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from whatworks.stats.intervals import critical

Floats = NDArray[np.float64]
REVIEWS = 10_000
TRUE = 0.3
SIZES = (3, 5, 10, 20)
HETEROGENEITY = {"none": 0.0, "small": 0.01, "large": 0.1}
SHAPES = ("equal", "unequal")
NAMES = ("wald", "t", "hksj", "hksj-adhoc", "hksj-wider")
SEED = 20261122


def variances(k: int, shape: str) -> Floats:
    """Sampling variances of k studies: all 0.05, or one study with a tenth of the variance of the others."""
    v = np.full(k, 0.05)
    if shape == "unequal":
        v[0] = 0.005
    return v


def slope(y: Floats, v: Floats, tau2: Floats) -> Floats:
    """Twice the slope of every review's restricted log-likelihood at its own tau2."""
    w = 1 / (v + tau2[:, None])
    total = w.sum(axis=1)
    pull = w * (y - ((w * y).sum(axis=1) / total)[:, None])
    return np.asarray((pull**2).sum(axis=1) - total + (w**2).sum(axis=1) / total)


def reml(y: Floats, v: Floats) -> Floats:
    """tau2 of every review, by bisection of the slope (its lowest root; 0 where the likelihood falls from there)."""
    low, high = np.zeros(len(y)), np.full(len(y), 1e-6) + np.ptp(y, axis=1) ** 2
    falls = slope(y, v, low) <= 0
    for _ in range(50):
        middle = (low + high) / 2
        up = slope(y, v, middle) > 0
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    return np.where(falls, 0.0, low)


def reaches(y: Floats, v: Floats) -> tuple[Floats, dict[str, Floats]]:
    """The mean of every review, and how far each interval reaches to each side of it."""
    k = y.shape[1]
    w = 1 / (v + reml(y, v)[:, None])
    total = w.sum(axis=1)
    mean = (w * y).sum(axis=1) / total
    usual = total**-0.5
    scale = np.sqrt((w * (y - mean[:, None]) ** 2).sum(axis=1) / (k - 1))
    z, t = critical(0.95), critical(0.95, k - 1)
    knapp = t * usual * scale
    found = {"wald": z * usual, "t": t * usual, "hksj": knapp, "hksj-adhoc": t * usual * np.maximum(scale, 1)}
    return mean, found | {"hksj-wider": np.maximum(knapp, z * usual)}


def cells() -> Iterator[tuple[int, str, str, dict[str, float], dict[str, float]]]:
    """k, sizes, heterogeneity; the coverage in per cent and the median width of each interval."""
    rng = np.random.default_rng(SEED)
    for shape in SHAPES:
        for word, tau2 in HETEROGENEITY.items():
            for k in SIZES:
                v = variances(k, shape)
                y = TRUE + rng.normal(size=(REVIEWS, k)) * np.sqrt(v + tau2)
                mean, reach = reaches(y, v)
                held = {name: 100 * float(np.mean(np.abs(mean - TRUE) <= reach[name])) for name in NAMES}
                yield k, shape, word, held, {name: 2 * float(np.median(reach[name])) for name in NAMES}


def main() -> None:
    """Print the table as it stands in the documentation."""
    print(f"| sizes | heterogeneity | studies | {' | '.join(NAMES)} | width: {' | width: '.join(NAMES)} |")
    print("|" + "---|" * (3 + 2 * len(NAMES)))
    for k, shape, word, held, width in cells():
        shares = " | ".join(f"{held[name]:.1f}" for name in NAMES)
        widths = " | ".join(f"{width[name]:.2f}" for name in NAMES)
        print(f"| {shape} | {word} | {k} | {shares} | {widths} |")


if __name__ == "__main__":
    main()
