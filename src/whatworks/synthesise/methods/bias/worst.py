"""How much would selection or bias have to have done for the conclusion to fall?

Studies that are significant in the wanted direction are called affirmative. If they were published `ratio` times as often
as the others, the others count `ratio` times as much; in the worst case they alone count. Source: Mathur and VanderWeele
(2020), Journal of the Royal Statistical Society C 69(5), 1091-1119, sections 3 and 4 (corrected weights, S values and the
worst case); here with inverse-variance weights that contain tau2 of all studies (random) or none (common), and the interval
that follows from the weights. Checked against the same formulas written out slowly (tests/unit/synthesise/
test_bias_worst.py), and in R by the script that `bias` writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, sqrt
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.choices import check_word
from whatworks.stats.intervals import check_level, critical, interval
from whatworks.stats.results import Result
from whatworks.synthesise.methods.bias.steps import p_values
from whatworks.synthesise.methods.heterogeneity import fit_tau2
from whatworks.synthesise.methods.pooling import Model, Pooled, check_effects, pool
from whatworks.synthesise.methods.weighing import Floats

Favoured = Literal["greater", "less"]
RATIOS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
SMD_TO_RR = 0.91  # log RR is about 0.91 d: VanderWeele and Ding (2017), Annals of Internal Medicine 167(4), 268-274
SMD_METRICS = ("SMD", "D", "SMDH", "SMD1")
RATIO_METRICS = ("RR", "IRR", "HR", "OR", "PETO")


@dataclass(frozen=True, slots=True)
class AtRatio(Result):
    """The mean if affirmative results were published `ratio` times as often as the others."""

    ratio: float
    estimate: float
    se: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True, slots=True)
class WorstCase(Result):
    """The mean of the studies that are not affirmative alone: publication bias of any strength cannot do more."""

    k: int
    estimate: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    tau2: float | None


@dataclass(frozen=True, slots=True)
class Robustness(Result):
    """How strong selection, or a bias in all studies, would have to be. target: the value that would change the conclusion.

    affirmative: how many studies have a one-sided p of at most `alpha` in the favoured direction. s_value, s_value_ci: the
    ratio of publication at which the mean, or the near limit of its interval, is the target: 1 where it is there already,
    None where no ratio is enough (see `worst`). bias, bias_ci: how much of the effect in every study would have to be bias,
    in the effects' units. e_value, e_value_ci: the same as an E-value, the risk ratio by which something unmeasured would
    have to be tied to both intervention and outcome (target: no effect; None for metrics that are no ratio or SMD).
    """

    favoured: Favoured
    alpha: float
    target: float
    affirmative: int
    other: int
    estimate: float
    ci_low: float
    ci_high: float
    s_value: float | None
    s_value_ci: float | None
    worst: WorstCase
    ratios: tuple[AtRatio, ...]
    bias: float
    bias_ci: float
    e_value: float | None
    e_value_ci: float | None


class Halves(NamedTuple):
    """Sums of weights and of weights times effect, among the affirmative studies and among the others."""

    yes: float
    pull_yes: float
    no: float
    pull_no: float

    def mean(self, ratio: float) -> tuple[float, float]:
        """The mean and its standard error when the others count `ratio` times."""
        total = self.yes + ratio * self.no
        return (self.pull_yes + ratio * self.pull_no) / total, sqrt(self.yes + ratio * ratio * self.no) / total


def robustness(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    favoured: Favoured | None = None,
    target: float = 0.0,
    alpha: float = 0.025,
    metric: str | None = None,
    model: Model = "random",
    level: float = 0.95,
) -> Robustness:
    """How robust the mean of effects yi (variances vi) is against selective publication and common bias.

    favoured: the direction in which significant results are published more; by itself that of the mean. alpha: one-sided.
    metric: the effects' code (RR, OR, HR, IRR as logarithms, SMD), for E-values. InputError: wrong input.
    """
    y, v = check_effects(yi, vi)
    _check(favoured, alpha, level)
    tau2 = fit_tau2(y, v, "REML").tau2 if model == "random" and y.size > 1 else 0.0
    side: Favoured = favoured or ("greater" if float((y / (v + tau2)).sum()) >= 0 else "less")
    sign = 1.0 if side == "greater" else -1.0
    yes = p_values(sign * y, np.sqrt(v), two_sided=False) <= alpha
    halves = _halves(sign * (y - target), 1 / (v + tau2), yes)
    away, se = halves.mean(1.0)
    near = max(0.0, away - critical(level) * se)
    low, high = interval(sign * away + target, se, level)
    return Robustness(
        favoured=side,
        alpha=alpha,
        target=target,
        affirmative=int(yes.sum()),
        other=int((~yes).sum()),
        estimate=sign * away + target,
        ci_low=low,
        ci_high=high,
        s_value=_s_value(halves),
        s_value_ci=_s_value_ci(halves, critical(level)),
        worst=_worst(y[~yes], v[~yes], model, level),
        ratios=_at_ratios(halves, sign, target, level),
        bias=max(0.0, away),
        bias_ci=near,
        e_value=None if target else e_value(max(0.0, away), metric),
        e_value_ci=None if target else e_value(near, metric),
    )


def _check(favoured: Favoured | None, alpha: float, level: float) -> None:
    """Refuse what cannot be meant."""
    check_level(level)
    if not 0 < alpha < 0.5:
        raise InputError(
            said(
                "alpha %(alpha)s must be a one-sided p between 0 and 0.5; write 0.025 for two-sided 5 per cent.",
                alpha=f"{alpha:g}",
            )
        )
    if favoured is not None:
        check_word(said("direction"), favoured, get_args(Favoured))


def _halves(y: Floats, weights: Floats, yes: np.ndarray) -> Halves:
    return Halves(
        float(weights[yes].sum()),
        float(weights[yes] @ y[yes]),
        float(weights[~yes].sum()),
        float(weights[~yes] @ y[~yes]),
    )


def _s_value(halves: Halves) -> float | None:
    """The ratio at which the mean is 0: where the pull of the others outweighs that of the affirmative studies."""
    if halves.pull_yes + halves.pull_no <= 0:
        return 1.0
    return -halves.pull_yes / halves.pull_no if halves.pull_no < 0 else None


def _s_value_ci(halves: Halves, reach: float) -> float | None:
    """The least ratio, 1 or above, at which the near limit of the interval is 0: a root of a quadratic equation."""
    mean, se = halves.mean(1.0)
    if mean - reach * se <= 0:
        return 1.0
    # (pull_yes + r pull_no)^2 = reach^2 (yes + r^2 no)
    a = halves.pull_no**2 - reach**2 * halves.no
    b = 2 * halves.pull_yes * halves.pull_no
    c = halves.pull_yes**2 - reach**2 * halves.yes
    if a == 0:
        roots = [-c / b] if b else []
    elif (inside := b * b - 4 * a * c) < 0:
        roots = []
    else:
        half = -(b + (sqrt(inside) if b >= 0 else -sqrt(inside))) / 2  # the sum without cancellation, then Vieta
        roots = [half / a, *([c / half] if half else [])]
    beyond = [root for root in roots if root >= 1 and halves.pull_yes + root * halves.pull_no >= 0]
    return min(beyond) if beyond else None


def _at_ratios(halves: Halves, sign: float, target: float, level: float) -> tuple[AtRatio, ...]:
    rows = []
    for ratio in RATIOS:
        mean, se = halves.mean(ratio)
        rows.append(AtRatio(ratio, sign * mean + target, se, *interval(sign * mean + target, se, level)))
    return tuple(rows)


def _worst(y: Floats, v: Floats, model: Model, level: float) -> WorstCase:
    """The others pooled by themselves, with their own tau2."""
    if not y.size:
        return WorstCase(0, None, None, None, None, None)
    found: Pooled = pool(y, v, model=model, level=level)
    return WorstCase(y.size, found.estimate, found.se, found.ci_low, found.ci_high, found.tau2)


def e_value(effect: float, metric: str | None) -> float | None:
    """The E-value of an effect on the analysis scale; None for a metric that is neither ratio nor standardised mean.

    RR + sqrt(RR (RR - 1)), with RR above 1. Odds ratios of common outcomes enter as their square root and standardised mean
    differences as exp(0.91 d), the approximations of VanderWeele and Ding (2017).
    """
    if metric in SMD_METRICS:
        size = SMD_TO_RR * abs(effect)
    elif metric in RATIO_METRICS:
        size = abs(effect) / (2 if metric in ("OR", "PETO") else 1)
    else:
        return None
    ratio = exp(min(size, 300.0))
    return ratio + sqrt(ratio * (ratio - 1))
