"""How maps are verified: each version is the file that was taken in."""

from __future__ import annotations

from whatworks.ledger.verification import Report, check, check_digests
from whatworks.publish.models import MapVersion


@check("maps")
def check_maps(report: Report) -> None:
    """Every version of a map is unchanged."""
    check_digests(report, MapVersion.objects.all(), "versions of maps")
