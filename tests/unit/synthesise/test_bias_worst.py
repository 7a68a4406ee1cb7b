"""How strong selection would have to be: against the formulas written out slowly, study by study."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.synthesise.methods.bias.worst import Robustness, e_value, robustness
from whatworks.synthesise.methods.pooling import pool

Y = [0.1, 0.5, 0.3, 0.9, 0.2, -0.1, 0.45, 0.62, 0.05, 0.33]
V = [0.04, 0.05, 0.01, 0.1, 0.02, 0.03, 0.04, 0.05, 0.02, 0.02]
studies = st.lists(st.tuples(st.floats(-1, 3), st.floats(0.01, 1)), min_size=2, max_size=12)


def slow(found: Robustness, pairs: list[tuple[float, float]], ratio: float, tau2: float) -> tuple[float, float]:
    """The corrected mean and its standard error, study by study."""
    top = bottom = spread = 0.0
    for y, v in pairs:
        z = (y if found.favoured == "greater" else -y) / math.sqrt(v)
        affirmative = 0.5 * math.erfc(z / math.sqrt(2)) <= found.alpha
        weight = (1 if affirmative else ratio) / (v + tau2)
        top, bottom, spread = top + weight * y, bottom + weight, spread + weight**2 * (v + tau2)
    return top / bottom, math.sqrt(spread) / bottom


@given(studies)
def test_the_means_at_ratios(pairs: list[tuple[float, float]]) -> None:
    """The weights are the whole method."""
    found = robustness(*zip(*pairs, strict=True), model="common")
    for row in found.ratios:
        assert (row.estimate, row.se) == pytest.approx(slow(found, pairs, row.ratio, 0.0), rel=1e-9, abs=1e-12)


@given(studies, st.sampled_from([0.0, 0.1, -0.2]))
def test_at_the_s_value_the_result_is_the_target(pairs: list[tuple[float, float]], target: float) -> None:
    """And just below it, it is not yet."""
    found = robustness(*zip(*pairs, strict=True), model="common", target=target)
    sign = 1 if found.favoured == "greater" else -1
    for value, reach in ((found.s_value, 0.0), (found.s_value_ci, 1.959963984540054)):

        def near(ratio: float, reach: float = reach) -> float:
            mean, se = slow(found, pairs, ratio, 0.0)
            return sign * (mean - target) - reach * se

        assume(value is None or value < 1e6)
        if value is None:
            assert all(near(ratio) > -1e-9 for ratio in (1.0, 10.0, 1e3, 1e6))
        elif value == 1:
            assert near(1.0) <= 1e-9
        else:
            assert near(value) == pytest.approx(0, abs=1e-7)
            assert near(1 + 0.5 * (value - 1)) > -1e-9


def test_random_effects_use_tau2_of_all_studies() -> None:
    """At ratio 1 the mean is the ordinary one; the worst case is a pool of its own."""
    found, plain = robustness(Y, V), pool(Y, V)
    assert (found.estimate, found.ratios[0].se) == pytest.approx((plain.estimate, plain.se), rel=1e-10)
    others = [(y, v) for y, v in zip(Y, V, strict=True) if y / math.sqrt(v) < 1.959963984540054]
    alone = pool(*zip(*others, strict=True))
    assert (found.worst.k, found.worst.estimate, found.worst.tau2) == (len(others), alone.estimate, alone.tau2)


def test_all_affirmative_or_none() -> None:
    """With nothing unpublished to imagine, no strength of selection is enough; with nothing affirmative, none is needed."""
    every = robustness([1.0, 1.2, 0.9], [0.01, 0.02, 0.01])
    assert (every.other, every.s_value, every.worst.estimate) == (0, None, None)
    none = robustness([0.1, 0.05, 0.02], [0.1, 0.1, 0.1])
    assert (none.affirmative, none.s_value_ci) == (0, 1.0)


def test_bias_is_what_would_have_to_go() -> None:
    """A bias of that size in every study leaves nothing."""
    found = robustness(Y, V)
    shifted = robustness([y - found.bias for y in Y], V)
    assert shifted.estimate == pytest.approx(0, abs=1e-9)
    assert found.bias_ci == pytest.approx(found.ci_low)


def test_e_values() -> None:
    """The paper's own example: a risk ratio of 3.9 has an E-value of 7.26 (VanderWeele and Ding 2017)."""
    assert e_value(math.log(3.9), "RR") == pytest.approx(7.26, abs=0.005)
    assert e_value(-math.log(3.9), "RR") == pytest.approx(7.26, abs=0.005)
    assert e_value(math.log(4), "OR") == pytest.approx(2 + math.sqrt(2))
    assert e_value(0.0, "SMD") == 1
    assert e_value(0.4, "MD") is None
    assert robustness(Y, V, metric="SMD").e_value_ci == pytest.approx(e_value(robustness(Y, V).ci_low, "SMD"))
    assert robustness(Y, V, metric="SMD", target=0.1).e_value is None


def test_the_other_side() -> None:
    """Mirrored effects have mirrored answers."""
    up, down = robustness(Y, V), robustness(-np.asarray(Y), V)
    assert (up.favoured, down.favoured) == ("greater", "less")
    assert (up.s_value, up.s_value_ci, up.estimate) == pytest.approx((down.s_value, down.s_value_ci, -down.estimate))


@pytest.mark.parametrize("choice", [{"alpha": 0.6}, {"favoured": "up"}, {"level": 2}])
def test_wrong_choices_are_refused(choice: dict[str, object]) -> None:
    """One sentence each."""
    with pytest.raises(InputError):
        robustness(Y, V, **choice)  # type: ignore[arg-type]
