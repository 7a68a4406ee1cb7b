"""Drawings: a PRISMA 2020 flow as a small SVG that follows the page's colours, and the same as rows of a table.

Published counts stand in dashed boxes that say so; counts held here in solid ones; where there are both, both are
shown. The narrow form is one column, for a phone, with its type at full size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from whatworks.screen.methods.prisma import KINDS, OTHER_SOURCES, Box, Flow, Kind

INK, MUTED, LINE = "var(--ink, #17202a)", "var(--muted, #55606b)", "var(--line, #dedbd2)"
CARD, PAPER, DOT = "var(--card, #ffffff)", "var(--paper, #fbfaf6)", "var(--dot, #8d8a80)"
SANS = 'var(--sans, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif)'
SERIF = 'var(--serif, Georgia, serif)'

PAD = 14.0  # inside a box
NUMBER, WORDS, SMALL = 20.0, 14.0, 12.5  # sizes of type
LEAD = 1.35  # line height
GAP = 30.0  # between boxes, with room for an arrow
REASONS_SHOWN = 8

SAID: dict[Kind, str] = {"published": "published", "held": "held here"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table that says what the drawing shows."""

    stage: str
    route: str
    text: str
    unit: str
    published: int | None
    held: int | None
    part: bool


def prisma_rows(flow: Flow) -> list[Row]:
    """The flow as a table: each box in the order of the diagram, its parts after it."""
    routes = {"databases": "Databases and registers", "other": "Other methods", "both": "All"}
    rows: list[Row] = []
    for box in flow.boxes.values():
        stage, route, unit = box.item.stage, routes[box.item.route], box.item.unit
        rows.append(Row(stage, route, sentence_case(box.item.text), unit, box.published, box.held, False))
        rows += [Row(stage, route, part.label, unit, part.published, part.held, True) for part in box.parts]
    return rows


def sentence_case(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


def prisma_svg(flow: Flow, *, narrow: bool = False) -> str:
    """The flow as SVG text without a size of its own: it fills its container, best at its own width or less.

    The wide form has two columns of boxes for each route (1,016 units); `narrow` is one column of 358 units, which is a
    phone of 390 pixels less its margins.
    """
    canvas = Canvas(NARROW) if narrow else Canvas(WIDE if _has_other(flow) else HALF)
    (_draw_narrow if narrow else _draw_wide)(flow, canvas)
    form = "narrow" if narrow else "wide"
    heading = flow.title or "Flow of records, reports and studies through the review"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="prisma prisma-{form}" role="img" '
        f'viewBox="0 0 {canvas.width:g} {canvas.height + 2:g}" aria-labelledby="prisma-{form}-title prisma-{form}-desc" '
        f'font-family="{escape(SANS)}"><title id="prisma-{form}-title">{escape(heading)}</title>'
        f'<desc id="prisma-{form}-desc">{escape(described(flow))}</desc>{"".join(canvas.pieces)}</svg>'
    )


def described(flow: Flow) -> str:
    """The flow in words, for those who hear the page."""
    said = []
    for box in flow.boxes.values():
        counts = [f"{n:,} {SAID[kind]}" for kind in KINDS if (n := box.count(kind)) is not None]
        where = " by other methods" if box.item.route == "other" and "by other" not in box.item.text else ""
        said.append(f"{sentence_case(box.item.text)}{where}: {', '.join(counts)}.")
    return " ".join(said)


@dataclass(frozen=True, slots=True)
class Entry:
    """One number and its words inside a card; `n` None where the review does not say."""

    n: int | None
    words: str
    small: bool = False
    held: bool = False  # a held count in a card of published ones: drawn in a solid strip of its own


@dataclass(frozen=True, slots=True)
class Card:
    """One drawn box: a heading or none, entries, and which kind of count it shows ("" where it shows none)."""

    heading: str
    entries: tuple[Entry, ...]
    kind: Kind | Literal[""]


def card(flow: Flow, items: Sequence[str], *, heading: str = "", wanted: bool = False) -> Card | None:
    """The card for these items; None where they have no counts, unless the diagram needs it all the same."""
    boxes = [flow.boxes[item] for item in items if item in flow.boxes]
    if not boxes:
        return Card(heading, (Entry(None, ITEMS[items[0]].text),), "") if wanted else None
    kind: Kind = "published" if any(box.published is not None for box in boxes) else "held"
    return Card(heading, tuple(entry for box in boxes for entry in _entries(box, kind)), kind)


def _entries(box: Box, kind: Kind) -> Iterator[Entry]:
    words = box.item.text
    named = [part for part in box.parts if part.count(kind) is not None]
    if box.item.name == "database_results" and len(named) > 1:
        words = f"records identified in {len(named)} databases"
    yield Entry(box.count(kind), words, small=box.item.name in OTHER_SOURCES)
    if kind == "published" and box.held is not None:
        yield Entry(box.held, "held here", held=True)
    if box.item.name in ("dbr_excluded", "other_excluded"):
        yield from _reasons(named, kind)


def _reasons(parts: Sequence[Part], kind: Kind) -> Iterator[Entry]:
    ordered = sorted(parts, key=lambda part: -(part.count(kind) or 0))
    shown = ordered if len(ordered) <= REASONS_SHOWN else ordered[: REASONS_SHOWN - 1]
    for part in shown:
        yield Entry(part.count(kind), part.label, small=True)
    if rest := ordered[len(shown) :]:
        yield Entry(sum(part.count(kind) or 0 for part in rest), f"for {len(rest)} other reasons", small=True)


class Canvas:
    """Where pieces of SVG are put; `height` is how far down they reach."""

    def __init__(self, width: float) -> None:
        self.width, self.height = width, 0.0
        self.pieces: list[str] = []

    def text(self, x: float, y: float, text: str, size: float, colour: str = INK, extra: str = "") -> None:
        """One line of text on its base line."""
        self.pieces.append(f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}"{extra}>{escape(text)}</text>')

    def arrow(self, *points: tuple[float, float], head: bool = True) -> None:
        """A line through the points, with a head at the last."""
        path = "M" + " L".join(f"{x:g} {y:g}" for x, y in points)
        self.pieces.append(f'<path d="{path}" fill="none" stroke="{MUTED}" stroke-width="1.25"/>')
        if not head:
            return
        (x0, y0), (x, y) = points[-2:]
        dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
        left, right = (x - 7 * dx - 4 * dy, y - 7 * dy - 4 * dx), (x - 7 * dx + 4 * dy, y - 7 * dy + 4 * dx)
        self.pieces.append(f'<path d="M{x:g} {y:g} L{left[0]:g} {left[1]:g} L{right[0]:g} {right[1]:g} Z" fill="{MUTED}"/>')

    def reach(self, y: float) -> None:
        """Note that something reaches down to `y`."""
        self.height = max(self.height, y)
