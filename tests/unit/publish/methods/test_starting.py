"""Another starting point: the same ratio from elsewhere, and what is never moved."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.publish.methods.numbers import Three
from whatworks.publish.methods.starting import begun, shown, start_of, told, typed_share

SMD = start_of(Three(-0.2025, -0.52, 0.12), "SMD", 0.1221)


def test_a_ratio_moves_with_the_starting_point() -> None:
    """Worked by hand: odds ratio 0.5 of 20 in 100 is odds 0.125, so 11 of 100; of 50 in 100 it is 33."""
    start = start_of(Three(math.log(0.5), math.log(0.25), 0.0), "OR", 0.3)
    assert start is not None
    assert [begun(start, usual).after for usual in (20, 50)] == [11, 33]
    assert (begun(start, 20).low, begun(start, 20).high) == (6, 20)
    doubled = start_of(Three(math.log(2), 0.0, math.log(3)), "RR", 0.3)
    assert doubled is not None
    assert (begun(doubled, 30).after, begun(doubled, 60).after) == (60, 100)


@pytest.mark.parametrize(
    ("three", "metric", "baseline"),
    [(Three(0.07, -0.03, 0.17), "RD", 0.29), (Three(0.1, None, None), "OR", 0.2), (Three(0.1, 0, 0.2), "OR", None)],
)
def test_what_cannot_begin_elsewhere(three: Three, metric: str, baseline: float | None) -> None:
    """A difference out of 100 is the same everywhere by assumption; a bare number would look surer than it is."""
    assert start_of(three, metric, baseline) is None


def test_the_points_that_a_page_shows_hold_that_of_its_studies() -> None:
    assert SMD is not None
    points = shown(SMD)
    assert [point.usual for point in points] == [5, 10, 12, 20, 30, 50, 70]
    assert [point.usual for point in points if point.own] == [12]
    # From the exact risk of 12.21 in 100: odds times exp(-0.2025 pi/sqrt 3), and so at both ends.
    assert (points[2].after, points[2].low, points[2].high) == (9, 5, 15)


@given(st.floats(-3, 3), st.floats(0.01, 2), st.integers(1, 99), st.sampled_from(["OR", "RR", "SMD", "IRR"]))
def test_the_result_lies_within_its_range_and_within_100(effect: float, reach: float, usual: int, metric: str) -> None:
    start = start_of(Three(effect, effect - reach, effect + reach), metric, 0.2)
    assert start is not None
    point = begun(start, usual)
    assert 0 <= point.low <= point.after <= point.high <= 100


@given(st.integers(1, 99), st.sampled_from(["OR", "RR", "SMD"]))
def test_no_effect_stays_where_it_starts(usual: int, metric: str) -> None:
    start = start_of(Three(0.0, 0.0, 0.0), metric, 0.2)
    assert start is not None
    assert begun(start, usual).after == usual


@pytest.mark.parametrize(("typed", "number"), [("20", 20), (" 20 of 100", 20), ("20%", 20), ("99", 99)])
def test_what_is_typed_is_read(typed: str, number: int) -> None:
    assert typed_share(typed) == (number, "")


@pytest.mark.parametrize("typed", ["", "0", "100", "12.5", "-3", "one in five", "9" * 40, "٢٠"])
def test_what_is_no_starting_point_gets_one_sentence(typed: str) -> None:
    number, problem = typed_share(typed)
    assert number is None
    assert problem.startswith("Type ") and problem.endswith(".")


def test_the_sentence_leads_to_its_result() -> None:
    assert SMD is not None
    parts = told(begun(SMD, 12), happened="were homeless at some time", trace="syn-1")
    assert "".join(part if isinstance(part, str) else part["number"] for part in parts) == (
        "If 12 of 100 were homeless at some time without it, and results carried over, about 9 of 100 would with it, "
        "with a range from 5 to 15."
    )
    assert [part["trace"] for part in parts if isinstance(part, dict)] == ["syn-1", "syn-1"]
