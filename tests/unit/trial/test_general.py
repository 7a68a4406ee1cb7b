"""Mixed models of shares and counts: as glmmTMB and lme4 have them, as integrals done by brute force have them, and bad input."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import binom, nbinom, norm, poisson

from tests.shared import SHARED, needs_shared
from whatworks.errors import InputError
from whatworks.trial.methods.general import fit_general
from whatworks.trial.methods.general.likelihoods import LIKELIHOODS

pytestmark = needs_shared


def columns(name: str) -> dict[str, np.ndarray]:
    """The columns of a reference table as numbers."""
    with (SHARED / "trial" / name).open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}


def counts() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """60 schools: arm, and the log of the rate before, as the design; counts by person-years."""
    told = columns("swis_counts.csv")
    return np.column_stack([np.ones(60), told["trt"], np.log((told["base_s47"] + 0.5) / told["pupils"])]), told


def wedge() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """10 clusters over 6 periods: arm and periods as the design; events of people."""
    told = columns("swcrt.csv")
    return np.column_stack([told["trt"], *(told["period"] == one for one in range(1, 7))]).astype(float), told


def test_a_negative_binomial_model_is_as_in_glmmtmb() -> None:
    """glmmTMB 1.1.5, nbinom2 with authorities; its derivatives are exact, so that digits agree as far as they are printed."""
    x, told = counts()
    fit = fit_general(x, told["s47"], [told["la"]], "negative-binomial", offset=np.log(told["py"]))
    assert fit.settled
    assert fit.coefficients[1] == pytest.approx(0.2467696, abs=5e-7)
    assert fit.se[1] == pytest.approx(0.1281794, abs=5e-7)
    assert fit.p[1] == pytest.approx(0.05421, abs=1e-5)
    assert fit.size == pytest.approx(5.376005, abs=2e-6)
    assert fit.log_likelihood == pytest.approx(-233.6077681, abs=1e-6)


def test_a_poisson_model_with_two_groupings_is_as_in_lme4() -> None:
    """lme4 1.1-31 ends its search and takes its derivatives by differences, good to some 1e-4 of an estimate and 2e-3 of an error."""
    x, told = counts()
    fit = fit_general(x, told["s47"], [told["la"], told["school"]], "poisson", offset=np.log(told["py"]))
    assert fit.settled
    assert fit.coefficients[1] == pytest.approx(0.2394963, abs=5e-5)
    assert fit.se[1] == pytest.approx(0.1309121, rel=2e-3)
    assert fit.sds**2 == pytest.approx([0.002052, 0.192542], abs=3e-5)
    assert fit.log_likelihood == pytest.approx(-233.5267, abs=1e-4)


@pytest.mark.parametrize(
    ("twice", "estimate", "se", "variances", "log"),
    [
        (False, -0.1551906, 0.1583512, [0.0738752], -159.6816145),
        (True, -0.1454206, 0.1701345, [0.0680422, 0.0204666], -159.3703941),
    ],
)
def test_a_stepped_wedge_of_shares_is_as_in_lme4(twice, estimate, se, variances, log) -> None:
    x, told = wedge()
    groupings = [told["cluster"], told["cluster"] * 100 + told["period"]][: 1 + twice]
    fit = fit_general(x, told["events"], groupings, "binomial", trials=told["n"])
    assert fit.settled
    assert fit.coefficients[0] == pytest.approx(estimate, abs=5e-6)
    assert fit.se[0] == pytest.approx(se, rel=3e-3)
    assert fit.sds**2 == pytest.approx(variances, abs=3e-6)
    assert fit.log_likelihood == pytest.approx(log, abs=2e-5)
    assert fit.log_likelihood >= log - 1e-7  # ours is no worse a maximum


def test_quadrature_is_the_integral() -> None:
    """Each cluster's likelihood, integrated over its intercept by an adaptive rule that knows nothing of modes."""
    x, told = wedge()
    fit = fit_general(x, told["events"], [told["cluster"]], "binomial", trials=told["n"], points=25)
    eta = x @ fit.coefficients
    total = 0.0
    for one in np.unique(told["cluster"]):
        rows = told["cluster"] == one

        def density(u: float, rows: np.ndarray = rows) -> float:
            share = 1 / (1 + np.exp(-(eta[rows] + fit.sds[0] * u)))
            return float(np.prod(binom.pmf(told["events"][rows], told["n"][rows], share)) * norm.pdf(u) * 1e12)

        total += np.log(quad(density, -8, 8, epsabs=0, epsrel=1e-10, limit=200)[0]) - np.log(1e12)
    assert fit.log_likelihood == pytest.approx(total, abs=1e-7)


def test_more_points_settle_where_few_do_not() -> None:
    x, told = wedge()
    found = [
        fit_general(x, told["events"], [told["cluster"]], "binomial", trials=told["n"], points=one).log_likelihood
        for one in (1, 9, 25)
    ]
    assert abs(found[1] - found[2]) < 1e-6 < abs(found[0] - found[2])


@pytest.mark.parametrize("family", list(LIKELIHOODS))
def test_likelihoods_and_their_derivatives(family: str) -> None:
    y, eta, trials = np.array([0.0, 1.0, 4.0, 7.0]), np.array([-1.2, 0.3, 0.9, 1.4]), np.full(4, 9.0)
    at = LIKELIHOODS[family]
    log, slope, bend = at(y, eta, trials, 0.4)
    mean, size = np.exp(eta), np.exp(0.4)
    wanted = {
        "binomial": binom.logpmf(y, 9, 1 / (1 + np.exp(-eta))),
        "poisson": poisson.logpmf(y, mean),
        "negative-binomial": nbinom.logpmf(y, size, size / (size + mean)),
    }[family]
    assert log == pytest.approx(wanted, abs=1e-12)
    h = 1e-5
    up, down = at(y, eta + h, trials, 0.4), at(y, eta - h, trials, 0.4)
    assert slope == pytest.approx((up[0] - down[0]) / (2 * h), abs=1e-8)
    assert bend == pytest.approx(-(up[1] - down[1]) / (2 * h), abs=1e-8)


def test_groups_that_do_not_differ_leave_the_plain_model() -> None:
    chance = np.random.default_rng(2)
    x = np.column_stack([np.ones(60), np.arange(60) % 2])
    y = np.tile(chance.poisson(4, 6), 10).astype(float)  # every group has the same six counts
    fit = fit_general(x, y, [np.repeat(np.arange(10), 6)], "poisson")
    assert fit.sds[0] < 1e-3
    assert np.exp(fit.coefficients[0]) == pytest.approx(y[x[:, 1] == 0].mean(), rel=1e-6)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda x, y, g: fit_general(x, y, [g], "gamma"), "no family here"),
        (lambda x, y, g: fit_general(x, y, [g], "binomial"), "above the number of its trials"),
        (lambda x, y, g: fit_general(x, y, [], "poisson"), "one grouping there must be"),
        (lambda x, y, g: fit_general(x, y[:-1], [g], "poisson"), "as many rows"),
        (lambda x, y, g: fit_general(x, y * np.nan, [g], "poisson"), "missing or not a number"),
        (lambda x, y, g: fit_general(np.column_stack([x, x[:, 1]]), y, [g], "poisson"), "leave one of them out"),
        (lambda x, y, g: fit_general(x, y, [g * 0], "poisson"), "one group only"),
        (lambda x, y, g: fit_general(x, y, [g, np.arange(60)], "poisson", points=5), "use one point"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wrong, said: str) -> None:
    x, told = counts()
    with pytest.raises(InputError, match=said):
        wrong(x, told["s47"], told["la"])
