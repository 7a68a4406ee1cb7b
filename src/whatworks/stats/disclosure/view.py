"""What a reader of our outputs, who knows the policy, knows of each cell before any arithmetic: a least and a greatest count.

The attacker guarded against is told more than a page tells: also why each cell is withheld. Somebody who saw last year's
counts can guess which of two withheld cells is the small one, and must gain nothing by it.
"""

from __future__ import annotations

import numpy as np

from whatworks.stats.disclosure.cells import Cells
from whatworks.stats.disclosure.equations import Flags, Floats, Whole
from whatworks.stats.disclosure.policy import Policy, Reason

LEVELS = (Reason.SMALL, Reason.COMPLEMENT, Reason.PUBLISHER, Reason.UNSAID, Reason.ANY)
SMALL, COMPLEMENT, PUBLISHER, UNSAID, ANY = range(5)
SHOWN = -1


def rounding_interval(shown: int, step: int, policy: Policy) -> tuple[int, int]:
    """The counts that are shown as this number, halves rounded up; without those that would have been withheld."""
    low, high = max(shown - step // 2, 0), shown + (step - 1) // 2
    if policy.largest is None or (shown == 0 and step == 1):
        return low, high
    return (low, 0) if shown == 0 else (max(low, policy.largest + 1), high)


def withheld_interval(reason: Reason, policy: Policy, step: int = 1) -> tuple[int, float]:
    """The counts that a withheld cell may have, for somebody who is told the reason and to what its publisher rounded it."""
    half = step // 2
    if policy.largest is None or reason in (Reason.PUBLISHER, Reason.ANY):
        return 0, np.inf
    if reason == Reason.SMALL:
        return max((policy.smallest or 0) - half, 0), policy.largest + half
    if reason == Reason.COMPLEMENT:
        return max(policy.largest + 1 - half, 0), np.inf
    return max(int(policy.shows_zeros) - half, 0), np.inf


def steps(cells: Cells, policy: Policy) -> Whole:
    """To what each count is rounded when it is shown: by us, or by its publisher already."""
    ours = np.where(cells.large, policy.step(True), policy.step(False))
    return np.where(cells.rounded > 1, 1, ours).astype(np.int64)


def shown_bounds(cells: Cells, policy: Policy) -> tuple[Floats, Floats]:
    """The least and greatest count of each cell for a reader, were it shown; those that nobody shows may be anything."""
    step = steps(cells, policy)
    number = (2 * cells.count + step) // (2 * step) * step
    low, high = np.maximum(number - step // 2, 0), number + (step - 1) // 2
    if policy.largest is not None:
        high = np.where((number == 0) & (step > 1), 0, high)
        low = np.where(number > 0, np.minimum(np.maximum(low, policy.largest + 1), cells.count), low)
    coarse, half = cells.rounded > 1, cells.rounded // 2
    low = np.where(coarse, np.maximum(cells.given - half, 0), low)
    high = np.where(coarse, cells.given + (cells.rounded - 1) // 2, high)
    return _with_known(cells, np.where(cells.listed, low, 0.0), np.where(cells.listed, high, np.inf))


def withheld_bounds(cells: Cells, policy: Policy, reasons: Whole) -> tuple[Floats, Floats]:
    """The same, were each cell withheld for its reason (SMALL and so on, by place in LEVELS; SHOWN gives no bound)."""
    low, high = np.zeros(reasons.size), np.full(reasons.size, np.inf)
    for step in np.unique(cells.rounded).tolist():
        for code, level in enumerate(LEVELS):
            here = (reasons == code) & (cells.rounded == step)
            low[here], high[here] = withheld_interval(level, policy, step)
    return _with_known(cells, low, high)


def bounds(cells: Cells, policy: Policy, reasons: Whole) -> tuple[Floats, Floats]:
    """The least and greatest count of each cell for a reader, as it is: shown, or withheld for its reason."""
    low, high = shown_bounds(cells, policy)
    under, over = withheld_bounds(cells, policy, reasons)
    hidden = reasons != SHOWN
    return np.where(hidden, under, low), np.where(hidden, over, high)


def _with_known(cells: Cells, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Bounds with what earlier outputs told."""
    return np.maximum(low, cells.known_low), np.minimum(high, cells.known_high)


def can_be_withheld(cells: Cells) -> Flags:
    """Cells that withholding would take from a reader: listed, and not told before."""
    return np.asarray(cells.listed & ~cells.by_publisher & ~cells.fixed, dtype=np.bool_)


def shown_zeros(cells: Cells, policy: Policy) -> Flags:
    """Cells whose 0 is shown, unless nothing else helps: a 0 is nobody."""
    return np.asarray((cells.count == 0) & cells.held & policy.shows_zeros, dtype=np.bool_)
