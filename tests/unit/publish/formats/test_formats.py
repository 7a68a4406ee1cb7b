"""Paper, Word, slide and text: one page, real headings, the same bytes each time, and no text that becomes a command."""

from __future__ import annotations

import io
import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.publish.handouts import dots, outcome, page, table
from whatworks.publish.formats.pdf import pdf
from whatworks.publish.formats.slide import slide
from whatworks.publish.formats.text import COLUMNS, text
from whatworks.publish.formats.word import word
from whatworks.publish.methods.handout import handout
from whatworks.publish.methods.handout_parts import Handout

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
BASE = "https://evidence.example.org"
SAFETY = outcome("Safety", safety=True, provisional=False, certainty=None, eyebrow=[], table=None,
                 state={"key": "not-searched", "shape": "unsearched", "css": "unsure", "word": "Not searched"},
                 sentence=["We have not looked for what the studies say about safety."])  # fmt: skip
LONG = [outcome(f"Outcome {number} with a name of some length", hundred=dots()) for number in range(70)]
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
HOSTILE = '#panic("x") $x$ *b* _i_ `c` <script> &amp; ]]> \\ "q" {{ x }} =HYPERLINK("x") @ref <w:p/> ​\x00\x07 \N{GRINNING FACE}漢字'


def made(content: dict[str, Any]) -> Handout:
    return handout(content)


def pages_and_words(body: bytes) -> tuple[int, str]:
    import pypdfium2

    with pypdfium2.PdfDocument(body) as file:
        return len(file), " ".join(file[0].get_textpage().get_text_bounded().split())


def test_the_page_says_everything_that_it_must() -> None:
    body = pdf(made(page(outcome(contact=True, hundred=dots()), SAFETY, lead="Streets.")), base=BASE, at=AT)
    count, words = pages_and_words(body)
    assert count == 1
    for part in (
        "Slow zones", "We cannot tell whether it helps.", "Uncertain: we cannot tell", "Low certainty, judged by two people",
        "29", "with usual signs", "Not searched", "about safety", "Who is missing", "Not recorded: ages",
        "This is about groups; it cannot say what is right for this child.", "Revision 2, 1 June 2026", "pag-00000001",
        "Published by two people", f"{BASE}/evidence/slow-zones/", "provisional",
    ):  # fmt: skip
        assert part.replace(" ", "") in words.replace(" ", ""), part  # a line may end anywhere


def test_the_page_can_be_read_out_and_kept() -> None:
    """Tags, a title, a language and words for the drawing; PDF/UA-1 and PDF/A-2a are what the file claims to be."""
    import pypdf

    body = pdf(made(page(outcome(hundred=dots()))), base=BASE, at=AT)
    file = pypdf.PdfReader(io.BytesIO(body))
    root: Any = file.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/StructTreeRoot"]
    assert str(root["/Lang"]).startswith("en")
    assert file.metadata is not None and file.metadata.title == "Slow zones"
    claims = root["/Metadata"].get_object().get_data().decode()
    assert "pdfuaid:part>1<" in claims and "pdfaid:part>2<" in claims
    alternatives = re.findall("29 of 100 streets had injuries with usual signs", _structure(root["/StructTreeRoot"]))
    assert alternatives, "a drawing without words is nothing to who cannot see it"


def _structure(node: Any, depth: int = 0) -> str:
    """Every text alternative in a file's structure."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return " ".join(_structure(one, depth + 1) for one in node)
    if not isinstance(node, dict) or depth > 60:
        return ""
    return f"{node.get('/Alt', '')} {_structure(node.get('/K', []), depth + 1)}"


def test_too_much_is_left_out_by_whole_outcomes_and_counted() -> None:
    count, words = pages_and_words(pdf(made(page(*LONG)), base=BASE, at=AT))
    assert count == 1
    left = re.search(r"And (\d+) more outcomes: see the page", words)
    assert left
    named = len(set(re.findall(r"Outcome (\d+) with a name", words)))
    assert named + int(left[1]) == len(LONG)
    assert "This is about groups" in words and "Who is missing" in words


@pytest.mark.parametrize("number", [1, 4, 9, 21])
def test_it_is_one_page_however_many_outcomes_there_are(number: int) -> None:
    """And every outcome is named, as long as there is room for names."""
    count, words = pages_and_words(pdf(made(page(*LONG[:number])), base="", at=AT))
    assert count == 1
    assert all(f"Outcome {at} with a name" in words for at in range(number)) or "more outcome" in words


def test_the_longest_texts_fit_on_one_page() -> None:
    """Every part at or beyond its limit: what does not fit is said to be on the page."""
    sentence = "A sentence that goes on for quite a while and says what there is to say about it. " * 30
    long = outcome(
        "Name " * 60, sentence=[sentence], eyebrow=[sentence], hundred=dots(before_label="with " * 40, of=sentence)
    )
    given_page = page(*[long] * 40, title="A title of many words " * 7, lead=sentence, banner=[sentence],
                      answer={"strong": [sentence], "rest": [sentence]})  # fmt: skip
    count, words = pages_and_words(pdf(made(given_page), base=BASE, at=AT))
    assert count == 1
    assert "This is about groups" in words and "Revision 2" in words and "More is on the page." in words


def test_a_page_without_outcomes_is_a_page() -> None:
    held = made(page(kind="note", answer={"strong": ["We hold no results about this yet."], "rest": [" See below."]}))
    assert pages_and_words(pdf(held, base=BASE, at=AT))[0] == 1
    assert "We hold no results about this yet. See below." in text(held, base=BASE)
    assert word(held, base=BASE, at=AT) and slide(held, base=BASE, at=AT)


@pytest.mark.parametrize("make", [pdf, word, slide])
def test_the_same_revision_is_the_same_bytes(make: Any) -> None:
    """Times of making in a file would make two copies of one revision look like two."""
    held = made(page(outcome(hundred=dots(), table=table()), SAFETY))
    first = make(held, base=BASE, at=AT)
    assert first == make(held, base=BASE, at=AT)
    assert first != make(held, base=BASE, at=datetime(2026, 6, 2, 12, tzinfo=UTC))


def test_what_anybody_typed_is_text_in_every_format() -> None:
    """Markup of the typesetter, of XML and of spreadsheets, and letters that fonts or files may not hold."""
    held = made(page(outcome(HOSTILE, sentence=[HOSTILE], table=table()), title=HOSTILE, lead=HOSTILE,
                     answer={"strong": [HOSTILE], "rest": [HOSTILE]}))  # fmt: skip
    count, words = pages_and_words(pdf(held, base=BASE, at=AT))
    assert count == 1
    assert '#panic("x")$x$*b*_i_`c`<script>' in words.replace(" ", "")
    for body in (word(held, base=BASE, at=AT), slide(held, base=BASE, at=AT)):
        assert body[:2] == b"PK"
    document = opened(word(held, base=BASE, at=AT))
    assert "<script>" in document.paragraphs[0].text and "<w:p/>" in document.paragraphs[0].text


@settings(max_examples=8)
@given(anything, anything)
def test_no_letter_stops_a_format(name: str, sentence: str) -> None:
    held = made(page(outcome(name, sentence=[sentence]), title=sentence or "x"))
    assert pages_and_words(pdf(held, base=BASE, at=AT))[0] == 1
    assert len(showed(slide(held, base=BASE, at=AT)).slides) == 1
    assert opened(word(held, base=BASE, at=AT)).tables


def opened(body: bytes) -> Any:
    import docx

    return docx.Document(io.BytesIO(body))


def showed(body: bytes) -> Any:
    import pptx

    return pptx.Presentation(io.BytesIO(body))


def test_word_has_headings_and_tables_with_heads_and_links() -> None:
    document = opened(word(made(page(outcome(table=table()), SAFETY)), base=BASE, at=AT))
    headings = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert headings[:2] == ["What happens", "Who is missing"]
    assert document.paragraphs[0].style.name == "Title"
    for held in document.tables:
        assert held.rows[0]._tr.xpath("./w:trPr/w:tblHeader"), "the head must come again on the next page"
    assert [cell.text for cell in document.tables[0].rows[0].cells][:2] == ["Outcome", "What we say"]
    links = {one.target_ref for one in document.part.rels.values() if one.is_external}
    assert f"{BASE}/trace/syn-00000001/" in links and "https://doi.org/10.1/1" in links
    assert document.core_properties.language == "en-GB"


@pytest.mark.parametrize("make", [pdf, word, slide])
def test_without_an_address_no_link_leads_into_nothing(make: Any) -> None:
    """A file made on somebody's own machine must not point others at theirs."""
    import pypdf

    body = make(made(page(outcome())), base="", at=AT)
    if make is pdf:
        marks: Any = [one.get_object() for one in pypdf.PdfReader(io.BytesIO(body)).pages[0].get("/Annots", [])]
        assert not [one for one in marks if "/trace/" in str(one)]
    else:
        part = opened(body).part if make is word else showed(body).slides[0].part
        assert not [one for one in part.rels.values() if one.is_external and "/trace/" in one.target_ref]


def test_the_slide_has_a_title_pictures_with_words_and_notes() -> None:
    (held,) = showed(slide(made(page(outcome(hundred=dots()), SAFETY)), base=BASE, at=AT)).slides
    assert held.shapes.title.text_frame.text == "Slow zones"
    told = [one._element.nvPicPr.cNvPr.get("descr") for one in held.shapes if one.shape_type == 13]
    assert "29 of 100 streets had injuries with usual signs" in told and all(told)
    assert "This is about groups" in held.notes_slide.notes_text_frame.text
    sizes = [run.font.size.pt for one in held.shapes if one.has_text_frame for run in one.text_frame.paragraphs[0].runs]
    assert min(sizes) >= 11


@settings(max_examples=30)
@given(anything, anything)
def test_plain_text_keeps_within_its_columns(name: str, sentence: str) -> None:
    found = text(made(page(outcome(name, sentence=[sentence]))), base=BASE)
    for line in found.splitlines():
        assert len(line) <= COLUMNS or " " not in line.strip(), line


def test_making_the_worst_page_takes_bounded_time() -> None:
    """A page with everything in it must not hold the server."""
    started = time.monotonic()
    pdf(made(page(*LONG)), base=BASE, at=AT)
    assert time.monotonic() - started < 15  # a second on a quiet machine; the typesetter is ended after 20
