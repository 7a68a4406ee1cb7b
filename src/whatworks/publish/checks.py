"""How pages are verified: a revision is what was approved."""

from __future__ import annotations

from whatworks.ledger.verification import Report, check, check_digests
from whatworks.publish.models import Revision


@check("publish")
def check_revisions(report: Report) -> None:
    """Every approved revision is unchanged."""
    check_digests(report, Revision.objects.all(), "revisions")
