"""A rater's turn: to say that one has no interest, to answer question after question, to give a level, to be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.canonical import digest
from whatworks.people.interests import declare_interest
from whatworks.people.models import Interest, User
from whatworks.rate.asking import leave, locked, part_of, refuse_judged, refuse_newer
from whatworks.rate.conflicts import refuse_interest
from whatworks.rate.methods.asking import answer, unanswered
from whatworks.rate.models import Assessment, PersonalRating, Rater
from whatworks.rate.rated_things import Thing, thing_rated
from whatworks.saying import said

TOLD = ("answers", "level", "reason", "done")
LONGEST = 4000


@transaction.atomic
def say_no_interest(*, by: str, assessment: Assessment | str) -> Rater:
    """Keep that a rater said they have no interest in what they rate. Raises ForbiddenError where they declared one."""
    held = locked(assessment)
    person = part_of(held, by)
    if person.no_interest_at is not None:
        return person
    refuse_judged(held)
    refuse_interest(person.user, thing_rated(held))
    person.no_interest_at = timezone.now()
    person.save(update_fields=["no_interest_at"])
    record(verb="rate.no-interest", by=by, about=[held.about_id, held.pk])
    return person


@transaction.atomic
def step_back(*, by: str, assessment: Assessment | str, what: str) -> Rater:
    """Declare an interest in what one was asked to rate; the part waits for somebody else, whom a lead names."""
    held = locked(assessment)
    person = part_of(held, by)
    refuse_judged(held)
    user, about = User.objects.get(pk=person.user_id), _declarable(held)
    if not Interest.objects.standing().filter(user=user, about=about).exists():
        declare_interest(by=by, user=user, about=about, what=what)
    leave(person)
    record(verb="rate.step-back", by=by, about=[held.about_id, held.pk, by])
    return person


def _declarable(held: Assessment) -> str:
    """What the interest is in: the intervention, or the study or review where none is named."""
    return str(held.intervention_id or held.about_id)


@transaction.atomic
def keep_rating(
    *,
    by: str,
    assessment: Assessment | str,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
    level: str | None = None,
    reason: str | None = None,
    done: bool = False,
) -> PersonalRating:
    """Keep what one of the two said so far: these answers (value and reason, by question) beside those already given.

    `done` says that it is the whole: every question has an answer or the reason why there is none, and the level has
    its reason; from then on nothing of it changes, since the suggestion of a rule is shown. The same again is the row
    that is here. Raises ForbiddenError for who is not one of the two or has an interest, ConflictError after `done`,
    InputError for what the scheme does not allow or what is still missing.
    """
    held = locked(assessment)
    person = part_of(held, by)
    refuse_judged(held)
    thing = thing_rated(held)
    _refuse_unsaid(person, thing)
    last: PersonalRating | None = PersonalRating.objects.current().filter(rater=person).first()
    told = _told(thing, last, answers or {}, level, reason) | {"done": done or bool(last and last.done)}
    if last is not None and all(getattr(last, name) == one for name, one in told.items()):
        return last
    if person.done_at is not None:
        raise ConflictError(said("You said that you are done, and what you said does not change any more."))
    if done:
        _refuse_unfinished(thing, told)
    return _kept(held, person, last, told)


def _refuse_unsaid(person: Rater, thing: Thing) -> None:
    if person.no_interest_at is None:
        raise ForbiddenError(
            said("Say first whether you have an interest in this; the form asks it before anything else.")
        )
    refuse_interest(person.user, thing)
    refuse_newer(thing)


def _told(
    thing: Thing,
    last: PersonalRating | None,
    answers: Mapping[str, Mapping[str, Any]],
    level: str | None,
    reason: str | None,
) -> dict[str, Any]:
    asked = {one.name for one in thing.questions}
    if stray := sorted(set(answers) - asked):
        raise InputError(
            said("“%(stray)s” is not asked here; reload the page and answer what it asks.", stray=stray[0][:40])
        )
    new = {name: answer(thing.scheme, name, one.get("value"), one.get("reason", "")) for name, one in answers.items()}
    kept = {name: one for name, one in new.items() if one["value"] is not None or one["reason"]}
    before = {name: one for name, one in (last.answers if last else {}).items() if name not in new}
    told = (last.level if last else "") if level is None else level
    if told and told not in thing.scheme.levels:
        raise InputError(said("“%(told)s” is no level of this scheme; choose one of the list.", told=told[:24]))
    why = (last.reason if last else "") if reason is None else reason.strip()
    if len(why) > LONGEST:
        raise InputError(
            said("The reason for the level is longer than %(longest)s characters; shorten it.", longest=f"{LONGEST:,}")
        )
    return {"answers": before | kept, "level": told, "reason": why}


def _refuse_unfinished(thing: Thing, told: Mapping[str, Any]) -> None:
    if open_still := unanswered(thing.questions, told["answers"]):
        named = ", ".join(one.words for one in open_still[:3])
        raise InputError(said("Not answered yet: %(named)s. Answer, or say why you cannot tell.", named=named))
    if not told["level"] or not told["reason"]:
        raise InputError(said("Choose the level you would give, and say why, before you are done."))


def _kept(held: Assessment, person: Rater, last: PersonalRating | None, told: Mapping[str, Any]) -> PersonalRating:
    made: PersonalRating = PersonalRating.objects.create(
        id=PersonalRating.fresh(), rater=person, number=(last.number if last else 0) + 1, at=timezone.now(), **told
    )
    opened = []
    if told["done"]:
        person.done_at = made.at
        person.save(update_fields=["done_at"])
        opened = _opened(held)
    vouched = {"rating": made.pk, "digest": digest({name: told[name] for name in TOLD}), "done": told["done"]}
    record(verb="rate.judge-blind", by=person.user_id, about=[held.about_id, held.pk], made=opened, payload=vouched)
    return made


def _opened(held: Assessment) -> list[Assessment]:
    """Open both to each other where both are done."""
    here = Rater.objects.here().filter(assessment=held)
    if here.count() < 2 or here.filter(done_at=None).exists():
        return []
    held.unblinded_at, held.state = timezone.now(), Assessment.COMPARING
    held.save(update_fields=["unblinded_at", "state"])
    return [held]


def ratings_of(held: Assessment) -> list[PersonalRating]:
    """What each of the two said, in their order. Raises ForbiddenError before both are done, whoever asks."""
    if held.unblinded_at is None:
        raise ForbiddenError(
            said("The two have not both said that they are done; until then nobody compares what they said.")
        )
    rows = PersonalRating.objects.current().filter(rater__assessment=held, rater__until=None)
    return list(rows.select_related("rater__user").order_by("rater__place"))
