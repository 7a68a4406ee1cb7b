"""Every measure of metafor 3.8-1's escalc that we know, and its vcalc. Numbers by make/effects.R."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from whatworks.extract import MEASURES, measure
from whatworks.extract.methods.covariances import sampling_covariance
from whatworks.extract.methods.one_group import proportion_from_double_arcsine

HELD: dict[str, Any] = json.loads(Path(__file__).with_name("effects.json").read_text(encoding="utf-8"))
PRINTED = 1e-12  # R printed 15 digits; logarithms of ratios near 1 lose two of them
NO_EFFECT = 1e-13  # a correlation or difference of nothing is 0 but for its last bits


def numbers(values: list[float | None]) -> list[float]:
    return [np.nan if value is None else value for value in values]


@pytest.mark.parametrize(
    "case", HELD["effects"], ids=[f"{case['measure']}-{case['zero']}-{case['variance']}" for case in HELD["effects"]]
)
def test_a_measure_gives_escalcs_numbers(case: dict[str, Any]) -> None:
    found = measure(case["measure"], case["columns"], zero=case["zero"], variance=case["variance"])
    np.testing.assert_allclose(found.yi, numbers(case["yi"]), rtol=PRINTED, atol=NO_EFFECT)
    np.testing.assert_allclose(found.vi, numbers(case["vi"]), rtol=PRINTED, atol=NO_EFFECT)


def test_every_measure_is_compared() -> None:
    """A measure that nobody compares could be anything; metafor 3.8-1 has no plain d."""
    assert {case["measure"] for case in HELD["effects"]} == set(MEASURES) - {"D"}


def test_covariances_of_several_outcomes_follow_vcalc() -> None:
    held = HELD["covariances"]["within"]
    rows = held["rows"]
    found = sampling_covariance([row["vi"] for row in rows], [row["study"] for row in rows], held["rho"])
    np.testing.assert_allclose(found, held["v"], rtol=PRINTED, atol=0)


def test_covariances_of_several_times_follow_vcalc() -> None:
    held = HELD["covariances"]["over_time"]
    column = {name: [row[name] for row in held["rows"]] for name in ("vi", "study", "outcome", "time")}
    found = sampling_covariance(
        column["vi"], column["study"], held["rho"], outcome=column["outcome"], time=column["time"], phi=held["phi"]
    )
    np.testing.assert_allclose(found, held["v"], rtol=PRINTED, atol=0)


def test_a_freeman_tukey_value_is_read_back_with_the_group_s_size() -> None:
    value, n, want = (np.array([row[name] for row in HELD["back"]]) for name in ("value", "n", "proportion"))
    np.testing.assert_allclose(proportion_from_double_arcsine(value, n), want, rtol=1e-11, atol=1e-13)
