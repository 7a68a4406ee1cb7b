"""How sure a marginal effect is: the sandwich, and its corrections for few clusters, each with t and degrees of freedom of its own.

"none": Liang and Zeger's. "kc": Kauermann and Carroll (2001, doi 10.1198/016214501753382309), residuals over (I - H)^1/2. "md": Mancl and
DeRouen (2001, doi 10.1111/j.0006-341X.2001.00126.x), over I - H. "fg": Fay and Graubard (2001, doi 10.1111/j.0006-341X.2001.01198.x),
sums over clusters scaled by (1 - min(.75, their own share))^-1/2.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import sqrtm

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.marginal.estimating import Block, Floats, GeeFit

KINDS = ("none", "kc", "md", "fg")
BOUND = 0.75


def corrected(fit: GeeFit, kind: str = "md") -> Floats:
    """The covariance of the coefficients (p, p). Raises InputError for a kind that is not known."""
    if kind not in KINDS:
        raise InputError(said("“%(kind)s” is no correction here; say %(join)s.", kind=kind, join=", ".join(KINDS)))
    scores = np.array([_score(fit, one, kind) for one in fit.blocks])
    found: Floats = fit.bread @ scores.T @ scores @ fit.bread
    return found


def _score(fit: GeeFit, block: Block, kind: str) -> Floats:
    """d' w times the residuals, corrected for what the cluster did to the fit itself.

    With H = d B d' w, a function of I - H after d' w is the same function of I - d' w d B before it, so that only p x p is inverted.
    """
    score = block.score
    if kind == "none":
        return score
    own = block.information @ fit.bread
    if kind == "fg":
        scaled: Floats = score / np.sqrt(1 - np.minimum(BOUND, np.diag(own)))
        return scaled
    left = np.eye(len(own)) - own
    moved: Floats = np.linalg.solve(left if kind == "md" else np.real(sqrtm(left)), score)
    return moved
