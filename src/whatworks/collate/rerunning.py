"""Searches that a machine runs again: what it would cost first, then as long work, into an import like any other."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from whatworks.collate.models import Strategy
from whatworks.collate.online import Etiquette, Preview, count, fetch
from whatworks.collate.searching import explain, record_run
from whatworks.collate.tasks import enqueue_import
from whatworks.collate.uploads import keep
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Job
from whatworks.ledger.work import enqueue, task
from whatworks.saying import said

RERUN = "collate.rerun"
LASTING = datetime.timedelta(minutes=30)  # a request a second, with the waits that a busy service asks for
CACHE = "online"
LARGEST = 2 * 1024**3  # bytes; 100,000 works of Crossref come to about 500 MB
GLANCE = 15.0  # seconds that a person is made to wait


def etiquette() -> Etiquette:
    """Who asks, from the settings, and within which budget."""
    return Etiquette.from_settings(settings.ONLINE, int(settings.ONLINE["requests"]), key="WHATWORKS_OPENALEX_KEY")


def preview(strategy: Strategy) -> Preview:
    """What running a search now would give and cost. Raises InputError where the service cannot be asked."""
    return count(*_question(strategy), replace(etiquette(), timeout=GLANCE, tries=1), base=_base(strategy))


def enqueue_rerun(*, by: str, strategy: Strategy) -> Job:
    """Ask for a search to be run again by machine. Twice within a day is the same run."""
    _question(strategy)
    key = f"rerun-{strategy.pk}-{timezone.localdate()}"
    job = enqueue(kind=RERUN, by=by, key=key, arguments={"by": by, "strategy": strategy.pk})
    if job.state == Job.FAILED:  # what stopped it may be over; what was fetched is kept, and is not asked for again
        Job.objects.filter(pk=job.pk, state=Job.FAILED).update(
            state=Job.WAITING, attempts=0, error="", ended_at=None, made_at=timezone.now()
        )
        job.refresh_from_db()
    return job


def _question(strategy: Strategy) -> tuple[str, str]:
    if not strategy.service:
        raise InputError(
            said("“%(name)s” was made where no machine can run it; run it there, and note the run.", name=strategy.name)
        )
    return strategy.service, strategy.text


def _base(strategy: Strategy) -> str:
    """Another address of the service, where the settings name one: a mirror, or a stand-in for tests."""
    return str(settings.ONLINE[strategy.service])


def _fetch(arguments: dict[str, Any], cursor: dict[str, Any]) -> dict[str, Any]:
    """Fetch all of it into a file, outside every transaction. The cache lets a second try go on where this one stopped."""
    strategy = Strategy.objects.get(pk=arguments["strategy"])
    home = Path(settings.HOME)
    fetching = fetch(*_question(strategy), etiquette(), cache=home / CACHE, base=_base(strategy))
    path = keep(fetching, largest=LARGEST)
    return {"path": str(path), "hits": fetching.hits, "works": fetching.works, "notes": fetching.notes}


@task(RERUN, outside=_fetch, lasting=LASTING)
def rerun_step(arguments: dict[str, Any], cursor: dict[str, Any], found: dict[str, Any]) -> None:
    """Note the run, and hand what came to the ordinary import."""
    strategy = Strategy.objects.select_related("source").get(pk=arguments["strategy"])
    by = arguments["by"]
    run = record_run(by=by, strategy=strategy, ran_on=timezone.localdate(), hits=found["hits"], notes=found["notes"])
    if not found["works"]:
        return
    name = f"{strategy.name}, {run.ran_on.isoformat()}.jsonl"
    try:
        enqueue_import(by=by, path=Path(found["path"]), source=strategy.source, filename=name, propose=True, run=run.pk)
    except ConflictError:
        explain(by=by, run=run, explanation="The answer was the same, word for word, as one that is here already.")
