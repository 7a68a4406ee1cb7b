"""Funnel tests, trim and fill, fail-safe numbers: slow twins, and what they do where there is nothing to test."""

from __future__ import annotations

from itertools import combinations, permutations
from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from whatworks.errors import InputError
from whatworks.synthesise.methods.bias.filedrawer import fail_safe
from whatworks.synthesise.methods.bias.lines import least_squares, likelihood, mixed
from whatworks.synthesise.methods.bias.rank import kendall, rank_test
from whatworks.synthesise.methods.bias.regression import Limit, chosen, egger, peese, small_study_test
from whatworks.synthesise.methods.bias.tables import table_tests
from whatworks.synthesise.methods.bias.trimming import missing, trim_and_fill

Y = np.array([0.1, 0.5, 0.3, 0.9, 0.2, -0.1, 0.45, 0.62, 0.05, 0.33])
V = np.array([0.04, 0.05, 0.01, 0.1, 0.02, 0.03, 0.04, 0.05, 0.02, 0.02])
studies = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 2)), min_size=4, max_size=15)


@given(studies)
def test_a_line_is_the_least_squares_one(pairs: list[tuple[float, float]]) -> None:
    """The centred sums must be what a general solver gives."""
    y, v = (np.asarray(part) for part in zip(*pairs, strict=True))
    line = least_squares(y, np.sqrt(v), 1 / v)
    if line is None or np.ptp(v) < 1e-3:
        return
    root = np.sqrt(1 / v)
    x = np.column_stack((np.ones(y.size), np.sqrt(v))) * root[:, None]
    beta, *_ = np.linalg.lstsq(x, y * root, rcond=None)
    rest = y * root - x @ beta
    covariance = np.linalg.inv(x.T @ x) * (rest @ rest) / (y.size - 2)
    # the solver's own error grows with the square of how near the columns are to being one
    assert (line.intercept, line.slope) == pytest.approx(tuple(beta), rel=1e-6, abs=1e-7)
    assert (line.intercept_se, line.slope_se) == pytest.approx(tuple(np.sqrt(np.diag(covariance))), rel=1e-6, abs=1e-7)


@given(studies, st.booleans())
def test_no_tau2_on_a_fine_grid_is_likelier(pairs: list[tuple[float, float]], restricted: bool) -> None:
    """REML of a line with two peaks must take the higher; the likelihood itself is checked with a dense one below."""
    y, v = (np.asarray(part) for part in zip(*pairs, strict=True))
    line = mixed(y, v, np.sqrt(v), restricted)
    if line is None or line.tau2 is None or np.ptp(v) < 1e-3:
        return
    best = likelihood(y, v, np.sqrt(v), line.tau2, restricted)
    grid = np.concatenate(([0.0], np.geomspace(1e-6, 50, 60)))
    assert max(likelihood(y, v, np.sqrt(v), float(tau2), restricted) for tau2 in grid) <= best + 1e-8


@pytest.mark.parametrize("tau2", [0.0, 0.05, 1.0])
def test_the_restricted_likelihood_is_that_of_the_matrices(tau2: float) -> None:
    """Centring must not change the determinant."""
    x = np.column_stack((np.ones(Y.size), np.sqrt(V)))

    def dense(t: float) -> float:
        w = np.diag(1 / (V + t))
        inner = x.T @ w @ x
        p = w - w @ x @ np.linalg.solve(inner, x.T @ w)
        return float(-0.5 * (np.log(V + t).sum() + np.log(np.linalg.det(inner)) + Y @ p @ Y))

    ours = likelihood(Y, V, np.sqrt(V), tau2, True) - likelihood(Y, V, np.sqrt(V), 0.2, True)
    assert ours == pytest.approx(dense(tau2) - dense(0.2), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("k", [1, 2])
def test_too_few_studies_have_no_line(k: int) -> None:
    """A line through two points fits perfectly and says nothing."""
    test, pet = egger(Y[:k], V[:k])
    assert test.p is None and pet.estimate is None and peese(Y[:k], V[:k]).estimate is None
    assert small_study_test(Y[:k], V[:k]).slope is None
    assert chosen(pet, Limit()) == (None, Limit())


def test_equal_errors_have_no_line() -> None:
    """Without small and large studies there is no small-study effect to see."""
    v = np.full(6, 0.3)
    assert egger(Y[:6], v)[0].intercept is None
    assert rank_test(Y[:6], v).tau is None
    assert trim_and_fill(Y[:6], v).side == "left"  # away from a mean above 0


def test_studies_exactly_on_a_line_have_no_error() -> None:
    """A t value of infinity is no t value."""
    v = np.array([0.25, 1.0, 4.0])
    test, _ = egger(np.sqrt(v), v)
    assert test.intercept == pytest.approx(1)
    assert test.t is None or abs(test.t) > 1e6


def test_the_conditional_estimate() -> None:
    """PEESE answers where there is an effect at all; PET where there may be none."""
    assert chosen(Limit(0.1, 0.1, 1.0, 8, 0.35), Limit(0.2))[0] == "pet"
    assert chosen(Limit(0.4, 0.1, 4.0, 8, 0.004), Limit(0.5))[0] == "peese"


def test_predictors_from_sizes() -> None:
    """The test for standardised mean differences must use n, and refuse to guess it."""
    n = 40 / V
    assert small_study_test(Y, V, predictor="inverse-sqrt-n", n=n).slope is not None
    for wrong, sentence in ((None, "needs n"), (n[:3], "one n for each"), (np.append(n[:-1], 0), "row 10")):
        with pytest.raises(InputError, match=sentence):
            small_study_test(Y, V, predictor="inverse-n", n=wrong)
    with pytest.raises(InputError, match="predictor 'size'"):
        small_study_test(Y, V, predictor="size")  # type: ignore[arg-type]


@given(st.permutations(range(6)))
def test_the_exact_p_counts_orders(order: list[int]) -> None:
    """All 720 orders of six studies, by hand."""

    def score(values: tuple[int, ...] | list[int]) -> int:
        return sum(1 if b > a else -1 for a, b in combinations(values, 2))

    ours = kendall(np.arange(6.0), np.asarray(order, dtype=float))
    scores = [score(one) for one in permutations(range(6))]
    tails = [sum(one <= score(order) for one in scores), sum(one >= score(order) for one in scores)]
    assert ours.tau == pytest.approx(score(order) / comb(6, 2))
    assert ours.p == pytest.approx(min(1.0, 2 * min(tails) / 720))
    assert ours.exact


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=25))
def test_ties_are_corrected_for(pairs: list[tuple[int, int]]) -> None:
    """Equal variances are common; the normal p must know of them."""
    x, y = (np.asarray(part, dtype=float) for part in zip(*pairs, strict=True))
    ours = kendall(x, y)
    if np.unique(x).size == 1 or np.unique(y).size == 1:
        assert ours.tau is None and ours.p is None
        return
    theirs = kendalltau(x, y, method="asymptotic")
    assert ours.tau == pytest.approx(theirs.statistic, abs=1e-12)
    if not ours.exact:
        assert ours.p == pytest.approx(theirs.pvalue, rel=1e-9)


def test_one_study_that_outweighs_all_others() -> None:
    """The variance of its distance from the mean is a difference of nearly equal numbers."""
    v = np.array([1e-11, 1.0, 2.0, 3.0, 0.5])
    found = rank_test(np.array([0.1, 0.5, 0.3, 0.9, 0.2]), v)
    assert found.tau is not None and -1 <= found.tau <= 1


CELLS = {
    "ai": [4, 6, 3, 62, 33, 180, 8],
    "bi": [119, 300, 228, 13536, 5036, 1361, 2537],
    "ci": [11, 29, 11, 248, 47, 372, 10],
    "di": [128, 274, 209, 12619, 5761, 1079, 619],
}


def test_tables_where_nobody_has_the_outcome() -> None:
    """Such a study has no score; it is left out there and counted."""
    cells = {name: [*column, 0 if name in ("ai", "ci") else 50] for name, column in CELLS.items()}
    found = {test.name: test for test in table_tests(cells)}
    assert (found["harbord"].k, found["peters"].k) == (7, 7)
    assert found["macaskill-fiv"].k == 8
    few = {test.name: test for test in table_tests({name: column[:2] for name, column in CELLS.items()})}
    assert all(test.p is None for test in few.values())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ai": None}, "ai is not given"),
        ({"ai": [1, 2]}, "equally long"),
        ({"ci": [-1, 29, 11, 248, 47, 372, 10]}, "Row 1 of ci"),
        ({"ai": [0, 6, 3, 62, 33, 180, 8], "bi": [0, 300, 228, 13536, 5036, 1361, 2537]}, "row 1 a group"),
    ],
)
def test_wrong_tables_are_refused(change: dict[str, object], sentence: str) -> None:
    """The row at fault is named."""
    with pytest.raises(InputError, match=sentence):
        table_tests(CELLS | change)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="OR or RR"):
        table_tests(CELLS, "RD")  # type: ignore[arg-type]


def test_harbords_score_for_risk_ratios_is_the_likelihoods() -> None:
    """Score and information of the risk ratio at no difference, from the likelihood of two binomials by differences."""
    a, n1, c, n0 = 12.0, 100.0, 20.0, 90.0

    def value(theta: float, p: float) -> float:
        q = p * np.exp(theta)
        return float(a * np.log(q) + (n1 - a) * np.log(1 - q) + c * np.log(p) + (n0 - c) * np.log(1 - p))

    p, h = (a + c) / (n1 + n0), 1e-5
    score = (value(h, p) - value(-h, p)) / (2 * h)
    n, events = n1 + n0, a + c
    assert score == pytest.approx((a * n - n1 * events) / (n - events), rel=1e-6)


def test_a_symmetric_funnel_misses_nothing() -> None:
    """Trim and fill that always finds something would be no method."""
    y = np.array([-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3])
    v = np.array([0.3, 0.2, 0.1, 0.05, 0.1, 0.2, 0.3])
    found = trim_and_fill(y, v)
    assert found.k0 == 0 and found.filled == ()
    assert found.estimate == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("estimator", ["L0", "R0", "Q0"])
def test_sides_mirror(estimator: str) -> None:
    """Turning all signs must turn the side and nothing else."""
    left = trim_and_fill(Y, V, estimator=estimator)  # type: ignore[arg-type]
    right = trim_and_fill(-Y, V, estimator=estimator)  # type: ignore[arg-type]
    assert {left.side, right.side} == {"left", "right"}
    assert (left.k0, left.se_k0) == (right.k0, right.se_k0)
    assert left.estimate == pytest.approx(-right.estimate)


def test_the_three_counts_on_a_known_funnel() -> None:
    """Ten studies whose four lowest are cut away: worked out by hand from the papers' formulas."""
    away = np.array([-1.0, -2.0, 3.0, 4.0, 5.0, 6.0])
    positive = 3 + 4 + 5 + 6
    assert missing(away, "L0")[0] == max(0, round((4 * positive - 42) / 11))
    assert missing(away, "R0") == (3, sqrt(2 * 3 + 2))  # ranks above the largest negative one (2): four, less one
    assert missing(away, "Q0")[0] == max(0, round(6 - 0.5 - sqrt(2 * 36 - 4 * positive + 0.25)))


def test_one_and_two_studies() -> None:
    """Nothing can be missing beside a single study."""
    assert trim_and_fill(Y[:1], V[:1]).k0 is None
    two = trim_and_fill(Y[:2], V[:2])
    assert two.k0 is not None and two.estimate is not None
    with pytest.raises(InputError, match="side 'up'"):
        trim_and_fill(Y, V, side="up")  # type: ignore[arg-type]


def test_fail_safe_numbers_of_nothing() -> None:
    """No effect, no number; and the caution always travels with them."""
    none = fail_safe([0.1, -0.1], [0.1, 0.1])
    assert (none.rosenthal, none.rosenberg, none.orwin) == (0, 0, None)
    assert "do not rest" in none.caution
    with pytest.raises(InputError, match="alpha"):
        fail_safe(Y, V, alpha=5)
