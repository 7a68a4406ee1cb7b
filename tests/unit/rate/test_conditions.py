"""Conditions answer yes, no or open, and are open only where an absent input could turn them."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.rate.methods.conditions import (
    COMPARISONS,
    Always,
    Compare,
    Condition,
    Fixed,
    Given,
    Known,
    Not,
    OneOf,
    SomeOf,
    Values,
    Weighted,
)

NAMES = ("a", "b", "c")


@pytest.mark.parametrize(
    ("comparison", "at_2", "at_3"),
    [
        ("equals", True, False),
        ("differs_from", False, True),
        ("above", False, True),
        ("below", False, False),
        ("at_least", True, True),
        ("at_most", True, False),
    ],
)
def test_each_comparison_means_what_it_says(comparison: str, at_2: bool, at_3: bool) -> None:
    """A rule that says `above` must not also hold at the limit."""
    question = Compare(Given("a"), comparison, Fixed(2))
    assert (question.holds({"a": 2}), question.holds({"a": 3}), question.holds({})) == (at_2, at_3, None)


def test_no_comparison_goes_untested() -> None:
    """A comparison added later must be added above."""
    assert COMPARISONS == ("equals", "differs_from", "above", "below", "at_least", "at_most")


def test_a_sum_is_open_while_any_part_is_absent() -> None:
    """A majority must not be worked out from the studies that happen to say how many people they had."""
    half = Weighted((("a", 0.5), ("b", 0.5)), plus=1)
    assert (half.value({"a": 2, "b": 4}), half.value({"a": 2})) == (4, None)
    assert half.value({"a": 2, "b": "many"}) is None


def test_knowing_is_never_open() -> None:
    """Whether a number is held can always be said."""
    assert [Known("a", wanted).holds({}) for wanted in (True, False)] == [False, True]
    assert [Known("a", wanted).holds({"a": 0}) for wanted in (True, False)] == [True, False]


def test_one_of() -> None:
    """An absent choice is open, not outside the list."""
    question = OneOf("a", ("x", "y"))
    assert (question.holds({"a": "x"}), question.holds({"a": "z"}), question.holds({})) == (True, False, None)
    assert question.wanting({}) == ("a",)


def test_always_asks_nothing() -> None:
    """A rule without a condition fires whatever is absent."""
    assert (Always().holds({}), Always().wanting({}), Always().names()) == (True, (), ())


def leaf(name: str) -> Condition:
    return Compare(Given(name), "equals", Fixed(True))


CONDITIONS = st.recursive(
    st.sampled_from([leaf(name) for name in NAMES] + [Known("a", True)]),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=1, max_size=3).flatmap(
            lambda parts: st.integers(1, len(parts)).map(lambda n: SomeOf(tuple(parts), n))
        ),
    ),
    max_leaves=6,
)
ANSWERS = st.dictionaries(st.sampled_from(NAMES), st.booleans())


def completions(values: Values) -> list[Values]:
    """Every way to fill in what is absent, keeping what `known` sees of the input a."""
    open_names = [name for name in NAMES if name not in values and name != "a"]
    fills = product((True, False), repeat=len(open_names))
    return [{**values, **dict(zip(open_names, fill, strict=True))} for fill in fills]


@given(CONDITIONS, ANSWERS)
def test_a_yes_or_no_survives_whatever_is_still_to_come(condition: Condition, values: dict[str, bool]) -> None:
    """An answer given too early would be a guess."""
    held = condition.holds(values)
    if held is not None:
        assert all(condition.holds(full) in (held, None) for full in completions(values))
        assert condition.wanting(values) == ()


@given(CONDITIONS, ANSWERS)
def test_an_open_question_says_what_it_waits_for(condition: Condition, values: dict[str, bool]) -> None:
    """`Missing inputs` must name at least one input that is absent and asked about, and no other."""
    if condition.holds(values) is None:
        assert condition.wanting(values)
        assert set(condition.wanting(values)) <= set(condition.names()) - set(values)
