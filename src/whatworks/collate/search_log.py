"""Searches for their pages and their log: what was run where and when, what arrived, and what still wants a word."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from whatworks.collate.methods.searches import LOG_COLUMNS, log_csv
from whatworks.collate.models import Record, SearchRun, Strategy
from whatworks.collate.searching import SERVICES, Rerun, previous, rerun, tally, unexplained

SHOWN = 25  # records listed as new or gone; the log's files hold the rest


def strategies() -> QuerySet[Strategy]:
    """Every search, with its source, by the source's name."""
    return Strategy.objects.select_related("source").prefetch_related("runs__imports").order_by("source__name", "name")


def listed(strategy: Strategy) -> dict[str, Any]:
    """One search for the list: when it was last run and what came of that."""
    runs = sorted(strategy.runs.all(), key=lambda run: (run.ran_on, run.number))
    last = runs[-1] if runs else None
    return {
        "identifier": strategy.pk,
        "name": strategy.name,
        "source": str(strategy.source),
        "last": last.ran_on if last else None,
        "times": len(runs),
        "words": tally(last).words if last else "It has not been run yet.",
        "unexplained": any(unexplained(run) for run in runs),
    }


def strategy_page(strategy: Strategy) -> dict[str, Any]:
    """One search whole: its words, and each run, the newest first."""
    runs = strategy.runs.prefetch_related("imports").order_by("-ran_on", "-number")
    return {
        "identifier": strategy.pk,
        "name": strategy.name,
        "source": str(strategy.source),
        "service": SERVICES.get(strategy.service, ""),
        "words": [
            ("What was asked, word for word", strategy.text),
            ("Limits and restrictions", strategy.limits),
            ("Search filters", strategy.filters),
            ("Peer review of the search", strategy.peer_review),
        ],
        "runs": [_run(run, strategy) for run in runs],
    }


def _run(run: SearchRun, strategy: Strategy) -> dict[str, Any]:
    return {
        "identifier": run.pk,
        "on": run.ran_on,
        "number": run.number,
        "words": tally(run).words,
        "unexplained": unexplained(run),
        "explanation": run.explanation,
        "changed": run.text != strategy.text,
        "text": run.text,
        "files": [one.filename for one in run.imports.all()],
        "has_before": previous(run) is not None,
    }


def rerun_page(run: SearchRun) -> dict[str, Any] | None:
    """What a run brought and lost against the one before; None for the first."""
    found = rerun(run)
    return _changes(found) if found else None


def _changes(found: Rerun) -> dict[str, Any]:
    return {
        "before": found.before.ran_on,
        "words": found.change.words,
        "new": [_entry(row) for row in found.new[:SHOWN]],
        "new_more": max(0, len(found.new) - SHOWN),
        "gone": [_entry(row) for row in found.gone[:SHOWN]],
        "gone_more": max(0, len(found.gone) - SHOWN),
    }


def _entry(row: Record) -> dict[str, str]:
    return {"words": row.report.citation(), "href": f"/reports/{row.report_id}/"}


def search_log() -> str:
    """The log of every run of every search, the oldest first, as a table with the items of PRISMA-S."""
    runs = SearchRun.objects.select_related("strategy__source").prefetch_related("imports")
    return log_csv(_row(run) for run in runs.order_by("ran_on", "number", "pk"))


def _row(run: SearchRun) -> dict[str, str]:
    strategy, count = run.strategy, tally(run)
    source, before = strategy.source, previous(run)
    cells = (
        source.name,
        source.sort,
        source.platform,
        strategy.name,
        run.ran_on.isoformat(),
        run.text,
        strategy.limits,
        strategy.filters,
        strategy.peer_review,
        f"of {before.ran_on.isoformat()}" if before else "",
        "" if run.hits is None else str(run.hits),
        str(count.records) if count.files else "",
        str(count.starts - count.records) if count.files else "",
        run.explanation,
        "; ".join(one.filename for one in run.imports.all()),
        source.url,
    )
    return dict(zip(LOG_COLUMNS, cells, strict=True))
