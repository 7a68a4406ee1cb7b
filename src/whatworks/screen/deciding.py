"""What people say about candidates: opinions that count, second thoughts, remarks, and what cannot be had."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.saying import said
from whatworks.screen.asking import ask_for_ranking
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE, Rules
from whatworks.screen.models import Candidate, Opinion, Place, Remark
from whatworks.screen.models.queue import CandidateQuerySet
from whatworks.screen.queueing import HELD
from whatworks.screen.reckoning import UNJUDGED, Around, around, draw
from whatworks.screen.reviewing import may_lead, part_in, rules_of

LONGEST_REASON = 120
LONGEST_KEY = 64
LONGEST = 5000  # characters of a note


@transaction.atomic
def say(
    *,
    by: str,
    candidate: str,
    decision: str,
    key: str = "",
    reason: str = "",
    note: str = "",
    seconds: float | None = None,
    third: bool = False,
) -> Opinion:
    """Keep what one person says about a candidate, and draw what follows. The same request twice is one opinion.

    `key` is the asker's own name for the request. An opinion that comes late (its place was given to another, or the
    review has been stopped) is kept and counts like any other. Raises ForbiddenError where the person does not take
    part, InputError where the decision cannot be so, ConflictError where a third opinion is not called for.
    """
    held = locked(candidate)
    if len(key) > LONGEST_KEY:
        raise InputError(
            said(
                "The request's own name has at most %(longest_key)s characters; this one has %(count)s.",
                longest_key=LONGEST_KEY,
                count=len(key),
            )
        )
    if key and (done := Opinion.objects.filter(key=key).first()):
        return _same(done, by, held, decision)
    part_in(held.review_id, by)
    rules = rules_of(held.review)
    reason, note = _storable(reason), _storable(note)
    _check(rules, held.stage, decision, reason, note)
    near = around([held])
    last = near.last_word(held, by)
    if last and (last.decision, last.reason, last.note, last.third) == (decision, reason, note, third):
        return last  # a double click
    if third:
        _refuse_third(held, near, by, rules)
    told: dict[str, Any] = {"decision": decision, "reason": reason, "note": note, "third": third, "seconds": seconds}
    made = keep(held, near, by, key, **told)
    if not third:
        _fill(held, by)
    _reckon(held, near, by=by, rules=rules)
    return made


def locked(candidate: str) -> Candidate:
    """The candidate that decides for this one, locked: what is a duplicate of another, or like it, is decided there."""
    row = Candidate.objects.filter(pk=candidate).only("stage", "same_as", "as_one").first()
    if row is None:
        raise InputError(
            said("There is no candidate %(candidate)s in any review; reload the page.", candidate=candidate[:40])
        )
    found = whole().get(pk=row.same_as_id or row.as_one_id or row.pk)
    if again := found.same_as_id or found.as_one_id:
        found = whole().get(pk=again)
    if found.stage != row.stage:
        raise ConflictError(
            said("This report is one that the previous version of the review took in; reload the page.")
        )
    return found


def whole() -> CandidateQuerySet:
    """Candidates to be locked, with what they are part of.

    Not with their judgements: joined to a row that another had locked, PostgreSQL shows a judgement as it was before.
    """
    return Candidate.objects.select_for_update(of=("self",)).select_related("review", "wave", "report")


def _same(done: Opinion, by: str, held: Candidate, decision: str) -> Opinion:
    """The opinion that this request made before; a ConflictError where its name was given to another request."""
    if done.by != by:
        raise ConflictError(said("This request was made by somebody else before; reload the page and decide again."))
    alike = done.candidate_id == held.pk or held.pk in (done.candidate.same_as_id, done.candidate.as_one_id)
    if not alike or done.decision != decision:
        raise ConflictError(said("This request has the name of an earlier one; reload the page and decide again."))
    return done


def _storable(text: str) -> str:
    """A text as every database keeps it: without zero bytes."""
    return text.replace("\0", "").strip()


def _check(rules: Rules, stage: str, decision: str, reason: str, note: str) -> None:
    if decision not in (Opinion.INCLUDE, Opinion.EXCLUDE, Opinion.MAYBE):
        raise InputError(
            said("There is no decision %(decision)r; choose include, exclude or maybe.", decision=decision[:40])
        )
    if decision == Opinion.EXCLUDE and stage == FULL_TEXT and not reason:
        raise InputError(said("An exclusion at full text needs a reason; choose one of the review's reasons."))
    if reason and rules.reasons and reason not in rules.reasons:
        raise InputError(
            said(
                "“%(reason)s” is not one of this review's reasons: %(reasons)s.",
                reason=reason[:60],
                reasons=", ".join(rules.reasons),
            )
        )
    if len(reason) > LONGEST_REASON:
        raise InputError(
            said(
                "A reason has at most %(longest_reason)s characters; this one has %(count)s. Use the note.",
                longest_reason=LONGEST_REASON,
                count=len(reason),
            )
        )
    if len(note) > LONGEST:
        raise InputError(
            said(
                "A note has at most %(longest)s characters; this one has %(count)s.",
                longest=f"{LONGEST:,}",
                count=f"{len(note):,}",
            )
        )


def _refuse_third(held: Candidate, near: Around, by: str, rules: Rules) -> None:
    if held.state != Candidate.CONFLICT:
        raise ConflictError(said("This is not in conflict any more; reload the page to see how it stands."))
    leads = may_lead(held.review_id, by)
    if rules.settling == "discussion" and not leads:
        raise ForbiddenError(said("In this review the two talk it over; where they cannot agree, a lead decides."))
    if not leads and any(one.by == by for one in near.current(held)):
        raise ForbiddenError(said("You are one of those who differ; somebody else decides, or a lead of the review."))


def _fill(held: Candidate, by: str) -> None:
    """The person's place is filled. One whose place went to another meanwhile gets a place more."""
    if Place.objects.filter(candidate=held, by=by).update(done=True):
        return
    slots = set(Place.objects.filter(candidate=held).values_list("slot", flat=True))
    slot = next(number for number in range(1, len(slots) + 2) if number not in slots)
    told = {"candidate": held, "slot": slot, "by": by, "until": timezone.now(), "done": True}
    Place.objects.create(id=Place.derived(held.pk, slot), **told)


def keep(held: Candidate, near: Around, by: str, key: str = "", *, actor: str = "", **told: Any) -> Opinion:
    """Keep one person's next word on a candidate that is locked, with its event; `actor` is who brought it."""
    last = near.last_word(held, by)
    number, key = (last.number + 1 if last else 1), key or uuid.uuid4().hex
    place = {"candidate": held, "by": by, "number": number, "key": key, "at": timezone.now()}
    made = Opinion.objects.create(id=Opinion.fresh(), **place, **told)
    near.said[held.pk].append(made)
    payload = {"decision": made.decision, "reason": made.reason, "stage": held.stage, "third": made.third}
    record(verb="screen.say", by=actor or by, about=[held.review_id, held.report_id], made=[made], payload=payload)
    return made


def _reckon(held: Candidate, near: Around, *, by: str, rules: Rules) -> None:
    if draw(held, near, by=by, rules=rules):
        ask_for_ranking(held.review, TITLE, by=by)


@transaction.atomic
def take_back(*, by: str, candidate: str, key: str = "") -> Candidate:
    """Take one's own opinion back; the place is one's own again. What followed from the opinion is drawn anew."""
    held = locked(candidate)
    if key and (done := Opinion.objects.filter(key=key).first()):
        _same(done, by, held, Opinion.WITHDRAWN)
        return held
    part_in(held.review_id, by)
    near = around([held])
    last = near.last_word(held, by)
    if last is None or last.decision == Opinion.WITHDRAWN:
        raise ConflictError(said("You have said nothing about this that could be taken back."))
    keep(held, near, by, key, decision=Opinion.WITHDRAWN)
    Place.objects.filter(candidate=held, by=by).update(done=False, until=timezone.now() + HELD)
    _reckon(held, near, by=by, rules=rules_of(held.review))
    return held


@transaction.atomic
def remark(*, by: str, candidate: str, text: str) -> Remark:
    """Write something to the others about a candidate."""
    held = locked(candidate)
    part_in(held.review_id, by)
    text = _storable(text)
    if not text or len(text) > LONGEST:
        raise InputError(
            said(
                "A remark has between 1 and %(longest)s characters; this one has %(count)s.",
                longest=f"{LONGEST:,}",
                count=f"{len(text):,}",
            )
        )
    made = Remark.objects.create(id=Remark.fresh(), candidate=held, by=by, text=text, at=timezone.now())
    record(verb="screen.remark", by=by, about=[held.review_id, held.report_id], made=[made])
    return made


@transaction.atomic
def set_retrieved(*, by: str, candidate: str, retrieved: bool) -> Candidate:
    """Say that a full text could not be had, or that it could after all."""
    held = locked(candidate)
    part_in(held.review_id, by)
    if held.stage != FULL_TEXT or held.state not in UNJUDGED or around([held]).current(held):
        raise ConflictError(said("Only a full text that nobody has judged yet can be said not to be had."))
    held.state = Candidate.OPEN if retrieved else Candidate.UNRETRIEVED
    held.settled_at = None if retrieved else timezone.now()
    held.save(update_fields=["state", "settled_at"])
    payload = {"retrieved": retrieved}
    record(verb="screen.retrieve", by=by, about=[held.review_id, held.report_id], payload=payload, audience=PUBLIC)
    return held
