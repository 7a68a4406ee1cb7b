"""Closed forms for the size of trials: each number as R's packages print it, and what cannot be is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from whatworks.errors import InputError
from whatworks.trial.methods.sizing.levels import (
    Precision,
    clusters,
    clusters_in_blocks,
    clusters_in_sampled_blocks,
    people,
    people_in_blocks,
)  # fmt: skip
from whatworks.trial.methods.sizing.parallel import (
    cluster_power,
    clusters_per_arm,
    counts_per_arm,
    design_effect,
    means_per_arm,
    shares_clusters_per_arm,
    shares_per_arm,
)  # fmt: skip
from whatworks.trial.methods.sizing.periods import Shares, shares_of, stepped_wedge, variance
from whatworks.trial.methods.sizing.power import effect_for, power_of, smallest


def near(value: float, printed: float) -> bool:
    """Whether a value is one that was printed to six figures or more: to half of the last place, and a little."""
    return value == pytest.approx(printed, rel=6e-7)


def test_two_arms_of_people() -> None:
    assert near(means_per_arm(0.2), 393.4057)  # pwr.t.test
    assert shares_per_arm(0.448, 0.362) == pytest.approx(510.28, abs=0.005)  # power.prop.test


def test_design_effects_name_their_formula() -> None:
    assert design_effect(30, 0.05) == pytest.approx(2.45)
    assert design_effect(30, 0.05, 0.6) == pytest.approx(2.99)
    assert design_effect(30, 0.05, 0.6, "taylor") < 2.99
    assert design_effect(30, 0.05, 0.0, "taylor") == pytest.approx(2.45)
    with pytest.raises(InputError, match="no formula for unequal clusters"):
        design_effect(30, 0.05, 0.6, "best")


def test_clusters_of_means_are_as_in_cluster_power() -> None:
    """clusterPower 0.7: cpa.normal."""
    assert near(clusters_per_arm(10, 1.0, 0.1, variance=5.0), 15.93278)
    assert near(cluster_power(16, 10, 1.0, 0.1, variance=5.0), 0.801766)
    assert near(cluster_power(20, 100, 0.2, 0.1, cv=0.5), 0.4559881)
    assert near(cluster_power(20, 100, 0.2, 0.1, cv=0.5, formula="eldridge"), 0.3913199)
    assert clusters_per_arm(30, 0.25, 0.05, t=False) == pytest.approx(20.51, abs=0.005)
    assert clusters_per_arm(30, 0.25, 0.05, cv=0.6, formula="eldridge", t=False) == pytest.approx(25.03, abs=0.005)


def test_counts_and_shares_by_cluster_are_as_hayes_and_bennett_have_them() -> None:
    assert near(counts_per_arm(0.10, 0.20, 10, 0.10), 24.93908)
    assert counts_per_arm(0.01, 0.007, 1000, 0.25) == pytest.approx(23.947, abs=0.0005)
    assert counts_per_arm(0.027, 0.0225, 1000, 0.5) == pytest.approx(139.88, abs=0.005)
    assert shares_clusters_per_arm(0.2, 0.1, 50, 0.3) == pytest.approx(8.456, abs=0.0005)


# PowerUpR: mdes.cra2, mdes.ira, mdes.bcra3f2, mdes.bcra3r2, mdes.bira2.
@pytest.mark.parametrize(
    ("precision", "printed"),
    [
        (clusters(4, 20, icc=0.20), 0.8380547),
        (clusters(50, 40, icc=0.15, r2_1=0.3, r2_2=0.4, covariates=1), 0.2904845),
        (people(400, r2=0.25, covariates=1), 0.2432219),
        (clusters_in_blocks(20, 8, 10, icc=0.15), 0.2794042),
        (clusters_in_sampled_blocks(20, 8, 10, icc=0.15, icc_blocks=0.1, varies=0.3), 0.3499216),
        (people_in_blocks(50, 20, icc=0.1, varies=0.3), 0.2109560),
    ],
)
def test_smallest_effects_are_as_in_powerup(precision: Precision, printed: float) -> None:
    assert near(effect_for(precision.se, df=precision.df), printed)


def test_power_of_clusters_is_as_in_powerup() -> None:
    found = clusters(50, 40, icc=0.15, r2_1=0.3, r2_2=0.4, covariates=1)
    assert near(power_of(0.20, found.se, df=found.df), 0.4879954)

    def enough(count: float) -> float:
        held = clusters(50, count, icc=0.15, r2_1=0.3, r2_2=0.4, covariates=1)
        return power_of(0.20, held.se, df=held.df)

    assert round(smallest(enough, 0.8, 4.0)) == 82


def wedge_power(effect: float, shares: Shares, size: float, rows: np.ndarray, *, exposure: bool = False) -> float:
    """Power by z of a stepped wedge."""
    return power_of(effect, math.sqrt(variance(rows, shares, size, exposure=exposure)))


SIXES, TWOS = stepped_wedge([6] * 4), stepped_wedge([2] * 5)
MIDDLE = math.sqrt(0.0425 * 0.9575)  # of .05 and .035


@pytest.mark.parametrize(
    ("shares", "rows", "printed"),
    [
        (Shares(MIDDLE, 0.01), SIXES, 0.7861896),
        (Shares(MIDDLE, 0.01), stepped_wedge([6] * 4, after=3), 0.817128),
        (Shares(MIDDLE, 0.01, effect=0.0045), SIXES, 0.772489),
        (Shares(MIDDLE, 0.01, effect=0.0045, together=0.4), SIXES, 0.765155),
        (Shares(MIDDLE, 0.01, 0.1, effect=0.0045, together=0.4), SIXES, 0.087237),
        (shares_of(icc=0.02, cac=0.125, sd=0.1, total=False), SIXES, 0.917189),
    ],
)
def test_a_stepped_wedge_of_shares_is_as_in_swpwr(shares: Shares, rows: np.ndarray, printed: float) -> None:
    """swCRTdesign 4, swPwr: .05 falls to .035 (or .015 of a mean), 120 people a cell."""
    assert wedge_power(0.015, shares, 120, rows) == pytest.approx(printed, abs=6e-7)


@pytest.mark.parametrize(
    ("cac", "iac", "printed"), [(1.0, 0.0, 0.863741), (0.8, 0.0, 0.773860), (0.5, 0.0, 0.676591), (0.8, 0.4, 0.693291)]
)
def test_periods_of_a_cluster_that_are_less_alike_cost_power(cac: float, iac: float, printed: float) -> None:
    shares = shares_of(icc=0.05, cac=cac, iac=iac, total=False)
    assert wedge_power(0.25, shares, 30, TWOS) == pytest.approx(printed, abs=6e-7)


def test_an_effect_that_may_change_with_exposure_costs_power() -> None:
    shares = shares_of(icc=0.05, total=False)
    assert wedge_power(0.3, shares, 20, SIXES) == pytest.approx(0.988510, abs=6e-7)
    assert wedge_power(0.3, shares, 20, SIXES, exposure=True) == pytest.approx(0.832483, abs=6e-7)


def test_five_authorities_one_a_step() -> None:
    shares = shares_of(icc=0.01, cac=0.9, sd=math.sqrt(0.09 * 0.91), total=False)
    assert wedge_power(0.02, shares, 2000, stepped_wedge([1] * 5)) == pytest.approx(0.792016, abs=6e-7)


# The designs of Kasza and others as their application computes them: correlation fades by cac with each period.
FADING = [
    ("wedge", 1.0, 0.0, 0.006352487), ("wedge", 0.8, 0.0, 0.009426686), ("wedge", 0.5, 0.0, 0.01162966),
    ("wedge", 0.8, 0.4, 0.007109999), ("parallel", 0.8, 0.0, 0.01633333), ("parallel 4", 0.8, 0.0, 0.009262297),
    ("before and after", 0.8, 0.0, 0.01241497), ("crossover", 0.8, 0.0, 0.004166667), ("crossover 4", 0.8, 0.0, 0.001997753),
]  # fmt: skip
ROWS = {
    "parallel": [[0], [1]], "parallel 4": [[0] * 4, [1] * 4], "before and after": [[0, 0], [0, 1]],
    "crossover": [[0, 1], [1, 0]], "crossover 4": [[0, 1, 0, 1], [1, 0, 1, 0]],
}  # fmt: skip


@pytest.mark.parametrize(("name", "cac", "iac", "printed"), FADING)
def test_correlation_that_fades(name: str, cac: float, iac: float, printed: float) -> None:
    rows = TWOS if name == "wedge" else np.repeat(np.array(ROWS[name], float), 10, axis=0)
    assert near(variance(rows, shares_of(icc=0.05, cac=cac, iac=iac, decay=True), 30), printed)


def test_hussey_and_hughes_closed_form() -> None:
    """Their equation 8, for equal clusters that share one value."""
    rows, size, tau2, sigma2 = SIXES, 120, 0.01**2, MIDDLE**2 / 120
    count, periods = rows.shape
    u, w, v = rows.sum(), (rows.sum(axis=0) ** 2).sum(), (rows.sum(axis=1) ** 2).sum()
    closed = (count * sigma2 * (sigma2 + periods * tau2)) / (
        (count * u - w) * sigma2 + (u**2 + count * periods * u - periods * w - count * v) * tau2
    )
    assert variance(rows, Shares(MIDDLE, 0.01), size) == pytest.approx(closed, rel=1e-12)


def test_cells_in_which_nobody_is_measured_are_left_out() -> None:
    rows = stepped_wedge([4, 4])
    fewer = rows.copy()
    fewer[0, 2] = np.nan
    shares = shares_of(icc=0.05)
    assert variance(fewer, shares, 20) > variance(rows, shares, 20)
    assert variance(rows, shares, [20] * 8) == pytest.approx(variance(rows, shares, 20), rel=1e-12)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: variance([[0, 1], [0, 1]], shares_of(icc=0.05), 20), "cannot tell the effect from the course of time"),
        (lambda: variance([[0, 1], [0, 0]], shares_of(icc=0.05), 0), "no people"),
        (lambda: shares_of(icc=1.2), "between 0 and 1"),
        (lambda: stepped_wedge([]), "at least one cluster"),
        (lambda: clusters(10, 2, icc=0.1), "No degrees of freedom"),
        (lambda: clusters(10, 20, icc=1.5), "must lie between 0 and 1"),
        (lambda: people(100, allocated=1.0), "leaves an arm empty"),
        (lambda: power_of(0.2, 0.0), "standard error of 0.0"),
        (lambda: power_of(0.2, 0.1, alpha=5), "An alpha of 5"),
        (lambda: effect_for(0.1, power=1.0), "A power of 1.0"),
        (lambda: shares_per_arm(0.2, 0.2), "cannot be told apart"),
        (lambda: counts_per_arm(0.2, 0.2, 10, 0.1), "cannot be told apart"),
        (lambda: smallest(lambda n: 0.5, 0.8, 2.0), "No number reaches this power"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wrong, said: str) -> None:
    with pytest.raises(InputError, match=said):
        wrong()
