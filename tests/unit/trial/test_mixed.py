"""Mixed models with a random intercept: against lme4, lmerTest and pbkrtest, against algebra, and against bad input."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import SHARED, needs_shared
from whatworks.errors import InputError
from whatworks.trial.methods.mixed import fit_intercepts, small_sample
from whatworks.trial.methods.mixed.intercepts import GRID, _profile, _slope
from whatworks.trial.methods.mixed.sums import gather

pytestmark = needs_shared


def columns(name: str) -> dict[str, np.ndarray]:
    """The columns of a reference table as numbers."""
    with (SHARED / "trial" / name).open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}


def school_trial(strata: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """20 schools, 291 pupils: design, outcome, school."""
    told = columns("crt_cont.csv")
    parts = [np.ones(len(told["y"])), told["trt"], told["pre"]]
    if strata:
        parts += [(told["la"] == one).astype(float) for one in np.unique(told["la"])[1:]]
    return np.column_stack(parts), told["y"], told["cluster"]


def made_up(seed: int, clusters: int, between: float, sets: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A made-up trial with clusters of unequal size."""
    chance = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), chance.integers(1, 9, clusters))
    x = np.column_stack([np.ones(len(cluster)), cluster % 2, chance.normal(size=len(cluster))])
    shared = np.sqrt(between) * chance.normal(size=(clusters, sets))[cluster]
    return x, chance.normal(size=(len(cluster), sets)) + shared + x[:, [2]], cluster


# lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2 on R 4.2.2: estimate, standard error, degrees of freedom, p of the arm's effect.
# Tolerances: R's numerical derivatives give Satterthwaite's degrees of freedom to about 1e-6 of their size.
FROM_R = [
    (False, "satterthwaite", 1.2703483205, 0.50289687, 18.852066, 0.0206543),
    (False, "kenward-roger", 1.2703483205, 0.50378207, 17.740477, 0.0214817),
    (True, "kenward-roger", 1.565643589, 0.496876365, 16.230749, 0.0060966),
]


@pytest.mark.parametrize(("strata", "way", "estimate", "se", "df", "p"), FROM_R)
def test_a_school_trial_comes_out_as_in_r(strata, way, estimate, se, df, p) -> None:
    found = small_sample(fit_intercepts(*school_trial(strata)), way)
    assert found.estimate[0, 1] == pytest.approx(estimate, abs=5e-9)
    assert found.se[0, 1] == pytest.approx(se, abs=2e-8)
    assert found.df[0, 1] == pytest.approx(df, abs=2e-6)
    assert found.p[0, 1] == pytest.approx(p, abs=6e-8)


def test_variances_and_criterion_are_those_of_lme4() -> None:
    fit = fit_intercepts(*school_trial())
    assert fit.between[0] == pytest.approx(0.74982296, abs=5e-8)  # lme4 stops at a tolerance of its own
    assert fit.within[0] == pytest.approx(6.94591711, abs=5e-8)
    assert fit.icc[0] == pytest.approx(0.0974335, abs=5e-8)
    assert fit.criterion[0] == pytest.approx(1410.476958, abs=5e-7)


def test_two_hundred_schools_come_out_as_in_r() -> None:
    told = columns("crt200x30.csv")
    wanted = json.loads((SHARED / "trial" / "crt_mixed.json").read_text())["lmer"]
    x = np.column_stack([np.ones(len(told["y"])), told["treat"], told["pre"]])
    fit = fit_intercepts(x, told["y"], told["school"])
    assert fit.coefficients[0] == pytest.approx(wanted["beta"], abs=1e-10)
    assert fit.criterion[0] == pytest.approx(wanted["reml"], abs=1e-8)
    assert np.sqrt(fit.between[0]) == pytest.approx(wanted["sd_school"], abs=1e-7)
    found = small_sample(fit, "satterthwaite")
    assert found.se[0] == pytest.approx(wanted["se"], abs=1e-8)
    assert found.df[0] == pytest.approx([row["df"] for row in wanted["satterthwaite"]], rel=1e-6)


def dense(x, y, cluster, between, within):
    """Kenward and Roger's covariance and degrees of freedom by the whole covariance matrix, as the paper writes them."""
    together = (cluster[:, None] == cluster[None, :]).astype(float)
    parts = [np.eye(len(y)), together]
    inverse = np.linalg.inv(within * parts[0] + between * parts[1])
    phi = np.linalg.inv(x.T @ inverse @ x)
    p = [-x.T @ inverse @ g @ inverse @ x for g in parts]
    q = [[x.T @ inverse @ g @ inverse @ h @ inverse @ x for h in parts] for g in parts]
    information = np.array([[
        np.trace(inverse @ parts[r] @ inverse @ parts[s]) - 2 * np.trace(phi @ q[r][s]) + np.trace(phi @ p[r] @ phi @ p[s])
        for s in range(2)] for r in range(2)])  # fmt: skip
    w = 2 * np.linalg.inv(information)
    adjusted = phi + 2 * phi @ sum(w[r, s] * (q[r][s] - p[r] @ phi @ p[s]) for r in range(2) for s in range(2)) @ phi
    slopes = [np.diag(phi @ one @ phi) for one in p]
    spread = sum(w[r, s] * slopes[r] * slopes[s] for r in range(2) for s in range(2))
    return adjusted, 2 * np.diag(phi) ** 2 / spread


@given(seed=st.integers(0, 10_000), clusters=st.integers(4, 12), between=st.sampled_from([0.0, 0.2, 1.5]))
def test_sums_by_cluster_give_what_whole_matrices_give(seed, clusters, between) -> None:
    x, y, cluster = made_up(seed, clusters, between)
    if len(y) < 10 or np.linalg.matrix_rank(x) < 3:
        return
    fit = fit_intercepts(x, y, cluster)
    covariance, df = dense(x, y[:, 0], cluster, fit.between[0], fit.within[0])
    found = small_sample(fit)
    assert found.se[0] ** 2 == pytest.approx(np.diag(covariance), rel=1e-8)
    assert found.df[0] == pytest.approx(df, rel=1e-7)


@given(seed=st.integers(0, 10_000), between=st.sampled_from([0.0, 0.05, 0.5, 40.0]))
def test_no_other_ratio_of_variances_is_better(seed, between) -> None:
    x, y, cluster = made_up(seed, 8, between)
    if len(y) < 10 or np.linalg.matrix_rank(x) < 3:
        return
    fit, sums = fit_intercepts(x, y, cluster), gather(x, y, cluster)
    ratio = fit.between / fit.within
    least = _profile(sums, ratio)[0]
    others = np.concatenate([GRID, ratio * 0.99, ratio * 1.01])
    assert least <= min(_profile(sums, np.array([one]))[0] for one in others) + 1e-9
    if ratio[0] > 0:
        assert abs(_slope(sums, ratio)[0][0] * ratio[0]) < 1e-6


def test_a_thousand_sets_at_once_are_a_thousand_fits() -> None:
    x, y, cluster = made_up(3, 10, 0.3, sets=40)
    whole = small_sample(fit_intercepts(x, y, cluster))
    for one in (0, 17, 39):
        alone = small_sample(fit_intercepts(x, y[:, one], cluster))
        assert whole.df[one] == pytest.approx(alone.df[0], rel=1e-9)
        assert whole.p[one] == pytest.approx(alone.p[0], rel=1e-9)


def test_without_spread_between_clusters_satterthwaite_is_the_ordinary_t_test() -> None:
    x, y, cluster = made_up(11, 12, 0.0)
    y = y - np.array([y[cluster == one].mean() for one in cluster])[:, None]  # clusters are alike by force
    fit = fit_intercepts(x, y, cluster)
    assert fit.between[0] == 0.0
    found = small_sample(fit, "satterthwaite")
    residual = y[:, 0] - x @ np.linalg.lstsq(x, y[:, 0], rcond=None)[0]
    s2 = residual @ residual / (len(y) - 3)
    assert found.df[0].tolist() == [len(y) - 3.0] * 3
    assert found.se[0] ** 2 == pytest.approx(np.diag(s2 * np.linalg.inv(x.T @ x)), rel=1e-10)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda x, y, c: (x[:-1], y, c), "must be as many"),
        (lambda x, y, c: (x, np.where(np.arange(len(y)) == 2, np.nan, y), c), "missing or not a number"),
        (lambda x, y, c: (np.column_stack([x, x[:, 1]]), y, c), "leave one of them out"),
        (lambda x, y, c: (x, y, np.zeros(len(y))), "two or more"),
        (lambda x, y, c: (x[:3], y[:3], c[:3]), "more rows are needed"),
        (lambda x, y, c: (x, x @ np.ones(3), c), "explains every outcome exactly"),
        (lambda x, y, c: (x[:, :2], c, c), "analyse their means"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(change, said) -> None:
    with pytest.raises(InputError, match=said):
        fit_intercepts(*change(*school_trial()))


def test_another_way_of_testing_is_refused() -> None:
    with pytest.raises(InputError, match="no way of testing"):
        small_sample(fit_intercepts(*school_trial()), "z")
