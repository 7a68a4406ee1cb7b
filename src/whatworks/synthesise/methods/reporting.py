"""A pooled result as a paragraph for a paper: what was done, with its sources, and what came out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from whatworks.stats.telling import paragraph

if TYPE_CHECKING:
    from whatworks.synthesise.methods.pooled import Pooled

ESTIMATORS = {
    "REML": ("restricted maximum likelihood", "Viechtbauer W (2005). Journal of Educational and Behavioral Statistics 30(3), 261-293."),
    "ML": ("maximum likelihood", "Hardy RJ, Thompson SG (1996). Statistics in Medicine 15(6), 619-629."),
    "DL": ("the method of DerSimonian and Laird", "DerSimonian R, Laird N (1986). Controlled Clinical Trials 7(3), 177-188."),
    "PM": ("the method of Paule and Mandel", "Paule RC, Mandel J (1982). Journal of Research of the NBS 87(5), 377-385."),
    "EB": ("the empirical Bayes method", "Morris CN (1983). Journal of the American Statistical Association 78(381), 47-55."),
    "SJ": ("the method of Sidik and Jonkman", "Sidik K, Jonkman JN (2005). Applied Statistics 54(2), 367-384."),
    "HS": ("the method of Hunter and Schmidt", "Hunter JE, Schmidt FL (2004). Methods of Meta-Analysis, 2nd edition. Sage."),
    "HE": ("the method of Hedges", "Hedges LV (1983). Psychological Bulletin 93(2), 388-395."),
}  # fmt: skip
HARTUNG = "Hartung J, Knapp G (2001). Statistics in Medicine 20(24), 3875-3889."
SIDIK = "Sidik K, Jonkman JN (2002). Statistics in Medicine 21(21), 3153-3159."
INTERVALS: dict[str, tuple[str, tuple[str, ...]]] = {
    "wald": ("the normal (Wald) interval", ()),
    "t": ("a t interval with k - 1 degrees of freedom", ("Follmann DA, Proschan MA (1999). Biometrics 55(3), 732-737.",)),
    "hksj": ("the Hartung-Knapp-Sidik-Jonkman interval", (HARTUNG, SIDIK)),
    "hksj-adhoc": (
        "the Hartung-Knapp interval with its scale kept at 1 or above",
        (HARTUNG, "Roever C, Knapp G, Friede T (2015). BMC Medical Research Methodology 15, 99."),
    ),
    "hksj-wider": (
        "the wider of the Hartung-Knapp and the Wald interval",
        (HARTUNG, "Jackson D, Law M, Ruecker G, Schwarzer G (2017). Statistics in Medicine 36(25), 3923-3934."),
    ),
}  # fmt: skip
HTS = "Higgins JPT, Thompson SG, Spiegelhalter DJ (2009). Journal of the Royal Statistical Society A 172(1), 137-159."
PREDICTIONS = {
    "metafor": ("with the distribution of that interval", HTS),
    "t-k1": ("with a t distribution on k - 1 degrees of freedom", HTS),
    "t-k2": ("with a t distribution on k - 2 degrees of freedom", HTS),
    "hts": ("with a t distribution on k - 2 degrees of freedom and the usual standard error", HTS),
    "hts-hk": (
        "with a t distribution on k - 2 degrees of freedom and Hartung and Knapp's standard error",
        "Partlett C, Riley RD (2017). Statistics in Medicine 36(2), 301-317.",
    ),
    "veroniki": (
        "with a t distribution on k - 1 degrees of freedom and the usual standard error",
        "Veroniki AA et al. (2019). Research Synthesis Methods 10(1), 23-43.",
    ),
    "hk": (
        "with a t distribution on k - 1 degrees of freedom and Hartung and Knapp's standard error",
        "Veroniki AA et al. (2019). Research Synthesis Methods 10(1), 23-43.",
    ),
    "normal": ("with a normal distribution", HTS),
}
TAU2_INTERVALS = {
    "qp": ("the Q-profile method", "Viechtbauer W (2007). Statistics in Medicine 26(1), 37-52."),
    "pl": ("profile likelihood", "Hardy RJ, Thompson SG (1996). Statistics in Medicine 15(6), 619-629."),
}
I2 = "Higgins JPT, Thompson SG (2002). Statistics in Medicine 21(11), 1539-1558."
STATES = {
    "higher": "All defensible intervals lie above no difference.",
    "lower": "All defensible intervals lie below no difference.",
    "uncertain": "Not all defensible intervals (Wald, t, Hartung-Knapp) exclude no difference on one side: the direction is "
    "uncertain.",
    "no worthwhile effect": "All defensible intervals lie inside the band of effects too small to be worthwhile.",
}


def pooled_report(one: Pooled) -> str:
    """Methods, results, cautions, references."""
    return paragraph((*_methods(one), *_results(one), *one.warnings), _references(one))


def reach(low: float | None, high: float | None) -> str:
    """Two ends as they are said: four significant digits."""
    return "not known" if low is None or high is None else f"{low:.4g} to {high:.4g}"


def said_p(p: float | None) -> str:
    """A p value as papers print it."""
    if p is None:
        return "p not known"
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def _methods(one: Pooled) -> Iterator[str]:
    method = one.method
    if one.k == 1:
        yield "One study is reported by itself, with a normal interval."
    elif method.model == "common":
        yield f"Effects of {one.k} studies were pooled by inverse variance, assuming one true effect."
        yield f"The interval of the mean is {INTERVALS[method.interval][0]}."
    else:
        yield (
            f"Effects of {one.k} studies were pooled with a random-effects model; the variance of true effects (tau2) was "
            f"estimated by {ESTIMATORS[method.tau2][0]}, with an interval by {TAU2_INTERVALS[one.tau2_interval][0]}."
        )
        yield f"The interval of the mean is {INTERVALS[method.interval][0]}."
        if one.pi_low is not None:
            yield f"The prediction interval was made {PREDICTIONS[method.prediction][0]}."
    if one.band:
        yield f"Effects between {one.band[0]:g} and {one.band[1]:g} were set beforehand as not worthwhile ({one.band[2]})."


def _results(one: Pooled) -> Iterator[str]:
    level = f"{100 * one.method.level:g}% interval"
    yield f"The mean effect is {one.estimate:.4g} ({level} {reach(one.ci_low, one.ci_high)}; {said_p(one.p)})."
    if one.q is not None and one.i2 is not None:
        yield f"Q is {one.q:.4g} on {one.q_df} degrees of freedom ({said_p(one.q_p)}), I2 {one.i2:.0f}%."
    if one.tau2 is not None and one.tau2_ci_low is not None:
        yield f"tau2 is {one.tau2:.4g} ({level} {reach(one.tau2_ci_low, one.tau2_ci_high)})."
    if one.pi_low is not None:
        yield f"In a new setting like these the true effect may lie between {reach(one.pi_low, one.pi_high)}.".replace(
            " to ", " and "
        )
    yield STATES[one.state]


def _references(one: Pooled) -> Iterator[str]:
    method = one.method
    if one.k == 1:
        return
    if method.model == "random":
        yield ESTIMATORS[method.tau2][1]
        yield TAU2_INTERVALS[one.tau2_interval][1]
    yield from INTERVALS[method.interval][1]
    if one.pi_low is not None:
        yield PREDICTIONS[method.prediction][1]
    yield I2
