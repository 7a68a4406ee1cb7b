"""Identifiers stand on pages and in letters for years: short, typed, spelling nothing, and the same for the same fact."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from whatworks.ledger.identifiers import ALPHABET, LENGTH, LONG, PATTERN, derived, fresh
from whatworks.ledger.models.subjects import Kept

keys = st.lists(st.text() | st.integers(), min_size=1, max_size=4)


def kept() -> list[type[Kept]]:
    return [model for model in apps.get_models() if issubclass(model, Kept)]


def test_the_letters_spell_no_word_and_cannot_be_misread() -> None:
    assert set("aeiou") & set(ALPHABET) == set(), "a vowel makes words, some of them bad ones"
    assert "l" not in ALPHABET, "looks like 1"
    assert "".join(sorted(set(ALPHABET))) == ALPHABET


@given(keys, st.sampled_from([LENGTH, LONG]))
def test_a_natural_key_always_gets_the_same_identifier_in_shape(key: list[object], length: int) -> None:
    one = derived("fnd", *key, length=length)
    assert one == derived("fnd", *key, length=length)
    assert PATTERN.fullmatch(one)
    assert len(one) == len("fnd-") + length
    assert set(one.removeprefix("fnd-")) <= set(ALPHABET)


def test_derived_identifiers_never_change() -> None:
    """With another rule every pack ever written would load as new rows beside the old."""
    assert derived("fnd", "con-00000001", "risk-difference-from-counts", "1") == "fnd-dzn2fj40"
    assert derived("rec", "imp-00000001", 17, length=LONG) == "rec-847drfgg21h6"


def test_the_parts_of_a_key_are_kept_apart() -> None:
    assert derived("src", "ab", "c") != derived("src", "a", "bc")
    assert derived("src", "ab") != derived("imp", "ab")


def test_fresh_identifiers_do_not_repeat() -> None:
    made = {fresh("usr") for _ in range(2000)}
    assert len(made) == 2000
    assert all(PATTERN.fullmatch(one) for one in made)


@pytest.mark.parametrize(
    "wrong", ["fnd", "fnd-", "fnd-abcdefgh", "FND-7h3k9q2x", "fnd-7h3k9q2l", "fnd_7h3k9q2x", "x-7h3k9q2x"]
)
def test_what_is_no_identifier_does_not_pass(wrong: str) -> None:
    assert not PATTERN.match(wrong)


def test_every_kind_of_row_has_a_prefix_of_its_own() -> None:
    """Two kinds with one prefix, and a reader of `rat-…` would not know what it is."""
    prefixes = [model.prefix for model in kept()]
    assert len(prefixes) > 20
    assert sorted(prefixes) == sorted(set(prefixes))
    assert all(re.fullmatch("[a-z]{3}", prefix) for prefix in prefixes)


@pytest.mark.parametrize("model", kept(), ids=lambda model: model.__name__)
def test_identifiers_fit_their_column(model: type[Kept]) -> None:
    column = model._meta.pk.target_field if model._meta.pk.is_relation else model._meta.pk
    for made in (model.fresh(), model.derived("a", 1)):
        assert made.startswith(model.prefix + "-")
        assert len(made) <= column.max_length
