"""The order of applications with its uncertainty: expected ranks, intervals, the line, and who cannot be told apart from it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from tests.unit.commission.mock_panels import EXPECTED, GRADES, rows
from tests.unit.commission.scores import chance_scores, made_up
from whatworks.commission.methods.ranking import ABOVE, BELOW, TIED, Ranked, line, posterior, ranked
from whatworks.commission.methods.ratings import Floats, Ratings, ratings_of
from whatworks.commission.methods.reliability import predicted, reliability
from whatworks.errors import InputError


@pytest.fixture(scope="module")
def held() -> Ratings:
    return ratings_of(made_up())


@pytest.fixture(scope="module")
def draws(held: Ratings) -> Floats:
    return posterior(held, span=100.0)


def test_expected_ranks_are_sums_of_chances(held: Ratings, draws: Floats) -> None:
    """ER_i = 1 + sum of P(theta_j > theta_i), here counted pair by pair: the slow twin of the mean rank."""
    order = ranked(held, draws, places=5)
    for place in (0, 7, 23):
        slow = 1 + sum((draws[:, j] > draws[:, place]).mean() for j in range(draws.shape[1]) if j != place)
        fast = next(one.expected for one in order if one.application == held.applications[place])
        assert fast == pytest.approx(slow, abs=1e-9)
    assert sum(one.expected for one in order) == pytest.approx(24 * 25 / 2)
    assert all(one.low <= one.expected <= one.high for one in order)
    assert sum(one.chance for one in order) == pytest.approx(5, abs=1e-9)


def test_draws_agree_with_the_normal_approximation(held: Ratings, draws: Floats) -> None:
    """At the REML variances the posterior is normal; letting those vary widens it and moves expected ranks by less than one."""
    agreed = reliability(held)
    found, spread = predicted(held, (agreed.between_applications, agreed.between_assessors), agreed.rest)
    n = len(held.applications)
    middle, cover = found[1 : 1 + n], spread[1 : 1 + n, 1 : 1 + n]
    apart = np.sqrt(np.maximum(np.add.outer(np.diag(cover), np.diag(cover)) - 2 * cover, 1e-12))
    above = norm.cdf((middle[None, :] - middle[:, None]) / apart)
    np.fill_diagonal(above, 0)
    normal = dict(zip(held.applications, 1 + above.sum(axis=1), strict=True))
    worst = max(abs(one.expected - normal[one.application]) for one in ranked(held, draws, places=5))
    assert worst < 1


@pytest.mark.parametrize("panel", GRADES)
def test_expected_ranks_are_those_of_the_published_model(panel: str) -> None:
    """Within a tenth of a rank of the same model in JAGS: both are draws, sure to some hundredths of a rank."""
    held = ratings_of(rows(panel))
    found = {one.application: one.expected for one in ranked(held, posterior(held, span=5.0), places=5)}
    wanted = [float(one) for one in EXPECTED[panel].split()]
    assert [found[name] for name in held.applications] == pytest.approx(wanted, abs=0.1)


def test_the_same_scores_give_the_same_draws(held: Ratings, draws: Floats) -> None:
    """An order that changes when a page is loaded again cannot be defended."""
    assert np.array_equal(posterior(held, span=100.0, draws=50), posterior(held, span=100.0, draws=50))


def test_rank_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Half of the 50% intervals should hold the true rank; far fewer would make near ties look settled."""
    rng, inside = np.random.default_rng(8), []
    for _ in range(6):
        worth, severe = rng.normal(60, 8, 25), rng.normal(0, 5, 8)
        rows = [
            (f"a{i:02}", f"j{j}", float(worth[i] + severe[j] + rng.normal(0, 8)))
            for i in range(25)
            for j in rng.choice(8, 3, replace=False)
        ]
        ratings = ratings_of(rows)
        true = dict(zip(ratings.applications, np.argsort(np.argsort(-worth)) + 1, strict=True))
        order = ranked(ratings, posterior(ratings, span=100.0, draws=600), places=5, level=0.5)
        inside += [one.low <= true[one.application] <= one.high for one in order]
    assert (
        0.42 < np.mean(inside) < 0.72
    )  # 150 intervals: a standard error of .04; whole ranks make intervals hold a little more


def one(name: str, expected: float, low: float, high: float) -> Ranked:
    return Ranked(name, 0.0, expected, low, high, 0.0)


ORDER = (one("a", 1.2, 1, 1.2), one("b", 2.4, 2, 3), one("c", 2.9, 2, 4), one("d", 3.6, 3, 4), one("e", 4.9, 4.9, 5))


def test_near_ties_are_those_whose_interval_holds_the_line() -> None:
    """The stated rule: two fit the money, the line is the expected rank of the second."""
    found = line(ORDER, dict.fromkeys("abcde", 100), budget=250, places=4)
    assert (found.at, found.funded) == (2.4, ("a", "b"))
    assert found.stands == {"a": ABOVE, "b": TIED, "c": TIED, "d": BELOW, "e": BELOW}
    assert found.tied == ("b", "c")


def test_the_line_ends_with_places_and_with_nothing() -> None:
    """No money means no line; enough for all leaves nobody to tell apart."""
    assert line(ORDER, dict.fromkeys("abcde", 100), budget=10**6, places=2).funded == ("a", "b")
    assert line(ORDER, dict.fromkeys("abcde", 100), budget=10, places=2).at is None
    assert set(line(ORDER, dict.fromkeys("abcde", 100), budget=10**6, places=5).stands.values()) == {ABOVE}


def test_too_little_is_refused() -> None:
    """Two applications have no order worth a distribution, and a scale has a width."""
    with pytest.raises(InputError, match="three applications"):
        posterior(ratings_of([("a", "j", 1.0), ("b", "k", 2.0)]), span=100)
    rows, _severe = chance_scores(applications=4, assessors=3, each=2, seed=1)
    with pytest.raises(InputError, match="no width"):
        posterior(ratings_of(rows), span=0)
