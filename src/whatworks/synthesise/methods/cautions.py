"""What a reader must know before using a pooled result, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from whatworks.stats.intervals import chi2_tail
from whatworks.synthesise.methods.heterogeneity import Spread

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
