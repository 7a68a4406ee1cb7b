"""Key messages as slides: one for each message, with a few answers that may be shown and the address where all of them open."""

from __future__ import annotations

import io
from datetime import UTC
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.convene.private_addresses import full
from whatworks.paper.stamped import cast, clean, mould, properties

INK, MUTED, ACCENT = "17202A", "525D68", "0B5C63"
SHOWN, LONGEST = 3, 220  # quotes on a slide, and characters of each
BLANK = 5  # the layout of the library's own template that has a title and nothing else
CORE = "docProps/core.xml"


def slides(told: dict[str, Any]) -> bytes:
    """The slides; the same messages and answers give the same bytes."""
    from pptx import Presentation
    from pptx.util import Inches

    held = told["held"]
    made = Presentation()
    made.slide_width, made.slide_height = Inches(13.333), Inches(7.5)
    for row in told["messages"]:
        _slide(made, held, row)
    out = io.BytesIO()
    made.save(out)
    last = max(row["message"].signed_at for row in told["messages"]).astimezone(UTC)
    about = properties(title=held.title, subject=_("Key messages"), at=last, identifier=held.pk)
    return cast(mould(out.getvalue(), filled=[]), {CORE: about})


def _slide(made: Any, held: Any, row: dict[str, Any]) -> None:
    from pptx.util import Inches

    message = row["message"]
    slide = made.slides.add_slide(made.slide_layouts[BLANK])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = (Inches(one) for one in (0.7, 0.6, 11.9, 1.5))
    _say(title.text_frame, f"{message.number}. {message.words}", 32, INK)
    for number, one in enumerate(row["quotes"][:SHOWN]):
        words = one.text.content if len(one.text.content) <= LONGEST else one.text.content[: LONGEST - 1] + "…"
        _words(slide, (0.7, 2.3 + 1.15 * number, 11.9, 1.0), f"“{words}”", 20, INK)
    if row["now"]:
        _words(slide, (0.7, 5.9, 11.9, 0.6), f"{row['stands']}: {row['now'].words}"[:LONGEST], 18, ACCENT)
    caution = _("People chose to answer; their answers are counted and say nothing of how many people think so.")
    made_up = _("A demonstration: its answers are made up.") + " " if held.demonstration else ""
    _words(slide, (0.7, 6.65, 11.9, 0.3), made_up + caution, 12, MUTED)
    address = full(reverse("message", args=[message.pk]))
    _words(slide, (0.7, 7.0, 11.9, 0.3), address, 12, MUTED, link=address)
    slide.notes_slide.notes_text_frame.text = clean(
        "\n".join([message.words, *(one.text.content for one in row["quotes"])])
    )


def _words(
    slide: Any, box: tuple[float, float, float, float], words: str, size: int, colour: str, link: str = ""
) -> None:
    from pptx.util import Inches

    frame = slide.shapes.add_textbox(*(Inches(one) for one in box)).text_frame
    frame.word_wrap = True
    _say(frame, words, size, colour, link)


def _say(frame: Any, words: str, size: int, colour: str, link: str = "") -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    run = frame.paragraphs[0].add_run()
    run.text = clean(words)
    run.font.size, run.font.color.rgb = Pt(size), RGBColor.from_string(colour)
    if link:
        run.hyperlink.address = link
