"""How likely a result was to be seen, as steps of its p value: where the steps lie on the scale of the effects.

p is one-sided (`greater`: small for large effects, `less`: for low ones) or two-sided. `less` is fitted as `greater` on
effects with their signs turned, so that everything below speaks of large effects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.synthesise.methods.weighing import Floats

Side = Literal["greater", "less", "two-sided"]


@dataclass(frozen=True, slots=True)
class Steps:
    """The intervals of p and where they lie. ends: their upper ends, the last one 1.

    cuts: the z values (M, falling) between stretches of y / se; stretch: which interval each of the M + 1 stretches, from
    the largest effects down, belongs to; turns (M, J): +1 and -1 for the intervals on both sides of each cut.
    """

    ends: tuple[float, ...]
    cuts: Floats
    stretch: NDArray[np.intp]
    turns: Floats

    @property
    def intervals(self) -> int:
        """How many intervals of p there are."""
        return len(self.ends)


def steps_of(ends: Sequence[float], two_sided: bool) -> Steps:
    """The steps at these p values, sorted, with 1 added; InputError where one is no proportion or there is none."""
    try:
        given = sorted({float(end) for end in ends} | {1.0})
    except (TypeError, ValueError):
        raise InputError(said("The steps must be p values between 0 and 1, such as 0.025; correct them.")) from None
    if len(given) < 2 or given[0] <= 0 or given[-1] > 1 or not np.isfinite(given).all():
        raise InputError(
            said("The steps must be p values between 0 and 1, such as 0.025, and at least one; correct them.")
        )
    inner = np.asarray(given[:-1])
    above = -ndtri(inner / 2 if two_sided else inner)
    cuts = np.concatenate((above, -above[::-1])) if two_sided else above
    up = np.arange(len(given))
    stretch = np.concatenate((up, up[-2::-1])) if two_sided else up
    turns = np.zeros((cuts.size, len(given)))
    turns[np.arange(cuts.size), stretch[1:]] += 1
    turns[np.arange(cuts.size), stretch[:-1]] -= 1
    return Steps(tuple(given), cuts, stretch, turns)


def p_values(y: Floats, se: Floats, two_sided: bool) -> Floats:
    """The p value of each effect: one-sided for large effects, or two-sided."""
    z = y / se
    answer: Floats = 2 * ndtr(-abs(z)) if two_sided else ndtr(-z)
    return answer


def placed(p: Floats, steps: Steps) -> NDArray[np.intp]:
    """Which interval each p value lies in: above the end before, up to and with its own."""
    answer: NDArray[np.intp] = np.searchsorted(np.asarray(steps.ends[:-1]), p, side="left")
    return answer


def shares(u: Floats, steps: Steps) -> Floats:
    """The chance of each interval, (..., J), from cuts in standard units u (..., M), without loss in either tail."""
    if steps.cuts.size == 1:
        two: Floats = np.concatenate((ndtr(-u), ndtr(u)), axis=-1)
        return two
    ones, zeros = np.ones((*u.shape[:-1], 1)), np.zeros((*u.shape[:-1], 1))
    below = np.concatenate((ones, ndtr(u), zeros), axis=-1)  # chance of being below the cut; above the first: certain
    above = np.concatenate((zeros, ndtr(-u), ones), axis=-1)
    high = np.concatenate((u > 0, np.zeros((*u.shape[:-1], 1), dtype=bool)), axis=-1)
    of_stretch: Floats = np.where(high, above[..., 1:] - above[..., :-1], below[..., :-1] - below[..., 1:])
    if steps.stretch.size == steps.intervals:
        return of_stretch
    answer = np.zeros((*u.shape[:-1], steps.intervals))
    for at, interval in enumerate(steps.stretch):
        answer[..., interval] += of_stretch[..., at]
    return answer
