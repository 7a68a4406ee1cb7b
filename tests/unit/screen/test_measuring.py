"""The measures of an order, against sums by hand and against a slow twin that counts along the recall curve."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.screen.methods.measuring import loss, recall_at, recall_curve, records_to_reach, savings, work_saved


def test_by_hand() -> None:
    """Ten records, relevant at places 1, 2 and 6."""
    found = savings([1, 2, 6], 10)
    assert found.recall10 == pytest.approx(1 / 3)  # ceil(1.0) = 1 record read
    assert found.recall20 == pytest.approx(2 / 3)
    assert found.wss95 == pytest.approx(1 - 6 / 10 - 0.05)  # ceil(2.85) = the third, at place 6
    assert found.wss100 == pytest.approx(1 - 6 / 10)
    assert found.atd == pytest.approx(3 / 10)  # (1 + 2 + 6) / 3 / 10
    assert found.ttl == 6
    assert found.loss == pytest.approx((9 - 6) / (3 * 7))  # best sum 1+2+3, worst 8+9+10


def test_binary_fractions_do_not_round_up() -> None:
    """0.95 * 20 is 19.000000000000004 on some machines' way of counting, and 19 in truth."""
    assert records_to_reach(range(1, 21), 100, 0.95) == 19
    assert recall_at([28, 29], 280, 0.1) == 0.5


@pytest.mark.parametrize(("ranks", "lost"), [([1, 2], 0.0), ([4, 5], 1.0), ([1, 2, 3, 4, 5], 0.0)])
def test_loss_is_nothing_at_best_and_one_at_worst(ranks: list[int], lost: float) -> None:
    assert loss(ranks, 5) == lost


@pytest.mark.parametrize("ranks", [[], [2, 1], [1, 1], [0, 1], [1, 6]])
def test_impossible_ranks_are_refused(ranks: list[int]) -> None:
    with pytest.raises(InputError):
        savings(ranks, 5)


@given(st.lists(st.booleans(), min_size=1, max_size=60).filter(any))
def test_the_slow_twin_agrees(shown: list[bool]) -> None:
    """Walk along the order, counting; areas as sums of the recall after each record."""
    total, relevant = len(shown), sum(shown)
    ranks = [place for place, hit in enumerate(shown, 1) if hit]
    curve = [sum(shown[:read]) / relevant for read in range(1, total + 1)]
    found = savings(ranks, total)
    assert recall_curve(ranks, total) == pytest.approx(curve)
    assert found.recall20 == pytest.approx(curve[-(-total // 5) - 1])
    needed = math.ceil(relevant * 95 / 100)
    read = next(n for n in range(1, total + 1) if sum(shown[:n]) >= needed)
    assert found.wss95 == pytest.approx(1 - read / total - 0.05)
    assert work_saved(ranks, total, 1.0) == pytest.approx(1 - found.ttl / total)
    best = sum(min(n / relevant, 1) for n in range(1, total + 1))
    worst = sum(max(n - (total - relevant), 0) / relevant for n in range(1, total + 1))
    if best > worst:
        assert found.loss == pytest.approx((best - sum(curve)) / (best - worst))
