"""Do studies of counts differ more than chance? Tests against a model in which each study has its own effect."""

from __future__ import annotations

import numpy as np
from scipy.special import xlogy

from whatworks.synthesise.methods.rare.families import Binomial, Family, Hypergeometric, Poisson
from whatworks.synthesise.methods.rare.mantel_haenszel import ChiSquared, chi2_test
from whatworks.synthesise.methods.rare.unconditional import Pair
from whatworks.synthesise.methods.weighing import Floats


def own_heights(family: Family) -> Floats:
    """The highest log-likelihood of each study by itself, without the family's constant."""
    x = family.x
    if isinstance(family, Binomial):
        n = family.n
        return np.asarray(xlogy(x, x / n) + xlogy(n - x, 1 - x / n) - x * family.offset)
    if isinstance(family, Poisson):
        return np.asarray(xlogy(x, x / family.time) - x)
    effects, at_end = own_effects(family)
    inside = x * effects - family.moments(effects).whole
    if isinstance(family, Hypergeometric):
        chosen = family.ways[np.arange(x.size), (x - family.support[:, 0]).astype(int)]
        return np.where(at_end, -chosen, inside)  # the table becomes certain
    return np.asarray(inside)


def own_effects(family: Family) -> tuple[Floats, Floats]:
    """The effect at which each study's mean is its count, and whether that lies at infinity."""
    if isinstance(family, Binomial):
        at_end = (family.x == 0) | (family.x == family.n)
        inner = np.clip(family.x, 0.5, np.maximum(family.n - 0.5, 0.5))
        return np.log(inner / (family.n - inner + (family.n == inner))) - family.offset, at_end
    if isinstance(family, Poisson):
        return np.log(np.maximum(family.x, 0.5) / family.time), family.x == 0
    assert isinstance(family, Hypergeometric)
    last = np.where(np.isfinite(family.ways), family.support, -np.inf).max(axis=1)
    at_end = (family.x == family.support[:, 0]) | (family.x == last)
    effects = np.zeros(family.x.size)
    for _ in range(100):
        _, mean, variance = family.moments(effects)
        step = np.clip((family.x - mean) / np.maximum(variance, 1e-10), -1.0, 1.0)
        step = np.where(at_end, 0.0, step)
        effects = effects + step
        if float(np.abs(step).max()) < 1e-12:
            break
    return effects, at_end


def conditional_tests(family: Family, common: float) -> tuple[ChiSquared, ChiSquared | None]:
    """The likelihood-ratio and the Wald test. common: the height of the common-effect fit, without the constant.

    The Wald test leaves out studies whose own effect lies at infinity, but counts them in its degrees of freedom, as a
    fit with huge standard errors would.
    """
    df = family.x.size - 1
    ratio = chi2_test(max(0.0, 2 * (float(own_heights(family).sum()) - common)), df)
    effects, at_end = own_effects(family)
    weights = np.where(at_end, 0.0, family.moments(effects).variance)
    return ratio, wald(effects, weights, df)


def paired_tests(both: Pair, common: float) -> tuple[ChiSquared, ChiSquared | None]:
    """The same for groups with baselines of their own."""
    x, n = both.events, both.size
    if both.rates:
        heights = xlogy(x, x / n) - x
        effects = np.log(np.maximum(x, 0.5) / n) @ np.array([1.0, -1.0])
        spread = 1 / np.maximum(x, 1e-300)
    else:
        heights = xlogy(x, x / n) + xlogy(n - x, 1 - x / n)
        inner = np.clip(x, 0.5, n - 0.5)
        effects = np.log(inner / (n - inner)) @ np.array([1.0, -1.0])
        spread = 1 / np.maximum(x, 1e-300) + 1 / np.maximum(n - x, 1e-300)
    df = x.shape[0] - 1
    ratio = chi2_test(max(0.0, 2 * (float(heights.sum()) - common)), df)
    return ratio, wald(effects, 1 / spread.sum(axis=1), df)


def wald(effects: Floats, weights: Floats, df: int) -> ChiSquared | None:
    """Weighted squares of effects around their mean; None where no study can be weighed."""
    weights = np.where(weights < 1e-200, 0.0, weights)
    if not weights.sum():
        return None
    mean = float(weights @ effects) / float(weights.sum())
    return chi2_test(float(weights @ (effects - mean) ** 2), df)
