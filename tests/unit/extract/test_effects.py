"""Formulae: names, inputs, refusals. The numbers themselves are in tests/oracles."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from whatworks.errors import InputError
from whatworks.extract import FORMULAE, MEASURES, METRICS, compute, measure
from whatworks.extract.methods.computing import formula_for
from whatworks.extract.methods.formula import Formula
from whatworks.extract.methods.means import small_sample_factor

TABLE = {"events1": 12, "n1": 40, "events2": 20, "n2": 41}
EXAMPLE = {  # a possible value for every input there is, by name
    "events1": 12.0, "n1": 40.0, "events2": 20.0, "n2": 41.0, "time1": 100.0, "time2": 90.0, "events": 12.0,
    "n": 40.0, "mean1": 10.0, "sd1": 3.0, "mean2": 8.0, "sd2": 2.0, "se1": 0.5, "se2": 0.4, "r": 0.3, "t": 2.1,
    "predictors": 3.0, "r2": 0.3, "proportion1": 0.3, "proportion2": 0.5, "p": 0.03, "direction": -1.0,
    "odds_ratio": 1.4, "se_log_odds_ratio": 0.2, "b": 1.1, "sdy": 3.0, "d": 0.4, "log_odds_ratio": 0.5,
    "variance": 0.04, "estimate": 0.7, "low": 0.5, "high": 0.98, "level": 0.95, "se": 0.1, "intercept": 1.0,
    "intercept_se": 0.1, "slope": 0.3, "slope_se": 0.2, "dispersion": 0.5, "partial": 0.3, "mean": 10.0, "sd": 3.0,
    "alpha": 0.8, "items": 10.0, "time": 100.0, "mean_after": 10.0, "mean_before": 8.0, "sd_after": 3.0,
    "sd_before": 2.5, "low1": 9.0, "high1": 11.5, "low2": 7.0, "high2": 9.0, "median1": 10.0, "median2": 8.0,
    "lower1": 8.0, "upper1": 11.0, "lower2": 7.0, "upper2": 10.0, "minimum1": 2.0, "maximum1": 16.0,
    "minimum2": 3.0, "maximum2": 15.0, "percent1": 30.0, "percent2": 50.0, "percent": 31.0, "both": 12.0,
    "first": 28.0, "second": 20.0, "neither": 21.0, "cluster_size": 4.0, "icc": 0.05, "cluster_size_cv": 0.4,
    "clusters1": 10.0, "clusters2": 11.0, "sd_means1": 1.2, "sd_means2": 1.3, "baseline_risk": 0.3,
    "risk_ratio": 0.8, "f": 4.4, "chi2": 3.2, "g": 0.4, "difference": 1.2, "beta": 0.2, "covariates": 1.0,
    "log_estimate": 0.4, "after1": 12.0, "before1": 9.0, "sd_after1": 3.0, "sd_before1": 2.8, "after2": 10.0,
    "before2": 9.2, "sd_after2": 3.1, "sd_before2": 2.7, "change1": 3.0, "sd_change1": 2.2, "change2": 0.8,
    "sd_change2": 2.1,
}  # fmt: skip
WITHIN = {"odds_ratio": 0.7, "risk_ratio": 0.7}  # so that it lies inside the interval above


def example(formula: Formula) -> dict[str, Any]:
    numbers = EXAMPLE | WITHIN if formula.name.endswith("-ratio") else EXAMPLE
    return {wanted.name: numbers[wanted.name] for wanted in formula.inputs if wanted.number} | {
        wanted.name: "the trial's own report" for wanted in formula.inputs if wanted.note
    }


@pytest.mark.parametrize("formula", FORMULAE.values(), ids=FORMULAE.keys())
def test_every_formula_is_documented_and_gives_the_metric_it_promises(formula: Formula) -> None:
    answer = formula.compute(**example(formula))
    assert answer.metric == formula.metric
    assert formula.metric in METRICS
    assert answer.yi.shape == answer.vi.shape == ()
    assert math.isfinite(answer.yi)
    assert answer.vi > 0 or formula.name == "standardised-difference-from-count-model"
    assert formula.title
    assert formula.text
    assert formula.source
    assert all(wanted.title for wanted in formula.inputs)
    assert "\n" not in formula.text


@pytest.mark.parametrize("formula", FORMULAE.values(), ids=FORMULAE.keys())
def test_a_column_gives_what_its_rows_give_one_by_one(formula: Formula) -> None:
    numbers = example(formula)
    columns = {name: value if isinstance(value, str) else [value, None, value] for name, value in numbers.items()}
    column = formula.compute(**columns)
    single = formula.compute(**numbers)
    for name in ("yi", "vi"):
        np.testing.assert_array_equal(getattr(column, name)[[0, 2]], [getattr(single, name)] * 2)
    assert np.isnan(column.yi[1])
    assert column.to_dict()["yi"][1] is None


def test_every_measure_of_the_command_line_has_its_formula() -> None:
    codes = "RR OR RD PETO AS MD SMD SMDH ROM IRR IRD ZCOR COR PR PLO PLN PAS PFT D"
    assert set(MEASURES) >= set(codes.split())
    converted = {"OR2DL": "D", "OR2DN": "D", "D2ORL": "OR"}  # escalc's names for the way, not for what comes out
    for code, (name, columns) in MEASURES.items():
        assert FORMULAE[name].metric == converted.get(code, code)
        assert set(columns) >= FORMULAE[name].needed


@pytest.mark.parametrize(
    ("name", "given", "complaint"),
    [
        ("log-risk-ratio-from-counts", TABLE | {"events1": 41}, "above the group's size"),
        ("log-risk-ratio-from-counts", TABLE | {"events2": -1}, "below 0"),
        ("log-risk-ratio-from-counts", TABLE | {"n2": 0, "events2": 0}, "no people"),
        ("log-risk-ratio-from-counts", TABLE | {"zero": "sometimes"}, "only0, all, none"),
        ("log-risk-ratio-from-counts", TABLE | {"n3": 1}, "no input n3"),
        ("log-risk-ratio-from-counts", {"events1": 1, "n1": 2, "n2": 3}, "needs events2"),
        ("log-risk-ratio-from-counts", TABLE | {"events1": "many"}, "must be a number"),
        ("log-risk-ratio-from-counts", TABLE | {"events1": [1, 2, 3], "n1": [4, 5]}, "equally long"),
        ("log-risk-ratio-from-counts", TABLE | {"events1": [[1]]}, "not a table"),
        ("hedges-g-from-means", {"mean1": 1, "sd1": -1, "n1": 9, "mean2": 1, "sd2": 1, "n2": 9}, "below 0"),
        ("log-rate-ratio-from-counts", {"events1": 1, "time1": 0, "events2": 1, "time2": 2}, "not above 0"),
        ("fisher-z", {"r": 1.2, "n": 30}, "outside -1 to 1"),
        ("d-from-p", {"p": 0.0, "direction": 1, "n1": 9, "n2": 9}, "outside 0 to 1"),
        ("d-from-p", {"p": 0.1, "direction": 0, "n1": 9, "n2": 9}, "neither 1 nor -1"),
        ("d-from-proportions", {"proportion1": 30, "n1": 9, "proportion2": 0.3, "n2": 9}, "outside 0 to 1"),
        ("or-with-interval", {"estimate": 1.4, "low": 1.5, "high": 2.0}, "outside its own interval"),
        ("or-with-interval", {"estimate": 1.4, "low": -0.5, "high": 2.0}, "not above 0"),
        ("or-with-interval", {"estimate": 1.4, "low": 2.0, "high": 1.0}, "not below"),
        ("rr-with-p", {"estimate": 1.0, "p": 0.5}, "says nothing of its spread"),
        ("d-from-coefficient", {"b": 99, "sdy": 1, "n1": 9, "n2": 9}, "larger than the spread"),
        ("semi-partial-correlation-from-t", {"t": 1, "r2": 24, "n": 99, "predictors": 2}, "not a proportion"),
        ("partial-correlation-from-t", {"t": 1, "n": 5, "predictors": 5}, "as many predictors"),
    ],
)
def test_impossible_numbers_are_refused_in_one_sentence(name: str, given: dict, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        compute(name, **given)
    assert str(caught.value).count("\n") == 0


def test_the_row_at_fault_is_named() -> None:
    with pytest.raises(InputError, match="In row 3,"):
        compute("fisher-z", r=[0.1, None, 2.0], n=[30, 30, 30])


def test_an_unknown_formula_or_measure_is_an_input_error() -> None:
    with pytest.raises(InputError, match="no formula called"):
        compute("log-risk-ratio")
    with pytest.raises(InputError, match="no measure XX"):
        measure("XX", {})


def test_an_unbiased_variance_is_refused_where_there_is_none() -> None:
    # metafor ignores the wish in silence and gives the large-sample variance
    with pytest.raises(InputError, match="only a large-sample variance"):
        measure("OR", {"ai": [1], "bi": [2], "ci": [3], "di": [4]}, variance="UB")


def test_a_missing_column_is_named_with_both_layouts() -> None:
    with pytest.raises(InputError, match=r"ai n1i ci n2i \(or ai bi ci di\); n1i is not"):
        measure("OR", {"ai": [1], "ci": [3]})


def test_the_two_layouts_of_a_table_agree() -> None:
    cells = measure("OR", {"ai": [3], "bi": [7], "ci": [5], "di": [5]})
    sizes = measure("OR", {"ai": [3], "n1i": [10], "ci": [5], "n2i": [10]})
    assert cells.to_dict() == sizes.to_dict()


@pytest.mark.parametrize("m", [2, 4, 10, 50, 98, 100, 102, 400, 1000])
def test_the_small_sample_factor_is_exact_to_the_last_digits(m: int) -> None:
    # For even m the ratio of gammas is a fraction times 1/sqrt(pi): exact integers, so no digits are lost.
    j = m // 2
    ratio = Fraction(4 ** (j - 1) * math.factorial(j - 1) ** 2, math.factorial(2 * j - 2))
    want = float(ratio) / math.sqrt(math.pi) / math.sqrt(m / 2)
    assert small_sample_factor(np.array(float(m))) == pytest.approx(
        want, rel=5e-14
    )  # log-gammas near 100 lose 2 digits


def test_the_small_sample_factor_needs_two_degrees_of_freedom_and_tends_to_one() -> None:
    assert np.isnan(small_sample_factor(np.array(1.0)))
    assert small_sample_factor(np.array(1e9)) == pytest.approx(1 - 0.75e-9, rel=1e-15)


def test_numbers_with_no_effect_are_missing_in_both_columns() -> None:
    # No events at all and no addition: log(0/0). metafor gives NA twice; one NaN alone could be pooled by mistake.
    answer = compute("log-odds-ratio-from-counts", events1=0, n1=10, events2=0, n2=10, zero="none")
    assert answer.to_dict()["yi"] is None
    assert answer.to_dict()["vi"] is None


def test_an_effect_says_itself_on_the_scale_people_read() -> None:
    answer = compute("or-with-interval", estimate=1.25, low=0.77, high=2.05)
    assert answer.summary() == "odds ratio: 1.250 (0.766 to 2.040)"  # symmetric on the log scale, not quite as printed


def test_a_person_lost_to_rounding_shows_in_the_total() -> None:
    given = {"proportion1": 0.26, "n1": 659, "proportion2": 0.30, "n2": 455}
    assert compute("g-from-proportions", **given).n == 1114
    assert compute("g-from-proportions", **given, rounding="cells").n == 1113  # 136.5 and 318.5 both round to even


def test_standard_errors_become_standard_deviations_by_the_root_of_n() -> None:
    n, sd = 50, 4.0
    means = compute("d-from-means", mean1=10, sd1=sd, n1=n, mean2=9, sd2=sd, n2=n)
    errors = compute("d-from-standard-errors", mean1=10, se1=sd / n**0.5, n1=n, mean2=9, se2=sd / n**0.5, n2=n)
    assert errors.yi == pytest.approx(means.yi, rel=1e-14)  # the same arithmetic, one root taken and undone


def test_limits_of_a_count_model_are_its_own_and_not_symmetric() -> None:
    model = {"intercept": 5.14, "intercept_se": 0.28, "slope": 0.33, "slope_se": 0.98, "n1": 151, "n2": 151}
    answer = compute("standardised-difference-from-count-model", **model)
    low, high = answer.interval()
    assert low < 0 < answer.yi < high
    assert high - answer.yi > 5 * (answer.yi - low)
    assert answer.to_dict()["vi"] is None


def test_an_estimate_as_printed_is_not_read_as_another() -> None:
    """The same three numbers fit an odds ratio and a hazard ratio; only the report says which they are."""
    printed = {"estimate": 1.4, "low": 1.1, "high": 1.8}
    assert formula_for("or-with-interval", printed, "OR") == "or-with-interval"
    with pytest.raises(InputError, match="No formula gives HR"):
        formula_for("or-with-interval", printed, "HR")


def test_a_change_of_measure_is_never_made_unasked() -> None:
    means = {"mean1": 10, "sd1": 3, "n1": 40, "mean2": 8, "sd2": 2, "n2": 41}
    assert formula_for("hedges-g-from-means", means, "MD") == "mean-difference"
    with pytest.raises(InputError, match="No formula gives OR"):
        formula_for("hedges-g-from-means", means, "OR")
    with pytest.raises(InputError, match="No formula gives D "):
        formula_for("log-risk-ratio-from-counts", {"events1": 3, "n1": 9, "events2": 4, "n2": 9}, "D")


def test_an_older_formula_is_taken_before_a_newer_one() -> None:
    """Which formula a stored analysis takes must not change because one was added."""
    assert formula_for("d-from-t", {"t": 2.0, "n1": 20, "n2": 20}, "SMD") == "g-from-t"
    assert formula_for("d-from-coefficient", {"b": 1.0, "sdy": 3.0, "n1": 20, "n2": 20}, "SMD") == "g-from-coefficient"
