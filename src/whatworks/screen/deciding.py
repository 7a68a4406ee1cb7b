"""What people say about candidates, and what follows: decisions by the review's rule, conflicts, second thoughts."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.screen.actions import judge
from whatworks.screen.asking import ask_for_ranking
from whatworks.screen.methods.lots import drawn, lot
from whatworks.screen.methods.opinions import Result, Said, result
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE, Rules
from whatworks.screen.models import Candidate, Judgement, Opinion, Place, Remark, Wave, Withdrawal
from whatworks.screen.models.saying import OpinionQuerySet
from whatworks.screen.queueing import HELD
from whatworks.screen.reviewing import may_lead, part_in, rules_of

AGREED = "rule:agreement"  # the actor of what several people's opinions come to
LONGEST = 5000  # characters of a note
DECIDED = (Candidate.INCLUDE, Candidate.EXCLUDE)
UNJUDGED = (Candidate.OPEN, Candidate.UNRETRIEVED)
ASIDE = (Candidate.UNSCREENED, Candidate.UNRETRIEVED, Candidate.GONE)  # where nobody's opinion put it


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
    held = _locked(candidate)
    if key and (done := Opinion.objects.filter(key=key).first()):
        return _same(done, by)
    part_in(held.review_id, by)
    rules = rules_of(held.review)
    reason, note = reason.strip(), note.strip()
    _check(rules, held.stage, decision, reason, note)
    last = Opinion.objects.filter(candidate=held, by=by).order_by("-number").first()
    if last and (last.decision, last.reason, last.note, last.third) == (decision, reason, note, third):
        return last  # a double click
    if third:
        _refuse_third(held, by)
    told = {"decision": decision, "reason": reason, "note": note, "third": third, "seconds": seconds}
    made = _keep(held, by, last, key, **told)
    if not third:
        _fill(held, by)
    _reckon(held, by=by, rules=rules)
    return made


def _locked(candidate: str) -> Candidate:
    """The candidate that decides for this one, locked: what is a duplicate of another, or like it, is decided there."""
    row = Candidate.objects.filter(pk=candidate).first()
    if row is None:
        raise InputError(f"There is no candidate {candidate[:40]} in any review; reload the page.")
    leader = row.same_as_id or row.as_one_id or row.pk
    locked = Candidate.objects.select_for_update().get(pk=leader)
    again = locked.same_as_id or locked.as_one_id
    return Candidate.objects.select_for_update().get(pk=again) if again else locked


def _same(done: Opinion, by: str) -> Opinion:
    if done.by != by:
        raise ConflictError("This request was made by somebody else before; reload the page and decide again.")
    return done


def _check(rules: Rules, stage: str, decision: str, reason: str, note: str) -> None:
    if decision not in (Opinion.INCLUDE, Opinion.EXCLUDE, Opinion.MAYBE):
        raise InputError(f"There is no decision {decision[:40]!r}; choose include, exclude or maybe.")
    if decision == Opinion.EXCLUDE and stage == FULL_TEXT and not reason:
        raise InputError("An exclusion at full text needs a reason; choose one of the review's reasons.")
    if reason and rules.reasons and reason not in rules.reasons:
        raise InputError(f"“{reason[:60]}” is not one of this review's reasons: {', '.join(rules.reasons)}.")
    if len(note) > LONGEST:
        raise InputError(f"A note has at most {LONGEST:,} characters; this one has {len(note):,}.")


def _refuse_third(held: Candidate, by: str) -> None:
    if held.state != Candidate.CONFLICT:
        raise ConflictError("This is not in conflict any more; reload the page to see how it stands.")
    if not may_lead(held.review_id, by) and _current(held).filter(by=by).exists():
        raise ForbiddenError("You are one of those who differ; somebody else decides, or a lead of the review.")


def _fill(held: Candidate, by: str) -> None:
    """The person's place is filled. One whose place went to another meanwhile gets a place more."""
    if Place.objects.filter(candidate=held, by=by).update(done=True):
        return
    slots = set(Place.objects.filter(candidate=held).values_list("slot", flat=True))
    slot = next(number for number in range(1, len(slots) + 2) if number not in slots)
    told = {"candidate": held, "slot": slot, "by": by, "until": timezone.now(), "done": True}
    Place.objects.create(id=Place.derived(held.pk, slot), **told)


def _keep(held: Candidate, by: str, last: Opinion | None, key: str, **told: Any) -> Opinion:
    number, key = (last.number + 1 if last else 1), key or uuid.uuid4().hex
    place = {"candidate": held, "by": by, "number": number, "key": key, "at": timezone.now()}
    made = Opinion.objects.create(id=Opinion.fresh(), **place, **told)
    payload = {"decision": made.decision, "reason": made.reason, "stage": held.stage, "third": made.third}
    record(verb="screen.say", by=made.by, about=[held.review_id, held.report_id], made=[made], payload=payload)
    return made


@transaction.atomic
def take_back(*, by: str, candidate: str, key: str = "") -> Candidate:
    """Take one's own opinion back; the place is one's own again. What followed from the opinion is drawn anew."""
    held = _locked(candidate)
    if key and Opinion.objects.filter(key=key).exists():
        return held
    part_in(held.review_id, by)
    last = Opinion.objects.filter(candidate=held, by=by).order_by("-number").first()
    if last is None or last.decision == Opinion.WITHDRAWN:
        raise ConflictError("You have said nothing about this that could be taken back.")
    _keep(held, by, last, key, decision=Opinion.WITHDRAWN)
    Place.objects.filter(candidate=held, by=by).update(done=False, until=timezone.now() + HELD)
    _reckon(held, by=by, rules=rules_of(held.review))
    return held


@transaction.atomic
def remark(*, by: str, candidate: str, text: str) -> Remark:
    """Write something to the others about a candidate."""
    held = _locked(candidate)
    part_in(held.review_id, by)
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise InputError(f"A remark has between 1 and {LONGEST:,} characters; this one has {len(text):,}.")
    made = Remark.objects.create(id=Remark.fresh(), candidate=held, by=by, text=text, at=timezone.now())
    record(verb="screen.remark", by=by, about=[held.review_id, held.report_id], made=[made])
    return made


@transaction.atomic
def set_retrieved(*, by: str, candidate: str, retrieved: bool) -> Candidate:
    """Say that a full text could not be had, or that it could after all."""
    held = _locked(candidate)
    part_in(held.review_id, by)
    if held.stage != FULL_TEXT or _current(held).exists():
        raise ConflictError("Only a full text that nobody has judged yet can be said not to be had.")
    held.state = Candidate.OPEN if retrieved else Candidate.UNRETRIEVED
    held.settled_at = None if retrieved else timezone.now()
    held.save(update_fields=["state", "settled_at"])
    payload = {"retrieved": retrieved}
    record(verb="screen.retrieve", by=by, about=[held.review_id, held.report_id], payload=payload, audience=PUBLIC)
    return held


def _current(held: Candidate) -> OpinionQuerySet:
    """The opinions that count for a candidate: its own, and those on its duplicates."""
    return Opinion.objects.current().filter(Q(candidate=held) | Q(candidate__same_as=held)).order_by("at", "pk")


def reckon(candidate: Candidate, *, by: str) -> None:
    """Draw what follows from the opinions that count for a candidate now."""
    held = Candidate.objects.select_for_update().get(pk=candidate.pk)
    _reckon(held, by=by, rules=rules_of(held.review))


def _reckon(held: Candidate, *, by: str, rules: Rules) -> None:
    rows = {(one.by, one.decision): one for one in _current(held)}
    said = [Said(one.by, one.decision, one.reason, one.third) for one in rows.values()]
    if not said and (held.state in ASIDE or held.wave.route == Wave.PREVIOUS):
        return
    any_include = rules.settling == "include"
    found = result(said, needed=held.needed, full_text=held.stage == FULL_TEXT, any_include=any_include)
    before = held.state
    held.said = len({one.by for one in said if not one.third})
    _stand(held, found, by=by)
    for other in held.alike.exclude(state=Candidate.DUPLICATE):
        _stand(other, found, by=by)
    if held.stage == TITLE and held.state != before and (held.state in DECIDED or before in DECIDED):
        ask_for_ranking(held.review, TITLE, by=by)


def reckon_alike(leader: Candidate) -> None:
    """Let those that came to be like a candidate stand as it does."""
    held = Candidate.objects.get(pk=leader.pk)
    if held.state in DECIDED and held.judgement:
        one = held.judgement
        found = Result("include" if one.decision == Judgement.INCLUDE else "exclude", one.reason, one.by)
        for other in held.alike.filter(state=Candidate.OPEN):
            _stand(other, found, by=one.by)


def _stand(held: Candidate, found: Result, *, by: str) -> None:
    """Bring a candidate's state and judgement to what was found."""
    one = held.judgement
    fits = one is not None and (one.decision, one.reason) == (found.outcome, found.reason)
    if one is not None and not fits:
        _withdraw(one, by=by)
        held.judgement = None
    if found.outcome in DECIDED and not fits:
        told = {"stage": held.stage, "decision": found.outcome, "reason": found.reason}
        held.judgement = judge(by=found.by or AGREED, review=held.review, report=held.report, **told)
    held.settled_at = None if found.outcome not in DECIDED else held.settled_at or timezone.now()
    held.state = found.outcome
    held.save(update_fields=["said", "state", "judgement", "settled_at"])
    if held.stage == TITLE:
        _send_on(held)


def _withdraw(judgement: Judgement, *, by: str) -> None:
    made = Withdrawal.objects.create(id=Withdrawal.derived(judgement.pk), judgement=judgement, by=by)
    about = [judgement.review_id, judgement.report_id]
    event = record(verb="screen.withdraw", by=by, about=about, made=[made], audience=PUBLIC)
    if (judgement.stage, judgement.decision) == (Judgement.FULL_TEXT, Judgement.INCLUDE):
        mark_stale(judgement.review_id, event=event)


def _send_on(held: Candidate) -> None:
    """What is taken further on its title is up for its full text; what no longer is, no longer, unless it was judged."""
    there = Candidate.objects.filter(review=held.review_id, stage=FULL_TEXT, report=held.report_id).first()
    if held.state == Candidate.INCLUDE and there is None:
        rules = rules_of(held.review)
        sampled = drawn(rules.seed, held.report_id, rules.share)
        last = Candidate.objects.at(held.review_id, FULL_TEXT).aggregate(last=Max("number"))["last"] or 0
        Candidate.objects.create(
            id=Candidate.derived(held.review_id, FULL_TEXT, held.report_id),
            review_id=held.review_id,
            stage=FULL_TEXT,
            report_id=held.report_id,
            wave_id=held.wave_id,
            number=last + 1,
            shuffle=lot(rules.seed, "order", held.report_id),
            sampled=sampled,
            needed=rules.needed(FULL_TEXT, sampled=sampled),
        )
    elif there is not None and held.state == Candidate.INCLUDE and there.state == Candidate.GONE:
        Candidate.objects.filter(pk=there.pk).update(state=Candidate.OPEN)
    elif there is not None and held.state != Candidate.INCLUDE and there.state in UNJUDGED and not there.said:
        Candidate.objects.filter(pk=there.pk).update(state=Candidate.GONE, settled_at=None)


def take_over(candidate: Candidate, *, by: str) -> None:
    """Count a report as taken in by the previous version of the review."""
    _stand(candidate, Result("include", "", by), by=by)


def withdraw_of(candidate: Candidate, *, by: str) -> None:
    """Withdraw what was decided about a candidate that no longer stands for itself; the caller saves the candidate."""
    if candidate.judgement is not None:
        _withdraw(candidate.judgement, by=by)
        candidate.judgement = None
