"""Direct against indirect evidence, comparison by comparison (node splitting by back-calculation).

The network's effect is the best linear unbiased one, so what is left of it when the direct effect is taken out is
independent of the direct effect, multi-arm studies or not: indirect = (network - p direct) / (1 - p), with the
proportion of direct evidence p = var(network) / var(direct).
Sources: Dias, Welton, Caldwell and Ades (2010), Statistics in Medicine 29(7-8), 932-944, section 3 (back-calculation);
Koenig, Krahn and Binder (2013), Statistics in Medicine 32(30), 5414-5429 (proportion).
"""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np

from whatworks.synthesise.methods.network.evidence import Evidence, components
from whatworks.synthesise.methods.weighing import Floats

Pair = tuple[int, int]
ALL_DIRECT = 1e-8  # less indirect evidence than this is rounding


class Split(NamedTuple):
    """For every pair of treatments (n, n), row over column; NaN where there is no such evidence.

    studies: how many compare the two; direct, indirect: effects with their variances; proportion: of direct evidence.
    """

    studies: Floats
    direct: Floats
    direct_variance: Floats
    indirect: Floats
    indirect_variance: Floats
    proportion: Floats


def split(evidence: Evidence, tau2: float, effects: Floats, variances: Floats) -> Split:
    """The direct and indirect parts of the network's effects and variances (n, n) at this tau2."""
    n = len(evidence.treatments)
    weights = 1 / (evidence.w + tau2)
    at = evidence.left * n + evidence.right
    count, total, told = (
        np.bincount(at, amount, n * n).reshape(n, n)
        for amount in (np.ones_like(weights), weights, weights * evidence.y)
    )
    count, total, told = count + count.T, total + total.T, told - told.T
    with np.errstate(divide="ignore", invalid="ignore"):
        direct, direct_variance = told / total, np.where(total > 0, 1 / total, np.nan)
        share = variances * total
        proportion = np.where(total > 0, np.where(share > 1 - ALL_DIRECT, 1.0, share), 0.0)
        rest = np.where(proportion < 1, 1 - proportion, np.nan)
        indirect = (effects - np.where(total > 0, proportion * direct, 0)) / rest
        indirect_variance = variances / rest
    for one in (indirect, indirect_variance, proportion):
        np.fill_diagonal(one, np.nan)
    for i, j in same_studies_only(evidence):
        for one in (indirect, indirect_variance):
            one[i, j] = one[j, i] = np.nan
    return Split(count.astype(float), direct, direct_variance, indirect, indirect_variance, proportion)


def same_studies_only(evidence: Evidence) -> set[Pair]:
    """Pairs compared in multi-arm studies that no chain of other studies joins.

    The other arms of those studies sharpen the network's effect a little, but that is no indirect evidence.
    """
    designs = set(evidence.arms)
    several = {pair for arms in designs if len(arms) > 2 for pair in combinations(arms, 2)}
    n = len(evidence.treatments)
    found = set()
    for i, j in several:
        others = [arms for arms in designs if not (i in arms and j in arms)]
        if not any(i in part and j in part for part in components(n, others)):
            found.add((i, j))
    return found
