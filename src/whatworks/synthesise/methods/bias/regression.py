"""Do smaller studies say something else, and what would a study without error say? Egger, PET, PEESE and their kin.

Checked against R's lm and metafor's regtest on 32 data sets (tests/oracles/test_bias.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.choices import check_word
from whatworks.stats.intervals import interval, two_sided_p
from whatworks.stats.results import Result
from whatworks.synthesise.methods.bias.lines import Line, least_squares, mixed
from whatworks.synthesise.methods.pooling import check_effects
from whatworks.synthesise.methods.weighing import Floats

Predictor = Literal["se", "variance", "n", "inverse-n", "sqrt-n", "inverse-sqrt-n"]
Model = Literal["linear", "mixed"]
PREDICTORS: dict[str, Callable[[Floats, Floats], Floats]] = {
    "se": lambda v, n: np.sqrt(v),
    "variance": lambda v, n: v,
    "n": lambda v, n: n,
    "inverse-n": lambda v, n: 1 / n,
    "sqrt-n": lambda v, n: np.sqrt(n),
    "inverse-sqrt-n": lambda v, n: 1 / np.sqrt(n),
}
PEESE_BELOW = 0.10  # PET's two-sided p, one-sided 0.05 (Stanley 2017), below which PEESE answers


@dataclass(frozen=True, slots=True)
class Egger(Result):
    """Egger's test: the intercept of effect / se on 1 / se, 0 in a symmetric funnel; t with df = k - 2, p two-sided.

    Source: Egger, Davey Smith, Schneider and Minder (1997), BMJ 315, 629-634. None where it cannot be computed.
    """

    intercept: float | None = None
    se: float | None = None
    t: float | None = None
    df: int | None = None
    p: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None


@dataclass(frozen=True, slots=True)
class Limit(Result):
    """The effect where the predictor is 0, that is for a study of infinite size; df None: normal distribution."""

    estimate: float | None = None
    se: float | None = None
    statistic: float | None = None
    df: int | None = None
    p: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None


@dataclass(frozen=True, slots=True)
class SmallStudyTest(Result):
    """A regression of effects on a measure of (im)precision. slope: 0 in a symmetric funnel; statistic t (df) or z.

    limit: the line where the predictor is 0: for `se`, `variance` and the inverses of n a study without error, for the
    others a study of nobody, which means nothing. tau2: what the mixed model leaves unexplained.
    """

    model: Model
    predictor: Predictor
    slope: float | None
    se: float | None
    statistic: float | None
    df: int | None
    p: float | None
    ci_low: float | None
    ci_high: float | None
    limit: Limit
    tau2: float | None


def small_study_test(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    predictor: Predictor = "se",
    model: Model = "mixed",
    n: ArrayLike | None = None,
    tau2: Literal["REML", "ML"] = "REML",
    level: float = 0.95,
) -> SmallStudyTest:
    """Regress k effects yi with variances vi on a measure of precision; n: people in each study, for those that use it.

    model: `linear` (weights 1 / vi, multiplicative dispersion, t with k - 2: Egger's) or `mixed` (random effects, z), as
    metafor's regtest names them lm and rma. For standardised mean differences, whose standard error contains the effect,
    use `inverse-sqrt-n` (Pustejovsky and Rodgers 2019, Research Synthesis Methods 10(1), 57-71). InputError: wrong input.
    """
    y, v = check_effects(yi, vi)
    for name, word, words in (("predictor", predictor, Predictor), ("model", model, Model)):
        check_word(name, word, get_args(words))
    x = PREDICTORS[predictor](v, sizes(n, y.size, predictor))
    line = least_squares(y, x, 1 / v) if model == "linear" else mixed(y, v, x, tau2 == "REML")
    slope = told(line.slope, line.slope_se, line.df, level) if line else Limit()
    values = (slope.estimate, slope.se, slope.statistic, slope.df, slope.p, slope.ci_low, slope.ci_high)
    return SmallStudyTest(model, predictor, *values, limit(line, level), line.tau2 if line else None)


def sizes(n: ArrayLike | None, k: int, predictor: str) -> Floats:
    """The people in each study; InputError where they are needed and not given, or are not above 0."""
    if "n" not in predictor.split("-"):
        return np.ones(k)
    if n is None:
        raise InputError(
            said(
                "The predictor %(predictor)s needs n, the number of people in each study; give it.", predictor=predictor
            )
        )
    people = np.asarray(n, dtype=float)
    if people.shape != (k,):
        raise InputError(
            said("There must be one n for each of the %(k)s effects, not %(size)s.", k=k, size=people.size)
        )
    if not (np.isfinite(people) & (people > 0)).all():
        row = int(np.flatnonzero(~(np.isfinite(people) & (people > 0)))[0]) + 1
        raise InputError(said("n in row %(row)s must be a number above 0; correct it or leave the row out.", row=row))
    return people


def told(value: float, se: float, df: int | None, level: float) -> Limit:
    """A coefficient with its test and interval; no test where it has no error left."""
    low, high = interval(value, se, level, df)
    statistic = value / se if se > 0 else None
    p = None if statistic is None else float(two_sided_p(statistic, df))
    return Limit(value, se, statistic, df, p, low, high)


def limit(line: Line | None, level: float) -> Limit:
    """The line's intercept."""
    return told(line.intercept, line.intercept_se, line.df, level) if line else Limit()


def egger(y: Floats, v: Floats, level: float = 0.95) -> tuple[Egger, Limit]:
    """Egger's test and, from the same line, PET: the precision-effect test and estimate.

    Source of PET: Stanley and Doucouliagos (2014), Research Synthesis Methods 5(1), 60-78: least squares of y on se with
    weights 1 / v. Its slope is Egger's intercept; its intercept the effect at se = 0.
    """
    line = least_squares(y, np.sqrt(v), 1 / v)
    if line is None:
        return Egger(), Limit()
    slope = told(line.slope, line.slope_se, line.df, level)
    test = Egger(slope.estimate, slope.se, slope.statistic, slope.df, slope.p, slope.ci_low, slope.ci_high)
    return test, limit(line, level)


def peese(y: Floats, v: Floats, level: float = 0.95) -> Limit:
    """The precision-effect estimate with standard error (same source): y on v with weights 1 / v, at v = 0."""
    return limit(least_squares(y, v, 1 / v), level)


def chosen(pet: Limit, peese: Limit) -> tuple[Literal["pet", "peese"] | None, Limit]:
    """The conditional estimator: PEESE where PET finds an effect at all, PET where it does not; which, and its numbers.

    Source: Stanley (2017), Social Psychological and Personality Science 8(5), 581-591.
    """
    if pet.p is None or peese.estimate is None:
        return None, Limit()
    return ("peese", peese) if pet.p < PEESE_BELOW else ("pet", pet)
