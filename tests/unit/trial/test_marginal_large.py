"""Estimating equations never write down a cluster's n x n numbers: the same as if they did, and clusters of 16,000 rows in a moment."""

from __future__ import annotations

import time

import numpy as np
import pytest

from whatworks.trial.methods.analysing import panel
from whatworks.trial.methods.analysing.table import prepare
from whatworks.trial.methods.design import read
from whatworks.trial.methods.marginal import GeeFit, corrected, fit_gee

KINDS = ("none", "kc", "md", "fg")


def made(family: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """14 clusters of 2 to 31 rows: a design with a cluster's column and a row's, an outcome, labels."""
    chance = np.random.default_rng(11)
    cluster = np.repeat(np.arange(14), chance.integers(2, 32, 14))
    x = np.column_stack([np.ones(len(cluster)), cluster % 2, chance.normal(size=len(cluster))])
    eta = x @ [-0.3, 0.4, 0.5] + chance.normal(0, 0.5, 14)[cluster]
    drawn = {
        "gaussian": lambda: eta + chance.normal(size=len(eta)),
        "binomial": lambda: chance.binomial(1, 1 / (1 + np.exp(-eta))).astype(float),
        "poisson": lambda: chance.poisson(np.exp(eta)).astype(float),
    }
    return x, drawn[family](), cluster


def dense(fit: GeeFit, x: np.ndarray, y: np.ndarray, cluster: np.ndarray, family: str, kind: str) -> np.ndarray:
    """The sandwich by the formulae as they are printed, with whole working matrices."""
    eta = x @ fit.coefficients
    mean = {"gaussian": eta, "binomial": 1 / (1 + np.exp(-eta)), "poisson": np.exp(eta)}[family]
    variance = {"gaussian": np.ones_like(eta), "binomial": mean * (1 - mean), "poisson": mean}[family]
    parts = []
    for rows in (np.flatnonzero(cluster == one) for one in np.unique(cluster)):
        alike = np.full((len(rows), len(rows)), fit.correlation)
        np.fill_diagonal(alike, 1.0)
        root = np.sqrt(variance[rows])
        parts.append(
            (variance[rows, None] * x[rows], np.linalg.inv(fit.scale * np.outer(root, root) * alike), (y - mean)[rows])
        )
    bread = np.linalg.inv(sum(d.T @ w @ d for d, w, _ in parts))
    meat = np.zeros_like(bread)
    for d, w, r in parts:
        apart = np.eye(len(r)) - d @ bread @ d.T @ w
        if kind == "kc":
            values, vectors = np.linalg.eig(apart)
            r = np.real(vectors @ np.diag(values.astype(complex) ** -0.5) @ np.linalg.inv(vectors)) @ r
        score = d.T @ w @ (np.linalg.solve(apart, r) if kind == "md" else r)
        if kind == "fg":
            score = score / np.sqrt(1 - np.minimum(0.75, np.diag(d.T @ w @ d @ bread)))
        meat += np.outer(score, score)
    return bread @ meat @ bread


@pytest.mark.parametrize("family", ["gaussian", "binomial", "poisson"])
@pytest.mark.parametrize("kind", KINDS)
def test_small_matrices_give_what_whole_ones_give(family: str, kind: str) -> None:
    x, y, cluster = made(family)
    fit = fit_gee(x, y, cluster, family)
    wanted = dense(fit, x, y, cluster, family, kind)
    assert corrected(fit, kind) == pytest.approx(wanted, rel=1e-10, abs=1e-10 * float(np.abs(wanted).max()))


def test_clusters_of_sixteen_thousand_rows_follow_the_closed_form_of_their_means() -> None:
    """With columns of clusters alone a cluster counts by n / (1 + (n - 1) a), and its leverage is its share of that in its arm."""
    chance = np.random.default_rng(12)
    sizes = np.array([16_000, 9_000, 15_000, 16_526, 300, 12_000, 800, 14_000])
    cluster = np.repeat(np.arange(8), sizes)
    arm = (cluster % 2).astype(float)
    y = 0.2 * arm + chance.normal(0, 0.3, 8)[cluster] + chance.normal(size=len(cluster))
    begun = time.process_time()
    fit = fit_gee(np.column_stack([np.ones(len(y)), arm]), y, cluster)
    means = np.bincount(cluster, y) / sizes
    weight = sizes / (1 + (sizes - 1) * fit.correlation)
    for kind, power in (("none", 0.0), ("kc", 1.0), ("md", 2.0)):
        wanted = 0.0
        for one in (0, 1):
            mine = np.arange(8) % 2 == one
            share = weight[mine] / weight[mine].sum()
            left = means[mine] - share @ means[mine]
            wanted += float((share**2 * left**2 / (1 - share) ** power).sum())
        assert corrected(fit, kind)[1, 1] == pytest.approx(wanted, rel=1e-9)
    assert (
        time.process_time() - begun < 10
    )  # a tenth of a second here; n x n numbers would take 2 GB for the first cluster alone


def test_the_panel_no_longer_refuses_them() -> None:
    chance = np.random.default_rng(13)
    cluster = np.repeat(np.arange(6), 16_000)
    table = {"school": cluster.tolist(), "arm": (cluster % 2).tolist(), "y": chance.normal(size=len(cluster)).tolist()}
    design = read('[design]\nkind = "cluster"\n[analysis]\ncluster = "school"\ndeclared = "gee-md"\n')
    answer = panel.one(prepare(design, table), "gee-md")
    assert (answer.df, answer.model) == (4.0, "Mancl-DeRouen")
    assert answer.se is not None and 0 < answer.se < 0.1
