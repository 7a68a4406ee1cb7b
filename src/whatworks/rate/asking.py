"""Asking two people to rate a thing: who may be asked, asking, giving a part to somebody else, and calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.models import Subject
from whatworks.people.models import Assignment, User
from whatworks.people.roles import roles
from whatworks.rate.conflicts import conflict, reach_of, refuse_interest
from whatworks.rate.models import Assessment, Rater
from whatworks.rate.rated_things import Thing
from whatworks.saying import said

LONGEST_REASON = 2000
NEWER = said("Something newer has taken the place of what is rated here; rate that instead.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who has the permission; `why_not` says which interest keeps them out, empty where none does."""

    user: User
    why_not: str

    @property
    def name(self) -> str:
        """What colleagues call them."""
        return self.user.name or self.user.email


def candidates(thing: Thing, permission: str = "rate.sign") -> list[Asked]:
    """Everybody with the permission, by name, each with the interest that keeps them from this thing, if any does."""
    granting = [key for key, role in roles().items() if permission in role.may]
    holding = Assignment.objects.filter(role__in=granting).values("user")
    users = User.objects.here().filter(is_active=True, pk__in=holding).order_by("name", "email")
    reach = reach_of(thing)
    return [Asked(user, conflict(user, reach)) for user in users]


def locked(assessment: Assessment | str) -> Assessment:
    """It, with nobody else writing to it until the transaction ends. Raises InputError where there is none."""
    key = assessment if isinstance(assessment, str) else assessment.pk
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("about", "intervention")
    held: Assessment | None = rows.filter(pk=key).first()
    if held is None:
        raise InputError(said("There is no rating by two called %(key)s; reload the page.", key=key[:24]))
    return held


def refuse_newer(thing: Thing) -> None:
    """Refuse what was computed anew since: people's words would stand under other numbers."""
    if not thing.current:
        raise ConflictError(NEWER)


@transaction.atomic
def ask_two(*, by: str, thing: Thing, users: Sequence[User], key: str = "") -> Assessment:
    """Ask two people to rate a thing, each alone. The same request (`key`) is one.

    Raises InputError unless two different people who may rate are named, ForbiddenError where one has an interest in
    it, ConflictError where two rate it already or something newer has taken its place.
    """
    if key and (done := Assessment.objects.filter(key=key).first()):
        return done
    if len(users) != 2 or len({user.pk for user in users}) != 2:
        raise InputError(said("Choose two different people; what one person says is not compared with anything."))
    Subject.objects.select_for_update().get(pk=thing.about.pk)
    refuse_newer(thing)
    told = {"about": thing.about, "scheme": thing.scheme.key, "title": thing.title}
    if Assessment.objects.open().filter(**told).exists():
        raise ConflictError(
            said(
                "Two people rate “%(title)s” by this scheme already; see the ratings of the workspace.",
                title=thing.title,
            )
        )
    for user in users:
        _refuse_unable(user, thing)
    told |= {"version": str(thing.scheme.version), "intervention": thing.intervention}
    made: Assessment = Assessment.objects.create(id=Assessment.fresh(), by=by, at=timezone.now(), key=key[:64], **told)
    people = [_joined(made, user, place) for place, user in enumerate(users, 1)]
    about = [thing.about.pk, *(one.user_id for one in people)]
    record(verb="rate.ask-two", by=by, about=about, made=[made], payload={"scheme": made.scheme, "title": made.title})
    return made


def _refuse_unable(user: User, thing: Thing) -> None:
    if not user.may("rate.sign"):
        raise InputError(said("%(name)s is no rater; choose somebody of the list.", name=user.name or user.email))
    refuse_interest(user, thing)


def _joined(assessment: Assessment, user: User, place: int) -> Rater:
    told = {"assessment": assessment, "user": user, "place": place, "since": timezone.now()}
    made: Rater = Rater.objects.create(id=Rater.derived(assessment.pk, user.pk), **told)
    return made


@transaction.atomic
def replace_rater(*, by: str, assessment: Assessment | str, thing: Thing, to: User, user: User | None = None) -> Rater:
    """Give a person's part to another, who starts anew; without `user`, the part of who stepped back.

    Raises ConflictError once the two have seen each other's ratings, or where the other has or had a part in it.
    """
    held = locked(assessment)
    refuse_judged(held)
    leaving = Rater.objects.here().filter(assessment=held, user=user).first() if user else None
    if user is not None and leaving is None:
        raise ConflictError(said("This person does not rate it any more; reload the page."))
    if user is None and Rater.objects.here().filter(assessment=held).count() > 1:
        raise ConflictError(said("Two people rate it; say instead of whom the other is asked."))
    if Rater.objects.filter(assessment=held, user=to).exists():
        raise ConflictError(said("This person has or had a part in it already; choose somebody else."))
    _refuse_unable(to, thing)
    if leaving is not None:
        leave(leaving)
    made = _joined(held, to, Rater.objects.filter(assessment=held).count() + 1)
    gone = [leaving.user_id] if leaving else []
    record(verb="rate.replace-rater", by=by, about=[held.about_id, held.pk, *gone, to.pk])
    return made


def leave(rater: Rater) -> None:
    """End a person's part; what they said stays in history and does not count."""
    rater.until = timezone.now()
    rater.save(update_fields=["until"])


@transaction.atomic
def call_off(*, by: str, assessment: Assessment | str, why: str) -> Assessment:
    """Let it be that two rate this, saying why. Once, and not after it was approved."""
    held = locked(assessment)
    if held.state == Assessment.CALLED_OFF:
        return held
    if not held.open:
        raise ConflictError(said("It was approved, and that stands; an approver can take the approval back."))
    told = checked_why(why, said("Say why it is called off"))
    return moved(held, Assessment.CALLED_OFF, verb="rate.call-off", by=by, payload={"why": told})


def moved(held: Assessment, state: str, *, verb: str, by: str, payload: dict[str, str]) -> Assessment:
    """The assessment in another state, with the event that says so."""
    held.state = state
    held.save(update_fields=["state"])
    record(verb=verb, by=by, about=[held.about_id], made=[held], payload=payload, audience=PUBLIC)
    return held


def checked_why(why: str, ask: str) -> str:
    """A reason without its ends. Raises InputError for none, or for more than LONGEST_REASON characters."""
    if not why.strip() or len(why) > LONGEST_REASON:
        raise InputError(
            said(
                "%(ask)s, in at most %(longest_reason)s characters; people will ask.",
                ask=ask,
                longest_reason=f"{LONGEST_REASON:,}",
            )
        )
    return why.strip()


def refuse_judged(held: Assessment) -> None:
    """Refuse what is only done while nobody sees what the other said."""
    if held.state == Assessment.CALLED_OFF:
        raise ConflictError(said("It was called off that two people rate this; a lead can ask two anew."))
    if held.unblinded_at is not None:
        raise ConflictError(
            said("Both are done and see what the other said, so nothing of it changes; agree on a level.")
        )


def part_of(held: Assessment, actor: str) -> Rater:
    """The person's part in it. Raises ForbiddenError for who is not one of the two."""
    row: Rater | None = Rater.objects.here().filter(assessment=held, user=actor).first()
    if row is None:
        raise ForbiddenError(said("You are not one of the two who rate this; ask a lead to name you."))
    return row
