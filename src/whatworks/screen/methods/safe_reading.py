"""Reading by the SAFE procedure in a review whose decisions are known: where it would have stopped, and with what found.

What can be tried out on a finished review: the random sample first, learning until the reading conditions hold, and
another learner until many in a row are irrelevant again. What cannot: that every key paper is found, for nobody named any
beforehand, and that somebody else reads again what was excluded, for the decisions are taken as right. `safe.py` has the
conditions and where they come from; it is the twin that the tests hold this against.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.screen.methods.features import Features
from whatworks.screen.methods.learners import Ints
from whatworks.screen.methods.safe import SafeSettings
from whatworks.screen.methods.sessions import Session
from whatworks.stats.results import Result

OTHER = {"blend": "nearest", "margin": "bayes", "bayes": "margin", "nearest": "bayes"}
"""By learner, a different one for the third phase. Orders by lot or by year learn nothing, so SAFE has no use for them."""


@dataclass(frozen=True, slots=True)
class SafeReading(Result):
    """One reading. order: what every record is (1 or 0), those read first in the order read; priors are left out.

    sample: how many were read by lot at the start; switched, stopped: after how many another learner took over and the
    procedure stopped, None where all were read before that.
    """

    learner: str
    other: str
    order: tuple[int, ...]
    sample: int
    switched: int | None
    stopped: int | None


def read_by_safe(
    known: Features,
    truth: Ints,
    *,
    lot: Ints,
    priors: Sequence[int] = (),
    learner: str,
    seed: int = 0,
    settings: SafeSettings | None = None,
) -> SafeReading:
    """Read a review whose decisions are known (`truth`, 1 or 0 by record) by SAFE, until it stops or all is read.

    lot: all records in an order by lot, of which the first are the sample: as large as the settings say, and larger
    until it holds a relevant record. priors: records known beforehand. InputError for a learner that does not learn.
    """
    if learner not in OTHER:
        raise InputError(
            said(
                "SAFE needs a learner that learns, which %(learner)r does not; choose one of %(other)s.",
                learner=learner,
                other=", ".join(OTHER),
            )
        )
    told, before = settings or SafeSettings(), set(priors)
    rows = [int(row) for row in lot if int(row) not in before]
    labels = np.asarray(truth)[rows]
    sample = _drawn(labels, told)
    first, place = rows[:sample], np.argsort(lot)
    found = int(labels[:sample].sum())
    enough = max(ceil(told.least * len(rows)), ceil(told.times * len(rows) * found / sample) if found else len(rows))
    read, switched = _read_on(
        [*priors], first, enough, told.run, Session(known, learner=learner, seed=seed, place=place), truth
    )
    stopped = None
    if switched is not None:
        other = Session(known, learner=OTHER[learner], seed=seed, place=place)
        read, stopped = _read_on([*priors], read, switched, told.run, other, truth)
    left = before.union(read)
    order = [int(truth[row]) for row in (*read, *(row for row in rows if row not in left))]
    return SafeReading(learner, OTHER[learner], tuple(order), sample, switched, stopped)


def _drawn(labels: Ints, told: SafeSettings) -> int:
    """How many are drawn: the share that is asked for, and on until one is relevant; all where none is."""
    finds = np.flatnonzero(labels)
    return max(ceil(told.sample * labels.size), int(finds[0]) + 1) if finds.size else int(labels.size)


def _read_on(
    priors: Sequence[int], read: Sequence[int], enough: int, run: int, session: Session, truth: Ints
) -> tuple[list[int], int | None]:
    """Read on by a learner until so many are read and so many in a row were irrelevant; after how many that was so."""
    for row in (*priors, *read):
        session.add(row, int(truth[row]))
    now, since = list(read), 0
    while since < run or len(now) < enough:
        best = session.next()
        if best is None:
            return now, None
        session.add(best, int(truth[best]))
        now.append(best)
        since = 0 if truth[best] else since + 1
    return now, len(now)
