"""Several outcomes and missing ones: beside R's p.adjust, mitools and mice, beside algebra, and what cannot be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.trial.methods.outcomes.missing import combine, impute, tipping_point
from whatworks.trial.methods.outcomes.multiplicity import adjusted, westfall_young

FIVE = (0.01, 0.02, 0.03, 0.04, 0.05)
Q, U = (1, 1.2, 0.9, 1.1, 1.3), (0.04, 0.05, 0.045, 0.042, 0.048)


@pytest.mark.parametrize(
    ("way", "wanted"),
    [
        ("none", FIVE),
        ("holm", (0.05, 0.08, 0.09, 0.09, 0.09)),
        ("hochberg", (0.05,) * 5),
        ("bh", (0.05,) * 5),
    ],
)
def test_corrections_are_those_of_p_adjust(way, wanted) -> None:
    """R 4.2.2, stats::p.adjust: closed forms, so to the last digits."""
    assert adjusted(FIVE, way) == pytest.approx(wanted, abs=1e-15)
    assert adjusted(FIVE[::-1], way) == pytest.approx(wanted[::-1], abs=1e-15)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_corrections_keep_order_and_are_never_kinder_than_nothing(p: list[float]) -> None:
    found = {way: adjusted(p, way) for way in ("holm", "hochberg", "bh")}
    for values in found.values():
        assert (values >= np.array(p) - 1e-15).all() and (values <= 1).all()
        assert (np.diff(values[np.argsort(p, kind="stable")]) >= -1e-15).all()
    assert (found["holm"] >= found["hochberg"] - 1e-12).all()
    assert (found["hochberg"] >= found["bh"] - 1e-12).all()


def test_westfall_and_young_step_down_by_hand() -> None:
    """Three outcomes, four draws; the largest of those not yet passed: 2 of 4, then 1 of 4, then 3 of 4, each with one more."""
    drawn = [[1.0, 3.5, 0.2], [0.5, 0.4, 0.9], [2.5, 0.1, 3.1], [0.3, 1.6, 1.4]]
    assert westfall_young([2.0, 3.0, 0.5], drawn) == pytest.approx([3 / 5, 3 / 5, 4 / 5])
    assert westfall_young([-2.0, 3.0, 0.5], drawn) == pytest.approx([3 / 5, 3 / 5, 4 / 5])


def test_westfall_and_young_know_that_outcomes_go_together() -> None:
    """One outcome three times over is one question; three that have nothing to do with one another are three."""
    chance = np.random.default_rng(5)
    alone = chance.normal(size=(20_000, 1))
    apart = chance.normal(size=(20_000, 3))
    single = westfall_young([2.2], alone)[0]
    assert westfall_young([2.2] * 3, np.repeat(alone, 3, axis=1)) == pytest.approx([single] * 3)
    assert westfall_young([2.2, 0.1, 0.1], apart)[0] == pytest.approx(1 - (1 - single) ** 3, abs=0.006)


def test_rubins_rules_are_those_of_r() -> None:
    """mitools 2.4: 1.1, 0.2738613, df 25, and 13.8253 with 50 in the complete data; the paper, and mice, have another share observed."""
    found = combine(Q, U)
    assert [found.estimate, found.se, found.df] == pytest.approx([1.1, 0.2738613, 25], abs=5e-8)
    assert combine(Q, U, complete_df=50, as_mitools=True).df == pytest.approx(13.8253, abs=5e-5)
    observed = 51 / 53 * 50 * (1 - 0.4)  # Barnard and Rubin 1999, equation 3: the share lost is 1.2 x 0.025 / 0.075
    assert combine(Q, U, complete_df=50).df == pytest.approx(1 / (1 / 25 + 1 / observed), rel=1e-12)
    assert found.fraction == pytest.approx(0.4)


def test_imputations_that_agree_lose_nothing() -> None:
    found = combine([2.0, 2.0, 2.0], [0.5, 0.5, 0.5])
    assert (found.df, found.fraction, found.between) == (None, 0.0, 0.0)
    assert found.se == pytest.approx(np.sqrt(0.5))
    assert combine([2.0, 2.0], [0.5, 0.5], complete_df=20).df == pytest.approx(21 / 23 * 20)


def clusters(seed: int, between: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A made-up trial: 40 clusters of 25, a third of outcomes gone, more where a covariate is high."""
    chance = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(40), 25)
    z = chance.normal(size=1000)
    x = np.column_stack([np.ones(1000), cluster % 2, z])
    whole = x @ [5.0, 1.0, 2.0] + np.sqrt(between) * chance.normal(size=40)[cluster] + chance.normal(size=1000)
    gone = chance.random(1000) < 1 / (1 + np.exp(-(z - 0.8)))
    return x, np.where(gone, np.nan, whole), whole, cluster


def test_what_is_there_stays_and_clusters_are_respected() -> None:
    """A mean of complete cases is off by -0.5; imputed sets have the mean, the spread and the likeness of clusters of the whole."""
    x, y, whole, cluster = clusters(3, 1.0)
    sets = impute(x, y, cluster, imputations=30)
    there = ~np.isnan(y)
    assert (sets[there] == y[there, None]).all()
    assert np.isfinite(sets).all()
    assert abs(np.nanmean(y) - whole.mean()) > 0.3
    assert sets.mean() == pytest.approx(whole.mean(), abs=0.06)
    assert sets.std(axis=0).mean() == pytest.approx(whole.std(), abs=0.08)
    rest = sets[:, 0] - x @ np.linalg.lstsq(x, sets[:, 0], rcond=None)[0]
    means = np.array([rest[(cluster == one) & ~there].mean() for one in range(40)])
    others = np.array([rest[(cluster == one) & there].mean() for one in range(40)])
    assert (
        np.corrcoef(means, others)[0, 1] > 0.7
    )  # a level of the cluster is shared by what is there and what was imputed


def test_intervals_from_imputation_cover() -> None:
    """200 trials with effect 1: an interval of 95% misses it in 10, give or take three errors of 3.1."""
    missed = 0
    for seed in range(200):
        chance = np.random.default_rng(seed)
        x = np.column_stack([np.ones(60), np.arange(60) % 2])
        y = x @ [0.0, 1.0] + chance.normal(size=60)
        y[chance.random(60) < 0.3] = np.nan
        sets = impute(x, y, None, imputations=10, seed=seed)
        bread = np.linalg.inv(x.T @ x)
        fits = [np.linalg.lstsq(x, one, rcond=None) for one in sets.T]
        variances = [float(fit[1][0]) / 58 * bread[1, 1] for fit in fits]
        found = combine([float(fit[0][1]) for fit in fits], variances, complete_df=58)
        missed += not found.ci_low <= 1 <= found.ci_high
    assert 1 <= missed <= 20


def test_a_seed_gives_the_same_and_another_gives_other() -> None:
    x, y, _, cluster = clusters(4, 0.3)
    assert (impute(x, y, cluster, imputations=2) == impute(x, y, cluster, imputations=2)).all()
    assert (impute(x, y, cluster, imputations=2, seed=9) != impute(x, y, cluster, imputations=2)).any()


def test_the_tipping_point_is_where_p_crosses() -> None:
    found = tipping_point(lambda delta: 0.01 + 0.02 * max(-delta, 0), spread=1.0)
    assert found.significant
    assert found.delta == pytest.approx(-2.0, abs=1e-6)
    assert found.p_there == pytest.approx(0.05, abs=1e-6)
    none = tipping_point(lambda delta: 0.5, spread=1.0)
    assert (none.delta, none.significant, none.looked_to) == (None, False, 20.0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: adjusted([0.1], "sidak"), "no correction here"),
        (lambda: adjusted([1.2]), "numbers from 0 to 1"),
        (lambda: westfall_young([1.0], [[1.0, 2.0]]), "as many in every draw"),
        (lambda: combine([1.0], [1.0]), "two or more imputations"),
        (lambda: combine([1.0, 2.0], [1.0, 0.0]), "variance above 0"),
        (lambda: impute(np.ones((9, 1)), np.arange(9.0), None), "nothing to impute"),
        (lambda: impute(np.ones((9, 1)), np.array([1.0, *[np.nan] * 8]), None), "too few"),
        (lambda: impute(np.ones((8, 1)), np.arange(9.0), None), "as many rows"),
        (lambda: impute(np.ones((9, 1)), np.array([np.nan, *range(8)]), np.zeros(9)), "one cluster"),
        (lambda: tipping_point(lambda delta: 0.5, 0.0), "no spread"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wrong, said: str) -> None:
    with pytest.raises(InputError, match=said):
        wrong()
