"""What publishers said of the reports behind a page or a study: shown as long as it stands, whoever has approved what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from whatworks.collate.methods.notices import REINSTATEMENT
from whatworks.collate.models import NoticeHit, Report
from whatworks.collate.retractions import standing
from whatworks.ledger.models import Lineage
from whatworks.ledger.sharing import shared


def noticed(reports: Iterable[str]) -> list[dict[str, Any]]:
    """One entry for each report about which a notice stands: its citation, its page, and the notice."""
    stands = {pk: one for pk, one in standing(sorted(set(reports))).items() if one.nature != REINSTATEMENT}
    rows = Report.objects.filter(pk__in=stands).order_by("title", "pk")
    return [{"text": row.citation(), "href": f"/reports/{row.pk}/", "standing": stands[row.pk]} for row in rows]


def noticed_behind(identifier: str) -> list[dict[str, Any]]:
    """The same for every report on which something published rests."""
    hit = _hit()
    return noticed(hit & Lineage.ancestors(identifier)) if hit else []


@shared
def _hit() -> frozenset[str]:
    """Every report about which a publisher said something."""
    hit = set(NoticeHit.objects.held().values_list("report", flat=True))
    return frozenset(hit.union(Report.objects.exclude(retracted_on=None).values_list("pk", flat=True)))
