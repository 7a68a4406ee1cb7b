"""How sure a marginal effect is: the sandwich, and its corrections for few clusters, each with t and degrees of freedom of its own.

"none": Liang and Zeger's. "kc": Kauermann and Carroll (2001, doi 10.1198/016214501753382309), residuals over (I - H)^1/2. "md": Mancl and
DeRouen (2001, doi 10.1111/j.0006-341X.2001.00126.x), over I - H. "fg": Fay and Graubard (2001, doi 10.1111/j.0006-341X.2001.01198.x),
sums over clusters scaled by (1 - min(.75, their own share))^-1/2.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import sqrtm

from whatworks.errors import InputError
from whatworks.trial.methods.marginal.estimating import Block, Floats, GeeFit

KINDS = ("none", "kc", "md", "fg")
BOUND = 0.75


def corrected(fit: GeeFit, kind: str = "md") -> Floats:
    """The covariance of the coefficients (p, p). Raises InputError for a kind that is not known."""
    if kind not in KINDS:
        raise InputError(f"“{kind}” is no correction here; say {', '.join(KINDS)}.")
    scores = np.array([_score(fit, one, kind) for one in fit.blocks])
    found: Floats = fit.bread @ scores.T @ scores @ fit.bread
    return found


def _score(fit: GeeFit, block: Block, kind: str) -> Floats:
    """d' w times the residuals, corrected for what the cluster did to the fit itself."""
    residual = block.residual
    if kind in ("kc", "md"):
        left = np.eye(len(residual)) - block.d @ fit.bread @ block.d.T @ block.w
        residual = np.linalg.solve(left if kind == "md" else np.real(sqrtm(left)), residual)
    score: Floats = block.d.T @ block.w @ residual
    if kind == "fg":
        share = np.diag(block.d.T @ block.w @ block.d @ fit.bread)
        score = score / np.sqrt(1 - np.minimum(BOUND, share))
    return score
