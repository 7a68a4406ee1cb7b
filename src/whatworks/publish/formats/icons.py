"""The shape of a state, and 100 dots, as pictures of their own, for formats that know no style sheet."""

from __future__ import annotations

from functools import lru_cache

from whatworks.paper.typesetting import typeset
from whatworks.publish.page.drawings import SHAPES

TONES = {"change": "#31507d", "better": "#0b6e6e", "worse": "#a8420a", "unsure": "#5c6570"}  # as in look.css, for paper
EMPTY = 'fill="none" stroke="#7d8288"'


@lru_cache(maxsize=64)
def svg(shape: str, css: str) -> str:
    """A state's shape in its colour; an empty picture where there is none."""
    tone = TONES.get(css, TONES["unsure"])
    inside = SHAPES.get(shape, "").replace("currentColor", tone)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16" fill="none" '
        f'stroke="{tone}" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round">{inside}</svg>'
    )


@lru_cache(maxsize=256)
def dots(n: int, css: str) -> str:
    """100 dots, ten to a row, of which the first n are filled; a ring stays where a dot is not."""
    tone = TONES.get(css, TONES["unsure"])
    filled = f'fill="{tone}" stroke="{tone}"'
    drawn = "".join(
        f'<circle cx="{6 + 12 * (at % 10)}" cy="{6 + 12 * (at // 10)}" r="4.2" {filled if at < n else EMPTY}/>'
        for at in range(100)
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" width="120" height="120">{drawn}</svg>'


@lru_cache(maxsize=256)
def png(picture: str, points: int) -> bytes:
    """One of these pictures as a PNG, so many points wide at four pixels to the point: sharp where it is projected."""
    source = (
        f"#set page(width: {points}pt, height: {points}pt, margin: 0pt, fill: none)\n"
        '#image(bytes(sys.inputs.picture), format: "svg", width: 100%)'
    )
    return typeset(source, {"picture": picture}, form="png", ppi=288)
