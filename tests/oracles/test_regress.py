"""Meta-regression against metafor 3.8-1: twenty formulas over eleven real data sets, every estimator and test.

The numbers are in regress.json (made by make/regress.R); moderators are read from the shared data.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.shared import SHARED, needs_shared
from whatworks.synthesise.methods.influence.diagnosing import influence_of
from whatworks.synthesise.methods.regressing.permuting import permutation_test
from whatworks.synthesise.methods.regressing.regression import Regressed, regress
from whatworks.synthesise.methods.regressing.subgroups import subgroups

FOUND: dict[str, Any] = json.loads(Path(__file__).with_name("regress.json").read_text(encoding="utf-8"))
INTERVALS = {"z": "wald", "t": "t", "knha": "hksj", "adhoc": "hksj-adhoc"}
# Closed forms agree to the rounding of R's printed digits, magnified where columns are nearly collinear (crossed
# factors, squares): 1e-8.
CLOSED = 1e-8
# metafor stops when a step in tau2 is below 1e-12, with an error of up to that over the rate of convergence; what hangs
# on tau2 carries the error on, relative to a tau2 of a few thousandths.
ITERATIVE = 1e-6
CASES = [(case, fit) for case in FOUND["cases"] for fit in case["fits"]]


@cache
def table(name: str) -> dict[str, list[str]]:
    with (SHARED / "metadat" / f"dat.{name}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {column: [row[column] for row in rows] for column in rows[0]}


def fitted(case: dict[str, Any], fit: dict[str, Any]) -> Regressed:
    columns = table(case["set"]) | {"yi": case["yi"], "vi": case["vi"]}
    choice: dict[str, Any] = {"model": "common"} if fit["method"] == "EE" else {"tau2": fit["method"]}
    return regress(table=columns, formula=case["formula"], interval=INTERVALS[fit["test"]], **choice)


def agrees(ours: Any, theirs: Any, tolerance: float) -> None:
    if theirs is None or theirs == []:
        return
    assert ours == pytest.approx(theirs, rel=tolerance, abs=tolerance / 10)


@needs_shared
@pytest.mark.parametrize(
    ("case", "fit"), CASES, ids=lambda part: part.get("formula") or f"{part['method']}-{part['test']}"
)
def test_every_number_of_a_regression(case: dict[str, Any], fit: dict[str, Any]) -> None:
    found = fitted(case, fit)
    tolerance = ITERATIVE if fit["method"] in ("REML", "ML", "EB", "PM") else CLOSED
    agrees([one.estimate for one in found.coefficients], fit["beta"], tolerance)
    agrees([one.se for one in found.coefficients], fit["se"], tolerance)
    names = {
        "tau2": "tau2",
        "tau2_se": "se_tau2",
        "i2": "i2",
        "h2": "h2",
        "r2": "r2",
        "qe": "qe",
        "qm": "qm",
        "qm_p": "qm_p",
    }
    for ours, theirs in (names | {name: name for name in ("loglik", "aic", "bic", "aicc", "qe_p")}).items():
        if ours != "r2" or found.data.intercept:
            agrees(getattr(found, ours), fit.get(theirs), tolerance)
    if "pred" in fit:
        _agrees_in_detail(found, fit)
    if fit.get("influence"):
        _moves(found, fit)


def _agrees_in_detail(found: Regressed, fit: dict[str, Any]) -> None:
    for ours in ("statistic", "p", "ci_low", "ci_high"):
        agrees([getattr(one, ours) for one in found.coefficients], fit[ours], ITERATIVE)
    agrees(
        [found.tau2_ci_low, found.tau2_ci_high], fit["profile"], 1e-5
    )  # metafor's root finder, to 1e-14 of its bracket
    kept = found.data
    assert kept.matrix is not None
    first = {name: [cells[row] for row in found.rows[:3]] for name, cells in kept.given["table"].items()}
    new = found.predict(first)
    agrees([one.estimate for one in new], fit["pred"], ITERATIVE)
    agrees([one.se for one in new], fit["pred_se"], ITERATIVE)
    agrees([one.pi_low for one in new], fit["pi_low"], ITERATIVE)
    agrees([one.pi_high for one in new], fit["pi_high"], ITERATIVE)
    agrees(found.hat, fit["hat"], ITERATIVE)
    for ours, theirs in zip(found.standardised, fit["rstandard"], strict=True):
        if ours is None:
            assert theirs == 0  # a study that fixes its own coefficient: 0 over 0, for which metafor says 0
        else:
            agrees(ours, theirs, ITERATIVE)


def _moves(found: Regressed, fit: dict[str, Any]) -> None:
    moved, theirs = influence_of(found), fit["influence"]
    pairs = {"rstudent": "rstudent", "dffits": "dffits", "cook_d": "cook.d", "cov_r": "cov.r", "tau2_del": "tau2.del"}
    for ours, name in (pairs | {"qe_del": "QE.del", "weight": "weight"}).items():
        for one, other in zip(getattr(moved, ours), theirs[name], strict=True):
            if one is not None and other is not None:
                assert one == pytest.approx(other, rel=ITERATIVE, abs=ITERATIVE), (ours, name)
    columns = list(zip(*moved.dfbetas, strict=True))
    for one, other in zip((value for column in columns for value in column), theirs["dfbetas"], strict=True):
        if one is not None and other is not None:
            assert one == pytest.approx(other, rel=ITERATIVE, abs=ITERATIVE)
    assert list(moved.influential) == fit["marked"]


@needs_shared
@pytest.mark.parametrize("case", [case for case in FOUND["cases"] if case["terms"]], ids=lambda case: case["formula"])
def test_terms_and_their_inflation(case: dict[str, Any]) -> None:
    found = fitted(case, {"method": "REML", "test": "z"})
    assert len(found.terms) == len(case["terms"]["tests"])
    agrees([one.gvif for one in found.terms], case["terms"]["gvif"], ITERATIVE)
    for ours, (statistic, p) in zip(found.terms, case["terms"]["tests"], strict=True):
        agrees(ours.statistic, statistic, ITERATIVE)
        agrees(ours.p, p, ITERATIVE)


@needs_shared
@pytest.mark.parametrize("asked", FOUND["permutations"], ids=lambda one: f"{one['formula']}-{one['test']}")
def test_exact_permutations(asked: dict[str, Any]) -> None:
    """Shares of re-orderings are whole numbers over whole numbers: equal, not close."""
    bcg = next(case for case in FOUND["cases"] if case["set"] == "bcg")
    rows = asked["rows"]
    columns = {name: cells[:rows] for name, cells in (table("bcg") | {"yi": bcg["yi"], "vi": bcg["vi"]}).items()}
    found = permutation_test(regress(table=columns, formula=asked["formula"], interval=INTERVALS[asked["test"]]), 1000)
    assert found.exact
    assert [one.p for one in found.coefficients] == pytest.approx(asked["p"], rel=1e-12)
    if asked["qm_p"] is not None:
        assert found.qm_p == pytest.approx(asked["qm_p"], rel=1e-12)


@needs_shared
def test_subgroups() -> None:
    bcg, theirs = next(case for case in FOUND["cases"] if case["set"] == "bcg"), FOUND["subgroups"]
    group = table("bcg")["alloc"]
    own = subgroups(bcg["yi"], bcg["vi"], group)
    for ours in ("estimate", "se", "tau2"):
        agrees([getattr(one, ours) for one in own.groups], theirs[ours], ITERATIVE)
    agrees([own.statistic, own.p], [theirs["q"], theirs["p"]], ITERATIVE)
    shared = subgroups(bcg["yi"], bcg["vi"], group, one_tau2=True, interval="hksj")
    wanted = [theirs["one_tau2"][name] for name in ("f", "p", "tau2")]
    agrees([shared.statistic, shared.p, shared.groups[0].tau2], wanted, ITERATIVE)


@needs_shared
def test_a_single_moderator_without_an_intercept() -> None:
    """Here metafor's rma.uni 3.8-1 contradicts its rma.mv; the plain sum of squares agrees with rma.mv, and so do we."""
    bcg = next(case for case in FOUND["cases"] if case["set"] == "bcg")
    found = regress(table=table("bcg") | {"yi": bcg["yi"], "vi": bcg["vi"]}, formula="yi ~ 0 + ablat")
    assert found.qe == pytest.approx(
        48.7020856, rel=1e-8
    )  # QE of rma.mv(yi, vi, mods = ~ 0 + ablat, random = ~ 1 | trial)
    assert found.tau2 == pytest.approx(0.0864504, rel=1e-5)  # its sigma2, by a general optimiser


@needs_shared
def test_metafors_own_stopping_rule() -> None:
    """The shared reference regressions were made with metafor's defaults, which stop a little short of the peak."""
    models = json.loads((SHARED / "oracles" / "metareg.json").read_text(encoding="utf-8"))["models"]
    bcg = next(case for case in FOUND["cases"] if case["set"] == "bcg")
    asked = {
        "bcg_ablat": ("yi ~ ablat", "wald"),
        "bcg_ablat_knha": ("yi ~ ablat", "hksj"),
        "bcg_alloc": ("yi ~ alloc", "wald"),
    }
    columns = table("bcg") | {"yi": bcg["yi"], "vi": bcg["vi"]}
    for name, (formula, interval) in asked.items():
        found, want = regress(table=columns, formula=formula, interval=interval, stop="metafor"), models[name]
        # 1e-8: the same steps from the same start, so only rounding differs
        agrees([one.estimate for one in found.coefficients], want["beta"], CLOSED)
        agrees([one.p for one in found.coefficients], want["pval"], CLOSED)
        agrees(list(found.covariance[0]), want["vb"][0], CLOSED)
        agrees(
            [found.tau2, found.r2, found.i2, found.loglik],
            [want[key] for key in ("tau2", "R2", "I2", "logLik")],
            CLOSED,
        )
