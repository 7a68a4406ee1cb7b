"""Declaring what could sway one's judgement, and withdrawing it: each stays on record with its dates."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record_node
from whatworks.ledger.models import Subject
from whatworks.people.models import Interest, User
from whatworks.saying import said

KINDS = ("intervention", "organisation", "study", "report", "review")  # what somebody can have an interest in
LONGEST = 2000


@transaction.atomic
def declare_interest(*, by: str, user: User, about: str, what: str) -> Interest:
    """Keep that somebody has an interest in a subject, and which. The same again is the one that is here.

    Raises InputError for no words, for a subject that is not here, or one nobody can have an interest in.
    """
    subject = Subject.objects.filter(pk=about.strip()[:24], kind__in=KINDS).first()
    if subject is None:
        raise InputError(
            said("Choose what you have an interest in: an intervention, a body, a study, a report or a review.")
        )
    told = checked_words(what, said("Say what your interest is, such as “I wrote its manual”"))
    User.objects.select_for_update().get(pk=user.pk)
    held: Interest | None = Interest.objects.standing().filter(user=user, about=subject).first()
    if held is not None and held.what == told:
        return held
    if held is not None:
        raise ConflictError(
            said("You have declared an interest in “%(title)s” already; withdraw that one first.", title=subject.title)
        )
    made: Interest = Interest.objects.create(
        id=Interest.fresh(), user=user, about=subject, what=told, declared_on=timezone.localdate()
    )
    # Among the events that stay here: what somebody has an interest in is about a person, not about the evidence.
    record_node(verb="people.declare-interest", by=by, about=[user.pk, subject.pk, made.pk])
    return made


@transaction.atomic
def withdraw_interest(*, by: str, interest: Interest, why: str) -> Interest:
    """Say that an interest is over, or was declared in error, and why. Only one's own. Once."""
    held: Interest | None = Interest.objects.select_for_update().filter(pk=interest.pk).first()
    if held is None:
        raise InputError(said("There is no such interest any more; reload the page."))
    if held.user_id != by:
        raise ForbiddenError(said("Only the person who declared an interest can withdraw it; ask them to."))
    if held.withdrawn_on is not None:
        return held
    held.withdrawn_why = checked_words(why, said("Say why it is over, such as “I left the body in May”"))
    held.withdrawn_on = timezone.localdate()
    held.save(update_fields=["withdrawn_on", "withdrawn_why"])
    record_node(verb="people.withdraw-interest", by=by, about=[held.user_id, held.about_id, held.pk])
    return held


def checked_words(words: str, ask: str) -> str:
    """What was typed, without its ends. Raises InputError for nothing, and for more than LONGEST characters."""
    if not words.strip() or len(words) > LONGEST:
        raise InputError(
            said("%(ask)s; it takes words, at most %(longest)s characters.", ask=ask, longest=f"{LONGEST:,}")
        )
    return words.strip()
