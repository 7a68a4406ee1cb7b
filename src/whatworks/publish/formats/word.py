"""A Word document: real headings and tables with repeated head rows, each number a link to where it came from."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from whatworks.paper.stamped import PROPERTIES, Mould, Relations, cast, mould, properties, xml
from whatworks.publish.formats.pdf import linked
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
DOCUMENT, LINKS = "word/document.xml", "word/_rels/document.xml.rels"
END = "<w:sectPr"  # the settings of the page stand last in the body
TABLES = ("TableNormal", "TableGrid")  # of the hundred styles of tables that the library brings, those that are used
LEFT_OUT = ("stylesWithEffects", "customXml", "thumbnail")  # parts of the library's template that say nothing of ours


def word(handout: Handout, *, base: str, at: datetime) -> bytes:
    """The whole page as a Word file; `base` is the centre's address. The same handout gives the same bytes."""
    empty = _mould()
    writer = _Writer(Relations(empty.parts[LINKS]), base)
    _opening(writer, handout)
    _outcomes(writer, handout)
    writer.heading("Who is missing", 1)
    writer.paragraph(handout.missing)
    writer.paragraph((Run(handout.closing),), "IntenseQuote")
    for section in handout.sections:
        _section(writer, section)
    _ending(writer, handout)
    before, end, after = empty.parts[DOCUMENT].partition(END)
    about = properties(title=handout.title, subject=handout.label, at=at, identifier=handout.identifier)
    document = "".join((before, *writer.body, end, after))
    return cast(empty, {PROPERTIES: about, DOCUMENT: document, LINKS: writer.links.part()})


def plain_word(
    *, title: str, label: str, lead: str, sections: Iterable[Section], base: str, at: datetime, identifier: str = ""
) -> bytes:
    """Any sections under a title as a Word file; the same sections give the same bytes."""
    empty = _mould()
    writer = _Writer(Relations(empty.parts[LINKS]), base)
    writer.heading(title, 0)
    writer.paragraph((Run(lead),))
    for section in sections:
        _section(writer, section)
    before, end, after = empty.parts[DOCUMENT].partition(END)
    about = properties(title=title, subject=label, at=at, identifier=identifier)
    document = "".join((before, *writer.body, end, after))
    return cast(empty, {PROPERTIES: about, DOCUMENT: document, LINKS: writer.links.part()})


@lru_cache(maxsize=1)
def _mould() -> Mould:
    """An empty document as the library makes it, in our own type, without what no document of ours uses."""
    import docx

    document = docx.Document()
    _styled(document)
    for held in (document.part.rels, document.part.package.rels):
        for name in [name for name, one in held.items() if one.reltype.rpartition("/")[2] in LEFT_OUT]:
            del held[name]
    out = io.BytesIO()
    document.save(out)
    return mould(out.getvalue(), filled=(DOCUMENT, LINKS))


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
    for style in document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:styleId")) not in TABLES:
            document.styles.element.remove(style)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


class _Writer:
    """Puts words into a document, each link a hyperlink of its own.

    The text of the document is made here and not by the library, which looks each style up by name and each cell through
    its grid: a page of 300 rows took a third of a second.
    """

    def __init__(self, links: Relations, base: str) -> None:
        self.links, self.base = links, base
        self.body: list[str] = []

    def heading(self, words: str, level: int) -> None:
        self.paragraph((Run(words),), f"Heading{level}" if level else "Title")

    def paragraph(self, words: Words, style: str = "", *, strong: Words = ()) -> None:
        """Words in a style of the mould, the strong ones before the others."""
        styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        shown = self._runs(shortened(strong, LONGEST), bold=True) + self._runs(shortened(words, LONGEST))
        self.body.append(f"<w:p>{styled}{shown}</w:p>")

    def _runs(self, words: Words, *, bold: bool = False) -> str:
        return "".join(self._run(run, bold=bold) for run in words)

    def _run(self, run: Run, *, bold: bool) -> str:
        href = linked(run.href, self.base)
        set_as = ("<w:b/>" if bold else "") + ('<w:u w:val="dotted"/>' if href else "")
        told = f"<w:rPr>{set_as}</w:rPr>" if set_as else ""
        held = f'<w:r>{told}<w:t xml:space="preserve">{xml(run.text)}</w:t></w:r>'
        return f'<w:hyperlink r:id="{self.links.to("hyperlink", href)}">{held}</w:hyperlink>' if href else held

    def table(self, caption: str, head: Sequence[str], rows: Iterable[Sequence[Words]]) -> None:
        """A table whose first row is named as its head and comes again on every page."""
        body = list(rows)
        settings = (
            '<w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/><w:tblLook w:val="0620" w:firstRow="1"/>'
        )
        named = f'<w:tblCaption w:val="{xml(caption[:250]) or "Table"}"/>'
        self.body.append(
            f"<w:tbl><w:tblPr>{settings}{named}</w:tblPr><w:tblGrid>{'<w:gridCol/>' * len(head)}</w:tblGrid>"
        )
        self._row([(Run(one),) for one in head], head=True)
        for row in body[:MOST]:
            self._row(row)
        self.body.append("</w:tbl>")
        left = len(body) - MOST
        note = f"{caption} And {left} more rows: see the page." if left > 0 else caption
        self.paragraph((Run(note),), "Caption" if note else "")

    def _row(self, cells: Iterable[Words], *, head: bool = False) -> None:
        settings = "<w:cantSplit/><w:tblHeader/>" if head else "<w:cantSplit/>"
        shown = (f"<w:tc><w:p>{self._runs(shortened(one, LONGEST), bold=head)}</w:p></w:tc>" for one in cells)
        self.body.append(f"<w:tr><w:trPr>{settings}</w:trPr>{''.join(shown)}</w:tr>")


def _opening(writer: _Writer, held: Handout) -> None:
    writer.heading(held.title, 0)
    named = f"{held.label}{f', {held.theme}' if held.theme else ''}. {held.dated}."
    writer.paragraph((Run(named),))
    if held.lead:
        writer.paragraph((Run(held.lead),))
    writer.paragraph((Run(" "), *held.rest), strong=held.strong)
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
