"""How far do effects reach, when they have no usable variances? Median, quartiles and range, in all and by group.

Source: Cochrane Handbook, section 12.2.1.1 (summarising effect estimates). Quartiles are R's default (type 7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart, Plane
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.narrative import references
from whatworks.synthesise.methods.weighing import Floats


@dataclass(frozen=True, slots=True)
class Reach(Result):
    """The effects of a group: how many, their median, quartiles and ends."""

    group: str
    k: int
    median: float
    lower_quartile: float
    upper_quartile: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class EffectRange(Told):
    """Where effects lie: in all, and in each group in the order first met. Nothing here weighs studies."""

    k: int
    overall: Reach
    groups: tuple[Reach, ...]
    warnings: tuple[str, ...]
    yi: tuple[float, ...] = kept()
    labels: tuple[str, ...] | None = kept()

    def summary(self) -> str:
        """The numbers in a sentence for each group."""
        return " ".join(_said(one) for one in (self.overall, *self.groups))

    def report(self) -> str:
        """Methods and results."""
        method = "Effects were summarised by their median, quartiles and range, without weights."
        return paragraph((method, self.summary(), *self.warnings), (references.HANDBOOK,))

    def chart(self) -> Chart:
        """Every effect as a dot, with the quartiles as a box and the median as a line, a row for each group."""
        rows = (self.overall, *self.groups)
        edge = 0.05 * (self.overall.most - self.overall.least) or 1.0
        plane = Plane(
            x=(self.overall.least - edge, self.overall.most + edge),
            y=(float(len(rows)), 0.0),
            height=90 + 48 * len(rows),
            left=150,
        )
        labels = np.asarray(self.labels or ("",) * self.k)
        for at, one in enumerate(rows):
            plane.words(8, plane.at_y(at + 0.5), one.group[:20])
            plane.bar((one.lower_quartile, at + 0.25), (one.upper_quartile, at + 0.75), css="band")
            plane.line([(one.median, at + 0.2), (one.median, at + 0.8)], css="total")
            for value in np.asarray(self.yi)[labels == one.group] if at else self.yi:
                plane.dot(float(value), at + 0.5, radius=3, hollow=True)
        plane.upright(0.0)
        plane.x_axis("effect")
        head = ("group", "studies", "median", "lower quartile", "upper quartile", "least", "most")
        cells = [(r.group, r.k, r.median, r.lower_quartile, r.upper_quartile, r.least, r.most) for r in rows]
        note = "Dots are effects, the box holds the middle half of them, the line is the median."
        return plane.chart("Range of effects", note, head, cells)

    def r_script(self) -> str:
        """The same in base R."""
        values = ", ".join(map(repr, self.yi))
        names = ", ".join('"' + one.replace('"', "'") + '"' for one in self.labels or ("all",) * self.k)
        return (
            f"yi <- c({values})\ngroup <- c({names})\n"
            'tell <- function(y) cat(length(y), format(quantile(y, c(.5, .25, .75, 0, 1)), digits = 15), "\\n")\n'
            "tell(yi)\nfor (one in unique(group)) tell(yi[group == one])\n"
        )

    @property
    def recipe(self) -> Recipe:
        """Enough to do it again."""
        return recipe("effect_range", {"yi": self.yi, "groups": self.labels})


def effect_range(yi: ArrayLike, *, groups: Sequence[Any] | None = None) -> EffectRange:
    """Summarise effects yi (k numbers on one scale), and each group of them. InputError: a missing effect, lengths."""
    try:
        y = np.atleast_1d(np.asarray(yi, dtype=float))
    except (TypeError, ValueError):
        raise InputError(said("Effects must be numbers; leave out rows where one is missing.")) from None
    if not y.size or not np.isfinite(y).all():
        raise InputError(said("Every effect must be a number, and there must be at least one; leave out rows without."))
    labels = None if groups is None else tuple(str(one) for one in groups)
    if labels is not None and len(labels) != y.size:
        raise InputError(
            said("There must be one group for each effect, not %(count)s for %(size)s.", count=len(labels), size=y.size)
        )
    parts = () if labels is None else tuple(_reach(one, y[np.asarray(labels) == one]) for one in dict.fromkeys(labels))
    warnings = ["A range of effects does not weigh studies by size and has no interval; a pooled effect says more."]
    if y.size < 4:
        warnings.append(f"Only {y.size} effects: quartiles of so few say little more than the values themselves.")
    return EffectRange(y.size, _reach("all", y), parts, tuple(warnings), tuple(y.tolist()), labels)


def _reach(group: str, y: Floats) -> Reach:
    low, middle, high = np.quantile(y, [0.25, 0.5, 0.75]).tolist()
    return Reach(group, y.size, middle, low, high, float(y.min()), float(y.max()))


def _said(one: Reach) -> str:
    return (
        f"{one.group}: {one.k} effects, median {one.median:.3g}, quartiles {one.lower_quartile:.3g} to "
        f"{one.upper_quartile:.3g}, range {one.least:.3g} to {one.most:.3g}."
    )
