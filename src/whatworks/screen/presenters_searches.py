"""What was given to a review to screen, in sums, and how far a long list is."""

from __future__ import annotations

from typing import Any

from whatworks.ledger.models import Job
from whatworks.screen.models import Candidate, Review
from whatworks.screen.waves import ADD


def adding(review: Review) -> list[dict[str, Any]]:
    """The lists that are still being added, each with its progress; one that failed says so."""
    rows = {f"add-{wave.pk}": wave for wave in review.waves.filter(complete=False)}
    jobs = Job.objects.filter(kind=ADD, key__in=rows)
    return [
        {
            "name": rows[job.key].name,
            "done": min(job.done, rows[job.key].records),
            "total": rows[job.key].records,
            "failed": job.state == Job.FAILED,
            "number": job.pk,
        }
        for job in jobs
    ]


def adds_up(review: Review) -> dict[str, int]:
    """All waves together: records, those new here, and those that are decided with a near-identical one."""
    rows = list(review.waves.filter(complete=True))
    records, added = sum(wave.records for wave in rows), sum(wave.added for wave in rows)
    alike = Candidate.objects.filter(review=review, as_one__isnull=False).count()
    return {"records": records, "added": added, "duplicates": records - added, "alike": alike}
