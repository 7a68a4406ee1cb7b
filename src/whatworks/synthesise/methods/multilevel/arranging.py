"""In which order can the covariance of the effects be undone cheaply? Chain, blocks, and what crosses them.

M = V + sum_j sigma2_j Z_j Z_j'. Terms that nest in one another (effects in studies in regions) make a chain, which
costs time linear in the number of effects; a covariance given as blocks is inverted block by block; a factor that
crosses the others is kept as columns. Source: Woodbury's identity, applied from the finest level to the coarsest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from whatworks.synthesise.methods.multilevel.grouping import Floats, Grouping, Ints, crossing, grouping, joined
from whatworks.synthesise.methods.multilevel.sampling import Sampling, stacked


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """One term of the covariance: c * sum over levels of a a', with a the weights (None: ones) of the level's rows.

    component: which sigma2 is c; None where c is `fixed`.
    """

    levels: Grouping
    weights: Floats | None = None
    component: int | None = None
    fixed: float = 0.0

    def at(self, order: Ints) -> Link:
        """The same term with its rows in another order."""
        weights = None if self.weights is None else self.weights[order]
        return replace(self, levels=self.levels.at(order), weights=weights)


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Blocks of one size. rows: (m, s); v: (m, s, s) their fixed part; inner: for each term inside, who shares a level."""

    rows: Ints
    v: Floats
    inner: tuple[Floats, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Arrangement:
    """The pieces of M with rows in `order`. v: (n,) the diagonal at the bottom, unless stacks hold blocks instead.

    inner: terms inside the bottom (every row its own level, or inside a block); chain: terms from the coarsest to the
    finest, each nested in the one before; crossed: the columns (q, n) of what does not fit, with their terms' numbers.
    """

    order: Ints
    v: Floats
    stacks: tuple[Stack, ...]
    inner: tuple[Link, ...]
    chain: tuple[Link, ...]
    crossed: tuple[Link, ...]
    columns: Floats
    owner: Ints
    components: int


def arrange(sampling: Sampling, factors: Sequence[Grouping]) -> Arrangement:
    """Order the terms of M: V and one random intercept for each factor."""
    n, v = sampling.v.size, sampling.v
    links = [Link(factor, component=j) for j, factor in enumerate(factors)]
    if sampling.matrix is not None and sampling.within is not None:
        return _in_blocks(sampling, links, sampling.within)
    if sampling.within is not None:
        v = (1 - sampling.rho) * v
        links.append(Link(sampling.within, np.sqrt(sampling.v), fixed=sampling.rho))
    inner = [link for link in links if link.levels.single or link.levels.size == n]
    chain, crossed = _chained([link for link in links if link not in inner])
    if crossed and sampling.within is not None:
        blocks = joined([sampling.within, *(link.levels for link in crossed)], n)
        if _cubed(blocks) < n * sum(link.levels.size for link in crossed) ** 2:
            return _in_blocks(sampling, links[:-1], blocks)
    return _placed(v, (), inner, chain, crossed, len(factors))


def _in_blocks(sampling: Sampling, links: Sequence[Link], blocks: Grouping) -> Arrangement:
    """V in dense blocks, with the terms that stay inside them; coarser terms make the chain above."""
    n, inner, outer = sampling.v.size, list[Link](), list[Link]()
    for link in sorted(links, key=lambda one: -one.levels.size):
        if not (link.levels.determines(blocks) or blocks.determines(link.levels)):
            wider = joined([blocks, link.levels], n)
            if _cubed(wider) <= max(n * link.levels.size**2, 8 * _cubed(blocks)):
                blocks = wider
    for link in links:
        (inner if link.levels.determines(blocks) else outer).append(link)
    chain, crossed = _chained([link for link in outer if blocks.determines(link.levels)])
    crossed += [link for link in outer if not blocks.determines(link.levels)]
    order = _order([*chain, Link(blocks)])
    stacks = []
    for rows in stacked(blocks.at(order)):
        there = order[rows]
        codes = [link.levels.codes[there] for link in inner]
        shared = tuple((code[..., :, None] == code[..., None, :]).astype(float) for code in codes)
        stacks.append(Stack(rows, sampling.block(there), shared))
    return _placed(sampling.v, tuple(stacks), inner, chain, crossed, len(links), order)


def _cubed(blocks: Grouping) -> float:
    return float((blocks.counts().astype(float) ** 3).sum())


def _chained(links: Sequence[Link]) -> tuple[list[Link], list[Link]]:
    """The terms that nest, coarsest first, and those that cross them."""
    chain, crossed = list[Link](), list[Link]()
    for link in sorted(links, key=lambda one: -one.levels.size):
        (chain if not chain or chain[-1].levels.determines(link.levels) else crossed).append(link)
    return chain[::-1], crossed


def _order(chain: Sequence[Link]) -> Ints:
    """Rows with the levels of every term of the chain side by side."""
    order: Ints = np.lexsort([link.levels.codes for link in reversed(chain)])
    return order


def _placed(
    v: Floats,
    stacks: tuple[Stack, ...],
    inner: Sequence[Link],
    chain: Sequence[Link],
    crossed: Sequence[Link],
    components: int,
    order: Ints | None = None,
) -> Arrangement:
    """All pieces with their rows in one order."""
    n = v.size
    if order is None:
        order = _order(chain) if chain else np.arange(n)
    crossed = [link.at(order) for link in crossed]
    columns = [_columns(link, n) for link in crossed]
    owner = np.repeat(np.arange(len(crossed)), [len(some) for some in columns])
    return Arrangement(
        order,
        v[order],
        stacks,
        tuple(replace(link, levels=_as_rows(link.levels, n, order)) for link in inner),
        tuple(_contiguous(link.at(order)) for link in chain),
        tuple(crossed),
        np.concatenate(columns) if columns else np.empty((0, n)),
        owner,
        components,
    )


def _as_rows(levels: Grouping, n: int, order: Ints) -> Grouping:
    """A factor inside the bottom; one with a level for each row is the rows themselves, in any order."""
    return grouping(np.arange(n), n) if levels.size == n else levels.at(order)


def _contiguous(link: Link) -> Link:
    """Levels numbered in the order of the rows, so that they need no sorting."""
    steps = np.diff(link.levels.codes) != 0
    codes = np.concatenate(([0], np.cumsum(steps))).astype(np.intp)
    return replace(link, levels=grouping(codes, link.levels.size))


def _columns(link: Link, n: int) -> Floats:
    """A crossing term as columns (levels, n)."""
    columns = np.zeros((link.levels.size, n))
    columns[link.levels.codes, np.arange(n)] = 1.0 if link.weights is None else link.weights
    return columns


__all__ = ["Arrangement", "Link", "Stack", "arrange", "crossing"]
