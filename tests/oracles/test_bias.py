"""Funnel tests, trim and fill and fail-safe numbers against R 4.2.2 and metafor 3.8-1 on 32 real data sets."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.shared import SHARED, needs_shared
from whatworks.extract import measure
from whatworks.synthesise.methods.bias.assessing import bias
from whatworks.synthesise.methods.bias.filedrawer import fail_safe
from whatworks.synthesise.methods.bias.rank import rank_test
from whatworks.synthesise.methods.bias.regression import egger, peese, small_study_test
from whatworks.synthesise.methods.bias.tables import table_tests
from whatworks.synthesise.methods.bias.trimming import trim_and_fill

WANTED: dict[str, Any] = json.loads(Path(__file__).with_name("bias.json").read_text(encoding="utf-8"))["sets"]
CLOSED = 1e-8  # closed forms: R's lm by QR and our centred sums differ by rounding alone, worst where the line is steep
ITERATIVE = 1e-6  # metafor's REML ends when a step is below 1e-10, which is up to 1e-7 of a small tau2
PREDICTORS = {
    "sei": "se",
    "vi": "variance",
    "ni": "n",
    "ninv": "inverse-n",
    "sqrtni": "sqrt-n",
    "sqrtninv": "inverse-sqrt-n",
}
MISSING = ("", "NA", "NaN")

needs_numbers = pytest.mark.parametrize("name", list(WANTED))


def single(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value


@cache
def rows(file: str) -> list[dict[str, str]]:
    with (SHARED / "metadat" / f"{file}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def numbers(file: str, column: str) -> np.ndarray:
    return np.asarray([np.nan if row[column] in MISSING else float(row[column]) for row in rows(file)])


def columns(spec: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """The raw columns by metafor's names, cells of 2x2 tables complete."""
    found = {name: numbers(spec["file"], column) for name, column in spec["columns"].items()}
    if "ai" in found and "bi" not in found:
        found |= {"bi": found["n1i"] - found["ai"], "di": found["n2i"] - found["ci"]}
    return found


@cache
def data(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Effects, variances and sizes of a set, rows without them left out, as the R script does."""
    spec, n = WANTED[name], None
    if "columns" in spec:
        raw = columns(spec)
        found = measure(spec["measure"], raw)
        y, v, n = found.yi, found.vi, sum(raw[cell] for cell in "ai bi ci di".split()) if "ai" in raw else found.n
    else:
        y, v = numbers(spec["file"], spec["yi"]), numbers(spec["file"], spec["vi"])
        if "ni" in spec:
            n = sum(numbers(spec["file"], column) for column in np.atleast_1d(spec["ni"]))
    on = np.isfinite(y) & np.isfinite(v)
    on[on] = v[on] > 0
    return y[on], v[on], None if n is None else np.asarray(n)[on]


@needs_shared
@needs_numbers
def test_the_effects_are_the_same(name: str) -> None:
    y, v, _ = data(name)
    assert y.size == WANTED[name]["k"]
    assert [y.sum(), v.sum()] == pytest.approx(WANTED[name]["sums"], rel=1e-12, abs=1e-13)


@needs_shared
@needs_numbers
def test_regression_tests(name: str) -> None:
    y, v, n = data(name)
    for asked, want in WANTED[name]["regression"].items():
        model, predictor = asked.split()
        ours = small_study_test(
            y, v, predictor=PREDICTORS[predictor], model={"rma": "mixed", "lm": "linear"}[model], n=n
        )
        tolerance = ITERATIVE if model == "rma" else CLOSED
        if model == "rma":
            assert ours.tau2 == pytest.approx(want["tau2"], rel=ITERATIVE, abs=1e-9), asked
        for ours_, theirs in (
            (ours.slope, "slope"),
            (ours.se, "se"),
            (ours.statistic, "z"),
            (ours.p, "p"),
            (ours.limit.estimate, "limit"),
            (ours.limit.se, "limit_se"),
        ):
            # coefficients near 0 carry the error of their standard error
            floor = (
                tolerance * abs(want["se"] if theirs in ("slope", "se") else want["limit_se"])
                if theirs not in ("z", "p")
                else tolerance
            )
            assert ours_ == pytest.approx(want[theirs], rel=tolerance, abs=floor), (asked, theirs)


@needs_shared
@needs_numbers
def test_egger_and_pet_are_the_two_coefficients_of_one_line(name: str) -> None:
    y, v, _ = data(name)
    want = WANTED[name]["regression"]["lm sei"]
    test, pet = egger(y, v)
    assert (test.intercept, test.t, test.p) == pytest.approx((want["slope"], want["z"], want["p"]), rel=CLOSED)
    assert (pet.estimate, pet.se) == pytest.approx((want["limit"], want["limit_se"]), rel=CLOSED)
    want = WANTED[name]["regression"]["lm vi"]
    assert (peese(y, v).estimate, peese(y, v).se) == pytest.approx((want["limit"], want["limit_se"]), rel=CLOSED)


@needs_shared
@needs_numbers
def test_the_rank_test(name: str) -> None:
    y, v, _ = data(name)
    ours, want = rank_test(y, v), WANTED[name]["rank"]
    # R counts the ways in double precision too; 1 - p of a p near 1 loses no digit that matters
    assert (ours.tau, ours.p) == pytest.approx((single(want["tau"]), single(want["p"])), rel=1e-9, abs=1e-12)


@needs_shared
@pytest.mark.parametrize("name", [name for name, spec in WANTED.items() if "tables" in spec])
@pytest.mark.parametrize("ratio", ["OR", "RR"])
def test_tests_of_tables(name: str, ratio: Any) -> None:
    raw = columns(WANTED[name])
    on = np.isfinite(raw["ai"]) & np.isfinite(raw["ci"])  # one study of a set has no counts
    cells = {cell: raw[cell][on] for cell in ("ai", "bi", "ci", "di")}
    wanted = WANTED[name]["tables"][ratio]
    ours = {test.name: test for test in table_tests(cells, ratio)}
    assert set(ours) == set(wanted)
    for test, want in wanted.items():
        for key, theirs in (("slope", "estimate"), ("se", "se"), ("t", "t"), ("p", "p")):
            assert getattr(ours[test], key) == pytest.approx(want[theirs], rel=CLOSED, abs=1e-12), (test, key)


@needs_shared
@needs_numbers
def test_trim_and_fill(name: str) -> None:
    y, v, _ = data(name)
    for want in WANTED[name]["trimfill"]:
        choice: dict[str, Any] = {"model": "common"} if want["method"] == "EE" else {"tau2": want["method"]}
        ours = trim_and_fill(
            y, v, side=None if want["asked"] == "auto" else want["asked"], estimator=want["estimator"], **choice
        )
        where = (want["method"], want["estimator"], want["asked"])
        assert (ours.k0, ours.side) == (want["k0"], want["side"]), where
        assert ours.se_k0 == (want["se_k0"] and pytest.approx(want["se_k0"], rel=CLOSED)), where
        assert (ours.estimate, ours.se) == pytest.approx((want["estimate"], want["se"]), rel=ITERATIVE, abs=1e-9), where
        assert ours.tau2 == pytest.approx(want["tau2"], rel=ITERATIVE, abs=1e-9), where
        assert ours.p is None if want["p"] is None else ours.p == pytest.approx(want["p"]), where


@needs_shared
@needs_numbers
def test_fail_safe_numbers(name: str) -> None:
    y, v, _ = data(name)
    want, ours = WANTED[name]["fsn"], fail_safe(y, v)
    assert (ours.rosenthal, ours.rosenberg, ours.orwin) == (want["rosenthal"], want["rosenberg"], want["orwin"])
    strict, aimed = fail_safe(y, v, alpha=0.01), fail_safe(y, v, target=0.05)
    assert (strict.rosenthal, strict.rosenberg, aimed.orwin) == (
        want["rosenthal_01"],
        want["rosenberg_01"],
        want["orwin_target"],
    )


@needs_shared
def test_the_shared_reference_numbers() -> None:
    sets = json.loads((SHARED / "oracles" / "rma_uni.json").read_text(encoding="utf-8"))["sets"]
    for name, want in sets.items():
        ours = bias(want["yi"], want["vi"], fail_safe=True)
        assert ours.egger.t == pytest.approx(want["egger_lm"]["t"], rel=CLOSED), name
        assert ours.egger.df == want["egger_lm"]["df"]
        assert ours.egger_mixed.statistic == pytest.approx(want["egger_rma"]["z"], rel=ITERATIVE), name
        assert ours.egger_mixed.limit.estimate == pytest.approx(want["egger_rma"]["est"], rel=ITERATIVE), name
        assert (ours.rank.tau, ours.rank.p) == pytest.approx((want["begg"]["tau"], want["begg"]["p"]), rel=1e-9)
        assert ours.trimfill.k0 == want["trimfill"]["k0"], name
        assert ours.trimfill.side == want["trimfill"]["side"], name
        # made with metafor's default stopping rule for the filled set: steps below 1e-5, a hundredth of this tau2
        assert ours.trimfill.estimate == pytest.approx(want["trimfill"]["estimate"], rel=1e-4), name
        assert ours.trimfill.se == pytest.approx(want["trimfill"]["se"], rel=1e-4), name
        assert ours.fail_safe is not None and ours.fail_safe.rosenthal == want["fsn_rosenthal"], name
