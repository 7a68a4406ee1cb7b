"""How often would few clusters show so large an effect by chance? The wild cluster bootstrap, restricted to the null.

The residuals of the model in which the null holds are multiplied by one random number for each cluster, which keeps
whatever they have to do with one another inside it; the statistic is compared with those that come out. All of it is
done with p numbers for each cluster, never with rows. Weights and working covariance stay as they were fitted. Sources:
Cameron, Gelbach and Miller (2008), Review of Economics and Statistics 90(3), 414-427; Webb (2023), Canadian Journal of
Economics 56(3), 839-858; MacKinnon, Nielsen and Webb (2023), Journal of Econometrics 232(2), 272-299; for syntheses
Joshi, Pustejovsky and Beretvas (2022), Research Synthesis Methods 13(4), 457-477.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.intervals import check_level
from whatworks.stats.results import Result
from whatworks.stats.robust.clusters import Clusters, Floats
from whatworks.stats.robust.fits import LinearFit

Multipliers = Literal["rademacher", "webb"]
WEBB = np.array([-sqrt(1.5), -1.0, -sqrt(0.5), sqrt(0.5), 1.0, sqrt(1.5)])
AT_ONCE = 500_000  # numbers held at a time
TIE = 1e-9  # two statistics closer than this share are the same: rounding must not break a tie


@dataclass(frozen=True, slots=True)
class WildBootstrap(Result):
    """The null that rows C times the coefficients are as supposed. statistic: Wald's with CR0 (t squared for one row).

    exact: every change of signs was counted, no chance is left. smallest: the least p that so few clusters can give.
    ci_low, ci_high: the values not refused at the level, for one row, where asked for and where they exist.
    """

    statistic: float
    p: float
    n_clusters: int
    multipliers: Multipliers
    draws: int
    exact: bool
    smallest: float
    ci_low: float | None
    ci_high: float | None
    warnings: tuple[str, ...]


class _Parts(NamedTuple):
    """bread (p, p); rows C (q, p); scores (m, p); gram (m, p, p) of each cluster; apart: (q,) C b less the supposed."""

    bread: Floats
    rows: Floats
    scores: Floats
    gram: Floats
    apart: Floats


def wild_bootstrap(
    fit: LinearFit,
    clusters: Clusters,
    rows: ArrayLike,
    supposed: ArrayLike = 0.0,
    *,
    multipliers: Multipliers = "rademacher",
    draws: int = 9999,
    seed: int = 1,
    interval: bool = False,
    level: float = 0.95,
) -> WildBootstrap:
    """Test that rows (q, p), or one row (p,), times the coefficients are as supposed.

    multipliers: signs (rademacher), all of which are counted where there are no more than draws of them (then the
    seed plays no part), or Webb's six values for fewer than about 8 clusters. InputError: fewer than two clusters.
    """
    check_level(level)
    if multipliers not in get_args(Multipliers):
        raise InputError(
            said("The multipliers %(multipliers)r are not known; choose rademacher or webb.", multipliers=multipliers)
        )
    if clusters.number < 2 or draws < 1:
        raise InputError(said("A wild bootstrap needs at least two clusters and one draw."))
    wanted = np.atleast_2d(np.asarray(rows, dtype=float))
    if wanted.shape[1] != fit.x.shape[1] or np.linalg.matrix_rank(wanted) < len(wanted):
        raise InputError(
            said(
                "Each row to be tested needs %(shape)s numbers, and none may be made of the others.",
                shape=fit.x.shape[1],
            )
        )
    parts = _parts(fit, clusters, wanted, supposed)
    signs, exact = _multipliers(clusters.number, multipliers, draws, seed)
    p = _p(parts, signs, exact)
    smallest = 1 / len(signs) if exact else 1 / (len(signs) + 1)
    if multipliers == "rademacher":
        smallest = max(smallest, 0.5 ** (clusters.number - 1))
    ends: tuple[float | None, float | None] = (None, None)
    if interval and len(wanted) == 1:
        ends = _inverted(parts._replace(apart=wanted @ fit.estimates), signs, exact, 1 - level)
    warnings = tuple(_cautions(clusters.number, smallest, 1 - level, exact, multipliers))
    observed = float(_statistic(parts.apart[None], _seen(parts)[None])[0])
    return WildBootstrap(observed, p, clusters.number, multipliers, len(signs), exact, smallest, *ends, warnings)


def _parts(fit: LinearFit, clusters: Clusters, rows: Floats, supposed: ArrayLike) -> _Parts:
    apart = rows @ fit.estimates - np.broadcast_to(np.asarray(supposed, dtype=float), len(rows))
    gram = clusters.sums(fit.wx[:, :, None] * fit.x[:, None, :])
    return _Parts(fit.bread, rows, clusters.sums(fit.wx * fit.residuals[:, None]), gram, apart)


def _multipliers(clusters: int, kind: Multipliers, draws: int, seed: int) -> tuple[Floats, bool]:
    """(draws, clusters) numbers; the first cluster's sign is fixed in a full count, for all signs reversed count alike."""
    if kind == "rademacher" and clusters <= 30 and 2 ** (clusters - 1) <= draws:
        count = np.arange(2 ** (clusters - 1))[:, None] >> np.arange(clusters)
        return np.asarray(1 - 2 * (count & 1), dtype=np.float64), True
    chance = np.random.default_rng(seed)
    if kind == "webb":
        return WEBB[chance.integers(0, 6, (draws, clusters))], False
    return np.asarray(1 - 2 * chance.integers(0, 2, (draws, clusters)), dtype=np.float64), False


def _seen(parts: _Parts) -> Floats:
    """Each cluster's part of the estimate's error, (m, q), unrestricted."""
    answer: Floats = parts.scores @ parts.bread @ parts.rows.T
    return answer


def _statistic(apart: Floats, seen: Floats) -> Floats:
    """Wald's statistic of each draw: apart (R, q), seen (R, m, q)."""
    if apart.shape[1] == 1:
        squares = np.einsum("rmi,rmi->r", seen, seen)
        single: Floats = np.divide(apart[:, 0] ** 2, squares, out=np.zeros(len(apart)), where=squares > 0)
        return single
    meat = seen.transpose(0, 2, 1) @ seen
    answer: Floats = np.einsum("ri,rij,rj->r", apart, np.linalg.pinv(meat, hermitian=True), apart)
    return answer


def _p(parts: _Parts, signs: Floats, exact: bool) -> float:
    """The share of draws at least as far from the null as what was seen."""
    bread, rows = parts.bread, parts.rows
    shift = bread @ rows.T @ np.linalg.solve(rows @ bread @ rows.T, parts.apart)
    scores = parts.scores + parts.gram @ shift
    through = bread @ rows.T
    pulled, spread = scores @ through, np.einsum("mij,iq->mjq", parts.gram, through)
    observed = float(_statistic(parts.apart[None], _seen(parts)[None])[0])
    step, as_far = max(1, AT_ONCE // (len(scores) * len(rows))), 0
    for first in range(0, len(signs), step):
        some = signs[first : first + step]
        moved = some @ scores @ bread
        seen = some[:, :, None] * pulled - np.einsum("rj,mjq->rmq", moved, spread, optimize=True)
        as_far += int((_statistic(moved @ rows.T, seen) >= observed * (1 - TIE)).sum())
    return as_far / len(signs) if exact else (as_far + 1) / (len(signs) + 1)


def _inverted(parts: _Parts, signs: Floats, exact: bool, alpha: float) -> tuple[float | None, float | None]:
    """The ends of the values that the test does not refuse."""
    estimate, se = float(parts.apart[0]), sqrt(float((_seen(parts) ** 2).sum()))

    def refused(value: float) -> bool:
        return _p(parts._replace(apart=np.array([estimate - value])), signs, exact) <= alpha

    low, high = (_edge(refused, estimate, side * se) for side in (-1, 1))
    return low, high


def _edge(refused: Callable[[float], bool], estimate: float, step: float) -> float | None:
    """Where values beyond are refused, on the side of the step; None when none is within 1,000 standard errors."""
    if step == 0:
        return None
    inside, outside = 0.0, 2.0
    while not refused(estimate + outside * step):
        inside, outside = outside, outside * 2
        if outside > 1000:
            return None
    while outside - inside > 1e-6 * outside:
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if refused(estimate + middle * step) else (middle, outside)
    return estimate + (inside + outside) / 2 * step


def _cautions(clusters: int, smallest: float, alpha: float, exact: bool, multipliers: Multipliers) -> Iterator[str]:
    if smallest > alpha:
        yield (
            f"With {clusters} clusters no p below {smallest:.3g} can come out, so this test cannot tell; "
            + ("use Webb's multipliers." if multipliers == "rademacher" else "take more draws.")
        )
    elif multipliers == "rademacher" and not exact and clusters < 12:
        yield f"{clusters} clusters have only {2 ** (clusters - 1)} different draws; raise draws to count them all."
