"""What a reader must know before using a pooled result, in plain sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.intervals import chi2_tail
from whatworks.synthesise.methods.heterogeneity import Spread
from whatworks.synthesise.methods.weighing import Floats

FEW = 5  # below five studies tau2 is hardly known: Langan et al. (2019), Research Synthesis Methods 10(1), 83-98
DOUBT = 0.10  # the customary level of the Q test, which has little power


class Asked(Protocol):
    """The part of a method that cautions turn on."""

    @property
    def model(self) -> str: ...
    @property
    def interval(self) -> str: ...


def cautions(method: Asked, k: int, q: float, spread: Spread, scale: float | None) -> tuple[str, ...]:
    """The sentences that apply. scale: the Hartung-Knapp factor as used, None where it is not."""
    if k == 1:
        return tuple(_single(method))
    if method.model == "common":
        return (*_common(k, q), *_interval(method, scale))
    return (*_random(k, spread), *_interval(method, scale))


def _single(method: Asked) -> Iterator[str]:
    yield "One study: this is that study's own result; how much effects differ between studies cannot be known."
    if method.interval != "wald":
        yield "One study leaves no degrees of freedom, so the interval is the normal (wald) one."


def _common(k: int, q: float) -> Iterator[str]:
    if chi2_tail(q, k - 1) < DOUBT:
        yield "The studies differ more than chance explains, yet a common-effect model assumes one true effect."


def _random(k: int, spread: Spread) -> Iterator[str]:
    if k < FEW:
        yield f"Only {k} studies: how much effects differ between studies is hardly known."
    if k < 3:
        yield "No prediction interval: it needs at least three studies."
    if spread.high == 0:
        yield "The studies agree more closely than chance leads one to expect; the interval of tau2 is empty."
    if spread.peaks > 1:
        yield f"The likelihood has {spread.peaks} peaks; tau2 is at the highest, where other programs may not look."


def _interval(method: Asked, scale: float | None) -> Iterator[str]:
    if scale is None:
        return
    if method.model == "common":
        yield "The Hartung-Knapp interval is not meant for a common-effect model."
    if scale == 0:
        yield "All studies report the same effect, so the Hartung-Knapp interval shrinks to a point; do not use it."
    elif scale < 1:
        yield (
            "The Hartung-Knapp interval rests on a standard error smaller than the usual one "
            f"(by a factor of {scale**0.5:.2f}); hksj-adhoc does not allow this."
        )


def refuse_mixtures(metrics: Sequence[str] | None, directions: Sequence[str] | None) -> None:
    """InputError where effects on different scales, or with different good directions, would be put together."""
    if metrics and len(kinds := sorted(set(metrics))) > 1:
        raise InputError(
            said(
                "The effects are on different scales (%(kinds)s): convert them to one, or pool each by itself.",
                kinds=", ".join(kinds),
            )
        )
    if directions and len(kinds := sorted(set(directions))) > 1:
        raise InputError(
            said(
                "The effects do not point the same way (%(kinds)s): turn the sign of those that differ, then pool.",
                kinds=", ".join(kinds),
            )
        )


def suspicions(y: Floats, v: Floats, names: Sequence[str] | None, spread: Spread, random: bool) -> Iterator[str]:
    """What may be wrong with the studies as given, each with what to do."""
    if names and len(set(names)) < len(names):
        yield _hiding(names)
    if y.size > 1 and (twins := _twins(y, v)):
        rows = " and ".join(map(str, twins))
        yield f"Rows {rows} have the same effect and variance: if they are one cohort reported twice, keep one of them."
    if random and spread.tau2 == 0 and spread.high:
        yield (
            f"tau2 is estimated as 0, the lowest it can be, yet up to {spread.high:.3g} fits these studies: do not read it as "
            "proof that the effects are alike."
        )


def _hiding(names: Sequence[str]) -> str:
    counted = [name for name, times in Counter(names).items() if times > 1]
    rows = [str(row) for row, one in enumerate(names, start=1) if one == counted[0]]
    listed = ", ".join(rows[:5]) + (" and more" if len(rows) > 5 else "")
    others = f", and so does {counted[1]}" if len(counted) > 1 else ""
    return (
        f"{counted[0]} gives several effects (rows {listed}){others}: effects of one study are not independent, so use "
        "the multilevel model, or choose or combine one effect per study."
    )


def _twins(y: Floats, v: Floats) -> tuple[int, int] | None:
    """The first two rows (from 1) with the same effect and variance."""
    sizes = np.sort(y)
    if (sizes[1:] != sizes[:-1]).all():
        return None
    order = np.lexsort((v, y))
    same = np.flatnonzero((np.diff(y[order]) == 0) & (np.diff(v[order]) == 0))
    if not same.size:
        return None
    first, second = sorted((int(order[same[0]]) + 1, int(order[same[0] + 1]) + 1))
    return first, second
