"""The likelihood of multilevel models against a slow plain twin that writes the whole covariance down."""

from __future__ import annotations

from math import log, pi
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.synthesise.methods.multilevel.arranging import arrange
from whatworks.synthesise.methods.multilevel.grouping import coded, crossing
from whatworks.synthesise.methods.multilevel.likelihood import curved, log_likelihoods, problem, slopes, weighed
from whatworks.synthesise.methods.multilevel.modelling import multilevel
from whatworks.synthesise.methods.multilevel.sampling import correlated, independent, known

Matrix = np.ndarray[Any, Any]
SHAPES = st.sampled_from(
    ["nested", "four", "crossed", "crossed twice", "rho", "rho crossed", "subgroup", "V", "V crossed", "alone"]
)


def plain(y: Matrix, x: Matrix, m: Matrix, restricted: bool) -> float:
    """metafor's log-likelihood of effects with covariance m."""
    w = np.linalg.inv(m)
    gram = x.T @ w @ x
    left = y - x @ np.linalg.solve(gram, x.T @ w @ y)
    spread = np.linalg.slogdet(m)[1] + left @ w @ left
    if restricted:
        spread += np.linalg.slogdet(gram)[1] - np.linalg.slogdet(x.T @ x)[1]
    return float(-0.5 * ((y.size - restricted * x.shape[1]) * log(2 * pi) + spread))


class Example:
    """A structure drawn at random: its factors, its sampling covariance, and both written out."""

    def __init__(self, seed: int, shape: str) -> None:
        chance = np.random.default_rng(seed)
        n = int(chance.integers(8, 26))
        study = chance.integers(0, max(2, n // 3), n)
        self.v = chance.uniform(0.02, 0.3, n)
        self.labels = {"study": study.tolist(), "kind": chance.integers(0, 3, n).tolist(), "row": list(range(n))}
        self.labels |= {"lab": chance.integers(0, 4, n).tolist(), "year": chance.integers(0, 3, n).tolist()}
        chains = {"four": [["study", "kind", "row"]], "crossed": [["study", "row"], ["lab"]], "alone": [["study"]]}
        chains |= {"crossed twice": [["study"], ["lab"], ["year"]], "rho crossed": [["lab"], ["year"], ["row"]]}
        chains |= {"V crossed": [["lab", "row"], ["year"]]}
        self.chains = chains.get(shape, [["study", "row"]])
        self.nested = {name: self.labels[name] for name in self.chains[0]}
        self.crossed = [{name: self.labels[name] for name in chain} for chain in self.chains[1:]]
        self.big_v = np.diag(self.v)
        self.more: dict[str, Any] = {}
        self.sampling = independent(self.v)
        together = study[:, None] == study
        if shape in ("rho", "rho crossed", "subgroup"):
            inside = [coded(self.labels["study"])]
            if shape == "subgroup":
                kind = np.array(self.labels["kind"])
                inside.append(coded(kind.tolist()))
                together = together & (kind[:, None] == kind)
                self.more["subgroup"] = self.labels["kind"]
            self.sampling = correlated(self.v, 0.6, crossing(inside))
            self.more |= {"rho": 0.6, "cluster": self.labels["study"]}
            self.big_v = 0.6 * together * np.sqrt(np.outer(self.v, self.v)) + np.diag(0.4 * self.v)
        if shape in ("V", "V crossed"):
            self.big_v = together * np.sqrt(np.outer(self.v, self.v)) * 0.5 + np.diag(
                self.v * chance.uniform(0.6, 1, n)
            )
            self.sampling, self.more = known(None, self.big_v, n), {"v": self.big_v}
            self.v = np.diagonal(self.big_v).copy()
        self.x = np.column_stack([np.ones(n), chance.normal(size=n)])
        self.factors = [crossing([coded(self.labels[name]) for name in chain[: place + 1]])
                        for chain in self.chains for place in range(len(chain))]  # fmt: skip
        self.sigma2 = chance.uniform(0, 0.5, len(self.factors)) * (chance.uniform(size=len(self.factors)) > 0.2)
        effects = [chance.normal(0, 0.4, one.size)[one.codes] for one in self.factors]
        self.y = 0.3 + sum(effects) + chance.multivariate_normal(np.zeros(n), self.big_v)

    def whole(self, sigma2: Matrix) -> Matrix:
        shared = [one.codes[:, None] == one.codes for one in self.factors]
        return self.big_v + sum(variance * some for variance, some in zip(sigma2, shared, strict=True))


@settings(max_examples=60)
@given(st.integers(0, 100_000), SHAPES, st.booleans())
def test_the_likelihood_and_its_slopes_are_those_of_the_whole_matrix(seed: int, shape: str, restricted: bool) -> None:
    """A term put in the wrong place of the chain would change every number in silence."""
    one = Example(seed, shape)
    posed = problem(arrange(one.sampling, one.factors), one.y, one.x, restricted)
    at = weighed(posed, one.sigma2[None])
    assert log_likelihoods(posed, at)[0] == pytest.approx(
        plain(one.y, one.x, one.whole(one.sigma2), restricted), rel=1e-9
    )
    found = slopes(posed, at)[0]
    bent = curved(posed, one.sigma2)
    assert bent.slope == pytest.approx(found, rel=1e-9, abs=1e-9)
    step = 1e-5
    for j in range(one.sigma2.size):
        move = step * np.eye(one.sigma2.size)[j]
        up, down = (plain(one.y, one.x, one.whole(one.sigma2 + side * move), restricted) for side in (1, -1))
        # central differences of numbers known to 1e-13 over 1e-5, and their own error of 1e-10 times the third slope
        assert found[j] == pytest.approx((up - down) / (2 * step), rel=1e-4, abs=1e-4 * (1 + abs(found).max()))
        higher, lower = (slopes(posed, weighed(posed, (one.sigma2 + side * move)[None]))[0] for side in (1, -1))
        assert bent.bend[j] == pytest.approx(
            (higher - lower) / (2 * step), rel=1e-4, abs=1e-4 * (1 + abs(bent.bend).max())
        )


@settings(max_examples=40)
@given(st.integers(0, 100_000), SHAPES, st.sampled_from(["REML", "ML"]))
def test_no_place_nearby_or_far_is_higher(seed: int, shape: str, method: Any) -> None:
    """An optimiser that stops early, or on a lower hill, would report variances that are not the estimates."""
    one = Example(seed, shape)
    found = multilevel(
        one.y, one.v, x=one.x[:, 1], nested=one.nested, crossed=one.crossed, method=method, **one.more
    )  # fmt: skip
    best = plain(one.y, one.x, one.whole(np.array(found.sigma2)), method == "REML")
    assert found.loglik == pytest.approx(best, rel=1e-9)
    chance = np.random.default_rng(seed)
    for scale in (1e-3, 0.1, 1.0):
        for _ in range(8):
            other = np.maximum(np.array(found.sigma2) + scale * chance.normal(0, 0.3, len(found.sigma2)), 0)
            assert plain(one.y, one.x, one.whole(other), method == "REML") <= best + 1e-9
    w = np.linalg.inv(one.whole(np.array(found.sigma2)))
    bread = np.linalg.inv(one.x.T @ w @ one.x)
    assert [row.estimate for row in found.coefficients] == pytest.approx(
        bread @ one.x.T @ w @ one.y, rel=1e-8, abs=1e-10
    )
    assert np.array(found.covariance) == pytest.approx(bread, rel=1e-8, abs=1e-12)


@settings(max_examples=8)
@given(st.integers(0, 100_000), SHAPES)
def test_the_profile_falls_to_its_target_at_the_ends(seed: int, shape: str) -> None:
    """The ends are where the likelihood, the rest at its best, has fallen by half of chi-squared's quantile."""
    one = Example(seed, shape)
    call: dict[str, Any] = {"x": one.x[:, 1], "nested": one.nested, "crossed": one.crossed} | one.more
    found = multilevel(one.y, one.v, intervals=True, **call)
    for place, row in enumerate(found.components):
        assert row.ci_low is not None and row.lrt_p is not None
        for end in (row.ci_low, row.ci_high):
            if end:
                held = [end if j == place else None for j in range(len(found.components))]
                fall = found.loglik - multilevel(one.y, one.v, sigma2=held, **call).loglik
                assert fall == pytest.approx(3.841458820694124 / 2, abs=1e-6)


@settings(max_examples=15)
@given(st.integers(0, 100_000), SHAPES)
def test_the_order_of_the_rows_does_not_matter(seed: int, shape: str) -> None:
    one = Example(seed, shape)
    order = np.random.default_rng(seed).permutation(one.y.size)

    def picked(labels: Any) -> Any:
        return {name: [values[row] for row in order] for name, values in labels.items()}

    more = {name: value if name == "rho" else value[np.ix_(order, order)] if name == "v" else [value[row] for row in order]
            for name, value in one.more.items()}  # fmt: skip
    straight = multilevel(one.y, one.v, nested=one.nested, crossed=one.crossed, **one.more)
    shuffled = multilevel(
        one.y[order], one.v[order], nested=picked(one.nested), crossed=list(map(picked, one.crossed)), **more
    )
    assert shuffled.loglik == pytest.approx(straight.loglik, rel=1e-9)
    assert shuffled.coefficients[0].estimate == pytest.approx(straight.coefficients[0].estimate, rel=1e-6, abs=1e-9)
