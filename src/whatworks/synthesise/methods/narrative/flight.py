"""What do p values and sample sizes say together, when studies report little else? The albatross plot.

Harrison, Jones, Martin, Lewis and Higgins (2017), Research Synthesis Methods 8(3), 281-289: p to the left for lower and to the
right for higher effects, people upwards, and contours of equal effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart, Plane
from whatworks.stats.intervals import two_sided_p, value_from_two_sided_p
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.narrative import references
from whatworks.synthesise.methods.narrative.contours import CONTOURS, RATIOS, Metric, Setting, mirrored
from whatworks.synthesise.methods.narrative.directions import directions_of

MARKS = (1.0, 0.05, 0.001, 1e-5, 1e-10, 1e-20)  # p values written along the axis


@dataclass(frozen=True, slots=True)
class Sighting(Result):
    """A study: its two-sided p, people, direction, and the effect these stand for (ratios as read); None: beyond any."""

    label: str
    p: float
    n: float
    higher: bool
    implied: float | None


@dataclass(frozen=True, slots=True)
class Contour(Result):
    """The people that an effect needs for each p (two-sided, falling): points (signed minus log10 p, people)."""

    effect: float
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Albatross(Told):
    """The studies and the contours. median: of the implied effects; within: between which two contours half of them lie."""

    k: int
    metric: Metric
    studies: tuple[Sighting, ...]
    contours: tuple[Contour, ...]
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    ratio: float
    baseline: float | None
    sd: float | None
    warnings: tuple[str, ...]
    sizes: tuple[float, ...] = kept()

    def summary(self) -> str:
        """How large effects seem to be."""
        higher = sum(study.higher for study in self.studies)
        text = f"{self.k} studies, {higher} with higher and {self.k - higher} with lower effects"
        if self.median is None:
            return f"{text}; no size can be read off."
        return (
            f"{text}; p values and sizes fit {self.metric} around {self.median:.3g} "
            f"(half of studies {self.lower_quartile:.3g} to {self.upper_quartile:.3g})."
        )

    def report(self) -> str:
        """Methods and results."""
        supposed = [f"groups of {self.ratio:g} to 1"] if self.metric != "COR" else []
        supposed += [f"a risk of {self.baseline:g} in comparison groups"] if self.baseline is not None else []
        supposed += [f"a standard deviation of {self.sd:g}"] if self.sd is not None else []
        method = (
            "An albatross plot shows each study's two-sided p value and direction against its size, with contours of equal "
            f"{self.metric}" + (f" that suppose {', '.join(supposed)}." if supposed else ".")
        )
        return paragraph((method, self.summary(), *self.warnings), (references.ALBATROSS, references.HANDBOOK))

    def chart(self) -> Chart:
        """p to left and right, people upwards (logarithm), contours of equal effect."""
        reach = max(3.0, 1.1 * max(-log10(study.p) for study in self.studies))
        heights = [log10(study.n) for study in self.studies]
        low, high = min(heights) - 0.3, max(heights) + 0.3
        plane = Plane(x=(-reach, reach), y=(low, high))
        for contour in self.contours:
            inside = [(x, log10(n)) for x, n in contour.points if abs(x) <= reach and low <= log10(n) <= high]
            if len(inside) > 1:
                plane.line(inside, css="contour", dash="5 3", width=1)
                at = max(inside, key=lambda point: abs(point[0]))
                plane.words(plane.at_x(at[0]), plane.at_y(at[1]) - 8, f"{contour.effect:.3g}", anchor="middle")
        for study in self.studies:
            plane.dot(-log10(study.p) * (1 if study.higher else -1), log10(study.n))
        plane.upright(0.0)
        places = [sign * -log10(p) for p in MARKS for sign in (-1, 1) if -log10(p) <= reach and (p < 1 or sign > 0)]
        plane.x_axis("two-sided p: lower effects to the left, higher to the right", ticks=places, said=_as_p)
        counts = [digit * 10.0**power for power in range(15) for digit in (1, 2, 5)]
        within = [log10(count) for count in counts if low <= log10(count) <= high]
        plane.y_axis("people", ticks=within, said=lambda value: f"{10**value:,.0f}")
        note = "Each dot is a study; dashed lines join the p values and sizes that one effect would give."
        head = ("study", "two-sided p", "people", "direction", f"implied {self.metric}")
        rows = [(s.label, s.p, s.n, "higher" if s.higher else "lower", s.implied) for s in self.studies]
        return plane.chart("Albatross plot", note, head, rows)

    def r_script(self) -> str:
        """The implied effects in base R, one a line, for metrics with a closed form; the studies' data for the others."""
        p, n = (", ".join(repr(getattr(study, name)) for study in self.studies) for name in ("p", "n"))
        sign = ", ".join("1" if study.higher else "-1" for study in self.studies)
        lines = [f"p <- c({p})", f"n <- c({n})", f"sign <- c({sign})", "z <- qnorm(p / 2, lower.tail = FALSE)"]
        scale = (self.ratio + 1) ** 2 / self.ratio
        if self.metric == "COR":
            lines.append("implied <- sign * tanh(z / sqrt(n - 3))")
        elif self.metric == "SMD":
            lines.append(f"implied <- sign * sqrt({scale!r} / (n / z^2 - 0.5))")
        elif self.metric == "MD":
            lines.append(f"implied <- sign * {self.sd!r} * sqrt({scale!r} / (n / z^2))")
        else:
            lines += _solved_in_r(self.metric, self.ratio, self.baseline or 0.5)
        return "\n".join((*lines, 'cat(format(implied, digits = 15), sep = "\\n")\n'))

    @property
    def recipe(self) -> Recipe:
        """Enough to draw it again."""
        columns: dict[str, Any] = {
            "p": [study.p for study in self.studies],
            "n": [study.n for study in self.studies],
            "directions": ["higher" if study.higher else "lower" for study in self.studies],
            "labels": [study.label for study in self.studies],
        }
        setting = {"metric": self.metric, "ratio": self.ratio, "baseline": self.baseline, "sd": self.sd}
        return recipe("albatross", columns | setting | {"contours": self.sizes})


def albatross(
    p: ArrayLike,
    n: ArrayLike,
    directions: Sequence[Any],
    *,
    metric: Metric = "SMD",
    ratio: float = 1.0,
    baseline: float | None = None,
    sd: float | None = None,
    contours: Sequence[float] | None = None,
    labels: Sequence[str] | None = None,
) -> Albatross:
    """Make an albatross plot of k studies: two-sided p, people n in all, and direction (sign, or higher and lower).

    metric: of the contours: SMD, MD (needs sd), COR, OR, RR, RD (need baseline, the comparison group's risk). ratio: of group
    sizes. contours: the effects to draw, on one side; the other is mirrored. InputError: wrong input.
    """
    setting = Setting(metric, ratio, baseline, sd)
    names, chances, people = _checked(p, n, labels)
    found = _both_ways(directions, chances.size)
    sizes = tuple(contours or CONTOURS.get(metric, tuple((sd or 1) * one for one in CONTOURS["SMD"])))
    studies = tuple(
        Sighting(name, chance, count, way == "higher", setting.implied(count, _z(chance), way == "higher"))
        for name, chance, count, way in zip(names, chances.tolist(), people.tolist(), found, strict=True)
    )
    known = [study.implied for study in studies if study.implied is not None]
    low, middle, high = np.quantile(known, [0.25, 0.5, 0.75]).tolist() if known else (None, None, None)
    most = max(6.0, _z(float(chances.min())) * 1.2)
    return Albatross(
        k=len(studies),
        metric=metric,
        studies=studies,
        contours=tuple(_contours(setting, sizes, most)),
        median=middle,
        lower_quartile=low,
        upper_quartile=high,
        ratio=ratio,
        baseline=baseline,
        sd=sd,
        warnings=tuple(_cautions(len(studies) - len(known))),
        sizes=sizes,
    )


def _both_ways(directions: Sequence[Any], k: int) -> list[Any]:
    """Higher or lower for every study."""
    found = directions_of(directions)
    if len(found) != k or not set(found) <= {"higher", "lower"}:
        raise InputError(
            said("Every study needs a direction, higher or lower (or a number that is not 0); complete them.")
        )
    return found


def _z(p: float) -> float:
    return float(value_from_two_sided_p(p))


def _checked(p: ArrayLike, n: ArrayLike, labels: Sequence[str] | None) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Labels, p values and sizes; InputError says which row is wrong."""
    try:
        chances, people = (np.atleast_1d(np.asarray(part, dtype=float)) for part in (p, n))
    except (TypeError, ValueError):
        raise InputError(
            said("p values and numbers of people must be numbers; leave out studies where one is missing.")
        ) from None
    if not chances.size or chances.shape != people.shape or chances.ndim != 1:
        raise InputError(
            said(
                "There must be one n for each p value, not %(size)s for %(chances_size)s.",
                size=people.size,
                chances_size=chances.size,
            )
        )
    for row, (chance, count) in enumerate(zip(chances.tolist(), people.tolist(), strict=True), start=1):
        if not 0 < chance <= 1:
            told = {"row": row, "chance": f"{chance:g}"}
            raise InputError(
                said("The p value in row %(row)s is %(chance)s; it must be above 0 and at most 1.", **told)
            )
        if not 0 < count < 1e15:
            told = {"row": row, "count": f"{count:g}"}
            raise InputError(said("The number of people in row %(row)s is %(count)s; it must be above 0.", **told))
    names = (
        [str(one) for one in labels] if labels is not None else [f"study {row}" for row in range(1, chances.size + 1)]
    )
    if len(names) != chances.size:
        raise InputError(
            said(
                "There must be one label for each of the %(size)s studies, not %(count)s.",
                size=chances.size,
                count=len(names),
            )
        )
    return names, chances, people


def _contours(setting: Setting, sizes: Sequence[float], most: float) -> Iterator[Contour]:
    """Each effect and its mirror image; the part of a curve that cannot be is left out."""
    for size in sizes:
        if not size > (1.0 if setting.metric in RATIOS else 0.0):
            raise InputError(
                said(
                    "The contour %(size)s must be an effect above none; the other side is drawn by itself.",
                    size=f"{size:g}",
                )
            )
        for effect, sign in ((size, 1.0), (mirrored(setting.metric, size), -1.0)):
            points = []
            for z in np.linspace(0.05, most, 120).tolist():
                chance, people = float(two_sided_p(z)), setting.people(effect, z)
                if people is not None and chance > 0:
                    points.append((-sign * log10(chance), people))
            yield Contour(effect, tuple(points))


def _cautions(lost: int) -> Iterator[str]:
    yield "Effects read off an albatross plot are rough: every study is taken to have the same design and spread."
    if lost:
        yield f"For {lost} studies no effect is large enough for such a p from so few people; check p, n and the baseline."


def _as_p(place: float) -> str:
    return f"{10 ** -abs(place):.2g}"


def _solved_in_r(metric: str, ratio: float, baseline: float) -> list[str]:
    of = {"OR": "1 / (p * (1 - p))", "RR": "(1 - p) / p", "RD": "p * (1 - p)"}[metric]
    effect = {"OR": "p1 / (1 - p1) / (p0 / (1 - p0))", "RR": "p1 / p0", "RD": "p1 - p0"}[metric]
    size = "effect(p1)" if metric == "RD" else "log(effect(p1))"
    return [
        f"p0 <- {baseline!r}; r <- {ratio!r}; effect <- function(p1) {effect}; of <- function(p) {of}",
        f"people <- function(p1, z) (r + 1) * (of(p1) / r + of(p0)) * (z / ({size}))^2",
        "implied <- mapply(function(z, n, sign) {",
        "  share <- c(1e-9, 1:199 / 200, 1 - 1e-9); p1 <- p0 + sign * share * (if (sign > 0) 1 - p0 else p0)",
        "  short <- people(p1, z) - n; at <- which(short[-1] <= 0 & short[-length(short)] > 0)[1]",
        "  if (is.na(at)) return(NA)",
        "  effect(uniroot(function(p) people(p, z) - n, sort(p1[at + 0:1]), tol = 1e-15)$root)",
        "}, z, n, sign)",
    ]
