"""What counts as the same: too strict, and honest rounding is called tampering; too loose, and tampering is rounding."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.ledger.verification import CLOSED_FORM, ITERATIVE, Difference, compare, same

numbers = st.floats(1e-3, 1e6) | st.floats(-1e6, -1e-3)


def places(stored: Any, recomputed: Any, tolerance: float = CLOSED_FORM) -> list[str]:
    return [one.what for one in compare("syn-1", stored, recomputed, tolerance)]


@pytest.mark.parametrize("tolerance", [CLOSED_FORM, ITERATIVE])
@given(number=numbers)
def test_within_the_declared_tolerance_is_the_same_and_beyond_is_not(tolerance: float, number: float) -> None:
    assert same(number, number * (1 + 0.5 * tolerance), tolerance)
    assert not same(number, number * (1 + 2 * tolerance), tolerance)


def test_the_declared_tolerances_are_those_of_the_design() -> None:
    assert (CLOSED_FORM, ITERATIVE) == (1e-9, 1e-6)


def test_near_nought_the_tolerance_is_absolute() -> None:
    """A variance between studies of 0 may come out as 1e-17 elsewhere; relative to nought that is infinitely far."""
    assert same(0.0, 1e-17, CLOSED_FORM)
    assert not same(0.0, 1e-6, ITERATIVE)


def test_a_tolerance_of_nought_lets_nothing_pass() -> None:
    assert not same(0.1 + 0.2, 0.3, 0.0)
    assert same(0.3, 0.3, 0.0)


@pytest.mark.parametrize(
    ("stored", "recomputed"), [(True, 1.5), (None, 0), (0, None), (False, None), ("1", 1), ("same", "other"), ([], {})]
)
def test_what_is_no_number_must_be_equal(stored: Any, recomputed: Any) -> None:
    assert not same(stored, recomputed, 1.0)


@pytest.mark.parametrize("value", [True, None, "words", [1, 2], {"a": 1}])
def test_a_value_is_the_same_as_itself(value: Any) -> None:
    assert same(value, value, 0.0)


def test_each_place_is_named_by_its_path() -> None:
    stored = {"k": 3, "method": {"tau2": "REML"}, "weights": [50.0, 50.0]}
    recomputed = {"k": 3, "method": {"tau2": "DL"}, "weights": [50.0, 49.0]}
    assert places(stored, recomputed) == ["method.tau2", "weights[1]"]
    (found,) = compare("syn-1", 1.0, 2.0, CLOSED_FORM)
    assert found == Difference("syn-1", "value", 1.0, 2.0)


def test_a_key_too_many_or_too_few_is_a_difference() -> None:
    assert places({"k": 3, "q": 1.0}, {"k": 3}) == places({"k": 3}, {"k": 3, "q": 1.0}) == ["q"]


def test_lists_of_different_length_are_one_difference() -> None:
    assert places([1, 2], [1, 2, 3]) == ["value"]
    assert places({"inputs": []}, {"inputs": [{"yi": 1}]}) == ["inputs"]


values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=5),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=5), part, max_size=4),
    max_leaves=10,
)


@given(values)
def test_nothing_differs_from_itself(value: Any) -> None:
    assert places(value, value, 0.0) == []


@given(values, values)
def test_it_does_not_matter_which_side_is_stored(one: Any, other: Any) -> None:
    assert places(one, other) == places(other, one)
