"""What people do to the ledger: record, declare what was made, mark what moved, erase."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.errors import InputError
from whatworks.ledger.canonical import canonical, digest
from whatworks.ledger.followers import STALE, ask_followers
from whatworks.ledger.models import Artefact, Event, EventSubject, Lineage, Payload, Pending, Subject
from whatworks.ledger.models.events import CONTENT, NODE
from whatworks.ledger.models.subjects import Kept
from whatworks.saying import said


def commitment(key: str, body: str) -> str:
    """HMAC-SHA-256 of the payload under its own key: without the key it says nothing about the payload."""
    return hmac.new(bytes.fromhex(key), body.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def record(
    *,
    verb: str,
    by: str,
    about: Iterable[Kept | str] = (),
    made: Iterable[Kept] = (),
    payload: Mapping[str, Any] | None = None,
    audience: str = "internal",
    stream: str = CONTENT,
) -> Event:
    """Leave one event in the caller's transaction. `made` are rows whose digests the chain shall vouch for."""
    if not by:
        raise InputError(said("The event “%(verb)s” has no actor; every action says who did it.", verb=verb))
    made = list(made)
    subjects = [row if isinstance(row, str) else row.identifier for row in about]
    subjects = sorted({*subjects, *(row.identifier for row in made)})
    key, body = secrets.token_hex(32), canonical(payload or {})
    event = Event.objects.create(
        uid=uuid.uuid4().hex,
        stream=stream,
        verb=verb,
        actor=by,
        at=timezone.now(),
        subjects=subjects,
        digests={row.identifier: row.row_digest() for row in made},
        commitment=commitment(key, body),
    )
    EventSubject.objects.bulk_create([EventSubject(event=event, subject=s) for s in subjects], batch_size=500)
    Payload.objects.create(event=event, key=key, body=body, audience=audience)
    Pending.objects.create(event=event, stream=stream)
    ask_followers(verb, event, subjects)
    return event


def record_node(*, verb: str, by: str, about: Iterable[Kept | str] = (), payload: Any = None) -> Event:
    """Leave one event in the node stream: sign-in, load, administration. It never leaves this machine."""
    return record(verb=verb, by=by, about=about, payload=payload, stream=NODE)


def computed(
    *, output: Kept, method: str, version: str, inputs: Any, rests_on: Iterable[str], replaces: str = ""
) -> Artefact:
    """Say how a row came about and what it rests on; the row it replaces is marked as superseded."""
    artefact = Artefact.objects.create(
        subject_id=output.pk, method=method, version=version, inputs_digest=digest(inputs)
    )
    edges = [Lineage(output_id=output.pk, input_id=identifier) for identifier in sorted(set(rests_on))]
    Lineage.objects.bulk_create(edges, batch_size=500)
    if replaces:
        Artefact.objects.filter(pk=replaces).update(superseded_by=output.pk)
    return artefact


def mark_stale(*identifiers: str, event: Event) -> list[str]:
    """Mark every current artefact that rests on the subjects, in two queries. Returns the identifiers marked."""
    moved = Artefact.objects.current().filter(pk__in=Lineage.descendants(*identifiers), stale_event="")
    marked = sorted(moved.values_list("pk", flat=True))
    moved.update(stale_event=event.uid)
    ask_followers(STALE, event, marked)
    return marked


def freshen(*identifiers: str) -> None:
    """Take the stale mark from artefacts that were looked at again and found the same."""
    Artefact.objects.filter(pk__in=identifiers).update(stale_event="")


@transaction.atomic
def erase(*, subject: str, by: str, reason: str) -> Event:
    """Erase the payloads of every event about a subject, and its title. The chain stays valid and says so.

    Rooms that keep personal rows about the subject erase those first, in the same transaction.
    """
    if not Subject.objects.filter(pk=subject).exists():
        raise InputError(said("There is no subject %(subject)s to erase; check the identifier.", subject=subject))
    event = record(verb="ledger.erase", by=by, about=[subject], payload={"reason": reason})
    about = EventSubject.objects.filter(subject=subject).exclude(event=event).values("event")
    Payload.objects.filter(event__in=about, state=Payload.HELD).update(
        key="", body="", state=Payload.ERASED, erased_by=event.uid
    )
    Subject.objects.filter(pk=subject).update(title="(erased)")
    return event
