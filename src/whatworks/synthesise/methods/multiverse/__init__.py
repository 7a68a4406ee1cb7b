"""Would other defensible choices have led to another conclusion? Start at `specifying`."""

from __future__ import annotations

from whatworks.synthesise.methods.multiverse.results import Multiverse
from whatworks.synthesise.methods.multiverse.sensitivity import Sensitivity, sensitivity
from whatworks.synthesise.methods.multiverse.specifying import multiverse

__all__ = ["Multiverse", "Sensitivity", "multiverse", "sensitivity"]
