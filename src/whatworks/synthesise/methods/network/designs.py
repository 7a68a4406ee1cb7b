"""Do studies of different designs agree? A design is a set of treatments compared within one study.

Q splits into what differs between studies of the same design (heterogeneity) and between designs (inconsistency): the
design-by-treatment interaction. The net heat plot shows which designs disagree, and with which.
Sources: Higgins, Jackson, Barrett, Lu, Ades and White (2012), Research Synthesis Methods 3(2), 98-110; Krahn, Binder and
Koenig (2013), BMC Medical Research Methodology 13, 35.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whatworks.stats.intervals import chi2_tail
from whatworks.stats.results import Result
from whatworks.synthesise.methods.network.evidence import Evidence, Whole
from whatworks.synthesise.methods.network.spreading import Dense, Estimator, by_groups, estimate, fit
from whatworks.synthesise.methods.weighing import Floats

ROUNDING = 1e-9  # a hat value this near to 1, or a sum of squares this small beside Q, is exact up to rounding
Arms = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Q(Result):
    """A weighted sum of squares on df degrees of freedom, and the chance of one as large. p is None when df is 0."""

    q: float
    df: int
    p: float | None


@dataclass(frozen=True, slots=True)
class Design(Result):
    """The studies of one design. within: heterogeneity between them, as a Q; between: their share of the inconsistency
    as a sum of squares; detached: the Q of what inconsistency is left when these studies are taken out."""

    treatments: tuple[str, ...]
    studies: int
    within: Q
    between: float
    detached: Q


@dataclass(frozen=True, slots=True)
class Decomposition(Result):
    """Q in all = within designs + between designs, with a common effect.

    random: the test between designs with heterogeneity allowed for (tau2_within, by the network's own estimator, from
    studies of the same design only; None where no design has enough studies, or the model is common).
    """

    total: Q
    within: Q
    between: Q
    random: Q | None
    tau2_within: float | None
    designs: tuple[Design, ...]


def tested(q: float, df: int) -> Q:
    """The test of a sum of squares; one on no degrees of freedom is 0 but for rounding."""
    return Q(max(0.0, q), df, float(chi2_tail(max(0.0, q), df))) if df > 0 else Q(0.0, 0, None)


def grouped(evidence: Evidence) -> tuple[tuple[Arms, ...], Whole]:
    """The designs in order, and the design of each observation."""
    designs = tuple(sorted(set(evidence.arms), key=lambda arms: (arms[0], len(arms), arms)))
    place = {arms: at for at, arms in enumerate(designs)}
    of_study = np.array([place[arms] for arms in evidence.arms], dtype=np.intp)
    return designs, of_study[evidence.owner]


def decompose(evidence: Evidence, estimator: Estimator | None) -> Decomposition:
    """The decomposition of Q. estimator: of tau2 within designs; None with a common effect."""
    designs, design_of = grouped(evidence)
    order, sizes = np.argsort(design_of, kind="stable"), np.bincount(design_of)
    rows = np.split(order, np.cumsum(sizes)[:-1])
    apart = by_groups(evidence.z, evidence.v, evidence.x, rows, [arms[1:] for arms in designs])
    joint = Dense(evidence.z, evidence.v, evidence.x[:, 1:])
    within = [
        by_groups(evidence.z, evidence.v, evidence.x, [here], [arms[1:]]).sums(0.0).q
        for here, arms in zip(rows, designs, strict=True)
    ]
    total, inside = tested(joint.sums(0.0).q, evidence.free), tested(sum(within), apart.df)
    random, tau2 = None, None
    if estimator is not None and 0 < apart.df < evidence.free:
        tau2 = estimate(apart, estimator)
        random = tested(joint.sums(tau2).q - apart.sums(tau2).q, evidence.free - apart.df)
    told = _told(evidence, designs, rows, within)
    return Decomposition(total, inside, tested(total.q - inside.q, evidence.free - apart.df), random, tau2, told)


def _told(evidence: Evidence, designs: tuple[Arms, ...], rows: list[Whole], within: list[float]) -> tuple[Design, ...]:
    """Each design with its part of Q within and between designs, and what is left when it is detached."""
    at = fit(evidence.z, evidence.v, evidence.x[:, 1:])
    information = np.empty((len(designs), at.beta.size, at.beta.size))
    drawn, everywhere = np.empty((len(designs), at.beta.size)), []
    for number, here in enumerate(rows):
        x = evidence.x[here, 1:]
        information[number], drawn[number] = (x.T * at.weights[here]) @ x, x.T @ at.pull[here]
        everywhere.append(float((at.pull[here] ** 2 / at.weights[here]).sum()))
    ranks, regained = _without(information.sum(axis=0) - information, drawn)
    answer, whole = [], sum(within)
    effects = sum(len(arms) - 1 for arms in designs)
    for number, arms in enumerate(designs):
        spare = len(rows[number]) - len(arms) + 1
        left = at.q - everywhere[number] - regained[number] - (whole - within[number])
        free = effects - len(arms) + 1 - ranks[number]
        answer.append(
            Design(
                tuple(evidence.treatments[arm] for arm in arms),
                len(rows[number]) // (len(arms) - 1),
                tested(within[number], spare),
                _exact(everywhere[number] - within[number], at.q),
                tested(_exact(left, at.q), free),
            )
        )
    return tuple(answer)


def _without(information: Floats, drawn: Floats) -> tuple[list[int], list[float]]:
    """For the information that is left without each design: its rank, and by how much Q falls when it is fitted anew.

    drawn: what the design itself pulls at the joint fit, so what the others pull the other way.
    """
    values, vectors = np.linalg.eigh(information)
    known = values > ROUNDING * np.maximum(values[:, -1:], np.finfo(float).tiny)
    along = np.einsum("dij,di->dj", vectors, drawn)
    regained = np.divide(along * along, values, out=np.zeros_like(along), where=known).sum(axis=1)
    return known.sum(axis=1).tolist(), regained.tolist()


def _exact(value: float, beside: float) -> float:
    return value if value > ROUNDING * beside else 0.0
