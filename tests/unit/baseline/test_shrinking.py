"""Small places drawn towards the rate of all: the published estimator, and what must hold of any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.baseline.methods.shrinking import shrunk
from whatworks.errors import InputError

COUNTS, PEOPLE = [2, 30, 5, 120, 0], [400, 9_000, 2_500, 21_000, 300]
NAMES = ["a", "b", "c", "d", "e"]


def test_the_estimator_is_that_of_the_paper() -> None:
    """Marshall (1991), equations of the global estimator, written out plainly."""
    found = shrunk(COUNTS, PEOPLE, NAMES, per=1)
    mean = sum(COUNTS) / sum(PEOPLE)
    raw = [count / people for count, people in zip(COUNTS, PEOPLE, strict=True)]
    variance = sum(people * (rate - mean) ** 2 for people, rate in zip(PEOPLE, raw, strict=True)) / sum(PEOPLE)
    between = variance - mean / (sum(PEOPLE) / len(PEOPLE))
    for one, rate, people in zip(found, raw, PEOPLE, strict=True):
        weight = between / (between + mean / people)
        assert one.weight == pytest.approx(weight, rel=1e-12)
        assert one.value == pytest.approx(weight * rate + (1 - weight) * mean, rel=1e-12)


@pytest.mark.filterwarnings("error")
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(50, 50_000)), min_size=2, max_size=30))
def test_a_drawn_rate_lies_between_its_own_and_that_of_all(rows: list[tuple[int, int]]) -> None:
    counts, people = [row[0] for row in rows], [row[1] for row in rows]
    mean = sum(counts) / sum(people) * 10_000
    for one in shrunk(counts, people, [str(at) for at in range(len(rows))]):
        low, high = sorted((one.raw, mean))
        assert low - 1e-9 <= one.value <= high + 1e-9
        if one.low is not None and one.high is not None:
            assert one.low <= one.high
            assert 0 <= one.weight <= 1


def test_places_that_differ_no_more_than_by_chance_get_the_rate_of_all_and_no_interval() -> None:
    found = shrunk([10, 10, 10], [1000, 1000, 1000], ["a", "b", "c"], per=1000)
    assert [(one.value, one.weight, one.low) for one in found] == [(10.0, 0.0, None)] * 3


@pytest.mark.parametrize(
    ("counts", "people", "names"),
    [([1], [10], ["a"]), ([-1, 2], [10, 10], ["a", "b"]), ([1, 2], [0, 10], ["a", "b"]), ([1, 2], [10, 10], ["a"])],
)
def test_what_cannot_be_drawn_is_refused(counts: list[int], people: list[int], names: list[str]) -> None:
    with pytest.raises(InputError):
        shrunk(np.array(counts), np.array(people), names)
