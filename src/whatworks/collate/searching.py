"""What people do with searches: note a strategy, note that it was run, say why counts differ, run it again."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from whatworks.collate.actions import as_read
from whatworks.collate.methods.searches import Change, Tally, changes, name_of
from whatworks.collate.models import Import, Record, SearchRun, Source, Strategy
from whatworks.collate.online import SERVICES as ONLINE
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.saying import dated, said

TEXTS = ("text", "limits", "filters", "peer_review")
SERVICES = {key: service.name for key, service in ONLINE.items()}


@transaction.atomic
def add_strategy(*, by: str, source: Source, name: str, service: str = "", **texts: str) -> Strategy:
    """Note a search: where, and word for word what is asked there. `texts` are those named in TEXTS."""
    name = name.strip()
    if not name:
        raise InputError(said("A search needs a name by which you know it again, such as “Leaving care, main search”."))
    if service and not texts.get("text", "").strip():
        raise InputError(
            said("A search that is to be run in %(services)s needs the words to look for.", services=SERVICES[service])
        )
    if Strategy.objects.filter(source=source, name=name).exists():
        raise ConflictError(
            said(
                "There is a search “%(name)s” in %(source_name)s already; give this one another name.",
                name=name,
                source_name=source.name,
            )
        )
    key = Strategy.derived(source.pk, name)
    strategy = Strategy.objects.register(key, source=source, name=name, service=service, **_known(texts))
    record(verb="collate.add-strategy", by=by, about=[source], made=[strategy], payload=strategy.values())
    return strategy


@transaction.atomic
def revise_strategy(*, by: str, strategy: Strategy, **texts: str) -> Strategy:
    """Change what will be asked from now on. Runs keep the words that they were run with."""
    before = {name: getattr(strategy, name) for name in texts}
    for name, value in _known(texts).items():
        setattr(strategy, name, value)
    strategy.save(update_fields=list(texts))
    payload = {"before": before, "after": texts}
    record(verb="collate.revise-strategy", by=by, about=[strategy], payload=payload)
    return strategy


def _known(texts: dict[str, str]) -> dict[str, str]:
    if unknown := [name for name in texts if name not in TEXTS]:
        raise InputError(
            said("A search has no %(unknown)r; it has %(texts)s.", unknown=unknown[0], texts=", ".join(TEXTS))
        )
    return {name: value.strip() for name, value in texts.items()}


@transaction.atomic
def record_run(
    *, by: str, strategy: Strategy, ran_on: datetime.date, hits: int | None, notes: Sequence[str] = ()
) -> SearchRun:
    """Note that a search was run: when, how many hits the platform reported (None: not noted), and what else it said."""
    if ran_on > timezone.localdate():
        raise InputError(
            said("%(ran_on)s is still to come; give the day on which the search was run.", ran_on=dated(ran_on))
        )
    if hits is not None and hits < 0:
        raise InputError(said("The number of hits cannot be below 0; leave it empty if it was not noted."))
    number = strategy.runs.filter(ran_on=ran_on).count() + 1
    key = SearchRun.derived(strategy.pk, f"{ran_on} {number}")
    run = SearchRun.objects.register(
        key, strategy=strategy, ran_on=ran_on, number=number, hits=hits, text=strategy.text
    )
    payload = run.values() | ({"notes": list(notes)} if notes else {})
    record(verb="collate.run-search", by=by, about=[strategy], made=[run], payload=payload)
    return run


@transaction.atomic
def attach_import(*, by: str, origin: Import, run: SearchRun) -> None:
    """Say that a file came of a run of a search."""
    if origin.source_id != run.strategy.source_id:
        raise InputError(
            said(
                "%(filename)s came from %(name)s and the search was run in %(source_name)s; choose a search of "
                "the same place.",
                filename=origin.filename,
                name=origin.source.name,
                source_name=run.strategy.source.name,
            )
        )
    if origin.run_id not in (None, run.pk):
        raise ConflictError(
            said("%(filename)s belongs to another search already: %(run)s.", filename=origin.filename, run=origin.run)
        )
    origin.run = run
    origin.save(update_fields=["run"])
    record(verb="collate.attach-import", by=by, about=[origin, run])


@transaction.atomic
def explain(*, by: str, run: SearchRun, explanation: str) -> None:
    """Say why the records that arrived are not as many as the hits reported."""
    if not explanation.strip():
        raise InputError(said("Say why the counts differ, such as “The platform exports the first 1,000 hits only”."))
    run.explanation = explanation.strip()
    run.save(update_fields=["explanation"])
    record(verb="collate.explain-run", by=by, about=[run], payload={"explanation": run.explanation})


def tally(run: SearchRun) -> Tally:
    """What a run gave, by the files brought in of it."""
    files = [one for one in run.imports.all() if one.complete]
    return Tally(run.hits, sum(one.record_starts for one in files), sum(one.records for one in files), len(files))


def unexplained(run: SearchRun) -> bool:
    """Whether hits and records differ and nobody has said why."""
    return bool(tally(run).difference) and not run.explanation


def previous(run: SearchRun) -> SearchRun | None:
    """The run of the same search before this one of which files were brought in."""
    earlier = run.strategy.runs.exclude(pk=run.pk).filter(imports__complete=True).distinct()
    before = [one for one in earlier if (one.ran_on, one.number) < (run.ran_on, run.number)]
    return max(before, key=lambda one: (one.ran_on, one.number), default=None)


@dataclass(frozen=True, slots=True)
class Rerun:
    """A run against the one before: what is new and what has gone, by their records."""

    before: SearchRun
    change: Change
    new: list[Record]
    gone: list[Record]


def rerun(run: SearchRun) -> Rerun | None:
    """What this run brought and lost against the one before; None for the first."""
    before = previous(run)
    if before is None:
        return None
    earlier, later = _named(before), _named(run)
    found = changes([name for _, name in earlier], [name for _, name in later])
    return Rerun(before, found, _rows(later, found.new), _rows(earlier, found.gone))


def _named(run: SearchRun) -> list[tuple[str, str]]:
    """Each record of a run with the name by which it is known again; one at a time, so that a large run fits."""
    rows = Record.objects.filter(origin__run=run, origin__complete=True).order_by("origin_id", "position")
    return [(row.pk, name_of(as_read(row))) for row in rows.iterator(2000)]


def _rows(named: list[tuple[str, str]], positions: tuple[int, ...]) -> list[Record]:
    wanted = [named[at][0] for at in positions]
    held = Record.objects.select_related("report").in_bulk(wanted)
    return [held[key] for key in wanted]
