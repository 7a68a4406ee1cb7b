"""What people say about candidates, and what follows: decisions by the review's rule, conflicts, second thoughts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.screen.actions import judge
from whatworks.screen.asking import ask_for_ranking
from whatworks.screen.methods.opinions import Result, Said, result
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE, Rules
from whatworks.screen.models import Candidate, Judgement, Opinion, Place, Remark, Wave, Withdrawal
from whatworks.screen.models.saying import OpinionQuerySet
from whatworks.screen.putting_up import candidate_of
from whatworks.screen.queueing import HELD
from whatworks.screen.reviewing import may_lead, part_in, rules_of

AGREED = "rule:agreement"  # the actor of what several people's opinions come to
OTHERS = "other:"  # who said something in another tool, as in other:ASReview
NO_REASON = "No reason given"
LONGEST_REASON = 120
LONGEST_KEY = 64
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
    if len(key) > LONGEST_KEY:
        raise InputError(f"The request's own name has at most {LONGEST_KEY} characters; this one has {len(key)}.")
    if key and (done := Opinion.objects.filter(key=key).first()):
        return _same(done, by, held, decision)
    part_in(held.review_id, by)
    rules = rules_of(held.review)
    reason, note = _storable(reason), _storable(note)
    _check(rules, held.stage, decision, reason, note)
    last = Opinion.objects.filter(candidate=held, by=by).order_by("-number").first()
    if last and (last.decision, last.reason, last.note, last.third) == (decision, reason, note, third):
        return last  # a double click
    if third:
        _refuse_third(held, by, rules)
    told: dict[str, Any] = {"decision": decision, "reason": reason, "note": note, "third": third, "seconds": seconds}
    made = _keep(held, by, last, key, **told)
    if not third:
        _fill(held, by)
    _reckon(held, by=by, rules=rules)
    return made


def _locked(candidate: str) -> Candidate:
    """The candidate that decides for this one, locked: what is a duplicate of another, or like it, is decided there."""
    row = Candidate.objects.filter(pk=candidate).only("stage", "same_as", "as_one").first()
    if row is None:
        raise InputError(f"There is no candidate {candidate[:40]} in any review; reload the page.")
    whole = Candidate.objects.select_for_update(of=("self",)).select_related("review", "wave", "report")
    locked = whole.get(pk=row.same_as_id or row.as_one_id or row.pk)
    if again := locked.same_as_id or locked.as_one_id:
        locked = whole.get(pk=again)
    if locked.stage != row.stage:
        raise ConflictError("This report is one that the previous version of the review took in; reload the page.")
    return locked


def _same(done: Opinion, by: str, held: Candidate, decision: str) -> Opinion:
    """The opinion that this request made before; a ConflictError where its name was given to another request."""
    if done.by != by:
        raise ConflictError("This request was made by somebody else before; reload the page and decide again.")
    alike = done.candidate_id == held.pk or held.pk in (done.candidate.same_as_id, done.candidate.as_one_id)
    if not alike or done.decision != decision:
        raise ConflictError("This request has the name of an earlier one; reload the page and decide again.")
    return done


def _storable(text: str) -> str:
    """A text as every database keeps it: without zero bytes."""
    return text.replace("\0", "").strip()


def _check(rules: Rules, stage: str, decision: str, reason: str, note: str) -> None:
    if decision not in (Opinion.INCLUDE, Opinion.EXCLUDE, Opinion.MAYBE):
        raise InputError(f"There is no decision {decision[:40]!r}; choose include, exclude or maybe.")
    if decision == Opinion.EXCLUDE and stage == FULL_TEXT and not reason:
        raise InputError("An exclusion at full text needs a reason; choose one of the review's reasons.")
    if reason and rules.reasons and reason not in rules.reasons:
        raise InputError(f"“{reason[:60]}” is not one of this review's reasons: {', '.join(rules.reasons)}.")
    if len(reason) > LONGEST_REASON:
        raise InputError(f"A reason has at most {LONGEST_REASON} characters; this one has {len(reason)}. Use the note.")
    if len(note) > LONGEST:
        raise InputError(f"A note has at most {LONGEST:,} characters; this one has {len(note):,}.")


def _refuse_third(held: Candidate, by: str, rules: Rules) -> None:
    if held.state != Candidate.CONFLICT:
        raise ConflictError("This is not in conflict any more; reload the page to see how it stands.")
    leads = may_lead(held.review_id, by)
    if rules.settling == "discussion" and not leads:
        raise ForbiddenError("In this review the two talk it over; where they cannot agree, a lead decides.")
    if not leads and _current(held).filter(by=by).exists():
        raise ForbiddenError("You are one of those who differ; somebody else decides, or a lead of the review.")


def _fill(held: Candidate, by: str) -> None:
    """The person's place is filled. One whose place went to another meanwhile gets a place more."""
    if Place.objects.filter(candidate=held, by=by).update(done=True):
        return
    slots = set(Place.objects.filter(candidate=held).values_list("slot", flat=True))
    slot = next(number for number in range(1, len(slots) + 2) if number not in slots)
    told = {"candidate": held, "slot": slot, "by": by, "until": timezone.now(), "done": True}
    Place.objects.create(id=Place.derived(held.pk, slot), **told)


@transaction.atomic
def pass_on(
    *,
    by: str,
    candidate: str,
    other: str,
    decision: str,
    key: str,
    reason: str = "",
    note: str = "",
    final: bool = False,
) -> tuple[Opinion, bool]:
    """Keep what somebody said in another tool, passed on by one who takes part; and whether it is new.

    `other` begins with OTHERS, so that nobody can be made to speak here who has a place here. `final` where that tool
    had decided: it decides here too, unless somebody here has said something. Reasons are kept in their own words.
    """
    held = _locked(candidate)
    part_in(held.review_id, by)
    if not other.startswith(OTHERS):
        raise InputError(f"What comes from another tool is kept under a name that begins with {OTHERS!r}.")
    if done := Opinion.objects.filter(key=key).first():
        return done, False
    reason = reason.strip()[:LONGEST_REASON]
    if decision == Opinion.EXCLUDE and held.stage == FULL_TEXT:
        reason = reason or NO_REASON
    third = final and decision != Opinion.MAYBE
    last = Opinion.objects.filter(candidate=held, by=other).order_by("-number").first()
    if last and (last.decision, last.reason, last.third) == (decision, reason, third):
        return last, False
    told: dict[str, Any] = {"decision": decision, "reason": reason, "note": note[:LONGEST], "third": third}
    made = _keep(held, other, last, key, actor=by, **told)
    _reckon(held, by=by, rules=rules_of(held.review))
    return made, True


def _keep(held: Candidate, by: str, last: Opinion | None, key: str, *, actor: str = "", **told: Any) -> Opinion:
    number, key = (last.number + 1 if last else 1), key or uuid.uuid4().hex
    place = {"candidate": held, "by": by, "number": number, "key": key, "at": timezone.now()}
    made = Opinion.objects.create(id=Opinion.fresh(), **place, **told)
    payload = {"decision": made.decision, "reason": made.reason, "stage": held.stage, "third": made.third}
    record(verb="screen.say", by=actor or by, about=[held.review_id, held.report_id], made=[made], payload=payload)
    return made


@transaction.atomic
def take_back(*, by: str, candidate: str, key: str = "") -> Candidate:
    """Take one's own opinion back; the place is one's own again. What followed from the opinion is drawn anew."""
    held = _locked(candidate)
    if key and (done := Opinion.objects.filter(key=key).first()):
        _same(done, by, held, Opinion.WITHDRAWN)
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
    text = _storable(text)
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
    if held.stage != FULL_TEXT or held.state not in UNJUDGED or _current(held).exists():
        raise ConflictError("Only a full text that nobody has judged yet can be said not to be had.")
    held.state = Candidate.OPEN if retrieved else Candidate.UNRETRIEVED
    held.settled_at = None if retrieved else timezone.now()
    held.save(update_fields=["state", "settled_at"])
    payload = {"retrieved": retrieved}
    record(verb="screen.retrieve", by=by, about=[held.review_id, held.report_id], payload=payload, audience=PUBLIC)
    return held


def _current(held: Candidate) -> OpinionQuerySet:
    """The opinions that count for a candidate: its own, and those on its duplicates at the same stage."""
    own = Q(candidate=held) | Q(candidate__same_as=held, candidate__stage=held.stage)
    return Opinion.objects.current().filter(own).order_by("at", "pk")


def counted(opinions: Iterable[Opinion], wave: Wave) -> list[Said]:
    """What counts of the opinions on a candidate, a person's word once. The previous version speaks for what it took in."""
    rows = {(one.by, one.decision): one for one in opinions}.values()
    others = [one for one in rows if one.by.startswith(OTHERS)]
    # What another tool had decided decides here while nobody here has spoken, and all of the others say the same.
    final = len(others) == len(rows) and len({one.decision for one in others}) == 1
    before = [Said(wave.by, "include")] if wave.route == Wave.PREVIOUS else []
    said = [Said(one.by, one.decision, one.reason, one.third and (final or one not in others)) for one in rows]
    return [*before, *said]


def ruled(held: Candidate, said: Iterable[Said], rules: Rules) -> Result:
    """What follows for a candidate from what counts, by the rules of its review."""
    needed = 1 if held.wave.route == Wave.PREVIOUS else held.needed
    any_include = rules.settling == "include"
    return result(said, needed=needed, full_text=held.stage == FULL_TEXT, any_include=any_include)


def reckon(candidate: Candidate, *, by: str) -> None:
    """Draw what follows from the opinions that count for a candidate now, or for the one that it is decided with."""
    held = Candidate.objects.select_for_update().get(pk=candidate.pk)
    if held.as_one is not None:
        _stand_alike(held, held.as_one, by=by)
    else:
        _reckon(held, by=by, rules=rules_of(held.review))


def _reckon(held: Candidate, *, by: str, rules: Rules) -> None:
    said, before = counted(_current(held), held.wave), held.state
    if not said and before in ASIDE:
        return
    held.said = len({one.by for one in said if not one.third})
    if not said and held.stage == FULL_TEXT and not _taken_further(held):
        _set_aside(held, Candidate.GONE, by=by)
        return
    found = ruled(held, said, rules)
    _stand(held, found, by=by)
    for other in held.alike.exclude(state=Candidate.DUPLICATE):
        _stand(other, found, by=by)
    if held.stage == TITLE and held.state != before and (held.state in DECIDED or before in DECIDED):
        ask_for_ranking(held.review, TITLE, by=by)


def _taken_further(held: Candidate) -> bool:
    """Whether the report of a full text is taken further on its title as things stand."""
    titles = Candidate.objects.at(held.review_id, TITLE).filter(report=held.report_id)
    return titles.filter(state=Candidate.INCLUDE).exists()


def _set_aside(held: Candidate, state: str, *, by: str) -> None:
    withdraw_of(held, by=by)
    held.state, held.settled_at = state, None
    held.save(update_fields=["said", "state", "judgement", "settled_at"])
    if held.stage == TITLE:
        _send_on(held)


def _stand_alike(held: Candidate, leader: Candidate, *, by: str) -> None:
    """Let a candidate stand as the one does that it is decided with."""
    if leader.state == Candidate.UNSCREENED:
        _set_aside(held, leader.state, by=by)
    else:
        _stand(held, _outcome(leader), by=by)


def _outcome(leader: Candidate) -> Result:
    one = leader.judgement
    if leader.state in DECIDED and one is not None:
        return Result("include" if one.decision == Judgement.INCLUDE else "exclude", one.reason, one.by)
    return Result("conflict" if leader.state == Candidate.CONFLICT else "open")


def reckon_alike(leader: Candidate) -> None:
    """Let those that came to be like a candidate stand as it does."""
    held = Candidate.objects.get(pk=leader.pk)
    for other in held.alike.filter(state=Candidate.OPEN):
        _stand_alike(other, held, by=held.judgement.by if held.judgement else AGREED)


def _stand(held: Candidate, found: Result, *, by: str) -> None:
    """Bring a candidate's state and judgement to what was found."""
    one = held.judgement
    fits = one is not None and (one.decision, one.reason) == (found.outcome, found.reason)
    if one is not None and not fits:
        _withdraw(one, by=by)
        held.judgement = None
    if found.outcome in DECIDED and not fits:
        told = {"stage": held.stage, "decision": found.outcome, "reason": found.reason}
        held.judgement = judge(by=_named(found.by), review=held.review, report=held.report, **told)
    held.settled_at = None if found.outcome not in DECIDED else held.settled_at or timezone.now()
    held.state = found.outcome
    held.save(update_fields=["said", "state", "judgement", "settled_at"])
    if held.stage == TITLE:
        _send_on(held)


def _named(by: str) -> str:
    """Who decided, as readers may know it: of people in other tools only the tool."""
    return ":".join(by.split(":")[:2]) if by.startswith(OTHERS) else by or AGREED


def _withdraw(judgement: Judgement, *, by: str) -> None:
    made = Withdrawal.objects.create(id=Withdrawal.derived(judgement.pk), judgement=judgement, by=by)
    about = [judgement.review_id, judgement.report_id]
    event = record(verb="screen.withdraw", by=by, about=about, made=[made], audience=PUBLIC)
    if (judgement.stage, judgement.decision) == (Judgement.FULL_TEXT, Judgement.INCLUDE):
        mark_stale(judgement.review_id, event=event)


def _send_on(held: Candidate) -> None:
    """What is taken further on its title is up for its full text; what no longer is, no longer, unless it was judged."""
    there = Candidate.objects.at(held.review_id, FULL_TEXT).filter(report=held.report_id).first()
    if held.state == Candidate.INCLUDE and there is None:
        _put_up(held, Candidate.OPEN)
    elif there is not None and held.state == Candidate.INCLUDE and there.state == Candidate.GONE:
        Candidate.objects.filter(pk=there.pk).update(state=Candidate.OPEN)
    elif there is not None and held.state != Candidate.INCLUDE and there.state in UNJUDGED and not there.said:
        Candidate.objects.filter(pk=there.pk).update(state=Candidate.GONE, settled_at=None)


def _put_up(title: Candidate, state: str) -> Candidate:
    """The full text of a title, put up as part of the same wave."""
    last = Candidate.objects.at(title.review_id, FULL_TEXT).aggregate(last=Max("number"))["last"] or 0
    rules, report = rules_of(title.review), title.report_id
    made = candidate_of(title.wave_id, title.review_id, rules, report, stage=FULL_TEXT, number=last + 1)
    if Candidate.objects.filter(pk=made.pk).exists():
        made.pk = Candidate.fresh()
    made.state = state
    made.save(force_insert=True)
    return made


def full_text_of(title: Candidate, other: Candidate) -> Candidate:
    """The full text that is up for a title; where there is none yet, one that begins as the other stands."""
    there = Candidate.objects.at(title.review_id, FULL_TEXT).filter(report=title.report_id).first()
    missed = other.state == Candidate.UNRETRIEVED
    return there or _put_up(title, Candidate.UNRETRIEVED if missed else Candidate.GONE)


def take_over(candidate: Candidate, *, by: str) -> None:
    """Count a report as taken in by the previous version of the review."""
    _stand(candidate, Result("include", "", by), by=by)


def withdraw_of(candidate: Candidate, *, by: str) -> None:
    """Withdraw what was decided about a candidate that no longer stands for itself; the caller saves the candidate."""
    if candidate.judgement is not None:
        _withdraw(candidate.judgement, by=by)
        candidate.judgement = None
