"""The likelihood of the variance components, full (ML) and restricted (REML), with its slopes; metafor's constants.

Twice the slope in sigma2_j: y'P Z_j Z_j' P y - tr(P Z_j Z_j') under REML, with P = M^-1 - M^-1 X (X'M^-1X)^-1 X'M^-1;
under ML the trace is that of M^-1 Z_j Z_j'. Source: Harville (1977), JASA 72(358), 320-338.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi
from typing import NamedTuple

import numpy as np

from whatworks.synthesise.methods.multilevel.arranging import Arrangement, Link
from whatworks.synthesise.methods.multilevel.covariance import Solved, solve
from whatworks.synthesise.methods.multilevel.grouping import Floats, Numbers

LOG_2PI = log(2 * pi)
TINY = 1e-30  # the imaginary step: nothing is subtracted, so that no step is too small


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """y: (n,) effects and x: (p, n) orthonormal columns, rows in the arrangement's order; turn: (p, p), X = turn' x.

    The coefficients of X are those of x times turn^-1.
    """

    at: Arrangement
    y: Floats
    x: Floats
    turn: Floats
    restricted: bool

    @property
    def free(self) -> int:
        """The number of effects, less the coefficients under REML."""
        return self.y.size - self.restricted * len(self.x)


def problem(at: Arrangement, y: Floats, x: Floats, restricted: bool) -> Problem:
    """The problem for effects y (n,) and the model matrix x (n, p) of full rank, rows in the user's order."""
    basis, turn = np.linalg.qr(x[at.order])
    return Problem(at, y[at.order], np.ascontiguousarray(basis.T), turn, restricted)


class Weighed(NamedTuple):
    """The effects weighed by M^-1, B times. mx: (B, p, n); inverse: (B, p, p) of x M^-1 x'; beta; py: (B, n) P y."""

    solved: Solved
    mx: Numbers
    inverse: Numbers
    gram: Numbers
    beta: Numbers
    py: Numbers


def weighed(given: Problem, sigma2: Numbers) -> Weighed:
    """Generalised least squares at each row of sigma2 (B, J)."""
    p = len(given.x)
    solved = solve(given.at, np.concatenate([given.x, given.y[None]]), sigma2)
    mx, my = solved.columns[:, :p], solved.columns[:, p]
    gram = mx @ given.x.T
    inverse = np.linalg.inv(gram) if p > 1 else 1.0 / gram
    beta = (inverse @ (mx @ given.y)[:, :, None])[:, :, 0]
    py = my - (beta[:, None, :] @ mx)[:, 0]
    return Weighed(solved, mx, inverse, gram, beta, py)


def log_likelihoods(given: Problem, at: Weighed) -> Numbers:
    """The log-likelihood at each row (B,)."""
    spread = at.solved.logdet + (at.py * given.y).sum(axis=1)
    if given.restricted:
        if len(given.x) > 1:
            sign, size = np.linalg.slogdet(at.gram)
            spread = spread + size + (np.log(sign) if np.iscomplexobj(sign) else 0.0)
        else:
            spread = spread + np.log(at.gram[:, 0, 0])
    answer: Numbers = -0.5 * (given.free * LOG_2PI + spread)
    return answer


def slopes(given: Problem, at: Weighed) -> Numbers:
    """The slope of the log-likelihood in each component (B, J)."""
    answer = -at.solved.traces
    for link in (*given.at.inner, *given.at.chain, *given.at.crossed):
        if link.component is not None:
            answer[:, link.component] += _pull(link, at, given.restricted)
    return 0.5 * answer


def _pull(link: Link, at: Weighed, restricted: bool) -> Numbers:
    """y'P ZZ' P y, and under REML what estimating the coefficients takes off the trace."""
    part = link.levels.sums(at.py)
    answer: Numbers = (part * part).sum(axis=1)
    if restricted:
        by_level = link.levels.sums(at.mx)
        answer = answer + ((at.inverse @ by_level) * by_level).sum(axis=(1, 2))
    return answer


class Curved(NamedTuple):
    """The log-likelihood at one point with its slope (J,) and bend (J, J)."""

    value: float
    slope: Floats
    bend: Floats


def curved(given: Problem, sigma2: Floats) -> Curved:
    """Value, slope and bend at sigma2 (J,), all from one batch with imaginary steps."""
    if not sigma2.size:
        return Curved(float(log_likelihoods(given, weighed(given, sigma2[None]))[0]), sigma2, np.empty((0, 0)))
    step = TINY * (1 + float(given.at.v.max()))
    at = weighed(given, sigma2 + 1j * step * np.eye(sigma2.size))
    slope = slopes(given, at)
    bend = slope.imag / step
    return Curved(float(log_likelihoods(given, at)[0].real), slope[0].real.copy(), (bend + bend.T) / 2)
