"""What arithmetic do two rooms share? Numbers in; intervals, tails and plain result rows out. Keeps nothing.

Names are fetched when first used, so that importing this room loads neither numpy nor scipy.
"""

from __future__ import annotations

from whatworks.lazily import fetching

_HOMES = {
    "critical": "whatworks.stats.intervals",
    "interval": "whatworks.stats.intervals",
    "two_sided_p": "whatworks.stats.intervals",
    "value_from_two_sided_p": "whatworks.stats.intervals",
    "chi2_tail": "whatworks.stats.intervals",
    "chi2_from_tail": "whatworks.stats.intervals",
    "Chart": "whatworks.stats.chart",
    "Plane": "whatworks.stats.chart",
    "Recipe": "whatworks.stats.telling",
    "Result": "whatworks.stats.results",
    "Told": "whatworks.stats.telling",
}
__all__ = sorted(_HOMES)
__getattr__ = fetching(__name__, _HOMES)
