"""One slide, 16 to 9, that can be read from the back of a room, with the whole short form in its notes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from whatworks.publish.formats import icons
from whatworks.publish.formats.pdf import linked
from whatworks.publish.formats.stamped import clean, stamped, told_of
from whatworks.publish.formats.text import text
from whatworks.publish.methods.handout_parts import Dots, Handout, Outcome, Run, Words, said, shortened

WIDTH, HEIGHT = 13.333, 7.5  # inches
LEFT, RIGHT = 0.7, 12.63
SHOWN = 4  # outcomes on the slide
ANSWER, NAME, STATE = 240, 60, 90  # characters
INK, MUTED, ACCENT = "17202A", "525D68", "0B5C63"
TITLE_ONLY = 5  # the layout of the library's own template that has a title and nothing else
FACE = "Calibri"


def slide(handout: Handout, *, base: str, at: datetime) -> bytes:
    """The handout as one slide of PowerPoint; the same handout gives the same bytes."""
    import pptx
    from pptx.util import Inches

    show = pptx.Presentation()
    show.slide_width, show.slide_height = Inches(WIDTH), Inches(HEIGHT)
    about = {"title": handout.title, "subject": handout.label, "identifier": handout.identifier}
    told_of(show.core_properties, at=at, **about)
    held = show.slides.add_slide(show.slide_layouts[TITLE_ONLY])
    _drawn(_Board(held, base), handout)
    held.notes_slide.notes_text_frame.text = clean(text(handout, base=base))
    out = io.BytesIO()
    show.save(out)
    return stamped(out.getvalue())


class _Board:
    """Puts words and pictures on a slide; places and sizes in inches, type in points."""

    def __init__(self, held: Any, base: str) -> None:
        self.held, self.base = held, base

    def words(self, runs: Words, box: Sequence[float], size: float, *, colour: str = INK, strong: int = 0) -> None:
        """Words in a box (left, top, width, height); the first `strong` runs stand out."""
        from pptx.util import Inches

        frame = self.held.shapes.add_textbox(*map(Inches, box)).text_frame
        self.fill(frame, runs, size, colour=colour, strong=strong)

    def fill(self, frame: Any, runs: Words, size: float, *, colour: str = INK, strong: int = 0) -> None:
        from pptx.dml.color import RGBColor
        from pptx.util import Pt

        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        paragraph = frame.paragraphs[0]
        for number, run in enumerate(runs):
            made = paragraph.add_run()
            made.text = clean(run.text)
            made.font.name, made.font.size, made.font.bold = FACE, Pt(size), number < strong
            made.font.color.rgb = RGBColor.from_string(colour)
            if href := linked(run.href, self.base):
                made.hyperlink.address = href

    def picture(self, body: bytes, told: str, left: float, top: float, width: float) -> None:
        """A picture with its words for who cannot see it; none for one that only repeats the words beside it."""
        from pptx.util import Inches

        held = self.held.shapes.add_picture(io.BytesIO(body), Inches(left), Inches(top), Inches(width))
        held._element.nvPicPr.cNvPr.set("descr", clean(told))


def _drawn(board: _Board, held: Handout) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Inches

    title = board.held.shapes.title
    title.left, title.top, title.width, title.height = map(Inches, (LEFT, 0.75, RIGHT - LEFT, 0.8))
    title.text_frame.clear()
    title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    long = len(held.title) > 44
    board.fill(title.text_frame, (Run(held.title),), 30 if long else 40, strong=1)
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


def _outcomes(board: _Board, held: Handout, wide: float) -> None:
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


def _pictures(board: _Board, one: Outcome, dots: Dots) -> None:
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


def _foot(board: _Board, held: Handout) -> None:
    board.words((Run(held.closing),), (LEFT, 6.55, RIGHT - LEFT, 0.35), 16, strong=1)
    where = Run(board.base + held.home, held.home)
    end = (Run(f"{held.dated}, {held.identifier}. "), where, Run(f" {held.standing}"))
    board.words(end, (LEFT, 6.95, RIGHT - LEFT, 0.3), 11, colour=MUTED)
