"""Fields: what exports do to DOIs, years, pages and names, and what would go wrong if it were believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.collate.exports import record
from whatworks.collate.methods.fields import issn_in, names_in, normalise_doi, pages_of, year_in


@pytest.mark.parametrize(
    "written",
    [
        "10.1016/j.adolescence.2019.05.004",
        "https://doi.org/10.1016/j.adolescence.2019.05.004",
        "http://dx.doi.org/10.1016/J.Adolescence.2019.05.004",
        "doi:10.1016/j.adolescence.2019.05.004.",
        "10.1016/j.adolescence.2019.05.004 [doi]",
        "S0140-1971(19)30085-3 10.1016/j.adolescence.2019.05.004",
        "10.1016%2Fj.adolescence.2019.05.004",
        "(10.1016/j.adolescence.2019.05.004)",
    ],
)
def test_one_doi_is_one_doi_however_it_is_written(written: str) -> None:
    assert normalise_doi(written) == "10.1016/j.adolescence.2019.05.004"


def test_brackets_that_belong_to_a_doi_stay() -> None:
    assert normalise_doi("10.1016/S0190-7409(03)00050-5.") == "10.1016/s0190-7409(03)00050-5"


def test_what_is_no_doi_gives_none() -> None:
    assert normalise_doi("PMID 12345") == ""
    assert normalise_doi("10.1234/" + "x" * 400) == ""


@pytest.mark.parametrize(
    ("address", "doi"),
    [
        ("https://onlinelibrary.wiley.com/doi/10.1002/cl2.1230/full", "10.1002/cl2.1230"),
        (
            "https://www.scopus.com/inward/record.uri?eid=2&doi=10.3390%2fani15010003&partnerID=40",
            "10.3390/ani15010003",
        ),
        ("https://example.org/10.1000/182", ""),
    ],
)
def test_a_doi_is_taken_from_a_link_only_where_the_link_says_so(address: str, doi: str) -> None:
    assert record(UR=address).doi == doi


def test_the_doi_field_wins_over_the_link() -> None:
    assert record(UR="https://doi.org/10.1000/1", DO="10.1000/2").doi == "10.1000/2"


@pytest.mark.parametrize(
    ("values", "year"),
    [(["2019/05/01"], 2019), (["19 May 2008"], 2008), (["", "n.d."], None), (["20190501"], None), (["2019///"], 2019)],
)
def test_years(values: list[str], year: int | None) -> None:
    assert year_in(values) == year


def test_the_date_of_access_is_no_year() -> None:
    assert record(Y2="2024/01/02").year is None


def test_pages() -> None:
    assert pages_of("33", "44") == "33-44"
    assert pages_of("33-44", "44") == "33-44"
    assert pages_of("33–44", "") == "33-44"
    assert pages_of("986", "986") == "986"
    assert pages_of("", "44") == "44"


def test_a_book_number_is_no_issn() -> None:
    assert issn_in(["9780190630485", "03064530 (ISSN)"]) == "0306-4530"
    assert issn_in(["978-0-19-063048-5"]) == ""


def test_names_joined_in_one_line_are_several() -> None:
    assert names_in(["Prince, Dana M.; Vidal, Sarah ;", "Okpych, Nathanael"]) == (
        "Prince, Dana M.",
        "Vidal, Sarah",
        "Okpych, Nathanael",
    )


@given(st.text(max_size=80))
def test_normalising_a_doi_twice_changes_nothing(text: str) -> None:
    once = normalise_doi(text)
    assert normalise_doi(once) == once
    assert once == once.lower()
