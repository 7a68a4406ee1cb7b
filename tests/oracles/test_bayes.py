"""Bayesian pooling against R's own integrals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from whatworks.synthesise.methods.bayes.pooling_bayes import pool_bayes

KNOWN: dict[str, Any] = json.loads(Path(__file__).with_name("bayes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", KNOWN["cases"], ids=lambda case: f"{case['set']}-{case['prior']}-{case['mu']}")
def test_every_number_of_the_posterior(case: dict[str, Any]) -> None:
    held = KNOWN["sets"][case["set"]]
    mu = tuple(case["mu"]) if case["mu"] else None
    ours = pool_bayes(held["yi"], held["vi"], prior=case["prior"], mu_prior=mu, interval="central", safe=False)
    scale = max(held["vi"]) ** 0.5
    told = {"mean": ours.effect.mean, "low": ours.effect.low, "median": ours.effect.median, "high": ours.effect.high}
    told |= {"p_above": ours.p_above, "tau_median": ours.tau.median, "against_homogeneity": ours.against_homogeneity}
    if ours.new is not None:
        told |= {"new_low": ours.new.low, "new_high": ours.new.high}
    if mu:
        told["log_whole"] = ours.log_marginal
    for name, value in told.items():
        # R's integrals are good to about 1e-11, its roots to 1e-13 of the scale, where the density may be thin
        assert value == pytest.approx(case[name], rel=1e-8, abs=1e-9 * scale), name
