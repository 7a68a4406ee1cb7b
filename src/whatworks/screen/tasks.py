"""Long work of screening: putting the waiting reports in order while people go on deciding.

Nobody waits for it: what to hand out next is read from the turns of the last order, and by lot when they are used up. A
worker that is killed half-way leaves the last order as it was, and another makes the next.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils import timezone

from whatworks.collate.bulk import insert
from whatworks.ledger.models import Event
from whatworks.ledger.work import task
from whatworks.screen.asking import RANK
from whatworks.screen.methods.protocol import TITLE
from whatworks.screen.methods.queue import interleaved
from whatworks.screen.models import Candidate, Ranking, Review, Turn
from whatworks.screen.proposing import Labels, Proposal, labels_at, labels_digest, order_digest, propose

AHEAD = 400  # turns kept
ENOUGH = 100  # turns left under which they are filled up though nothing new was learnt
LASTING = datetime.timedelta(minutes=20)  # the first order of a long list reads all of its words
MEND = "screen.mend"  # the verb of the event that an abstract was mended


@dataclass(frozen=True, slots=True)
class Worked:
    """What was worked out before the step's transaction: the order, its digest, and the candidates whose turn it is."""

    proposal: Proposal
    digest: str
    turns: list[str]


def rank_outside(arguments: dict[str, Any], cursor: dict[str, Any]) -> Worked | None:
    """Work the order out before the step's transaction; None where nothing has changed."""
    review = Review.objects.get(pk=arguments["review"])
    mended = Event.objects.filter(verb=MEND, mentions__subject=review.pk).count()
    found = propose(review, mended=mended)
    if found is None:
        return None
    last, digest = Ranking.objects.last_of(review, TITLE), order_digest(found)
    # Another learner that comes to the same order is kept as an order of its own: SAFE asks when the learner changed.
    now = (found.learner, found.version, digest, labels_digest(found.labels))
    same = last is not None and (last.learner, last.version, last.order_digest, last.labels_digest) == now
    if same and _turns_left(review) >= ENOUGH:
        return None
    return Worked(found, digest, turns_of(review, found))


def _turns_left(review: Review) -> int:
    rows = Turn.objects.filter(review=review, stage=TITLE, candidate__state=Candidate.OPEN)
    return int(rows.filter(candidate__said=0).count())


@task(RANK, outside=rank_outside, lasting=LASTING)
def rank_step(arguments: dict[str, Any], cursor: dict[str, Any], found: Worked | None) -> None:
    """Keep the order as a suggestion, and the first of it as the turns."""
    if found is None:
        return
    review = Review.objects.get(pk=arguments["review"])
    keep_ranking(review, found.proposal, found.digest)
    Turn.objects.filter(review=review, stage=TITLE).delete()
    insert(
        Turn,
        ("candidate_id", "review_id", "stage", "position"),
        ((key, review.pk, TITLE, position) for position, key in enumerate(found.turns, 1)),
    )


def keep_ranking(review: Review, found: Proposal, digest: str) -> Ranking:
    """Keep an order, unless it is the last one again."""
    last = Ranking.objects.last_of(review, TITLE)
    told = {
        "learner": found.learner,
        "version": found.version,
        "seed": found.rules.seed,
        "protocol": found.protocol,
        "candidates": len(found.corpus.reports),
        "labels": len(found.labels),
        "texts_digest": found.corpus.words.digest,
        "labels_digest": labels_digest(found.labels),
        "order_digest": digest,
    }
    if last and all(getattr(last, name) == value for name, value in told.items()):
        return last
    number = last.number + 1 if last else 1
    key = Ranking.derived(review.pk, TITLE, number)
    learnt = _learnt(labels_at(last) if last else {}, found.labels)
    place = {"review": review, "stage": TITLE, "number": number}
    return Ranking.objects.create(id=key, **place, **told, learnt=learnt, at=timezone.now())


def _learnt(before: Labels, now: Labels) -> dict[str, int | None]:
    """What changed: the new labels, and None for those that are gone."""
    changed: dict[str, int | None] = {report: label for report, label in now.items() if before.get(report) != label}
    return changed | {report: None for report in before if report not in now}


def turns_of(review: Review, found: Proposal) -> list[str]:
    """The candidates whose turn it is: the best of the order, with the random sample spread through it."""
    waiting = Candidate.objects.at(review, TITLE).waiting()
    sampled = list(waiting.filter(sampled=True).order_by("shuffle", "pk").values_list("pk", flat=True)[:AHEAD])
    ranked = list(islice(_waiting_in_order(found), AHEAD))
    return interleaved(ranked, sampled, found.rules.share)[:AHEAD]


def _waiting_in_order(found: Proposal) -> Iterator[str]:
    """The candidates that can be handed out, best first, looked up piece by piece: most of a long list is never asked for."""
    corpus = found.corpus
    rest = (corpus.keys[at] for at in found.order.tolist() if corpus.reports[at] not in found.labels)
    while piece := list(islice(rest, AHEAD)):
        rows = Candidate.objects.filter(pk__in=piece).values_list("pk", "state", "as_one")
        open_now = {key for key, state, leader in rows if state == Candidate.OPEN and leader is None}
        yield from (key for key in piece if key in open_now)
