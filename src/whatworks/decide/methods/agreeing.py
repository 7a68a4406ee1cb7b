"""Whether people who ranked or scored the same things agree: points of ranks, Kendall's W, and a rule fixed before a first round.

Kendall's W with its correction for ties, and its chi-squared test: Kendall and Babington Smith 1939; Siegel and Castellan 1988. The
rule of a consensus, 70 of 100 and 15 of 100 on a scale of 1 to 9: COMET (PMC8024512, table 1).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from scipy.stats import chi2, rankdata

from whatworks.errors import InputError
from whatworks.saying import said

IN, OUT, OPEN = "in", "out", "open"
LOWEST, HIGHEST = 1, 9


@dataclass(frozen=True, slots=True)
class Agreement:
    """Ranks of people over things: points by Borda's count, and how far the people agree."""

    points: tuple[float, ...]
    """For each thing the sum over people of m - rank + 1, m things: higher = preferred."""
    w: float
    """Kendall's coefficient of concordance, 0 to 1."""
    chi2: float
    df: int
    p: float


def ranked_together(ranks: Sequence[Sequence[float]]) -> Agreement:
    """Points and agreement; `ranks`: one row for each person, one rank for each thing (1 = first; ties share the mean).

    The test is by chi-squared with m - 1 degrees of freedom, near enough from about 8 things. Raises InputError for fewer than two
    people or things, and for a row that is not a ranking.
    """
    table = np.asarray(ranks, dtype=float) if len({len(row) for row in ranks}) == 1 else np.empty((0, 0))
    people, things = table.shape
    if people < 2 or things < 2:
        raise InputError(said("Agreement needs two people or more who each rank the same two things or more."))
    for number, row in enumerate(table, start=1):
        if not np.array_equal(rankdata(row), row):
            raise InputError(
                said(
                    "Row %(number)s is no ranking: 1 is first, and what is tied shares the mean of its ranks.",
                    number=number,
                )
            )
    sums = table.sum(axis=0)
    spread = float(((sums - sums.mean()) ** 2).sum())
    ties = sum(float((count**3 - count).sum()) for count in (np.unique(row, return_counts=True)[1] for row in table))
    room = people**2 * (things**3 - things) - people * ties
    if room <= 0:
        raise InputError(said("Everybody tied everything: there is no order to agree on."))
    w = 12 * spread / room
    statistic = people * (things - 1) * w
    points = (things - table + 1).sum(axis=0)
    return Agreement(tuple(map(float, points)), w, statistic, things - 1, float(chi2.sf(statistic, things - 1)))


@dataclass(frozen=True, slots=True)
class ConsensusRule:
    """When a statement is in or out, fixed before the first round. Shares are of those who scored it in the round."""

    high: int = 7
    low: int = 3
    agree: float = 0.70
    against: float = 0.15
    rounds: int = 3
    stop: str = "after the rounds said, or when none is open"

    def __post_init__(self) -> None:
        """Raises InputError for a rule by which a statement could be in and out at once."""
        if not (LOWEST <= self.low < self.high <= HIGHEST and 0.5 < self.agree <= 1 and 0 < self.against <= 0.5):
            raise InputError(
                said(
                    "A rule of consensus needs low below high on the scale of 1 to 9, more than half to agree, and at most half "
                    "against."
                )
            )

    @property
    def digest(self) -> str:
        """SHA-256 of the rule as JSON: locked before the first round, it cannot be bent to what was found."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Round:
    """What one round says of one statement."""

    scored: int
    high: float
    low: float
    median: float
    verdict: str
    """in, out or open."""
    stayed: float | None
    """Of those who scored it in the round before as well, the share that kept to the same third of the scale."""
    left: int
    """People who scored it in the round before and did not in this one."""


def consensus(rule: ConsensusRule, before: Mapping[str, int], now: Mapping[str, int]) -> Round:
    """What a round says of a statement: scores of 1 to 9 by person, in the round before (empty at first) and now.

    Raises InputError for a round without scores, or scores off the scale.
    """
    wrong = [score for score in (*before.values(), *now.values()) if score not in range(LOWEST, HIGHEST + 1)]
    if wrong or not now:
        raise InputError(
            said("A round needs scores, whole numbers from 1 to 9; it has %(wrong)s.", wrong=str(wrong or "none"))
        )
    scores = np.array(list(now.values()))
    high, low = float((scores >= rule.high).mean()), float((scores <= rule.low).mean())
    both = [person for person in now if person in before]
    same = [rule_third(rule, now[person]) == rule_third(rule, before[person]) for person in both]
    return Round(
        len(scores), high, low, float(np.median(scores)), _verdict(rule, high, low),
        float(np.mean(same)) if same else None, len(before.keys() - now.keys()),
    )  # fmt: skip


def rule_third(rule: ConsensusRule, score: int) -> int:
    """-1 for a low score, 1 for a high one, else 0."""
    return (score >= rule.high) - (score <= rule.low)


def _verdict(rule: ConsensusRule, high: float, low: float) -> str:
    if high >= rule.agree and low < rule.against:
        return IN
    return OUT if low >= rule.agree and high < rule.against else OPEN
