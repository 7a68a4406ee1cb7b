"""Queue: the order in which reports are handed out, the random sample spread evenly through what a learner proposes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

RAREST = 0.02  # the sample is spread at least so densely, so that something can be estimated soon


def interleaved(ranked: Sequence[str], sampled: Sequence[str], share: float) -> list[str]:
    """Both in one order: one of the sample, then so many of the ranked that the sample keeps pace with the whole.

    `ranked` is best first and may name some of the sample again; each comes once, where it stands first. Without a
    sample the ranked alone; when one of the two ends, the other goes on.

    >>> interleaved(["a", "b", "c", "d"], ["c", "x"], 0.5)
    ['c', 'a', 'x', 'b', 'd']
    """
    if not sampled or share <= 0:
        return list(dict.fromkeys(ranked))
    every = max(round(1 / max(share, RAREST)) - 1, 1)
    return list(dict.fromkeys(_alternating(ranked, sampled, every)))


def _alternating(ranked: Sequence[str], sampled: Sequence[str], every: int) -> Iterator[str]:
    rest, chosen = iter(ranked), set(sampled)
    others = (one for one in rest if one not in chosen)
    for one in sampled:
        yield one
        yield from islice(others, every)
    yield from others
