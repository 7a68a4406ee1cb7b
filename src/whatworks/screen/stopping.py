"""What is known when somebody asks whether to stop: which decisions count, in which order, out of how many."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from whatworks.ledger.models import Job
from whatworks.saying import said, said_of
from whatworks.screen.methods.protocol import LEARNING, TITLE, Rules
from whatworks.screen.methods.remaining import Sample
from whatworks.screen.methods.safe import SafeState, safe_checklist
from whatworks.screen.methods.stop_words import cautions, percent, sentence
from whatworks.screen.methods.stopping import StopEstimate, stop_estimate
from whatworks.screen.methods.urns import chances, deciding_urns, least_missing, most_missing
from whatworks.screen.models import Candidate, Ranking, Review, Wave
from whatworks.screen.models.queue import CandidateQuerySet
from whatworks.screen.reckoning import OTHERS
from whatworks.screen.rereading import row_of
from whatworks.screen.reviewing import rules_of
from whatworks.screen.waves import ADD

DECIDED = (Candidate.INCLUDE, Candidate.EXCLUDE)


@dataclass(frozen=True, slots=True)
class Known:
    """Every decision so far in its order (1 taken further, 0 left out), how many came before the last search was
    added or the last were taken up from another tool, and how many records there are."""

    labels: tuple[int, ...]
    before: int
    total: int


def pool(review: Review, stage: str = TITLE) -> CandidateQuerySet:
    """The candidates that are decided for themselves at a stage: near-identical ones once, those of before not at all."""
    rows = Candidate.objects.at(review, stage).counted().filter(as_one=None, wave__complete=True)
    return rows.exclude(wave__route=Wave.PREVIOUS)


def known(review: Review, stage: str = TITLE) -> Known:
    """The decisions at a stage in the order in which they were made."""
    rows = pool(review, stage).filter(state__in=DECIDED).order_by("settled_at", "pk")
    decided = list(rows.values_list("state", "settled_at", "judgement__by"))
    since = last_added(review)
    before = sum(at < since for _, at, _ in decided) if since else 0
    # What was decided in another tool came all at once: nobody knows in which order it was read there.
    elsewhere = max((at for at, row in enumerate(decided, 1) if (row[2] or "").startswith(OTHERS)), default=0)
    before = max(before, elsewhere)
    labels = tuple(int(state == Candidate.INCLUDE) for state, _, _ in decided)
    return Known(labels, before, pool(review, stage).count())


def last_added(review: Review) -> datetime.datetime | None:
    """When records were last added to some that were there already; None where all came at once."""
    waves = list(review.waves.filter(complete=True, added__gt=0).exclude(route=Wave.PREVIOUS).order_by("number"))
    if len(waves) < 2:
        return None
    ends = [_added_at(wave) for wave in waves]
    return max(end for end in ends[1:])


def _added_at(wave: Wave) -> datetime.datetime:
    """When all of it was there: a long list is added by work that ends later than it was asked for."""
    job = Job.objects.filter(kind=ADD, key=f"add-{wave.pk}").first()
    return job.ended_at if job and job.ended_at else wave.at


def estimate(review: Review, stage: str = TITLE) -> StopEstimate:
    """What the every-urn test says now. After a search was added only urns count that begin after it.

    Urns that began earlier were drawn from another set of records, of which the new ones were no part.
    """
    rules, told = rules_of(review), known(review, stage)
    everything = rules.stopping == "everything"
    if not told.before:
        sought = {"target": rules.target, "confidence": rules.confidence}
        return stop_estimate(list(told.labels), told.total, **sought, everything=everything)
    return _since(told, rules, everything=everything)


def _since(told: Known, rules: Rules, *, everything: bool) -> StopEstimate:
    """The test on the urns since the last search, for the share of all that has been found."""
    since = np.array(told.labels[told.before :], dtype=np.int64)
    found, screened = sum(told.labels), len(told.labels)
    unread, urns = told.total - screened, deciding_urns(since)
    p = float(chances(urns, unread, least_missing(found, rules.target)).min())
    upper = most_missing(since, told.total - told.before, rules.confidence)
    expected = 0.0 if not unread else None
    if unread and upper < unread:
        at = int(np.argmin(chances(urns, unread, upper + 1)))
        expected = min(float(upper), unread * (int(urns.found[at]) + 1) / (int(urns.read[at]) + 2))
    stop = unread == 0 or (found > 0 and p < 1 - rules.confidence and not everything)
    counts = {"found": found, "screened": screened, "total": told.total}
    words = sentence(
        **counts, upper=upper, about=found + round(expected or 0.0), confidence=rules.confidence, stop=stop
    )
    return StopEstimate(
        stop=stop,
        p=p,
        **counts,
        target=rules.target,
        confidence=rules.confidence,
        missing_upper=upper,
        expected_missing=expected,
        recall_lower=found / (found + upper) if found + upper else None,
        method="read everything" if everything else "every urn",
        sentence=words,
        cautions=(
            said(
                "Records were added, or decisions taken up from elsewhere, after %(before)s decisions. Only the "
                "%(since)s since then are tested.",
                before=f"{told.before:,}",
                since=f"{since.size:,}",
            ),
            *cautions(**counts, target=rules.target, confidence=rules.confidence),
        ),
    )


@dataclass(frozen=True, slots=True)
class Lot:
    """The random sample so far: what was read of it in the order of the lot, and how many of these are in conflict."""

    decided: tuple[str, ...]
    included: int
    unsettled: int
    drawn: int

    @property
    def read(self) -> int:
        """How many were read, those in conflict too."""
        return len(self.decided) + self.unsettled

    def sample(self, *, in_conflict: int) -> Sample:
        """As a sample, with so many of those in conflict taken for relevant: none and all are the two ends."""
        return Sample(self.read, self.included + in_conflict, of="all")


def lot_of(review: Review, stage: str = TITLE) -> Lot:
    """The random sample, in the order of the lot and up to the first that nobody or only one of two has judged.

    What a ranking brought forward would make those that are decided richer than the rest. In the order of the lot only
    the beginning is looked at, which no ranking chose. (It ends where one is open, so it runs a little longer where
    more belong in: the estimate errs to the side of more that is missing, by about one part in its length.)
    """
    rows = list(pool(review, stage).filter(sampled=True).order_by("shuffle", "pk").values_list("pk", "state"))
    read = list(takewhile(lambda row: row[1] in (*DECIDED, Candidate.CONFLICT), rows))
    decided = tuple(pk for pk, state in read if state in DECIDED)
    included = sum(state == Candidate.INCLUDE for _, state in read)
    return Lot(decided, included, len(read) - len(decided), len(rows))


def switched_at(review: Review, stage: str = TITLE) -> datetime.datetime | None:
    """Since when another learner orders the reports than the one before it; None where it never changed.

    Of several changes the last counts, so that a change made too early can be made up for. Orders by lot are no
    learner's. Records that were added later begin the reading with the other learner anew.
    """
    rows = Ranking.objects.filter(review=review, stage=stage, learner__in=LEARNING).order_by("number")
    switched, before = None, None
    for learner, at in rows.values_list("learner", "at"):
        if before is not None and learner != before:
            switched = at
        before = learner
    since = last_added(review) if switched else None
    return max(switched, since) if switched and since else switched


def checklist(review: Review, stage: str = TITLE) -> SafeState:
    """How far the steps of SAFE are done, the random sample counted as if it had been read first."""
    told, rules, lot = known(review, stage), rules_of(review), lot_of(review, stage)
    first = set(lot.decided)
    decided = pool(review, stage).filter(state__in=DECIDED).order_by("settled_at", "pk")
    rows = sorted(decided.values_list("pk", "state", "settled_at"), key=lambda row: row[0] not in first)
    labels, switched = [int(state == Candidate.INCLUDE) for _, state, _ in rows], switched_at(review, stage)
    before = None if switched is None else sum(pk in first or at < switched for pk, _, at in rows)
    row = row_of(pool(review, stage))
    return safe_checklist(
        labels,
        told.total,
        sample=len(first),
        switched_after=before,
        key_papers=_key_papers(review, rules),
        reread=row.done if row.begun else None,
    )


def _key_papers(review: Review, rules: Rules) -> tuple[int, int] | None:
    """How many of the studies known to belong in have been found."""
    if not rules.seeds:
        return None
    rows = Candidate.objects.at(review, TITLE).filter(report__in=rules.seeds, state=Candidate.INCLUDE)
    return rows.count(), len(rules.seeds)


def met(review: Review, told: StopEstimate, stage: str = TITLE) -> bool:
    """Whether the rule that the protocol chose says that screening may stop."""
    if told.screened == told.total:
        return told.total > 0
    if rules_of(review).stopping == "safe":
        return checklist(review, stage).done
    return told.stop


def answer(rules: Rules, told: StopEstimate, *, allowed: bool) -> str:
    """Whether to stop, in one or two sentences, by the rule that the protocol chose."""
    if rules.stopping == "hypergeometric" or told.screened == told.total:
        return told.sentence
    if rules.stopping == "everything":
        left = told.total - told.screened
        return said_of(
            left,
            "The protocol says: read everything. %(n)s report is left.",
            "The protocol says: read everything. %(n)s reports are left.",
            n=f"{left:,}",
        )
    return said("Every step of SAFE is done.") if allowed else said("Keep reading. Not every step of SAFE is done.")


def before_time(told: StopEstimate) -> str:
    """What a stop before its time rests on: it must not read like one that the rule allowed."""
    n = f"{told.found:,}"
    found = said_of(told.found, "%(n)s relevant report", "%(n)s relevant reports", n=n)
    return said(
        "Reading stopped before the protocol's rule was met, with %(found)s found in %(screened)s of %(total)s. "
        "As many as %(missing)s more could be missing (%(sure)s sure).",
        found=found if told.found else said("no relevant report"),
        screened=f"{told.screened:,}",
        total=f"{told.total:,}",
        missing=f"{told.missing_upper:,}",
        sure=percent(told.confidence),
    )
