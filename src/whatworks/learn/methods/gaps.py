"""What is missing, side by side: several columns, each with its own order, and no score that adds them up.

A score would say how much a place in a priority order is worth in chances of being wrong; nobody knows that, and whoever chose the
weights would choose the list. So a reader picks the column that matters to them, and sees which it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

ASKED, UNCERTAIN, IN_VAIN, CASES = "asked", "uncertain", "in-vain", "cases"
KINDS = (ASKED, UNCERTAIN, IN_VAIN, CASES)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one gap. `place`: in a published order of priorities. `wrong`: the chance, 0 to 0.5, of choosing wrongly today by
    the pooled result alone. `asked`: the day as an ISO text. `running`: trials of it that have not reported."""

    key: str
    words: str
    kind: str
    theme: str = ""
    asked: str = ""
    place: float | None = None
    wrong: float | None = None
    running: int = 0
    searched: bool = False
    put_forward: bool = False


Order = Callable[[Facts], tuple[object, ...]]
LAST = float("inf")
ORDERS: Mapping[str, Order] = {
    "priority": lambda one: (one.place if one.place is not None else LAST,),
    "wrong": lambda one: (-one.wrong if one.wrong is not None else LAST,),
    "oldest": lambda one: (one.asked or "9999",),
    "nobody": lambda one: (one.running, one.searched),
}


def in_order(rows: Iterable[Facts], by: str) -> list[Facts]:
    """Rows by one column; what has nothing in that column comes last; ties stay in the order of their words.

    An order that is not known is the first one.
    """
    order = ORDERS.get(by, ORDERS["priority"])
    return sorted(rows, key=lambda one: (*order(one), one.words.casefold(), one.key))


TRIAL_RUNS, SEARCH, TRY, PUT_FORWARD, DECIDE, READ = "trial runs", "search", "try", "put forward", "decide", "read"


def next_step(one: Facts) -> str:
    """What could be done next, and so by whom: wait for the trial that runs, search, try, put it forward, decide."""
    if one.running:
        return TRIAL_RUNS
    if one.kind == CASES:
        return READ
    if one.kind == UNCERTAIN or (one.searched and one.kind == IN_VAIN):
        return TRY
    if one.place is not None:
        return DECIDE
    if one.kind == ASKED and not one.put_forward:
        return PUT_FORWARD
    return TRY if one.searched else SEARCH
