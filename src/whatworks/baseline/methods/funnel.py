"""Which places lie further from all of them together than chance and their ordinary differences explain? A funnel.

Counts are compared with what each place would have at the rate of all. Places differ by more than chance does even where
nothing is wrong, so the limits are widened by how far they differ (over-dispersion), and no place is ranked.
Source: Spiegelhalter (2005), Statistics in Medicine 24(8), 1185-1202, and Quality and Safety in Health Care 14(5), 347-351;
the logarithmic scale with truncation is that of the Summary Hospital-level Mortality Indicator.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart, Plane
from whatworks.stats.choices import check_word
from whatworks.stats.intervals import critical
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe

Floats = NDArray[np.float64]
Scale = Literal["root", "log"]
Extremes = Literal["winsorised", "truncated", "kept"]
LIMITS = (0.95, 0.998)  # two and three standard errors, as funnels are drawn
FEW = 8  # places: with fewer how far they differ is hardly known
REFERENCE = (
    "Spiegelhalter DJ (2005). Funnel plots for comparing institutional performance. Statistics in Medicine 24(8), "
    "1185-1202."
)
DISPERSION = (
    "Spiegelhalter DJ (2005). Handling over-dispersion of performance indicators. Quality and Safety in Health Care "
    "14(5), 347-351."
)


@dataclass(frozen=True, slots=True)
class Place(Result):
    """A place: its count, the children it is of, its rate per `per`, what it would have at the rate of all, and how far
    it lies from that: z by chance alone, z_adjusted with ordinary differences taken in. side: -1 below, 1 above, 0 inside
    the wider limits."""

    area: str
    observed: float
    population: float
    value: float
    expected: float
    z: float
    z_adjusted: float
    side: int


@dataclass(frozen=True, slots=True)
class Funnel(Told):
    """Places compared. target: the rate of all, per `per`; phi: how many times as much as by chance they vary (1: no
    more), from the middle places; tau2: the variance of ordinary differences on the scale of the funnel; outside:
    how many lie beyond the 99.8 per cent limits, by chance alone and with ordinary differences taken in."""

    target: float
    per: float
    scale: Scale
    extremes: Extremes
    share: float
    phi: float
    tau2: float
    outside_unadjusted: int
    outside_adjusted: int
    areas: tuple[Place, ...]
    warnings: tuple[str, ...]
    given: dict[str, Any] = kept()

    def summary(self) -> str:
        """What the comparison comes to, in two sentences."""
        beyond = [one.area for one in self.areas if one.side]
        named = f": {', '.join(sorted(beyond)[:8])}{' and others' if len(beyond) > 8 else ''}" if beyond else ""
        return (
            f"{len(self.areas)} places around {self.target:.3g} per {self.per:,.0f}; {self.outside_adjusted} lie beyond "
            f"the 99.8 per cent limits once ordinary differences are taken in{named}. With limits for chance alone "
            f"{self.outside_unadjusted} would: places vary {self.phi:.1f} times as much as chance explains."
        )

    def report(self) -> str:
        """How places were compared and what came out."""
        root = "the square root of the ratio" if self.scale == "root" else "the logarithm of the ratio"
        ends = {
            "winsorised": f"the outer {self.share:.0%} at each end drawn in to the next",
            "truncated": f"the outer {self.share:.0%} at each end left out",
            "kept": "all places taken as they are",
        }[self.extremes]
        how = (
            f"Counts were compared with those expected at the overall rate, on {root}, with limits from an additive "
            f"random-effects model of over-dispersion (phi {self.phi:.2f}, tau2 {self.tau2:.4g}; {ends})."
        )
        return paragraph([how, self.summary(), "Places are not ranked.", *self.warnings], [REFERENCE, DISPERSION])

    def limits(self, expected: Floats, level: float, *, adjusted: bool = True) -> tuple[Floats, Floats]:
        """The rates between which a share `level` of places with so many expected lies, (n,) each, per `per`."""
        reach = critical(level) * np.sqrt(_variance(expected, self.scale) + (self.tau2 if adjusted else 0.0))
        if self.scale == "log":
            return self.target * np.exp(-reach), self.target * np.exp(reach)
        return self.target * np.maximum(1 - reach, 0.0) ** 2, self.target * (1 + reach) ** 2

    def chart(self) -> Chart:
        """The funnel: places by what they would have at the rate of all, with the limits around it."""
        expected = np.array([one.expected for one in self.areas])
        values = np.array([one.value for one in self.areas])
        grid = np.geomspace(max(expected.min(), 1e-9), expected.max() * 1.02, 80)
        plane = Plane(x=(0.0, float(expected.max()) * 1.05), y=(0.0, float(values.max()) * 1.1 or 1.0))
        for level, dash in zip(LIMITS, ("4 3", ""), strict=True):
            for edge in self.limits(grid, level):
                plane.line([*zip(grid.tolist(), edge.tolist(), strict=True)], dash=dash)
        plane.line([(0.0, self.target), (float(expected.max()) * 1.05, self.target)], css="total", dash="")
        for one in self.areas:
            plane.dot(one.expected, one.value, hollow=not one.side)
        plane.x_axis("count expected at the rate of all")
        plane.y_axis(f"rate per {self.per:,.0f}")
        return plane.chart(
            "Places around the rate of all",
            "Filled marks lie beyond the outer limits, which take ordinary differences between places in; the inner "
            "limits are broken lines. There is no order of merit.",
            ("place", "count", "population", "rate", "expected", "z by chance", "z with ordinary differences"),
            [
                (one.area, one.observed, one.population, one.value, one.expected, one.z, one.z_adjusted)
                for one in sorted(self.areas, key=lambda one: one.area)
            ],
        )

    def r_script(self) -> str:
        """The same comparison in base R."""
        count, of = (
            ",".join(f"{getattr(one, name):.17g}" for one in self.areas) for name in ("observed", "population")
        )
        lines = [
            "# A funnel with additive over-dispersion; nothing but R is needed.",
            f"o <- c({count})",
            f"n <- c({of})",
            f"e <- n * {self.target / self.per:.17g}",
            "y <- sqrt(o / e) - 1; s2 <- 1 / (4 * e)" if self.scale == "root" else "y <- log(o / e); s2 <- 1 / e",
            "z <- y / sqrt(s2); w <- 1 / s2",
            f"ends <- quantile(z, c({self.share:.17g}, {1 - self.share:.17g}))",
            {
                "winsorised": "m <- pmin(pmax(z, ends[1]), ends[2])",
                "truncated": "m <- z[z >= ends[1] & z <= ends[2]]",
                "kept": "m <- z",
            }[self.extremes],
            "phi <- mean(m^2); k <- length(z)",
            "tau2 <- max(0, (k * phi - (k - 1)) / (sum(w) - sum(w^2) / sum(w)))",
            "print(c(phi = phi, tau2 = tau2, adjusted = sum(abs(y / sqrt(s2 + tau2)) > qnorm(.999))), digits = 10)",
        ]
        return "\n".join(lines) + "\n"

    @property
    def recipe(self) -> Recipe:
        """Enough to do it again."""
        return recipe("funnel", self.given)


def funnel(
    observed: ArrayLike,
    population: ArrayLike,
    areas: Sequence[str] | None = None,
    *,
    target: float | None = None,
    per: float = 10_000.0,
    scale: Scale = "root",
    extremes: Extremes = "winsorised",
    share: float = 0.1,
) -> Funnel:
    """Compare counts of places, (k,), with those expected at the rate of all.

    population: those counted from, or any expected count, (k,). target: the rate of all, per `per`; None: all counts over
    all populations. scale: differences of square roots, or of logarithms. extremes, share: what is done with the outer
    share of places at each end before it is asked how far places ordinarily differ. Raises InputError for counts below 0
    or populations not above it.
    """
    check_word(said("scale"), scale, get_args(Scale))
    check_word(said("treatment of extremes"), extremes, get_args(Extremes))
    o, n, names = _read(observed, population, areas)
    if not 0 <= share < 0.5:
        raise InputError(said("The share at each end is %(share)s; give one from 0 to below 0.5.", share=f"{share:g}"))
    rate = o.sum() / n.sum() if target is None else target / per
    if not rate > 0:
        raise InputError(
            said("The rate of all is 0, so nothing can be compared; give places with counts, or a target.")
        )
    if scale == "log" and (o <= 0).any():
        raise InputError(
            said(
                "%(names)s has a count of 0, which has no logarithm; use the root scale.",
                names=names[int(np.argmin(o))],
            )
        )
    told = {"observed": o.tolist(), "population": n.tolist(), "areas": list(names), "target": target, "per": per}
    given = told | {"scale": scale, "extremes": extremes, "share": share}
    return _compared(o, n, names, float(rate), given)


def _compared(o: Floats, n: Floats, names: Sequence[str], rate: float, given: dict[str, Any]) -> Funnel:
    scale, extremes, share, per = (given[name] for name in ("scale", "extremes", "share", "per"))
    e = rate * n
    distance, variance = _distance(o, e, scale), _variance(e, scale)
    z = distance / np.sqrt(variance)
    phi = float(np.mean(_middle(z, extremes, share) ** 2))
    tau2 = _between(phi, 1 / variance)
    adjusted = distance / np.sqrt(variance + tau2)
    most = critical(LIMITS[1])
    side = np.sign(adjusted) * (abs(adjusted) > most)
    columns = (column.tolist() for column in (o, n, o / n * per, e, z, adjusted, side.astype(int)))
    return Funnel(
        target=rate * per,
        per=float(per),
        scale=scale,
        extremes=extremes,
        share=share,
        phi=phi,
        tau2=tau2,
        outside_unadjusted=int((abs(z) > most).sum()),
        outside_adjusted=int((abs(adjusted) > most).sum()),
        areas=tuple(Place(*row) for row in zip(names, *columns, strict=True)),
        warnings=tuple(_cautions(o, e, names)),
        given=given,
    )


def _read(observed: ArrayLike, population: ArrayLike, areas: Sequence[str] | None) -> tuple[Floats, Floats, list[str]]:
    try:
        o, n = (np.atleast_1d(np.array(given, dtype=float)) for given in (observed, population))
    except (TypeError, ValueError):
        raise InputError(
            said("Counts and populations must be numbers; leave out places where one is missing.")
        ) from None
    if o.ndim != 1 or o.shape != n.shape or o.size < 2:
        raise InputError(
            said(
                "There must be a population for each count, of two places at least: %(size)s and %(n_size)s.",
                size=o.size,
                n_size=n.size,
            )
        )
    names = [str(one) for one in (range(1, o.size + 1) if areas is None else areas)]
    if len(names) != o.size:
        raise InputError(
            said("There are %(count)s names for %(size)s places; give one for each.", count=len(names), size=o.size)
        )
    for name, count, of in zip(names, o.tolist(), n.tolist(), strict=True):
        if not (np.isfinite(count) and count >= 0):
            raise InputError(
                said(
                    "The count of %(name)s is %(count)s; give 0 or more, or leave the place out.",
                    name=name,
                    count=f"{count:g}",
                )
            )
        if not (np.isfinite(of) and of > 0):
            raise InputError(
                said(
                    "The population of %(name)s is %(of)s; give a number above 0, or leave the place out.",
                    name=name,
                    of=f"{of:g}",
                )
            )
    return o, n, names


def _distance(o: Floats, e: Floats, scale: Scale) -> Floats:
    return np.asarray(np.sqrt(o / e) - 1 if scale == "root" else np.log(o / e))


def _variance(e: Floats, scale: Scale) -> Floats:
    return np.asarray(1 / (4 * e) if scale == "root" else 1 / e)


def _middle(z: Floats, extremes: Extremes, share: float) -> Floats:
    """The distances by which it is told how far places ordinarily differ."""
    low, high = np.quantile(z, [share, 1 - share])
    if extremes == "winsorised":
        return np.clip(z, low, high)
    return z[(z >= low) & (z <= high)] if extremes == "truncated" else z


def _between(phi: float, w: Floats) -> float:
    """The variance of ordinary differences by the method of moments (DerSimonian and Laird 1986), from phi."""
    k = w.size
    return max(0.0, float((k * phi - (k - 1)) / (w.sum() - (w**2).sum() / w.sum())))


def _cautions(o: Floats, e: Floats, names: Sequence[str]) -> Iterator[str]:
    if o.size < FEW:
        yield f"There are only {o.size} places: how far places ordinarily differ is hardly known from so few."
    if (small := int((e < 5).sum())) > 0:
        who = "1 place" if small == 1 else f"{small} places"
        yield f"{who} would have fewer than five at the rate of all; there the limits are rough."
    if len(set(names)) < len(names):
        yield "A place is named twice; check that it is not counted twice."
