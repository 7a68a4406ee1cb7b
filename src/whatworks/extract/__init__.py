"""What does each study say, and how well was it done?

In: studies with their arms, the numbers they print, the place each was found, and who took it. Out: effects with
their sampling variance, each by one named formula, ready to be put together. Names are fetched when first used.
"""

from __future__ import annotations

from whatworks.lazily import fetching

_HOMES = {
    "FORMULAE": "whatworks.extract.methods.effects",
    "MEASURES": "whatworks.extract.methods.effects",
    "METRICS": "whatworks.extract.methods.metrics",
    "Effect": "whatworks.extract.methods.effect",
    "Formula": "whatworks.extract.methods.formula",
    "compute": "whatworks.extract.methods.effects",
    "measure": "whatworks.extract.methods.effects",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
