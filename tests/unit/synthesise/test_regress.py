"""Meta-regression: what it answers at the edges, in words, in R and in a picture; and that thousands at once are the same."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.synthesise.methods.heterogeneity import MOMENTS, estimate_tau2
from whatworks.synthesise.methods.pooling import pool
from whatworks.synthesise.methods.regressing.batches import at_tau2, batch
from whatworks.synthesise.methods.regressing.estimating import basis_of, batched_tau2
from whatworks.synthesise.methods.regressing.peaks import log_likelihoods
from whatworks.synthesise.methods.regressing.permuting import permutation_test
from whatworks.synthesise.methods.regressing.regression import Regressed, regress
from whatworks.synthesise.methods.regressing.slopes import features, sides_and_bends
from whatworks.synthesise.methods.regressing.subgroups import subgroups

ESTIMATORS = ("REML", "ML", *MOMENTS)
Y = [0.30, -0.05, 0.62, 0.11, 0.47, 0.80, -0.30, 0.20]
V = [0.020, 0.015, 0.040, 0.008, 0.055, 0.030, 0.012, 0.060]
YEAR = [1990, 1994, 1999, 2003, 2004, 2010, 2015, 2016]
GROUP = ["b", "a", "b", "a", "b", "b", "a", "a"]
TABLE: dict[str, list[Any]] = {"yi": Y, "vi": V, "year": YEAR, "group": GROUP}


def fitted(formula: str = "yi ~ center(year) + group", **options: Any) -> Regressed:
    return regress(table=TABLE, formula=formula, **options)


@st.composite
def batches(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Effects and variances (b, k), and moderators (k, p)."""
    k, p, b = draw(st.integers(4, 9)), draw(st.integers(1, 3)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    spread = draw(st.sampled_from([0.0, 0.1, 1.0, 5.0]))
    v = rng.uniform(0.01, 1.0, (b, k)) ** draw(st.sampled_from([1, 3]))
    y = rng.normal(0, spread, (b, k)) + rng.normal(0, np.sqrt(v))
    return y, v, np.column_stack([np.ones(k), *rng.normal(size=(p - 1, k))])


def plain_likelihood(y: np.ndarray, v: np.ndarray, x: np.ndarray, tau2: float, restricted: bool) -> float:
    """The slow twin: the textbook formula with full matrices (Harville 1977, equation 2.2; metafor's constants)."""
    w = np.diag(1 / (v + tau2))
    beta = np.linalg.solve(x.T @ w @ x, x.T @ w @ y)
    apart = y - x @ beta
    value = -np.log(v + tau2).sum() - apart @ w @ apart - y.size * np.log(2 * np.pi)
    if restricted:
        value += x.shape[1] * np.log(2 * np.pi) + np.linalg.slogdet(x.T @ x)[1] - np.linalg.slogdet(x.T @ w @ x)[1]
    return float(value / 2)


@settings(max_examples=60, deadline=None)
@given(batches(), st.booleans())
def test_the_likelihood_is_highest_where_it_says(made: tuple[np.ndarray, ...], restricted: bool) -> None:
    y, v, x = made
    found = batched_tau2(y, v, x, tau2="REML" if restricted else "ML")
    for one, its, tau2 in zip(y, v, found, strict=True):
        best = plain_likelihood(one, its, x, tau2, restricted)
        for other in np.concatenate(([0.0], np.geomspace(1e-6, 100, 60), [tau2 * 0.999, tau2 * 1.001])):
            # 1e-9: the rounding of two likelihoods of some tens
            assert plain_likelihood(one, its, x, other, restricted) <= best + 1e-9


@settings(max_examples=40, deadline=None)
@given(batches(), st.floats(0, 3), st.booleans())
def test_the_fast_likelihood_and_its_slope_are_the_plain_ones(
    made: tuple[np.ndarray, ...], tau2: float, restricted: bool
) -> None:
    y, v, x = made
    these = batch(y, v, basis_of(x))
    at = np.full(len(y), tau2)
    plain = [plain_likelihood(one, its, x, tau2, restricted) for one, its in zip(y, v, strict=True)]
    # 1e-9 relative: sums of squares of ten effects against full matrices
    assert np.allclose(log_likelihoods(these, at_tau2(these, at), restricted), plain, rtol=1e-9, atol=1e-9)
    step = 1e-3 * (v.min() + tau2)
    rise = [  # twice the slope, as a central difference
        (plain_likelihood(a, b, x, tau2 + 2 * step, restricted) - plain_likelihood(a, b, x, tau2, restricted)) / step
        for a, b in zip(y, v, strict=True)
    ]
    fall, trace, _, _ = sides_and_bends(features(these), at + step, restricted)
    scale = np.maximum(trace, fall)
    assert np.allclose((fall - trace) / scale, np.array(rise) / scale, atol=1e-4)  # the error of a central difference


@pytest.mark.parametrize("estimator", ESTIMATORS)
@settings(max_examples=15, deadline=None)
@given(made=batches())
def test_many_at_once_are_the_same_as_one_by_one(estimator: Any, made: tuple[np.ndarray, ...]) -> None:
    """Each path through the arrays (own variances, shared ones, counts) against the estimators of a single pool."""
    y, v, _ = made
    each = [estimate_tau2(one, its, estimator) for one, its in zip(y, v, strict=True)]
    assert np.allclose(batched_tau2(y, v, tau2=estimator), each, rtol=1e-9, atol=1e-13)
    shared = [estimate_tau2(one, v[0], estimator) for one in y]
    assert np.allclose(batched_tau2(y, v[0], tau2=estimator), shared, rtol=1e-9, atol=1e-13)
    k = y.shape[1]
    counts = np.random.default_rng(k).multinomial(k, np.full(k, 1 / k), size=5).astype(float)
    counts = counts[(counts > 0).sum(axis=1) > 1]
    drawn = [estimate_tau2(np.repeat(y[0], c.astype(int)), np.repeat(v[0], c.astype(int)), estimator) for c in counts]
    assert np.allclose(batched_tau2(y[0], v[0], counts=counts, tau2=estimator), drawn, rtol=1e-8, atol=1e-12)


@given(st.permutations(range(8)), st.floats(-5, 5), st.floats(0.1, 10))
def test_order_shift_and_scale_change_what_they_should(order: list[int], shift: float, scale: float) -> None:
    one = regress(Y, V, YEAR)
    y = scale * (np.array(Y)[order] + shift)
    two = regress(y, scale**2 * np.array(V)[order], np.array(YEAR)[order])
    assert two.coefficients[1].estimate == pytest.approx(scale * one.coefficients[1].estimate, rel=1e-7)
    assert two.tau2 == pytest.approx(scale**2 * one.tau2, rel=1e-7)
    assert (two.qe, two.qm, two.i2) == pytest.approx((one.qe, one.qm, one.i2), rel=1e-7)


def test_without_moderators_it_is_the_pooled_result() -> None:
    for interval in ("wald", "t", "hksj", "hksj-adhoc"):
        one, two = pool(Y, V, interval=interval), fitted("yi ~ 1", interval=interval)
        mean = two.coefficients[0]
        assert (mean.estimate, mean.se, mean.ci_low) == pytest.approx((one.estimate, one.se, one.ci_low), rel=1e-10)
        assert (two.tau2, two.i2, two.qe) == pytest.approx((one.tau2, one.i2, one.q), rel=1e-9)
        assert (two.tau2_ci_low, two.tau2_ci_high) == pytest.approx((one.tau2_ci_low, one.tau2_ci_high), rel=1e-8)
        assert two.loglik == pytest.approx(one.loglik, rel=1e-10)


def test_two_peaks_are_both_seen() -> None:
    """An example where an iteration from one start stops at the lower peak."""
    y, v = [0.0, 0.1, 6.0], [0.0001, 0.0001, 30.0]
    single = estimate_tau2(np.array(y), np.array(v))
    assert batched_tau2(y, v)[0] == pytest.approx(single, rel=1e-9)


def test_arrays_and_formulas_say_the_same() -> None:
    by_formula = fitted("yi ~ year")
    by_array = regress(Y, V, YEAR, names=["year"])
    assert by_formula.to_dict() == by_array.to_dict()
    assert regress(Y, V, table=TABLE, formula="~ year").coefficients == by_array.coefficients


def test_predictions_come_from_the_formula_with_their_own_centre() -> None:
    found = fitted()
    new = found.predict({"year": [YEAR[0], 2020], "group": ["b", "a"]})
    assert new[0].estimate == pytest.approx(found.fitted[0], rel=1e-12)
    assert new[1].pi_low < new[1].ci_low < new[1].ci_high < new[1].pi_high
    assert fitted(model="common").predict({"year": [2000], "group": ["a"]})[0].pi_low is None
    with pytest.raises(InputError, match="must be a table"):
        found.predict([[1, 2]])
    with pytest.raises(InputError, match="must hold the 1 moderators"):
        regress(Y, V, YEAR).predict([[1, 2]])


def test_terms_can_be_tested_together_by_their_names() -> None:
    found = fitted("yi ~ year * group")
    assert found.test(["year", "group", "year:group"]).statistic == pytest.approx(found.qm)
    assert found.test(["year"]).p == pytest.approx(found.coefficients[1].p)
    with pytest.raises(InputError, match="no term 'nothere'"):
        found.test(["nothere"])


def test_rows_without_a_value_are_left_out_and_said() -> None:
    table = TABLE | {"year": [None, *YEAR[1:]]}
    found = regress(table=table, formula="yi ~ year")
    assert found.k == 7 and found.rows == tuple(range(1, 8))
    assert found.warnings[0].startswith("1 of 8 rows lack a value")
    assert found.coefficients == regress([float("nan"), *Y[1:]], V, YEAR, names=["year"]).coefficients


def test_warnings_say_what_a_reader_must_know() -> None:
    said = " ".join(fitted("yi ~ year + group", interval="wald").warnings)
    for part in (
        "ecological bias",
        "fewer than ten",
        "at year = 0, outside what was seen (1990 to 2016)",
        "interval = hksj",
    ):
        assert part in said
    assert "outside what was seen" not in " ".join(fitted().warnings)
    alone = TABLE | {"group": ["z", *"aaaaaaa"]}
    assert "rests on one study" in " ".join(regress(table=alone, formula="yi ~ group").warnings)
    tangled = TABLE | {"near": [year + 0.01 * (i % 2) for i, year in enumerate(YEAR)]}
    assert "told apart" in " ".join(regress(table=tangled, formula="yi ~ year + near").warnings)
    assert "up to 1e-5 short" in " ".join(fitted(stop="metafor").warnings)
    assert "yet a common-effect model" in " ".join(fitted("yi ~ group", model="common").warnings)
    assert "standard errors smaller" in " ".join(
        regress([0.1, 0.11, 0.1, 0.12], [0.1] * 4, [1, 2, 3, 4], interval="hksj").warnings
    )


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: regress(Y, V, np.eye(8)[:, :7]), "too few for 8 coefficients"),
        (lambda: regress(Y[:1], V[:1]), "1 studies are too few for 1"),
        (lambda: regress(Y[:2], V[:2], YEAR[:2]), "too few for 2"),
        (lambda: regress(Y, V, np.column_stack((YEAR, YEAR))), "x2 is made of"),
        (lambda: regress(Y, V, YEAR[:3]), "one row of moderators for each effect"),
        (lambda: regress(Y, V, ["a"] * 8), "must be numbers"),
        (lambda: regress(Y, V, YEAR, names=["a", "b"]), "2 names for 1 columns"),
        (lambda: regress(Y, [0.0, *V[1:]], YEAR), "variance in row 1 is 0"),
        (lambda: regress(Y, V, [float("inf"), *YEAR[1:]]), "moderator is infinite"),
        (lambda: regress(Y), "Give effects"),
        (lambda: regress(table=TABLE), "formula goes with a table"),
        (lambda: regress(Y, V, YEAR, table=TABLE, formula="yi ~ 1"), "not both"),
        (lambda: regress(table=TABLE, formula="~ year"), "names no effect"),
        (lambda: regress(table=TABLE, formula="group ~ year"), "which is not a number"),
        (lambda: fitted(tau2="XX"), "tau2 'XX' is not known"),
        (lambda: fitted(interval="plain"), "interval 'plain' is not known"),
        (lambda: fitted(level=95), "level"),
        (lambda: batched_tau2(Y, V, tau2="XX"), "no tau2 estimator XX"),  # type: ignore[arg-type]
        (lambda: fitted().permutation(1), "cannot be done"),
    ],
)
def test_what_cannot_be_fitted_is_said(call: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        call()


def test_a_study_that_fixes_its_own_coefficient_has_no_residual() -> None:
    found = regress(table=TABLE | {"group": ["z", *"aaaaaaa"]}, formula="yi ~ group")
    assert found.standardised[0] is None and found.hat[0] == pytest.approx(1)


def test_equal_effects_leave_nothing_to_explain() -> None:
    found = regress([0.2] * 5, V[:5], YEAR[:5])
    assert (found.tau2, found.tau2_alone, found.r2) == (0, 0, 0)
    assert json.dumps(found.to_dict(), allow_nan=False)


def test_metafors_stopping_rule_falls_back_to_the_peak() -> None:
    """An iteration that does not settle must not leave the user without an answer."""
    y, v = [-1.139, -0.241, 0.423, -0.551], [0.1301, 0.002, 0.2099, 0.1107]
    one, two = (regress(y, v, tau2="ML", stop=stop) for stop in ("metafor", "converged"))
    assert one.tau2 == two.tau2
    other = [regress(Y, V, YEAR, tau2="ML", stop=stop).tau2 for stop in ("metafor", "converged")]
    assert 0 < abs(other[0] - other[1]) < 1e-4


def test_every_result_tells_itself() -> None:
    for found in (fitted(), fitted("yi ~ year"), fitted("yi ~ 1"), fitted("yi ~ group - 1", model="common")):
        assert json.dumps(found.to_dict(), allow_nan=False)
        assert "References" in found.report() and found.summary()[:9] == "8 studies"
        assert found.chart().svg.startswith("<svg") and len(found.chart().rows) == 8
        again = found.recipe.run() if hasattr(__import__("whatworks"), "regress") else regress(**found.recipe.arguments)
        assert again == found
    assert "center(year) takes 2003.88 as 0" in fitted().report()


def test_permutations_of_few_studies_are_all_done() -> None:
    found = regress(Y[:5], V[:5], YEAR[:5]).permutation(times=120)
    assert found.exact and found.times == 120 and found.mc_error == 0
    groups = regress(table=TABLE, formula="yi ~ group").permutation(times=1000)
    assert groups.exact and groups.times == 70  # 8! / (4! 4!)
    signs = regress(Y, V).permutation(times=256)
    assert signs.exact and signs.times == 256 and signs.qm_p is None
    assert "no p value below" in regress(Y[:3], V[:3], YEAR[:3]).permutation().warnings[0]


def test_random_permutations_come_out_the_same_again() -> None:
    one, two = (permutation_test(fitted(), 500, seed=3) for _ in range(2))
    assert one == two and not one.exact and 0 < one.qm_p <= 1
    assert one.coefficients != permutation_test(fitted(), 500, seed=4).coefficients
    assert json.dumps(one.to_dict(), allow_nan=False)
    assert permutation_test(**one.recipe.arguments) == one
    assert "seed 3" in one.report() and one.chart().rows[1][2] == one.coefficients[1].p


def test_a_permutation_is_a_full_refit() -> None:
    """The slow twin: re-order, regress, compare."""
    found = regress(Y, V, YEAR, interval="hksj")
    fast = permutation_test(found, 60, seed=5)
    orders = np.argsort(np.random.default_rng(5).random((60, 8)), axis=1)
    orders[0] = np.arange(8)
    slow = [abs(regress(Y, V, np.array(YEAR)[order], interval="hksj").coefficients[1].statistic) for order in orders]
    assert fast.coefficients[1].p == np.mean(np.array(slow) >= slow[0] - 1e-8)


def test_groups_with_their_own_heterogeneity_are_separate_pools() -> None:
    found = subgroups(Y, V, GROUP, interval="hksj")
    member = np.array(GROUP) == "a"
    one = pool(np.array(Y)[member], np.array(V)[member], interval="hksj")
    assert (found.groups[0].estimate, found.groups[0].tau2) == pytest.approx((one.estimate, one.tau2), rel=1e-9)
    assert (found.groups[0].ci_low, found.groups[0].ci_high) == pytest.approx((one.ci_low, one.ci_high), rel=1e-9)
    again = subgroups(**found.recipe.arguments)
    assert again == found and json.dumps(found.to_dict(), allow_nan=False)
    assert (
        "test of a difference" in found.summary() and "Borenstein" in found.report() and found.chart().rows[0][1] == 4
    )


def test_groups_with_one_heterogeneity_are_a_regression() -> None:
    found, model = subgroups(Y, V, GROUP, one_tau2=True, interval="hksj"), fitted("yi ~ group", interval="hksj")
    assert (found.statistic, found.p) == pytest.approx((model.qm, model.qm_p), rel=1e-9)
    assert found.df == model.qm_df
    assert found.groups[0].estimate == pytest.approx(model.coefficients[0].estimate, rel=1e-9)


def test_groups_that_cannot_be_compared_are_refused_or_warned_of() -> None:
    with pytest.raises(InputError, match="nothing to compare"):
        subgroups(Y, V, ["a"] * 8)
    with pytest.raises(InputError, match="row 2 is missing"):
        subgroups(Y, V, ["a", "", *"bbbbbb"])
    with pytest.raises(InputError, match="3 group labels for 8"):
        subgroups(Y, V, ["a"] * 3)
    with pytest.raises(InputError, match="more studies than groups"):
        subgroups(Y, V, list("abcdefgh"), one_tau2=True)
    assert "One study in z" in " ".join(subgroups(Y, V, ["z", *"aaaaaaa"]).warnings)
    assert subgroups(Y, V, [2, 10, 2, 10, 2, 10, 2, 10]).groups[0].name == "2"


@pytest.mark.r
def test_the_r_scripts_give_the_same_numbers(tmp_path: Path) -> None:
    found = fitted("yi ~ year * group", interval="hksj")
    groups = subgroups(Y, V, GROUP)
    six = {name: column[:6] for name, column in TABLE.items()}
    tested = permutation_test(regress(table=six, formula="yi ~ group"), 1000)
    file = tmp_path / "all.R"
    extra = "cat(sprintf('%.12g', c(coef(fit), fit$se, fit$tau2, fit$QM, fit$R2)), '\\n')\n"
    last = "cat(sprintf('%.12g', permutest(fit, exact = TRUE, progbar = FALSE)$pval), '\\n')\n"
    file.write_text(found.r_script() + extra + groups.r_script() + tested.r_script() + last, encoding="utf-8")
    done = subprocess.run(["Rscript", str(file)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    ours = [*found.estimates, *(one.se for one in found.coefficients), found.tau2, found.qm, found.r2]
    theirs = next(line for line in lines if len(line) == len(ours) and line[0].lstrip("-")[0].isdigit())
    assert list(map(float, theirs)) == pytest.approx(ours, rel=1e-5)  # metafor's own tau2 has an error of 1e-7
    assert list(map(float, lines[-1])) == pytest.approx([one.p for one in tested.coefficients])
