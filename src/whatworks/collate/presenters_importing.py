"""An import in words and numbers: how far it is, how long it takes still, what came of it."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.models import Import, MatchProposal, Source
from whatworks.collate.queueing import waiting
from whatworks.collate.searching import tally, unexplained
from whatworks.collate.tasks import CANCELLED, PROPOSE, cancelling, proposals_of
from whatworks.ledger.models import Job

LATE = 15  # seconds after which a job that nobody took is worth a word
SHOWN = 20  # unreadable records listed; the rest are counted

STATES = {
    Job.WAITING: gettext_lazy("waiting"),
    Job.RUNNING: gettext_lazy("being brought in"),
    Job.DONE: gettext_lazy("brought in"),
    Job.FAILED: gettext_lazy("refused"),
}


def named(job: Job) -> str:
    """What the person who brought it calls the file."""
    return str(job.arguments["filename"])


def account(job: Job, now: datetime.datetime) -> dict[str, Any]:
    """An import in words and numbers, for its page."""
    source = Source.objects.filter(pk=job.arguments["source"]).first()
    after = proposals_of(job.cursor["import"]) if "import" in job.cursor else None
    live = [one for one in (job, after) if one and one.state in (Job.WAITING, Job.RUNNING)]
    matching = live[0] if live and job.state == Job.DONE else None
    leaving = cancelling(job)
    return {
        "name": named(job),
        "number": job.pk,
        "source": source.name if source else "",
        "state": job.state,
        "live": bool(live) or leaving,
        "leaving": leaving,
        "cancelled": job.error.startswith(CANCELLED),
        "done": matching.done if matching else job.done,
        "total": matching.total if matching else job.total,
        "words": _words(matching or job, now),
        "matching": matching is not None,
        "error": "" if leaving else _reason(job),
        "cut": "--partial" in job.error,
        "mapping": _mapping(job.arguments.get("mapping") or {}),
        "result": _result(job) if job.state == Job.DONE else None,
    }


def _mapping(mapping: dict[str, str]) -> str:
    """Which column was taken for what, in a phrase."""
    return ", ".join(
        _("%(field)s from “%(header)s”") % {"field": field, "header": header} for field, header in mapping.items()
    )


def _words(job: Job, now: datetime.datetime) -> str:
    """What is happening, and how long it will take."""
    matching = job.kind == PROPOSE
    if job.state == Job.WAITING:
        if matching:
            return _("Looking for reports that we hold already begins in a moment.")
        late = (now - job.made_at).total_seconds() > LATE
        return _("Nobody has taken it up yet. Is the worker running?") if late else _("Waiting for the worker.")
    if job.state == Job.RUNNING:
        if job.total is None:
            read = job.cursor.get("read", 0)
            if matching:
                return _("What is held is made ready to be compared.")
            return (
                _("The file is being read: %(read)s records so far.") % {"read": f"{read:,}"}
                if read
                else _("The file is being read.")
            )
        said = (
            _("%(done)s of %(total)s records compared. %(pace)s")
            if matching
            else _("%(done)s of %(total)s records. %(pace)s")
        )
        return said % {
            "done": f"{job.done:,}",
            "total": f"{job.total:,}",
            "pace": pace(job.done, job.total, _seconds(job, now)),
        }
    return ""


def _seconds(job: Job, now: datetime.datetime) -> float:
    return (now - datetime.datetime.fromisoformat(job.cursor["began"])).total_seconds()


def pace(done: int, total: int, seconds: float) -> str:
    """How quick it goes and how long it takes still, in round words; nothing before there is something to tell."""
    if done <= 0 or seconds <= 0:
        return ""
    rate = done / seconds
    left = (total - done) / rate
    lasting = (
        _("a few seconds")
        if left < 10
        else _("%(left)s seconds") % {"left": f"{round(left, -1):.0f}"}
        if left < 90
        else _("%(left)s minutes") % {"left": f"{left / 60:.0f}"}
    )
    about = float(f"{rate:.1g}") if rate >= 1 else 1
    return _("About %(about)s a second; %(lasting)s left.") % {"about": f"{about:,.0f}", "lasting": lasting}


def _reason(job: Job) -> str:
    """Why it failed, in one sentence."""
    if job.state != Job.FAILED:
        return ""
    if job.error.startswith("Traceback"):  # a defect of ours: the whole of it stays with the job
        return _(
            "%(file)s could not be brought in, because of a fault of ours; its details are kept as job %(job)s."
        ) % {"file": named(job), "job": job.pk}
    return job.error.replace("read it with --partial to keep", "keep")


def _came_out(records: int, starts: int) -> str:
    if records == starts:
        return (
            _("All %(records)s records of the file are here.") % {"records": f"{records:,}"}
            if records > 1
            else _("The one record of the file is here.")
        )
    return _("%(records)s of %(starts)s records are here; the others could not be read, and are listed below.") % {
        "records": f"{records:,}",
        "starts": f"{starts:,}",
    }


def _result(job: Job) -> dict[str, Any]:
    """What came of it, with what could not be read, line by line."""
    origin = Import.objects.select_related("run").get(pk=job.cursor["import"])
    found = MatchProposal.objects.filter(origin=origin, superseded=False)
    unreadable = origin.unreadable[:SHOWN]
    return {
        "words": _came_out(origin.records, origin.record_starts),
        "format": f"{origin.format}, {origin.encoding}",
        "unreadable": [
            _("Line %(line)s: %(reason)s") % {"line": f"{one['line']:,}", "reason": one["reason"]} for one in unreadable
        ],
        "more": len(origin.unreadable) - len(unreadable),
        "identifier": origin.pk,
        "pairs": waiting(origin.pk),
        "found": found.exclude(decision=MatchProposal.LINKED).count(),
        "run": origin.run_id or "",
        "strategy": origin.run.strategy_id if origin.run else "",
        "tally": tally(origin.run).words if origin.run else "",
        "unexplained": bool(origin.run) and unexplained(origin.run),
    }
