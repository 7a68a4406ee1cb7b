"""Pooling of counts against metafor, against lme4 at tight settings, and against plain integrals in R."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.shared import SHARED, needs_shared
from whatworks.synthesise.methods.rare.pooling_tables import pool_tables

KNOWN: dict[str, Any] = json.loads(Path(__file__).with_name("rare.json").read_text(encoding="utf-8"))
CLOSED = 1e-9  # closed forms; R printed fifteen digits
NAMES = {"cmh": "cochran-mantel-haenszel", "breslow_day": "breslow-day", "tarone": "tarone", "q": "q"}


def label(case: dict[str, Any]) -> str:
    return "-".join(str(case[name]) for name in ("set", "method", "model", "measure") if name in case)


@pytest.mark.parametrize("case", KNOWN["weighted"], ids=label)
def test_every_number_of_mantel_haenszel_and_peto(case: dict[str, Any]) -> None:
    ours = pool_tables(measure=case["measure"], method=case["method"], **KNOWN["sets"][case["set"]])
    for key in ("estimate", "se", "p", "ci_low", "ci_high"):
        assert getattr(ours, key) == pytest.approx(case[key], rel=CLOSED), key
    for key, name in NAMES.items():
        if case.get(key) is not None and (name in ours.tests or ours.k > 1):
            assert ours.tests[name].statistic == pytest.approx(case[key], rel=CLOSED, abs=1e-9), key
        if case.get(f"{key}_p") is not None and name in ours.tests:
            assert ours.tests[name].p == pytest.approx(case[f"{key}_p"], rel=1e-7), key
    if case["i2"] is not None and ours.k > 1:
        assert ours.i2 == pytest.approx(case["i2"], rel=CLOSED, abs=1e-9)


@pytest.mark.parametrize("case", KNOWN["mixed"], ids=label)
def test_mixed_models_reach_the_top_of_the_same_likelihood(case: dict[str, Any]) -> None:
    ours = pool_tables(measure=case["measure"], method=case["model"], **columns(case))
    # lme4's bobyqa ends at steps of 1e-10; its standard errors are second differences of a noisy deviance
    assert ours.estimate == pytest.approx(case["estimate"], rel=1e-6)
    assert ours.tau2 == pytest.approx(case["tau2"], rel=2e-6, abs=1e-7)
    assert ours.se == pytest.approx(case["se"], rel=3e-5)


def columns(case: dict[str, Any]) -> dict[str, Any]:
    held = KNOWN["sets"][case["set"]]
    return {"xi": held["x1i"], "ti": held["t1i"]} if case["measure"] == "IRLN" else held


@pytest.mark.parametrize("case", [one for one in KNOWN["mixed"] if one["model"] == "CM.EL"], ids=label)
def test_the_exact_conditional_model_against_plain_integrals(case: dict[str, Any]) -> None:
    ours = pool_tables(measure=case["measure"], method="CM.EL", **columns(case))
    if case["measure"] == "OR":
        # R's integrals are good to 1e-12, its BFGS and its second differences to about 1e-7
        assert ours.estimate == pytest.approx(case["estimate"], rel=1e-6)
        assert ours.se == pytest.approx(case["se"], rel=1e-6)
        assert ours.tau2 == pytest.approx(case["tau2"], rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("case", KNOWN["betas"], ids=label)
def test_the_beta_binomial_model(case: dict[str, Any]) -> None:
    ours = pool_tables(method="BB", **KNOWN["sets"][case["set"]])
    assert ours.loglik == pytest.approx(case["loglik"], rel=1e-10)
    for key in ("estimate", "se", "rho"):  # R's BFGS by differences of 1e-5
        assert getattr(ours, key) == pytest.approx(case[key], rel=1e-5), key


@pytest.mark.parametrize("case", KNOWN["tests"], ids=label)
def test_heterogeneity_as_rma_glmm_has_it(case: dict[str, Any]) -> None:
    ours = pool_tables(measure=case["measure"], method=case["model"], **KNOWN["sets"][case["set"]])
    assert ours.tests["likelihood ratio"].statistic == pytest.approx(case["lrt"], rel=1e-7)
    # a study with an empty cell has, in R's fit, a huge but finite standard error
    assert ours.tests["wald"].statistic == pytest.approx(case["wald"], rel=1e-5)
    assert ours.tests["wald"].df == case["df"]
    assert ours.i2 == pytest.approx(case["i2"], rel=2e-3)  # rests on tau2, which lme4's defaults leave loose
    assert ours.h2 == pytest.approx(case["h2"], rel=2e-3)


@needs_shared
def test_the_shared_oracle() -> None:
    known = json.loads((SHARED / "oracles" / "mh_peto.json").read_text(encoding="utf-8"))["models"]
    bcg = KNOWN["sets"]["bcg"]
    for name, want in known.items():
        choice = {"method": "PETO"} if name == "bcg_peto" else {"measure": name.split("_")[-1]}
        ours = pool_tables(**choice, **bcg)
        assert [ours.estimate, ours.se, ours.ci_low, ours.p] == pytest.approx(
            [want["estimate"], want["se"], want["ci_lb"], want["p"]], rel=CLOSED
        )
        assert ours.tests["q"].statistic == pytest.approx(want["Q"], rel=CLOSED)
        assert ours.i2 == pytest.approx(want["I2"], rel=CLOSED)
