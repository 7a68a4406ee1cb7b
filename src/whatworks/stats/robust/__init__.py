"""How sure are coefficients when rows come in clusters? Robust variances, small-sample tests, a wild bootstrap.

In: a linear fit (model matrix, residuals, weights) and the cluster of each row. Out: standard errors that hold whatever
the covariance inside a cluster, with degrees of freedom that are honest about few clusters. No n x n matrix is made.
"""

from __future__ import annotations

from whatworks.lazily import fetching

_HOMES = {
    "Clusters": "whatworks.stats.robust.clusters",
    "JointTest": "whatworks.stats.robust.testing",
    "LinearFit": "whatworks.stats.robust.fits",
    "Robust": "whatworks.stats.robust.sandwich",
    "WildBootstrap": "whatworks.stats.robust.bootstrap",
    "clustered": "whatworks.stats.robust.clusters",
    "least_squares": "whatworks.stats.robust.fits",
    "robust": "whatworks.stats.robust.sandwich",
    "wild_bootstrap": "whatworks.stats.robust.bootstrap",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
