"""A document as a Word file: real headings, tables whose head comes again on each page, the flow diagram as a picture and in words."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from functools import lru_cache
from typing import Any

from whatworks.trial.reports.parts import Block, Bullets, Code, Document, FlowDiagram, Heading, Paragraph, Table
from whatworks.trial.reports.pdf import picture

FIXED = (1980, 1, 1, 0, 0, 0)  # the time of every part of the file, so that the same document gives the same bytes
FONT, MONO = "Calibri", "Consolas"
INK = (0x17, 0x20, 0x2A)


@lru_cache(maxsize=16)
def word(document: Document) -> bytes:
    """The document as .docx; the same document gives the same bytes."""
    import docx

    made = docx.Document()
    _styled(made, document)
    made.add_heading(_clean(document.title), 0)
    made.add_paragraph(_clean(document.kind), "Subtitle")
    if document.notice:
        made.add_paragraph(_clean(document.notice), "Intense Quote")
    for block in document.blocks:
        _block(made, block)
    made.add_paragraph(_clean(document.foot), "Caption")
    out = io.BytesIO()
    made.save(out)
    return _same_each_time(out.getvalue())


def _styled(made: Any, document: Document) -> None:
    """A4, one quiet type, dark headings, and what the file says of itself."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.2)
    page.top_margin = page.bottom_margin = Cm(2)
    for name, size in (("Normal", 11), ("Title", 24), ("Heading 1", 16), ("Heading 2", 13)):
        style = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), RGBColor(*INK)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(theme), None)
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), document.language)
    at = datetime.fromisoformat(document.at).replace(tzinfo=None, microsecond=0)
    about = made.core_properties
    about.title, about.subject = _clean(document.title)[:250], _clean(document.kind)[:250]
    about.identifier = document.identifier[:250]
    about.author = about.last_modified_by = "whatworks"
    about.created = about.modified = at
    about.language, about.comments, about.revision = document.language, _clean(document.notice)[:250], 1


def _block(made: Any, block: Block) -> None:
    if isinstance(block, Heading):
        made.add_heading(_clean(block.text), block.level)
    elif isinstance(block, Paragraph):
        styles = {"lead": "Normal", "notice": "Intense Quote", "small": "Normal"}
        _paragraph(made, block, styles.get(block.manner, "Normal"))
    elif isinstance(block, Bullets):
        for item in block.items:
            made.add_paragraph(_clean(item), "List Bullet")
    elif isinstance(block, Code):
        _code(made, block)
    elif isinstance(block, FlowDiagram):
        _flow(made, block)
    else:
        _table(made, block)


def _paragraph(made: Any, block: Paragraph, style: str) -> None:
    from docx.shared import Pt

    run = made.add_paragraph(style=style).add_run(_clean(block.text))
    if block.manner in ("lead", "small"):
        run.font.size = Pt(13 if block.manner == "lead" else 9)


def _code(made: Any, block: Code) -> None:
    from docx.shared import Pt

    run = made.add_paragraph().add_run(_clean(block.text))
    run.font.name, run.font.size = MONO, Pt(8.5)


def _flow(made: Any, block: FlowDiagram) -> None:
    from docx.shared import Cm

    shown = made.add_picture(io.BytesIO(picture(block)), width=Cm(16.6))
    shown._inline.docPr.set("descr", _clean(" ".join(f"{line}." for line in block.lines)))
    made.add_paragraph(_clean(block.caption), "Caption")
    for line in block.lines:
        made.add_paragraph(_clean(line), "List Bullet")


def _table(made: Any, block: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    if block.caption:
        made.add_paragraph(_clean(block.caption), "Caption")
    lines = ([block.head] if block.head else []) + list(block.rows)
    table = made.add_table(rows=len(lines), cols=len(block.across), style="Table Grid")
    table.autofit = False
    whole = sum(block.across)
    for place, (line, row) in enumerate(zip(lines, table.rows, strict=True)):
        head = bool(block.head) and place == 0
        if head:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for column, (cell, words) in enumerate(zip(row.cells, line, strict=True)):
            cell.width = Cm(16.6 * block.across[column] / whole)
            run = cell.paragraphs[0].add_run(_clean(words))
            run.font.size, run.bold = Pt(9), head or (not block.head and column == 0)
            if column in block.numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made.add_paragraph()


def _clean(words: str) -> str:
    """Without the characters that an XML file may not hold."""
    return "".join(one for one in words if one in "\t\n" or (ord(one) >= 32 and not 0xD800 <= ord(one) <= 0xDFFF))


def _same_each_time(body: bytes) -> bytes:
    """The same parts, each with one fixed time."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as held, zipfile.ZipFile(out, "w") as file:
        for name in held.namelist():
            fixed = zipfile.ZipInfo(name, FIXED)
            fixed.create_system, fixed.external_attr, fixed.compress_type = 3, 0o600 << 16, zipfile.ZIP_DEFLATED
            file.writestr(fixed, held.read(name))
    return out.getvalue()
