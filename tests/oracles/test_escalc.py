"""Effects against metafor 3.8-1's escalc, to the digits it printed."""

from __future__ import annotations

import csv
import json
from typing import Any

import numpy as np
import pytest

from tests.shared import SHARED, needs_shared
from whatworks.extract import compute, measure

PRINTED = 1e-12  # R printed 15 digits; logarithms of ratios near 1 lose two of them
TABLE = {"ai": [0, 3], "bi": [10, 4], "ci": [3, 2], "di": [7, 9]}  # one table with an empty cell, one without
RATES = {"x1i": [0, 3], "t1i": [10, 20], "x2i": [2, 4], "t2i": [12, 13]}
GROUP = {"xi": [0, 3, 8], "ni": [4, 20, 8]}
MEANS = {"m1i": [10], "sd1i": [3], "n1i": [12], "m2i": [8], "sd2i": [2], "n2i": [15]}
FEW = MEANS | {"n1i": [2], "n2i": [2]}

# escalc(measure=..., to=..., vtype=...) of the columns above, R 4.2.2, metafor 3.8-1
SMALL: list[tuple[str, dict[str, Any], dict[str, str], list[float], list[float]]] = [
    ("RR", TABLE, {}, [-1.945910149055313, 0.857450231851222], [2.1038961038961, 0.5995670995671]),
    ("OR", TABLE, {}, [-2.28238238567653, 1.21639532432449], [2.51428571428571, 1.19444444444444]),
    ("RD", TABLE, {}, [-0.272727272727273, 0.246753246753247], [0.0236664162283997, 0.0485090891567532]),
    ("PETO", TABLE, {}, [-1.75, 1.16163836163836], [1.16666666666667, 1.1004995004995]),
    ("AS", TABLE, {}, [-0.579639740363704, 0.273213715940067], [0.05, 0.0584415584415584]),
    ("RR", TABLE, {"zero": "all"}, [-1.945910149055313, 0.741937344729377], [2.103896103896104, 0.477380952380952]),
    ("OR", TABLE, {"zero": "all"}, [-2.28238238567653, 1.08368663845143], [2.51428571428571, 1.01319966583124]),
    ("RD", TABLE, {"zero": "all"}, [-0.272727272727273, 0.229166666666667], [0.0236664162283997, 0.044505931712963]),
    ("PETO", TABLE, {"zero": "all"}, [-1.75, 1.03670634920635], [1.166666666666667, 0.942460317460317]),
    ("AS", TABLE, {"zero": "all"}, [-0.579639740363704, 0.273213715940067], [0.05, 0.0584415584415584]),
    ("RR", TABLE, {"zero": "none"}, [np.nan, 0.857450231851222], [np.nan, 0.5995670995671]),
    ("RD", TABLE, {"zero": "none"}, [-0.3, 0.246753246753247], [0.021, 0.0485090891567532]),
    ("PETO", TABLE, {"zero": "none"}, [-2.23529411764706, 1.16163836163836], [1.49019607843137, 1.1004995004995]),
    ("RD", TABLE, {"variance": "UB"}, [-0.272727272727273, 0.246753246753247], [0.0260330578512397, 0.0556923595884635]),
    ("IRR", RATES, {}, [-1.427116355640146, -0.718464988544235], [2.4, 0.583333333333333]),
    ("IRD", RATES, {}, [-0.158333333333333, -0.157692307692308], [0.0223611111111111, 0.0311686390532544]),
    ("IRR", RATES, {"zero": "all"}, [-1.42711635564015, -0.68209734437336], [2.4, 0.507936507936508]),
    ("IRD", RATES, {"zero": "all"}, [-0.158333333333333, -0.171153846153846], [0.0223611111111111, 0.0353772189349112]),
    ("SMD", MEANS, {}, [0.778838071732844], [0.161233124851491]),
    ("SMD", MEANS, {"variance": "UB"}, [0.778838071732844], [0.16304035488376]),
    ("SMD", FEW, {"variance": "UB"}, [0.44258672244243], [1.19588300688233]),
    ("SMDH", MEANS, {}, [0.760652574112853], [0.173367375928777]),
    ("ROM", MEANS, {}, [0.22314355131421], [0.0116666666666667]),
    ("COR", {"ri": [0.3, -0.5], "ni": [4, 20]}, {}, [0.3, -0.5], [0.2760333333333334, 0.0296052631578947]),
    ("ZCOR", {"ri": [0.3, -0.5], "ni": [4, 20]}, {}, [0.309519604203112, -0.549306144334055], [1, 0.0588235294117647]),
    ("PR", GROUP, {}, [0.1, 0.15, 0.944444444444444], [0.018, 0.006375, 0.00582990397805213]),
    ("PR", GROUP, {"variance": "UB"}, [0.1, 0.15, 0.944444444444444], [0.0225, 0.00671052631578947, 0.00655864197530865]),
    ("PLO", GROUP, {}, [-2.19722457733622, -1.73460105538811, 2.83321334405622], [2.22222222222222, 0.392156862745098, 2.11764705882353]),
    ("PLN", GROUP, {}, [-2.3025850929940455, -1.8971199848858813, -0.0571584138399486], [1.8, 0.28333333333333333, 0.00653594771241831]),
    ("PAS", GROUP, {}, [0, 0.397699415092072, 1.570796326794897], [0.0625, 0.0125, 0.03125]),
    ("PFT", GROUP, {}, [0.231823804500403, 0.419615063867356, 1.400877872067836], [0.0555555555555556, 0.0121951219512195, 0.0294117647058824]),
    ("PLO", GROUP, {"zero": "all"}, [-2.19722457733622, -1.6094379124341, 2.83321334405622], [2.22222222222222, 0.342857142857143, 2.11764705882353]),
    ("PFT", GROUP, {"zero": "all"}, [0.231823804500403, 0.419615063867356, 1.400877872067836], [0.0555555555555556, 0.0121951219512195, 0.0294117647058824]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "columns", "options", "yi", "vi"), SMALL)
def test_empty_cells_and_variances_follow_escalc(
    code: str, columns: dict[str, Any], options: dict[str, str], yi: list[float], vi: list[float]
) -> None:
    answer = measure(code, columns, **options)
    np.testing.assert_allclose(answer.yi, yi, rtol=PRINTED, atol=1e-14)  # an effect of 0 is exact but for its last bit
    np.testing.assert_allclose(answer.vi, vi, rtol=PRINTED)


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


@needs_shared
@pytest.mark.parametrize(
    ("formula", "want"),
    [
        # escalc(measure="SPCOR", ti, ni, mi, r2i) and "PCOR" on the five studies of Aloe and Thompson (2013)
        (
            "semi-partial-correlation-from-t",
            [0.2753708212608554, 0.3053267753279146, 0.2357687696699414, -0.0332004501400623, 0.0699254394207809],
        ),
        (
            "partial-correlation-from-t",
            [0.30120292079127586, 0.38218899330617917, 0.31630807101725006, -0.04043720011356849, 0.07420885448992089],
        ),
    ],
)
def test_correlations_from_regressions_on_supervision(formula: str, want: list[float]) -> None:
    with (SHARED / "evidence" / "supervision" / "aloe2013_spcor_computed.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    given = {
        ours: [float(row[theirs]) for row in rows]
        for ours, theirs in (("t", "tval"), ("n", "n"), ("predictors", "preds"))
    }
    if formula.startswith("semi"):
        given["r2"] = [float(row["R2"]) for row in rows]
    answer = compute(formula, **given)
    np.testing.assert_allclose(answer.yi, want, rtol=PRINTED)
    if formula.startswith("semi"):
        np.testing.assert_allclose(answer.vi, [float(row["vi"]) for row in rows], rtol=PRINTED)
