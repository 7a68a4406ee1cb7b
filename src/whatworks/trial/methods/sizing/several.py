"""Several arms, each against the comparator: at which level each is tested so that all together keep the level of the trial."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import chi2, norm
from scipy.stats import t as students_t

from whatworks.errors import InputError
from whatworks.saying import said

Floats = NDArray[np.float64]
NODES = 96


def level_of(alpha: float, parts: tuple[int, ...], df: float | None, correction: str) -> float:
    """The two-sided level of each comparison with the first of arms whose sizes are as `parts`.

    "bonferroni": alpha over the number of comparisons. "dunnett": that of the largest of correlated t (Dunnett 1955, doi
    10.1080/01621459.1955.10501294), each correlated with the others by the comparator that they share. Raises InputError where no
    degrees of freedom are left.
    """
    others = len(parts) - 1
    if others == 1 or correction == "none":
        return alpha
    if df is not None and df <= 0:
        raise InputError(
            said("No degrees of freedom are left: there are too few clusters for the arms, blocks and covariates.")
        )
    return alpha / others if correction == "bonferroni" else _dunnett(alpha, parts, df)


@lru_cache(maxsize=512)
def _dunnett(alpha: float, parts: tuple[int, ...], df: float | None) -> float:
    law = norm if df is None else students_t(df)
    loading = np.sqrt([one / (one + parts[0]) for one in parts[1:]])

    def within(reach: float) -> float:
        """The chance that no comparison lies beyond `reach` (given what they share, they are independent)."""
        node, weight = np.polynomial.hermite_e.hermegauss(NODES)
        weight = weight / weight.sum()
        scales, chances = _scales(df)
        edge = reach * scales[:, None, None]
        shift, own = loading[None, None, :] * node[None, :, None], np.sqrt(1 - loading**2)
        inside = norm.cdf((edge - shift) / own) - norm.cdf((-edge - shift) / own)
        return float(chances @ inside.prod(axis=2) @ weight)

    bound = float(law.isf(alpha / (2 * len(loading))))  # Bonferroni's, which is never too small
    reach = brentq(lambda c: within(c) - (1 - alpha), float(law.isf(alpha / 2)), bound * 1.000001, xtol=1e-12)
    return float(2 * law.sf(reach))


def _scales(df: float | None) -> tuple[Floats, Floats]:
    """Values of the estimated over the true standard deviation, with their chances."""
    if df is None:
        return np.ones(1), np.ones(1)
    node, weight = np.polynomial.legendre.leggauss(NODES)
    return np.sqrt(chi2.ppf((node + 1) / 2, df) / df), weight / 2
