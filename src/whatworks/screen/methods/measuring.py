"""Measuring: how much reading does an order of records save?

Every function takes `ranks`: the places, from 1 and rising, at which the relevant records came up among the `total`
records that were to be read (priors left out). The definitions are those of the command-line contract; the sources are
Cohen et al. (2006, doi 10.1197/jamia.M1929) for work saved over sampling, Ferdinands et al. (2023, doi
10.1186/s13643-023-02257-7) for the average time to discovery, and Harmsen et al. (2024, arXiv 2409.14827) for the loss.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.results import Result


@dataclass(frozen=True, slots=True)
class Savings(Result):
    """What one order saved: proportions but for `ttl`, which counts records."""

    recall10: float
    recall20: float
    wss95: float
    wss100: float
    atd: float
    ttl: int
    loss: float


def savings(ranks: Sequence[int], total: int) -> Savings:
    """Every measure of one order at once."""
    return Savings(
        recall10=recall_at(ranks, total, 0.10),
        recall20=recall_at(ranks, total, 0.20),
        wss95=work_saved(ranks, total, 0.95),
        wss100=work_saved(ranks, total, 1.0),
        atd=average_time_to_discovery(ranks, total),
        ttl=time_to_last(ranks, total),
        loss=loss(ranks, total),
    )


def recall_at(ranks: Sequence[int], total: int, share: float) -> float:
    """The proportion of the relevant records found after ceil(share * total) records."""
    _check(ranks, total)
    read = _ceil(share * total)
    return sum(rank <= read for rank in ranks) / len(ranks)


def records_to_reach(ranks: Sequence[int], total: int, recall: float) -> int:
    """How many records were read when ceil(recall * R) of the R relevant ones had been found."""
    _check(ranks, total)
    return ranks[max(_ceil(recall * len(ranks)), 1) - 1]


def work_saved(ranks: Sequence[int], total: int, recall: float) -> float:
    """Work saved over sampling: 1 - n/N - (1 - recall), n the records read to reach that recall, N all of them.

    At recall 1 this is 1 - ttl/N. Reading in random order saves about nothing.
    """
    return 1 - records_to_reach(ranks, total, recall) / total - (1 - recall)


def average_time_to_discovery(ranks: Sequence[int], total: int) -> float:
    """The mean rank of the relevant records as a proportion of N; in random order about one half."""
    _check(ranks, total)
    return sum(ranks) / len(ranks) / total


def time_to_last(ranks: Sequence[int], total: int) -> int:
    """The rank of the last relevant record."""
    _check(ranks, total)
    return ranks[-1]


def loss(ranks: Sequence[int], total: int) -> float:
    """Where the recall curve lies between the perfect one (0: relevant first) and the worst (1: relevant last).

    The area between the perfect curve and ours, by that between the perfect and the worst; areas under the steps
    after each record. With sums of ranks: (sum - best sum) / (R * (N - R)). Where all N are relevant there is nothing
    to lose: 0.
    """
    _check(ranks, total)
    relevant = len(ranks)
    if relevant == total:
        return 0.0
    return (sum(ranks) - relevant * (relevant + 1) / 2) / (relevant * (total - relevant))


def recall_curve(ranks: Sequence[int], total: int) -> list[float]:
    """The proportion of the relevant records found after 1, 2, ... N records."""
    _check(ranks, total)
    found = np.zeros(total)
    found[np.asarray(ranks) - 1] = 1
    return [float(share) for share in np.cumsum(found) / len(ranks)]


def _ceil(value: float) -> int:
    """The next whole number upwards; 0.95 * 20 is 19, whatever binary fractions make of it."""
    return math.ceil(round(value, 9))


def _check(ranks: Sequence[int], total: int) -> None:
    if not ranks:
        raise InputError(said("No relevant record is left to be found, so nothing can be measured."))
    if any(a >= b for a, b in pairwise(ranks)) or ranks[0] < 1 or ranks[-1] > total:
        raise InputError(
            said("Ranks must rise, from 1 to at most %(total)s; give each relevant record's place once.", total=total)
        )
