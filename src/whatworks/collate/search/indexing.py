"""Keeping the index as the reports are: which are in it, under which words, at which place."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q

from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.methods.tokens import VERSION, Read, Written, read
from whatworks.collate.models import Bundle, Document, Entry, IndexState, Record, Report, Source, Word, WordGram
from whatworks.collate.search import vocabulary
from whatworks.collate.search.places import number_at, place_of, year_kept
from whatworks.collate.search.store import Indexed, store
from whatworks.ledger.canonical import canonical

Said = tuple[str, Written]


def written(reports: Sequence[Report]) -> list[Said]:
    """What each of these reports says, with all that its records and the reports merged into it say."""
    mine = [report.pk for report in reports]
    rows = Record.objects.filter(Q(report__in=mine) | Q(report__merged_into__in=mine), origin__complete=True)
    rows = rows.values_list("report_id", "report__merged_into_id", "origin__source_id", "position", "line", "tags")
    held: dict[str, list[tuple[str, ReadRecord]]] = {}
    for report, into, source, position, line, tags in rows.order_by("origin_id", "position"):
        one = ReadRecord(position, line, tuple((tag, value) for tag, value in tags))
        held.setdefault(into or report, []).append((source, one))
    texts: dict[str, list[str]] = {}
    files = Document.objects.filter(Q(report__in=mine) | Q(report__merged_into__in=mine), state=Document.READ)
    for report, into, text in files.order_by("pk").values_list("report_id", "report__merged_into_id", "text"):
        texts.setdefault(into or report, []).append(text)
    return [(report.pk, _written(report, held.get(report.pk, []), texts.get(report.pk, []))) for report in reports]


def _written(report: Report, held: list[tuple[str, ReadRecord]], texts: list[str]) -> Written:
    records = [record for _, record in held]
    return Written(
        titles=_different([report.title, *(record.title for record in records)]),
        authors=tuple(name for name in report.authors.split("; ") if name),
        abstract=max((record.abstract for record in records), key=len, default=""),
        venues=_different([report.venue, *(record.venue for record in records)]),
        keywords=_different(word for record in records for word in record.keywords),
        text="\n".join(texts),
        dois=_different([report.doi, *(record.doi for record in records)]),
        year=year_kept(report.year),
        kind=report.sort,
        sources=tuple(sorted({source for source, _ in held})),
    )


def _different(values: Iterable[str]) -> tuple[str, ...]:
    """Each value once, whatever its capitals, in the order given; none that is empty."""
    return tuple({value.casefold(): value for value in reversed(list(values)) if value}.values())[::-1]


@transaction.atomic
def refresh(reports: Iterable[str]) -> int:
    """Bring the entries of these reports up to date, after whatever happened to them. Returns how many changed.

    A report that no longer speaks for itself, or is not to be seen, leaves the index; that through which it speaks is
    looked at too.
    """
    asked = set(reports)
    asked |= set(Report.objects.filter(pk__in=asked).exclude(merged_into=None).values_list("merged_into", flat=True))
    seen = list(Report.objects.speaking().filter(pk__in=asked).order_by("pk"))
    gone = asked - {report.pk for report in seen}
    places = list(Entry.objects.filter(report__in=gone).values_list("place", flat=True))
    if places:
        store().drop(places)
    return len(places) + write(written(seen))


def state_of() -> IndexState:
    """The one row that says how far the index has come, locked until the transaction ends."""
    defaults = {"rules": VERSION, "mark": uuid.uuid4().hex}
    IndexState.objects.get_or_create(pk=1, defaults=defaults)
    return IndexState.objects.select_for_update().get(pk=1)


@transaction.atomic
def write(said: Sequence[Said], readings: Sequence[Read] | None = None) -> int:
    """Index what reports say; those already indexed under the same words at the same place are left alone.

    Returns how many were written. `readings` may be given where they were made before, outside the transaction.
    """
    if not said:
        return 0
    made = readings or [read(one) for _, one in said]
    state = state_of()
    held = {entry.report_id: entry for entry in Entry.objects.filter(report__in=[report for report, _ in said])}
    keys = {(one.kind, one.sources): _key(one) for _, one in said}
    bundles = _bundles({key: said for said, key in keys.items()})
    new: list[Indexed] = []
    learnt: list[tuple[int, Read]] = []
    old: list[int] = []
    for (report, one), reading in zip(said, made, strict=True):
        entry = held.get(report)
        number = number_at(entry.place) if entry else state.following
        bundle = bundles[keys[one.kind, one.sources]]
        row = Indexed(place_of(one.year, number), report, bundle, reading.stream.digest(), reading.stream)
        if entry is None:
            state.following += 1
        elif (entry.place, entry.bundle, entry.digest) == (row.place, row.bundle, row.digest):
            continue
        else:
            old.append(entry.place)
        new.append(row)
        learnt.append((0 if entry else vocabulary.weight(report, number), reading))
    if old:
        store().drop(old)
    store().put(new)
    vocabulary.learn(learnt, state)
    state.sampled += sum(times for times, _ in learnt)
    state.save(update_fields=["following", "sampled"])
    return len(new)


def _key(one: Written) -> str:
    return hashlib.sha256(canonical([one.kind, list(one.sources)]).encode()).hexdigest()


def _bundles(wanted: dict[str, tuple[str, tuple[str, ...]]]) -> dict[str, int]:
    """The number of each type with its sources, made where it is new."""
    held = dict(Bundle.objects.filter(key__in=wanted).values_list("key", "id"))
    missing = [(key, *wanted[key]) for key in sorted(wanted.keys() - held.keys())]
    if missing:
        rows = [Bundle(kind=kind[:24], sources=list(sources), key=key) for key, kind, sources in missing]
        Bundle.objects.bulk_create(rows, ignore_conflicts=True)
        held = dict(Bundle.objects.filter(key__in=wanted).values_list("key", "id"))
    return held


@transaction.atomic
def clear() -> None:
    """Take everything out of the index, to build it from nothing."""
    if not store().present():
        store().make()
    store().empty()
    for model in (WordGram, Word, Bundle):
        model.objects.all()._raw_delete(model.objects.db)
    state = state_of()
    state.rules, state.following, state.sampled, state.building = VERSION, 0, 0, True
    state.mark = uuid.uuid4().hex
    state.save()


def source_names() -> dict[str, str]:
    """What each source is called."""
    return {one.pk: str(one) for one in Source.objects.all()}
