"""BibTeX: every way of writing an entry is understood or reported with its line; nothing of it is dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import SHARED, needs_shared
from tests.unit.collate.exports import read_bytes, read_text
from tests.unit.collate.samples import SAMPLES
from whatworks.collate.methods import bibtex_fields, bibtex_parsing
from whatworks.collate.methods.bibtex_fields import TEXTS, meaning, name_of
from whatworks.collate.methods.bibtex_parsing import Entry, entries
from whatworks.collate.methods.bibtex_tags import quick_tags, tags_of
from whatworks.collate.methods.fields import one_line
from whatworks.collate.methods.latex import plain
from whatworks.collate.methods.records import Record
from whatworks.collate.methods.translating import first_and_last_page
from whatworks.collate.sources import bibtex, read
from whatworks.errors import InputError


def one(text: str) -> Record:
    (record,) = read_text(text)[1]
    return record


def test_the_views() -> None:
    result, (first, second, third) = read_bytes(SAMPLES["BibTeX"])
    assert (first.title, first.doi) == ("Leaving care and finding a Home: what écoles say", "10.5555/leaving.2019.004")
    assert first.authors == ("Example, Ada M.", "Muster, Jörg", "Department of Examples")
    assert (first.venue, first.year, first.pages, first.issn) == ("Journal of Examples II", 2019, "33-44", "0140-1971")
    assert first.abstract == "A made-up abstract: 95% of it\non two lines."
    assert (first.keywords, first.identifier) == (("leaving care", "housing"), "example_leaving_2019")
    assert (second.entry_type, second.authors, second.values("A2")) == (
        "CHAP", ("van der Beispiel, Berta",), ("Example, Ada",),
    )  # fmt: skip
    assert (third.title, third.url) == ('A quoted "title"', "https://example.org/~a_b")
    assert result.notes == []


def test_what_was_changed_is_kept_as_written() -> None:
    first = read_bytes(SAMPLES["BibTeX"])[1][0]
    assert first.values("bibtex:title") == (r"Leaving care and finding a {Home}: what {\'e}coles say",)
    assert first.values("bibtex:journal") == ('jex # " II"',)
    assert first.values("bibtex:month", "bibtex:date-added", "bibtex:entrytype") == ("jul", "2024-05-01", "article")


@pytest.mark.parametrize(
    ("entry", "tag", "value"),
    [
        ("@misc{a, title = {One {two {three}}}}", "TI", "One two three"),
        ('@misc{a, title = "One" # { two}}', "TI", "One two"),
        ("@misc(a, title = {One (two)})", "TI", "One (two)"),
        ("@MISC{a,TITLE={One}}", "TI", "One"),
        ("@misc{a, title = {One},, year = 2019,}", "PY", "2019"),
        ("@misc{a, title = {One}\n% a comment, {\nyear = {2019}}", "PY", "2019"),
        ("@misc{a, date = {2019-07-01}}", "PY", "2019"),
        ("@misc{a, title = {One}, subtitle = {Two}}", "TI", "One: Two"),
        (r"@misc{a, doi = {10.5555/a\_b}}", "DO", "10.5555/a_b"),
        (r"@misc{a, howpublished = {\url{https://example.org/a_b}}}", "UR", "https://example.org/a_b"),
        ("@misc{a, journaltitle = {Examples}}", "JF", "Examples"),
        ("@misc{a, crossref = {b}}", "bibtex:crossref", "b"),
        ("@misc{a, title = {5 \\{ open}}", "TI", "5 { open"),
        ("@misc{a, month = jan # \"~1\"}", "bibtex:month", 'jan # "~1"'),
        ("@misc{a b, title = {One}}", "ID", "a b"),
        ("@misc{a\n title = {One}}", "ID", "a"),
    ],
)  # fmt: skip
def test_ways_of_writing(entry: str, tag: str, value: str) -> None:
    assert value in one(entry).values(tag)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\'{e}\`a\^{\i}\~n\"{u}\c{c}\v{s}\H{o}\k{a}", "éàîñüçšőą"),
        (r"{\O}re {\ss} \aa{} {\ae} \L{}odz", "Øre ß å æ Łodz"),
        (r"95\% \& \_ \#", "95% & _ #"),
        (r"\$5 and \$6", "$5 and $6"),
        (r"{\textless} $\beta$ \textendash{} \emph{so}", "< β – so"),
        (r"pages 1--2, `a' ``b''", "pages 1–2, `a' “b”"),
        (r"\unknown{x} ~ y", r"\unknownx   y"),
    ],
)
def test_latex(latex: str, text: str) -> None:
    assert plain(latex) == text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Ada M. Example", "Example, Ada M."),
        ("Example, Ada M.", "Example, Ada M."),
        ("Jan van der Berg", "van der Berg, Jan"),
        ("King, Jr., Martin", "King, Martin, Jr."),
        ("{Department for Education}", "Department for Education"),
        ("Department for Education", "Department for Education"),
        ("others", ""),
        ("Plato", "Plato"),
    ],
)
def test_names(name: str, said: str) -> None:
    assert name_of(name) == said


def test_an_entry_that_is_never_closed_costs_no_other() -> None:
    text = "@misc{a,\n title = {Open\n}\n\n@misc{b,\n title = {Whole},\n}\n"
    result, records = read_text(text)
    assert [record.title for record in records] == ["Whole"]
    assert [(bad.line, "braces are not closed" in bad.reason) for bad in result.unreadable] == [(1, True)]


def test_a_file_cut_inside_an_entry_is_refused() -> None:
    text = "@misc{a,\n title = {One},\n}\n@misc{b,\n title = {Tw"
    with pytest.raises(InputError, match=r"record on line 4.*--partial"):
        read_text(text)
    assert len(read_text(text, partial=True)[1]) == 1
    with pytest.raises(InputError, match="within the first line of an entry"):
        read_text("@misc{a,\n title = {One},\n}\n@mis")


def test_what_is_odd_is_noted_with_its_line() -> None:
    text = "@misc{a, title={One}}\n@misc{a, title={Two} year={2019}}\nhello\n@misc{, title={Three}}\n@misc{d,}\n"
    result, records = read_text(text)
    assert len(records) == 4
    said = {(note.line, note.text[:22]) for note in result.notes}
    assert said == {
        (2, "a comma is missing bef"), (2, "the key 'a' stands mor"), (3, "text stands outside ev"),
        (4, "the entry has no key"), (5, "the entry is empty: it"),
    }  # fmt: skip


def test_macros_of_macros_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bibtex_parsing, "LONGEST_VALUE", 1000)
    lines = ["@string{a0 = {0123456789}}"] + [f"@string{{a{n} = a{n - 1} # a{n - 1}}}" for n in range(1, 60)]
    text = "\n".join([*lines, "@misc{x, title = a59}", "@misc{y, title = {Whole}}"])
    result, records = read_text(text)
    assert records[-1].title == "Whole"
    assert all(len(value) < 2000 for record in records for _, value in record.tags)
    assert any("@string" in note.text for note in result.notes)
    monkeypatch.setattr(bibtex, "MACROS_KEPT", 500)
    with pytest.raises(InputError, match="its macros"):
        read_text(text)


def test_an_entry_beyond_the_bound_is_listed_and_the_rest_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bibtex, "LONGEST_RECORD", 500)
    text = f"@misc{{a,\n title = {{{'long ' * 200}}},\n}}\n@misc{{b,\n title = {{Whole}},\n}}\n"
    result, records = read_text(text)
    assert [record.title for record in records] == ["Whole"]
    assert "longer than 500" in result.unreadable[0].reason


PARTS = st.lists(
    st.sampled_from(
        [
            "title",
            "x-1",
            "subtitle",
            "Year = {2019},\n",
            "author = {A and {B, C}},\n",
            " = ",
            "=",
            "{",
            "}",
            "},\n",
            "{One}",
            '"Two"',
            "2019",
            "jan",
            ",",
            ",\n",
            "\n",
            " ",
            "#",
            "%",
            "\t",
            "é",
            "}\n}",
            "},\n title = {One",
            '",\n title = "One',
            'title = "One',
            '",\n',
            "month = aug,\n",
            "\n year = 2019",
        ]
    ),
    max_size=14,
)


@given(PARTS)
def test_the_plain_path_gives_what_the_careful_one_gives(parts: list[str]) -> None:
    text = "@misc{key," + "".join(parts) + "}\n"
    quick = quick_tags(text, {})
    if quick:
        (careful,) = entries(text, {})
        assert isinstance(careful, Entry) and not careful.fault and not careful.notes
        assert quick == (careful.key, tags_of(careful))


@pytest.mark.parametrize(
    "fields",
    [
        "\ttitle = {One {TWO}},\n\tyear = {2019},\n",
        "title={One},\n  year={2019}\n",
        '  title = "One {TWO}",\n  year = "2019"\n',
        '  title = "One",\n  month = aug,\n  author = "Example, Ada",\n  year = 2019\n',
        "  title = {One},\n  month = aug,\n  pages = {1--2},\n  year = 2019,\n",
    ],
)
def test_layouts_of_programs_take_the_plain_path(fields: str) -> None:
    """Else they would still be read right, but slowly."""
    text = f"@article{{key,\n{fields}}}\n"
    (careful,) = entries(text, {})
    assert isinstance(careful, Entry)
    assert quick_tags(text, {}) == ("key", tags_of(careful))
    assert quick_tags(text, {"aug": "8"}) is None or "aug" not in text


@given(st.text(st.sampled_from("ab \\%&_#{}~$-`'\n\t\xa0\x1f"), max_size=12))
def test_text_without_marks_is_the_same_by_both_paths(value: str) -> None:
    assert bibtex_fields.line(value) == one_line(plain(value))
    if value.isalnum():
        assert all(list(meaning(name, value)) == [(tag, value)] for name, (tag, _) in TEXTS.items())


@given(st.text(st.sampled_from("a%&_#\\"), max_size=10))
def test_escapes_alone_are_the_same_by_both_paths(value: str) -> None:
    """An escape of another kind before them, which gives nothing, makes the careful path take them."""
    assert plain(rf"\-{value}") == plain(value)


@given(st.text(st.sampled_from("129e-–\u00b2\u0663"), max_size=8))
def test_pages_are_the_same_by_both_paths(value: str) -> None:
    """Before a space only the pattern is asked."""
    assert list(first_and_last_page(value)) == list(first_and_last_page(f" {value}"))


@needs_shared
def test_a_real_export_is_read_whole() -> None:
    path = SHARED / "ris" / "asysd_zotero_export.bib"
    result = read(path)
    records = list(result)
    starts = sum(line.startswith("@") for line in path.read_text(encoding="utf-8").splitlines())
    assert (len(records), result.unreadable, result.notes) == (starts, [], [])
    assert all(record.title for record in records)


@given(
    st.lists(
        st.sampled_from(
            [
                "Example",
                "Ada",
                ",",
                ", ",
                " and ",
                " AND ",
                "and",
                " ",
                "{",
                "}",
                "~",
                "J.",
                "van",
                "others",
                "\n",
                "\xa0",
                "\t",
                "$",
                "`",
            ]
        ),
        max_size=12,
    )
)
def test_lists_of_names_are_the_same_by_both_paths(parts: list[str]) -> None:
    """A list without anything odd is split at once; whatever it gives, the careful way would have given."""
    value = "".join(parts)
    careful = [name for listed in bibtex_fields._listed(value) if (name := name_of(listed))]
    assert [name for _, name in bibtex_fields.people("AU")(value)] == careful
