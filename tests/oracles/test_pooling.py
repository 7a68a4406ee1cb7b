"""Pooling against metafor 3.8-1 on twelve real data sets, and against one published review."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.shared import SHARED, needs_shared
from whatworks.synthesise import Pooled, pool

INTERVALS = {"z": "wald", "knha": "hksj", "adhoc": "hksj-adhoc"}
ESTIMATORS = ("REML", "ML", "DL", "PM", "EB", "SJ", "HS", "HE", "FE")
KEYS = {
    "estimate": "estimate",
    "se": "se",
    "statistic": "stat",
    "df": "df",
    "p": "pval",
    "ci_low": "ci_lb",
    "ci_high": "ci_ub",
    "tau2": "tau2",
    "i2": "I2",
    "h2": "H2",
    "q": "Q",
    "q_df": "Q_df",
    "q_p": "Q_p",
    "pi_low": "pi_lb",
    "pi_high": "pi_ub",
    "loglik": "logLik",
}
CLOSED = 1e-11  # closed forms: R printed 15 digits; Q's tail at 1e-200 magnifies the last of them
# metafor stops REML, ML and EB when a step is below 1e-10, absolutely. The smallest tau2 here is 0.008 and its own
# error about 3e-8 of it; limits that lie near 0 carry that error as a part of the whole interval, hence also an
# absolute tolerance.
ITERATIVE = 1e-7


def sets() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SHARED / "oracles" / "rma_uni.json").read_text(encoding="utf-8"))["sets"]
    return found


def fitted(data: dict[str, Any], fit: dict[str, Any]) -> dict[str, Any]:
    choice = {"model": "common"} if fit["method"] == "FE" else {"tau2": fit["method"]}
    return pool(data["yi"], data["vi"], interval=INTERVALS[fit["test"]], **choice).to_dict()


def single(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value


@needs_shared
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_every_number_of_rma_uni(estimator: str) -> None:
    tolerance = ITERATIVE if estimator in ("REML", "ML", "EB") else CLOSED
    compared = 0
    for name, data in sets().items():
        for fit in (fit for fit in data["fits"] if fit["method"] == estimator):
            ours = fitted(data, fit)
            for key, theirs in KEYS.items():
                want = single(fit[theirs])
                if want is not None:
                    assert ours[key] == pytest.approx(want, rel=tolerance, abs=tolerance / 100), (
                        name,
                        fit["test"],
                        key,
                    )
                    compared += 1
    assert compared >= 12 * 12


@needs_shared
def test_the_q_profile_interval_of_tau2() -> None:
    compared = 0
    for name, data in sets().items():
        for fit in data["fits"]:
            if fit["method"] in ("REML", "DL", "PM") and fit["tau2_ci_QP"]:
                ours = fitted(data, fit)
                for key, theirs in (("tau2_ci_low", "ci.lb"), ("tau2_ci_high", "ci.ub")):
                    # metafor finds the ends with uniroot to a tolerance of 1e-14 here; ours is Newton to 1e-13
                    assert ours[key] == pytest.approx(fit["tau2_ci_QP"][theirs], rel=1e-8, abs=1e-10), (name, key)
                    compared += 1
    assert compared >= 12 * 3 * 2


@needs_shared
def test_the_profile_likelihood_interval_of_tau2() -> None:
    compared = 0
    for name, data in sets().items():
        for fit in data["fits"]:
            if fit["method"] in ("REML", "ML") and fit["tau2_ci"] and fit["test"] == "z":
                ours = pool(data["yi"], data["vi"], tau2=fit["method"], tau2_interval="pl")
                for mine, theirs in ((ours.tau2_ci_low, "ci.lb"), (ours.tau2_ci_high, "ci.ub")):
                    # metafor's uniroot stops within about 1e-4 of its bracket's width by default; the contract is 1e-5
                    assert mine == pytest.approx(fit["tau2_ci"][theirs], rel=1e-5, abs=1e-7), (name, fit["method"])
                    compared += 1
    assert compared >= 12 * 2 * 2


@needs_shared
def test_no_metafor_peak_is_higher_than_ours() -> None:
    # Where the digits differ it must be because ours is nearer to the top.
    for name, data in sets().items():
        for fit in data["fits"]:
            if fit["method"] in ("REML", "ML") and fit["test"] == "z":
                assert fitted(data, fit)["loglik"] >= single(fit["logLik"]) - 1e-11, name


def review_inputs() -> dict[str, tuple[list[float], list[float]]]:
    groups: dict[str, tuple[list[float], list[float]]] = {}
    with (SHARED / "evidence" / "care_leavers" / "pooled_inputs.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yi, vi = groups.setdefault(row["file"], ([], []))
            yi.append(float(row["yi"]))
            vi.append(float(row["sei"]) ** 2)
    return groups


SEVEN = 2e-7  # the inputs are printed with seven digits, so results agree to about as many


@needs_shared
def test_all_twenty_pooled_results_of_the_care_leavers_review() -> None:
    inputs = review_inputs()
    with (SHARED / "evidence" / "care_leavers" / "pooled_results.csv").open(encoding="utf-8") as file:
        published = list(csv.DictReader(file))
    assert len(published) == 20
    for row in published:
        yi, vi = inputs[row["file"]]
        ours = pool(yi, vi, prediction="t-k2", stop="metafor")
        common = pool(yi, vi, model="common")
        want = {"estimate": "TE_random", "se": "se", "ci_low": "lower", "ci_high": "upper", "tau2": "tau2"}
        for key, theirs in want.items():
            assert getattr(ours, key) == pytest.approx(float(row[theirs]), rel=SEVEN, abs=SEVEN), (row["file"], key)
        assert common.estimate == pytest.approx(float(row["TE_common"]), rel=SEVEN, abs=SEVEN)
        assert ours.p == pytest.approx(float(row["p"]), rel=1e-6)
        assert ours.q == pytest.approx(float(row["Q"]), rel=1e-6)  # squares of differences over small standard errors
        assert common.i2 == pytest.approx(100 * float(row["I2"]), rel=1e-6, abs=1e-5)  # the review's I2 is from Q
        if int(row["k"]) >= 3:
            assert ours.pi_low == pytest.approx(
                float(row["pred_lower"]), rel=SEVEN, abs=13 * SEVEN
            )  # t with 1 df is 12.7
            assert ours.pi_high == pytest.approx(float(row["pred_upper"]), rel=SEVEN, abs=13 * SEVEN)
        else:
            assert ours.pi_low is None


@needs_shared
def test_the_converged_results_differ_from_the_published_ones_by_metafors_early_stop() -> None:
    # The review's software stopped at steps below 1e-5: one published tau2 of 2.3e-6 is 0 at the peak of its likelihood.
    gaps = []
    with (SHARED / "evidence" / "care_leavers" / "pooled_results.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            ours = pool(*review_inputs()[row["file"]])
            gap = max(abs(ours.ci_low - float(row["lower"])), abs(ours.ci_high - float(row["upper"])))
            gaps.append((gap, row["file"], ours.tau2))
    assert sum(gap > 1e-6 for gap, *_ in gaps) == 3
    worst, name, tau2 = max(gaps)
    assert worst < 1e-5
    assert (name, tau2) == ("independent_living_program_pregnant_meta.RDS", 0.0)


def computed_with_r() -> dict[str, Any]:
    file = SHARED / "evidence" / "oracles_real" / "computed_with_R.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


@needs_shared
@pytest.mark.parametrize("measure", ["RR", "OR", "RD"])
@pytest.mark.parametrize("estimator", ["REML", "DL", "PM", "EE"])
def test_the_three_federal_sites_of_homebuilders(measure: str, estimator: str) -> None:
    want = computed_with_r()[f"westat2002_homebuilders_{measure}_{estimator}"]
    choice: dict[str, Any] = {"model": "common"} if estimator == "EE" else {"tau2": estimator}
    ours = pool(want["yi"], want["vi"], **choice)
    rounded = 1e-11  # printed with 13 digits
    assert ours.estimate == pytest.approx(want["est"], rel=rounded)
    assert [ours.ci_low, ours.ci_high] == pytest.approx(want["ci"], rel=rounded)
    assert ours.q == pytest.approx(want["Q"], rel=rounded)
    assert ours.tau2 == 0
    if estimator == "REML":
        knapp = computed_with_r()[f"westat2002_homebuilders_{measure}_REML_knha"]
        hksj = pool(want["yi"], want["vi"], interval="hksj")
        assert [hksj.ci_low, hksj.ci_high] == pytest.approx(knapp["ci"], rel=rounded)
        assert hksj.p == pytest.approx(knapp["p"], rel=rounded)


@needs_shared
def test_supervision_and_parent_training() -> None:
    with (SHARED / "evidence" / "supervision" / "aloe2013_spcor_computed.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    want = computed_with_r()["aloe2013_SPCOR_REML"]
    ours = pool([float(row["yi"]) for row in rows], [float(row["vi"]) for row in rows])
    assert_same(ours, want, 2e-5)  # metafor's default stopping rule: its steps end below 1e-5


def assert_same(ours: Pooled, want: dict[str, Any], tolerance: float) -> None:
    assert ours.k == want["k"]
    assert ours.estimate == pytest.approx(want["est"], rel=tolerance)
    assert [ours.ci_low, ours.ci_high] == pytest.approx(want["ci"], rel=10 * tolerance)
    assert ours.tau2 == pytest.approx(want["tau2"], rel=10 * tolerance)
    assert ours.q == pytest.approx(want["Q"], rel=1e-11)


SMALL: dict[str, Any] = json.loads(Path(__file__).with_name("metafor_small.json").read_text(encoding="utf-8"))
TESTS = {"z": "wald", "t": "t", "knha": "hksj", "adhoc": "hksj-adhoc"}
ASKED = ("k", "method", "test", "level", "stop")


@pytest.mark.parametrize(
    "case", SMALL["pools"], ids=["-".join(str(case[name]) for name in ASKED) for case in SMALL["pools"]]
)
def test_choices_the_data_sets_do_not_cover(case: dict[str, Any]) -> None:
    """Other levels, the t interval, two studies, Hartung-Knapp with a common effect, metafor's own stopping rule."""
    choice: dict[str, Any] = {"model": "common"} if case["method"] == "EE" else {"tau2": case["method"]}
    choice |= {"interval": TESTS[case["test"]], "level": case["level"], "stop": case["stop"]}
    ours = pool(SMALL["yi"][: case["k"]], SMALL["vi"][: case["k"]], **choice).to_dict()
    for key in set(case) - set(ASKED):
        if case[key] is None or (key.startswith("pi_") and case["k"] < 3):
            continue
        # R printed 15 digits of fits that stop at steps of 1e-13, and of roots found to 1e-14
        loose = 1e-7 if case["stop"] == "metafor" and key.startswith("tau2_ci") else 1e-10
        assert ours[key] == pytest.approx(case[key], rel=loose, abs=1e-12), key


MORE: dict[str, Any] = json.loads(Path(__file__).with_name("pooling.json").read_text(encoding="utf-8"))
NUMBERS = "estimate se statistic p ci_low ci_high tau2 i2 h2 q q_p loglik pi_low pi_high".split()


@pytest.mark.parametrize("name", list(MORE["sets"]))
def test_more_data_sets_with_every_estimator_and_test(name: str) -> None:
    """Proportions, correlations, ratios of means, tables with empty cells, two studies, studies all alike."""
    held, compared = MORE["sets"][name], 0
    for fit in (fit for fit in MORE["fits"] if fit["set"] == name):
        choice: dict[str, Any] = {"model": "common"} if fit["method"] == "EE" else {"tau2": fit["method"]}
        choice |= {"interval": TESTS[fit["test"]], "level": fit["level"]}
        ours = pool(held["yi"], held["vi"], **choice)
        # closed forms to R's printed digits; REML, ML and EB stop at absolute steps of 1e-13 or so in tau2
        tolerance = ITERATIVE if fit["method"] in ("REML", "ML", "EB") else 1e-9
        for key in NUMBERS:
            if fit.get(key) is None or (key.startswith("pi_") and ours.k < 3):
                continue
            if ours.se < 1e-8 and key in ("statistic", "p", "se", "ci_low", "ci_high", "pi_low", "pi_high"):
                continue  # effects that are all alike: zero over zero, where rounding decides
            assert getattr(ours, key) == pytest.approx(fit[key], rel=tolerance, abs=1e-9), (
                fit["method"],
                fit["test"],
                key,
            )
            compared += 1
        if fit["qp"]:
            assert [ours.tau2_ci_low, ours.tau2_ci_high] == pytest.approx(fit["qp"], rel=1e-7, abs=1e-9), fit["method"]
        if fit["pl"]:
            profile = pool(held["yi"], held["vi"], tau2_interval="pl", **choice)
            assert [profile.tau2_ci_low, profile.tau2_ci_high] == pytest.approx(fit["pl"], rel=1e-5, abs=1e-7)
    assert compared > 200
