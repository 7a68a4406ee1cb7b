"""What the rules propose: each import's records are keyed once, and looked up by their keys among all that is held.

A million reports are never read again for ten thousand new ones. The work goes on from its own cursor, import by
import and piece by piece, so it can stop at any moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from whatworks.collate.bulk import insert
from whatworks.collate.importing import as_read
from whatworks.collate.merging import regroup
from whatworks.collate.methods.matching import (
    KEYS_VERSION,
    LARGEST_BLOCK,
    VERSION,
    Proposal,
    keys_of,
    match_new,
    sketch,
)
from whatworks.collate.models import Import, MatchKey, MatchProgress, MatchProposal, Record
from whatworks.collate.models.matching import in_order
from whatworks.ledger.actions import record

KEYED, MATCHED = 250, 150  # records in one piece; a tenth of a second or less of the write lock on SQLite
LARGEST = 900  # values in one statement


@transaction.atomic
def propose_matches(*, by: str) -> list[MatchProposal]:
    """Let the rules say which reports are one, for every import that they have not seen. Returns what is new.

    Proposals wait for people; what people decided is left alone.
    """
    made: list[MatchProposal] = []
    for origin in Import.objects.filter(complete=True).order_by("pk"):
        key_all()
        while (piece := match_piece(origin, by=by)) is not None:
            made += piece
    return made


def key_all() -> None:
    """Key every published import that has no keys yet, or those of another version."""
    while key_piece() is not None:
        pass


def key_piece() -> int | None:
    """Store the keys of the next piece of records that have none; None when all have them."""
    current = MatchProgress.objects.filter(keys_version=KEYS_VERSION)
    origin = Import.objects.filter(complete=True).exclude(match_progress__in=current).order_by("pk").first()
    if origin is None:
        return None
    return key_records(origin)


@transaction.atomic
def key_records(origin: Import) -> int:
    """Store the keys of the next piece of an import. Returns how many records were keyed."""
    progress = progress_of(origin)
    rows = list(origin.rows.filter(position__gt=progress.keyed).order_by("position")[:KEYED])
    store_keys((row.pk, keys_of(as_read(row))) for row in rows)
    progress.keyed = rows[-1].position if rows else progress.keyed
    if len(rows) < KEYED:
        progress.keys_version = KEYS_VERSION
    progress.save()
    return len(rows)


def progress_of(origin: Import, *, look: bool = False) -> MatchProgress:
    """How far an import has come; from the beginning where the keys or rules are of another version.

    With `look` nothing is written, nor are keys of another version taken away.
    """
    progress = MatchProgress.objects.filter(origin=origin).first() or MatchProgress(origin=origin)
    if progress.keys_version not in (0, KEYS_VERSION):
        if not look:
            _forget_keys(origin)
        progress.keys_version = progress.keyed = progress.matched = 0
    if progress.rules_version != VERSION:
        progress.rules_version, progress.matched = VERSION, 0
    return progress


def _forget_keys(origin: Import) -> None:
    records = origin.rows.values("pk")
    MatchKey.objects.filter(record__in=records)._raw_delete("default")


def store_keys(keyed: Iterable[tuple[str, Sequence[int]]]) -> None:
    """Keep the keys of records, in bulk: ten million rows must not become ten million objects."""
    insert(MatchKey, ("key", "record"), ((key, record) for record, keys in keyed for key in keys))


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing the next piece of an import found. `after` is how far the import had come: the piece begins there."""

    after: int
    rows: list[Record]
    held: list[Record]
    found: list[Proposal]


def compare_piece(origin: Import) -> Compared:
    """Compare the next piece of an import with all that is held. Writes nothing, so nobody has to wait for it."""
    after = progress_of(origin, look=True).matched
    rows = list(origin.rows.filter(position__gt=after).order_by("position")[:MATCHED])
    held = neighbours(rows) if rows else []
    return Compared(
        after, rows, held, match_new([sketch(as_read(row)) for row in rows], [sketch(as_read(row)) for row in held])
    )


@transaction.atomic
def match_piece(origin: Import, *, by: str, compared: Compared | None = None) -> list[MatchProposal] | None:
    """Keep what the rules say of the next piece of an import; None when they have seen all of it.

    `compared` is what was found beforehand; it is compared again where the import has come further meanwhile.
    """
    progress = progress_of(origin)
    if compared is None or compared.after != progress.matched:
        compared = compare_piece(origin)
    if not compared.rows:
        progress.save()
        return None
    made = keep_proposals(compared.found, [*compared.rows, *compared.held], origin, by)
    progress.matched = compared.rows[-1].position
    progress.save()
    return made


def neighbours(rows: Sequence[Record]) -> list[Record]:
    """The held records that share a key with these and that they have not met, those of unpublished imports left out.

    Of the same import only the records before the piece: later ones will meet the piece when their turn comes.
    """
    own = {row.pk for row in rows}
    keys = sorted({key for row in rows for key in keys_of(as_read(row))})
    found: set[str] = set()
    for start in range(0, len(keys), LARGEST):
        some = keys[start : start + LARGEST]
        sizes = dict(MatchKey.objects.filter(key__in=some).values_list("key").annotate(Count("id")).order_by())
        usual = [key for key, size in sizes.items() if size <= LARGEST_BLOCK]
        found.update(MatchKey.objects.filter(key__in=usual).values_list("record", flat=True))
        for key in (key for key, size in sizes.items() if size > LARGEST_BLOCK):
            found.update(
                MatchKey.objects.filter(key=key).values_list("record", flat=True).order_by("-id")[:LARGEST_BLOCK]
            )
    wanted, held = sorted(found - own), []
    for start in range(0, len(wanted), LARGEST):
        held += Record.objects.filter(pk__in=wanted[start : start + LARGEST], origin__complete=True)
    origin, first = rows[0].origin_id, rows[0].position
    return [row for row in held if row.origin_id != origin or row.position < first]


def keep_proposals(found: Sequence[Proposal], rows: Sequence[Record], origin: Import, by: str) -> list[MatchProposal]:
    """Keep what the rules said, by pairs of reports; what they said before of a pair is superseded if it is otherwise."""
    said = {pair: one for one in found if (pair := _pair(rows[one.a], rows[one.b]))}
    held = _held(said)
    new = {pair: one for pair, one in said.items() if pair not in held or _otherwise(held[pair], one)}
    MatchProposal.objects.filter(pk__in=[held[pair].pk for pair in new if pair in held]).update(
        superseded=True, waits=False
    )
    now = timezone.now()
    made = [
        MatchProposal(
            id=MatchProposal.fresh(),
            left_id=pair[0],
            right_id=pair[1],
            decision=one.decision,
            probability=one.score,
            reason=one.reason,
            rule=one.rule[:48],
            version=one.version,
            origin=origin,
            made_at=now,
        )
        for pair, one in new.items()
    ]
    MatchProposal.objects.bulk_create(made, batch_size=LARGEST // 2)
    if made:
        counts = {"proposals": len(made), "rules": VERSION}
        event = record(verb="collate.propose-matches", by=by, about=[origin], payload=counts)
        regroup({report for one in made for report in one.pair}, event=event)
    return made


def _pair(one: Record, other: Record) -> tuple[str, str] | None:
    if one.first_report_id == other.first_report_id:
        return None
    return in_order(one.first_report_id, other.first_report_id)


def _held(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], MatchProposal]:
    lefts, wanted, held = sorted({left for left, _ in pairs}), set(pairs), {}
    for start in range(0, len(lefts), LARGEST):
        for one in MatchProposal.objects.current().filter(left__in=lefts[start : start + LARGEST]):
            if one.pair in wanted:
                held[one.pair] = one
    return held


def _otherwise(held: MatchProposal, now: Proposal) -> bool:
    return (held.decision, held.reason, round(held.probability, 6)) != (now.decision, now.reason, round(now.score, 6))
