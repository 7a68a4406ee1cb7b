"""The covariance M of the effects, undone: M^-1 times columns, log det M, and the traces that slopes need.

Works on a batch of variance components at once, of real numbers or of complex ones: with sigma2_j + ih in place of
sigma2_j the imaginary parts are derivatives to the last digit (Squire and Trapp 1998, SIAM Review 40(1), 110-112).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from whatworks.synthesise.methods.multilevel.arranging import Arrangement, Link
from whatworks.synthesise.methods.multilevel.grouping import Floats, Numbers


class Solved(NamedTuple):
    """columns: (B, q, n) M^-1 times the columns; logdet: (B,); traces: (B, J) of M^-1 Z_j Z_j'."""

    columns: Numbers
    logdet: Numbers
    traces: Numbers


def solve(at: Arrangement, columns: Floats, sigma2: Numbers) -> Solved:
    """Undo M for columns (q, n), rows in the arrangement's order, at each of the B rows of sigma2 (B, J)."""
    asked = len(columns)
    weights = [np.ones(at.v.size) if link.weights is None else link.weights for link in at.chain]
    everything = np.concatenate([columns, at.columns, *(one[None] for one in weights)])
    bottom = _blocks if at.stacks else _diagonal
    images, logdet, traces = bottom(at, everything, sigma2)
    for place in range(len(at.chain) - 1, -1, -1):
        logdet = logdet + _lift(at, place, asked + len(at.columns), images, traces, sigma2)
    if len(at.columns):
        return _cross(at, asked, images, logdet, traces, sigma2)
    return Solved(images[:, :asked], logdet, traces)


def _diagonal(at: Arrangement, columns: Floats, sigma2: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The bottom where every row stands alone."""
    own = [link.component for link in at.inner if link.component is not None]
    variance = at.v + sigma2[:, own].sum(axis=1)[:, None]
    inverse = 1.0 / variance
    traces = np.zeros((len(sigma2), at.components), dtype=sigma2.dtype)
    traces[:, own] = inverse.sum(axis=1)[:, None]
    return inverse[:, None, :] * columns, np.log(variance).sum(axis=1), traces


def _blocks(at: Arrangement, columns: Floats, sigma2: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The bottom where rows stand in dense blocks."""
    images = np.empty((len(sigma2), *columns.shape), dtype=sigma2.dtype)
    logdet = np.zeros(len(sigma2), dtype=sigma2.dtype)
    traces = np.zeros((len(sigma2), at.components), dtype=sigma2.dtype)
    for rows, v, inner in ((stack.rows, stack.v, stack.inner) for stack in at.stacks):
        blocks = np.repeat(v[None].astype(sigma2.dtype), len(sigma2), axis=0)
        for link, shared in zip(at.inner, inner, strict=True):
            blocks += sigma2[:, link.component, None, None, None] * shared
        inverse = np.linalg.inv(blocks)
        sign, size = np.linalg.slogdet(blocks)
        logdet += (np.log(sign) + size).sum(axis=1) if np.iscomplexobj(sign) else size.sum(axis=1)
        for link, shared in zip(at.inner, inner, strict=True):
            traces[:, link.component] += np.einsum("bmst,mst->b", inverse, shared)
        part = columns[:, rows].transpose(1, 2, 0)
        images[:, :, rows] = (inverse @ part).transpose(0, 3, 1, 2)
    return images, logdet, traces


def _strength(link: Link, sigma2: Numbers) -> Numbers:
    """c of a term, (B, 1)."""
    if link.component is None:
        return np.full((len(sigma2), 1), link.fixed, dtype=sigma2.dtype)
    answer: Numbers = sigma2[:, link.component, None]
    return answer


def _weighed(values: Numbers, link: Link) -> Numbers:
    return values if link.weights is None else values * link.weights


def _lift(at: Arrangement, place: int, before: int, images: Numbers, traces: Numbers, sigma2: Numbers) -> Numbers:
    """Add one term of the chain to what is undone so far: images and traces change in place; returns log det's part."""
    link, own = at.chain[place], before + place
    strength, mine = _strength(link, sigma2), images[:, own]
    inside = link.levels.sums(_weighed(mine, link))
    scale = 1 + strength * inside
    share = strength / scale
    others = images[:, :own]
    pull = link.levels.sums(_weighed(others, link)) * share[:, None, :]
    others -= link.levels.spread(pull) * mine[:, None, :]
    share_by_row = link.levels.spread(share)
    for finer in (*at.inner, *at.chain[place + 1 :]):
        if finer.component is not None:
            part = finer.levels.sums(_weighed(mine, finer))
            traces[:, finer.component] -= (share_by_row[:, finer.levels.first] * (part * part)).sum(axis=1)
    if link.component is not None:
        traces[:, link.component] = (inside / scale).sum(axis=1)
    answer: Numbers = np.log(scale).sum(axis=1)
    return answer


def _cross(at: Arrangement, asked: int, images: Numbers, logdet: Numbers, traces: Numbers, sigma2: Numbers) -> Solved:
    """Add the terms that cross the chain, all at once."""
    strengths = np.concatenate([_strength(link, sigma2) for link in at.crossed], axis=1)[:, at.owner]
    wide = len(at.columns)
    solved, beside = images[:, :asked], images[:, asked : asked + wide]
    inside = beside @ at.columns.T
    scale = np.eye(wide) + inside * strengths[:, None, :]
    middle = strengths[:, :, None] * np.linalg.inv(scale)
    result = solved - (solved @ at.columns.T) @ middle @ beside
    for link in (*at.inner, *at.chain):
        if link.component is not None:
            part = link.levels.sums(_weighed(beside, link))
            traces[:, link.component] -= ((middle @ part) * part).sum(axis=(1, 2))
    own = np.diagonal(inside - inside @ middle @ inside, axis1=1, axis2=2)
    for number, link in enumerate(at.crossed):
        if link.component is not None:
            traces[:, link.component] = own[:, at.owner == number].sum(axis=1)
    sign, size = np.linalg.slogdet(scale)
    return Solved(result, logdet + size + (np.log(sign) if np.iscomplexobj(sign) else 0.0), traces)
