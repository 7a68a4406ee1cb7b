"""How guides are verified: what was approved, and what people were asked about, is what stands there."""

from __future__ import annotations

from whatworks.ledger.verification import Report, check, check_digests
from whatworks.publish.models import Consultation, GuideRevision


@check("guides")
def check_guides(report: Report) -> None:
    """Every approved revision of a guide, and every draft put out for comment, is unchanged."""
    check_digests(report, GuideRevision.objects.all(), "guide revisions")
    check_digests(report, Consultation.objects.all(), "consultations")
