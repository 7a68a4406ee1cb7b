"""Lists of retractions: every row gives a notice or a reason, and what stands of many notices is what a reader needs."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.collate.methods.notices import (
    CONCERN,
    CORRECTION,
    REINSTATEMENT,
    RETRACTION,
    BadRow,
    Notice,
    Standing,
    columns_of,
    day_in,
    notice_in,
    same_years,
    standing_of,
    title_key,
)
from whatworks.errors import InputError

WATCH = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,RetractionDOI,"
    "RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes"
).split(",")
ROW = {
    "Record ID": "7",
    "Title": "A trial that was withdrawn",
    "RetractionDate": "5/31/2024 0:00",
    "RetractionDOI": "10.1000/notice",
    "OriginalPaperDate": "3/1/2020 0:00",
    "OriginalPaperDOI": "10.1000/PAPER",
    "RetractionNature": "Retraction",
    "Reason": "+Concerns/Issues About Data;+Unreliable Results;",
}


def watch(**changed: str) -> Notice | BadRow:
    cells = ROW | changed
    return notice_in([cells.get(name, "") for name in WATCH], columns_of(WATCH), 2)


def test_a_row_of_retraction_watch() -> None:
    assert watch() == Notice(
        line=2,
        nature=RETRACTION,
        doi="10.1000/paper",
        title="A trial that was withdrawn",
        year=2020,
        on=datetime.date(2024, 5, 31),
        notice_doi="10.1000/notice",
        notice_url="https://doi.org/10.1000/notice",
        reason="Concerns/Issues About Data; Unreliable Results",
        number="7",
    )


@pytest.mark.parametrize(
    ("said", "nature"),
    [
        ("Retraction", RETRACTION),
        ("Expression of concern", CONCERN),
        ("Correction", CORRECTION),
        ("Reinstatement", REINSTATEMENT),
    ],
)
def test_natures_are_kept_apart(said: str, nature: str) -> None:
    """A correction that read as a retraction would slander its authors."""
    found = watch(RetractionNature=said)
    assert isinstance(found, Notice) and found.nature == nature


def test_unavailable_is_no_doi() -> None:
    found = watch(OriginalPaperDOI="Unavailable", RetractionDOI="unavailable")
    assert isinstance(found, Notice)
    assert (found.doi, found.notice_doi, found.notice_url) == ("", "", "")


def test_a_plain_table() -> None:
    columns = columns_of(["DOI", "Date", "Notice"])
    found = notice_in(["https://doi.org/10.1000/Paper", "2024-05-31", "https://example.org/notice"], columns, 3)
    assert isinstance(found, Notice)
    assert (found.nature, found.doi, found.notice_url) == (RETRACTION, "10.1000/paper", "https://example.org/notice")
    by_doi = notice_in(["10.1000/paper", "2024-05-31", "10.1000/notice"], columns, 3)
    assert isinstance(by_doi, Notice) and by_doi.notice_url == "https://doi.org/10.1000/notice"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"RetractionNature": "Rumour"}, "“Rumour” is none of retraction"),
        ({"OriginalPaperDOI": "unavailable", "Title": ""}, "neither a DOI that can be read (unavailable) nor a title"),
        ({"RetractionDate": "31/31/2024"}, "its date “31/31/2024” is no day"),
        ({"RetractionDate": ""}, "its date “” is no day"),
    ],
)
def test_a_row_that_says_nothing_says_why(changed: dict[str, str], says: str) -> None:
    found = watch(**changed)
    assert isinstance(found, BadRow) and found.line == 2 and says in found.reason


def test_another_table_is_refused() -> None:
    with pytest.raises(InputError, match="no list of retractions"):
        columns_of(["Authors", "Title", "Year"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-05-31", (2024, 5, 31)),
        ("2024/5/31", (2024, 5, 31)),
        ("5/31/2024 0:00", (2024, 5, 31)),
        ("1/2/2024", (2024, 1, 2)),
        ("2024-05-31T10:00:00Z", (2024, 5, 31)),
        ("2024-02-30", None),
        ("May 2024", None),
        ("", None),
    ],
)
def test_days(text: str, day: tuple[int, int, int] | None) -> None:
    assert day_in(text) == (datetime.date(*day) if day else None)


def test_titles_are_the_same_whatever_their_marks() -> None:
    long = "Family support after a child’s first contact: a trial"
    assert title_key(long) == title_key("RETRACTED: family support after a childs first contact - A Trial") != ""
    assert title_key(long) != title_key(long + " II")


def test_a_short_title_is_the_title_of_too_many() -> None:
    assert title_key("Editorial") == title_key("Retraction: Editorial") == ""


@pytest.mark.parametrize(("one", "other", "same"), [(2020, 2021, True), (2020, 2022, False), (None, 2020, True)])
def test_years(one: int | None, other: int | None, same: bool) -> None:
    assert same_years(one, other) is same


def said(nature: str, day: int) -> Standing:
    return Standing(nature, datetime.date(2024, 1, day), "https://example.org/")


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ([], None),
        ([(RETRACTION, 1)], RETRACTION),
        ([(RETRACTION, 1), (REINSTATEMENT, 2)], REINSTATEMENT),
        ([(RETRACTION, 1), (REINSTATEMENT, 1)], REINSTATEMENT),
        ([(RETRACTION, 1), (REINSTATEMENT, 2), (RETRACTION, 3)], RETRACTION),
        ([(CONCERN, 1), (RETRACTION, 2)], RETRACTION),
        ([(RETRACTION, 1), (CORRECTION, 2)], RETRACTION),
        ([(CONCERN, 2), (CORRECTION, 3)], CONCERN),
        ([(CORRECTION, 3)], CORRECTION),
    ],
)
def test_the_gravest_that_nothing_took_back_stands(told: list[tuple[str, int]], stands: str | None) -> None:
    found = standing_of(said(nature, day) for nature, day in reversed(told))
    assert (found.nature if found else None) == stands


@given(st.lists(st.tuples(st.sampled_from([RETRACTION, CONCERN, CORRECTION, REINSTATEMENT]), st.integers(1, 28))))
def test_what_stands_does_not_hang_on_the_order_of_loading(told: list[tuple[str, int]]) -> None:
    """Two lists loaded the other way round must not tell another truth."""
    forward, backward = (standing_of(said(*one) for one in order) for order in (told, told[::-1]))
    assert forward == backward
    retracted = [day for nature, day in told if nature == RETRACTION]
    reinstated = [day for nature, day in told if nature == REINSTATEMENT]
    is_retracted = bool(retracted) and max(retracted) > max(reinstated, default=0)
    assert (forward is not None and forward.withdrawn) == is_retracted


def test_each_nature_has_its_own_words() -> None:
    natures = (RETRACTION, CONCERN, CORRECTION, REINSTATEMENT)
    assert (
        len({said(nature, 1).sentence() for nature in natures})
        == len({said(nature, 1).word for nature in natures})
        == 4
    )
