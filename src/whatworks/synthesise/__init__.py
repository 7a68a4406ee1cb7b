"""What do the studies say together?

In: effects with their sampling variances, and a declared model. Out: one pooled result with its interval, its
heterogeneity and its warnings, frozen with the method that gave it. Names are fetched when first used.
"""

from __future__ import annotations

from whatworks.lazily import fetching

_HOMES = {
    "AbsoluteRisk": "whatworks.synthesise.methods.absolute",
    "Pooled": "whatworks.synthesise.methods.pooling",
    "estimate_tau2": "whatworks.synthesise.methods.heterogeneity",
    "pool": "whatworks.synthesise.methods.pooling",
    "two_by_two_absolute": "whatworks.synthesise.methods.absolute",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
