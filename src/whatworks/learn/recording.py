"""What people do with their own record of learning: write, change and delete an entry, ask a peer, and answer one.

Everything here takes the person and never looks at anybody else's entries. Each act leaves one event on this machine alone, which
says who and nothing of what.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.convene.methods.identifying import REASONS, likely_identifiers, reasons_of
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.learn.models import LearningEntry
from whatworks.ledger.actions import record_node
from whatworks.ledger.models import Subject
from whatworks.people.models import User
from whatworks.saying import Said, joined, said

WORDS = ("title", "why", "learnt", "impact", "peer_role")


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody writes of a piece of learning. Only the description must be there; what is missing can follow."""

    sort: str
    title: str
    on: datetime.date
    why: str = ""
    learnt: str = ""
    impact: str = ""
    peer_state: str = LearningEntry.ALONE
    peer_role: str = ""
    peer_address: str = ""
    """Of somebody with an account here, to be asked; kept nowhere."""


def may_name(words: Words) -> tuple[Said, ...]:
    """What in the words may say who somebody is, each kind once: reflections are about learning, never about a case."""
    found = [one for name in WORDS for one in reasons_of(likely_identifiers(str(getattr(words, name))))]
    return tuple(REASONS[one] for one in dict.fromkeys(found))


@transaction.atomic
def write(*, user: User, words: Words, about: str = "") -> LearningEntry:
    """Write a new entry of one's own. Raises InputError for what cannot be, ForbiddenError for somebody who left."""
    if not user.is_active:
        raise ForbiddenError(said("This account is closed; ask an administrator."))
    entry = LearningEntry(pk=LearningEntry.fresh(), user=user, made_at=timezone.now(), about=_subject(about))
    return _keep(entry, words, verb="learn.write-entry")


@transaction.atomic
def change(*, user: User, entry: LearningEntry, words: Words) -> LearningEntry:
    """Change an entry of one's own. What a peer said of it stands unless the day is another; then they are asked again."""
    return _keep(_own(user, entry), words, verb="learn.change-entry")


@transaction.atomic
def delete(*, user: User, entry: LearningEntry) -> None:
    """Delete an entry of one's own for good."""
    _own(user, entry).delete()
    record_node(verb="learn.delete-entry", by=user.actor)


@transaction.atomic
def answer_peer(*, user: User, entry: LearningEntry, together: bool) -> LearningEntry:
    """Say whether one thought it over together with whoever asks. Raises ConflictError where nobody asks any more."""
    held = LearningEntry.objects.select_for_update().asking(user).filter(pk=entry.pk).first()
    if held is None:
        raise ConflictError(said("Nobody asks you this any more; the entry was changed or deleted."))
    held.peer_state = LearningEntry.SAID if together else LearningEntry.NOT
    held.save(update_fields=["peer_state"])
    record_node(verb="learn.answer-peer", by=user.actor)
    return held


def erase_for(user: User) -> None:
    """Delete all that is held of a person here: their entries, and that they were somebody's peer."""
    LearningEntry.objects.filter(user=user).delete()
    LearningEntry.objects.filter(peer=user, peer_state=LearningEntry.ASKED).update(peer_state=LearningEntry.NOT)
    LearningEntry.objects.filter(peer=user).update(peer=None)


def _own(user: User, entry: LearningEntry) -> LearningEntry:
    held = LearningEntry.objects.select_for_update().filter(pk=entry.pk, user=user).first()
    if held is None:
        raise ConflictError(said("This entry is not there any more; it was deleted."))
    return held


def _subject(identifier: str) -> Subject | None:
    """What an entry is tied to: something that was read or attended here."""
    if not identifier:
        return None
    found = Subject.objects.filter(pk=identifier, kind__in=("revision", "gathering")).first()
    if found is None:
        raise InputError(
            said("There is no page or event %(identifier)s to tie this to; leave it out.", identifier=identifier[:40])
        )
    return found


def _keep(entry: LearningEntry, words: Words, *, verb: str) -> LearningEntry:
    if not words.title.strip():
        raise InputError(said("Say in a few words what it was."))
    if words.on > timezone.localdate():
        raise InputError(said("The day is still to come; write it down when it was."))
    moved = entry.on is not None and entry.on != words.on
    entry.sort, entry.title, entry.on = words.sort, " ".join(words.title.split()), words.on
    entry.why, entry.learnt, entry.impact = words.why.strip(), words.learnt.strip(), words.impact.strip()
    _set_peer(entry, words)
    if moved and entry.peer_state in (LearningEntry.SAID, LearningEntry.NOT):
        entry.peer_state = LearningEntry.ASKED  # they spoke of another day
    entry.save()
    record_node(verb=verb, by=entry.user.actor)
    return entry


def _set_peer(entry: LearningEntry, words: Words) -> None:
    """Alone, with somebody named by their part, or with somebody here who is asked.

    Whether an address belongs to anybody here is not told: the entry waits for an answer either way.
    """
    if words.peer_state == LearningEntry.ROLE:
        if not words.peer_role.strip():
            raise InputError(said("Say which part your peer has, such as “a colleague”; leave out the name."))
        entry.peer_state, entry.peer_role, entry.peer = LearningEntry.ROLE, " ".join(words.peer_role.split()), None
        return
    if words.peer_state != LearningEntry.ASKED:
        entry.peer_state, entry.peer_role, entry.peer = LearningEntry.ALONE, "", None
        return
    if not words.peer_address.strip():
        if entry.peer_state in (LearningEntry.ASKED, LearningEntry.SAID, LearningEntry.NOT):
            return  # asked before, and nobody else is to be asked
        raise InputError(said("Give the e-mail address with which your peer signs in here."))
    asked = User.objects.here().filter(email__iexact=words.peer_address.strip(), is_active=True).first()
    if asked is not None and asked.pk == entry.user_id:
        raise InputError(said("You cannot be your own peer; ask somebody else, or say that it was alone."))
    entry.peer_state, entry.peer_role, entry.peer = LearningEntry.ASKED, "", asked


def told_of(user: User) -> list[dict[str, Any]]:
    """Everything that a person's record holds, as plain values, for them alone."""
    return [
        {
            "identifier": one.pk, "type": one.sort, "description": one.title, "why": one.why, "date": one.on.isoformat(),
            "learnt": one.learnt, "impact": one.impact, "about": one.about_id, "peer": one.peer_state,
            "peer_part": one.peer_role, "written_at": one.made_at.isoformat(),
        }
        for one in LearningEntry.objects.of(user)
    ]  # fmt: skip


def warned(reasons: tuple[Said, ...]) -> Said:
    """What to say of words that may name somebody."""
    return said(
        "This may say who somebody is: %(what)s. Take it out. If it names nobody, tick the box below and keep it.",
        what=joined(", ", reasons),
    )
