"""From one kind of measure to another, each on a stated assumption. Only used where somebody names the formula.

From an odds ratio to risks one must know the risk without the intervention; it is taken as known, so its own
uncertainty is not in the interval. The limits are the converted limits, not the estimate -/+ 1.96 standard errors.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from whatworks.extract.methods.association import COX, COX_FACTOR
from whatworks.extract.methods.correlations import R
from whatworks.extract.methods.effect import Effect, Floats, require
from whatworks.extract.methods.effect import effect as built
from whatworks.extract.methods.formula import N1, N2, Input, N, formula
from whatworks.extract.methods.published import HIGH, LEVEL, LOW
from whatworks.extract.methods.standardised import VARIANCE_D
from whatworks.saying import said
from whatworks.stats.intervals import critical, value_from_two_sided_p

BORENSTEIN = "Borenstein, Hedges, Higgins and Rothstein (2009), Introduction to Meta-Analysis, chapter 7"
GRANT = "Grant (2014), BMJ 348, f7450; Zhang and Yu (1998), JAMA 280(19), 1690-1691"
D = Input("d", said("standardised mean difference"))
BASELINE = Input(
    "baseline_risk", said("risk of the outcome without the intervention, as a proportion; say where it is from")
)
ODDS_RATIO = Input("odds_ratio", said("odds ratio as reported"))
RISK_RATIO = Input("risk_ratio", said("risk ratio as reported"))
NORMAL_95 = critical(0.95)


@formula("d-from-r", "D", (R, N), title=said("Cohen's d that a correlation between two measured variables stands for"),
    source=BORENSTEIN + ", equations 7.5 and 7.6", converts=True,
    steps=("v = (1 - r^2)^2 / (n - 1)", "yi = 2 * r / sqrt(1 - r^2)", "vi = 4 * v / (1 - r^2)^3"),
)  # fmt: skip
def d_from_r(r: Floats, n: Floats) -> Effect:
    """2 r / sqrt(1 - r^2); variance 4 v / (1 - r^2)^3 with v = (1 - r^2)^2 / (n - 1)"""
    require(np.abs(r) < 1, r, sentence=said("a correlation does not lie between -1 and 1"))
    return built(2 * r / np.sqrt(1 - r**2), 4 / ((1 - r**2) * (n - 1)), "D", None, None, n=n)


@formula("correlation-from-d", "COR", (D, VARIANCE_D, N1, N2),
    title=said("Correlation that a standardised mean difference stands for"),
    source=BORENSTEIN + ", equations 7.7 to 7.9", converts=True,
    steps=("a = (n1 + n2)^2 / (n1 * n2)", "yi = d / sqrt(d^2 + a)", "vi = a^2 * variance / (d^2 + a)^3"),
)  # fmt: skip
def correlation_from_d(d: Floats, variance: Floats, n1: Floats, n2: Floats) -> Effect:
    """d / sqrt(d^2 + a) with a = (n1 + n2)^2 / (n1 n2); variance a^2 v / (d^2 + a)^3"""
    require((n1 > 0) & (n2 > 0), n1, n2, sentence=said("a group has no people in it; leave the row out"))
    a = (n1 + n2) ** 2 / (n1 * n2)
    return built(d / np.sqrt(d**2 + a), a**2 * variance / (d**2 + a) ** 3, "COR", n1, n2)


@formula("log-odds-ratio-from-d-cox", "OR", (D, VARIANCE_D),
    title=said("Odds ratio that a standardised mean difference stands for, by Cox's 1.65"), source=COX, converts=True,
    steps=("yi = 1.65 * d", "vi = 1.65^2 * variance"),
)  # fmt: skip
def log_odds_ratio_from_d_cox(d: Floats, variance: Floats) -> Effect:
    """log OR = 1.65 d; variance times 1.65^2"""
    return built(COX_FACTOR * d, COX_FACTOR**2 * variance, "OR", None, None)


@formula("d-from-log-odds-ratio-cox", "D", (Input("log_odds_ratio", said("logarithm of the odds ratio")), VARIANCE_D),
    title=said("Standardised mean difference that an odds ratio stands for, by Cox's 1.65"), source=COX, converts=True,
    steps=("yi = log_odds_ratio / 1.65", "vi = variance / 1.65^2"),
)  # fmt: skip
def d_from_log_odds_ratio_cox(log_odds_ratio: Floats, variance: Floats) -> Effect:
    """d = log OR / 1.65; variance over 1.65^2"""
    return built(log_odds_ratio / COX_FACTOR, variance / COX_FACTOR**2, "D", None, None)


def risk_from_odds_ratio(odds_ratio: Floats, baseline: Floats) -> Floats:
    """The risk with the intervention, from the odds ratio and the risk without: p0 OR / (1 - p0 + p0 OR)."""
    return np.asarray(baseline * odds_ratio / (1 - baseline + baseline * odds_ratio))


def risk_from_risk_ratio(risk_ratio: Floats, baseline: Floats) -> Floats:
    """The risk with the intervention, from the risk ratio and the risk without: p0 RR, and never above 1."""
    return np.minimum(baseline * risk_ratio, 1.0)


def check_baseline(baseline: Floats) -> None:
    """Refuse a risk that is no proportion between 0 and 1."""
    sentence = "the risk without the intervention does not lie between 0 and 1; write 0.2 for 20 per cent"
    require((baseline > 0) & (baseline < 1), baseline, sentence=sentence)


def through_risk(
    metric: str, risk: Callable[[Floats, Floats], Floats], onto: Callable[[Floats, Floats], Floats], slope: str
) -> Callable[..., Effect]:
    """The formula that turns a ratio with its interval into a risk, and the risk onto another scale.

    The variance is the delta method's on the logarithm of the ratio; low and high are the converted 95 per cent limits.
    """

    def convert(ratio: Floats, low: Floats, high: Floats, level: Floats, baseline: Floats) -> Effect:
        for one in (ratio, low, high):
            require(one > 0, one, sentence=said("a ratio or a limit of its interval is not above 0"))
        require(
            (low <= ratio) & (ratio <= high), ratio, low, high, sentence=said("the ratio lies outside its own interval")
        )
        require((level > 0) & (level < 1), level, sentence=said("the level is not a proportion such as 0.95"))
        check_baseline(baseline)
        se = (np.log(high) - np.log(low)) / (2 * value_from_two_sided_p(1 - level))
        with_it = risk(ratio, baseline)
        words = "this risk ratio gives a risk of 1 or more at that risk without the intervention; take the odds ratio"
        require(with_it < 1, with_it, sentence=words)
        steep = {"OR-RR": 1 - with_it, "OR-RD": with_it * (1 - with_it), "RR-OR": 1 / (1 - with_it), "RR-RD": with_it}
        ends = (onto(risk(np.exp(np.log(ratio) + side * NORMAL_95 * se), baseline), baseline) for side in (-1, 1))
        found = built(onto(with_it, baseline), (steep[slope] * se) ** 2, metric, None, None)
        return Effect(found.yi, found.vi, metric, low=next(ends), high=next(ends))

    return convert


def onto_log_risk_ratio(risk: Floats, baseline: Floats) -> Floats:
    """log(p1 / p0)"""
    return np.log(risk / baseline)


def onto_log_odds_ratio(risk: Floats, baseline: Floats) -> Floats:
    """log of the odds ratio of two risks; no finite one where a risk is 1."""
    return np.log(risk / (1 - risk)) - np.log(baseline / (1 - baseline))


def onto_risk_difference(risk: Floats, baseline: Floats) -> Floats:
    """p1 - p0"""
    return risk - baseline


def enter(
    name: str, ratio: Input, metric: str, convert: Callable[..., Effect], text: str, steps: tuple[str, ...]
) -> None:
    """Enter one conversion by the risk without the intervention in the register."""

    def compute(low: Floats, high: Floats, level: Floats, baseline_risk: Floats, **given: Floats) -> Effect:
        return convert(given[ratio.name], low, high, level, baseline_risk)

    compute.__doc__ = text + "; limits: the converted ones"
    title = name.replace("-", " ").capitalize() + ", at a stated risk without the intervention"
    se = "se = (log(high) - log(low)) / (2 * z(1 - level))"
    formula(name, metric, (ratio, LOW, HIGH, LEVEL, BASELINE), title=title, source=GRANT, steps=(se, *steps),
            converts=True)(compute)  # fmt: skip


FROM_ODDS = "p1 = baseline_risk * odds_ratio / (1 - baseline_risk + baseline_risk * odds_ratio)"
FROM_RISK = "p1 = baseline_risk * risk_ratio"
enter(
    "log-risk-ratio-from-odds-ratio", ODDS_RATIO, "RR",
    through_risk("RR", risk_from_odds_ratio, onto_log_risk_ratio, "OR-RR"),
    "log(p1 / p0) with p1 = p0 OR / (1 - p0 + p0 OR); variance (1 - p1)^2 times that of log OR",
    (FROM_ODDS, "yi = log(p1 / baseline_risk)", "vi = (1 - p1)^2 * se^2"),
)  # fmt: skip
enter(
    "risk-difference-from-odds-ratio", ODDS_RATIO, "RD",
    through_risk("RD", risk_from_odds_ratio, onto_risk_difference, "OR-RD"),
    "p1 - p0 with p1 = p0 OR / (1 - p0 + p0 OR); variance (p1 (1 - p1))^2 times that of log OR",
    (FROM_ODDS, "yi = p1 - baseline_risk", "vi = (p1 * (1 - p1))^2 * se^2"),
)  # fmt: skip
enter(
    "log-odds-ratio-from-risk-ratio", RISK_RATIO, "OR",
    through_risk("OR", risk_from_risk_ratio, onto_log_odds_ratio, "RR-OR"),
    "log((p1 / (1 - p1)) / (p0 / (1 - p0))) with p1 = p0 RR; variance that of log RR over (1 - p1)^2",
    (FROM_RISK, "yi = log(p1 / (1 - p1)) - log(baseline_risk / (1 - baseline_risk))", "vi = se^2 / (1 - p1)^2"),
)  # fmt: skip
enter(
    "risk-difference-from-risk-ratio", RISK_RATIO, "RD",
    through_risk("RD", risk_from_risk_ratio, onto_risk_difference, "RR-RD"),
    "p1 - p0 with p1 = p0 RR; variance p1^2 times that of log RR",
    (FROM_RISK, "yi = p1 - baseline_risk", "vi = p1^2 * se^2"),
)  # fmt: skip
