"""Others' decisions: what came with an export of another screening tool, kept as theirs beside the records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import transaction

from whatworks.collate.methods.decisions import OthersDecision as Read
from whatworks.collate.methods.decisions import decisions_in
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import Import, OthersDecision, Record

BATCH = 500  # rows in one statement


@transaction.atomic
def keep_decisions(origin: Import, records: Iterable[ReadRecord]) -> int:
    """Keep the decisions that these records of an import bring; how many there are. The records are held already.

    Doing so again changes nothing, so that an import that goes on after a crash keeps each decision once.
    """
    rows = [
        row_of(decision, Record.derived(origin.pk, one.position), place)
        for one in records
        for place, decision in enumerate(decisions_in(one, origin.filename), 1)
    ]
    OthersDecision.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)


def row_of(decision: Read, record: str, position: int) -> OthersDecision:
    """The row (not saved) of a decision, the so-many-th that came with this record."""
    return OthersDecision(
        id=OthersDecision.derived(record, position),
        record_id=record,
        position=position,
        tool=decision.tool[:24],
        who=_storable(decision.who)[:160],
        verdict=decision.verdict,
        stage=_storable(decision.stage)[:24],
        reason=_storable(decision.reason),
        labels=[_storable(label) for label in decision.labels],
        made_at=_moment(decision.when),
        raw=_storable(decision.raw),
    )


def _moment(when: str) -> datetime | None:
    """The time, if it is one; in UTC where the tool does not say its zone (the text itself stays in `raw`)."""
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _storable(text: str) -> str:
    """The text without what no database takes: NUL, and halves of characters; the record's tags have them as they came."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
