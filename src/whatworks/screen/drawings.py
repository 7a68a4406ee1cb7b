"""Drawings: a PRISMA 2020 flow as a small SVG that follows the page's colours, and the same as rows of a table.

Published counts stand in dashed boxes that say so, counts held here in solid ones; where an item has both, the held
count has a solid strip inside the dashed box. What is still waiting while a review goes on is shaded and says so. The
narrow form is one column, for a phone, with its type at full size.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape as escape_html
from typing import TypeAlias

from whatworks.saying import joined, said
from whatworks.screen.methods.cards import Card, Entry, Step, database_steps, included, other_steps
from whatworks.screen.methods.measure import number_width, text_width, wrap
from whatworks.screen.methods.prisma import KINDS, Flow, Kind

INK, MUTED, LINE = "var(--ink, #17202a)", "var(--muted, #55606b)", "var(--line, #dedbd2)"
CARD, WASH, DOT = "var(--card, #ffffff)", "var(--wash, #f1efe8)", "var(--dot, #8d8a80)"
SANS = "var(--sans, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif)"
SERIF = "var(--serif, Georgia, serif)"
SAID: dict[Kind, str] = {"published": said("published"), "held": said("held here")}
Say: TypeAlias = Callable[[str], str]  # how a text is said in the language of a page; as it stands where there is none

_NOT_IN_XML = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff]")

NUMBER, WORDS, SMALL, TAG = 19.0, 14.0, 13.0, 11.5  # sizes of type
LEAD = 1.32  # line height
PAD = 14.0  # inside a card
BETWEEN = 34.0  # from card to card, with room for an arrow
APART = 14.0  # between two cards beside one
HEAD = 40.0  # the name of a stage or route above its first card

COLUMN, SIDE, ROUTES = 232.0, 26.0, 44.0  # wide: a card, the way to the card beside it, the way to the other route
WIDE = 4 * COLUMN + 2 * SIDE + ROUTES
HALF = 2 * (COLUMN + 40.0) + SIDE
NARROW = 358.0  # a phone of 390 pixels less its margins
TRUNK, INSET = 16.0, 38.0  # narrow: where the line runs down, and how far in a card beside it stands
AFTER = 9.0  # from a number to its words
STAGES = {  # the first stage is known by where records came from
    "Identification": said("Databases and registers"),
    "Screening": said("Screening"),
}

NAMES = {
    "databases": said("Databases and registers"),
    "other": said("Other methods"),
    "both": said("All"),
    "Identification": said("Identification"),
    "Screening": said("Screening"),
    "Included": said("Included"),
    "records": said("records"),
    "reports": said("reports"),
    "studies": said("studies"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table that says what the drawing shows; a `part` is a database or a reason of the line above."""

    stage: str
    route: str
    text: str
    unit: str
    published: int | None
    held: int | None
    part: bool


def prisma_rows(flow: Flow, say: Say = str) -> list[Row]:
    """The flow as a table: each box in the order of the diagram, its parts after it."""
    rows: list[Row] = []
    for box in flow.boxes.values():
        stage, route, unit = map(say, (NAMES[box.item.stage], NAMES[box.item.route], NAMES[box.item.unit]))
        rows.append(Row(stage, route, _sentence(say(box.item.text)), unit, box.published, box.held, False))
        rows += [Row(stage, route, part.label, unit, part.published, part.held, True) for part in box.parts]
    return rows


def prisma_svg(flow: Flow, *, narrow: bool = False, say: Say = str) -> str:
    """The flow as SVG text, to stand in a page that lets drawings shrink (`max-inline-size: 100%; block-size: auto`).

    The wide form has two columns for each route (1,024 pixels with both routes, 570 with one); `narrow` has one column
    of 358: a phone of 390 pixels less its margins.
    """
    steps, others = ([_step_said(one, say) for one in way(flow)] for way in (database_steps, other_steps))
    canvas = Canvas(NARROW if narrow else WIDE if others else HALF, say)
    (_narrow if narrow else _wide)(canvas, steps, others, _card_said(included(flow), say))
    form = "narrow" if narrow else "wide"
    heading = flow.title or say(said("Flow of records, reports and studies through the review"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="prisma prisma-{form}" role="img" '
        f'viewBox="-1 0 {canvas.width + 2:g} {canvas.height + 2:g}" '
        f'width="{canvas.width + 2:g}" height="{canvas.height + 2:g}" '
        f'aria-labelledby="prisma-{form}-title prisma-{form}-desc" font-family="{escape(SANS)}">'
        f'<title id="prisma-{form}-title">{escape(heading)}</title>'
        f'<desc id="prisma-{form}-desc">{escape(described(flow, say))}</desc>{"".join(canvas.pieces)}</svg>'
    )


def described(flow: Flow, say: Say = str) -> str:
    """The flow in words, for those who hear the page."""
    told = []
    for box in flow.boxes.values():
        counts = [
            said("%(n)s %(kind)s", n=f"{n:,}", kind=SAID[kind]) for kind in KINDS if (n := box.count(kind)) is not None
        ]
        other = box.item.route == "other" and "by other" not in box.item.text
        what = said("%(what)s by other methods", what=box.item.text) if other else box.item.text
        told.append(_sentence(say(said("%(what)s: %(counts)s.", what=what, counts=joined(", ", counts)))))
    return " ".join(told)


def _step_said(step: Step, say: Say) -> Step:
    aside, waits = (one and _card_said(one, say) for one in (step.aside, step.waits))
    return replace(step, main=_card_said(step.main, say), aside=aside, waits=waits)


def _card_said(card: Card, say: Say) -> Card:
    entries = tuple(replace(one, words=say(one.words)) for one in card.entries)
    return replace(card, heading=say(card.heading), entries=entries)


def escape(text: str) -> str:
    """The text as XML takes it; control characters, which XML cannot hold, become spaces."""
    return escape_html(_NOT_IN_XML.sub(" ", text))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


class Canvas:
    """Where pieces of SVG are put; `height` is how far down they reach."""

    def __init__(self, width: float, say: Say) -> None:
        self.width, self.height, self.say = width, 0.0, say
        self.pieces: list[str] = []

    def text(self, x: float, y: float, text: str, size: float, colour: str = INK, extra: str = "") -> None:
        """One line of text on its base line."""
        self.pieces.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}"{extra}>{escape(text)}</text>'
        )

    def rectangle(self, x: float, y: float, width: float, height: float, extra: str) -> None:
        """A rectangle."""
        self.pieces.append(f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" {extra}/>')
        self.height = max(self.height, y + height)

    def line(self, *points: tuple[float, float], head: bool = True) -> None:
        """A line through the points, with an arrow's head at the last."""
        path = " L".join(f"{x:g} {y:g}" for x, y in points)
        self.pieces.append(f'<path d="M{path}" fill="none" stroke="{DOT}" stroke-width="1.5"/>')
        if head:
            (x0, y0), (x, y) = points[-2:]
            across, down = (x > x0) - (x < x0), (y > y0) - (y < y0)
            back = (x - 8 * across, y - 8 * down)
            one, other = (back[0] - 4.5 * down, back[1] - 4.5 * across), (back[0] + 4.5 * down, back[1] + 4.5 * across)
            corners = " L".join(f"{a:g} {b:g}" for a, b in ((x, y), one, other))
            self.pieces.append(f'<path d="M{corners} Z" fill="{DOT}"/>')

    def heading(self, x: float, y: float, words: str, width: float) -> None:
        """The name of a stage or a route over a thin rule."""
        self.text(x, y + 15, self.say(words), WORDS, MUTED, ' font-weight="600"')
        self.pieces.append(f'<path d="M{x:g} {y + 24:g} H{x + width:g}" stroke="{LINE}" stroke-width="1"/>')


@dataclass(frozen=True, slots=True)
class Laid:
    """A card with its lines broken for a width; `column` is how wide its numbers are."""

    card: Card
    width: float
    column: float
    lines: tuple[tuple[Entry, tuple[str, ...]], ...]

    @property
    def height(self) -> float:
        """The height of the drawn card."""
        return 2 * PAD + sum(_space(self.lines, at) + _height(*line) for at, line in enumerate(self.lines))


def _lay(card: Card, width: float) -> Laid:
    column = max(number_width(one.number, SMALL if one.small else NUMBER) for one in card.entries)
    room = width - 2 * PAD - (column + AFTER if column else 0.0)
    lines = ((one, tuple(wrap(one.words, SMALL if one.small else WORDS, room))) for one in card.entries)
    return Laid(card, width, column, tuple(lines))


def _height(entry: Entry, words: Sequence[str]) -> float:
    if entry.small:
        return len(words) * SMALL * LEAD
    return max(NUMBER * 1.15, len(words) * WORDS * LEAD) + (10.0 if entry.held else 0.0)


def _space(lines: Sequence[tuple[Entry, tuple[str, ...]]], at: int) -> float:
    """Above an entry: nothing over the first, little within a list of small ones, more around large ones."""
    if not at:
        return 0.0
    return 3.0 if lines[at][0].small and lines[at - 1][0].small else 8.0


def _draw(canvas: Canvas, laid: Laid, x: float, y: float) -> None:
    """Put a card with its top left corner at (x, y)."""
    kind = laid.card.kind
    dashes = {"published": ' stroke-dasharray="6 4"', "held": "", "": ' stroke-dasharray="1.5 4"'}[kind]
    fill = WASH if laid.card.heading else CARD
    look = f'rx="8" fill="{fill}" stroke="{DOT}" stroke-width="1.5"{dashes}'
    canvas.rectangle(x, y, laid.width, laid.height, look)
    if kind:
        _tag(canvas, laid.card.heading or canvas.say(SAID[kind]), x + laid.width - PAD, y)
    top = y + PAD
    for at, (entry, words) in enumerate(laid.lines):
        top += _space(laid.lines, at)
        _entry(canvas, laid, entry, words, x + PAD, top)
        top += _height(entry, words)


def _tag(canvas: Canvas, words: str, right: float, y: float) -> None:
    """The kind of count, set into the upper edge of a card."""
    width = text_width(words, TAG) + 6
    canvas.rectangle(right - width, y - 1.5, width, 3, f'fill="{CARD}"')
    canvas.text(right - width / 2, y + 4, words, TAG, MUTED, ' text-anchor="middle"')


def _entry(canvas: Canvas, laid: Laid, entry: Entry, words: Sequence[str], x: float, top: float) -> None:
    base = top + (SMALL if entry.small else NUMBER * 0.86)
    if entry.held:
        strip = f'rx="5" fill="{WASH}" stroke="{DOT}" stroke-width="1.5"'
        canvas.rectangle(x - 6, top, laid.width - 2 * PAD + 12, _height(entry, words), strip)
        base += 5
    if entry.number:
        face = "" if entry.small else f' font-weight="600" font-family="{escape(SERIF)}"'
        size = SMALL if entry.small else NUMBER
        canvas.text(x + laid.column, base, entry.number, size, INK, f' text-anchor="end"{face}')
        x += laid.column + AFTER
    size = SMALL if entry.small else WORDS
    for at, line in enumerate(words):
        canvas.text(x, base + at * size * LEAD, line, size, INK if entry.number and not entry.small else MUTED)


def _wide(canvas: Canvas, steps: Sequence[Step], others: Sequence[Step], last: Card) -> None:
    column = COLUMN if others else COLUMN + 40
    across = 2 * column + SIDE
    left, right = 0.0, across + ROUTES
    # The other route has no screening of records: its steps stand beside the first, third and fourth of the databases'.
    beside: list[Step | None] = [others[0], None, *others[1:]] if others else [None] * len(steps)
    y, low = 0.0, 0.0
    ends: dict[float, float] = {}
    for step, other in zip(steps, beside, strict=True):
        if step.stage:
            canvas.heading(left, y, STAGES.get(step.stage, step.stage), across)
            if other:
                canvas.heading(right, y, NAMES["other"], across)
            y += HEAD
        if other:
            y = max(y, ends.get(right, -BETWEEN) + BETWEEN, low + BETWEEN if low else 0.0)
            low = _step(canvas, other, right, y, column, ends)
        y = _step(canvas, step, left, y, column, ends) + BETWEEN
    y = max(y, low + BETWEEN)
    canvas.heading(left, y, NAMES["Included"], across)
    laid, top = _lay(last, across), y + HEAD
    canvas.line((left + column / 2, ends[left]), (left + column / 2, top))
    _draw(canvas, laid, left, top)
    if others:
        middle = top + laid.height / 2
        canvas.line((right + column / 2, ends[right]), (right + column / 2, middle), (left + across, middle))


def _step(canvas: Canvas, step: Step, x: float, y: float, column: float, ends: dict[float, float]) -> float:
    """Draw a step of the wide form; how far down it reaches. `ends` holds where each route's last card ended."""
    main = _lay(step.main, column)
    if x in ends:
        canvas.line((x + column / 2, ends[x]), (x + column / 2, y))
    _draw(canvas, main, x, y)
    ends[x] = y + main.height
    right, low = x + column + SIDE, y
    turn: tuple[float, float] | None = None  # where the way to the second card beside this one leaves that to the first
    for beside in filter(None, (step.aside, step.waits)):
        laid = _lay(beside, column)
        middle = low + min(main.height if turn is None else laid.height, laid.height) / 2
        start = (x + column, middle) if turn is None else turn
        canvas.line(start, (start[0], middle), (right, middle))
        _draw(canvas, laid, right, low)
        turn = (x + column + SIDE / 2, middle)
        low += laid.height + APART
    return max(ends[x], low - APART) if turn else ends[x]


def _narrow(canvas: Canvas, steps: Sequence[Step], others: Sequence[Step], last: Card) -> None:
    shift = INSET if others else 0.0  # the databases' line runs on beside the other route, to what is included
    y, end = _column(canvas, steps, 0.0, 0.0)
    other_end = 0.0
    if others:
        canvas.heading(shift, y, NAMES["other"], NARROW - shift)
        y, other_end = _column(canvas, [replace(others[0], stage=""), *others[1:]], shift, y + HEAD)
    canvas.heading(shift + INSET, y, NAMES["Included"], NARROW - shift - INSET)
    canvas.line((TRUNK, end), (TRUNK, y + HEAD))
    if others:
        canvas.line((shift + TRUNK, other_end), (shift + TRUNK, y + HEAD))
    _draw(canvas, _lay(last, NARROW), 0.0, y + HEAD)


def _column(canvas: Canvas, steps: Sequence[Step], x: float, y: float) -> tuple[float, float]:
    """One route down the narrow form: where the next thing may start, and where its last card on the way ends."""
    end = 0.0
    for at, step in enumerate(steps):
        if step.stage:
            beside = x + (INSET if at else 0.0)  # clear of the line that runs down
            canvas.heading(beside, y, STAGES.get(step.stage, step.stage), NARROW - beside)
            y += HEAD
        main = _lay(step.main, NARROW - x)
        if at:
            canvas.line((x + TRUNK, end), (x + TRUNK, y))
        _draw(canvas, main, x, y)
        y = end = y + main.height
        for one in filter(None, (step.aside, step.waits)):
            aside = _lay(one, NARROW - x - INSET)
            y += BETWEEN / 2
            middle = y + min(aside.height / 2, NUMBER + PAD)
            canvas.line((x + TRUNK, middle), (x + INSET, middle))
            _draw(canvas, aside, x + INSET, y)
            y += aside.height
        y += BETWEEN
    return y, end
