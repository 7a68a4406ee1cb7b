"""The house's interval: Hartung and Knapp's, and never narrower than the normal one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.synthesise.methods.running import FLOOR_USED, run_pool

SETTINGS = {"model": "random", "tau2": "REML", "metric": "SMD", "interval": "hksj"}
rows = st.lists(
    st.fixed_dictionaries(
        {"yi": st.floats(-3, 3).map(lambda x: round(x, 3)), "vi": st.floats(0.001, 2).map(lambda x: round(x, 4))}
    ),
    min_size=1,
    max_size=10,
)


def width(result: dict[str, Any]) -> float:
    return float(result["ci_high"] - result["ci_low"])


@given(rows)
def test_it_is_the_wider_of_the_two_whatever_the_studies(inputs: list[dict[str, float]]) -> None:
    """Hybrid method 2 of Jackson et al. (2017), Statistics in Medicine 36(25), 3923-3934."""
    ours = run_pool(inputs, SETTINGS | {"floor": "wald"})
    hksj, wald = (run_pool(inputs, SETTINGS | {"interval": one}) for one in ("hksj", "wald"))
    assert width(ours) >= width(wald)
    assert width(ours) >= width(hksj)
    assert ours["estimate"] == hksj["estimate"] == wald["estimate"]
    if len(inputs) == 1 or width(hksj) >= width(wald):
        assert ours == hksj
    else:
        assert ours == wald | {"warnings": [*wald["warnings"], FLOOR_USED]}


@given(st.floats(-3, 3), st.floats(0.001, 2), st.integers(2, 10))
def test_studies_that_happen_to_agree_do_not_look_certain(effect: float, variance: float, k: int) -> None:
    """Hartung and Knapp's interval alone would shrink to a point."""
    inputs = [{"yi": effect, "vi": variance}] * k
    assert width(run_pool(inputs, SETTINGS)) == pytest.approx(0, abs=1e-6)
    ours = run_pool(inputs, SETTINGS | {"floor": "wald"})
    assert width(ours) == pytest.approx(2 * 1.959963984540054 * (variance / k) ** 0.5)
    assert ours["method"]["interval"] == "wald", "the page and the script for R must name the interval that is shown"
    assert FLOOR_USED in ours["warnings"]


@given(rows)
def test_no_prediction_below_three_studies(inputs: list[dict[str, float]]) -> None:
    result = run_pool(inputs, SETTINGS | {"floor": "wald"})
    assert (result["pi_low"] is None) == (result["pi_high"] is None) == (len(inputs) < 3)
