"""How figures and the practice map are verified: a vintage is what was read, and says so of every figure."""

from __future__ import annotations

from whatworks.baseline.models import Standing, Vintage
from whatworks.baseline.sources.release import HERE
from whatworks.baseline.vintaging import figures_digest
from whatworks.ledger.verification import Difference, Report, check, check_digests


@check("baseline")
def check_vintages(report: Report) -> None:
    """Every vintage and every row of the practice map is unchanged, and so is every figure of a vintage."""
    check_digests(report, Vintage.objects.all(), "vintages")
    check_digests(report, Standing.objects.all(), "practice_standings")
    for one in Vintage.objects.order_by("pk"):
        rows = one.series.order_by("measure", "area").values_list("measure", "area", "values")
        report.count("figures", sum(len(values) for _, _, values in rows))
        if (found := figures_digest(rows)) == one.figures_sha256:
            continue
        if any(HERE in values.values() for _, _, values in rows):
            report.notes.append(
                f"{one.pk}: some figures were withheld where it came from, so the rest is not compared."
            )
        else:
            report.differences.append(Difference(one.pk, "figures", one.figures_sha256, found))
