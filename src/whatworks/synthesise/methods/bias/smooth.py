"""What would the studies say if the chance of being seen fell smoothly with p? Beta, half-normal and three other shapes.

Checked against metafor's selmodel where that converges (tests/oracles/test_bias_smooth.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from whatworks.stats.chart import Chart, Plane
from whatworks.stats.choices import check_word
from whatworks.stats.intervals import check_level, chi2_tail
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.bias import references
from whatworks.synthesise.methods.bias.r_data import CONTROL, loaded
from whatworks.synthesise.methods.bias.regression import Limit, told
from whatworks.synthesise.methods.bias.smoothfit import SHAPES, Peak, Shape, Smooth, climb, smooth
from whatworks.synthesise.methods.heterogeneity import fit_tau2
from whatworks.synthesise.methods.pooling import Model, check_effects
from whatworks.synthesise.methods.weighing import weigh

IN_R = {
    "beta": "beta",
    "half-normal": "halfnorm",
    "negative-exponential": "negexp",
    "logistic": "logistic",
    "power": "power",
}
SOURCE = {"beta": references.CITKOWICZ, "power": references.VIECHTBAUER}


@dataclass(frozen=True, slots=True)
class SmoothlySelected(Told):
    """Mean and heterogeneity had every result been seen alike, by maximum likelihood; None: no answer.

    delta, delta_se: the shape's parameters (beta: 1 and 1 is no selection; others: 0), errors None at a bound. curve:
    the chance of being seen at p = 0.005, 0.025, 0.05, 0.1, 0.5 and 0.9, relative to the first. lrt, lrt_df, lrt_p:
    against no selection.
    """

    k: int
    shape: Shape
    side: Literal["greater", "less"]
    estimate: float | None
    se: float | None
    statistic: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None
    tau2: float | None
    delta: tuple[float, ...] | None
    delta_se: tuple[float | None, ...] | None
    curve: tuple[tuple[float, float], ...]
    loglik: float | None
    lrt: float | None
    lrt_df: int
    lrt_p: float | None
    without_estimate: float
    model: Model
    level: float
    settled: bool
    warnings: tuple[str, ...]
    yi: tuple[float, ...] = kept()
    vi: tuple[float, ...] = kept()

    def summary(self) -> str:
        """Both answers in one sentence."""
        if self.estimate is None or self.lrt_p is None:
            return f"{self.k} studies: the {self.shape} model of selection has no answer here. {self.warnings[-1]}"
        return (
            f"{self.k} studies: {self.estimate:.4g} ({100 * self.level:g}% interval {self.ci_low:.4g} to {self.ci_high:.4g}) "
            f"had every result been seen alike ({self.shape}), {self.without_estimate:.4g} as they are; p of no selection "
            f"{self.lrt_p:.3g}."
        )

    def report(self) -> str:
        """Methods and results."""
        method = (
            f"A {self.shape} model of selection by one-sided p ({self.side}; {self.model} effects) was fitted by maximum "
            "likelihood."
        )
        return paragraph((method, self.summary(), *self.warnings), (SOURCE.get(self.shape, references.PRESTON),))

    def chart(self) -> Chart:
        """How often results are seen, by their p value."""
        plane = Plane(x=(0.0, 1.0), y=(0.0, 1.1 * max([1.0, *(height for _, height in self.curve)])))
        if self.delta is not None:
            p = np.linspace(0.002, 0.998, 120)
            log_weight = SHAPES[self.shape](p, np.asarray(self.delta))
            at = SHAPES[self.shape](np.asarray([self.curve[0][0]]), np.asarray(self.delta))[0]
            heights = np.exp(np.minimum(log_weight - at, np.log(plane.y[1])))
            plane.line(list(zip(p.tolist(), heights.tolist(), strict=True)), css="total")
        plane.level(1.0)
        plane.x_axis("one-sided p")
        plane.y_axis("relative chance of being seen")
        note = "The curve is how often results with such a p value are seen, relative to p = 0.005."
        return plane.chart("How often results are seen, by p value", note, ("p", "relative frequency"), self.curve)

    def r_script(self) -> str:
        """The same model in metafor (selmodel, which also needs the package numDeriv)."""
        method = "ML" if self.model == "random" else "EE"
        return (
            f'{loaded(self.yi, self.vi)}\nfit <- rma(yi, vi, method = "{method}", {CONTROL})\n'
            f'result <- selmodel(fit, type = "{IN_R[self.shape]}", alternative = "{self.side}")\nprint(result, digits = 10)\n'
        )

    @property
    def recipe(self) -> Recipe:
        """Enough to fit the model again."""
        given = {"yi": self.yi, "vi": self.vi, "shape": self.shape, "side": self.side, "model": self.model}
        return recipe("smooth_selection", given | {"level": self.level})


def smooth_selection(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    shape: Shape = "beta",
    side: Literal["greater", "less"] = "greater",
    model: Model = "random",
    level: float = 0.95,
) -> SmoothlySelected:
    """Fit a smooth selection model to k effects yi with variances vi, by one-sided p for large or low effects.

    Bounds as in metafor: parameters up to 100; p within 1e-5 of 0 or 1 counts as that for beta. InputError: wrong input.
    """
    y, v = check_effects(yi, vi)
    check_level(level)
    _check(shape, side, model)
    sign = -1.0 if side == "less" else 1.0
    tau2 = fit_tau2(y, v, "ML").tau2 if model == "random" and y.size > 1 else 0.0
    base = weigh(sign * y, v, tau2).mean
    problem = smooth(sign * y, v, shape, model == "random")
    peak = climb(problem, base, tau2)
    none = problem.loglik(base, tau2, np.ones(2) if shape == "beta" else np.zeros(1))
    mean = told(sign * peak.mean, peak.errors[0] or 0.0, None, level) if peak.settled else Limit()
    return SmoothlySelected(
        k=y.size,
        shape=shape,
        side=side,
        estimate=mean.estimate,
        se=mean.se,
        statistic=mean.statistic,
        p=mean.p,
        ci_low=mean.ci_low,
        ci_high=mean.ci_high,
        lrt_df=problem.parameters,
        without_estimate=sign * base,
        model=model,
        level=level,
        warnings=tuple(_cautions(y.size, peak.settled)),
        yi=tuple(y.tolist()),
        vi=tuple(v.tolist()),
        **_of_the_shape(problem, peak, none),
    )


def _of_the_shape(problem: Smooth, peak: Peak, none: float) -> dict[str, Any]:
    """What the peak says of tau2 and of selection, none: the likelihood without it; nothing where it is no peak."""
    if not peak.settled:
        names = ("tau2", "delta", "delta_se", "loglik", "lrt", "lrt_p")
        return dict.fromkeys(names) | {"curve": (), "settled": False}
    lrt = max(0.0, 2 * (peak.loglik - none))
    return {
        "tau2": peak.tau2,
        "delta": tuple(peak.delta.tolist()),
        "delta_se": peak.errors[2:],
        "curve": _curve(problem.shape, peak.delta),
        "lrt": lrt,
        "lrt_p": float(chi2_tail(lrt, problem.parameters)),
        "loglik": peak.loglik,
        "settled": True,
    }


def _check(shape: str, side: str, model: str) -> None:
    """Refuse words that are not known."""
    for name, word, words in (
        ("shape", shape, SHAPES),
        ("side", side, ("greater", "less")),
        ("model", model, get_args(Model)),
    ):
        check_word(name, word, words)


def _curve(shape: Shape, delta: np.ndarray) -> tuple[tuple[float, float], ...]:
    p = np.asarray([0.005, 0.025, 0.05, 0.1, 0.5, 0.9])
    weight = SHAPES[shape](p, delta)
    return tuple(zip(p.tolist(), np.exp(weight - weight[0]).tolist(), strict=True))


def _cautions(k: int, settled: bool) -> Iterator[str]:
    if k < 10:
        yield f"Only {k} studies: a model of selection needs many more to say anything."
    yield "The shape of selection is an assumption that the studies can hardly test; compare several."
    if not settled:
        yield "The fit did not settle: the likelihood has no clear peak; use another shape or a step function."
