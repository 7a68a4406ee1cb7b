"""Small drawings of a screening as it goes: finds against reading, and finds per hour day by day.

Shapes only: the words beside them are HTML, so that they keep their size on a phone. Colours come from classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDE, HIGH = 600.0, 160.0


def _svg(body: str, label: str) -> str:
    return (
        f'<svg class="plot" viewBox="0 0 {WIDE:g} {HIGH:g}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}">{body}</svg>'
    )


def curve_svg(points: Sequence[tuple[int, float]], across: int, up: float, label: str, *, band: str = "") -> str:
    """Found against screened: a line from (0, 0), on axes that end at `across` and `up`."""
    placed = " ".join(f"{_x(x, across)},{_y(y, up)}" for x, y in [(0, 0.0), *points])
    return _svg(f'{band}<polyline class="curve" points="{placed}"/>', label)


def band_path(low: Sequence[tuple[int, float]], high: Sequence[tuple[int, float]], across: int, up: float) -> str:
    """The area between two curves, to stand behind a third."""
    edge = [*high, *reversed(low)]
    return f'<polygon class="band" points="{" ".join(f"{_x(x, across)},{_y(y, up)}" for x, y in edge)}"/>'


def bars_svg(values: Sequence[float], label: str) -> str:
    """One bar for each value, from the left."""
    most, wide = max([*values, 0.0]) or 1.0, WIDE / max(len(values), 1)
    bars = "".join(
        f'<rect class="bar-of" x="{at * wide + wide * 0.1:.1f}" y="{_y(value, most)}" width="{wide * 0.8:.1f}" '
        f'height="{HIGH - float(_y(value, most)):.1f}"/>'
        for at, value in enumerate(values)
    )
    return _svg(bars, label)


def _x(value: float, across: int) -> str:
    return f"{WIDE * value / max(across, 1):.1f}"


def _y(value: float, up: float) -> str:
    return f"{HIGH - (HIGH - 4) * value / (up or 1):.1f}"
