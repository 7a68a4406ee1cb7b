"""What programs say for their person: decisions, one or many, each answered by itself; and taking them back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError
from pydantic import ValidationError

from whatworks.errors import ConflictError, InputError, WhatworksError
from whatworks.saying import said
from whatworks.screen.api.door import Holder, NotThereError
from whatworks.screen.api.schemas import DecisionIn
from whatworks.screen.deciding import say, take_back
from whatworks.screen.models import Candidate, Opinion, Place, Review
from whatworks.screen.queueing import let_go

LONGEST_KEY = 200
MARK = "api-"  # begins the key of every opinion that came through a program


def kept_key(actor: str, what: str, given: str) -> str:
    """A key as it is kept: two people, or two kinds of request, may use the same one and mean their own.

    >>> kept_key("usr-1", "say", "")
    ''
    >>> len(kept_key("usr-1", "say", "k" * 200)) <= 64
    True
    """
    if len(given) > LONGEST_KEY:
        raise InputError(
            said(
                "A key has at most %(longest_key)s characters; this one has %(count)s.",
                longest_key=LONGEST_KEY,
                count=len(given),
            )
        )
    return MARK + hashlib.sha256("\x1f".join((actor, what, given)).encode()).hexdigest()[:56] if given else ""


def read_decision(given: Any) -> DecisionIn:
    """A decision as it was sent; an InputError names what cannot be read."""
    if not isinstance(given, dict):
        raise InputError(
            said("A decision is an object with candidate and decision, such as {“candidate”: “cnd-…”, …}.")
        )
    try:
        return DecisionIn.model_validate(given)
    except ValidationError as error:
        raise InputError(sentence_of(error.errors()[0])) from None


def sentence_of(problem: Any) -> str:
    """What pydantic found wrong with a field, in one sentence."""
    name = str(problem["loc"][-1])[:40] if problem["loc"] else "it"
    if problem["type"] == "extra_forbidden":
        return said("There is no field %(name)s; see the description at /api/.", name=name)
    why = str(problem["msg"]).removeprefix("Value error, ")
    return said("%(name)s cannot be read: %(why)s.", name=name, why=f"{why[:1].lower()}{why[1:]}")


def decide(holder: Holder, review: Review, given: Any, key: str) -> dict[str, Any]:
    """Keep one decision as the person's opinion. `key` is used where the decision has none of its own."""
    asked = read_decision(given)
    candidate = _candidate(review, asked.candidate)
    if asked.reason.strip() and asked.decision != Opinion.EXCLUDE:
        raise InputError(said("A reason goes with exclude; put other words into note."))
    kept = kept_key(holder.actor, "say", asked.key or key)
    _refuse_other_use(kept, candidate, asked)
    told = {"decision": asked.decision, "reason": asked.reason, "note": asked.note, "key": kept}
    try:
        made = say(by=holder.actor, candidate=candidate.pk, **told)
    except IntegrityError:  # the same key on two requests at the same instant
        raise ConflictError(
            said("This was sent twice at the same moment; send it again to see which was kept.")
        ) from None
    return {"candidate": candidate.pk, "status": 200, "decision": made.decision, "at": made.at}


def _candidate(review: Review, identifier: str) -> Candidate:
    found = Candidate.objects.filter(pk=identifier.replace("\0", ""), review=review).first()
    if found is None:
        raise NotThereError(
            said(
                "There is no candidate %(identifier)s in this review; ask for the next records.",
                identifier=identifier[:40],
            )
        )
    return found


def _refuse_other_use(key: str, candidate: Candidate, asked: DecisionIn) -> None:
    """A key that stood for something else must not quietly swallow this."""
    done = Opinion.objects.filter(key=key).select_related("candidate").first() if key else None
    if done is None:
        return
    same = (done.decision, done.reason, done.note) == (asked.decision, asked.reason.strip(), asked.note.strip())
    if not same or not _group(candidate) & _group(done.candidate):
        raise ConflictError(said("This key was used for another decision; give each its own."))


def _group(one: Candidate) -> set[str]:
    """The candidates with which this one is decided."""
    return {one.pk, *(pk for pk in (one.same_as_id, one.as_one_id) if pk)}


def decide_each(holder: Holder, review: Review, given: Sequence[Any], key: str) -> list[dict[str, Any]]:
    """Keep what can be kept of a list; what cannot is said in its place, and holds up no other."""
    found = []
    for number, one in enumerate(given, 1):
        name = str(one.get("candidate", ""))[:40] if isinstance(one, dict) else ""
        try:
            found.append(decide(holder, review, one, f"{key} {number}" if key else ""))
        except WhatworksError as error:
            found.append({"candidate": name, "status": error.http_status, "error": str(error)})
    return found


def undo(holder: Holder, review: Review, identifier: str, key: str) -> str:
    """Take the person's opinion back; gives the candidate."""
    candidate = _candidate(review, identifier)
    take_back(by=holder.actor, candidate=candidate.pk, key=kept_key(holder.actor, f"undo {candidate.pk}", key))
    return candidate.pk


def release(holder: Holder, review: Review, wanted: Sequence[str] | None) -> int:
    """Give back what the person holds: these, or all; gives how many."""
    held = Place.objects.filter(by=holder.actor, done=False, candidate__review=review)
    held = held if wanted is None else held.filter(candidate__in=wanted)
    candidates = list(held.values_list("candidate", flat=True))
    for candidate in candidates:
        let_go(by=holder.actor, candidate=candidate)
    return len(candidates)
