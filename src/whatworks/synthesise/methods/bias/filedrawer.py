"""How many unseen null results would it take? Fail-safe numbers, kept for readers who ask, and never to be relied on.

They assume that unseen studies average exactly nothing and ignore their size and heterogeneity; the Cochrane Handbook
(section 13.3.5.3) advises against them. Checked against metafor's fsn (tests/oracles/test_bias.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.results import Result
from whatworks.synthesise.methods.pooling import check_effects
from whatworks.synthesise.methods.weighing import Floats, weigh

CAUTION = (
    "Fail-safe numbers assume that unseen studies average exactly no effect and ignore their size and heterogeneity; "
    "do not rest a conclusion on them."
)


@dataclass(frozen=True, slots=True)
class FailSafe(Result):
    """Studies without effect that would have to be added. Rosenthal: until Stouffer's combined p is alpha, one-sided.

    Rosenberg: until the common-effect mean is no longer significant, two-sided. Orwin: until the unweighted mean is
    `target` (half of it where none is given). None where there is no number to give (a mean of 0).
    """

    rosenthal: int
    rosenberg: int
    orwin: int | None
    alpha: float
    target: float | None
    caution: str = CAUTION


def fail_safe(yi: ArrayLike, vi: ArrayLike, *, alpha: float = 0.05, target: float | None = None) -> FailSafe:
    """The fail-safe numbers of effects yi with variances vi.

    Sources: Rosenthal (1979), Psychological Bulletin 86(3), 638-641; Rosenberg (2005), Evolution 59(2), 464-468; Orwin
    (1983), Journal of Educational Statistics 8(2), 157-159. InputError: wrong input.
    """
    y, v = check_effects(yi, vi)
    if not 0 < alpha < 1:
        raise InputError(
            said("alpha %(alpha)s must lie between 0 and 1; write 0.05 for 5 per cent.", alpha=f"{alpha:g}")
        )
    at = weigh(y, v)
    combined = float((y / np.sqrt(v)).sum()) / sqrt(y.size)
    mean = float(y.mean())
    wanted = mean / 2 if target is None else target
    return FailSafe(
        rosenthal=_added(y.size, abs(combined), -float(ndtri(alpha))),
        rosenberg=_added(y.size, abs(at.mean) * sqrt(at.total), -float(ndtri(alpha / 2))),
        orwin=_orwin(y, abs(mean), abs(wanted)),
        alpha=alpha,
        target=wanted if mean else None,
    )


def _added(k: int, z: float, critical: float) -> int:
    """Null results to add until z, which falls as the square root of their number, is at the critical value."""
    if critical <= 0 or z <= critical:
        return 0
    return ceil(k * (z / critical) ** 2 - k)


def _orwin(y: Floats, mean: float, target: float) -> int | None:
    """Null results to add until the mean is the target."""
    if not mean or not target:
        return None
    return max(0, ceil(round(y.size * (mean - target) / target, 9)))
