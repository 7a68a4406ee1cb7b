"""The network beside its slow plain twin: generalised least squares with the covariance written out in full."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import log, pi
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.synthesise.methods.network import Network, network
from whatworks.synthesise.methods.pooling import pool

Matrix = np.ndarray[Any, np.dtype[np.float64]]
PLACES = st.lists(st.integers(0, 4), min_size=2, max_size=4, unique=True)


class Arm(NamedTuple):
    study: str
    treatment: str
    mean: float
    variance: float


@st.composite
def networks(draw: st.DrawFn) -> list[Arm]:
    """Up to five treatments and up to twelve studies of two to four arms, joined by a chain of two-arm studies."""
    chain = [(0, 1), (1, 2)] + ([(2, 3), (3, 4)] if draw(st.booleans()) else [])
    most = max(end for pair in chain for end in pair)
    more = [tuple(one for one in arms if one <= most) for arms in draw(st.lists(PLACES, min_size=1, max_size=8))]
    studies = chain + [arms for arms in more if len(arms) > 1]
    value = st.floats(-2, 2).map(lambda number: round(number, 3))
    spread = st.floats(0.02, 1.0).map(lambda number: round(number, 3))
    return [
        Arm(f"s{number}", "abcde"[arm], draw(value), draw(spread))
        for number, arms in enumerate(studies)
        for arm in arms
    ]


def contrasts(arms: list[Arm]) -> dict[str, list[Any]]:
    """All pairwise contrasts, in the order in which arms stand."""
    columns: dict[str, list[Any]] = {name: [] for name in ("study", "treat1", "treat2", "yi", "vi")}
    for one, other in combinations(arms, 2):
        if one.study == other.study:
            row = (one.study, one.treatment, other.treatment, one.mean - other.mean, one.variance + other.variance)
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    return columns


class Dense(NamedTuple):
    """Contrasts with each study's first arm by name: effects, covariance, heterogeneity's pattern, design."""

    y: Matrix
    v: Matrix
    u: Matrix
    x: Matrix
    names: list[str]

    def fit(self, tau2: float) -> tuple[Matrix, Matrix]:
        weights = np.linalg.inv(self.v + tau2 * self.u)
        cov = np.linalg.inv(self.x.T @ weights @ self.x)
        return cov @ self.x.T @ weights @ self.y, cov

    def reml(self, tau2: float) -> float:
        """metafor's restricted log-likelihood, with its constants."""
        beta, cov = self.fit(tau2)
        residual, total = self.y - self.x @ beta, self.v + tau2 * self.u
        q = float(residual @ np.linalg.solve(total, residual))
        dets = [np.linalg.slogdet(one)[1] for one in (total, np.linalg.inv(cov), self.x.T @ self.x)]
        return float(-0.5 * ((self.y.size - self.x.shape[1]) * log(2 * pi) + dets[0] + dets[1] - dets[2] + q))


def dense(arms: list[Arm]) -> Dense:
    names = sorted({arm.treatment for arm in arms})
    y, x, blocks = [], [], []
    for study in dict.fromkeys(arm.study for arm in arms):
        first, *others = sorted((arm for arm in arms if arm.study == study), key=lambda arm: arm.treatment)
        for other in others:
            y.append(other.mean - first.mean)
            x.append([float(name == other.treatment) - float(name == first.treatment) for name in names])
        own = np.diag([other.variance for other in others]) + first.variance
        blocks.append((own, (np.eye(len(others)) + 1) / 2))
    size = len(y)
    v, u, at = np.zeros((size, size)), np.zeros((size, size)), 0
    for own, pattern in blocks:
        here = slice(at, at := at + len(own))
        v[here, here], u[here, here] = own, pattern
    return Dense(np.array(y), v, u, np.array(x)[:, 1:], names)


def basic(found: Network) -> tuple[list[float], list[float]]:
    first, *others = found.treatments
    told = [found.compare(other, first) for other in others]
    return [one.estimate for one in told], [one.se for one in told]


@settings(max_examples=30, deadline=None)
@given(networks(), st.sampled_from(["REML", "DL"]))
def test_the_fast_network_is_generalised_least_squares(arms: list[Arm], estimator: Any) -> None:
    """Multi-arm studies turned into independent observations must lose nothing of their correlation."""
    found, twin = network(**contrasts(arms), tau2=estimator), dense(arms)
    beta, cov = twin.fit(found.tau2 or 0.0)
    estimates, ses = basic(found)
    assert estimates == pytest.approx(beta.tolist(), rel=1e-8, abs=1e-8)
    assert ses == pytest.approx(np.sqrt(np.diag(cov)).tolist(), rel=1e-8)
    if estimator == "REML" and found.tau2 is not None:
        assert found.loglik == pytest.approx(twin.reml(found.tau2), rel=1e-8, abs=1e-8)
        steps = found.tau2 * np.array([0.5, 0.9, 0.99, 1.01, 1.1, 2]) if found.tau2 else np.array([1e-6, 1e-3, 0.1])
        others = [twin.reml(float(tau2)) for tau2 in (*steps, *np.geomspace(1e-4, 20, 25))]
        assert max(others) <= found.loglik + 1e-9  # the highest peak, not the nearest


@settings(max_examples=30, deadline=None)
@given(networks())
def test_the_fast_network_is_that_of_reduced_weights(arms: list[Arm]) -> None:
    """Ruecker's own way: each study's Laplacian is the pseudo-inverse of its centred variances."""
    found, data = network(**contrasts(arms), tau2="DL"), contrasts(arms)
    place = {name: at for at, name in enumerate(found.treatments)}
    n, tau2 = len(place), found.tau2 or 0.0
    laplacian, told = np.zeros((n, n)), np.zeros(n)
    for study in dict.fromkeys(data["study"]):
        members = sorted({place[arm.treatment] for arm in arms if arm.study == study})
        means = np.array([next(a.mean for a in arms if a.study == study and place[a.treatment] == m) for m in members])
        spread = np.zeros((len(members), len(members)))
        for s, one, other, v in zip(*(data[name] for name in ("study", "treat1", "treat2", "vi")), strict=True):
            if s == study:
                i, j = members.index(place[one]), members.index(place[other])
                spread[i, j] = spread[j, i] = v + tau2
        centre = np.eye(len(members)) - 1 / len(members)
        own = np.linalg.pinv(-0.5 * centre @ spread @ centre)
        laplacian[np.ix_(members, members)] += own
        told[members] += own @ means
    effects = np.linalg.pinv(laplacian) @ told
    estimates, _ = basic(found)
    assert estimates == pytest.approx((effects[1:] - effects[0]).tolist(), rel=1e-7, abs=1e-7)


@settings(max_examples=30, deadline=None)
@given(networks())
def test_indirect_evidence_is_independent_of_direct(arms: list[Arm]) -> None:
    """The test of one against the other would be wrong if they shared a multi-arm study's patients unnoticed."""
    found, twin = network(**contrasts(arms)), dense(arms)
    tau2 = found.tau2 or 0.0
    total = twin.v + tau2 * twin.u
    _, cov = twin.fit(tau2)
    network_row = cov @ twin.x.T @ np.linalg.inv(total)  # the network's effects are this times y
    for one in found.comparisons:
        if one.direct is None or one.indirect is None:
            continue
        ends = [found.treatments.index(name) for name in (one.treat1, one.treat2)]
        pick = np.array([float(at == ends[0]) - float(at == ends[1]) for at in range(len(twin.names))])[1:]
        direct_row = _direct_row(arms, twin, one.treat1, one.treat2, tau2)
        rest = (pick @ network_row - one.proportion * direct_row) / (1 - one.proportion)
        assert direct_row @ twin.y == pytest.approx(one.direct.estimate, rel=1e-8, abs=1e-8)
        # few parts of indirect evidence lose as many digits as their share is small
        assert rest @ twin.y == pytest.approx(one.indirect.estimate, rel=1e-5, abs=1e-5)
        assert rest @ total @ direct_row == pytest.approx(0, abs=1e-6 * one.indirect.se * one.direct.se)
        assert one.difference is not None
        assert one.difference.se**2 == pytest.approx(one.direct.se**2 + one.indirect.se**2, rel=1e-9)


def _direct_row(arms: list[Arm], twin: Dense, first: str, second: str, tau2: float) -> Matrix:
    """The direct effect as weights on the contrasts with each study's first arm."""
    row, total, at = np.zeros(twin.y.size), 0.0, 0
    for study in dict.fromkeys(arm.study for arm in arms):
        members = sorted((arm for arm in arms if arm.study == study), key=lambda arm: arm.treatment)
        names = [arm.treatment for arm in members]
        if first in names and second in names:
            i, j = names.index(first), names.index(second)
            weight = 1 / (members[i].variance + members[j].variance + tau2)
            total += weight
            row[at + i - 1] += weight if i else 0
            row[at + j - 1] -= weight if j else 0
        at += len(members) - 1
    return row / total


@settings(max_examples=30, deadline=None)
@given(networks())
def test_contributions_are_shares(arms: list[Arm]) -> None:
    """Shares below 0, or that do not add up, would be a walk that turned back."""
    shares = np.array(network(**contrasts(arms)).contributions().percent)
    assert shares.min() >= 0
    assert shares.sum(axis=1).tolist() == pytest.approx([100.0] * len(shares), rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(networks())
def test_contributions_are_those_of_all_paths(arms: list[Arm]) -> None:
    """The slow twin lists every path of the evidence, with its chance, and divides it among its comparisons."""
    found = network(**contrasts(arms))
    told, evidence = found.contributions(), found.evidence
    information = (evidence.x.T / (evidence.v + (found.tau2 or 0.0))) @ evidence.x
    potential = np.linalg.pinv(information)
    for row, (first, second) in enumerate(told.effects):
        a, b = found.treatments.index(first), found.treatments.index(second)
        level = potential[a] - potential[b]
        flow = np.maximum(-information * (level[:, None] - level), 0.0)
        flow[flow < 1e-11] = 0.0
        shares: dict[frozenset[str], float] = {}
        walks = [((a,), 1.0)]
        while walks:
            path, chance = walks.pop()
            if path[-1] == b:
                for one, other in pairwise(path):
                    edge = frozenset((found.treatments[one], found.treatments[other]))
                    shares[edge] = shares.get(edge, 0.0) + 100 * chance / (len(path) - 1)
                continue
            out = flow[path[-1]]
            walks += [((*path, int(to)), chance * out[to] / out.sum()) for to in np.flatnonzero(out)]
        for column, pair in enumerate(told.directs):
            assert told.percent[row][column] == pytest.approx(shares.get(frozenset(pair), 0.0), abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(networks())
def test_the_order_of_rows_and_arms_changes_nothing(arms: list[Arm]) -> None:
    """Names decide nothing but the order in which numbers are shown."""
    one, other = network(**contrasts(arms)), network(**contrasts(arms[::-1]))
    assert [part.estimate for part in other.comparisons] == pytest.approx(
        [part.estimate for part in one.comparisons], rel=1e-7, abs=1e-7
    )
    assert other.decomposition.between.q == pytest.approx(one.decomposition.between.q, rel=1e-6, abs=1e-7)
    assert {rank.treatment: round(rank.p_score, 7) for rank in one.ranks} == pytest.approx(
        {rank.treatment: rank.p_score for rank in other.ranks}, abs=1e-6
    )


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 2)), min_size=2, max_size=12),
    st.sampled_from(["REML", "ML", "DL", "PM"]),
    st.sampled_from(["wald", "t", "hksj", "hksj-adhoc"]),
    st.sampled_from(["metafor", "t-k1", "t-k2"]),
)
def test_two_treatments_are_a_pool(rows: list[tuple[float, float]], tau2: Any, interval: Any, prediction: Any) -> None:
    """A pair of treatments must not change its result by being called a network."""
    yi, vi = [row[0] for row in rows], [row[1] for row in rows]
    k, choice = len(rows), {"tau2": tau2, "interval": interval, "prediction": prediction}
    net = network([f"s{i}" for i in range(k)], ["b"] * k, ["a"] * k, yi, vi, **choice)
    one, plain = net.compare("b", "a"), pool(yi, vi, **choice)
    for ours, theirs in (
        (net.tau2, plain.tau2), (one.estimate, plain.estimate), (one.se, plain.se), (one.ci_low, plain.ci_low),
        (one.ci_high, plain.ci_high), (net.i2, plain.i2), (net.q, plain.q), (net.loglik, plain.loglik),
        (net.tau2_ci_low, plain.tau2_ci_low), (net.tau2_ci_high, plain.tau2_ci_high),
    ):  # fmt: skip
        assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-8)
    if one.pi_low is None or plain.pi_low is None:
        assert one.pi_low is plain.pi_low
    else:
        assert one.pi_low == pytest.approx(plain.pi_low, rel=1e-6, abs=1e-7)
