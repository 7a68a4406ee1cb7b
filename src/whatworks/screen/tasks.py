"""Long work of screening: putting the waiting reports in order while people go on deciding.

Nobody waits for it: what to hand out next is read from the turns of the last order, and by lot when they are used up. A
worker that is killed half-way leaves the last order as it was, and another makes the next.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from whatworks.collate.bulk import insert
from whatworks.ledger.models import Event
from whatworks.ledger.work import task
from whatworks.screen.asking import RANK
from whatworks.screen.methods.protocol import TITLE
from whatworks.screen.methods.queue import interleaved
from whatworks.screen.models import Candidate, Protocol, Ranking, Review, Turn
from whatworks.screen.proposing import Labels, Proposal, labels_at, labels_digest, order_digest, propose
from whatworks.screen.reviewing import rules_of

AHEAD = 400  # turns kept
ENOUGH = 100  # turns left under which they are filled up though nothing new was learnt
LASTING = datetime.timedelta(minutes=20)  # the first order of a long list reads all of its words
MEND = "screen.mend"  # the verb of the event that an abstract was mended


def rank_outside(arguments: dict[str, Any], cursor: dict[str, Any]) -> Proposal | None:
    """Work the order out before the step's transaction; None where nothing has changed."""
    review = Review.objects.get(pk=arguments["review"])
    rules = rules_of(review)
    mended = Event.objects.filter(verb=MEND, mentions__subject=review.pk).count()
    found = propose(review, mended=mended, rules=rules)
    if found is None:
        return None
    last = Ranking.objects.filter(review=review, stage=TITLE).order_by("-number").first()
    same = last is not None and last.order_digest == order_digest(found)
    same = same and last.labels_digest == labels_digest(found.labels)
    return None if same and _turns_left(review) >= ENOUGH else found


def _turns_left(review: Review) -> int:
    rows = Turn.objects.filter(review=review, stage=TITLE, candidate__state=Candidate.OPEN)
    return int(rows.filter(candidate__said=0).count())


@task(RANK, outside=rank_outside, lasting=LASTING)
def rank_step(arguments: dict[str, Any], cursor: dict[str, Any], found: Proposal | None) -> None:
    """Keep the order as a suggestion, and the first of it as the turns."""
    if found is None:
        return
    review = Review.objects.get(pk=arguments["review"])
    keep_ranking(review, found)
    keep_turns(review, found)


def keep_ranking(review: Review, found: Proposal) -> Ranking:
    """Keep an order, unless it is the last one again."""
    rules = rules_of(review)
    protocol = Protocol.objects.current(review)
    last = Ranking.objects.filter(review=review, stage=TITLE).order_by("-number").first()
    told = {
        "learner": found.learner,
        "version": found.version,
        "seed": rules.seed,
        "protocol": protocol.number if protocol else 0,
        "candidates": len(found.corpus.reports),
        "labels": len(found.labels),
        "texts_digest": found.corpus.words.digest,
        "labels_digest": labels_digest(found.labels),
        "order_digest": order_digest(found),
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


def keep_turns(review: Review, found: Proposal) -> None:
    """Put the best of the order and the random sample into the turns, in the place of those before."""
    rules = rules_of(review)
    waiting = Candidate.objects.at(review, TITLE).waiting()
    open_now = set(waiting.values_list("pk", flat=True))
    keys = found.corpus.keys
    ranked = [keys[at] for at in found.order if keys[at] in open_now][:AHEAD]
    sampled = list(waiting.filter(sampled=True).order_by("shuffle", "pk").values_list("pk", flat=True)[:AHEAD])
    turns = interleaved(ranked, sampled, rules.share)[:AHEAD]
    if rules.order == "oldest":
        turns = list(waiting.order_by("report__year", "shuffle").values_list("pk", flat=True)[:AHEAD])
    Turn.objects.filter(review=review, stage=TITLE).delete()
    insert(
        Turn,
        ("candidate_id", "review_id", "stage", "position"),
        ((key, review.pk, TITLE, position) for position, key in enumerate(turns, 1)),
    )
