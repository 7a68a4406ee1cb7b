"""Marking words in a text, and cleaning it of markup: nothing of the text may get lost."""

from __future__ import annotations

import doctest
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.screen.methods import marking
from whatworks.screen.methods.marking import LONGEST, MOST, marked, paragraphs, read_terms


def test_the_examples_are_true() -> None:
    assert doctest.testmod(marking).failed == 0


@given(st.text(), st.lists(st.text(max_size=8), max_size=4), st.lists(st.text(max_size=8), max_size=4))
def test_the_parts_are_the_text(text: str, for_it: list[str], against: list[str]) -> None:
    """A marked text that drops a word is another text."""
    assert "".join(part for part, _ in marked(text, for_it, against)) == text


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("Kinship care, KINSHIP-care, kinships", ["Kinship care", "KINSHIP-care"]),
        ("foster parents and fostering, unfostered", ["foster", "fostering"]),
        ("mentor, mentors, mentoring", ["mentor", "mentors"]),
    ],
)
def test_what_a_term_stands_for(text: str, hits: list[str]) -> None:
    found = marked(text, ["kinship care", "foster*", "mentor"])
    assert [part for part, kind in found if kind] == hits


def test_a_term_that_is_for_and_against_is_for_and_the_longer_one_wins() -> None:
    assert marked("care leaver", ["care"], ["care leaver", "care"]) == [("care", "for"), (" leaver", "")]
    assert marked("care leaver", ["care", "care leaver"]) == [("care leaver", "for")]


def test_terms_are_bounded() -> None:
    """Somebody who pastes a book must not slow everybody down."""
    assert len(read_terms(",".join(f"word{n}" for n in range(1000)))) == MOST
    assert len(read_terms("x" * 1000)[0]) == LONGEST
    assert read_terms(" , *,a\n\n") == ()


def test_a_long_hostile_text_is_read_in_no_time() -> None:
    """A pattern that looks back over everything would hold the server on one abstract."""
    began = time.perf_counter()
    marked("a " * 20_000 + "a" * 20_000, ["a a a*", "*a*a*a*", "a* a* a*"])
    paragraphs("<p " * 20_000 + "\n \t" * 20_000)
    assert time.perf_counter() - began < 5


def test_markup_goes_and_numbers_stay() -> None:
    assert paragraphs("<jats:p>Of 5<10 and p<0.05,</jats:p>\n\n<b>x</b> > 3") == ["Of 5<10 and p<0.05,", "x > 3"]
