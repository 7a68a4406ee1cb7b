"""Randomisation tests that count every allocation: against listing them all, against R, and at their edges."""

from __future__ import annotations

import csv
import math
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import SHARED, needs_shared
from whatworks.errors import InputError
from whatworks.trial.methods.permuting import permute


def listed(values: np.ndarray, treated: np.ndarray, strata: np.ndarray) -> float:
    """The share of allocations as far out, each allocation written down."""
    blocks = [np.flatnonzero(strata == one) for one in np.unique(strata)]
    choices = [[set(one) for one in combinations(units, int(treated[units].sum()))] for units in blocks]

    def difference(chosen: list[set[int]]) -> float:
        return sum(
            len(units) / len(values) * (
                np.mean([values[one] for one in units if one in picked])
                - np.mean([values[one] for one in units if one not in picked])
            )
            for units, picked in zip(blocks, chosen, strict=True)
        )  # fmt: skip

    observed = abs(difference([set(units[treated[units]]) for units in blocks]))
    found = [abs(difference(list(chosen))) for chosen in product(*choices)]
    return float(np.mean([one >= observed - 1e-9 for one in found]))


@given(seed=st.integers(0, 10_000), strata=st.sampled_from([1, 2, 3]), whole=st.booleans())
def test_counting_is_listing(seed: int, strata: int, whole: bool) -> None:
    chance = np.random.default_rng(seed)
    sizes = chance.integers(2, 9 if strata == 1 else 5, strata)
    stratum = np.repeat(np.arange(strata), sizes)
    treated = np.concatenate([chance.permutation(np.arange(n) < chance.integers(1, n)) for n in sizes])
    values = chance.integers(0, 4, len(treated)).astype(float) if whole else chance.normal(size=len(treated))
    found = permute(values, treated, stratum)
    assert found.p == pytest.approx(listed(values, treated, stratum), abs=1e-12)
    assert found.schemes == math.prod(
        math.comb(int(n), int(treated[stratum == one].sum())) for one, n in enumerate(sizes)
    )


@needs_shared
def test_twenty_schools_come_out_as_in_r() -> None:
    """R 4.2.2, every one of 184,756 schemes: p .0786767 of a difference of cluster means of 1.178816561."""
    with (SHARED / "trial" / "crt_cont.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    schools = sorted({int(row["cluster"]) for row in rows})
    by_school = [[row for row in rows if int(row["cluster"]) == one] for one in schools]
    means = np.array([np.mean([float(row["y"]) for row in held]) for held in by_school])
    arms = np.array([held[0]["trt"] == "1" for held in by_school])
    found = permute(means, arms)
    assert found.schemes == 184_756
    assert found.difference == pytest.approx(1.178816561, abs=5e-10)
    assert found.p == pytest.approx(0.0786767, abs=5e-8)
    assert found.low is not None and found.high is not None and found.low < 0 < found.difference < found.high


def test_effects_inside_the_interval_stand_and_those_outside_are_refused() -> None:
    chance = np.random.default_rng(5)
    treated = np.arange(14) % 2 == 0
    values = chance.normal(size=14) + 0.8 * treated
    found = permute(values, treated)
    assert found.low is not None and found.high is not None
    for effect, stands in (
        (found.low + 1e-6, True),
        (found.low - 1e-6, False),
        (found.high - 1e-6, True),
        (found.high + 1e-6, False),
    ):
        assert (permute(values - effect * treated, treated).p > 0.05) is stands


def test_so_few_units_that_nothing_can_be_refused_have_no_limits() -> None:
    found = permute([1.0, 2.0, 9.0, 8.0], [False, False, True, True])
    assert (found.p, found.schemes, found.low, found.high) == (pytest.approx(2 / 6), 6, None, None)


def test_alike_values_are_as_far_out_as_each_other() -> None:
    assert permute([3.0] * 6, [True] * 3 + [False] * 3).p == 1.0


@pytest.mark.parametrize(
    ("values", "treated", "strata", "said"),
    [
        ([1.0, 2.0], [True, True], None, "one arm only"),
        ([1.0, 2.0, 3.0, 4.0], [True, False, True, True], [1, 1, 2, 2], "Stratum 2"),
        ([1.0, float("nan")], [True, False], None, "missing or not a number"),
        ([1.0, 2.0, 3.0], [True, False], None, "must be as many"),
        (list(range(60)), [one < 30 for one in range(60)], None, "too many allocations"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(values, treated, strata, said) -> None:
    with pytest.raises(InputError, match=said):
        permute(values, treated, strata)
