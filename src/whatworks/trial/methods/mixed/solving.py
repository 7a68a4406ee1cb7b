"""A mixed model at given variances: its criterion, and the forms of which its derivatives and tests are made.

In units of the variance within, V = I + Z L L' Z'. The first term's groups are taken out one by one (Z1, small blocks), what is left
is dense. With P = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1, either of M = Z'V^-1 Z and M = Z'P Z is block-diagonal less a product of low
rank, so that no matrix has the size of the data (as MixedModels.jl and lme4 factor it; Bates and others 2015, section 3).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cholesky, solve_triangular

from whatworks.trial.methods.mixed.products import Products
from whatworks.trial.methods.mixed.sums import Floats
from whatworks.trial.methods.mixed.terms import Shape, triangles

Parts = list[Floats]  # one for each term: (levels, width, columns)


@dataclass(frozen=True, slots=True)
class Solved:
    """With the first term taken out: `blocks` (L, k, k), `cross` (L, k, m), `rest` (m, m). `half` (b, b): half' half is what the other
    terms and the fixed effects take off. Logs of determinants `log_random` of V and `log_fixed` of X'V^-1 X; `rss` = y'P y.
    """

    products: Products
    theta: Floats
    blocks: Floats
    cross: Floats
    rest: Floats
    lower: Floats  # (b, b): L of the other terms, then the unit matrix
    half: Floats
    log_random: float
    log_fixed: float
    rss: float


def solve(products: Products, theta: Floats) -> Solved:
    """The model at parameters `theta`."""
    lowers = triangles(products.shapes, theta)
    blocks, cross, rest, log_first = _without_first(products, lowers[0])
    size, others = len(rest) - 1, products.others
    lower = _lower(products.shapes[1:], lowers[1:], size)
    root = _root(rest[:size, :size], lower, others)
    half = solve_triangular(root, lower.T, trans="T", check_finite=False)
    seen = half @ rest[:size, -1]
    log = np.log(np.diag(root))
    log_random = log_first + 2 * float(log[:others].sum())
    rss = float(rest[-1, -1] - seen @ seen)
    return Solved(
        products, theta, blocks, cross, rest, lower, half, log_random, 2 * float(log[others:].sum()), max(rss, 1e-300)
    )


def _without_first(products: Products, lower: Floats) -> tuple[Floats, Floats, Floats, float]:
    own, cross = products.own, products.cross
    width = own.shape[1]
    inner = lower.T @ own @ lower + np.eye(width)
    taken = lower @ np.linalg.inv(inner) @ lower.T
    through = taken * cross if width == 1 else taken @ cross  # a product of many 1 x 1 matrices is slow
    levels, _, m = cross.shape
    rest = products.rest - cross.reshape(levels * width, m).T @ through.reshape(levels * width, m)
    log = float(np.log(inner[:, 0, 0]).sum()) if width == 1 else float(np.linalg.slogdet(inner)[1].sum())
    lost = own * through if width == 1 else own @ through
    return own - own @ taken @ own, cross - lost, rest, log


def _lower(shapes: tuple[Shape, ...], lowers: list[Floats], size: int) -> Floats:
    found, at = np.eye(size), 0
    for shape, lower in zip(shapes, lowers, strict=True):
        stop = at + shape.effects
        found[at:stop, at:stop] = np.kron(np.eye(shape.levels), lower)
        at = stop
    return found


def _root(rest: Floats, lower: Floats, others: int) -> Floats:
    """The upper Cholesky factor of lower' rest lower, with ones added for the `others` random coefficients."""
    inner = lower.T @ rest @ lower
    inner[np.arange(others), np.arange(others)] += 1.0
    found: Floats = cholesky(inner, check_finite=False)
    return found


def criterion(solved: Solved, reml: bool) -> float:
    """Minus twice the log likelihood, restricted or not, at the best variance within; as lme4's."""
    made = solved.products
    freedom = made.rows - made.columns if reml else made.rows
    fixed = solved.log_fixed + 2 * float(np.log(np.abs(np.diag(made.triangle))).sum()) if reml else 0.0
    within = solved.rss * made.unit**2 / freedom
    return solved.log_random + fixed + freedom * (1 + math.log(2 * math.pi * within))


class View:
    """M of all terms by the forms above: with `fixed` through P, else through V^-1."""

    def __init__(self, solved: Solved, fixed: bool) -> None:
        made = solved.products
        self.shapes, self.others, self._blocks = made.shapes, made.others, solved.blocks
        size = len(solved.rest) - 1 if fixed else made.others
        self._rest, self._cross = solved.rest, solved.cross
        # The factor's leading part is the factor of the leading part.
        self._half = solved.half[:size, :size]
        levels, width, m = solved.cross.shape
        self._low = (solved.cross.reshape(-1, m)[:, :size] @ self._half.T).reshape(levels, width, size)
        self._seen = self._half @ solved.rest[:size]  # (size, m)
        self._beside = self._other(slice(0, self.others))
        self._among = solved.rest[: self.others, : self.others] - (
            self._seen[:, : self.others].T @ self._seen[:, : self.others]
        )

    def _other(self, columns: slice) -> Floats:
        levels, width, size = self._low.shape
        less = self._low.reshape(levels * width, size) @ self._seen[:, columns]
        found: Floats = self._cross[:, :, columns] - less.reshape(levels, width, less.shape[1])
        return found

    def columns(self, columns: slice) -> Parts:
        """Z' (P or V^-1) times columns of the dense part: of the fixed effects, or of the outcome."""
        rest = self._rest[: self.others, columns] - self._seen[:, : self.others].T @ self._seen[:, columns]
        return [self._other(columns), *self._split(rest)]

    def _split(self, rows: Floats) -> Parts:
        found, at = [], 0
        for shape in self.shapes[1:]:
            found.append(rows[at : at + shape.effects].reshape(shape.levels, shape.width, -1))
            at += shape.effects
        return found

    def form(self, parts: Parts) -> Floats:
        """parts' M parts."""
        count = parts[0].shape[2]
        first = parts[0]
        rest = np.concatenate([one.reshape(-1, count) for one in parts[1:]] or [np.zeros((0, count))])
        flat = first.reshape(-1, count)
        low = self._low.reshape(len(flat), -1).T @ flat
        mixed = flat.T @ self._beside.reshape(len(flat), -1) @ rest
        found: Floats = flat.T @ (self._blocks @ first).reshape(-1, count) - low.T @ low
        found += mixed + mixed.T + rest.T @ self._among @ rest
        return found

    def _corner(self, one: int, other: int) -> Floats:
        """M between two terms of which the second is not the first (levels, width, levels, width)."""
        a, b = self.shapes[one], self.shapes[other]
        starts = np.cumsum([0] + [shape.effects for shape in self.shapes[1:]])
        columns = slice(starts[other - 1], starts[other])
        if one == 0:
            return self._beside[:, :, columns].reshape(a.levels, a.width, b.levels, b.width)
        return self._among[starts[one - 1] : starts[one], columns].reshape(a.levels, a.width, b.levels, b.width)

    def own(self, term: int) -> Floats:
        """The sum over a term's groups of its blocks of M (width, width)."""
        if term == 0:
            turned = self._low.transpose(1, 0, 2).reshape(self._low.shape[1], -1)
            found: Floats = self._blocks.sum(axis=0) - turned @ turned.T
            return found
        found = np.einsum("lilj->ij", self._corner(term, term))
        return found

    def pairs(self, one: int, other: int) -> Floats:
        """The sum over groups l, g of the products M_lg[j, m] M_lg[i, n], as (j, m, i, n)."""
        if one == other == 0:
            return self._pairs_of_first()
        corner = self._corner(one, other).transpose(0, 2, 1, 3)
        shape = corner.shape[2:]
        flat = corner.reshape(-1, shape[0] * shape[1])
        found: Floats = (flat.T @ flat).reshape(*shape, *shape)
        return found

    def _pairs_of_first(self) -> Floats:
        levels, width, size = self._low.shape
        lost = np.einsum("lic,ljc->lij", self._low, self._low)
        plain, less = self._blocks.reshape(levels, -1), lost.reshape(levels, -1)
        crossed = plain.T @ less
        near = (plain.T @ plain - crossed - crossed.T).reshape(width, width, width, width)
        flat = self._low.reshape(levels, -1)
        gram = (flat.T @ flat).reshape(width, size, width, size)
        found: Floats = near + np.einsum("jcid,mcnd->jmin", gram, gram, optimize=True)
        return found
