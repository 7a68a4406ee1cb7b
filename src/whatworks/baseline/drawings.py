"""Drawings of places: a map of tiles, a series beside England's, and the funnel with links. Each is also a table."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np
from django.utils.translation import gettext as _

from whatworks.baseline.methods.funnel import Funnel
from whatworks.saying import as_html, said
from whatworks.stats.chart import THOUSAND, Chart, Plane

SIDE, GAP = 20, 2
SHADES = 5


@dataclass(frozen=True, slots=True)
class Tile:
    """A place on the map. shade: 0 (fewest) to 4 (most), None without a number; beyond: outside the funnel's limits."""

    code: str
    name: str
    said: str
    href: str
    shade: int | None
    beyond: bool


@cache
def places() -> dict[str, tuple[int, int]]:
    """Column and row of each authority of today, by code."""
    text = (resources.files("whatworks.baseline") / "definitions" / "tiles.csv").read_text("utf-8")
    return {row["code"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(text.splitlines())}


def tile_map(tiles: Iterable[Tile], label: str) -> str:
    """The map: one square for each authority, about where it lies. A number's shade says fewer or more, never better."""
    at = places()
    width = max(column for column, _ in at.values()) + 1
    height = max(row for _, row in at.values()) + 1
    parts = [
        f'<svg class="tiles" viewBox="0 0 {width * SIDE} {height * SIDE}" role="group" aria-label="{as_html(label)}">'
    ]
    for one in sorted(tiles, key=lambda tile: (at.get(tile.code, (0, 0))[1], at.get(tile.code, (0, 0))[0])):
        if one.code not in at:
            continue
        column, row = at[one.code]
        css = "none" if one.shade is None else f"shade{one.shade}"
        words = as_html(said("%(name)s: %(said)s", name=one.name, said=one.said))
        ring = f'<circle cx="{column * SIDE + 9}" cy="{row * SIDE + 9}" r="3.5"/>' if one.beyond else ""
        parts.append(
            f'<a href="{as_html(one.href)}" class="{css}" aria-label="{words}"><title>{words}</title>'
            f'<rect x="{column * SIDE}" y="{row * SIDE}" width="{SIDE - GAP}" height="{SIDE - GAP}" rx="2"/>{ring}</a>'
        )
    return "".join([*parts, "</svg>"])


def shades(whole: float) -> Callable[[float], int]:
    """Five shades around the number of the whole country: far fewer, fewer, about the same, more, far more."""
    ends = [whole * factor for factor in (0.67, 0.87, 1.15, 1.5)]
    return lambda value: sum(value > end for end in ends)


def shade_words(whole: float, written: Callable[[float], str]) -> list[str]:
    """What each shade means, with its numbers."""
    ends = [written(whole * factor) for factor in (0.67, 0.87, 1.15, 1.5)]
    return [
        _("up to %(ends)s") % {"ends": ends[0]},
        *(_("over %(low)s, up to %(high)s") % {"low": low, "high": high} for low, high in pairwise(ends)),
        _("over %(ends)s") % {"ends": ends[-1]},
    ]


def trend(
    title: str,
    periods: Sequence[str],
    here: Sequence[float | None],
    whole: Sequence[float | None],
    *,
    unit: str,
    name: str,
) -> Chart | None:
    """A place's numbers in their order beside England's; None where there are fewer than two."""
    held = [value for value in (*here, *whole) if value is not None]
    if sum(value is not None for value in here) < 2:
        return None
    left = 54 if max(held) < THOUSAND / 2 else 78  # for as many letters as the numbers of the axis have
    plane = Plane(
        x=(-0.3, len(periods) - 0.7), y=(0.0, max(held) * 1.12 or 1.0), width=460, height=280, left=left, bottom=46
    )
    _broken(plane, whole, "total", "5 4")
    _broken(plane, here, "line", "")
    for at, value in enumerate(here):
        if value is not None:
            plane.dot(at, value, radius=4)
    step = max(1, -(-len(periods) // (5 if len(periods[0]) > 4 else 8)))
    plane.x_axis("", ticks=[*range(0, len(periods), step)], said=lambda at: periods[int(at)])
    plane.y_axis(unit)
    rows = [*zip(periods, here, whole, strict=True)]
    note = (
        _("%(name)s: line with dots. England: broken line.") % {"name": name}
        if any(value is not None for value in whole)
        else name
    )
    return plane.chart(title, note, (_("period"), name, _("England")), rows)


def _broken(plane: Plane, values: Sequence[float | None], css: str, dash: str) -> None:
    """A line that stops where there is no number, and goes on after it."""
    part: list[tuple[float, float]] = []
    for at, value in enumerate([*values, None]):
        if value is None:
            if len(part) > 1:
                plane.line(part, css=css, dash=dash, width=2)
            part = []
        else:
            part.append((float(at), value))


def _funnel_note(marked: str) -> str:
    return _(
        "Each mark is a council; the further right, the larger. Councils between the outer lines differ no more than "
        "councils ordinarily do; filled marks lie outside.%(marked)s"
    ) % {"marked": _(" The large mark is %(name)s.") % {"name": marked} if marked else ""}


def funnel_chart(found: Funnel, names: Mapping[str, str], unit: str, here: str = "") -> Chart:
    """The funnel of all authorities, one of them marked where `here` names it. In order of name: there is no ranking."""
    expected = np.array([one.expected for one in found.areas])
    grid = np.geomspace(max(expected.min(), 1.0), expected.max() * 1.05, 60)
    top = max(max(one.value for one in found.areas), found.target) * 1.08
    plane = Plane(
        x=(0.0, float(expected.max()) * 1.06), y=(0.0, top), width=460, height=330, left=54, bottom=50, right=10
    )
    for level, dash in ((0.95, "4 3"), (0.998, "")):
        for edge in found.limits(grid, level):
            plane.line(
                [*zip(grid.tolist(), np.minimum(edge, top).tolist(), strict=True)], css="line", dash=dash, width=1
            )
    plane.level(found.target, css="total", dash="")
    for one in found.areas:
        if one.area != here:
            plane.dot(one.expected, one.value, radius=3, hollow=not one.side)
    for one in found.areas:
        if one.area == here:
            plane.dot(one.expected, one.value, css="total", radius=6)
    plane.x_axis(_("number expected at England's rate"))
    plane.y_axis(unit)
    return plane.chart(
        _("Councils around the rate of all of them together"),
        _funnel_note(names.get(here, "")),
        (_("council"), _("count"), _("children"), _("rate"), _("expected"), _("outside the limits")),
        [
            (
                names.get(one.area, one.area),
                f"{one.observed:,.0f}",
                f"{one.population:,.0f}",
                round(one.value, 1),
                round(one.expected, 1),
                {1: _("above"), -1: _("below")}.get(one.side, _("no")),
            )
            for one in sorted(found.areas, key=lambda one: names.get(one.area, one.area))
        ],
    )
