"""Rows that stay inside, and how the ledger vouches for them: by digests in the payload of their event, under its key.

The digest of a row in the open part of an event is of public fields alone, and one of the others could be guessed at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from whatworks.ledger.canonical import digest
from whatworks.ledger.models import Event
from whatworks.trial.models import Delivered, Sight

DELIVER, SEE = "trial.deliver", "trial.see"
VERBS = {Delivered: DELIVER, Sight: SEE}
Inside = Delivered | Sight


def digests(rows: Iterable[Inside]) -> dict[str, str]:
    """The digest of each row over all of its fields, for the payload of the event that made them."""
    return {row.pk: _digest(row) for row in rows}


def _digest(row: Inside) -> str:
    told = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return digest({name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in told.items()})


def vouched(model: type[Inside]) -> dict[str, str]:
    """The digests that the payloads held here vouch for."""
    found: dict[str, str] = {}
    for event in Event.objects.filter(verb=VERBS[model]).select_related("payload").iterator(200):
        if hasattr(event, "payload") and event.payload.body:
            found |= json.loads(event.payload.body).get("rows", {})
    return found
