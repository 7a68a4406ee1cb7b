"""How screening is verified: what people said is what the chain vouches for, and every decision follows from it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator

from whatworks.errors import InputError
from whatworks.ledger.models import Event, Payload
from whatworks.ledger.verification import Difference, Report, check, check_digests
from whatworks.screen.methods.protocol import TITLE
from whatworks.screen.models import Candidate, Lift, Opinion, Protocol, Ranking, Review, Stop, Wave, Withdrawal
from whatworks.screen.presenters import identities_of
from whatworks.screen.proposing import order_digest, rebuilt
from whatworks.screen.reckoning import counted, ruled
from whatworks.screen.reviewing import rules_of

SAY = "screen.say"
SAID = ("decision", "reason", "third")
DECIDED = (Candidate.INCLUDE, Candidate.EXCLUDE)


@check("screen")
def check_screening(report: Report) -> None:
    """Protocols, stops and withdrawals are as they were signed; opinions as they were said; decisions follow from them."""
    for rows, what in (
        (Protocol.objects.all(), "protocols"),
        (Withdrawal.objects.all(), "withdrawals"),
        (Stop.objects.all(), "stops"),
        (Lift.objects.all(), "lifts"),
    ):
        check_digests(report, rows, what)
    report.differences += _changed_opinions(report)
    for review in Review.objects.filter(pk__in=Wave.objects.values("review")).order_by("pk"):
        report.differences += _undecided_otherwise(report, review)
        report.differences += [
            Difference(review.pk, one.sentence, one.left, one.right) for one in identities_of(review) if not one.holds
        ]
        report.differences += _ordered_otherwise(report, review)


def _changed_opinions(report: Report) -> Iterator[Difference]:
    """Opinions whose words are not those of the event that made them."""
    held = {one.pk: one for one in Opinion.objects.iterator(2000)}
    told: dict[str, dict[str, object]] = {}
    events = Event.objects.filter(verb=SAY, payload__state=Payload.HELD).values_list("digests", "payload__body")
    for digests, body in events.iterator(2000):
        told.update({key: json.loads(body) for key in digests if key in held})
    for pk, one in held.items():
        report.count("opinions")
        said = told.get(pk)
        if said is not None:
            yield from (
                Difference(pk, name, getattr(one, name), said[name])
                for name in SAID
                if getattr(one, name) != said[name]
            )


def _undecided_otherwise(report: Report, review: Review) -> Iterator[Difference]:
    """Candidates that stand otherwise than the opinions about them say."""
    rules = rules_of(review)
    said = _said(review)
    for one in Candidate.objects.filter(review=review).select_related("judgement", "wave").iterator(2000):
        report.count("candidates")
        if one.judgement is not None and one.state in DECIDED and one.judgement.decision != one.state:
            yield Difference(one.pk, "state", one.state, one.judgement.decision)
        if one.pk in said and one.same_as_id is None and one.as_one_id is None:
            wanted = ruled(one, counted(said[one.pk], one.wave), rules).outcome
            if one.state != wanted:
                yield Difference(one.pk, "state", one.state, wanted)


def _said(review: Review) -> dict[str, list[Opinion]]:
    """The current opinions by the candidate that they decide."""
    found: defaultdict[str, list[Opinion]] = defaultdict(list)
    rows = Opinion.objects.current().filter(candidate__review=review).select_related("candidate").order_by("at", "pk")
    for one in rows.iterator(2000):
        found[one.candidate.same_as_id or one.candidate_id].append(one)
    return found


def _ordered_otherwise(report: Report, review: Review) -> Iterator[Difference]:
    """The last order that a machine proposed, worked out again."""
    last = Ranking.objects.last_of(review, TITLE)
    if last is None:
        return
    report.count("rankings")
    try:
        again = order_digest(rebuilt(last))
    except InputError as error:
        report.notes.append(f"{last.pk}: {error}")
        return
    if again != last.order_digest and last.learner == "oldest":
        report.notes.append(f"{last.pk}: years of publication have changed since this order was made.")
    elif again != last.order_digest:
        yield Difference(last.pk, "order", last.order_digest, again)
