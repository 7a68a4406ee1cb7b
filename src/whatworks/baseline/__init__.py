"""What is happening now, where?

In: published counts of places, with the children they are of. Out: places compared without a league table, each with how far
it may be from the rest by chance alone. Names are fetched when first used.
"""

from __future__ import annotations

from whatworks.lazily import fetching

_HOMES = {
    "Funnel": "whatworks.baseline.methods.funnel",
    "Movement": "whatworks.baseline.methods.xmr",
    "adjusted": "whatworks.baseline.methods.adjusting",
    "funnel": "whatworks.baseline.methods.funnel",
    "predictors": "whatworks.baseline.methods.predicting",
    "revisions": "whatworks.baseline.methods.revisions",
    "shrunk": "whatworks.baseline.methods.shrinking",
    "wavering": "whatworks.baseline.methods.wavering",
    "xmr": "whatworks.baseline.methods.xmr",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
