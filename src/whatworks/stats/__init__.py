"""What arithmetic do two rooms share? Numbers in; intervals, tails and plain result rows out. Keeps nothing.

Names are fetched when first used, so that importing this room loads neither numpy nor scipy.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "critical": "whatworks.stats.intervals",
    "interval": "whatworks.stats.intervals",
    "two_sided_p": "whatworks.stats.intervals",
    "value_from_two_sided_p": "whatworks.stats.intervals",
    "chi2_tail": "whatworks.stats.intervals",
    "chi2_from_tail": "whatworks.stats.intervals",
    "Result": "whatworks.stats.results",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
