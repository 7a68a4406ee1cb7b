"""Documents are set from words that anybody may have written: nothing in them is markup, and every letter has a form or a sign."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from whatworks.paper.typesetting import TypesettingError, typeset
from whatworks.trial.reports.parts import (
    Box,
    Bullets,
    Code,
    Document,
    FlowArm,
    FlowDiagram,
    Heading,
    Paragraph,
    Table,
)
from whatworks.trial.reports.pdf import pdf, picture
from whatworks.trial.reports.text import COLUMNS, text
from whatworks.trial.reports.word import word

HOSTILE = '#panic("x") ]] $ */ <w:t>&amp;</w:t> "quoted" \\u{41} _not_ *bold* @here'
STRANGE = "naïve Łódź \N{ARABIC LETTER BEH}\N{ARABIC LETTER ALEF} \N{SNAKE} \N{ZERO WIDTH JOINER}bell\x07 \N{MINUS SIGN}0.3 “so”"
FLOW = FlowDiagram(
    "Who took part",
    (Box("Assessed", "26 units"), Box("Declined", "2 units", ("no room: 1", HOSTILE))),
    "24 units allocated",
    (FlowArm("usual", (Box("Allocated", "12 units"), Box("Lost", "3 people")), "88% stayed"), FlowArm("offered", ())),
)


def document(*blocks: Any, title: str = "A title", notice: str = "") -> Document:
    return Document("Report", title, "an-id", "2026-03-01T09:00:00+00:00", notice, "The foot", "en-GB", blocks)


def every(words: str) -> Document:
    """A document with these words wherever words may stand."""
    return document(
        Heading(words), Paragraph(words, "lead"), Paragraph(words, "notice"), Paragraph(f"{words}\n{words}", "small"),
        Bullets((words,)), Table(words, (words, "n"), ((words, "1"),), (3, 1), (1,)), Table("", (), ((words, words),)),
        Code(words), FlowDiagram(words, (Box(words, words, (words,)),), words, (FlowArm(words, (Box(words, words),), words),)),
        title=words, notice=words,
    )  # fmt: skip


def pdf_words(body: bytes) -> str:
    from pypdf import PdfReader

    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).split())


def test_what_looks_like_a_command_is_a_word() -> None:
    made = every(HOSTILE)
    assert pdf_words(pdf(made)).count("panic") >= 12
    with zipfile.ZipFile(io.BytesIO(word(made))) as file:
        xml = file.read("word/document.xml").decode()
    assert "&lt;w:t&gt;&amp;amp;&lt;/w:t&gt;" in xml and "<w:t>&amp;</w:t>" not in xml
    assert text(made).count('#panic("x")') >= 12


def test_letters_that_the_fonts_lack_become_a_sign_and_the_others_stay() -> None:
    made = every(STRANGE)
    told = pdf_words(pdf(made))
    assert "naïve Łódź" in told and "\N{SNAKE}" not in told and "bell" in told
    import docx

    words = " ".join(one.text for one in docx.Document(io.BytesIO(word(made))).paragraphs)
    assert "\N{SNAKE}" in words and "\x07" not in words


def test_empty_blocks_are_no_error() -> None:
    made = document(
        Paragraph(""), Bullets(()), Table("", ("a", "b"), ()), Table("", (), ()), FlowDiagram("", (), "", ())
    )
    assert pdf(made).startswith(b"%PDF") and word(made) and text(made)


def test_a_digest_may_break_but_is_copied_whole() -> None:
    digest = "0123456789abcdef" * 4
    narrow = Table("", ("a", "b", "c", "d"), (("x", digest, "y", "z"),), (4, 1, 4, 4))
    assert digest in pdf_words(pdf(document(narrow))).replace(" ", "")


def test_text_keeps_its_width_but_for_code_and_long_words() -> None:
    made = document(Paragraph("word " * 60), Table("c " * 60, ("a", "b"), (("x " * 60, "y " * 60),)), FLOW)
    assert all(len(line) <= COLUMNS for line in text(made).splitlines())


def test_a_flow_diagram_is_drawn_and_told() -> None:
    assert picture(FLOW).startswith(b"\x89PNG")
    told, drawn = text(document(FLOW)), pdf_words(pdf(document(FLOW)))
    for part in ("Assessed: 26 units", "24 units allocated", "usual. Lost: 3 people", "usual. 88% stayed"):
        assert part in told
    for part in ("Assessed", "26 units", "24 units allocated", "3 people", "88% stayed"):
        assert part in drawn


def test_the_same_document_gives_the_same_bytes_and_another_moment_others() -> None:
    import dataclasses

    one = every("words")
    first = pdf(one), word(one)
    for cache in (pdf, word, picture):
        cache.cache_clear()
    assert (pdf(one), word(one)) == first
    later = dataclasses.replace(one, at="2026-03-02T09:00:00+00:00")
    assert pdf(later) != first[0] and word(later) != first[1]


def test_a_source_that_cannot_be_set_says_why() -> None:
    with pytest.raises(TypesettingError, match="unclosed delimiter"):
        typeset("#box[", {"data": "{}"})
