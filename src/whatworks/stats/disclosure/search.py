"""What is withheld so far, and which other tables a reader cannot tell from the true one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from whatworks.stats.disclosure.cells import Cells
from whatworks.stats.disclosure.equations import Flags, Floats, Whole
from whatworks.stats.disclosure.policy import Policy
from whatworks.stats.disclosure.view import SHOWN, bounds, can_be_withheld, shown_zeros


@dataclass(slots=True)
class Search:
    """What is withheld so far, and the lookalikes found: for each, the cells that differ from the true table and by how much.

    reasons: (cells,), places in view.LEVELS. seen: by withheld cell, its values in the true table and all lookalikes.
    derived: small differences of outputs. for_whom: by cell withheld for another's sake, that other. exposed: cells that
    nothing protects any more.
    """

    cells: Cells
    policy: Policy
    reasons: Whole
    low: Floats
    high: Floats
    may_go: Flags
    zeros: Flags
    weight: Floats
    derived: Flags
    seen: dict[int, set[int]] = field(default_factory=dict)
    lookalikes: list[tuple[Whole, Whole]] = field(default_factory=list)
    for_whom: dict[int, int] = field(default_factory=dict)
    exposed: set[int] = field(default_factory=set)

    def look(self) -> None:
        """Take in what a reader knows now."""
        self.low, self.high = bounds(self.cells, self.policy, self.reasons)

    def must_protect(self, cell: int) -> bool:
        """Whether a cell is withheld, or a small difference between outputs, and can be protected at all."""
        return (self.reasons[cell] != SHOWN or bool(self.derived[cell])) and cell not in self.exposed


def searching(cells: Cells, policy: Policy, reasons: Whole, derived: Flags) -> Search:
    """A search that has found nothing yet."""
    low, high = bounds(cells, policy, reasons)
    weight = 1.0 + np.sqrt(np.maximum(cells.count, 1))  # few cells and small ones: Hundepool et al. (2012), section 4.4
    return Search(
        cells, policy, reasons, low, high, can_be_withheld(cells), shown_zeros(cells, policy), weight, derived
    )
