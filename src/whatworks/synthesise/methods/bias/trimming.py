"""How many studies would make the funnel symmetric, and what would the answer be with them? Trim and fill.

Source: Duval and Tweedie (2000), Biometrics 56(2), 455-463, and Journal of the American Statistical Association 95(449),
89-98. Checked against metafor's trimfill (tests/oracles/test_bias.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from whatworks.stats.choices import check_word
from whatworks.stats.results import Result
from whatworks.synthesise.methods.bias.lines import least_squares, mixed
from whatworks.synthesise.methods.heterogeneity import Estimator, fit_tau2
from whatworks.synthesise.methods.pooling import Model, check_effects, pool
from whatworks.synthesise.methods.weighing import Floats, weigh

Missing = Literal["L0", "R0", "Q0"]
Flank = Literal["left", "right"]
ROUNDS = 100


@dataclass(frozen=True, slots=True)
class TrimFill(Result):
    """The studies that symmetry asks for, and the answer with them. None where it cannot be computed.

    k0 with its se_k0: how many are missing on the side; p: that none is (R0 alone has this test). estimate, se, ci_low,
    ci_high, tau2: the pooled result with the filled studies; filled: their effects and variances. settled: whether the
    rounds of trimming came to rest.
    """

    k0: int | None
    side: Flank | None
    estimate: float | None
    se: float | None
    tau2: float | None
    ci_low: float | None = None
    ci_high: float | None = None
    se_k0: float | None = None
    p: float | None = None
    estimator: Missing = "L0"
    filled: tuple[tuple[float, float], ...] = ()
    settled: bool = True


def trim_and_fill(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    side: Flank | None = None,
    estimator: Missing = "L0",
    model: Model = "random",
    tau2: Estimator = "REML",
    level: float = 0.95,
) -> TrimFill:
    """Trim and fill of effects yi with variances vi: the same model trims, centres and answers.

    side: where studies are missing; by itself the side that Egger's test in a random-effects regression leans away from
    (metafor's rule). estimator: L0 (default), R0 or Q0. InputError: wrong input. Fewer than two studies: all None.
    """
    y, v = check_effects(yi, vi)
    for name, word, words in (("side", side or "left", Flank), ("estimator", estimator, Missing)):
        check_word(name, word, get_args(words))
    if y.size < 2:
        return TrimFill(None, None, None, None, None, estimator=estimator)
    where = side or leaning(y, v, model)
    sign = 1.0 if where == "left" else -1.0
    order = np.argsort(sign * y, kind="stable")
    ordered, variances = sign * y[order], v[order]
    k0, se, centre, settled = _rounds(ordered, variances, estimator, model, tau2)
    filled = sign * (2 * centre - ordered[y.size - k0 :]), variances[y.size - k0 :]
    result = pool(np.concatenate((y, filled[0])), np.concatenate((v, filled[1])), model=model, tau2=tau2, level=level)
    return TrimFill(
        k0=k0,
        side=where,
        estimate=result.estimate,
        se=result.se,
        tau2=result.tau2,
        ci_low=result.ci_low,
        ci_high=result.ci_high,
        se_k0=se,
        p=0.5 ** (k0 + 1) if estimator == "R0" else None,
        estimator=estimator,
        filled=tuple(zip(*(part.tolist() for part in filled), strict=True)),
        settled=settled,
    )


def leaning(y: Floats, v: Floats, model: Model = "random") -> Flank:
    """The side where studies are missing: left when smaller studies find more, right when they find less.

    Where no line can be drawn (two studies, or equal errors), the side away from the mean: left of a mean above 0.
    """
    line = mixed(y, v, np.sqrt(v)) if model == "random" else least_squares(y, np.sqrt(v), 1 / v)
    if line is None:
        return "left" if weigh(y, v).mean >= 0 else "right"
    return "right" if line.slope < 0 else "left"


def _rounds(
    y: Floats, v: Floats, estimator: Missing, model: Model, tau2: Estimator
) -> tuple[int, float | None, float, bool]:
    """Trim the k0 largest, centre on the rest, count again, until the count stays; its error and the centre."""
    k, k0 = y.size, 0
    for _ in range(ROUNDS):
        kept_y, kept_v = y[: k - k0], v[: k - k0]
        spread = fit_tau2(kept_y, kept_v, tau2).tau2 if model == "random" and kept_y.size > 1 else 0.0
        centre = weigh(kept_y, kept_v, spread).mean
        count, se = missing(y - centre, estimator)
        count = min(count, k - 1)
        if count == k0:
            return k0, se, centre, True
        k0 = count
    return k0, se, centre, False


def missing(away: Floats, estimator: Missing) -> tuple[int, float | None]:
    """How many studies are missing on the left, from distances to the centre, and the error of the number unrounded.

    A distance of 0 counts for neither side.
    """
    k = away.size
    ranks = np.empty(k)
    ranks[np.argsort(abs(away), kind="stable")] = np.arange(1, k + 1)
    signed = np.sign(away) * ranks
    if estimator == "R0":
        left = signed[signed < 0]
        found = k + (float(left.min()) if left.size else 0.0) - 1
        return max(0, round(found)), sqrt(2 * max(0.0, found) + 2)
    positive = float(signed[signed > 0].sum())
    if estimator == "L0":
        found = (4 * positive - k * (k + 1)) / (2 * k - 1)
        return max(0, round(found)), _root(_variance(k, found), (2 * k - 1) ** 2 / 16)
    found = k - 0.5 - sqrt(max(0.0, 2 * k * k - 4 * positive + 0.25))
    below = (k - 0.5) ** 2 - found * (2 * k - found - 1)
    return max(0, round(found)), _root(_variance(k, found), below / 4)


def _variance(k: int, k0: float) -> float:
    """The variance of the sum of positive ranks with k0 missing (Duval and Tweedie 2000, Biometrics, section 3)."""
    cubic = k * (k + 1) * (2 * k + 1) + 10 * k0**3 + 27 * k0**2 + 17 * k0
    return (cubic - 18 * k * k0**2 - 18 * k * k0 + 6 * k * k * k0) / 24


def _root(variance: float, below: float) -> float | None:
    """The standard error; None far from the range that the approximation was made for."""
    return sqrt(variance / below) if variance >= 0 and below > 0 else None
