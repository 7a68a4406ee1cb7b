"""Weights: how likely two records are one publication, from what they agree about field by field.

A sum of weights in the manner of Fellegi and Sunter (1969, A theory for record linkage, JASA 64:1183): each field adds
the weight of its level, and the sum is the logarithm of the odds. The weights are a logistic model (ridge penalty 1)
fitted to the pairs that blocking finds in five published sets with known duplicates; `benches/matching_weights.py`
fits them again, and says how well weights that never saw a set do on it.
"""

from __future__ import annotations

import numpy as np

from whatworks.collate.methods.match.comparing import Compared, Said
from whatworks.collate.methods.match.sketches import Numbers
from whatworks.collate.methods.match.wording import Wording

SHORT = 4  # a title of so few words may be anybody's

LEVELS: dict[str, tuple[str, ...]] = {
    "title": tuple(
        "equal|equal and short|spelling or order|one begins or ends with the other|one within the other|forms of words"
        "|a few words differ|something in common|far|missing".split("|")
    ),
    "numbers": ("agree", "cut", "in one only", "differ"),
    "people": ("silent", "all", "fewer", "first", "some", "written otherwise", "none", "a body"),
    "given name": ("no conflict", "differs"),
    "year": ("silent", "same", "one apart", "two or three apart", "farther"),
    "journal": ("silent", "same", "alike", "differs"),
    "place": tuple(
        "volume and pages|volume and page|page|volume and about the page|about the page|volume, not the page"
        "|not the page|volume and issue|volume|volume, not the issue|not the volume|silent".split("|")
    ),
    "doi": ("silent", "same", "version", "differs"),
    "abstract": ("silent", "same", "-", "differs"),
    "meeting": ("no", "one at a meeting"),
}


def levels(c: Compared) -> dict[str, Numbers]:
    """For each field of LEVELS, the number of the level that each pair is on."""
    same, near = Said.SAME, Said.NEAR
    return {
        "title": _title(c),
        "numbers": c.told,
        "people": c.people,
        "given name": (c.initial == Said.DIFFER).astype(np.int8),
        "year": np.select([c.year == Said.SILENT, c.year == same, c.year == near, c.apart <= 3], range(4), 4),
        "journal": c.venue,
        "place": _place(c),
        "doi": c.doi,
        "abstract": c.abstract,
        "meeting": (c.meetings == 1).astype(np.int8),
    }


def _title(c: Compared) -> Numbers:
    w = c.wording
    in_turn = [
        (w == Wording.EXACT) & (c.words > SHORT),
        w == Wording.EXACT,
        (w == Wording.SPELLING) | (w == Wording.ORDER),
        (w == Wording.START) | (w == Wording.END),
        w == Wording.WITHIN,
        w == Wording.FORMS,
        w == Wording.CHANGED,
        w == Wording.ALIKE,
        w == Wording.FAR,
    ]
    return np.select(in_turn, range(9), 9)


def _place(c: Compared) -> Numbers:
    page, volume, issue, same = c.page, c.volume, c.issue, Said.SAME
    in_turn = [
        c.pages & (volume == same),
        (page == same) & (volume == same),
        page == same,
        (page == Said.NEAR) & (volume == same),
        page == Said.NEAR,
        (page == Said.DIFFER) & (volume == same),
        page == Said.DIFFER,
        (volume == same) & (issue == same),
        (volume == same) & (issue == Said.SILENT),
        volume == same,
        volume == Said.DIFFER,
    ]
    return np.select(in_turn, range(11), 11)


def probability(c: Compared) -> Numbers:
    """For each pair, the probability that its two records are one publication."""
    total = np.full(len(c), BIAS)
    for field, level in levels(c).items():
        total += np.asarray(WEIGHTS[field])[level]
    found: Numbers = 1.0 / (1.0 + np.exp(-total))
    return found


# Written by benches/matching_weights.py, in the order of the levels above.
BIAS = -7.08
WEIGHTS: dict[str, tuple[float, ...]] = {
    "title": (2.96, 0.14, 1.53, 0.86, -0.53, 0.45, -0.14, -2.07, -1.52, -1.68),
    "numbers": (0.85, -0.24, -0.46, -0.15),
    "people": (-0.10, 1.21, 0.37, 0.67, -0.29, 0.11, -1.91, -0.06),
    "given name": (0.60, -0.60),
    "year": (0.00, 2.02, -0.87, -0.91, -0.24),
    "journal": (0.40, 0.79, -0.24, -0.95),
    "place": (4.00, 1.38, 0.20, 0.36, -0.10, -0.80, -3.08, 3.21, 1.20, -4.38, -3.00, 1.01),
    "doi": (1.19, 0.46, 0.00, -1.64),
    "abstract": (-0.03, 0.03, 0.00, 0.00),
    "meeting": (0.58, -0.58),
}
