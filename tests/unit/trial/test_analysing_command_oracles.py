"""Every row of the reference tables of the three made-up trials, through the command line, in JSON as a reader gets it.

Numbers of R 4.2.2 (lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2, glmmTMB 1.1.5, clubSandwich 0.5.8, geepack 1.3.9, estimatr 1.0.0), as
printed: tolerances are the last place printed, and wider only where R takes derivatives by differences (glmer, glmmTMB), or weights
of the step before the last (standard errors of glm).
"""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.shared import needs_shared
from tests.unit.trial.test_analysing_command import run
from tests.unit.trial.trials import COUNTS, SCHOOLS, WEDGE

pytestmark = needs_shared
DRAWS = "draws = 199\n"  # nothing below is drawn by the computer
A, B, C = SCHOOLS + DRAWS, COUNTS + DRAWS, WEDGE + DRAWS
A_STRATA = A + 'strata = ["la"]\n'
FILES = {A: "crt_cont.csv", A_STRATA: "crt_cont.csv", B: "swis_counts.csv", C: "swcrt.csv"}


@functools.cache
def answered(design: str) -> dict[str, Any]:
    """The JSON that the command prints."""
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), design, FILES[design], "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def line(design: str, method: str) -> dict[str, Any]:
    """One method's line."""
    return next(row for row in answered(design)["panel"] if row["method"] == method)


LAST, GLMER = 6e-8, 3e-5
TABLE = [  # design, method, estimate, standard error, degrees of freedom, p; tolerances of estimate, error and p
    (A, "lmm-satterthwaite", 1.2703483205, 0.50289687, 18.852066, 0.0206543, 1e-6, 1e-6, 1e-6),
    (A, "lmm-kr", 1.2703483205, 0.50378207, 17.740477, 0.0214817, 1e-6, 1e-6, 1e-6),
    (A_STRATA, "lmm-kr", 1.565643589, 0.496876365, 16.230749, 0.0060966, 1e-6, 1e-6, 1e-6),
    (A, "ols-cr2", 1.1996694997, 0.531684389, 15.971895, 0.0384203, 1e-9, 1e-9, LAST),
    (A, "ols-cr1s", 1.1996694997, 0.511641969, 19, 0.030056, 1e-9, 1e-9, 6e-7),
    (A, "ols-cr3", 1.1996694997, 0.569299533, 19, 0.048609, 1e-9, 1e-9, 6e-7),
    (A, "cluster-means-t", 1.178816561, None, 18, 0.0784566, 1e-9, 0, LAST),
    (A, "ri-exact", 1.178816561, None, None, 0.0786767, 1e-9, 0, LAST),
    (A, "gee-exchangeable", 1.2713476655, 0.473351440, None, 0.0072347, 1e-6, 1e-7, LAST),
    (A, "cace-2sls-cr2", 1.6915566408, 0.728332449, 15.971895, 0.0337432, 1e-9, 1e-9, LAST),
    (B, "poisson-naive", 0.2928178, 0.0514057, None, 1.2e-8, LAST, 1e-6, 1e-9),
    (B, "glm-nb", 0.2607957, 0.1213047, None, 0.03156, LAST, LAST, 6e-6),
    (B, "glmm-nb", 0.2467696, 0.1281794, None, 0.05421, 1e-6, 1e-6, 6e-6),
    (B, "glmm-poisson", 0.2394963, 0.1309121, None, 0.06733, GLMER, 4e-4, 1.2e-3),
    (B, "cluster-means-t", 0.2814334, 0.1324304, 52, 0.03835, 2e-7, LAST, 6e-6),
    (C, "glmm-binomial", -0.1551906, 0.1583512, None, 0.32707, GLMER, 5e-4, 1.2e-3),
    (C, "glmm-binomial-nested", -0.1454206, 0.1701345, None, 0.39270, GLMER, 5e-4, 1.2e-3),
    (C, "lmm-kr", -0.0188307, 0.0226540, 53, 0.40957, LAST, LAST, 6e-6),
    (C, "lmm-satterthwaite", -0.0188307, 0.0218340, 53, 0.39233, LAST, LAST, 6e-6),
    (C, "ols-cr2", -0.0299584, 0.0197206, 8.61, 0.16455, LAST, LAST, 6e-6),
]


@pytest.mark.parametrize(("design", "method", "estimate", "se", "df", "p", "near", "near_se", "near_p"), TABLE)
def test_the_command_prints_what_r_prints(design, method, estimate, se, df, p, near, near_se, near_p) -> None:
    row = line(design, method)
    assert row["estimate"] == pytest.approx(estimate, abs=near)
    assert (row["se"] is None and method == "ri-exact") if se is None and df is None else row["se"] > 0
    assert se is None or row["se"] == pytest.approx(se, abs=near_se)
    assert row["df"] is None if df is None else row["df"] == pytest.approx(df, abs=2e-3)
    assert row["p"] == pytest.approx(p, abs=near_p)


def test_variances_likelihoods_and_shares_of_the_tables() -> None:
    told = line(A, "lmm-kr")["variances"]
    assert [told["cluster"], told["residual"]] == pytest.approx([0.74982296, 6.94591711], abs=1e-7)
    assert told["reml"] == pytest.approx(1410.476958, abs=1e-6)
    assert answered(A)["icc"] == pytest.approx(0.0974335, abs=LAST)
    assert line(A, "gee-exchangeable")["variances"]["correlation"] == pytest.approx(0.1007264, abs=LAST)
    assert "70.7%" in " ".join(line(A, "cace-2sls-cr2")["warnings"])
    assert line(A, "ri-exact")["model"] == "all 184,756 allocations"
    assert line(B, "poisson-naive")["variances"]["dispersion"] == pytest.approx(6.5988, abs=6e-5)
    nb, mixed = line(B, "glm-nb")["variances"], line(B, "glmm-nb")["variances"]
    assert [nb["size"], nb["log_likelihood"]] == pytest.approx([6.189489, -229.5088496], abs=1e-6)
    assert [mixed["size"], mixed["log_likelihood"]] == pytest.approx([5.376005, -233.6077681], abs=3e-6)
    row = line(B, "glmm-nb")
    ratios = [row["relative"], row["relative_low"], row["relative_high"]]
    assert ratios == pytest.approx([1.2799, 0.9956, 1.6454], abs=6e-5)
    school = line(B, "glmm-poisson")["variances"]
    assert [school["cluster"], school["la"]] == pytest.approx([0.192542, 0.002052], abs=3e-5)
    assert school["log_likelihood"] == pytest.approx(
        -233.5267, abs=2e-4
    )  # lme4 stops a little below the highest likelihood
    one, both = line(C, "glmm-binomial")["variances"], line(C, "glmm-binomial-nested")["variances"]
    assert [one["cluster"], one["log_likelihood"]] == pytest.approx([0.0738752, -159.6816145], abs=3e-6)
    parts = [both["cluster"], both["cluster:period"], both["log_likelihood"]]
    assert parts == pytest.approx([0.0680422, 0.0204666, -159.3703941], abs=1e-5)
