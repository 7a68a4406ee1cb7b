"""Run charts: the median, shifts, trends and the number of runs."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest

from whatworks.errors import InputError
from whatworks.implement.methods.run_charts import likely, run_chart


def test_six_on_one_side_is_a_shift_and_points_on_the_median_are_passed_over() -> None:
    found = run_chart([1, 2, 1, 2, 1, 2, 5, 6, 3, 5, 6, 5, 6], before=None)
    assert found.median == 3
    assert [at for at, yes in enumerate(found.shift) if yes] == [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12]
    assert "shift" in found.signals[0]
    assert not any(run_chart([1, 2, 1, 2, 1, 5, 6, 5, 6, 5]).shift)  # five are not six


def test_the_median_of_before_is_carried_on() -> None:
    found = run_chart([1, 2, 3, 9, 9, 9, 9, 9, 9], before=3)
    assert (found.median, found.based_on) == (2, 3) and found.shift[3:] == (True,) * 6


def test_five_that_rise_are_a_trend_and_equal_neighbours_count_once() -> None:
    assert run_chart([5, 1, 2, 2, 3, 4, 5, 1]).trend == (False, True, True, False, True, True, True, False)
    assert not any(run_chart([5, 1, 2, 3, 4, 1]).trend)
    assert any(run_chart([9, 8, 7, 6, 5, 9]).trend)


@pytest.mark.parametrize(
    ("above", "below", "told"),
    [(5, 5, (4, 8)), (8, 8, (6, 12)), (10, 10, (7, 15)), (15, 15, (12, 20)), (20, 20, (16, 26))],
)
def test_the_table_of_runs_is_that_of_swed_and_eisenhart(above: int, below: int, told: tuple[int, int]) -> None:
    """The critical values at 5% on either side are one below the first and one above the second: 3 and 9 ... 15 and 27."""
    assert likely(above, below) == told


def test_the_number_of_runs_is_counted_as_by_hand() -> None:
    """Every order of four above and three below, the long way."""
    counts: dict[int, int] = {}
    orders = set(permutations([1] * 4 + [0] * 3))
    for order in orders:
        runs = 1 + sum(one != two for one, two in pairwise(order))
        counts[runs] = counts.get(runs, 0) + 1
    below = [runs for runs in sorted(counts) if sum(counts[r] for r in counts if r <= runs) / len(orders) > 0.05]
    above = [runs for runs in sorted(counts) if sum(counts[r] for r in counts if r >= runs) / len(orders) > 0.05]
    assert likely(4, 3) == (below[0], above[-1])


def test_too_few_and_too_many_runs_are_told() -> None:
    assert any("Too many runs" in line for line in run_chart([1, 9] * 8).signals)
    assert any("Too few runs" in line for line in run_chart([1] * 4 + [9] * 4 + [1] * 4 + [9] * 4).signals)
    assert run_chart([1, 9] * 4).least is None  # eight points off the median say nothing


@pytest.mark.parametrize(("values", "before"), [([1], None), ([1, float("nan")], None), ([1, 2, 3], 1), ([1, 2], 5)])
def test_a_series_that_cannot_be_judged_is_refused(values: list[float], before: int | None) -> None:
    with pytest.raises(InputError):
        run_chart(values, before=before)
