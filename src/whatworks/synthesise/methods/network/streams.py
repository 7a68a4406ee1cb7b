"""Through which comparisons does the evidence for each effect flow, and how much does each contribute?

A network effect is a flow of evidence from one treatment to the other along direct comparisons, a random walk that
never turns back; a path's share is divided equally among the comparisons on it. The walks are summed by their length,
so no path is ever listed.
Sources: Davies, Papakonstantinou, Nikolakopoulou, Ruecker and Galla (2022), Statistics in Medicine 41(12), 2091-2114
(walks); Papakonstantinou et al. (2018), F1000Research 7, 610 (streams and contributions).
"""

from __future__ import annotations

import numpy as np

from whatworks.synthesise.methods.network.evidence import Whole
from whatworks.synthesise.methods.weighing import Floats

STILL = 1e-12  # flow below this part of the whole is rounding: the walk does not go there


def contributions(laplacian: Floats, first: Whole, second: Whole) -> Floats | None:
    """The share (c, n, n) of each direct comparison (i, j) in each network effect first over second (c of them).

    laplacian (n, n): the network's information. Each share table is symmetric; its upper half sums to 1. None when a
    multi-arm study gives a comparison a negative weight, for which walks mean nothing.
    """
    n = laplacian.shape[0]
    weights = -laplacian.copy()
    np.fill_diagonal(weights, 0.0)
    if weights.min() < -STILL * weights.max():
        return None
    inverse = np.linalg.pinv(laplacian, rcond=1e-12, hermitian=True)
    answer = np.empty((first.size, n, n))
    for at, (a, b) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        level = inverse[a] - inverse[b]
        flow = weights * (level[:, None] - level)
        flow[flow < STILL] = 0.0
        answer[at] = _shares(flow, a, b)
    return answer


def _shares(flow: Floats, a: int, b: int) -> Floats:
    """Each comparison's share: the chance that a walk from a to b passes it, divided by the walk's length."""
    n = flow.shape[0]
    out = flow.sum(axis=1)
    step = np.divide(flow, out[:, None], out=np.zeros_like(flow), where=out[:, None] > 0)
    step[b] = 0.0
    ahead, behind = [np.eye(n)[a]], [np.eye(n)[b]]
    for _ in range(n - 2):
        ahead.append(ahead[-1] @ step)
        behind.append(step @ behind[-1])
    come, gone = np.array(ahead), np.array(behind)
    lengths = np.arange(len(ahead))
    parted = come.T @ (1.0 / (lengths[:, None] + lengths + 1)) @ gone
    shares: Floats = step * parted
    return shares + shares.T
