"""Is there an effect in at least one study, when only p values are known? Combined p values, by every usual method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart, Plane
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.narrative import references
from whatworks.synthesise.methods.narrative.combining import edgington, fisher, pearson, stouffer, tippett
from whatworks.synthesise.methods.narrative.directions import directions_of
from whatworks.synthesise.methods.weighing import Floats

Sides = Literal["one", "two"]
CITED = {
    "fisher": references.FISHER,
    "stouffer": references.STOUFFER,
    "edgington": references.EDGINGTON,
    "pearson": references.PEARSON,
    "tippett": references.TIPPETT,
}


@dataclass(frozen=True, slots=True)
class Combination(Result):
    """One method. p: evidence of a higher effect in at least one study; p_lower: of a lower effect, by the same method.

    statistic: Fisher and Pearson chi-squared with df, Stouffer z, Edgington the sum and Tippett the least of the p values.
    """

    method: str
    statistic: float
    df: int | None
    p: float
    p_lower: float


@dataclass(frozen=True, slots=True)
class CombinedP(Told):
    """k p values combined. one_sided: as they went in, small for higher effects; combinations: one for each method."""

    k: int
    one_sided: tuple[float, ...]
    combinations: tuple[Combination, ...]
    weighted: bool
    sides: Sides
    warnings: tuple[str, ...]
    p_values: tuple[float, ...] = kept()
    directions: tuple[Any, ...] | None = kept()
    weights: tuple[float, ...] | None = kept()

    def summary(self) -> str:
        """Every method's p in a sentence."""
        said = ", ".join(f"{one.method.capitalize()} {one.p:.3g}" for one in self.combinations)
        return f"{self.k} studies, combined one-sided p for a higher effect in at least one of them: {said}."

    def report(self) -> str:
        """Methods and results."""
        return paragraph((self._method(), self.summary(), *self.warnings), self._cited())

    def _method(self) -> str:
        made = (
            "Two-sided p values were halved where the effect is higher, and taken as 1 - p / 2 where it is lower"
            if self.sides == "two"
            else "One-sided p values, small for higher effects, were used as given"
        )
        weights = " (Stouffer's with the weights given)" if self.weighted else ""
        return f"{made}, and combined by the methods of Fisher, Stouffer{weights}, Edgington, Pearson and Tippett."

    def _cited(self) -> Iterator[str]:
        yield references.HANDBOOK
        yield from (CITED[one.method] for one in self.combinations)
        if self.weighted:
            yield references.LIPTAK

    def chart(self) -> Chart:
        """The one-sided p values in order, beside what no effect anywhere would give."""
        ordered = sorted(self.one_sided)
        expected = [(index - 0.5) / self.k for index in range(1, self.k + 1)]
        plane = Plane(x=(0.0, 1.0), y=(0.0, 1.0), width=420)
        plane.line([(0.0, 0.0), (1.0, 1.0)], css="null", dash="2 3")
        for at, p in zip(expected, ordered, strict=True):
            plane.dot(at, p)
        plane.x_axis("expected if no study had an effect")
        plane.y_axis("one-sided p")
        note = "Points below the line are smaller p values than chance gives when no study has an effect."
        return plane.chart("p values in order", note, ("expected", "p"), zip(expected, ordered, strict=True))

    def r_script(self) -> str:
        """The same in base R: name, p and p_lower on a line each."""
        values = ", ".join(map(repr, self.one_sided))
        weights = f"c({', '.join(map(repr, self.weights))})" if self.weights else "rep(1, length(p))"
        return SCRIPT.format(values=values, weights=weights)

    @property
    def recipe(self) -> Recipe:
        """Enough to combine again."""
        given = {"p": self.p_values, "directions": self.directions, "weights": self.weights, "sides": self.sides}
        return recipe("combine_p", given)


SCRIPT = """p <- c({values})
w <- {weights}
k <- length(p)
uniforms <- function(s) sum(sapply(0:floor(s), function(j) (-1)^j * choose(k, j) * (s - j)^k)) / factorial(k)
combine <- list(
  fisher = function(p) pchisq(-2 * sum(log(p)), 2 * k, lower.tail = FALSE),
  stouffer = function(p) pnorm(sum(w * qnorm(p)) / sqrt(sum(w^2))),
  edgington = function(p) if (sum(p) > k / 2) 1 - uniforms(k - sum(p)) else uniforms(sum(p)),  # loses digits beyond k = 15
  pearson = function(p) pchisq(-2 * sum(log1p(-p)), 2 * k),
  tippett = function(p) -expm1(k * log1p(-min(p))))
for (name in names(combine)) cat(name, format(combine[[name]](p), digits = 15), format(combine[[name]](1 - p), digits = 15), "\\n")
"""


def combine_p(
    p: ArrayLike,
    *,
    directions: Sequence[Any] | None = None,
    weights: ArrayLike | None = None,
    sides: Sides = "two",
) -> CombinedP:
    """Combine k independent p values, all above 0 and below 1.

    sides: `two` (default) needs `directions` (numbers by their sign, or higher and lower), with which each becomes one-sided
    for a higher effect: p / 2 if higher, 1 - p / 2 if lower. `one`: already so. weights: for Stouffer's method, such as
    sqrt(n). Source: Cochrane Handbook, section 12.2.1.2. InputError: a p of 0 or 1, a direction missing.
    """
    if sides not in get_args(Sides):
        raise InputError(said("sides must be one or two, not %(sides)r.", sides=sides))
    given = _column(p, said("p value"))
    _check_p(given, sides)
    used, rest = (given, 1 - given) if sides == "one" else _one_sided(given, directions)
    shares = np.ones(given.size) if weights is None else _weights(weights, given.size)
    return CombinedP(
        k=given.size,
        one_sided=tuple(used.tolist()),
        combinations=tuple(_combinations(used, rest, shares)),
        weighted=weights is not None,
        sides=sides,
        warnings=tuple(_cautions(given.size)),
        p_values=tuple(given.tolist()),
        directions=None if directions is None else tuple(directions),
        weights=None if weights is None else tuple(shares.tolist()),
    )


def _combinations(p: Floats, q: Floats, weights: Floats) -> Iterator[Combination]:
    """Each method for higher effects, and turned round for lower ones."""
    for method, function, df in (
        ("fisher", fisher, 2 * p.size),
        ("stouffer", lambda a, b: stouffer(a, b, weights), None),
        ("edgington", edgington, None),
        ("pearson", pearson, 2 * p.size),
        ("tippett", tippett, None),
    ):
        statistic, combined = function(p, q)
        yield Combination(method, statistic, df, combined, function(q, p)[1])


def _column(given: ArrayLike, what: str) -> Floats:
    try:
        column = np.atleast_1d(np.asarray(given, dtype=float))
    except (TypeError, ValueError):
        raise InputError(
            said("Each %(what)s must be a number; leave out studies where it is missing.", what=what)
        ) from None
    if not column.size or column.ndim != 1:
        raise InputError(said("There is no %(what)s; give a column with one for each study.", what=what))
    return column


def _check_p(p: Floats, sides: Sides) -> None:
    top = 1.0 if sides == "two" else np.nextafter(1.0, 0.0)
    for row, value in enumerate(p.tolist(), start=1):
        if not 0 < value <= top:
            raise InputError(
                said(
                    "The p value in row %(row)s is %(value)s; it must lie above 0 and %(what)s 1 (where only a "
                    "bound such as p < 0.001 is reported, give the bound).",
                    row=row,
                    value=f"{value:g}",
                    what=said("up to") if sides == "two" else said("below"),
                )
            )


def _one_sided(p: Floats, directions: Sequence[Any] | None) -> tuple[Floats, Floats]:
    """One-sided p for a higher effect, and its complement."""
    if directions is None:
        raise InputError(said("Two-sided p values need the direction of each effect; give directions, or sides = one."))
    found = directions_of(directions)
    if len(found) != p.size:
        raise InputError(
            said(
                "There must be one direction for each p value, not %(count)s for %(size)s.",
                count=len(found),
                size=p.size,
            )
        )
    for row, direction in enumerate(found, start=1):
        if direction not in ("higher", "lower"):
            raise InputError(
                said(
                    "Row %(row)s has no direction, so its p cannot be made one-sided; leave it out and say so.", row=row
                )
            )
    higher = np.asarray(found) == "higher"
    return np.where(higher, p / 2, 1 - p / 2), np.where(higher, 1 - p / 2, p / 2)


def _weights(given: ArrayLike, k: int) -> Floats:
    weights = _column(given, "weight")
    if weights.size != k or not (np.isfinite(weights) & (weights > 0)).all():
        raise InputError(said("There must be %(k)s weights above 0, one for each p value.", k=k))
    return weights


def _cautions(k: int) -> Iterator[str]:
    yield (
        "A small combined p says that there is an effect in at least one study, not how large it is nor that it is in all; "
        "large studies give small p values for small effects."
    )
    if k < 2:
        yield "One study: there is nothing to combine."
