"""A picture of numbers with the same numbers as a table: plain SVG that follows theme, phone and print.

Colours are presentation attributes, which a site's stylesheet may override by class and a strict content policy allows;
lines and words take the colour of the text around them. Nothing here measures a font: words are short, and stand where
they cannot meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, isfinite, log10
from typing import Any, Literal

from whatworks.saying import as_html
from whatworks.stats.results import Result

ACCENT = "#0b5d63"
FONT = 'font-family="system-ui, \'Liberation Sans\', Arial, sans-serif" font-size="13"'
MINUS = "\N{MINUS SIGN}"
THOUSAND = 1000  # from here on numbers have commas and no digits behind the point
Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Chart(Result):
    """A drawing and its numbers. svg: the drawing, which shows itself in a notebook; head and rows: the same as a table.

    note: one sentence on how to read it, also the drawing's description for a screen reader.
    """

    title: str
    note: str
    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def _repr_svg_(self) -> str:
        return self.svg

    def table(self) -> str:
        """The numbers as lines of text, columns parted by tabs; a missing number is empty."""
        return "\n".join("\t".join(shown(cell) for cell in row) for row in (self.head, *self.rows))


def shown(value: Any) -> str:
    """A cell as people read it: four significant digits, thousands whole, a true minus, nothing where there is nothing.

    >>> shown(0.12345), shown(-3.0), shown(40000.0), shown(None)
    ('0.1235', '−3', '40,000', '')
    """
    if value is None:
        return ""
    if not isinstance(value, float):
        return str(value)
    return (f"{value:,.0f}" if abs(value) >= THOUSAND else f"{value:.4g}").replace("-", MINUS)


def round_steps(low: float, high: float, wanted: int = 5) -> list[float]:
    """About the wanted number of round values between two ends, steps of 1, 2 or 5 times a power of ten.

    >>> round_steps(-0.7, 1.2)
    [-0.5, 0.0, 0.5, 1.0]
    """
    if not (isfinite(low) and isfinite(high)) or high <= low:
        return [low] if isfinite(low) else []
    rough = (high - low) / wanted
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(index * step, 12) + 0.0 for index in range(first, last + 1)]


@dataclass(slots=True)
class Plane:
    """A surface with two axes to draw on, in the units of the numbers. width, height and margins are in pixels.

    x and y are the ends of the axes; an end may be given upside down (y = (1, 0) has 0 on top). Marks beyond the axes
    are cut off at the edge. Call `chart` at the end.
    """

    x: Point
    y: Point
    width: int = 720
    height: int = 400
    left: int = 64
    right: int = 16
    top: int = 16
    bottom: int = 52
    parts: list[str] = field(default_factory=list)

    def at_x(self, value: float) -> float:
        """Pixels from the left."""
        share = (value - self.x[0]) / (self.x[1] - self.x[0])
        return self.left + share * (self.width - self.left - self.right)

    def at_y(self, value: float) -> float:
        """Pixels from the top."""
        share = (value - self.y[0]) / (self.y[1] - self.y[0])
        return self.height - self.bottom - share * (self.height - self.top - self.bottom)

    def path(self, points: Iterable[Point]) -> str:
        """The pixels of points, as an SVG path reads them."""
        return " ".join(f"{self.at_x(x):.1f},{self.at_y(y):.1f}" for x, y in points)

    def line(self, points: Sequence[Point], *, css: str = "line", dash: str = "", width: float = 1.5) -> None:
        """A line through points."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<polyline class="{css}" fill="none" stroke="{_ink(css)}" stroke-width="{width}"{dashed} '
            f'points="{self.path(points)}"/>'
        )

    def area(self, points: Sequence[Point], *, css: str = "band", opacity: float = 0.15) -> None:
        """A filled shape: a band between two curves, the diamond of a pooled result."""
        self.parts.append(
            f'<polygon class="{css}" fill="{_ink(css)}" fill-opacity="{opacity}" points="{self.path(points)}"/>'
        )

    def dot(self, x: float, y: float, *, css: str = "dot", radius: float = 4, hollow: bool = False) -> None:
        """A point; hollow for what stands apart."""
        fill = "none" if hollow else _ink(css)
        self.parts.append(
            f'<circle class="{css}" cx="{self.at_x(x):.1f}" cy="{self.at_y(y):.1f}" r="{radius:.1f}" fill="{fill}" '
            f'fill-opacity="0.75" stroke="{_ink(css)}"/>'
        )

    def box(self, x: float, y: float, *, css: str = "dot", side: float = 8) -> None:
        """A square around a point, such as a study's mark in a forest plot; side in pixels."""
        self.parts.append(
            f'<rect class="{css}" x="{self.at_x(x) - side / 2:.1f}" y="{self.at_y(y) - side / 2:.1f}" '
            f'width="{side:.1f}" height="{side:.1f}" fill="{_ink(css)}"/>'
        )

    def bar(self, corner: Point, opposite: Point, *, css: str = "cell", opacity: float = 0.3) -> None:
        """A rectangle between two opposite corners."""
        xs, ys = sorted(map(self.at_x, (corner[0], opposite[0]))), sorted(map(self.at_y, (corner[1], opposite[1])))
        self.parts.append(
            f'<rect class="{css}" x="{xs[0]:.1f}" y="{ys[0]:.1f}" width="{xs[1] - xs[0]:.1f}" '
            f'height="{ys[1] - ys[0]:.1f}" fill="{_ink(css)}" fill-opacity="{opacity:.2f}"/>'
        )

    def words(self, x: float, y: float, text: str, *, anchor: Anchor = "start", bold: bool = False) -> None:
        """Words at a place given in pixels, on the middle of their line."""
        weight = ' font-weight="600"' if bold else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" dominant-baseline="central"{weight}>{as_html(text)}</text>'
        )

    def x_axis(self, label: str, *, ticks: Sequence[float] | None = None, said: Callable[[float], str] = shown) -> None:
        """The line below, its round values and what it measures."""
        base, low, high = self.height - self.bottom, min(self.x), max(self.x)
        self.parts.append(_stroke(self.left, base, self.width - self.right, base))
        for value in round_steps(low, high) if ticks is None else ticks:
            self.parts.append(_stroke(self.at_x(value), base, self.at_x(value), base + 5))
            self.words(self.at_x(value), base + 16, said(value), anchor="middle")
        self.words((self.left + self.width - self.right) / 2, base + 38, label, anchor="middle")

    def y_axis(self, label: str, *, ticks: Sequence[float] | None = None, said: Callable[[float], str] = shown) -> None:
        """The line at the left, its round values, and what it measures along it."""
        low, high, middle = min(self.y), max(self.y), (self.top + self.height - self.bottom) / 2
        self.parts.append(_stroke(self.left, self.top, self.left, self.height - self.bottom))
        for value in round_steps(low, high) if ticks is None else ticks:
            self.parts.append(_stroke(self.left - 5, self.at_y(value), self.left, self.at_y(value)))
            self.words(self.left - 9, self.at_y(value), said(value), anchor="end")
        self.parts.append(
            f'<text transform="translate(14 {middle:.1f}) rotate(-90)" text-anchor="middle">{as_html(label)}</text>'
        )

    def upright(self, x: float, *, css: str = "null", dash: str = "2 3") -> None:
        """A line from bottom to top, such as that of no difference."""
        if min(self.x) <= x <= max(self.x):
            self.line([(x, self.y[0]), (x, self.y[1])], css=css, dash=dash, width=1)

    def level(self, y: float, *, css: str = "null", dash: str = "2 3") -> None:
        """A line from left to right."""
        if min(self.y) <= y <= max(self.y):
            self.line([(self.x[0], y), (self.x[1], y)], css=css, dash=dash, width=1)

    def chart(self, title: str, note: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Chart:
        """The finished picture with its table."""
        svg = (
            f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'role="img" fill="currentColor" {FONT}><title>{as_html(title)}</title><desc>{as_html(note)}</desc>'
            f"{''.join(self.parts)}</svg>"
        )
        return Chart(title, note, svg, tuple(head), tuple(tuple(row) for row in rows))


def _ink(css: str) -> str:
    """The colour of a mark by its class: results in the accent, all else in the colour of the text."""
    return ACCENT if css.split()[0] in ("total", "accent", "band", "prediction") else "currentColor"


def _stroke(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="axis" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="currentColor"/>'
