"""How far would the pooled mean and tau2 vary if the studies were drawn again? Thousands of refits in one array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart, Plane
from whatworks.stats.intervals import check_level
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.heterogeneity import Estimator
from whatworks.synthesise.methods.pooling import check_effects
from whatworks.synthesise.methods.regressing.batches import Batch, at_tau2, batch
from whatworks.synthesise.methods.regressing.estimating import fit_tau2_many
from whatworks.synthesise.methods.regressing.r_scripts import loaded
from whatworks.synthesise.methods.weighing import Floats

Kind = Literal["parametric", "nonparametric"]
MOST = 1_000_000
AT_ONCE = 50_000
REFERENCE = (
    "van den Noortgate W, Onghena P (2005). Parametric and nonparametric bootstrap methods for meta-analysis. Behavior "
    "Research Methods 37(1), 11-22."
)


@dataclass(frozen=True, slots=True)
class Bootstrapped(Told):
    """The pooled mean and tau2 with percentile intervals from `times` refits. se, bias: of the mean, over the refits."""

    k: int
    estimate: float
    se: float
    bias: float
    ci_low: float
    ci_high: float
    tau2: float
    tau2_ci_low: float
    tau2_ci_high: float
    times: int
    seed: int
    kind: Kind
    estimator: Estimator
    level: float
    warnings: tuple[str, ...]
    means: Floats = kept()
    yi: tuple[float, ...] = kept()
    vi: tuple[float, ...] = kept()

    def summary(self) -> str:
        """The two intervals in one sentence."""
        level = f"{100 * self.level:g}%"
        return (
            f"{self.k} studies: {self.estimate:.4g} ({level} bootstrap interval {self.ci_low:.4g} to {self.ci_high:.4g}); "
            f"tau2 {self.tau2:.4g} ({self.tau2_ci_low:.4g} to {self.tau2_ci_high:.4g})."
        )

    def report(self) -> str:
        """How it was done and what came out."""
        how = "drawn from the fitted model" if self.kind == "parametric" else "drawn with replacement from the studies"
        sentence = f"{self.times} samples {how} (seed {self.seed}) were each refitted, tau2 by {self.estimator}."
        return paragraph([sentence, self.summary(), *self.warnings], [REFERENCE])

    def chart(self) -> Chart:
        """How the refitted means are spread."""
        counts, edges = np.histogram(self.means, bins=40)
        plane = Plane(x=(float(edges[0]), float(edges[-1])), y=(0.0, 1.05 * float(counts.max())))
        for count, low, high in zip(counts.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            plane.bar((low, 0.0), (high, count), css="band", opacity=0.4)
        for value in (self.ci_low, self.ci_high):
            plane.upright(value)
        plane.upright(self.estimate, css="total", dash="")
        plane.x_axis("pooled effect")
        plane.y_axis("refits")
        rows = zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)
        note = "The bars count refits; the full line is the estimate, the dashed ones the interval."
        return plane.chart("The pooled effect over refits", note, ("from", "to", "refits"), rows)

    def r_script(self) -> str:
        """The same bootstrap in R; its draws differ by chance."""
        y = "rnorm(length(yi), c(coef(fit)), sqrt(vi + fit$tau2)), vi"
        draw = y if self.kind == "parametric" else "yi[i <- sample(length(yi), replace = TRUE)], vi[i]"
        lines = ["# A bootstrap of a pooled mean with metafor.", *loaded(np.array(self.yi), np.array(self.vi))]
        lines += [f'fit <- rma(yi, vi, method = "{self.estimator}")', f"set.seed({self.seed})"]
        lines += [
            f"draws <- replicate({self.times}, {{",
            f'  one <- rma({draw}, method = "{self.estimator}")',
            "  c(coef(one), one$tau2)",
            "})",
            f"tail <- (1 - {self.level!r}) / 2",
            "print(apply(draws, 1, quantile, c(tail, 1 - tail)), digits = 6)",
        ]
        return "\n".join(lines) + "\n"

    @property
    def recipe(self) -> Recipe:
        """Enough to do it again, to the same draws."""
        given = {"yi": list(self.yi), "vi": list(self.vi), "times": self.times, "seed": self.seed, "kind": self.kind}
        return recipe("bootstrap", {**given, "tau2": self.estimator, "level": self.level})


def bootstrap(
    yi: ArrayLike,
    vi: ArrayLike,
    times: int = 10_000,
    seed: int = 1,
    *,
    kind: Kind = "parametric",
    tau2: Estimator = "REML",
    level: float = 0.95,
) -> Bootstrapped:
    """Percentile intervals of the pooled mean and of tau2 from `times` refits of k studies (at least 2).

    parametric: effects are drawn anew from the fitted model, variances as they are; nonparametric: studies are drawn
    with replacement. The same seed gives the same numbers.
    Source: van den Noortgate and Onghena (2005), Behavior Research Methods 37(1), 11-22.
    """
    y, v = check_effects(yi, vi)
    check_level(level)
    _check(y.size, kind, times)
    basis = np.full((y.size, 1), y.size**-0.5)
    mean, spread = (float(part[0]) for part in _fitted(batch(y, v, basis), tau2))
    means, spreads = _refitted(y, v, (mean, spread), times, seed, kind, tau2)
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(means, tails).tolist()
    tau2_low, tau2_high = np.quantile(spreads, tails).tolist()
    return Bootstrapped(
        k=y.size,
        estimate=mean,
        se=float(means.std(ddof=1)),
        bias=float(means.mean()) - mean,
        ci_low=low,
        ci_high=high,
        tau2=spread,
        tau2_ci_low=tau2_low,
        tau2_ci_high=tau2_high,
        times=times,
        seed=seed,
        kind=kind,
        estimator=tau2,
        level=level,
        warnings=_cautions(y.size, kind),
        means=means,
        yi=tuple(y.tolist()),
        vi=tuple(v.tolist()),
    )


def _check(k: int, kind: str, times: int) -> None:
    if k < 2:
        raise InputError(said("One study cannot be drawn again; give at least two."))
    if kind not in get_args(Kind):
        raise InputError(
            said(
                "There is no bootstrap %(kind)r; choose one of %(kind_kind)s.",
                kind=kind,
                kind_kind=", ".join(get_args(Kind)),
            )
        )
    if not 1 < times <= MOST:
        raise InputError(
            said("%(times)s samples cannot be drawn; ask for between 2 and %(most)s.", times=times, most=MOST)
        )


def _refitted(
    y: Floats, v: Floats, at: tuple[float, float], times: int, seed: int, kind: Kind, tau2: Estimator
) -> tuple[Floats, Floats]:
    """The mean and tau2 of every sample, (times,) each."""
    draw, basis = np.random.default_rng(seed), np.full((y.size, 1), y.size**-0.5)
    found = []
    for start in range(0, times, AT_ONCE):
        size = min(AT_ONCE, times - start)
        if kind == "parametric":
            these = batch(at[0] + draw.standard_normal((size, y.size)) * np.sqrt(v + at[1]), v, basis)
        else:
            these = batch(y, v, basis, draw.multinomial(y.size, np.full(y.size, 1 / y.size), size=size).astype(float))
        found.append(_fitted(these, tau2))
    means, spreads = (np.concatenate(part) for part in zip(*found, strict=True))
    return means, spreads


def _fitted(these: Batch, tau2: Estimator) -> tuple[Floats, Floats]:
    spread = fit_tau2_many(these, tau2).tau2
    return at_tau2(these, spread).gamma[0] * float(these.q[0, 0, 0]), spread


def _cautions(k: int, kind: Kind) -> tuple[str, ...]:
    if kind == "nonparametric" and k < 10:
        return (f"Drawing from only {k} studies hardly varies: the intervals are too narrow; prefer parametric.",)
    return (f"With {k} studies the fitted tau2 is itself hardly known, and the intervals inherit that.",) * (k < 5)
