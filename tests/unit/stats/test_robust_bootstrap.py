"""The wild cluster bootstrap against a plain twin that refits every draw, and what few clusters can and cannot say."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from whatworks.errors import InputError
from whatworks.stats.robust import clustered, least_squares, wild_bootstrap

Matrix = np.ndarray[Any, Any]


def example(seed: int, m: int, slope: float = 0.0) -> tuple[Matrix, Matrix, Matrix]:
    chance = np.random.default_rng(seed)
    codes = np.repeat(np.arange(m), chance.integers(2, 5, m))
    x = np.column_stack([np.ones(codes.size), chance.normal(size=codes.size)])
    return codes, x, slope * x[:, 1] + chance.normal(size=m)[codes] + chance.normal(size=codes.size)


def wald(x: Matrix, y: Matrix, w: Matrix, codes: Matrix, rows: Matrix, null: Matrix) -> float:
    bread = np.linalg.inv(x.T @ (w[:, None] * x))
    beta = bread @ x.T @ (w * y)
    scores = np.array([x[codes == one].T @ (w * (y - x @ beta))[codes == one] for one in range(codes.max() + 1)])
    apart = rows @ beta - null
    return float(apart @ np.linalg.pinv(rows @ bread @ scores.T @ scores @ bread @ rows.T) @ apart)


def refitted(x: Matrix, y: Matrix, w: Matrix, codes: Matrix, rows: Matrix, null: Matrix) -> float:
    """p over every change of signs: make outcomes under the null, fit them anew, compare."""
    bread = np.linalg.inv(x.T @ (w[:, None] * x))
    beta = bread @ x.T @ (w * y)
    held = beta - bread @ rows.T @ np.linalg.solve(rows @ bread @ rows.T, rows @ beta - null)
    seen = wald(x, y, w, codes, rows, null)
    draws = [
        wald(x, x @ held + np.array(signs)[codes] * (y - x @ held), w, codes, rows, null)
        for signs in product((-1.0, 1.0), repeat=int(codes.max()) + 1)
    ]
    return float(np.mean(np.array(draws) >= seen * (1 - 1e-9)))


@pytest.mark.parametrize("rows", [[[0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0]]])
@pytest.mark.parametrize("null", [0.0, 0.4])
def test_every_draw_refitted_gives_the_same_p(rows: list[list[float]], null: float) -> None:
    codes, x, y = example(1, 7, 0.5)
    w = np.random.default_rng(2).uniform(0.5, 2, codes.size)
    clusters = clustered(codes.tolist())
    ours = wild_bootstrap(least_squares(x, y, clusters, weights=w), clusters, rows, null)
    assert ours.exact and ours.draws == 64
    held = np.full(len(rows), null)
    assert ours.p == pytest.approx(refitted(x, y, w, codes, np.array(rows), held), abs=1e-12)
    assert ours.statistic == pytest.approx(wald(x, y, w, codes, np.array(rows), held))


def test_the_same_seed_gives_the_same_p_and_many_draws_come_near_the_exact_one() -> None:
    codes, x, y = example(3, 9, 0.3)
    clusters = clustered(codes.tolist())
    fit = least_squares(x, y, clusters)
    exact = wild_bootstrap(fit, clusters, [0, 1])
    drawn = [wild_bootstrap(fit, clusters, [0, 1], draws=255, seed=seed) for seed in (1, 1, 2)]
    assert exact.exact and not drawn[0].exact
    assert drawn[0] == drawn[1] != drawn[2]
    # 255 draws have a standard error of .03 at worst
    assert abs(drawn[0].p - exact.p) < 0.1
    webb = wild_bootstrap(fit, clusters, [0, 1], multipliers="webb", draws=1999)
    assert not webb.exact and 0 < webb.p <= 1


def test_the_interval_holds_what_is_not_refused() -> None:
    codes, x, y = example(4, 8, 0.8)
    clusters = clustered(codes.tolist())
    fit = least_squares(x, y, clusters)
    found = wild_bootstrap(fit, clusters, [0, 1], interval=True)
    assert found.ci_low is not None and found.ci_high is not None
    assert found.ci_low < fit.estimates[1] < found.ci_high
    for value, refused in ((found.ci_low, 1e-3), (found.ci_high, -1e-3)):
        assert wild_bootstrap(fit, clusters, [0, 1], value + refused).p > 0.05
        assert wild_bootstrap(fit, clusters, [0, 1], value - refused).p <= 0.05


def test_so_few_clusters_that_no_small_p_exists_are_said() -> None:
    """Five clusters have 16 different draws: p cannot be below 1/16, and no interval exists."""
    codes, x, y = example(5, 5, 3.0)
    clusters = clustered(codes.tolist())
    found = wild_bootstrap(least_squares(x, y, clusters), clusters, [0, 1], interval=True)
    assert found.smallest == 1 / 16 and found.p >= 1 / 16
    assert "Webb" in found.warnings[0]
    assert found.ci_low is None and found.ci_high is None


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"multipliers": "normal"}, "rademacher or webb"),
        ({"draws": 0}, "two clusters and one draw"),
        ({"rows": [[0, 1, 0]]}, "needs 2 numbers"),
        ({"rows": [[0, 1], [0, 2]]}, "made of the others"),
        ({"level": 95}, "between 0 and 1"),
    ],
)
def test_what_is_refused(more: dict[str, Any], complaint: str) -> None:
    codes, x, y = example(6, 6)
    clusters = clustered(codes.tolist())
    call = {"rows": [0, 1]} | more
    with pytest.raises(InputError, match=complaint):
        wild_bootstrap(least_squares(x, y, clusters), clusters, **call)
