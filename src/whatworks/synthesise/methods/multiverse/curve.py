"""The specification curve: estimates and intervals in ascending order, and below each the choices that made it.

Source: Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4, 1208-1214.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from whatworks.stats.chart import ACCENT, Chart, Plane

if TYPE_CHECKING:
    from whatworks.synthesise.methods.multiverse.results import Multiverse, Specification

COLUMNS = 240  # a curve is drawn from at most so many specifications, evenly spread over all of them
LINES = 10  # a choice with more options than this is drawn as two lines: its first option, and all others
LEFT, TOP, HIGH, LINE = 210, 16, 260, 17
Line = tuple[str, str, tuple[bool, ...]]


def chart(one: Multiverse) -> Chart:
    """The curve above, the dashboard of choices below."""
    shown = _spread(one)
    lines = _lines(one, shown)
    below = len(lines) * LINE + 26
    height = TOP + HIGH + below + 40
    plane = _curve(one, shown, height, below + 40)
    _dashboard(plane, lines, len(shown))
    total = f"all {one.n:,}" if len(shown) == one.n else f"{len(shown)} of {one.n:,}, evenly spread,"
    note = (
        f"Each column is one specification ({total} in ascending order): above, its estimate with the {100 * one.level:g}% "
        "interval, in the accent colour where it concludes as the declared analysis does; below, its choices. The declared "
        "analysis is marked by a ring and an upright line."
    )
    head = (
        "estimate",
        "low",
        "high",
        "tau2",
        "effects",
        "conclusion",
        "declared",
        *(part.name for part in one.dimensions),
    )
    rows = (
        (row.estimate, row.ci_low, row.ci_high, row.tau2, row.k, row.state, row is one.declared, *row.choices)
        for row in shown
    )
    return plane.chart("Specification curve", note, head, rows)


def _spread(one: Multiverse) -> list[Specification]:
    """The specifications to draw: all, or evenly spread ones and the declared one."""
    if one.n <= COLUMNS:
        return list(one.specifications)
    own = next(at for at, row in enumerate(one.specifications) if row is one.declared)
    places = sorted({*np.linspace(0, one.n - 1, COLUMNS - 1).round().astype(int).tolist(), own})
    return [one.specifications[at] for at in places]


def _curve(one: Multiverse, shown: Sequence[Specification], height: int, bottom: int) -> Plane:
    """Estimates and intervals; the line of no difference; the declared specification."""
    low, high = min(0.0, *(row.ci_low for row in shown)), max(0.0, *(row.ci_high for row in shown))
    margin = 0.04 * (high - low) or 1.0
    plane = Plane(
        (-0.5, len(shown) - 0.5), (low - margin, high + margin), height=height, left=LEFT, top=TOP, bottom=bottom
    )
    if one.band:
        plane.bar((-0.5, one.band[0]), (len(shown) - 0.5, one.band[1]), css="worthless", opacity=0.08)
    plane.level(0.0)
    plane.y_axis("Effect")
    alike = [row.state == one.declared.state for row in shown]
    thick = max(1.0, min(4.0, 0.6 * 494 / len(shown)))
    for same, colour in ((False, "currentColor"), (True, ACCENT)):
        marks = "".join(
            f"M{plane.at_x(at):.1f},{plane.at_y(row.ci_low):.1f}V{plane.at_y(row.ci_high):.1f}"
            for at, row in enumerate(shown)
            if alike[at] == same
        )
        plane.parts.append(f'<path d="{marks}" stroke="{colour}" stroke-width="{thick:.1f}" stroke-opacity="0.35"/>')
    plane.line([(at, row.estimate) for at, row in enumerate(shown)], css="curve", width=2)
    own = next(at for at, row in enumerate(shown) if row is one.declared)
    plane.upright(own, css="declared", dash="4 3")
    plane.dot(own, one.declared.estimate, css="total", radius=6, hollow=True)
    return plane


def _lines(one: Multiverse, shown: Sequence[Specification]) -> list[Line]:
    """The dashboard: choice (on its first line), option, and which columns take it."""
    found: list[Line] = []
    for at, part in enumerate(one.dimensions):
        options = [option.name for option in part.options]
        if len(options) < 2:
            continue
        taken = [row.choices[at] for row in shown]
        if len(options) > LINES:
            found.append((part.name, options[0], tuple(choice == options[0] for choice in taken)))
            found.append(("", f"one of {len(options) - 1}", tuple(choice != options[0] for choice in taken)))
        else:
            for place, option in enumerate(options):
                found.append(("" if place else part.name, option, tuple(choice == option for choice in taken)))
    return found


def _dashboard(plane: Plane, lines: Sequence[Line], count: int) -> None:
    """One row of marks for each option, choices apart by a hair."""
    start = plane.height - plane.bottom + 26
    width = max(1.0, (plane.width - plane.left - plane.right) / count - 0.3)
    for number, (choice, option, taken) in enumerate(lines):
        y = start + number * LINE
        if choice and number:
            plane.parts.append(
                f'<line x1="8" x2="{plane.width - plane.right}" y1="{y - LINE / 2:.1f}" y2="{y - LINE / 2:.1f}" '
                'stroke="currentColor" stroke-opacity="0.25"/>'
            )
        if choice:
            plane.words(8, y, _short(choice, 17), bold=True)
        plane.words(plane.left - 9, y, _short(option, 13), anchor="end")
        marks = "".join(f"M{plane.at_x(at):.1f},{y - 5:.1f}v10" for at, here in enumerate(taken) if here)
        plane.parts.append(f'<path class="choice" d="{marks}" stroke="currentColor" stroke-width="{width:.1f}"/>')


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
