"""Translating: a field is either given word for word, or what was made of it stands beside it as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.collate.methods.translating import Pair, doi_in, first_and_last_page, split, translated, year_of

RULES = {"TI": "TI", "MH": ("KW",), "DP": year_of, "PG": first_and_last_page, "LID": doi_in, "OT": split("KW", ";")}


def test_the_kinds_of_rules() -> None:
    fields = [("TI", "One"), ("MH", "Housing"), ("DP", "2019 Jul"), ("OT", "a; b"), ("OWN", "NLM"), ("x:AU", "kept")]
    assert translated("x", fields, RULES) == [
        ("TI", "One"), ("KW", "Housing"), ("x:MH", "Housing"), ("PY", "2019"), ("x:DP", "2019 Jul"), ("KW", "a"), ("KW", "b"),
        ("x:OT", "a; b"), ("x:OWN", "NLM"), ("x:AU", "kept"),
    ]  # fmt: skip


def test_what_was_not_changed_needs_no_second_place() -> None:
    assert translated("x", [("DP", "2019"), ("OT", "one")], RULES) == [("PY", "2019"), ("KW", "one")]


@pytest.mark.parametrize(
    ("said", "pages"),
    [
        ("33-44", [("SP", "33"), ("EP", "44")]),
        ("1023-9", [("SP", "1023"), ("EP", "1029")]),
        ("134--137", [("SP", "134"), ("EP", "137")]),
        ("e12–e15", [("SP", "e12"), ("EP", "e15")]),
        ("104021", [("SP", "104021")]),
        ("1-3, 7-9", [("SP", "1-3, 7-9")]),
        (" ", []),
    ],
)
def test_pages(said: str, pages: list[Pair]) -> None:
    assert list(first_and_last_page(said)) == pages


@given(st.lists(st.tuples(st.sampled_from([*RULES, "ZZ", "x:AU"]), st.text(max_size=20))))
def test_no_field_is_dropped(fields: list[Pair]) -> None:
    """Each value stands somewhere as it was."""
    given_out = [value for _, value in translated("x", fields, RULES)]
    for _, value in fields:
        assert value in given_out
