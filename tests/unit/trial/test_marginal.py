"""Estimating equations: as geepack and statsmodels have them, as algebra has them where rows stand alone, and bad input."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from tests.shared import SHARED, needs_shared
from whatworks.errors import InputError
from whatworks.trial.methods.marginal import corrected, fit_gee

pytestmark = needs_shared


def school_trial() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """20 schools, 291 pupils: design, outcome, school."""
    with (SHARED / "trial" / "crt_cont.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    told = {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}
    return np.column_stack([np.ones(len(rows)), told["trt"], told["pre"]]), told["y"], told["cluster"]


def test_the_school_trial_comes_out_as_in_geepack() -> None:
    """geepack 1.3.9; it stops when steps are below 1e-4, which moves what it prints in the seventh place."""
    fit = fit_gee(*school_trial())
    assert fit.correlation == pytest.approx(0.1007264, abs=5e-8)
    assert fit.coefficients[1] == pytest.approx(1.2713476655, abs=5e-7)
    assert np.sqrt(corrected(fit, "none")[1, 1]) == pytest.approx(0.473351440, abs=2e-8)


def test_the_correction_of_mancl_and_derouen_is_as_in_statsmodels() -> None:
    """statsmodels 0.15.0, GEE, cov_type "naive", "bias_reduced"; its correlation, which it estimates otherwise, is taken over."""
    fit = fit_gee(*school_trial(), correlation=0.0998089590982226)
    assert fit.coefficients == pytest.approx([5.77413477, 1.27107296, 0.57673739], abs=1e-8)
    plain = np.sqrt(np.diag(corrected(fit, "none")))
    assert plain == pytest.approx([0.66084217, 0.47340772, 0.03006283], abs=1e-8)
    assert np.sqrt(np.diag(corrected(fit, "md"))) == pytest.approx([0.70212407, 0.52871497, 0.03180304], abs=1e-8)


def test_corrections_are_in_their_known_order() -> None:
    fit = fit_gee(*school_trial())
    none, kc, md = (corrected(fit, kind)[1, 1] for kind in ("none", "kc", "md"))
    assert none < kc < md
    assert none < corrected(fit, "fg")[1, 1]


@pytest.mark.parametrize(("kind", "power"), [("none", 0.0), ("kc", 1.0), ("md", 2.0)])
def test_with_rows_that_stand_alone_they_are_the_usual_corrections(kind: str, power: float) -> None:
    """White's, HC2 and HC3: squared residuals over (1 - leverage) to the power."""
    x, y, _ = school_trial()
    x, y = x[:40], y[:40]
    fit = fit_gee(x, y, np.arange(40))
    bread = np.linalg.inv(x.T @ x)
    residual, leverage = y - x @ bread @ x.T @ y, np.einsum("ip,pq,iq->i", x, bread, x)
    meat = (x * (residual**2 / (1 - leverage) ** power)[:, None]).T @ x
    assert corrected(fit, kind) == pytest.approx(bread @ meat @ bread, rel=1e-9)


@pytest.mark.parametrize("family", ["binomial", "poisson"])
def test_without_correlation_the_coefficients_solve_the_likelihood(family: str) -> None:
    chance = np.random.default_rng(4)
    x = np.column_stack([np.ones(80), chance.normal(size=80)])
    offset = np.log(chance.uniform(1, 5, 80)) if family == "poisson" else np.zeros(80)
    mean = 1 / (1 + np.exp(-x @ [0.2, 0.7])) if family == "binomial" else np.exp(x @ [0.2, 0.4] + offset)
    y = chance.binomial(1, mean) if family == "binomial" else chance.poisson(mean)
    fit = fit_gee(x, y, np.repeat(np.arange(20), 4), family, offset=offset, correlation=0.0)
    eta = x @ fit.coefficients + offset
    fitted = 1 / (1 + np.exp(-eta)) if family == "binomial" else np.exp(eta)
    assert x.T @ (y - fitted) == pytest.approx([0, 0], abs=1e-7)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda x, y, c: fit_gee(x, y, c, "gamma"), "no family here"),
        (lambda x, y, c: fit_gee(x, y, c, "binomial"), "cannot be binomial"),
        (lambda x, y, c: fit_gee(x, y[:-1], c), "as many rows"),
        (lambda x, y, c: fit_gee(np.column_stack([x, x[:, 1]]), y, c), "leave one of them out"),
        (lambda x, y, c: fit_gee(x, np.where(y > 20, np.nan, y), c), "missing or not a number"),
        (lambda x, y, c: fit_gee(x, y, np.zeros(len(y))), "two or more"),
        (lambda x, y, c: corrected(fit_gee(x, y, c), "hc9"), "no correction here"),
        (lambda x, y, c: fit_gee(x[:, :2], x[:, 1] * 3, c, "poisson"), "did not settle"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wrong, said: str) -> None:
    with pytest.raises(InputError, match=said):
        wrong(*school_trial())
