"""When may we stop reading? One answer with its reasons, by the every-urn test, by a random sample, or at the very end.

The every-urn test is that of Callaghan and Müller-Hansen (2020), doi 10.1186/s13643-020-01521-4; `urns.py` has its
arithmetic. Target and confidence are chosen before reading starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.screen.methods.hypergeometric import chance_of_at_most
from whatworks.screen.methods.remaining import Sample, check_sample, most_remaining
from whatworks.screen.methods.stop_words import cautions, percent, sentence, studies
from whatworks.screen.methods.urns import (
    Urns,
    chances,
    check_labels,
    check_share,
    deciding_urns,
    least_missing,
    most_missing,
    p_path,
    rejected,
)
from whatworks.stats.results import Result

Rule = Literal["every urn", "random sample", "read everything"]


@dataclass(frozen=True, slots=True)
class StopEstimate(Result):
    """Whether to stop, and what may be missing. None: cannot be said.

    stop: the answer of the rule; p: the chance of so few late finds if the target had been missed; found, screened,
    total: records; target: share of the relevant to find; confidence: how sure to be. missing_upper: with that
    confidence no more relevant ones are unread. expected_missing: their mean if, before looking, every number had been
    as likely. recall_lower: found / (found + missing_upper). sentence: the answer in plain words; cautions: what it
    rests on.
    """

    stop: bool
    p: float | None
    found: int
    screened: int
    total: int
    target: float
    confidence: float
    missing_upper: int
    expected_missing: float | None
    recall_lower: float | None
    method: Rule
    sentence: str
    cautions: tuple[str, ...]

    def summary(self) -> str:
        """The sentence, and the numbers behind it."""
        p = "" if self.p is None else f", p {self.p:.4g} against {round(1 - self.confidence, 10):g}"
        recall = "" if self.recall_lower is None else f", at least {percent(round(self.recall_lower, 3))} found"
        read = f"{self.screened:,} of {self.total:,} records read, {studies(self.found)}"
        return f"{self.sentence} ({self.method}: {read}{p}{recall})"


def stop_estimate(
    labels: ArrayLike, total: int, *, target: float = 0.95, confidence: float = 0.95, everything: bool = False
) -> StopEstimate:
    """May we stop, by the every-urn test? labels: 1 and 0 in the order of reading; total: records, read or not.

    Stops where p is at most 1 - confidence and something relevant has been found, and where every record has been read.
    everything: stop only when all are read, and say what stopping now would risk. InputError says what is wrong.
    """
    known = check_labels(labels, total)
    check_share("target", target)
    found, unread = int(known.sum()), total - known.size
    urns = deciding_urns(known)
    p = float(chances(urns, unread, least_missing(found, target)).min())
    upper = most_missing(known, total, confidence)
    stop = unread == 0 or (found > 0 and bool(rejected(p, 1 - confidence)) and not everything)
    return _estimate(
        stop=stop,
        p=p,
        counts=(found, known.size, total),
        sought=(target, confidence),
        upper=upper,
        expected=_expected(urns, unread, upper),
        method="read everything" if everything else "every urn",
        told=cautions(found=found, screened=known.size, total=total, target=target, confidence=confidence),
    )


def _expected(urns: Urns, unread: int, upper: int) -> float | None:
    """The mean number of relevant ones among the unread, by Laplace's rule on the urn that sets the limit.

    If every number of relevant ones in the urn was equally likely before, unread * (found + 1) / (read + 2) is exactly
    their mean after the draw, for drawing without putting back too. Never above the limit it stands beside. None where
    the limit says nothing.
    """
    if unread == 0:
        return 0.0
    if upper >= unread:
        return None
    at = int(np.argmin(chances(urns, unread, upper + 1)))
    return min(float(upper), unread * (int(urns.found[at]) + 1) / (int(urns.read[at]) + 2))


def _estimate(
    *,
    stop: bool,
    p: float | None,
    counts: tuple[int, int, int],
    sought: tuple[float, float],
    upper: int,
    expected: float | None,
    method: Rule,
    told: tuple[str, ...],
) -> StopEstimate:
    found, screened, total = counts
    words = sentence(
        found=found,
        screened=screened,
        total=total,
        upper=upper,
        about=found + round(expected or 0.0),
        confidence=sought[1],
        stop=stop,
    )
    return StopEstimate(
        stop=stop,
        p=p,
        found=found,
        screened=screened,
        total=total,
        target=sought[0],
        confidence=sought[1],
        missing_upper=upper,
        expected_missing=expected,
        recall_lower=found / (found + upper) if found + upper else None,
        method=method,
        sentence=words,
        cautions=told,
    )


def stop_by_sample(
    found: int, screened: int, total: int, sample: Sample, *, target: float = 0.95, confidence: float = 0.95
) -> StopEstimate:
    """May we stop, by a random sample that was read? found and screened include the sample.

    One look at one sample, so the confidence is exact; taking samples until one pleases is not. See `Sample` for what
    it may be drawn from.
    """
    check_share("target", target)
    check_share("confidence", confidence)
    check_sample(sample, found, screened, total)
    unread = total - screened
    missing = least_missing(found, target)
    drawn_from, elsewhere = (total, found - sample.found) if sample.of == "all" else (sample.read + unread, 0)
    if missing > unread:
        p = 0.0
    else:
        relevant = sample.found + elsewhere + missing
        p = float(chance_of_at_most(sample.found, drawn_from, relevant, sample.read)) if sample.read else 1.0
    in_rest = most_remaining(sample.found, sample.read, drawn_from, 1 - confidence)
    upper = min(unread, max(0, in_rest - elsewhere))
    rest = (drawn_from - sample.read) * sample.found / sample.read - elsewhere if sample.read else None
    stop = unread == 0 or (found > 0 and bool(rejected(p, 1 - confidence)))
    return _estimate(
        stop=stop,
        p=p,
        counts=(found, screened, total),
        sought=(target, confidence),
        upper=upper,
        expected=None if rest is None else min(max(rest, 0.0), float(upper)),
        method="random sample",
        told=_sample_cautions(sample),
    )


def _sample_cautions(sample: Sample) -> tuple[str, ...]:
    told = [said("This holds for a sample drawn by lot and read to its end, and for the first such sample only.")]
    if not sample.found:
        told.append(
            said(
                "No relevant study was in the sample: the most that may be missing says more than the estimate of none."
            )
        )
    return tuple(told)


def stops_after(labels: ArrayLike, total: int, *, target: float = 0.95, confidence: float = 0.95) -> int | None:
    """After how many decisions the every-urn test, asked after each one, first says stop; None where it does not."""
    known = check_labels(labels, total)
    check_share("confidence", confidence)
    enough = rejected(p_path(known, total, target), 1 - confidence) & (np.cumsum(known) > 0)
    return int(np.argmax(enough)) + 1 if enough.any() else None


def consecutive_irrelevant_example(labels: ArrayLike, run: int) -> int | None:
    """A WARNING EXAMPLE, not a rule to use: after how many records "stop after `run` irrelevant ones in a row" stops.

    It knows nothing of what is left, so it stops early wherever relevant records come in clusters; the explanation of
    stopping shows how often. None where it never stops.
    """
    if run < 1:
        raise InputError(said("A run of %(run)s cannot be waited for; give 1 or more.", run=run))
    known = check_labels(labels, np.asarray(labels).size)
    since = np.arange(1, known.size + 1) - np.maximum.accumulate(np.where(known == 1, np.arange(1, known.size + 1), 0))
    stops = np.flatnonzero(since >= run)
    return int(stops[0]) + 1 if stops.size else None
