"""An empty slide, 16 to 9, and how words and pictures stand on it: places and sizes in inches, type in points.

The text of the slide is made here and not by the library, which looks up every shape before it adds the next: a slide took
as long as ten pages of the site.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from whatworks.paper.stamped import PROPERTIES, Mould, Relations, cast, mould, properties, xml
from whatworks.publish.formats.pdf import linked
from whatworks.publish.methods.handout_parts import Handout, Words

WIDTH, HEIGHT = 13.333, 7.5  # inches
INCH, POINT = 914_400, 100  # what the format counts in: so many to an inch, so many to a point of type
INK = "17202A"
FACE = "Calibri"
TITLE_ONLY = 5  # the layout of the library's own template that has a title and nothing else
LEFT_OUT = ("printerSettings", "thumbnail")  # parts of the library's template that say nothing of ours
SLIDE, LINKS = "ppt/slides/slide1.xml", "ppt/slides/_rels/slide1.xml.rels"
NOTES = "ppt/notesSlides/notesSlide1.xml"
SHAPES_END = "</p:spTree>"
NO_NOTES = "<a:p/></p:txBody>"
TITLE = '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="title"/></p:nvPr>'
TEXT = '<p:cNvSpPr txBox="1"/><p:nvPr/>'
PICTURE = '<p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/>'
RECTANGLE = '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'


class Board:
    """Gathers the words and pictures of one slide."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._links = Relations(_mould().parts[LINKS])
        self._shapes: list[str] = []
        self._pictures: dict[bytes, str] = {}

    def title(self, runs: Words, box: Sequence[float], size: float) -> None:
        """The slide's title, which programs list and read out first."""
        shown = self._body(runs, size, INK, len(runs), fitted="", set_as='<a:pPr algn="l"/>')
        self._shapes.append(f"<p:sp>{self._named('Title', TITLE)}<p:spPr>{_placed(box)}</p:spPr>{shown}</p:sp>")

    def words(self, runs: Words, box: Sequence[float], size: float, *, colour: str = INK, strong: int = 0) -> None:
        """Words in a box (left, top, width, height); the first `strong` runs stand out."""
        shown = self._body(runs, size, colour, strong, fitted="<a:spAutoFit/>")
        place = f"<p:spPr>{_placed(box)}{RECTANGLE}<a:noFill/></p:spPr>"
        self._shapes.append(f"<p:sp>{self._named('TextBox', TEXT)}{place}{shown}</p:sp>")

    def picture(self, body: bytes, told: str, left: float, top: float, width: float) -> None:
        """A square picture with its words for who cannot see it."""
        name = self._pictures.setdefault(body, f"image{len(self._pictures) + 1}.png")
        link = self._links.to("image", f"../media/{name}")
        named = self._named("Picture", PICTURE, told).replace("nvSpPr", "nvPicPr")
        fill = f'<p:blipFill><a:blip r:embed="{link}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>'
        place = f"<p:spPr>{_placed((left, top, width, width))}{RECTANGLE}</p:spPr>"
        self._shapes.append(f"<p:pic>{named}{fill}{place}</p:pic>")

    def _named(self, kind: str, settings: str, told: str = "") -> str:
        number = len(self._shapes) + 2  # the slide itself is the first
        described = f' descr="{xml(told)}"' if told else ""
        name = f'<p:cNvPr id="{number}" name="{kind} {number - 1}"{described}/>'
        return f"<p:nvSpPr>{name}{settings}</p:nvSpPr>"

    def _body(self, runs: Words, size: float, colour: str, strong: int, *, fitted: str, set_as: str = "") -> str:
        frame = f'<a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0">{fitted}</a:bodyPr>'
        shown = "".join(
            f'<a:r><a:rPr lang="en-GB" sz="{size * POINT:.0f}" b="{int(number < strong)}">'
            f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill><a:latin typeface="{FACE}"/>{self._link(run.href)}'
            f"</a:rPr><a:t>{xml(run.text)}</a:t></a:r>"
            for number, run in enumerate(runs)
        )
        return f"<p:txBody>{frame}<a:lstStyle/><a:p>{set_as}{shown}</a:p></p:txBody>"

    def _link(self, to: str) -> str:
        href = linked(to, self.base)
        return f'<a:hlinkClick r:id="{self._links.to("hyperlink", href)}"/>' if href else ""

    def file(self, about: Handout, notes: str, at: datetime) -> bytes:
        """The slide with these notes as a file of PowerPoint."""
        empty = _mould()
        shapes = empty.parts[SLIDE].replace(SHAPES_END, "".join((*self._shapes, SHAPES_END)))
        lines = (f"<a:p><a:r><a:t>{xml(line)}</a:t></a:r></a:p>" if line else "<a:p/>" for line in notes.split("\n"))
        noted = empty.parts[NOTES].replace(NO_NOTES, f"{''.join(lines)}</p:txBody>")
        told = properties(title=about.title, subject=about.label, at=at, identifier=about.identifier)
        pictures = {f"ppt/media/{name}": body for body, name in self._pictures.items()}
        return cast(empty, {PROPERTIES: told, SLIDE: shapes, LINKS: self._links.part(), NOTES: noted, **pictures})


def _placed(box: Sequence[float]) -> str:
    left, top, width, height = (int(side * INCH) for side in box)
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'


@lru_cache(maxsize=1)
def _mould() -> Mould:
    """One slide without a word, with its notes, and of the library's template only what that slide uses."""
    import pptx
    from pptx.util import Inches

    show = pptx.Presentation()
    show.slide_width, show.slide_height = Inches(WIDTH), Inches(HEIGHT)
    show.part._element.sldSz.attrib.pop("type")  # it would still say 4 to 3
    used = show.slide_layouts[TITLE_ONLY]
    for layout in [one for one in show.slide_layouts if one is not used]:
        show.slide_layouts.remove(layout)
    for held in (show.part.rels, show.part.package._rels):
        for name in [name for name, one in held.items() if one.reltype.rpartition("/")[2] in LEFT_OUT]:
            held.pop(name)
    slide = show.slides.add_slide(used)
    for shape in list(slide.shapes):
        shape._element.getparent().remove(shape._element)
    slide.notes_slide.notes_text_frame.text = ""
    out = io.BytesIO()
    show.save(out)
    return mould(out.getvalue(), filled=(SLIDE, LINKS, NOTES), pictures=True)
