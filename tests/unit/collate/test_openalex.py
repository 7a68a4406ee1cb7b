"""OpenAlex JSON and JSON lines: abstracts word for word, identifiers, places, retractions; every member kept."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.collate.exports import read_bytes, read_text
from tests.unit.collate.structured import OPENALEX_PREPRINT, OPENALEX_WORK, STRUCTURED, as_lines, openalex_answer
from whatworks.collate.methods.keeping import kept_value
from whatworks.collate.sources.openalex import rebuilt


@pytest.mark.parametrize("name", ["OpenAlex JSON", "OpenAlex JSON lines"])
def test_a_work_is_read_whole(name: str) -> None:
    record = read_bytes(STRUCTURED[name])[1][0]
    assert (record.entry_type, record.title, record.venue) == ("JOUR", "Leaving care", "Journal of Examples")
    assert record.authors == ("Ada M. Example",)
    assert (record.year, record.volume, record.issue, record.pages) == (2019, "74", "1", "33-44")
    assert (record.doi, record.issn) == ("10.5555/leaving.2019.004", "0140-1971")
    assert record.abstract == "To say what they say do."
    assert record.identifier == "https://openalex.org/W1000000001"
    assert record.first("openalex:is_retracted") == "true"


def test_every_member_is_kept() -> None:
    record = read_bytes(STRUCTURED["OpenAlex JSON"])[1][0]
    held = dict(record.tags)
    for name, value in OPENALEX_WORK.items():
        if name in ("id", "title", "publication_year", "language"):
            assert str(value) in record.values("AN", "TI", "PY", "LA")
        else:
            assert kept_value(held[f"openalex:{name}"]) == value


def test_a_preprint_without_a_title_of_its_own() -> None:
    record = read_bytes(STRUCTURED["OpenAlex JSON"])[1][1]
    assert (record.entry_type, record.title, record.first("M3")) == ("UNPB", "A first draft", "preprint")


words = st.lists(st.sampled_from("a b c It's (the) end. é".split()), min_size=1, max_size=30)


@given(words)
def test_an_abstract_comes_back_word_for_word(text: list[str]) -> None:
    index: dict[str, list[int]] = {}
    for at, word in enumerate(text):
        index.setdefault(word, []).append(at)
    assert rebuilt(index) == (" ".join(text), 0)


@pytest.mark.parametrize(
    ("index", "text", "missing"),
    [
        ({"b": [3], "a": [1]}, "a b", 2),
        ({"a": [0], "far": [10**15]}, "a far", 10**15 - 1),
        ({"a": [0], "b": [0]}, "a b", 0),
        ({"a": []}, "", 0),
        ({}, "", 0),
        ({"a": "0"}, "", 0),
        ({"a": [-1]}, "", 0),
        ({"a": [True]}, "", 0),
        (["a"], "", 0),
        (None, "", 0),
    ],
)
def test_gaps_and_what_is_no_index(index: object, text: str, missing: int) -> None:
    """A place in the trillions must not make a text of trillions of spaces."""
    assert rebuilt(index) == (text, missing)


def test_gaps_are_noted_and_the_index_is_kept() -> None:
    result, records = read_bytes(as_lines(OPENALEX_WORK | {"abstract_inverted_index": {"a": [0], "b": [4]}}))
    assert records[0].abstract == "a b"
    assert kept_value(records[0].first("openalex:abstract_inverted_index")) == {"a": [0], "b": [4]}
    assert "3 places of its abstract have no word" in result.notes[0].text


def test_a_broken_line_costs_only_itself() -> None:
    good = json.dumps(OPENALEX_WORK)
    result, records = read_text(f"{good}\n{good[:200]}\n{good}\n[]\n{good}\n")
    assert [one.position for one in records] == [1, 3, 4]
    assert [one.line for one in result.unreadable] == [2]


def test_an_answer_says_how_many_hits_there_were() -> None:
    result, _ = read_text(json.dumps(openalex_answer(OPENALEX_WORK, OPENALEX_PREPRINT, hits=1234)))
    assert "OpenAlex reported 1,234 hits" in result.notes[0].text
