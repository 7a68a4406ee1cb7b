"""How much each comparison is worth: England's authorities as others measured it, and a case worked out by hand."""

from __future__ import annotations

import math

import pytest

from tests.shared import needs_shared
from tests.unit.baseline.published import neighbours, number, starting
from whatworks.baseline import predictors
from whatworks.baseline.methods.predicting import in_words
from whatworks.errors import InputError


def rates(year: int, level: str = "Local authority") -> dict[str, float]:
    found = {}
    for row in starting(year, level):
        count, of = number(row["children_count"]), number(row["population_estimate"])
        if count and of:
            found[row["old_la_code"]] = 10_000 * count / of
    return found


# Measured independently for these three pairs of years (shared facts, fact 5): own .21, neighbours .29 to .31, England
# .37 to .40.
@needs_shared
@pytest.mark.parametrize("year", [2022, 2023, 2024])
def test_an_authoritys_own_last_year_tells_most(year: int) -> None:
    (england,) = rates(year, "National").values()
    own, beside, whole = predictors(rates(year), rates(year + 1), whole=england, neighbours=neighbours())
    assert (own.by, beside.by, whole.by) == ("its own last year", "the median of its neighbours", "the rate of all")
    assert own.error == pytest.approx(0.21, abs=0.0075)
    assert 0.285 < beside.error < 0.315 and 0.365 < whole.error < 0.405


def test_a_case_by_hand() -> None:
    now, following = {"a": 10.0, "b": 20.0, "c": 40.0, "left": 5.0}, {"a": 20.0, "b": 20.0, "c": 20.0, "came": 5.0}
    found = {
        one.by: one for one in predictors(now, following, whole=20.0, neighbours={"a": ["b", "c", "z"], "b": ["y"]})
    }
    assert found["the rate of all"].error == 0 and found["the rate of all"].places == 3
    assert found["its own last year"].error == pytest.approx(math.sqrt(2 * math.log(2) ** 2 / 3))
    beside = found["the median of its neighbours"]
    assert (beside.places, beside.error) == (1, pytest.approx(abs(math.log(20 / 30))))
    assert in_words(list(found.values())).startswith("A place's next year is told best by")


def test_without_neighbours_two_comparisons_are_left() -> None:
    assert len(predictors({"a": 1.0}, {"a": 2.0}, whole=1.0)) == 2


@pytest.mark.parametrize(("now", "following"), [({}, {}), ({"a": 1.0}, {"b": 1.0}), ({"a": 0.0}, {"a": 1.0})])
def test_what_cannot_be_compared_is_said(now: dict[str, float], following: dict[str, float]) -> None:
    with pytest.raises(InputError, match="two years above 0"):
        predictors(now, following, whole=1.0)
