"""Effects against what is thought to go with them: a bubble for each study, larger where it weighs more."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from whatworks.stats.chart import Chart, Plane

if TYPE_CHECKING:
    from whatworks.synthesise.methods.regressing.regression import Expected, Regressed

POINTS = 60


def bubbles(found: Regressed) -> Chart:
    """Against the moderator where it is one number with an intercept, else against what the model expects."""
    place = int(found.data.intercept)
    straight = found.data.intercept and found.data.x.shape[1] == 2
    across = found.data.x[:, place] if straight else np.array(found.fitted)
    label = found.data.names[place] if straight else "effect that the model expects"
    effects = found.data.y
    lines = _lines(found, across) if straight else []
    heights = [*effects.tolist(), *(value for _, one in lines for value in (one.ci_low, one.ci_high))]
    plane = Plane(x=_ends(across.tolist()), y=_ends(heights))
    if straight:
        _draw_lines(plane, lines)
    else:
        low, high = max(plane.x[0], plane.y[0]), min(plane.x[1], plane.y[1])
        plane.line([(low, low), (high, high)], css="total")
    plane.level(0.0)
    for x, y, weight in zip(across.tolist(), effects.tolist(), found.weights, strict=True):
        plane.dot(x, y, radius=2 + 2 * sqrt(weight))
    plane.x_axis(label)
    plane.y_axis("effect")
    rows = zip(found.rows, across.tolist(), effects.tolist(), found.fitted, found.weights, strict=True)
    return plane.chart(
        "Effects and what goes with them",
        "Each dot is a study, larger where it weighs more. The line is what the model expects"
        + (", with the interval of the mean and, dashed, where one true effect may lie." if straight else "."),
        ("row", label, "effect", "expected", "weight in per cent"),
        ((row + 1, *rest) for row, *rest in rows),
    )


def _lines(found: Regressed, across: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[tuple[float, Expected]]:
    from whatworks.synthesise.methods.regressing.regression import expected_at

    points = np.linspace(float(across.min()), float(across.max()), POINTS)
    return [(x, expected_at(found, np.array([1.0, x]))) for x in points.tolist()]


def _draw_lines(plane: Plane, lines: list[tuple[float, Expected]]) -> None:
    plane.area([*((x, one.ci_low) for x, one in lines), *((x, one.ci_high) for x, one in reversed(lines))])
    plane.line([(x, one.estimate) for x, one in lines], css="total")
    low = [(x, one.pi_low) for x, one in lines if one.pi_low is not None]
    high = [(x, one.pi_high) for x, one in lines if one.pi_high is not None]
    for edge in (low, high):
        if edge:
            plane.line([(x, min(max(y, min(plane.y)), max(plane.y))) for x, y in edge], css="prediction", dash="6 4")


def _ends(values: list[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    edge = 0.06 * (high - low) or 1.0
    return low - edge, high + edge
