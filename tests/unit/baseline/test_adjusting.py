"""Expected rates from one published input: the line, what it explains, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from tests.shared import needs_shared
from tests.unit.baseline import published
from whatworks.baseline.methods.adjusting import adjusted
from whatworks.errors import InputError

NAMES = [f"p{at}" for at in range(12)]


def test_rates_that_follow_the_input_exactly_are_explained_whole() -> None:
    given = np.linspace(5, 30, 12)
    found = adjusted(20 * np.exp(0.03 * (given - 10)), given, NAMES)
    assert found.r2 == pytest.approx(1.0, abs=1e-12)
    assert found.slope == pytest.approx(100 * np.expm1(0.03), rel=1e-9)
    assert all(one.ratio == pytest.approx(1.0, rel=1e-9) for one in found.places)


def test_the_line_is_that_of_least_squares() -> None:
    rng = np.random.default_rng(5)
    given, rates = rng.uniform(5, 30, 12), rng.uniform(10, 60, 12)
    slope, intercept = np.polyfit(given, np.log(rates), 1)  # an independent fit
    found = adjusted(rates, given, NAMES)
    assert found.intercept == pytest.approx(intercept, rel=1e-9)
    assert np.log1p(found.slope / 100) == pytest.approx(slope, rel=1e-9)
    left = np.log(rates) - intercept - slope * given
    assert found.spread == pytest.approx(np.sqrt((left**2).sum() / 10), rel=1e-9)
    assert found.r2 == pytest.approx(np.corrcoef(given, np.log(rates))[0, 1] ** 2, rel=1e-9)


@pytest.mark.parametrize(
    ("values", "given", "names", "why"),
    [
        ([1.0] * 9, [1.0] * 9, NAMES[:9], "10 at least"),
        ([0.0] + [1.0] * 11, range(12), NAMES, "above 0"),
        ([1.0] * 12, [3.0] * 12, NAMES, "same everywhere"),
        ([1.0] * 12, range(11), NAMES, "an input and a name"),
        ([1.0] * 12, [float("nan"), *range(11)], NAMES, "inputs numbers"),
    ],
)
def test_what_says_nothing_is_refused(values: list[float], given: list[float], names: list[str], why: str) -> None:
    with pytest.raises(InputError, match=why):
        adjusted(values, list(given), names)


@needs_shared
@pytest.mark.parametrize(("year", "low", "high"), [("2024", 0.155, 0.185), ("2025", 0.155, 0.185)])
def test_child_poverty_goes_along_with_a_sixth_of_the_differences(year: str, low: float, high: float) -> None:
    """The measured share for all who start is 0.16 to 0.18; printed with two decimals, hence half a hundredth to each side."""
    poverty = published.poverty(year)
    rows = [row for row in published.starting(int(year)) if row["old_la_code"] in poverty]
    rates = {
        row["old_la_code"]: count / of * 10_000
        for row in rows
        if (count := published.number(row["children_count"])) and (of := published.number(row["population_estimate"]))
    }
    found = adjusted([*rates.values()], [poverty[place] for place in rates], [*rates])
    assert len(found.places) >= 150
    assert low <= found.r2 <= high
    assert "go along" in found.summary() or "goes along" in found.summary()
