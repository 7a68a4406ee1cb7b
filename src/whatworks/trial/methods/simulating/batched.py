"""Analyses of many simulated trials of one layout at once, each by the very method that a design declares.

All are of the cells' means and sums of squares, from which people's outcomes would give the same numbers: what a model asks of
people in a cell that share its columns are just these.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm
from scipy.stats import t as students_t

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.robust import clustered, least_squares, robust
from whatworks.stats.robust.adjusting import Kind, factor
from whatworks.trial.methods.mixed.intercepts import fit_sums
from whatworks.trial.methods.mixed.small import KENWARD_ROGER, SATTERTHWAITE, small_sample
from whatworks.trial.methods.mixed.sums import Sums, gather
from whatworks.trial.methods.simulating.drawing import Drawn
from whatworks.trial.methods.simulating.layout import Floats, Ints, Layout

SCHEMES, EVERY = 1_999, 5_000
SAME, AT_ONCE = 1e-9, 500


@dataclass(frozen=True, slots=True)
class Tested:
    """Estimates (sets,) and two-sided p (sets,); NaN where the analysis failed."""

    estimate: Floats
    p: Floats


def by_mixed_model(layout: Layout, drawn: Drawn, way: str) -> Tested:
    """A random intercept of clusters: of people; over periods of cells' means, so that periods have a share of their own."""
    if layout.periods > 1:
        return _halved(gather(layout.x, drawn.means, layout.cluster), way)
    return _halved(_sums(layout, drawn), way)


def _sums(layout: Layout, drawn: Drawn) -> Sums:
    """As `gather` would have them of people, where each cluster is one cell."""
    n, x = layout.people, layout.x
    held = np.zeros((layout.clusters, x.shape[1]))
    np.add.at(held, layout.cluster, x * n[:, None])
    totals = drawn.means * n[:, None]
    yy = (totals * drawn.means).sum(axis=0) + drawn.squares.sum(axis=0)
    squares = (held[:, :, None] * held[:, None, :]).reshape(len(held), -1)
    return Sums(
        x.T @ (n[:, None] * x), totals.T @ x, yy, held, np.ascontiguousarray(totals.T), n.astype(float), squares, int(n.sum())
    )  # fmt: skip


def _halved(sums: Sums, way: str) -> Tested:
    """All sets at once; where one of them cannot be fitted, half by half, so that it is known which."""
    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            tests = small_sample(fit_sums(sums), way)
        return Tested(tests.estimate[:, 1], tests.p[:, 1])
    except (InputError, np.linalg.LinAlgError):
        count = len(sums.yy)
        if count == 1:
            return Tested(np.full(1, np.nan), np.full(1, np.nan))
        halves = [_halved(_some(sums, part), way) for part in (slice(count // 2), slice(count // 2, None))]
        return Tested(*(np.concatenate([getattr(one, name) for one in halves]) for name in ("estimate", "p")))


def _some(sums: Sums, part: slice) -> Sums:
    return Sums(
        sums.xx, sums.xy[part], sums.yy[part], sums.tx, sums.ty[part], sums.sizes, sums.squares, sums.rows
    )  # fmt: skip


def by_least_squares(layout: Layout, drawn: Drawn, kind: Kind, *, taken: bool = False) -> Tested:
    """Ordinary least squares of people, with robust standard errors of clusters; over periods clusters have levels of their own.

    `taken`: two-stage least squares, the arm as instrument for who took the offer up. Both stages ask of people only the means of cells,
    and the fitted columns of the second span what the first's span.
    """
    x, root = with_clusters(layout), np.sqrt(layout.people)
    scaled, outcome = x * root[:, None], drawn.means * root[:, None]
    clusters = clustered(layout.cluster.tolist())
    safe = robust(least_squares(scaled, outcome[:, 0], clusters), clusters, kind)
    bread: Floats = np.linalg.inv(scaled.T @ scaled).astype(float)
    estimates = (bread @ scaled.T @ outcome)[1]
    if taken:
        assert drawn.received is not None
        received = drawn.received * root[:, None]
        estimates = estimates / (bread @ scaled.T @ received)[1]
        outcome = outcome - estimates * received
    left = outcome - scaled @ (bread @ scaled.T @ outcome)
    meat = np.zeros(outcome.shape[1])
    for one in range(layout.clusters):
        cells = layout.cluster == one
        weights = bread[1] @ scaled[cells].T @ _adjustment(scaled[cells], bread, kind)
        meat += (weights @ left[cells]) ** 2
    more = factor(kind, layout.clusters, int(layout.people.sum()), x.shape[1])
    df = safe.df[1] if kind == "CR2" else layout.clusters - 1.0
    se = np.sqrt(meat * more)
    return _by_t(estimates, se / np.abs((bread @ scaled.T @ received)[1]) if taken else se, df)


def with_clusters(layout: Layout) -> Floats:
    """The model's columns; over periods with a level for each cluster."""
    if layout.periods == 1:
        return layout.x
    return np.column_stack([layout.x, np.eye(layout.clusters)[layout.cluster][:, 1:]])


def by_block_differences(layout: Layout, drawn: Drawn) -> Tested:
    """A t test of the blocks' differences of clusters' means, each block counting the same (a sample of blocks): blocks less one."""
    block, treated = layout.group[layout.cluster], layout.arm == 1
    count = int(layout.group.max()) + 1
    if layout.periods > 1 or count < 2 or (np.bincount(block[treated], minlength=count) == 0).any():
        raise InputError(said("A t test of blocks' differences needs two blocks or more, each with both arms."))
    means = [
        np.array([drawn.means[(block == one) & (treated == arm)].mean(axis=0) for one in range(count)])
        for arm in (False, True)
    ]
    apart = means[1] - means[0]
    return _by_t(apart.mean(axis=0), apart.std(axis=0, ddof=1) / math.sqrt(count), count - 1.0)


def _adjustment(x: Floats, bread: Floats, kind: str) -> Floats:
    """(I - H) of a cluster to the power -1/2 (CR2) or -1 (CR3); directions that the cluster fixes by itself are left out."""
    if kind not in ("CR2", "CR3"):
        return np.eye(len(x))
    values, vectors = np.linalg.eigh(np.eye(len(x)) - x @ bread @ x.T)
    power = np.where(values > SAME, np.maximum(values, SAME) ** (-0.5 if kind == "CR2" else -1.0), 0.0)
    found: Floats = (vectors * power) @ vectors.T
    return found


def _by_t(estimate: Floats, se: Floats, df: float) -> Tested:
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * students_t.sf(np.abs(estimate / se), df)
    return Tested(estimate, np.where(se > 0, p, np.nan))


def by_cluster_means(layout: Layout, drawn: Drawn) -> Tested:
    """A t test of clusters' means, shares or rates, each counting the same; blocks and pairs as levels."""
    if layout.periods > 1:
        raise InputError(
            said(
                "A t test of clusters' means is for arms side by side; over periods declare lmm-kr, ols-cr2 or ri-sampled."
            )
        )
    bread = np.linalg.inv(layout.x.T @ layout.x)
    estimates = bread @ layout.x.T @ drawn.means
    df = layout.clusters - layout.x.shape[1]
    if df < 1:
        raise InputError(
            said("There are too few clusters for the arms, blocks and covariates; a t test has nothing left.")
        )
    spread = ((drawn.means - layout.x @ estimates) ** 2).sum(axis=0) / df
    return _by_t(estimates[1], np.sqrt(bread[1, 1] * spread), df)


def by_randomisation(layout: Layout, drawn: Drawn, rng: np.random.Generator, *, every: bool) -> Tested:
    """The share of allocations that the draw allowed at least as far from nought as the one that fell, it among them.

    Side by side the difference of clusters' means; over periods the effect within clusters and periods. `every`: all of them
    are looked at where they are not more than 5,000, otherwise as many as are drawn.
    """
    known = every and ways(layout) <= EVERY
    kinds, rows = _kinds(layout)
    dealt = _every(layout, kinds) if known else _dealt(layout, kinds, rng)
    effect = _contrasts(layout, rows[dealt[:, layout.cluster], layout.period])
    observed = _contrasts(layout, layout.arm[None, :])[0] @ drawn.means
    far = np.abs(observed) * (1 - SAME)
    count = np.zeros(len(observed))
    for part in range(0, len(effect), AT_ONCE):
        count += (np.abs(effect[part : part + AT_ONCE] @ drawn.means) >= far).sum(axis=0)
    return Tested(observed, count / len(effect) if known else (count + 1) / (len(effect) + 1))


def ways(layout: Layout) -> int:
    """In how many ways the lot could fall."""
    kinds, found = _kinds(layout)[0], 1
    for one in _groups(layout):
        counts = np.bincount(kinds[one])
        found *= math.factorial(len(one)) // math.prod(math.factorial(int(count)) for count in counts)
    return found


def _groups(layout: Layout) -> list[Ints]:
    return [np.flatnonzero(layout.group == one) for one in range(int(layout.group.max()) + 1)]


def _kinds(layout: Layout) -> tuple[Ints, Floats]:
    """The number of each cluster's row of arms (clusters,), and the rows there are (kinds, periods)."""
    rows, kinds = np.unique(np.nan_to_num(layout.rows, nan=-1), axis=0, return_inverse=True)
    return kinds.ravel().astype(np.intp), rows


def _every(layout: Layout, kinds: Ints) -> Ints:
    """Every way to deal the rows of arms to clusters, group by group (ways, clusters)."""
    groups = _groups(layout)
    found = []
    for choice in itertools.product(*(_orders(kinds[one].tolist()) for one in groups)):
        dealt = kinds.copy()
        for places, order in zip(groups, choice, strict=True):
            dealt[places] = order
        found.append(dealt)
    return np.array(found)


def _orders(kinds: list[int]) -> list[tuple[int, ...]]:
    """Every different order of some numbers, each once."""
    if not kinds:
        return [()]
    found = []
    for first in sorted(set(kinds)):
        rest = kinds.copy()
        rest.remove(first)
        found += [(first, *others) for others in _orders(rest)]
    return found


def _dealt(layout: Layout, kinds: Ints, rng: np.random.Generator) -> Ints:
    dealt = np.tile(kinds, (SCHEMES, 1))
    for places in _groups(layout):
        dealt[:, places] = rng.permuted(dealt[:, places], axis=1)
    return dealt


def _contrasts(layout: Layout, arms: Floats) -> Floats:
    """Weights (schemes, cells) of the effect under allocations (schemes, cells): of least squares, the other columns as they are."""
    x = with_clusters(layout)
    own_effects = [1, *range(layout.x.shape[1] - layout.apart, layout.x.shape[1])]
    basis = np.linalg.qr(np.delete(x, own_effects, axis=1))[0]
    own = arms - (arms @ basis) @ basis.T
    squared = (own**2).sum(axis=1, keepdims=True)
    found: Floats = np.divide(own, squared, out=np.zeros_like(own), where=squared > SAME)
    return found


def by_naive_poisson(layout: Layout, drawn: Drawn) -> Tested:
    """Counts as if nothing but chance were between clusters, two arms side by side and no other column: the log rate ratio by z."""
    treated = layout.arm == 1
    one, other = drawn.totals[~treated].sum(axis=0), drawn.totals[treated].sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.log(other / drawn.exposure[treated].sum()) - np.log(one / drawn.exposure[~treated].sum())
        p = 2 * norm.sf(np.abs(apart) / np.sqrt(1 / one + 1 / other))
    return Tested(apart, np.where((one > 0) & (other > 0), p, np.nan))


Batched = Callable[[Layout, Drawn, np.random.Generator], Tested]
BATCHED: dict[str, Batched] = {
    "lmm-kr": lambda layout, drawn, rng: by_mixed_model(layout, drawn, KENWARD_ROGER),
    "lmm-satterthwaite": lambda layout, drawn, rng: by_mixed_model(layout, drawn, SATTERTHWAITE),
    "ols-cr2": lambda layout, drawn, rng: by_least_squares(layout, drawn, "CR2"),
    "ols-cr1s": lambda layout, drawn, rng: by_least_squares(layout, drawn, "CR1S"),
    "ols-cr3": lambda layout, drawn, rng: by_least_squares(layout, drawn, "CR3"),
    "cluster-means-t": lambda layout, drawn, rng: by_cluster_means(layout, drawn),
    "block-differences-t": lambda layout, drawn, rng: by_block_differences(layout, drawn),
    "cace-2sls-cr2": lambda layout, drawn, rng: by_least_squares(layout, drawn, "CR2", taken=True),
    "ri-exact": lambda layout, drawn, rng: by_randomisation(layout, drawn, rng, every=True),
    "ri-sampled": lambda layout, drawn, rng: by_randomisation(layout, drawn, rng, every=False),
    "poisson-naive": lambda layout, drawn, rng: by_naive_poisson(layout, drawn),
}
