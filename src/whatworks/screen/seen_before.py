"""A report that a screener has met before under another record: looked for among the review's own, and told."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from whatworks.collate.actions import decide
from whatworks.collate.merging import regroup
from whatworks.collate.models import MatchDecision, MatchProposal, Report
from whatworks.collate.models.matching import in_order
from whatworks.collate.presenters_matching import PERSON
from whatworks.collate.search.suggesting import titles_like
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.people.models import User
from whatworks.saying import said
from whatworks.screen.models import Candidate, Review
from whatworks.screen.reviewing import part_in

VERSION = "1"
WORDS, SHOWN = 8, 20  # looked for at most, and shown


def candidates_like(review: Review, held: Candidate, words: str) -> list[Candidate]:
    """Other candidates of the stage whose title has all these words; without any, those with nearly the same title."""
    rows = Candidate.objects.at(review, held.stage).counted().exclude(pk=held.pk).select_related("report")
    if not (asked := words.split()[:WORDS]):
        near = [one.pk for one in titles_like(held.report.title)]
        return sorted(rows.filter(report__in=near), key=lambda one: near.index(one.report_id))
    for word in asked:
        rows = rows.filter(report__title__icontains=word)
    return list(rows.order_by("report__title", "pk")[:SHOWN])


def tell_same(*, user: User, review: Review, candidate: Candidate, other: Candidate) -> bool:
    """Say that two candidates are one report. Whether that is decided: yes by who may match, else others are asked."""
    part_in(review, user.actor)
    if candidate.review_id != review.pk or other.review_id != review.pk:
        raise InputError(said("These two are not both of this review; look for the other one again."))
    if user.may("collate.match"):
        _refuse_settled(candidate.report, other.report)
        decide(by=user.actor, left=candidate.report_id, right=other.report_id, decision=MatchDecision.SAME)
        return True
    report_duplicate(by=user.actor, review=review, report=candidate.report, other=other.report)
    return False


@transaction.atomic
def report_duplicate(*, by: str, review: Review, report: Report, other: Report) -> MatchProposal:
    """Ask those who may match reports whether two are one. It never joins them by itself, whatever rules may do here.

    Raises ConflictError where they are one already, or where somebody has decided that they are two.
    """
    part_in(review, by)
    pair = in_order(report.pk, other.pk)
    _refuse_settled(report, other)
    held = MatchProposal.objects.current().filter(left=pair[0], right=pair[1]).first()
    if held and held.waits:
        return held  # it is asked already
    if held:
        MatchProposal.objects.filter(pk=held.pk).update(superseded=True, waits=False)
    # Who said so stays out of the reason, which packs carry: it is in the event.
    reason = f"Somebody who screens “{review.title}” has met both and takes them for one."
    told = {"decision": MatchProposal.ASK, "probability": 1.0, "rule": PERSON, "version": VERSION, "reason": reason}
    sides = {"left_id": pair[0], "right_id": pair[1]}
    made = MatchProposal.objects.create(id=MatchProposal.fresh(), made_at=timezone.now(), **sides, **told)
    about = [review.pk, *pair]
    event = record(verb="screen.seen-before", by=by, about=about, payload={"proposal": made.pk})
    regroup(pair, event=event)
    made.refresh_from_db()
    return made


def _refuse_settled(report: Report, other: Report) -> None:
    if report.pk == other.pk:
        raise InputError(said("That is the same record; choose the other one."))
    if report.speaker().pk == other.speaker().pk:
        raise ConflictError(said("These two were found to be one already; reload the page."))
    last = MatchDecision.objects.of(report.pk, other.pk).last()
    if last and last.decision in (MatchDecision.DIFFERENT, MatchDecision.LINKED):
        raise ConflictError(said("Somebody has compared these two and keeps them apart; ask a lead if you doubt it."))
