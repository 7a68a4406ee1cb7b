"""Splitting: who wrote it, out of a cell, in each of the ways in which sources join names; bodies are not torn apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.collate.methods.splitting import keywords_of, names_of, ris_type


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Avery, Jo; Byrne, Kim", ["Avery, Jo", "Byrne, Kim"]),
        ("Avery, Jo and Byrne, Kim", ["Avery, Jo", "Byrne, Kim"]),
        ("Avery, J., and Byrne, K.", ["Avery, J.", "Byrne, K."]),
        ("Avery, J and others", ["Avery, J", "others"]),
        ("Jo Avery and Kim Byrne", ["Jo Avery", "Kim Byrne"]),
        ("Avery J, Byrne K.", ["Avery J", "Byrne K."]),
        ("Avery J., Byrne K.A.", ["Avery J.", "Byrne K.A."]),
        ("JQ Avery, K Byrne, L Chan", ["JQ Avery", "K Byrne", "L Chan"]),
        ("Avery, J., Byrne, K.A.", ["Avery, J.", "Byrne, K.A."]),
        ("Jo Avery, Kim Byrne, Lee Chan", ["Jo Avery", "Kim Byrne", "Lee Chan"]),
        ("Avery, Jo\nByrne, Kim", ["Avery, Jo", "Byrne, Kim"]),
        ("Avery, Jo|Byrne, Kim", ["Avery, Jo", "Byrne, Kim"]),
        ("Avery, Jo", ["Avery, Jo"]),
        ("van der Avery, Jo Lee", ["van der Avery, Jo Lee"]),
        ("Avery, Jo, Jr.", ["Avery, Jo, Jr."]),
        ("Department for Health and Invented Care", ["Department for Health and Invented Care"]),
        ("Education and Training Board", ["Education and Training Board"]),
        ("M&uuml;ller, A.; Noël, B.", ["M&uuml;ller, A.", "Noël, B."]),
        (" ; ", []),
    ],
)
def test_names(cell: str, names: list[str]) -> None:
    assert names_of(cell) == names


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("care; kinship, formal", ["care", "kinship, formal"]),
        ("care, kinship", ["care", "kinship"]),
        ("care | kinship", ["care", "kinship"]),
        ("care\nkinship", ["care", "kinship"]),
        ("looked-after children", ["looked-after children"]),
    ],
)
def test_keywords(cell: str, words: list[str]) -> None:
    assert keywords_of(cell) == words


@given(st.text(max_size=60))
def test_no_letter_of_a_name_is_lost(cell: str) -> None:
    """Whatever the cell: what is left out are marks and the word that joins."""

    def letters(text: str) -> str:
        return "".join(mark for mark in text if mark.isalnum())

    assert letters("".join(names_of(cell))) == letters(cell) or " and " in cell


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("Journal Article", "JOUR"),
        ("article", "JOUR"),
        ("Review", "JOUR"),
        ("Book Chapter", "CHAP"),
        ("inproceedings", "CPAPER"),
        ("Conference Paper", "CPAPER"),
        ("Dissertation/Thesis", "THES"),
        ("techreport", "RPRT"),
        ("RPRT", "RPRT"),
        ("J", "JOUR"),
        ("Book", "BOOK"),
        ("misc", ""),
        ("", ""),
    ],
)
def test_kinds_of_publication(kind: str, code: str) -> None:
    assert ris_type(kind) == code
