"""The net heat plot: which designs disagree with the rest, and which of them is behind it.

Source: Krahn, Binder and Koenig (2013), BMC Medical Research Methodology 13, 35. A design's disagreement is taken whole
(as one sum of squares), so that the colours of a multi-arm design do not depend on which of its arms comes first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whatworks.stats.results import Result
from whatworks.synthesise.methods.network.designs import ROUNDING, Arms, grouped
from whatworks.synthesise.methods.network.evidence import Evidence, Whole
from whatworks.synthesise.methods.network.spreading import fit
from whatworks.synthesise.methods.weighing import Floats


@dataclass(frozen=True, slots=True)
class Heat(Result):
    """Rows and columns are comparisons by design, d of them, those that other designs can say anything about.

    designs, comparisons: their treatments. hat (d, d): how much the column's direct effect counts in the network's
    effect of the row. change (d, d): by how much the disagreement of the row's design falls (or, below 0, rises) when
    the column's design is detached; on the diagonal the disagreement itself. tau2: the heterogeneity it was made with.
    """

    designs: tuple[tuple[str, ...], ...]
    comparisons: tuple[tuple[str, str], ...]
    hat: tuple[tuple[float, ...], ...]
    change: tuple[tuple[float, ...], ...]
    tau2: float


def heat_of(evidence: Evidence, tau2: float = 0.0) -> Heat:
    """The heat plot's numbers at this heterogeneity (0: a common effect, as first proposed)."""
    designs, design_of = grouped(evidence)
    laplacians = _laplacians(evidence, design_of, len(designs), tau2)
    a = fit(evidence.z, evidence.v, evidence.x[:, 1:], tau2).a
    rows = [(number, arms[0], arm) for number, arms in enumerate(designs) for arm in arms[1:]]
    hat = _hat(rows, designs, laplacians, a)
    mixed = [at for at in range(len(rows)) if not _only_direct(rows, hat, at)]
    shown = [rows[at] for at in mixed]
    change = _changes(evidence, designs, design_of, laplacians, tau2)
    picked = [number for number, *_ in shown]
    names = evidence.treatments
    return Heat(
        tuple(tuple(names[arm] for arm in designs[number]) for number in picked),
        tuple((names[first], names[arm]) for _, first, arm in shown),
        _rows(hat[np.ix_(mixed, mixed)]),
        _rows(change[np.ix_(picked, picked)]),
        tau2,
    )


def _rows(matrix: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in matrix.tolist())


def _laplacians(evidence: Evidence, design_of: Whole, count: int, tau2: float) -> Floats:
    """What each design says, as information on the treatments' effects (count, n, n)."""
    n = len(evidence.treatments)
    found = np.zeros((count, n, n))
    for number in range(count):
        here = design_of == number
        x = evidence.x[here]
        found[number] = (x.T / (evidence.v[here] + tau2)) @ x
    return found


def _hat(rows: list[tuple[int, int, int]], designs: tuple[Arms, ...], laplacians: Floats, a: Floats) -> Floats:
    """The hat matrix of the designs' basic contrasts."""
    n = a.shape[0] + 1
    whole = np.zeros((n, n))
    whole[1:, 1:] = a
    first, arm = (np.array([row[part] for row in rows]) for part in (1, 2))
    drawn = np.hstack([laplacians[number][:, list(arms[1:])] for number, arms in enumerate(designs)])
    hat: Floats = (whole[arm] - whole[first]) @ drawn
    return hat


def _only_direct(rows: list[tuple[int, int, int]], hat: Floats, at: int) -> bool:
    """True where no other design bears on this comparison: the hat row is 1 for itself and 0 elsewhere."""
    own = np.array([row[0] == rows[at][0] for row in rows])
    return bool(abs(hat[at, ~own]).sum() < ROUNDING)


def _changes(
    evidence: Evidence,
    designs: tuple[Arms, ...],
    design_of: Whole,
    laplacians: Floats,
    tau2: float,
) -> Floats:
    """Row design's disagreement less what is left of it when the column design is detached."""
    count, weights = len(designs), 1 / (evidence.v + tau2)
    drawn = np.array(
        [(evidence.x * np.where(design_of == d, weights, 0)[:, None]).T @ evidence.z for d in range(count)]
    )
    pooled = [
        np.linalg.pinv(one, rcond=1e-10, hermitian=True) @ told for one, told in zip(laplacians, drawn, strict=True)
    ]
    whole, told = laplacians.sum(axis=0), drawn.sum(axis=0)

    def disagreement(theta: Floats) -> Floats:
        gaps = np.array(pooled) - theta
        squares: Floats = np.einsum("di,dij,dj->d", gaps, laplacians, gaps)
        return squares

    everywhere = disagreement(np.linalg.pinv(whole, rcond=1e-10, hermitian=True) @ told)
    change = np.empty((count, count))
    for d in range(count):
        left = np.linalg.pinv(whole - laplacians[d], rcond=1e-10, hermitian=True) @ (told - drawn[d])
        change[:, d] = everywhere - disagreement(left)
        change[d, d] = everywhere[d]
    return change
