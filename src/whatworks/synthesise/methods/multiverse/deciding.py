"""What the whole multiverse says of the declared conclusion, by a rule set beforehand, and which choice matters most."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from whatworks.synthesise.methods.direction import Band
from whatworks.synthesise.methods.multiverse.choosing import Places
from whatworks.synthesise.methods.weighing import Floats

STATES = ("lower", "uncertain", "higher", "no worthwhile effect")
OPPOSITE = {"lower": "higher", "higher": "lower"}
HOLDS, MOSTLY = 0.95, 0.75
Verdict = Literal["holds", "mostly holds", "depends on the choices"]
RULE = (
    f"The declared conclusion holds when at least {100 * HOLDS:g} per cent of the specifications reach it, mostly holds "
    f"from {100 * MOSTLY:g} per cent, and otherwise depends on the choices; it depends on them, too, as soon as one "
    "specification concludes the opposite."
)


def states(low: Floats, high: Floats, band: Band | None) -> Places:
    """What each interval says, by its place in STATES: which side of no difference, or inside the band as a whole."""
    found = 1 + (low > 0).astype(np.intp) - (high < 0)
    if band is not None:
        found[(low > band[0]) & (high < band[1])] = 3
    return found


def verdict(shares: dict[str, float], declared: str) -> Verdict:
    """The rule applied to the share of specifications that reach each conclusion."""
    if shares.get(OPPOSITE.get(declared, ""), 0.0) > 0 or shares[declared] < MOSTLY:
        return "depends on the choices"
    return "holds" if shares[declared] >= HOLDS else "mostly holds"


def moved(codes: Places, estimate: Floats, dimension: int) -> float:
    """How far the estimate moves, on average over all other choices, when this one alone runs through its options."""
    others = np.delete(codes, dimension, axis=1)
    order = np.lexsort(others.T[::-1]) if others.shape[1] else np.arange(len(codes))
    ranked, value = others[order], estimate[order]
    fresh: NDArray[np.bool_] = np.ones(len(codes), dtype=bool)
    fresh[1:] = (ranked[1:] != ranked[:-1]).any(axis=1)
    start = np.flatnonzero(fresh)
    size = np.diff(np.append(start, len(codes)))
    span = np.maximum.reduceat(value, start) - np.minimum.reduceat(value, start)
    several = size > 1
    return float(span[several].mean()) if several.any() else 0.0
