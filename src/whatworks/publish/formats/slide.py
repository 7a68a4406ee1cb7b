"""One slide, 16 to 9, that can be read from the back of a room, with the whole short form in its notes."""

from __future__ import annotations

from datetime import datetime

from whatworks.publish.formats import icons
from whatworks.publish.formats.board import INK, Board
from whatworks.publish.formats.text import text
from whatworks.publish.methods.handout_parts import Dots, Handout, Outcome, Run, said, shortened

LEFT, RIGHT = 0.7, 12.63  # inches
SHOWN = 4  # outcomes on the slide
ANSWER, NAME = 240, 60  # characters
MUTED, ACCENT = "525D68", "0B5C63"


def slide(handout: Handout, *, base: str, at: datetime) -> bytes:
    """The handout as one slide of PowerPoint; the same handout gives the same bytes."""
    board = Board(base)
    _drawn(board, handout)
    return board.file(handout, text(handout, base=base), at)


def _drawn(board: Board, held: Handout) -> None:
    long = len(held.title) > 44
    board.title((Run(held.title),), (LEFT, 0.75, RIGHT - LEFT, 0.8), 30 if long else 40)
    named = f"whatworks  \N{MIDDLE DOT}  {held.label}{f', {held.theme}' if held.theme else ''}"
    board.words((Run(named),), (LEFT, 0.4, RIGHT - LEFT, 0.35), 14, colour=ACCENT)
    dots = next((one for one in held.outcomes if one.dots), None)
    wide = 7.4 if dots else RIGHT - LEFT
    strong = shortened(held.strong, ANSWER)
    rest = shortened(held.rest, ANSWER)
    answer = (*strong, *((Run(" "), *rest) if rest else ()))
    board.words(answer, (LEFT, 1.65, wide, 1.9), 20 if len(said(answer)) > 200 else 24, strong=len(strong))
    _outcomes(board, held, wide)
    if dots and dots.dots:
        _pictures(board, dots, dots.dots)
    _foot(board, held)


def _outcomes(board: Board, held: Handout, wide: float) -> None:
    for number, one in enumerate(held.outcomes[:SHOWN]):
        top = 3.62 + 0.62 * number
        tone = icons.TONES.get(one.css, INK).removeprefix("#").upper()
        board.picture(icons.png(icons.svg(one.shape, one.css), 16), one.word, LEFT, top + 0.03, 0.27)
        name = said(shortened((Run(one.name),), NAME))
        board.words((Run(name),), (LEFT + 0.42, top - 0.02, wide - 0.42, 0.3), 16, strong=1)
        sure = f"  \N{MIDDLE DOT}  {one.sure}" if one.sure else ""
        provisional = "  \N{MIDDLE DOT}  provisional" if one.provisional else ""
        board.words((Run(one.word + sure + provisional),), (LEFT + 0.42, top + 0.26, wide - 0.42, 0.3), 14, colour=tone)
    left = len(held.outcomes) - SHOWN
    if left > 0:
        more = f"And {left} more {'outcome' if left == 1 else 'outcomes'}: see "
        place = (LEFT + 0.42, 3.62 + 0.62 * SHOWN, wide - 0.42, 0.3)
        board.words((Run(more), Run("the page", held.home), Run(".")), place, 14, colour=MUTED)


def _pictures(board: Board, one: Outcome, dots: Dots) -> None:
    """100 dots without and with, side by side, under the name of the outcome."""
    left, size = 8.6, 1.85
    board.words((Run(f"Out of 100: {one.name}"),), (left, 1.65, RIGHT - left, 0.6), 16, strong=1)
    for number, (count, label, css) in enumerate(
        ((dots.before, dots.before_label, "unsure"), (dots.after, dots.after_label, one.css))
    ):
        at = left + 2.15 * number
        told = f"{count} of 100 {dots.of} {label}"
        board.picture(icons.png(icons.dots(count, css), 120), told, at, 2.35, size)
        board.words((Run(str(count)),), (at, 4.3, size, 0.5), 28, strong=1)
        board.words((Run(label),), (at, 4.8, size, 0.6), 14, colour=MUTED)
    board.words(
        (Run(f"Each dot is one of 100. They show: {dots.of}."),), (left, 5.5, RIGHT - left, 0.6), 12, colour=MUTED
    )


def _foot(board: Board, held: Handout) -> None:
    board.words((Run(held.closing),), (LEFT, 6.55, RIGHT - LEFT, 0.35), 16, strong=1)
    where = Run(board.base + held.home, held.home)
    end = (Run(f"{held.dated}, {held.identifier}. "), where, Run(f" {held.standing}"))
    board.words(end, (LEFT, 6.95, RIGHT - LEFT, 0.3), 11, colour=MUTED)
