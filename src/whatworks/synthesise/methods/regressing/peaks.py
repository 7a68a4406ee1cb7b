"""Where is each of many (restricted) likelihoods highest? A grid for all at once, then Newton's method inside brackets.

As in `synthesise.methods.likelihood`, with which it is compared: the slope is looked at between 0 and a bound past
which the likelihood only falls; every bracket is refined; the highest peak wins.
Source: Viechtbauer (2005), Journal of Educational and Behavioral Statistics 30(3), 261-293; Harville (1977), Journal of
the American Statistical Association 72(358), 320-338.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from whatworks.synthesise.methods.likelihood import LOG_2PI, STEPS
from whatworks.synthesise.methods.regressing.batches import Batch, Weighed, at_tau2, weigh_many
from whatworks.synthesise.methods.regressing.packed import inverted
from whatworks.synthesise.methods.regressing.slopes import Features, features, sides_and_bends, sides_on_grid
from whatworks.synthesise.methods.weighing import Floats

Places = NDArray[np.intp]
ENOUGH = 1e-8  # a Newton step below this share of tau2 leaves an error of its square
CELLS = 25_000  # numbers of a column of studies held at once: what a processor keeps close


class Peaks(NamedTuple):
    """The highest peak of each likelihood, (b,), and how many peaks each has."""

    tau2: Floats
    peaks: Places


def highest_peaks(these: Batch, restricted: bool) -> Peaks:
    """The tau2 (0 or above) of the highest (restricted) likelihood of every regression of the batch."""
    parts = min(these.size, 1 + these.size * these.y.shape[1] // CELLS)
    if parts == 1:
        return _highest(these, restricted)
    pieces = [_highest(these.some(rows), restricted) for rows in np.array_split(np.arange(these.size), parts)]
    return Peaks(np.concatenate([one.tau2 for one in pieces]), np.concatenate([one.peaks for one in pieces]))


def _highest(these: Batch, restricted: bool) -> Peaks:
    top = bounds(these)
    if not top.max() > 0:
        return Peaks(np.zeros(these.size), np.ones(these.size, dtype=np.intp))
    grid = _grid(float(these.v.min()), top if len(these.v) > 1 else top.max(keepdims=True))
    sums = features(these)
    fall, trace = sides_on_grid(sums, grid if len(these.v) > 1 else grid[0], restricted)
    rising = fall > trace
    which, where = np.nonzero(rising[:, :-1] & ~rising[:, 1:])
    points = np.broadcast_to(grid, fall.shape)
    low, high = points[which, where], points[which, where + 1]
    before, after = (np.log(fall[which, where + side] / trace[which, where + side]) for side in (0, 1))
    mine = sums if which.size == these.size and (which == np.arange(these.size)).all() else sums.some(which)
    unit = typical(these.v)
    start = (low + unit) * ((high + unit) / (low + unit)) ** (before / (before - after)) - unit
    found = roots(mine, low, high, np.clip(start, low, high), unit, restricted)
    at_zero = np.flatnonzero(~rising[:, 0])
    owners, tau2 = np.concatenate((at_zero, which)), np.concatenate((np.zeros(at_zero.size), found))
    return _best(these, owners, tau2, restricted)


def typical(v: Floats) -> float:
    """The harmonic mean of sampling variances: adding it to tau2 makes the likelihood's two sides nearly powers of it."""
    return v.size / float((1.0 / v).sum())


def _best(these: Batch, owners: Places, tau2: Floats, restricted: bool) -> Peaks:
    """Of the peaks found (owners: whose), the highest of each regression."""
    count = np.bincount(owners, minlength=these.size)
    answer = np.zeros(these.size)
    answer[owners] = tau2
    several = np.flatnonzero(count[owners] > 1)
    if several.size:
        some = these.some(owners[several])
        height = log_likelihoods(some, at_tau2(some, tau2[several]), restricted)
        order = several[np.argsort(height, kind="stable")]
        answer[owners[order]] = tau2[order]  # the highest of each owner is written last
    return Peaks(answer, np.maximum(count, 1))


def log_likelihoods(these: Batch, at: Weighed, restricted: bool) -> Floats:
    """The log-likelihoods with the coefficients at their best values, (b,), with metafor's constants.

    The restricted one holds half the log-determinant of X'X, which makes it the same in whatever units X is.
    """
    logs = these.counted(np.log(at.weights)).sum(axis=1)
    if not restricted:
        full: Floats = 0.5 * (logs - at.q - these.studies * LOG_2PI)
        return full
    whole = 0.0 if these.counts is None else inverted(these.squares(these.counts), these.wide)[1]
    part: Floats = 0.5 * (logs - at.q - these.free * LOG_2PI + whole - at.log_det)
    return part


def bounds(these: Batch) -> Floats:
    """A tau2 for each regression, (b,), beyond which its likelihood only falls; 0 where it falls from the start.

    There the largest squared pull, S / (least v + tau2)^2 with S the unweighted squares, is below the smallest trace.
    """
    least, most = these.v.min(axis=1), these.v.max(axis=1)
    apart = _far(these)
    spread = these.counted(apart * apart).sum(axis=1)
    top = spread + np.sqrt(spread * spread + 4 * these.free * spread * (most - least))
    answer: Floats = np.maximum(top / (2 * these.free) - least, 0.0)
    return answer


def _far(these: Batch) -> Floats:
    """Distances (1 or b, k) whose squares add up to no less than those of the best unweighted fit."""
    first = these.q[0]
    if len(these.y) == 1 < len(first) and float(np.ptp(first)) == 0:  # the mean will do, and is one for all
        answer: Floats = these.y - these.y.mean()
        return answer
    whole = Batch(these.y, these.v, these.q, None, these.pairs, these.free)  # to all studies, however often they count
    return weigh_many(whole, np.ones((1, these.y.shape[1]))).distance


def _grid(least: float, top: Floats) -> Floats:
    """Points from 0 to the bounds (1 or b,) in equal ratios: (1 or b, points)."""
    first = np.where(top > 0, np.minimum(least, top), least) * 1e-3
    ratio = np.where(top > 0, top * (1 + 1e-9) / first, 2.0)
    return np.hstack((np.zeros((top.size, 1)), first[:, None] * ratio[:, None] ** STEPS))


def roots(these: Features, low: Floats, high: Floats, start: Floats, unit: float, restricted: bool) -> Floats:
    """The peak of each likelihood between low (rising) and high (falling), where its two sides are equal.

    Newton's method on the logarithm of their ratio as a function of the logarithm of tau2 + unit, which is nearly a
    straight line, inside a bracket that closes.
    """
    answer, now, left = start.copy(), start, np.arange(start.size)
    for _ in range(100):
        if not left.size:
            break
        fall, trace, fall_bend, trace_bend = sides_and_bends(these, now, restricted)
        up = fall > trace
        low, high = np.where(up, now, low), np.where(up, high, now)
        with np.errstate(all="ignore"):
            change = (fall_bend / fall - trace_bend / trace) * (now + unit)
            new = (now + unit) * np.exp(np.clip(-np.log(fall / trace) / change, -50, 50)) - unit
        new = np.where((change < 0) & (new >= low) & (new <= high), new, (low + high) / 2)
        answer[left] = new
        moving = abs(new - now) > ENOUGH * new
        now = new
        if not moving.all():
            rows = np.flatnonzero(moving)
            these, low, high, now, left = these.some(rows), low[rows], high[rows], new[rows], left[rows]
    return answer
