"""The forms in which a report is given out: what goes in is read back, and nothing in it is run."""

from __future__ import annotations

import csv
import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.collate.exporting import COLUMNS, FORMS, form_named
from whatworks.collate.methods.bibtex_entries import bibtex_entry, escaped, title, verbatim
from whatworks.collate.methods.csl_items import csl_item, csl_problems
from whatworks.collate.methods.notices import CONCERN, Standing
from whatworks.collate.methods.records import Record
from whatworks.collate.methods.shared import Given, Shared, openly_licensed, shared_record
from whatworks.collate.sources import read_stream
from whatworks.errors import InputError
from whatworks.spreadsheets import cell

KINDS = "JOUR BOOK CHAP RPRT THES ELEC CPAPER GEN".split()
# Letters and marks that LaTeX, BibTeX, RIS, CSV or a spreadsheet treat in their own way, among ordinary ones.
WORD = st.text(alphabet="abcdeABCDEéßñü0123456789&%$#_{}~^\\\"'=+-@;:,.()[]/–’", min_size=1, max_size=12)
TEXT = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
FAMILIES, GIVENS = ["Smith", "O’Brien", "van der Berg", "Ångström"], ["A.", "Mary B.", "Jean-Paul", "Zoë"]
NAME = st.builds("{}, {}".format, st.sampled_from(FAMILIES), st.sampled_from(GIVENS))


def read_back(text: str) -> Record:
    (record,) = read_stream(io.BytesIO(text.encode()), path="export")
    return record


def given_of(**changed: Any) -> Given:
    fields: dict[str, Any] = {
        "identifier": "rep-7h3k9q2x",
        "sort": "JOUR",
        "title": "A title",
        "authors": ("Smith, Mary B.",),
        "year": 2020,
        "venue": "A journal",
        "doi": "10.1000/a",
        "url": "https://example.org/a",
    }
    return Given(**(fields | changed))


@given(st.sampled_from(KINDS), TEXT, st.lists(NAME, max_size=4), st.one_of(st.none(), st.integers(1500, 2099)), TEXT)
def test_bibtex_is_read_back_as_it_was(kind: str, name: str, authors: list[str], year: int | None, venue: str) -> None:
    """By our own reader, which knows LaTeX: braces, accents and capitals come back as they were."""
    record = shared_record(given_of(sort=kind, title=name, authors=tuple(authors), year=year, venue=venue), [], None)
    entry = bibtex_entry(csl_item(record), record.identifier)
    back = read_back(entry)
    assert (back.title, back.authors, back.year, back.identifier) == (
        record.title,
        record.authors,
        year,
        "rep-7h3k9q2x",
    )
    assert (back.doi, back.url) == (record.doi, record.url)
    assert entry.count("\n@") == 0, "a value must not begin another entry"


@given(st.sampled_from(KINDS), TEXT, st.lists(NAME, max_size=4), st.one_of(st.none(), st.integers(1500, 2099)), TEXT)
def test_ris_is_read_back_as_it_was(kind: str, name: str, authors: list[str], year: int | None, venue: str) -> None:
    record = shared_record(given_of(sort=kind, title=name, authors=tuple(authors), year=year, venue=venue), [], None)
    pieces = FORMS["ris"].pieces
    assert pieces is not None
    back = read_back("".join(pieces([Shared(record, "https://example.org/")])))
    assert [pair for pair in back.tags if pair[0] != "ER"] == [pair for pair in record.tags if pair[0] != "ER"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Costs & benefits: 100% of $5_000 #1", r"Costs \& benefits: 100\% of \$5\_000 \#1"),
        ("a{b}c\\d~e^f", r"a\textbraceleft{}b\textbraceright{}c\textbackslash{}d\textasciitilde{}e\textasciicircum{}f"),
        ("two\n lines", "two lines"),
        ("Zoë’s naïve façade – 猫", "Zoë’s naïve façade – 猫"),
    ],
)
def test_what_latex_would_run_is_made_plain(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The effect of HIV in the UK on iPads", "The effect of {HIV} in the {UK} on {iPads}"),
        ("DNA and after", "{DNA} and after"),
        ("The Effect of Family Support on Children", "The Effect of Family Support on Children"),
        ("The Effect of the NHS on Family Support", "The Effect of the {NHS} on Family Support"),
        ("Children in Wales", "Children in {Wales}"),
    ],
)
def test_capitals_that_a_style_would_lower_are_held(text: str, shown: str) -> None:
    """Most styles print a title as a sentence: wales and hiv would be wrong, Family Support may go."""
    assert title(text) == shown


def test_an_address_is_neither_escaped_nor_able_to_end_its_field() -> None:
    assert verbatim("https://example.org/a_b?c=%20&d=~e#f") == "https://example.org/a_b?c=%20&d=~e#f"
    assert verbatim("https://example.org/{a} b") == "https://example.org/%7Ba%7D%20b"


def test_a_body_and_a_name_with_and_are_held_together() -> None:
    item = {
        "id": "x",
        "type": "report",
        "title": "T",
        "author": [{"literal": "Trust and Hope"}, {"family": "Black and White", "given": "A."}],
    }
    assert "author = {{Trust and Hope} and {Black and White}, A.}" in bibtex_entry(item, "x")


OWN = Record(1, 1, (("TY", "JOUR"), ("TI", "Own"), ("VL", "1"), ("SP", "10"), ("AB", "Own abstract"), ("KW", "term")))
OTHER = Record(
    1, 1, (("TY", "JOUR"), ("VL", "2"), ("IS", "3"), ("SP", "90"), ("EP", "99"), ("PB", "Press"), ("AB", "Other"))
)


def test_facts_come_from_the_first_record_that_has_them() -> None:
    """Halves of two page ranges are no range: 10 to 99 would be invented."""
    record = shared_record(given_of(), [OWN, OTHER], None)
    assert (record.volume, record.issue, record.pages, record.first("PB")) == ("1", "3", "10", "Press")
    assert (record.title, record.identifier, record.abstract, record.keywords) == ("A title", "rep-7h3k9q2x", "", ())


def test_abstracts_come_from_licensed_records_only() -> None:
    record = shared_record(given_of(), [OWN, OTHER], None, [OTHER])
    assert (record.abstract, record.keywords) == ("Other", ())


@pytest.mark.parametrize(
    ("tag", "value", "free"),
    [
        ("crossref:license", '[{"URL":"http://creativecommons.org/licenses/by/4.0/"}]', True),
        ("crossref:license", '[{"URL":"https://creativecommons.org/publicdomain/zero/1.0/"}]', True),
        ("crossref:license", '[{"URL":"https://creativecommons.org/licenses/by-nc/4.0/"}]', False),
        ("crossref:license", '[{"URL":"https://www.elsevier.com/tdm/userlicense/1.0/"}]', False),
        ("openalex:primary_location", '{"license": "cc-by", "version": "publishedVersion"}', True),
        ("openalex:primary_location", '{"license":"cc-by-nc-nd"}', False),
        ("AB", "see https://creativecommons.org/licenses/by/4.0/", False),
    ],
)
def test_which_licences_are_open(tag: str, value: str, free: bool) -> None:
    assert openly_licensed(Record(1, 1, (("TY", "JOUR"), (tag, value)))) is free


def one(**changed: Any) -> Shared:
    standing = Standing(CONCERN, datetime.date(2024, 5, 31), "https://example.org/notice", "Why")
    return Shared(
        shared_record(given_of(**changed), [OWN], standing), "https://example.org/reports/rep-7h3k9q2x/", standing
    )


def test_a_notice_goes_with_every_form() -> None:
    """Whoever takes a report away must learn that its publisher warns of it."""
    for name, form in FORMS.items():
        if form.pieces is not None:
            text = "".join(form.pieces([one()]))
            assert "concern" in text.lower() and "2024" in text, name
            assert "https://example.org/notice" in text, name
    (item,) = json.loads("".join(FORMS["csl"].pieces([one()])))  # type: ignore[misc]
    assert csl_problems(item) == [] and item["custom"]["notice"]["nature"] == "concern"


@pytest.mark.parametrize("title_given", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")'])
def test_no_cell_is_run(title_given: str) -> None:
    """A title from a stranger's export must not become a formula on a librarian's desk."""
    pieces = FORMS["csv"].pieces
    assert pieces is not None
    _, row = csv.reader(io.StringIO("".join(pieces([one(title=title_given)]))))
    assert row[COLUMNS.index("title")].startswith("'")
    assert cell(title_given) == f"'{title_given}" and cell("\tx") == "'\tx" and cell(-1) == -1


@given(st.lists(TEXT, max_size=3))
def test_a_table_and_json_lines_hold_every_report(titles: list[str]) -> None:
    given_out = [one(title=name) for name in titles]
    table = list(csv.DictReader(io.StringIO("".join(FORMS["csv"].pieces(given_out)))))  # type: ignore[misc]
    lines = [json.loads(line) for line in "".join(FORMS["jsonl"].pieces(given_out)).splitlines()]  # type: ignore[misc]
    assert [line["title"] for line in lines] == [" ".join(name.split()) for name in titles]
    assert len(table) == len(titles) and all(set(row) == set(COLUMNS) for row in table)


def test_the_ending_tells_the_form() -> None:
    assert {form_named(Path(f"out.{form.ending}")) for form in FORMS.values()} == set(FORMS.values())
    with pytest.raises(InputError, match=r"cannot be written as \.pdf; end the name in one of \.ris"):
        form_named(Path("out.pdf"))
