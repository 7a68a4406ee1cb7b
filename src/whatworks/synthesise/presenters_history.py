"""How an estimate moved as studies arrived, and as it was computed again: the living history of a result."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.extract.methods.metrics import METRICS
from whatworks.extract.models import Contrast
from whatworks.spoken import spoken
from whatworks.stats.chart import Chart, Plane, shown
from whatworks.synthesise.methods.arrived import Step, arrived
from whatworks.synthesise.models import Analysis, Synthesis

NOTE = gettext_lazy(
    "Each point is everything known by that year put together, with its interval. The line of no difference is dotted."
)


def history(analysis: Analysis, held: Synthesis) -> dict[str, Any] | None:
    """The estimate year by year as reports appeared, and each time it was computed here; None with a single study."""
    years = dict(
        Contrast.objects.filter(pk__in=[row["contrast"] for row in held.inputs]).values_list("pk", "report__year")
    )
    steps = arrived(held.inputs, held.settings, {key: year for key, year in years.items() if year})
    if len(steps) < 2:
        return None
    return {"chart": drawn(analysis, steps), "computed": computed_here(analysis)}


def drawn(analysis: Analysis, steps: list[Step]) -> Chart:
    """The steps as a chart, on the scale that people read where that is not a ratio."""
    low, high = min(step.low for step in steps), max(step.high for step in steps)
    first, last = steps[0].year, steps[-1].year
    plane = Plane((first - 0.5, last + 0.5), (min(low, 0.0), max(high, 0.0)), height=320)
    plane.level(0.0)
    for step in steps:
        plane.line([(step.year, step.low), (step.year, step.high)], css="total")
        plane.dot(step.year, step.estimate, css="total")
    ratio = METRICS[analysis.metric].transform == "exp"
    plane.x_axis(_("year of the report"), ticks=ticks(first, last), said=lambda year: f"{year:.0f}")
    title = spoken(METRICS[analysis.metric].title)
    plane.y_axis(_("%(title)s (logarithm)") % {"title": title} if ratio else title)
    rows = [(step.year, step.added, step.k, step.estimate, step.low, step.high) for step in steps]
    head = (_("Year"), _("Added"), _("Results"), _("Estimate"), _("From"), _("To"))
    return plane.chart(_("How the estimate moved as studies arrived"), NOTE, head, rows)


def ticks(first: int, last: int) -> list[float]:
    """At most eight years on the axis."""
    step = max(1, -(-(last - first) // 7))
    return [float(year) for year in range(first, last + 1, step)]


def computed_here(analysis: Analysis) -> list[list[str]]:
    """Each time the result was computed, oldest first: how many results, and what came out."""
    rows = analysis.syntheses.filter(role=Synthesis.DEFAULT).select_related("subject__artefact")
    ordered = sorted(rows, key=lambda one: (not one.subject.artefact.superseded_by, one.pk))
    names = ("estimate", "ci_low", "ci_high")
    return [[one.pk, str(one.result["k"]), *(shown(one.result[name]) for name in names)] for one in ordered]
