"""Two records side by side: what differs is marked, what is written differently and means the same is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.collate.exports import record
from whatworks.collate.methods.differing import compare, marked
from whatworks.collate.presenters_matching import belief
from whatworks.publish.templatetags.drawings import parts
from whatworks.publish.writing.pairs import highlighted

texts = st.text(alphabet="abcAB 12.,-\N{MINUS SIGN}+()é", max_size=40) | st.text(max_size=20)


def marks(runs: list) -> list[str]:
    """The words that are marked."""
    return [run["mark"] for run in runs if isinstance(run, dict)]


def test_words_that_only_one_has_are_marked_as_one_run() -> None:
    long = "Homelessness and health care access: results from the Midwest"
    assert marked(long, "Homelessness and Health Care Access") == [
        "Homelessness and health care access: ",
        {"mark": "results from the Midwest"},
    ]
    assert marked("Homelessness and Health Care Access", long) == ["Homelessness and Health Care Access"]


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (
            "+7.0 (\N{MINUS SIGN}2.6 to +16.7)",
            "+10.4 (\N{MINUS SIGN}0.3 to +21.2)",
            ["+7.0", "\N{MINUS SIGN}2.6", "+16.7"],
        ),
        ("61 of 172", "81 of 172", ["61"]),
        ("7.0", "70", ["7.0"]),
        ("986-993", "986-93", ["993"]),
    ],
)
def test_a_number_is_marked_whole_with_its_sign(one: str, other: str, wanted: list[str]) -> None:
    """Half a number marked reads as another number."""
    assert marks(marked(one, other)) == wanted


@given(texts, texts)
def test_marking_loses_no_letter_and_marks_nothing_in_the_same_text(one: str, other: str) -> None:
    assert "".join(run if isinstance(run, str) else run["mark"] for run in marked(one, other)) == one
    assert marks(marked(one, one)) == []


def test_fields_are_compared_without_capitals_and_signs() -> None:
    left = record(TI="Leaving care: a study", AU="Smith, A.", PY="2019", DO="10.1000/1", AB="One two.")
    right = record(TI="Leaving Care - A Study", AU="Smith, A", PY="2020", AB="One three.")
    compared = compare(left, right)
    assert [field["name"] for field in compared["different"]] == ["Year", "DOI", "Abstract"]
    assert [name for name, _ in compared["same"]] == ["Title", "Authors", "Type"]
    doi = compared["different"][1]
    assert (doi["left"], doi["right"]) == (["10.1000/1"], [])  # nothing to mark where the other says nothing


def test_a_changed_number_of_a_page_is_marked_with_its_link() -> None:
    old = ["About ", {"number": "7 more", "trace": "syn-1"}, " had a child placed."]
    new = ["About ", {"number": "10 more", "trace": "syn-2"}, " had a child placed."]
    assert highlighted(new, old)[1] == {"number": "10 more", "trace": "syn-2", "changed": True}
    assert highlighted(new, new) == new
    assert highlighted(new, []) == new


def test_marks_are_escaped_where_they_are_shown() -> None:
    assert parts(marked("<b>x</b>", "y")) == "<mark>&lt;b&gt;x&lt;/b&gt;</mark>"


def test_belief_is_said_in_words_first() -> None:
    """A bare 0.97 is read as a chance, which it is not."""
    said = [belief(score) for score in (0.99, 0.9, 0.6, 0.4, 0.1)]
    assert len(set(said)) == 5
    assert said[0].startswith("The rule is almost sure that they are one report")
    assert said[-1].startswith("The rule is inclined to think they are two reports")
