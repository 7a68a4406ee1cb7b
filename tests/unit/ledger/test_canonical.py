"""Equal values have one text: a digest that depends on the order of keys or on a lost digit accuses honest people."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.ledger.canonical import canonical, digest, finite

text = st.text(st.characters(exclude_categories=["Cs"]))  # half a surrogate pair is no text: UTF-8 cannot write it
floats = st.floats(allow_nan=False, allow_infinity=False)
plain = st.none() | st.booleans() | st.integers() | floats | text
values = st.recursive(plain, lambda part: st.lists(part) | st.dictionaries(text, part), max_leaves=20)


def turned(value: Any) -> Any:
    """The same value, every dictionary filled in the opposite order."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(part) for part in value] if isinstance(value, list) else value


@given(values)
def test_the_order_in_which_keys_were_set_does_not_show(value: Any) -> None:
    assert canonical(turned(value)) == canonical(value)
    assert digest(turned(value)) == digest(value)


@given(values)
def test_what_was_written_reads_back_and_is_written_the_same(value: Any) -> None:
    again = json.loads(canonical(value))
    assert again == value
    assert canonical(again) == canonical(value)


@given(values, values)
def test_different_texts_are_different_digests(one: Any, other: Any) -> None:
    assert (digest(one) == digest(other)) == (canonical(one) == canonical(other))


@given(floats)
def test_a_float_keeps_every_digit_and_its_sign(number: float) -> None:
    again = json.loads(canonical(number))
    assert again == number
    assert math.copysign(1, again) == math.copysign(1, number)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (-0.0, "-0.0"),
        (1e-310, "1e-310"),  # too small for a normal float: some writers make it nought
        (0.1 + 0.2, "0.30000000000000004"),
        (1e16, "1e+16"),
        ({"b": 1, "a": [True, None, "ä"]}, '{"a":[true,null,"ä"],"b":1}'),
    ],
)
def test_the_form_is_pinned(value: Any, written: str) -> None:
    """Another form would change every digest of every centre."""
    assert canonical(value) == written


def test_a_digest_is_pinned() -> None:
    assert digest({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(number: float) -> None:
    """Other programs cannot read NaN in JSON, and it does not equal itself."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"estimate": [number]})
    with pytest.raises(InputError, match="tau2 is not a finite number"):
        finite(number, "tau2")


def test_a_finite_number_passes() -> None:
    assert finite(-0.5, "estimate") == -0.5
