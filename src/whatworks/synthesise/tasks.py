"""Running a declared analysis as long work: nobody waits at a page while it is computed, and a killed worker loses nothing."""

from __future__ import annotations

from typing import Any

from whatworks.errors import ConflictError
from whatworks.ledger.models import Job
from whatworks.ledger.work import enqueue, task
from whatworks.saying import said
from whatworks.synthesise.actions import run
from whatworks.synthesise.following import ask_followers
from whatworks.synthesise.models import Analysis, Lock

RUN = "synthesise.run"


def ask_for_run(*, by: str, analysis: Analysis) -> Job:
    """Have a locked analysis run. What still holds is left alone, so asking twice is harmless."""
    if not Lock.objects.filter(analysis=analysis).exists():
        raise ConflictError(said("The plan is not locked yet; lock it first, so that nobody chooses by the results."))
    return enqueue(kind=RUN, by=by, arguments={"analysis": analysis.pk, "by": by})


def running(analysis: Analysis) -> Job | None:
    """The last piece of work on an analysis, waiting, at work, done or failed."""
    jobs = Job.objects.filter(kind=RUN).order_by("-pk")[:200]
    return next((job for job in jobs if job.arguments.get("analysis") == analysis.pk), None)


@task(RUN)
def run_step(arguments: dict[str, Any], cursor: dict[str, Any]) -> None:
    """The result and its sensitivity set in one transaction: both or neither. What pages show of it follows."""
    analysis = Analysis.objects.get(pk=arguments["analysis"])
    if run(by=arguments["by"], analysis=analysis) and analysis.lead:
        ask_followers(arguments["by"])
