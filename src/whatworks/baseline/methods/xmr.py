"""Has something changed here, or is this how the numbers come and go? The chart of individuals and moving ranges (XmR).

The limits come from how much a month differs from the one before, not from a law of counts: monthly counts of children vary
several times as much as a law of counts says, which would raise an alarm every third month.
Source: Wheeler and Chambers (1992), Understanding Statistical Process Control, second edition; the rules of runs follow
Provost and Murray (2011), The Health Care Data Guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart, Plane
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe

Floats = NDArray[np.float64]
REACH = 2.66  # three standard deviations in mean moving ranges: 3 / 1.128, rounded as the charts have it
SHIFT, TREND = 8, 6  # points on one side of the mean; points each above, or each below, the one before
FEW = 12  # points: with fewer the limits are hardly known
REFERENCE = "Wheeler DJ, Chambers DS (1992). Understanding Statistical Process Control (2nd ed.). SPC Press."


@dataclass(frozen=True, slots=True)
class Stretch(Result):
    """The points between two rebasings. first, last: their places, from 0; mean, low, high: their middle and limits."""

    first: int
    last: int
    mean: float
    low: float
    high: float
    why: str


@dataclass(frozen=True, slots=True)
class Movement(Told):
    """A series and what stands out in it. values: as judged, after the season is taken out where there is one; signals:
    for each point the rules that it breaks (outside, two of three, shift, trend); outside: points beyond the limits."""

    periods: tuple[str, ...]
    given_values: tuple[float, ...]
    values: tuple[float, ...]
    season: tuple[float, ...]
    stretches: tuple[Stretch, ...]
    signals: tuple[tuple[str, ...], ...]
    outside: int
    warnings: tuple[str, ...]
    given: dict[str, Any] = kept()

    def summary(self) -> str:
        """What stands out, in a sentence."""
        last = self.stretches[-1]
        told = [f"{when} ({', '.join(rules)})" for when, rules in zip(self.periods, self.signals, strict=True) if rules]
        seen = (
            f"stand out: {', '.join(told[:6])}{' and others' if len(told) > 6 else ''}"
            if told
            else "nothing stands out"
        )
        return f"{len(self.values)} points around {last.mean:.4g} (limits {last.low:.4g} to {last.high:.4g}): {seen}."

    def report(self) -> str:
        """How it was judged and what came out."""
        how = f"An XmR chart was drawn (limits at {REACH} mean moving ranges to each side of the mean"
        season = "; the month's usual share was taken out first" if self.season else ""
        parts = f"; limits set anew {len(self.stretches) - 1} time(s), with reasons" if len(self.stretches) > 1 else ""
        return paragraph([f"{how}{season}{parts}).", self.summary(), *self.warnings], [REFERENCE])

    def chart(self) -> Chart:
        """The points in their order, with mean and limits."""
        ends = [*self.values, *(end for one in self.stretches for end in (one.low, one.high))]
        edge = 0.05 * (max(ends) - min(ends)) or 1.0
        plane = Plane(x=(-0.5, len(self.values) - 0.5), y=(min(min(ends) - edge, 0.0), max(ends) + edge))
        for one in self.stretches:
            for value, dash in ((one.mean, ""), (one.low, "4 3"), (one.high, "4 3")):
                plane.line([(one.first - 0.5, value), (one.last + 0.5, value)], css="total", dash=dash)
        plane.line([*enumerate(self.values)])
        for place, (value, rules) in enumerate(zip(self.values, self.signals, strict=True)):
            plane.dot(place, value, hollow=not rules)
        plane.x_axis("place in the series")
        plane.y_axis("value")
        return plane.chart(
            "How the numbers come and go",
            "Filled marks break a rule; broken lines are the limits of ordinary coming and going.",
            ("period", "value", "as judged", "rules broken"),
            [*zip(self.periods, self.given_values, self.values, map(", ".join, self.signals), strict=True)],
        )

    def r_script(self) -> str:
        """The limits in base R."""
        lines = ["# Limits of an XmR chart; nothing but R is needed."]
        for one in self.stretches:
            part = ",".join(f"{value:.17g}" for value in self.values[one.first : one.last + 1])
            lines += [f"x <- c({part})", f"print(mean(x) + c(-1, 0, 1) * {REACH} * mean(abs(diff(x))), digits = 10)"]
        return "\n".join(lines) + "\n"

    @property
    def recipe(self) -> Recipe:
        """Enough to do it again."""
        return recipe("xmr", self.given)


def xmr(
    values: ArrayLike,
    periods: Sequence[str] | None = None,
    *,
    season: int = 0,
    rebase: Sequence[tuple[int, str]] = (),
) -> Movement:
    """Judge a series of numbers, (n,), in their order, by the limits of individuals and moving ranges.

    season: how many points make a year (12 for months), to take each month's usual share of the year out first; 0: none.
    rebase: places (from 0) at which limits begin anew, each with its reason, such as a change of definition. Raises
    InputError for missing numbers, fewer than two points in a stretch, or less than two years for a season.
    """
    x = _read(values)
    names = tuple(str(one) for one in (range(1, x.size + 1) if periods is None else periods))
    if len(names) != x.size:
        raise InputError(
            said("There are %(count)s periods for %(size)s numbers; give one for each.", count=len(names), size=x.size)
        )
    usual = _usual(x, season)
    judged = x if usual is None else x / usual[np.arange(x.size) % season]
    stretches = tuple(_stretches(judged, rebase))
    signals = tuple(rules for one in stretches for rules in _signals(judged[one.first : one.last + 1], one))
    told = {"values": x.tolist(), "periods": list(names), "season": season, "rebase": [list(one) for one in rebase]}
    return Movement(
        periods=names,
        given_values=tuple(x.tolist()),
        values=tuple(judged.tolist()),
        season=() if usual is None else tuple(usual.tolist()),
        stretches=stretches,
        signals=signals,
        outside=sum("outside" in rules for rules in signals),
        warnings=tuple(_cautions(stretches)),
        given=told,
    )


def _read(values: ArrayLike) -> Floats:
    try:
        x = np.atleast_1d(np.array(values, dtype=float))
    except (TypeError, ValueError):
        raise InputError(said("The values must be numbers, one for each period in their order.")) from None
    if x.ndim != 1 or x.size < 2:
        raise InputError(said("A series needs two numbers at least, one for each period in their order."))
    if not np.isfinite(x).all():
        raise InputError(
            said(
                "Value %(np)s is missing; a gap has no moving range: give it, or end there.",
                np=int(np.argmin(np.isfinite(x))) + 1,
            )
        )
    return x


def _usual(x: Floats, season: int) -> Floats | None:
    """Each month's usual share of its year (1 on average), from medians over years, so that one odd month counts little."""
    if season == 0:
        return None
    if season < 2 or x.size < 2 * season:
        raise InputError(
            said(
                "A season of %(season)s needs at least two whole years of values; there are %(size)s values.",
                season=season,
                size=x.size,
            )
        )
    years = x[: x.size - x.size % season].reshape(-1, season)
    means = years.mean(axis=1, keepdims=True)
    if not (means > 0).all():
        raise InputError(
            said("A year adds up to 0 or less, so months have no share of it; judge the series without a season.")
        )
    usual: Floats = np.median(years / means, axis=0)
    if not (usual > 0).all():
        raise InputError(said("A month is usually 0, so its season cannot be taken out; judge quarters instead."))
    return np.asarray(usual / usual.mean())


def _stretches(x: Floats, rebase: Sequence[tuple[int, str]]) -> Iterator[Stretch]:
    starts = [(0, ""), *sorted((int(place), str(why)) for place, why in rebase)]
    for (first, why), (following, _) in zip(starts, [*starts[1:], (x.size, "")], strict=True):
        if not 0 <= first < following <= x.size or following - first < 2:
            raise InputError(
                said(
                    "Limits begin anew at place %(first)s, which leaves fewer than two points; choose another place.",
                    first=first,
                )
            )
        if first and not why.strip():
            raise InputError(
                said("Say why the limits begin anew at place %(first)s; readers of the chart will ask.", first=first)
            )
        part = x[first:following]
        mean, reach = float(part.mean()), REACH * float(abs(np.diff(part)).mean())
        yield Stretch(first, following - 1, mean, mean - reach, mean + reach, why.strip())


def _signals(part: Floats, one: Stretch) -> Iterator[tuple[str, ...]]:
    """The rules that each point of a stretch breaks; a run marks all of its points."""
    third = (one.high - one.mean) / 3
    found: list[set[str]] = [set() for _ in part]
    for place in np.flatnonzero((part > one.high) | (part < one.low)).tolist():
        found[place].add("outside")
    for side in (1, -1):
        far = side * (part - one.mean) > 2 * third
        for last in range(2, part.size):
            if third > 0 and far[last - 2 : last + 1].sum() >= 2:
                for place in range(last - 2, last + 1):
                    if far[place]:
                        found[place].add("two of three")
        for run in _runs(side * (part - one.mean) > 0, SHIFT):
            for place in run:
                found[place].add("shift")
        for run in _runs(side * np.diff(part) > 0, TREND - 1):
            for place in (*run, run[-1] + 1):
                found[place].add("trend")
    order = ("outside", "two of three", "shift", "trend")
    yield from (tuple(rule for rule in order if rule in rules) for rules in found)


def _runs(yes: NDArray[np.bool_], least: int) -> Iterator[range]:
    """Stretches of at least so many in a row."""
    start = 0
    for place in range(yes.size + 1):
        if place == yes.size or not yes[place]:
            if place - start >= least:
                yield range(start, place)
            start = place + 1


def _cautions(stretches: Sequence[Stretch]) -> Iterator[str]:
    for one in stretches:
        if (count := one.last - one.first + 1) < FEW:
            yield f"Limits from place {one.first} on rest on {count} points; with fewer than {FEW} they are hardly known."
        if one.high == one.low:
            yield "Every point is the same, so the limits have no width."
