"""Robust variances against a slow plain twin with n x n matrices, and what is refused. R's numbers: tests/oracles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.stats.robust import LinearFit, clustered, least_squares, robust

Matrix = np.ndarray[Any, Any]


def root(matrix: Matrix, power: float) -> Matrix:
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.where(values > 1e-10 * values[-1], np.abs(values) ** power, 0.0)) @ vectors.T


def dense(x: Matrix, y: Matrix, w: Matrix, phi: Matrix, codes: Matrix, kind: str) -> tuple[Matrix, list[float], Matrix]:
    """Covariance, Satterthwaite's df and the combinations of errors behind each coefficient, straight from the paper."""
    n, p = x.shape
    q = np.linalg.inv(x.T @ w @ x)
    keep = np.eye(n) - x @ q @ x.T @ w
    errors, middle, m = keep @ y, np.zeros((p, p)), int(codes.max()) + 1
    behind = np.zeros((p, m, n))
    for one in range(m):
        rows = np.flatnonzero(codes == one)
        adjust = np.eye(rows.size)
        if kind == "CR2":
            half = root(phi[np.ix_(rows, rows)], 0.5)
            adjust = half @ root(half @ keep[rows] @ phi @ keep[rows].T @ half, -0.5) @ half
        if kind == "CR3":
            adjust = np.linalg.inv(keep[np.ix_(rows, rows)])
        pull = x.T @ w[:, rows] @ adjust
        middle += np.outer(pull @ errors[rows], pull @ errors[rows])
        behind[:, one] = q @ pull @ keep[rows]
    df = []
    for j in range(p):
        covariances = behind[j] @ phi @ behind[j].T
        df.append(np.trace(covariances) ** 2 / (covariances**2).sum())
    return q @ middle @ q, df, behind


def htz(c: Matrix, phi: Matrix, behind: Matrix) -> float:
    """eta of the HTZ test by adding up every pair of clusters."""
    rows = np.einsum("sp,pmn->smn", c, behind)
    expected = np.einsum("smi,ij,tmj->st", rows, phi, rows)
    rows = np.einsum("ab,bmn->amn", root(expected, -0.5), rows)
    pairs = np.einsum("smi,ij,tnj->stmn", rows, phi, rows)
    total = 0.0
    for s in range(len(c)):
        for t in range(len(c)):
            total += (pairs[s, s] * pairs[t, t]).sum() + (pairs[s, t] * pairs[s, t].T).sum()
    return len(c) * (len(c) + 1) / total


def fixes(keep: Matrix, codes: Matrix) -> bool:
    """Whether a cluster nearly fixes a coefficient: such are compared elsewhere, for there rounding decides."""
    rows = [np.flatnonzero(codes == one) for one in range(int(codes.max()) + 1)]
    return any(np.linalg.svd(keep[np.ix_(some, some)], compute_uv=False)[-1] < 1e-3 for some in rows)


def drawn(seed: int, m: int, most: int, p: int) -> tuple[Matrix, Matrix, Matrix, np.random.Generator]:
    chance = np.random.default_rng(seed)
    codes = np.repeat(np.arange(m), chance.integers(1, most + 1, m))
    x = np.column_stack([np.ones(codes.size), chance.normal(size=(codes.size, p - 1))])
    return codes, x, chance.normal(size=codes.size), chance


@settings(max_examples=40)
@given(
    st.integers(0, 10_000), st.integers(5, 9), st.integers(2, 4), st.integers(1, 3), st.sampled_from(["CR0", "CR2", "CR3"]),
    st.sampled_from(["ones", "weights", "blocks", "working", "across"]),
)  # fmt: skip
def test_the_fast_way_is_the_plain_way(seed: int, m: int, most: int, p: int, kind: Any, how: str) -> None:
    """Weights equal or not, a working covariance that is not their inverse, clusters that hang together: all agree."""
    codes, x, y, chance = drawn(seed, m, most + 1, p)
    n, clusters = codes.size, clustered(codes.tolist())
    together = codes[:, None] == codes[None, :]
    w = phi = np.eye(n)
    more: dict[str, Any] = {}
    if how == "weights":
        given_w = chance.uniform(0.5, 2, n)
        w, phi, more = np.diag(given_w), np.diag(1 / given_w), {"weights": given_w}
    if how in ("blocks", "across"):
        phi = np.diag(chance.uniform(0.5, 2, n)) + 0.4 * together
        if how == "across":
            other = chance.integers(0, 3, n)
            phi = phi + 0.3 * (other[:, None] == other[None, :])
        w = np.linalg.inv(phi)
        more = {"weights": [w[np.ix_(codes == one, codes == one)] for one in range(m)]}
    if how == "working":
        phi = np.eye(n) + 0.5 * together
        more = {"working": [phi[np.ix_(codes == one, codes == one)] for one in range(m)]}
    if how == "across":
        bread = np.linalg.inv(x.T @ w @ x)
        beta = bread @ x.T @ w @ y

        def block(rows: Matrix) -> Matrix:
            return phi[rows[..., :, None], rows[..., None, :]]

        fit = LinearFit(x, w @ x, y - x @ beta, beta, bread, block, spread=lambda columns: columns @ phi)
    else:
        fit = least_squares(x, y, clusters, **more)
    if fixes(np.eye(n) - x @ fit.bread @ x.T @ w, codes):
        return
    ours = robust(fit, clusters, kind)
    covariance, df, behind = dense(x, y, w, phi, codes, kind)
    assert np.array(ours.covariance) == pytest.approx(covariance, rel=1e-7, abs=1e-9 * np.abs(covariance).max())
    assert ours.df == pytest.approx(df, rel=1e-6)
    if p > 1 and ours.test(np.eye(p)[1:]).df2 is not None:
        eta = htz(np.eye(p)[1:], phi, behind)
        assert ours.test(np.eye(p)[1:]).df2 == pytest.approx(eta - (p - 1) + 1, rel=1e-6)


def test_cr2_is_unbiased_when_the_working_covariance_is_right() -> None:
    """What CR2 promises: its mean over the errors of the model is the model's own covariance."""
    codes, x, y, _ = drawn(3, 7, 4, 2)
    fit = least_squares(x, y, clustered(codes.tolist()))
    _, _, behind = dense(x, y, np.eye(codes.size), np.eye(codes.size), codes, "CR2")
    mean = np.einsum("smi,tmi->st", behind, behind)
    assert mean == pytest.approx(fit.bread, rel=1e-9, abs=1e-12)
    assert robust(fit, clustered(codes.tolist())).meat == pytest.approx(np.linalg.inv(fit.bread))


def test_one_row_tested_alone_is_t_squared() -> None:
    codes, x, y, _ = drawn(4, 9, 4, 3)
    ours = robust(least_squares(x, y, clustered(codes.tolist())), clustered(codes.tolist()))
    joint = ours.test([0, 1, 0])
    assert joint.statistic == pytest.approx((ours.estimates[1] / ours.se[1]) ** 2)
    assert joint.df2 == pytest.approx(ours.df[1]) and ours.df_of([0, 1, 0]) == pytest.approx(ours.df[1])
    assert ours.test([0, 1, 0], ours.estimates[1]).p == pytest.approx(1.0)


def test_names_of_clusters_and_the_order_of_rows_do_not_matter() -> None:
    codes, x, y, chance = drawn(5, 8, 5, 2)
    order = chance.permutation(codes.size)
    straight = robust(least_squares(x, y, clustered(codes.tolist())), clustered(codes.tolist()))
    labels = clustered([f"s{code}" for code in codes[order]])
    shuffled = robust(least_squares(x[order], y[order], labels), labels)
    assert shuffled.se == pytest.approx(straight.se) and shuffled.df == pytest.approx(straight.df)


def test_few_clusters_are_said() -> None:
    codes, x, y, _ = drawn(6, 3, 4, 2)
    ours = robust(least_squares(x, y, clustered(codes.tolist())), clustered(codes.tolist()))
    assert any("below 4" in sentence for sentence in ours.warnings)


def test_a_cluster_that_fixes_a_coefficient_alone_is_said() -> None:
    """Its residuals are 0 whatever happened there, so the variance cannot know."""
    codes = np.repeat(np.arange(5), 3)
    x = np.column_stack([np.ones(15), codes == 4]).astype(float)
    y = np.random.default_rng(1).normal(size=15)
    for kind in ("CR2", "CR3"):
        ours = robust(least_squares(x, y, clustered(codes.tolist())), clustered(codes.tolist()), kind)
        assert ours.lost == 1 and "1 cluster fixes" in ours.warnings[-1]
        assert all(np.isfinite(ours.se))


def test_a_covariance_without_a_direction_gives_no_joint_test() -> None:
    """Two coefficients fixed by one cluster each leave T2 without meaning, not infinite."""
    codes = np.repeat(np.arange(4), 3)
    x = np.column_stack([codes == 0, codes == 1, codes > 1]).astype(float)
    y = np.random.default_rng(1).normal(size=12)
    assert (
        robust(least_squares(x, y, clustered(codes.tolist())), clustered(codes.tolist()), "CR0").test(np.eye(3)).p
        is None
    )


@pytest.mark.parametrize(
    ("labels", "kind", "complaint"),
    [(["a"] * 6, "CR2", "at least two clusters"), (list("aabbcc"), "HC3", "not known; choose one of CR2")],
)
def test_what_is_refused(labels: list[str], kind: Any, complaint: str) -> None:
    clusters = clustered(labels)
    fit = least_squares(np.ones((6, 1)), np.arange(6.0), clusters)
    with pytest.raises(InputError, match=complaint):
        robust(fit, clusters, kind)


@pytest.mark.parametrize(
    ("x", "weights", "complaint"),
    [
        (np.ones((5, 1)), None, "one row for each observation"),
        (np.ones((6, 2)), None, "collinear"),
        (np.ones((6, 1)), [1, 1, 1, 1, 1, -1], "above 0"),
        (np.ones((6, 1)), [np.eye(2), np.eye(2), np.eye(3)], "one square block of weights for each cluster"),
    ],
)
def test_what_least_squares_refuses(x: Matrix, weights: Any, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        least_squares(x, np.arange(6.0), clustered(list("aabbcc")), weights=weights)


def test_a_combination_needs_a_number_for_each_coefficient() -> None:
    codes, x, y, _ = drawn(7, 6, 3, 2)
    ours = robust(least_squares(x, y, clustered(codes.tolist())), clustered(codes.tolist()))
    with pytest.raises(InputError, match="needs 2 numbers"):
        ours.test([1, 0, 0])
    with pytest.raises(InputError, match="made of one another"):
        ours.test([[1, 0], [2, 0]])


@pytest.mark.parametrize("kind", ["CR2", "CR3"])
def test_a_study_alone_with_its_own_coefficient_says_nothing_and_is_told(kind: Any) -> None:
    """Nothing is left of its residual: it was divided by, where its cluster has one row."""
    rows = np.arange(10)
    alone = (rows == 0).astype(float)
    from whatworks.synthesise.methods.multilevel.modelling import multilevel

    found = multilevel(
        0.1 * rows, np.full(10, 0.1), x={"alone": alone}, nested={"study": rows // 2 + (rows > 0) * 10, "row": rows}
    )
    safe = robust(found.fit, clustered([0, *(1 + rows[1:] // 2).tolist()]), kind)
    assert all(np.isfinite(safe.se)) and safe.lost == 1
