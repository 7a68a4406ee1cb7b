"""A second made-up trial beside R: 24 schools of 1 to 19 pupils in 6 blocks, made by a formula so that nothing has to be kept.

lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2, clubSandwich 0.5.8, geepack 1.3.9, glmmTMB 1.1.5 and stats on R 4.2.2. lme4 and glmmTMB end
their searches early, some 1e-6 of an estimate; closed forms agree to the digits that are printed.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import pytest
from scipy.special import ndtri

from whatworks.trial.analyse import analyse_trial
from whatworks.trial.methods.analysing.panel_rows import Row

DESIGN = """
[design]
kind = "blocked-cluster"
outcome = "{kind}"
[analysis]
outcome = "{column}"
arm = "arm"
cluster = "school"
strata = ["block"]
covariates = ["pre"]
draws = 99
{more}
"""
KINDS = {"y": ("continuous", ""), "b": ("binary", ""), "k": ("count", 'offset = "t"')}


def chance(place: int, step: float) -> float:
    """A number that looks drawn from the standard normal distribution."""
    return float(ndtri((0.5 + (place + 1) * step) % 1 * 0.998 + 0.001))


def pupils() -> list[dict[str, Any]]:
    """The trial."""
    rows: list[dict[str, Any]] = []
    for school in range(24):
        arm, block, shared = int(school % 4 in (0, 3)), school // 4, 0.6 * chance(school, math.sqrt(2))
        for _ in range(1 + (7 * school * school + 3 * school) % 19):
            n = len(rows)
            pre, own = round(chance(n, math.sqrt(3)), 6), chance(n, math.sqrt(7))
            y = 0.4 * arm + 0.6 * pre + shared + 1.1 * own
            k = max(0, math.floor(math.exp(0.4 + 0.3 * arm + 0.3 * shared + 0.9 * chance(n, math.sqrt(11)))))
            rows.append(
                {"school": school, "block": block, "arm": arm, "pre": pre, "y": round(y, 6), "b": int(y > 0.3), "k": k,
                 "t": 1 + n % 5 / 4}
            )  # fmt: skip
    return rows


@functools.cache
def panel(column: str) -> dict[str, Row]:
    """The panel of one outcome by method."""
    kind, more = KINDS[column]
    found = analyse_trial(DESIGN.format(kind=kind, column=column, more=more), pupils())
    return {row.method: row for row in found.panel}


@pytest.mark.parametrize(
    ("column", "method", "estimate", "se", "df", "p"),
    [
        ("y", "lmm-kr", 0.29876508, 0.26000818, 14.584838, 0.26902689),
        ("y", "lmm-satterthwaite", 0.29876508, 0.25815556, 17.937235, 0.2623268),
        ("y", "ols-cr2", 0.34296479, 0.29144005, 12.102906, 0.26190404),
        ("y", "ols-cr1s", 0.34296479, 0.23640103, 23, 0.16034509),
        ("y", "ols-cr3", 0.34296479, 0.37977868, 23, 0.37585272),
        ("y", "gee-exchangeable", 0.3014767, 0.20759668, None, 0.14643956),
        ("y", "cluster-means-t", 0.15473383, 0.24304071, 17, 0.53282745),
        ("b", "lmm-kr", 0.074838791, 0.10021309, 14.465015, 0.46715217),
        ("b", "lmm-satterthwaite", 0.074838791, 0.099468134, 15.864999, 0.46283487),
        ("b", "ols-cr2", 0.093375304, 0.10134247, 12.102906, 0.37485168),
        ("b", "ols-cr3", 0.093375304, 0.13032988, 23, 0.48092356),
        ("b", "gee-exchangeable", 0.45605239, 0.38587411, None, 0.23725795),
        ("b", "glmm-binomial", 0.42604229, 0.42805625, None, 0.31959276),
        ("k", "gee-exchangeable", 0.45093656, 0.11500431, None, 8.816745e-05),
        ("k", "glmm-poisson", 0.54058033, 0.17428248, None, 0.0019238166),
        ("k", "glmm-nb", 0.42159183, 0.17364368, None, 0.015185966),
        ("k", "poisson-naive", 0.47207492, 0.098934382, None, 1.8277162e-06),
    ],
)
def test_a_line_is_as_in_r(column, method, estimate, se, df, p) -> None:
    """glmmTMB's estimates move by 4e-6 with its stopping rule, the others by less than 1e-6."""
    row = panel(column)[method]
    assert row.estimate == pytest.approx(estimate, abs=5e-6)
    assert row.se == pytest.approx(se, abs=2e-6)
    assert row.df is None if df is None else row.df == pytest.approx(df, abs=1e-4)
    assert row.p == pytest.approx(p, rel=1e-4)


def test_variances_of_counts_and_shares_are_those_of_glmmtmb() -> None:
    assert panel("b")["glmm-binomial"].variances["cluster"] == pytest.approx(0.4148991, abs=1e-5)
    assert panel("k")["glmm-poisson"].variances["cluster"] == pytest.approx(0.0913747, abs=1e-5)
    assert panel("k")["glmm-nb"].variances["size"] == pytest.approx(0.99145043, abs=1e-6)
    assert any("No variance was found" in one for one in panel("k")["glmm-nb"].warnings)
