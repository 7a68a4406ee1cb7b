"""One data set, printed in every way: each must come to metafor 3.8-1's effect of its means. Made by make/entry.R."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from whatworks.extract import compute

HELD: dict[str, Any] = json.loads(Path(__file__).with_name("entry.json").read_text(encoding="utf-8"))
ONE, TWO, ANCOVA = HELD["group1"], HELD["group2"], HELD["ancova"]
CLOSE = 1e-11  # R printed 15 digits; a p value of 1e-3 and its t value lose three of them on the way back
SIZES = {"n1": ONE["n"], "n2": TWO["n"]}
MEANS = {"mean1": ONE["mean"], "mean2": TWO["mean"], **SIZES}
ERRORS = {**MEANS, "se1": ONE["se"], "se2": TWO["se"]}
LIMITS = {
    **MEANS, "low1": ONE["ci"][0], "high1": ONE["ci"][1], "low2": TWO["ci"][0], "high2": TWO["ci"][1], "level": 0.9,
}  # fmt: skip

SAME_G: dict[str, dict[str, Any]] = {
    "hedges-g-from-means": {**MEANS, "sd1": ONE["sd"], "sd2": TWO["sd"]},
    "hedges-g-from-standard-errors": ERRORS,
    "hedges-g-from-intervals": LIMITS,
    "hedges-g-from-t": {"t": HELD["t"], **SIZES},
    "hedges-g-from-f": {"f": HELD["f"], "direction": 1, **SIZES},
    "hedges-g-from-p": {"p": HELD["p"], "direction": 1, **SIZES},
    "hedges-g-from-point-biserial": {"r": HELD["r"], **SIZES},
    "hedges-g-from-coefficient": {"b": HELD["b"], "sdy": HELD["sdy"], **SIZES},
    "hedges-g-from-standardised-coefficient": {"beta": HELD["beta"], **SIZES},
}


@pytest.mark.parametrize("name", list(SAME_G))
def test_the_same_g_however_it_is_printed(name: str) -> None:
    found = compute(name, **SAME_G[name])
    assert found.yi == pytest.approx(HELD["smd"]["yi"], rel=CLOSE)
    assert found.vi == pytest.approx(HELD["smd"]["vi"], rel=CLOSE)


def test_a_one_sided_p_value_is_read_as_one() -> None:
    found = compute("hedges-g-from-p", p=HELD["one_sided"], direction=1, sides="one", **SIZES)
    assert found.yi == pytest.approx(HELD["smd"]["yi"], rel=CLOSE)


@pytest.mark.parametrize(("stem", "key"), [("mean-difference", "md"), ("log-ratio-of-means", "rom")])
def test_other_effects_from_errors_and_limits(stem: str, key: str) -> None:
    for name, given in (("standard-errors", ERRORS), ("intervals", LIMITS)):
        found = compute(f"{stem}-from-{name}", **given)
        assert found.yi == pytest.approx(HELD[key]["yi"], rel=CLOSE)
        assert found.vi == pytest.approx(HELD[key]["vi"], rel=CLOSE)


def test_a_difference_with_its_t_or_p_value() -> None:
    pooled = ANCOVA["pooled"] ** 2 * (1 / ONE["n"] + 1 / TWO["n"])  # what a t test with equal variances divides by
    by_t = compute("mean-difference-from-t", difference=HELD["difference"], t=HELD["t"], **SIZES)
    by_p = compute("mean-difference-from-p", difference=HELD["difference"], p=HELD["p"], **SIZES)
    assert by_t.vi == pytest.approx(pooled, rel=CLOSE)
    assert by_p.vi == pytest.approx(pooled, rel=CLOSE)


def test_an_analysis_of_covariance_keeps_the_outcome_s_own_spread() -> None:
    """In standard deviations of the residuals this effect would be half as large again."""
    adjusted = {"mean1": ANCOVA["difference"], "mean2": 0.0, "sd1": ONE["sd"], "sd2": TWO["sd"], **SIZES}
    found = compute("hedges-g-from-adjusted-means", **adjusted, r2=ANCOVA["r2"])
    m = ONE["n"] + TWO["n"] - 3
    factor = 1 - 3 / (4 * m - 1)  # Hedges' approximation of his exact factor: off by less than 1e-5 at 51
    assert found.yi == pytest.approx(factor * ANCOVA["difference"] / ANCOVA["pooled"], rel=2e-5)
    direct = compute(
        "hedges-g-from-adjusted-difference",
        estimate=ANCOVA["difference"], se=ANCOVA["se"], sd=ANCOVA["pooled"], **SIZES,
    )  # fmt: skip
    # (1 - R2)(1/n1 + 1/n2) leaves out that the groups differ a little before; the standard error has it
    assert found.vi == pytest.approx(direct.vi, rel=0.03)
    residual = {**adjusted, "sd1": ANCOVA["residual"], "sd2": ANCOVA["residual"]}
    again = compute("hedges-g-from-adjusted-means", **residual, r2=ANCOVA["r2"], spread="residual")
    assert again.yi == pytest.approx(found.yi, rel=0.01)  # the model's sigma divides by one degree of freedom less


def test_a_t_value_of_an_analysis_of_covariance() -> None:
    found = compute("hedges-g-from-ancova-t", t=ANCOVA["t"], r2=ANCOVA["r2"], **SIZES)
    direct = compute(
        "hedges-g-from-adjusted-means",
        mean1=ANCOVA["difference"], mean2=0, sd1=ONE["sd"], sd2=TWO["sd"], r2=ANCOVA["r2"], **SIZES,
    )  # fmt: skip
    assert found.yi == pytest.approx(direct.yi, rel=0.03)  # as above: groups that differ before widen the error


def test_changes_in_one_group_and_in_two() -> None:
    one, two = HELD["times1"], HELD["times2"]
    from_t = compute("standardised-mean-change-from-t", t=HELD["paired_t"], n=one["n"])
    assert from_t.yi == pytest.approx(HELD["smcc"]["yi"], rel=CLOSE)
    assert from_t.vi == pytest.approx(HELD["smcc"]["vi"], rel=CLOSE)
    given = {
        "after1": one["m1"], "before1": one["m0"], "sd_before1": one["s0"], "n1": one["n"],
        "after2": two["m1"], "before2": two["m0"], "sd_before2": two["s0"], "n2": two["n"], "r": 0.6,
    }  # fmt: skip
    found = compute("difference-of-standardised-changes", **given)
    assert found.yi == pytest.approx(HELD["smcr_difference"]["yi"], rel=CLOSE)
    assert found.vi == pytest.approx(HELD["smcr_difference"]["vi"], rel=CLOSE)


def test_spreads_of_changes_and_their_correlation_agree() -> None:
    one, two = HELD["times1"], HELD["times2"]
    by_change = compute(
        "mean-difference-of-changes",
        change1=one["mc"], sd_change1=one["sc"], n1=one["n"], change2=two["mc"], sd_change2=two["sc"], n2=two["n"],
    )  # fmt: skip
    same = {"after2": one["m1"], "sd_after2": one["s1"], "before2": one["m0"], "sd_before2": one["s0"], "n2": one["n"]}
    own = {"after1": one["m1"], "sd_after1": one["s1"], "before1": one["m0"], "sd_before1": one["s0"], "n1": one["n"]}
    by_r = compute("mean-difference-before-after", **own, **same, r=one["r"])
    assert by_change.yi == pytest.approx(one["mc"] - two["mc"], rel=CLOSE)
    assert by_r.vi == pytest.approx(2 * one["sc"] ** 2 / one["n"], rel=CLOSE)
