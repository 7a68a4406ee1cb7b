"""PubMed XML: every article comes out with every element, whatever stands around it; the document type is never fetched."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from tests.unit.collate.exports import read_bytes, read_text
from tests.unit.collate.structured import PUBMED, PUBMED_ARTICLE, PUBMED_CHAPTER, PUBMED_FOOT, PUBMED_HEAD
from whatworks.collate.methods.records import Record
from whatworks.collate.sources import write_ris
from whatworks.collate.sources.xml_cutting import LONGEST_NAME
from whatworks.collate.sources.xml_records import Written
from whatworks.errors import InputError


def article(**changes: str) -> Record:
    """The record of the article with some of its text changed; a name stands for nothing, pairs are old and new."""
    text = PUBMED_ARTICLE
    for old, new in changes.values():  # type: ignore[misc]
        assert old in text
        text = text.replace(old, new)
    return read_text(PUBMED_HEAD + text + PUBMED_FOOT)[1][0]


def test_an_article_is_read_whole() -> None:
    record = read_text(PUBMED)[1][0]
    assert record.title == "Leaving care & finding a home: the first year."
    assert record.authors == ("Example, Ada M", "Muster, Jörg, Jr", "Leaving Care Study Group")
    assert (record.year, record.venue, record.volume, record.issue) == (2019, "Journal of examples", "74", "1")
    assert (record.pages, record.doi, record.issn) == ("33-44", "10.5555/leaving.2019.004", "1095-9254")
    assert record.abstract == "AIMS: To say what a made-up abstract says.\nRESULTS: It rose by 102 (p < .05)."
    assert record.keywords == ("Adolescent", "Foster Home Care/psychology", "leaving care")
    assert record.identifier == "30000001"
    assert record.values("M3") == ("Journal Article", "Retracted Publication")
    assert record.values("C2") == ("PMC0000001",)


def test_a_chapter_is_in_its_book() -> None:
    record = read_text(PUBMED)[1][1]
    assert (record.entry_type, record.title, record.venue) == ("CHAP", "The first chapter", "A book of examples")
    assert record.values("AU", "ED") == ("Beispiel, Bea", "Ed, Itor")
    assert record.values("PB", "SN") == ("Nowhere Press", "9780000000002")


def test_a_whole_book_is_a_book() -> None:
    text = re.sub(r"<ArticleTitle .*?</ArticleTitle>", "", PUBMED_CHAPTER)
    record = read_text(PUBMED_HEAD + text + PUBMED_FOOT)[1][0]
    assert (record.entry_type, record.title, record.authors) == ("BOOK", "A book of examples", ("Beispiel, Bea",))


@pytest.mark.parametrize("piece", [PUBMED_ARTICLE, PUBMED_CHAPTER])
def test_no_text_and_no_attribute_is_dropped(piece: str) -> None:
    """What no tag is known for (a retraction, a reference, an affiliation) is what somebody will ask for."""
    record = read_text(PUBMED_HEAD + piece + PUBMED_FOOT)[1][0]
    held = " ".join(value for _, value in record.tags)
    plain = held + re.sub(r"<[^>]*>", "", held)
    for element in etree.fromstring(piece).iter():
        for text in (element.text, element.tail, *element.values()):
            for word in (text or "").replace("&", "&amp;").replace("<", "&lt;").split():
                assert word in plain, word


def test_a_retraction_and_a_history_are_kept() -> None:
    record = read_text(PUBMED)[1][0]
    assert 'RefType="RetractionIn"' in record.first("pubmed:CommentsCorrectionsList")
    assert 'PubStatus="received"' in record.first("pubmed:PubmedData")
    assert record.first("pubmed:MedlineCitation@Status") == "MEDLINE"


def test_elements_are_kept_as_they_were_written() -> None:
    """They are cut out of the text, which must give the same as writing the tree anew."""
    record = etree.fromstring(PUBMED_ARTICLE)
    written = Written(PUBMED_ARTICLE)
    for part in [*record[0], record[1]]:
        if part.tag == "Article":
            for child in part:
                assert same(written.of(child), child)
        else:
            assert same(written.of(part), part)


def same(text: str, element: etree._Element) -> bool:
    """Whether the text is this element."""
    return etree.tostring(etree.fromstring(text), method="c14n") == etree.tostring(
        element, method="c14n", with_tail=False
    )


@pytest.mark.parametrize(
    "text",
    [
        "<r><A/><A>b</A></r>",
        "<r><Abstract><AbstractText>x</AbstractText></Abstract><A a='/>'/></r>",
        "<r><A><A>inner</A></A><B/></r>",
        "<r><A><![CDATA[</A><B>]]></A><B>b</B></r>",
        "<r><!-- <A>no</A> --><A>yes</A></r>",
        "<r><AB>1</AB><A>2</A></r>",
        "<r><A >1</A ><A>2</A></r>",
    ],
)
def test_cutting_is_right_where_it_is_tempting_to_be_wrong(text: str) -> None:
    record = etree.fromstring(text)
    written = Written(text)
    assert [same(written.of(child), child) for child in record if isinstance(child.tag, str)].count(False) == 0


def test_tags_go_through_ris_and_back() -> None:
    records = read_text(PUBMED)[1]
    assert [one.tags for one in read_text("".join(write_ris(records)))[1]] == [one.tags for one in records]


# --- dates, pages, names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "year", "tag"),
    [
        ("<Year>2019</Year><Month>Jul</Month><Day>3</Day>", 2019, "2019/07/03"),
        ("<Year>2019</Year><Month>07</Month>", 2019, "2019/07"),
        ("<Year>2019</Year><Season>Spring</Season>", 2019, "2019///Spring"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", 1998, "1998///Dec-1999 Jan"),
        ("<MedlineDate>Winter 2001</MedlineDate>", 2001, "2001///Winter"),
        ("<Year>2019</Year>", 2019, ""),
        ("<MedlineDate>no date</MedlineDate>", 2019, ""),  # the year of the article online
    ],
)
def test_dates(date: str, year: int, tag: str) -> None:
    record = article(change=("<Year>2019</Year><Month>Jul</Month></PubDate>", f"{date}</PubDate>"))
    assert (record.year, record.first("DA")) == (year, tag)
    assert date in record.first("pubmed:Journal")


@pytest.mark.parametrize(
    ("pages", "view"),
    [("33-44", "33-44"), ("e123", "e123"), ("1-9, 12", "1-9, 12"), ("1-9; discussion 10-1", "1-9; discussion 10-1")],
)
def test_pages(pages: str, view: str) -> None:
    assert article(change=("33-44", pages)).pages == view


def test_an_article_number_stands_for_pages() -> None:
    record = article(
        a=("<Pagination><MedlinePgn>33-44</MedlinePgn></Pagination>", ""), b=("S0140-1971(19)30086-6", "e0123456")
    )
    assert record.pages == "e0123456"


def test_a_doi_that_is_known_to_be_wrong_is_no_doi() -> None:
    record = article(change=('"doi" ValidYN="Y"', '"doi" ValidYN="N"'))
    assert record.doi == ""
    assert "10.5555/leaving.2019.004" in record.first("pubmed:ELocationID") or any(
        "10.5555/leaving.2019.004" in value for value in record.values("pubmed:ELocationID")
    )


def test_the_doi_of_a_reference_is_not_the_articles() -> None:
    record = article(change=('<ELocationID EIdType="doi" ValidYN="Y">10.5555/leaving.2019.004</ELocationID>', ""))
    assert record.doi == ""


def test_a_preprint_is_one() -> None:
    assert article(change=("Retracted Publication", "Preprint")).entry_type == "UNPB"


# --- what files do -----------------------------------------------------------------------------------------------------


def test_files_joined_end_to_end_are_one() -> None:
    """People fetch in batches and join them."""
    result, records = read_text(PUBMED + PUBMED)
    assert (result.record_starts, len(records), result.notes) == (4, 4, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings_that_are_declared(encoding: str) -> None:
    text = PUBMED.replace('version="1.0"', f'version="1.0" encoding="{encoding.removesuffix("-sig")}"')
    result, records = read_bytes(text.encode(encoding))
    assert records[0].authors[1] == "Muster, Jörg, Jr"
    assert result.encoding


def test_bytes_of_another_encoding_cost_nothing() -> None:
    result, records = read_bytes(PUBMED.encode("cp1252"))
    assert records[0].authors[1] == "Muster, Jörg, Jr"
    assert (result.encoding, len(result.notes)) == ("utf-8+cp1252", 1)
    assert "Windows" in result.notes[0].text


def test_lines_lead_back_to_the_file() -> None:
    _, records = read_text(PUBMED)
    rows = PUBMED.split("\n")
    assert [rows[record.line - 1].startswith("<Pubmed") for record in records] == [True, True]
    assert [record.position for record in records] == [1, 2]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("</AuthorList>", "</AuthorLst>", "not well-formed"),
        ("</PubmedArticle>", "", "no end tag; the next record begins on line"),
        ("<Language>", "<Language", "not well-formed"),
        ('Owner="NLM"', "Owner=NLM", "not well-formed"),
    ],
)
def test_a_broken_article_costs_only_itself(old: str, new: str, reason: str) -> None:
    broken = PUBMED_ARTICLE.replace(old, new, 1)
    result, records = read_text(PUBMED_HEAD + PUBMED_ARTICLE + broken + PUBMED_CHAPTER + PUBMED_FOOT)
    assert [record.position for record in records] == [1, 3]
    assert len(result.unreadable) == 1
    assert reason in result.unreadable[0].reason
    assert result.record_starts == 3


@pytest.mark.parametrize(
    ("old", "new", "title"),
    [
        ("Leaving", "Leaving\x0b", "Leaving care & finding a home: the first year."),
        ("Leaving", "Leaving&#11;", "Leaving care & finding a home: the first year."),
        ("care &amp; finding", "care & finding", "Leaving care & finding a home: the first year."),
        ("Leaving", "Leaving&nbsp;caf&eacute;", "Leaving café care & finding a home: the first year."),
        ("care &amp;", "care &bogus; &amp;", "Leaving care &bogus; & finding a home: the first year."),
    ],
)
def test_what_xml_forbids_and_exports_hold_is_mended_with_a_note(old: str, new: str, title: str) -> None:
    result, records = read_text(PUBMED.replace(old, new, 1))
    assert records[0].title == title
    assert len(result.notes) == 1


def test_marks_within_comments_and_character_data_are_none() -> None:
    odd = "<!-- </PubmedArticle><PubmedArticle> --><![CDATA[</PubmedArticle><PubmedArticle>]]><?pi <PubmedArticle>?>"
    result, records = read_text(PUBMED.replace("To say", f"To {odd}say", 1))
    assert (result.record_starts, len(records)) == (2, 2)
    assert "</PubmedArticle><PubmedArticle>" in records[0].abstract


def test_what_stands_around_the_records_is_noted() -> None:
    text = PUBMED.replace(PUBMED_FOOT, "<DeleteCitation><PMID>1</PMID></DeleteCitation>left over" + PUBMED_FOOT)
    result, _ = read_text(text.replace("<PubmedArticleSet>", "<PubmedArticleSet><Around>", 1))
    assert any("DeleteCitation" in note.text for note in result.notes)


@pytest.mark.parametrize("size", [1, 7, 300])
def test_records_across_pieces_of_a_file(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file is cut into pieces must not matter: not within a tag, a name, or a character."""
    monkeypatch.setattr("whatworks.collate.sources.lines.CHUNK", size)
    monkeypatch.setattr("whatworks.collate.sources.lines.HEAD", LONGEST_NAME * 2)
    result, records = read_text(PUBMED)
    assert [one.tags for one in records] == [one.tags for one in read_text(PUBMED)[1]]
    assert result.record_starts == 2


# --- files that are cut off --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.2, 0.5, 0.7, 0.9, 0.97])
def test_a_file_that_is_cut_off_is_refused_and_read_in_part(share: float) -> None:
    data = PUBMED.encode()[: int(len(PUBMED.encode()) * share)]
    with pytest.raises(InputError, match="the file ends"):
        read_bytes(data)
    result, records = read_bytes(data, partial=True) if share > 0.9 else (None, [])
    if result:
        assert result.record_starts == len(records) + len(result.unreadable)


def test_a_file_that_is_cut_between_records_is_refused_too() -> None:
    """Nothing is broken in it, and half of the records are missing."""
    with pytest.raises(InputError, match="the file ends before </PubmedArticleSet>"):
        read_text(PUBMED_HEAD + PUBMED_ARTICLE)
    assert len(read_text(PUBMED_HEAD + PUBMED_ARTICLE, partial=True)[1]) == 1
