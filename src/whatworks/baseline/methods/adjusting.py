"""What number would be usual for a place like this? Expected rates from one published input, such as child poverty.

A line is fitted to logarithms of rates over places, and says how much of their differences the input goes along with. It
says what is usual where the input is the same, never what is right, nor what causes what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.results import Result

LEAST = 10  # places: a line through fewer says little


@dataclass(frozen=True, slots=True)
class Expected(Result):
    """What is usual for a place: its rate, the rate usual where the input is the same, and their ratio."""

    area: str
    value: float
    given: float
    usual: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Adjusted(Result):
    """A line through places. slope: by how many per cent the rate goes with one more unit of the input; r2: the share of
    the differences between places (of logarithms) that goes along with it; spread: the standard deviation left."""

    intercept: float
    slope: float
    r2: float
    spread: float
    places: tuple[Expected, ...]

    def summary(self) -> str:
        """What the line says, in a sentence."""
        return said(
            "Over %(n)s places the input goes along with %(share)s per cent of the differences between rates; %(rest)s per "
            "cent do not go along with it.",
            n=len(self.places),
            share=f"{100 * self.r2:.0f}",
            rest=f"{100 - 100 * self.r2:.0f}",
        )


def adjusted(values: ArrayLike, given: ArrayLike, areas: Sequence[str]) -> Adjusted:
    """The rate usual for each place, (k,), from its input, (k,), by least squares on logarithms of rates.

    Raises InputError for fewer than ten places, rates not above 0, or an input that is the same everywhere.
    """
    y, x = (np.atleast_1d(np.asarray(column, dtype=float)) for column in (values, given))
    if y.shape != x.shape or y.ndim != 1 or y.size != len(areas):
        raise InputError(
            said(
                "There must be an input and a name for each rate: %(size)s, %(x_size)s and %(count)s.",
                size=y.size,
                x_size=x.size,
                count=len(areas),
            )
        )
    if y.size < LEAST:
        raise InputError(
            said(
                "There are %(size)s places with a rate and an input; a line needs %(least)s at least.",
                size=y.size,
                least=LEAST,
            )
        )
    if not (np.isfinite(x).all() and np.isfinite(y).all() and (y > 0).all()):
        raise InputError(said("Rates must be above 0 and inputs numbers; leave out places without."))
    log, centred = np.log(y), x - x.mean()
    if not (centred**2).sum() > 0:
        raise InputError(said("The input is the same everywhere, so nothing goes along with it."))
    slope = float(centred @ log / (centred**2).sum())
    intercept = float(log.mean() - slope * x.mean())
    usual = np.exp(intercept + slope * x)
    left = float(((log - np.log(usual)) ** 2).sum())
    total = float(((log - log.mean()) ** 2).sum())
    rows = zip(areas, y.tolist(), x.tolist(), usual.tolist(), (y / usual).tolist(), strict=True)
    return Adjusted(
        intercept=intercept,
        slope=100 * float(np.expm1(slope)),
        r2=1 - left / total if total > 0 else 0.0,
        spread=(left / (y.size - 2)) ** 0.5,
        places=tuple(Expected(*row) for row in rows),
    )
