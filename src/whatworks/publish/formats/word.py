"""A Word document: real headings and tables with repeated head rows, each number a link to where it came from."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from whatworks.publish.formats.pdf import linked
from whatworks.publish.formats.stamped import clean, stamped, told_of
from whatworks.publish.formats.text import by_of, sure_of
from whatworks.publish.methods.handout_parts import (
    PROVISIONAL,
    Block,
    Bullets,
    Handout,
    Heading,
    Outcome,
    Paragraph,
    Run,
    Section,
    Table,
    Words,
    said,
    shortened,
)

HEADS = ("Outcome", "What we say", "In numbers", "How sure", "From")
MOST = 400  # rows of one table; more are in the CSV file
LONGEST = 4000  # characters of one paragraph
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


def word(handout: Handout, *, base: str, at: datetime) -> bytes:
    """The whole page as a Word file; `base` is the centre's address. The same handout gives the same bytes."""
    import docx

    document = docx.Document()
    about = {"title": handout.title, "subject": handout.label, "identifier": handout.identifier}
    told_of(document.core_properties, at=at, **about)
    _styled(document)
    writer = _Writer(document, base)
    _opening(writer, handout)
    _outcomes(writer, handout)
    writer.heading("Who is missing", 1)
    writer.paragraph(handout.missing)
    writer.paragraph((Run(handout.closing),), "IntenseQuote")
    for section in handout.sections:
        _section(writer, section)
    _ending(writer, handout)
    out = io.BytesIO()
    document.save(out)
    return stamped(out.getvalue())


def _styled(document: Any) -> None:
    """A4, our own quiet type, British English, and dark headings that can be read on any paper."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(2)
    for name, size in (("Normal", 11), ("Title", 26), ("Heading 1", 16), ("Heading 2", 13)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), RGBColor(0x17, 0x20, 0x2A)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), "Calibri")
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(theme), None)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


class _Writer:
    """Puts words into a document, each link a hyperlink of its own.

    The elements are made here and not by the library, which looks each style up by name and each cell through its grid: a
    page of 300 rows took a third of a second.
    """

    def __init__(self, document: Any, base: str) -> None:
        self.document, self.base = document, base
        self.end = document.element.body[-1]  # the settings of the page stand last
        self.links: dict[str, str] = {}

    def _placed(self, name: str) -> Any:
        held = self.end.makeelement(f"{W}{name}")
        self.end.addprevious(held)
        return held

    def heading(self, words: str, level: int) -> None:
        self.paragraph((Run(words),), f"Heading{level}" if level else "Title")

    def paragraph(self, words: Words, style: str = "", *, bold: bool = False) -> Any:
        held = self._placed("p")
        if style:
            _child(_child(held, "pPr"), "pStyle", style)
        self.write(held, shortened(words, LONGEST), bold=bold)
        return held

    def write(self, paragraph: Any, words: Words, *, bold: bool = False) -> None:
        """Runs at the end of a paragraph."""
        for run in words:
            href = linked(run.href, self.base)
            parent = self._link(paragraph, href) if href else paragraph
            _run(parent, run.text, bold=bold, underlined=bool(href))

    def _link(self, paragraph: Any, href: str) -> Any:
        from docx.oxml.ns import qn

        if href not in self.links:
            self.links[href] = self.document.part.relate_to(href, HYPERLINK, is_external=True)
        link = _child(paragraph, "hyperlink")
        link.set(qn("r:id"), self.links[href])
        return link

    def table(self, caption: str, head: Sequence[str], rows: Iterable[Sequence[Words]]) -> None:
        """A table whose first row is named as its head and comes again on every page."""
        body = list(rows)
        held = self._placed("tbl")
        settings = _child(held, "tblPr")
        _child(settings, "tblStyle", "TableGrid")
        _child(settings, "tblW", "5000").set(f"{W}type", "pct")
        _child(settings, "tblLook", "0620").set(f"{W}firstRow", "1")
        _child(settings, "tblCaption", clean(caption)[:250] or "Table")
        grid = _child(held, "tblGrid")
        for _ in head:
            _child(grid, "gridCol")
        self._row(held, [(Run(one),) for one in head], head=True)
        for row in body[:MOST]:
            self._row(held, row)
        left = len(body) - MOST
        note = f"{caption} And {left} more rows: see the page." if left > 0 else caption
        self.paragraph((Run(note),), "Caption" if note else "")

    def _row(self, table: Any, cells: Iterable[Words], *, head: bool = False) -> None:
        row = _child(table, "tr")
        settings = _child(row, "trPr")
        _child(settings, "cantSplit")
        if head:
            _child(settings, "tblHeader")
        for words in cells:
            self.write(_child(_child(row, "tc"), "p"), shortened(words, LONGEST), bold=head)


def _child(parent: Any, name: str, value: str = "") -> Any:
    found = parent.makeelement(f"{W}{name}")
    if value:
        found.set(f"{W}w" if name == "tblW" else f"{W}val", value)
    parent.append(found)
    return found


def _run(parent: Any, words: str, *, bold: bool, underlined: bool) -> None:
    run = _child(parent, "r")
    if bold or underlined:
        settings = _child(run, "rPr")
        if bold:
            _child(settings, "b")
        if underlined:
            _child(settings, "u", "dotted")
    held = _child(run, "t")
    held.text = clean(words)
    held.set(SPACE, "preserve")


def _opening(writer: _Writer, held: Handout) -> None:
    writer.heading(held.title, 0)
    named = f"{held.label}{f', {held.theme}' if held.theme else ''}. {held.dated}."
    writer.paragraph((Run(named),))
    if held.lead:
        writer.paragraph((Run(held.lead),))
    answer = writer.paragraph(held.strong, bold=True)
    writer.write(answer, (Run(" "), *held.rest))
    for notice in held.notices:
        writer.paragraph((Run(notice),))


def _outcomes(writer: _Writer, held: Handout) -> None:
    writer.heading(held.outcomes_title, 1)
    caption = "Every outcome of this page, as approved."
    writer.table(caption, HEADS, (_outcome(one) for one in held.outcomes))


def _outcome(one: Outcome) -> tuple[Words, ...]:
    state = one.word + (f" ({PROVISIONAL})" if one.provisional else "") + (f". {one.standing}" if one.standing else "")
    numbers = (*one.sentence, Run(f" {one.dots.told}")) if one.dots else one.sentence
    return ((Run(one.name),), (Run(state),), numbers, (Run(sure_of(one) or "\N{EN DASH}"),), (Run(said(one.studies)),))


def _section(writer: _Writer, section: Section) -> None:
    writer.heading(section.title, 1)
    for block in section.blocks:
        _block(writer, block)


def _block(writer: _Writer, block: Block) -> None:
    if isinstance(block, Heading):
        writer.heading(block.text, 2)
    elif isinstance(block, Paragraph):
        writer.paragraph(block.words)
    elif isinstance(block, Bullets):
        for item in block.items[:MOST]:
            writer.paragraph(item, "ListBullet")
    elif isinstance(block, Table):
        writer.table(block.caption, block.head, block.rows)


def _ending(writer: _Writer, held: Handout) -> None:
    writer.heading("About this copy", 1)
    writer.paragraph((Run(f"{held.dated}, {held.identifier}. {by_of(held)}"),))
    home = Run(writer.base + held.home, held.home)
    writer.paragraph((Run("Newer results, and where every number comes from: "), home))
    writer.paragraph((Run(held.standing),))
