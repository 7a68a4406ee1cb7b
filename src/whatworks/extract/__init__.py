"""What does each study say, and how well was it done?

In: studies with their arms, the numbers they print, the place each was found, and who took it. Out: effects with
their sampling variance, each by one named formula, ready to be put together. Names are fetched when first used.
"""

from __future__ import annotations

from whatworks.lazily import fetching

_HOMES = {
    "Effect": "whatworks.extract.methods.effect",
    "FORMULAE": "whatworks.extract.methods.effects",
    "Formula": "whatworks.extract.methods.formula",
    "MEASURES": "whatworks.extract.methods.effects",
    "METRICS": "whatworks.extract.methods.metrics",
    "alarms": "whatworks.extract.methods.alarms",
    "compute": "whatworks.extract.methods.effects",
    "effects": "whatworks.extract.methods.tabled",
    "explain": "whatworks.extract.methods.explain",
    "measure": "whatworks.extract.methods.effects",
    "recognise": "whatworks.extract.methods.entry",
    "sampling_covariance": "whatworks.extract.methods.covariances",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
