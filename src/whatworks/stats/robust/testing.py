"""Tests from a robust variance when clusters are few: Satterthwaite's t, and Hotelling's T2 approximated (AHT, HTZ).

Sources: Bell and McCaffrey (2002); Tipton and Pustejovsky (2015), Journal of Educational and Behavioral Statistics
40(6), 604-634 (HTZ: the sum of the variances matched to a Wishart's). Checked against clubSandwich 0.5.8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import fdtrc

from whatworks.stats.results import Result
from whatworks.stats.robust.adjusting import NOTHING, Pieces
from whatworks.stats.robust.clusters import Floats


@dataclass(frozen=True, slots=True)
class JointTest(Result):
    """That several combinations of coefficients are all as supposed. statistic: F on df1 and df2 degrees of freedom.

    delta: by how much T2 / q was scaled to that distribution. All but df1 are None where the clusters are too few, or
    one of them fixes a combination by itself.
    """

    statistic: float | None
    delta: float | None
    df1: int
    df2: float | None
    p: float | None
    test: str = "HTZ"


class Shape(NamedTuple):
    """The robust variance as the working model expects it, for q combinations of coefficients.

    total: (q, q) its mean; spread: (q, q) the variance of each of its entries.
    """

    total: Floats
    spread: Floats


def shape(found: Pieces, bread: Floats, meat: Floats, across: Floats | None, rows: Floats) -> Shape:
    """Mean and variance of C V C' for rows C (q, p). meat: X'W Phi W X; across: (p, p, m, m) where clusters hang together.

    Each entry is the sum over clusters of products of normal variables with covariance diag(own) + L K L', so that its
    variance takes time linear in the number of clusters.
    """
    seen = np.concatenate([rows @ found.design, rows @ found.seen], axis=2).transpose(1, 0, 2)
    crossed = bread @ meat @ bread
    core = np.block([[crossed, -bread], [-bread, np.zeros_like(bread)]])
    if across is not None:
        return _whole(np.einsum("sp,tq,pqij->stij", rows, rows, across) + _low_rank(seen, core))
    own = (rows @ found.own @ rows.T).transpose(1, 2, 0)
    beside = np.einsum("smj,tmj->stm", seen @ core, seen)
    total = (own + beside).sum(axis=2)
    linked = np.einsum("smi,tmj->stij", seen, seen)
    by_core = core @ linked
    each, each_beside = np.einsum("ssm->sm", own), np.einsum("ssm->sm", beside)
    both = each @ each.T + each @ each_beside.T + each_beside @ each.T
    both += np.einsum("stij,tsji->st", by_core, by_core)
    swapped = (own * own + 2 * own * beside).sum(axis=2) + np.einsum("tsij,tsji->st", by_core, by_core)
    return Shape(total, both + swapped)


def _low_rank(seen: Floats, core: Floats) -> Floats:
    answer: Floats = np.einsum("smj,tnj->stmn", seen @ core, seen)
    return answer


def _whole(covariances: Floats) -> Shape:
    """The same where every pair of clusters hangs together: covariances (q, q, m, m)."""
    total = np.einsum("stii->st", covariances)
    both = np.einsum("ssij,ttij->st", covariances, covariances)
    swapped = np.einsum("stij,stji->st", covariances, covariances)
    return Shape(total, both + swapped)


def satterthwaite(one: Shape, usual: float) -> float:
    """Degrees of freedom of a single combination, 2 mean^2 / variance; 0 where its residuals show no chance at all.

    usual: the variance of the combination by the working model, beside which the mean is judged.
    """
    if not one.total[0, 0] > NOTHING * usual:
        return 0.0
    return float(2 * one.total[0, 0] ** 2 / one.spread[0, 0])


def hotelling(values: Floats, covariance: Floats, standard: Floats, spread_of: Shape) -> JointTest:
    """HTZ: T2 = values' covariance^-1 values against a scaled F. values: (q,); spread_of: of the standardised rows.

    standard: (q, q) the inverse root of the covariance expected, by whose units a covariance without a direction is seen.
    """
    q = values.size
    if np.linalg.matrix_rank(standard) < q:
        return JointTest(None, None, q, None, None)
    eta = q * (q + 1) / float(spread_of.spread.sum())
    df2, flat = eta - q + 1, np.linalg.eigvalsh(standard @ covariance @ standard)
    if flat[0] <= 1e-10 * flat[-1] or not df2 > 0:
        return JointTest(None, None, q, None, None)
    delta, scale = float(values @ np.linalg.solve(covariance, values)) / q, df2 / eta
    return JointTest(scale * delta, scale, q, df2, float(fdtrc(q, df2, scale * delta)))


def inverse_root(matrix: Floats) -> Floats:
    """The symmetric inverse square root of a positive definite matrix, directions without variance left out."""
    values, vectors = np.linalg.eigh(matrix)
    kept = values > max(1e-12 * values[-1], 1e-300)
    answer: Floats = (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T
    return answer
