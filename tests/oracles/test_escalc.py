"""Effects against metafor 3.8-1's escalc, to the digits it printed.

metafor_small.json is written by metafor_small.R beside it.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.shared import SHARED, needs_shared
from whatworks.extract import FORMULAE, compute, measure

PRINTED = 1e-12  # R printed 15 digits; logarithms of ratios near 1 lose two of them
SMALL: dict[str, Any] = json.loads(Path(__file__).with_name("metafor_small.json").read_text(encoding="utf-8"))
MEANS = {"m1i": [10], "sd1i": [3], "n1i": [12], "m2i": [8], "sd2i": [2], "n2i": [15]}


def numbers(values: list[float | None]) -> list[float]:
    """R's NA as NaN."""
    return [np.nan if value is None else value for value in values]


@pytest.mark.parametrize(
    "case", SMALL["effects"], ids=[f"{case['measure']}-{case['zero']}-{case['variance']}" for case in SMALL["effects"]]
)
def test_empty_cells_and_variances_follow_escalc(case: dict[str, Any]) -> None:
    answer = measure(case["measure"], case["columns"], zero=case["zero"], variance=case["variance"])
    # an effect of 0 is exact but for its last bit
    np.testing.assert_allclose(answer.yi, numbers(case["yi"]), rtol=PRINTED, atol=1e-14)
    np.testing.assert_allclose(answer.vi, numbers(case["vi"]), rtol=PRINTED)


def test_d_is_g_without_the_factor() -> None:
    # g and its unbiased variance from escalc; metafor 3.8-1 has no d, so d is g / J with J from the gamma function
    factor = 0.9696455796165049
    answer = measure("D", MEANS, variance="UB")
    assert answer.yi[0] == pytest.approx(0.778838071732844 / factor, rel=PRINTED)
    assert answer.vi[0] == pytest.approx(0.16304035488376 / factor**2, rel=PRINTED)


def columns(name: str) -> dict[str, list[float | None]]:
    with (SHARED / "metadat" / f"dat.{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {key: [number(row[key]) for row in rows] for key in rows[0]}


def number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


BCG = {"ai": "tpos", "bi": "tneg", "ci": "cpos", "di": "cneg"}
REAL = [(code, "bcg", f"bcg_{code}") for code in ("RR", "OR", "RD", "PETO", "AS")]
REAL += [(code, "normand1999", code) for code in ("MD", "SMD", "SMDH", "ROM")]
REAL += [(code, "molloy2014", f"molloy_{code}") for code in ("ZCOR", "COR")]
REAL += [(code, "pritz1997", f"pritz_{code}") for code in ("PR", "PLO", "PLN", "PAS", "PFT")]


@needs_shared
@pytest.mark.parametrize(("code", "name", "key"), REAL)
def test_real_data_sets_give_escalcs_numbers(code: str, name: str, key: str) -> None:
    want = json.loads((SHARED / "oracles" / "escalc.json").read_text(encoding="utf-8"))["escalc"][key]
    table = columns(name)
    if name == "bcg":
        table = {ours: table[theirs] for ours, theirs in BCG.items()}
    answer = measure(code, table)
    np.testing.assert_allclose(answer.yi, want["yi"], rtol=PRINTED, atol=1e-14)
    np.testing.assert_allclose(answer.vi, want["vi"], rtol=PRINTED)


FROM_T = {"SPCOR": "semi-partial-correlation-from-t", "PCOR": "partial-correlation-from-t"}


@pytest.mark.parametrize("case", SMALL["regressions"], ids=list(FROM_T))
def test_correlations_from_regressions_on_supervision(case: dict[str, Any]) -> None:
    """The five studies of supervision quality in Aloe and Thompson (2013)."""
    name = FROM_T[case["measure"]]
    answer = compute(name, **{wanted.name: case[wanted.name] for wanted in FORMULAE[name].inputs})
    np.testing.assert_allclose(answer.yi, case["yi"], rtol=PRINTED)
    np.testing.assert_allclose(answer.vi, case["vi"], rtol=PRINTED)


@needs_shared
def test_the_shared_semi_partial_correlations() -> None:
    with (SHARED / "evidence" / "supervision" / "aloe2013_spcor_computed.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    theirs = {"t": "tval", "n": "n", "predictors": "preds", "r2": "R2"}
    given = {name: [float(row[column]) for row in rows] for name, column in theirs.items()}
    answer = compute("semi-partial-correlation-from-t", **given)
    np.testing.assert_allclose(answer.yi, [float(row["yi"]) for row in rows], rtol=PRINTED)
    np.testing.assert_allclose(answer.vi, [float(row["vi"]) for row in rows], rtol=PRINTED)
