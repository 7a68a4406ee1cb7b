"""Effects against their standard errors: the funnel, with contours of significance and the studies that were filled in.

Contours: Peters et al. (2008), Journal of Clinical Epidemiology 61(10), 991-996.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from whatworks.stats.chart import Chart, Plane
from whatworks.stats.intervals import critical, two_sided_p
from whatworks.stats.results import Result

CONTOURS = (0.10, 0.05, 0.01)
NOTE = (
    "Each dot is a study, precise ones on top. Between the dashed lines lie 95 per cent of studies if all measured the pooled "
    "effect; shading marks where a study is significant at 0.10, 0.05 and 0.01. Hollow dots are filled in for symmetry."
)


@dataclass(frozen=True, slots=True)
class FunnelPoint(Result):
    """A study in the funnel: effect, standard error, two-sided p; filled: made up by trim and fill."""

    yi: float
    se: float
    p: float
    filled: bool


@dataclass(frozen=True, slots=True)
class Funnel(Result):
    """The points and lines of the drawing. centre: the pooled effect; reference: the value of no effect."""

    points: tuple[FunnelPoint, ...]
    centre: float
    reference: float
    level: float
    contours: tuple[float, ...] = CONTOURS

    def chart(self) -> Chart:
        """The drawing, with every study in the table."""
        deepest = 1.05 * max(point.se for point in self.points)
        values = [point.yi for point in self.points]
        reach = critical(self.level) * deepest
        low, high = min(*values, self.centre - reach), max(*values, self.centre + reach)
        edge = 0.03 * (high - low) or 1.0
        plane = Plane(x=(low - edge, high + edge), y=(deepest, 0.0))
        self._shade(plane, deepest)
        plane.upright(self.reference)
        plane.line([(self.centre, 0.0), (self.centre, deepest)], css="total")
        plane.line(
            [(self.centre - reach, deepest), (self.centre, 0.0), (self.centre + reach, deepest)],
            css="total",
            dash="6 4",
        )
        for point in self.points:
            plane.dot(point.yi, point.se, css="accent" if point.filled else "dot", hollow=point.filled)
        plane.x_axis("effect")
        plane.y_axis("standard error")
        rows = [(point.yi, point.se, point.p, "filled in" if point.filled else "study") for point in self.points]
        return plane.chart("Funnel with contours of significance", NOTE, ("effect", "standard error", "p", ""), rows)

    def _shade(self, plane: Plane, deepest: float) -> None:
        """The fans outside each contour, cut off at the edges of the drawing."""
        for level in self.contours:
            reach = critical(1 - level)
            for sign, end in ((-1.0, plane.x[0]), (1.0, plane.x[1])):
                if (end - self.reference) * sign <= 0:
                    continue
                corner = self.reference + sign * reach * deepest
                if (end - corner) * sign >= 0:
                    fan = [(self.reference, 0.0), (corner, deepest), (end, deepest), (end, 0.0)]
                else:
                    fan = [(self.reference, 0.0), (end, (end - self.reference) * sign / reach), (end, 0.0)]
                plane.area(fan, css="contour", opacity=0.06)


def funnel_of(
    yi: Sequence[float],
    vi: Sequence[float],
    filled: Sequence[tuple[float, float]],
    centre: float,
    level: float,
    reference: float = 0.0,
) -> Funnel:
    """The funnel of effects with variances, and of the filled ones."""
    marked = [(y, sqrt(v), False) for y, v in zip(yi, vi, strict=True)] + [(y, sqrt(v), True) for y, v in filled]
    points = tuple(FunnelPoint(y, se, float(two_sided_p((y - reference) / se)), made) for y, se, made in marked)
    return Funnel(points, centre, reference, level)
