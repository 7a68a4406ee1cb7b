"""A regression in words: what a reader must know first, the numbers in a sentence, the paragraph for a paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from whatworks.stats.telling import paragraph

if TYPE_CHECKING:
    from whatworks.synthesise.methods.regressing.regression import Regressed

PER_COEFFICIENT = 10  # studies for each moderator: Cochrane Handbook for Systematic Reviews, section 10.11.5.1
LEFT = 10  # below so many degrees of freedom the normal distribution is visibly too narrow for the t
TANGLED = 10.0  # a customary bound of variance inflation
DOUBT = 0.10  # the customary level of the Q test, which has little power
ECOLOGICAL = (
    "These are differences between studies, not between people: what goes with larger effects across studies need not "
    "hold for people within one (ecological bias), and other things that differ between the studies may lie behind it."
)
REFERENCES = {
    "regression": "Viechtbauer W (2010). Conducting meta-analyses in R with the metafor package. Journal of Statistical "
    "Software 36(3), 1-48.",
    "REML": "Viechtbauer W (2005). Bias and efficiency of meta-analytic variance estimators in the random-effects model. "
    "Journal of Educational and Behavioral Statistics 30(3), 261-293.",
    "DL": "DerSimonian R, Kacker R (2007). Random-effects model for meta-analysis of clinical trials: an update. "
    "Contemporary Clinical Trials 28(2), 105-114.",
    "SJ": "Sidik K, Jonkman JN (2005). A note on variance estimation in random effects meta-regression. Journal of "
    "Biopharmaceutical Statistics 15(5), 823-838.",
    "HS": "Hunter JE, Schmidt FL (2004). Methods of Meta-Analysis, 2nd ed. Sage.",
    "HE": "Hedges LV (1983). A random effects model for effect sizes. Psychological Bulletin 93(2), 388-395.",
    "EB": "Morris CN (1983). Parametric empirical Bayes inference. Journal of the American Statistical Association "
    "78(381), 47-55.",
    "hksj": "Knapp G, Hartung J (2003). Improved tests for a random effects meta-regression with a single covariate. "
    "Statistics in Medicine 22(17), 2693-2710.",
    "profile": "Viechtbauer W (2007). Confidence intervals for the amount of heterogeneity in meta-analysis. Statistics "
    "in Medicine 26(1), 37-52.",
    "ecological": "Thompson SG, Higgins JPT (2002). How should meta-regression analyses be undertaken and interpreted? "
    "Statistics in Medicine 21(11), 1559-1573.",
    "r2": "Raudenbush SW (2009). Analyzing effect sizes: random-effects models. In Cooper H, Hedges LV, Valentine JC "
    "(eds), The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., 295-315. Russell Sage.",
}
REFERENCES |= {"ML": REFERENCES["REML"], "PM": REFERENCES["DL"]}
ESTIMATORS = {
    "REML": "restricted maximum likelihood",
    "ML": "maximum likelihood",
    "DL": "DerSimonian and Laird's moments",
    "PM": "Paule and Mandel's equation",
    "EB": "empirical Bayes",
    "SJ": "Sidik and Jonkman's method",
    "HS": "Hunter and Schmidt's method",
    "HE": "Hedges' method",
}
INTERVALS = {
    "wald": "intervals and tests are normal",
    "t": "intervals and tests use the t distribution",
    "hksj": "intervals and tests are Knapp and Hartung's",
    "hksj-adhoc": "intervals and tests are Knapp and Hartung's, never narrower than those of the t distribution",
}


def cautions(found: Regressed, peaks: int, scale: float) -> tuple[str, ...]:
    """The sentences that apply. peaks: of the likelihood; scale: the Knapp-Hartung factor as used."""
    return tuple(sentence for part in (_data(found), _fit(found, peaks, scale)) for sentence in part if sentence)


def _data(found: Regressed) -> Iterator[str]:
    yield found.data.note
    if not found.terms:
        return
    yield ECOLOGICAL
    moderators = len(found.coefficients) - int(found.data.intercept)
    if found.k < PER_COEFFICIENT * moderators:
        yield (
            f"{found.k} studies for {moderators} coefficient{'s' * (moderators > 1)} beside the intercept: fewer than ten "
            "each, so what is found may be chance and what is not found may be there."
        )
    yield from _thin(found)
    yield from _origin(found)
    tangled = [one.term for one in found.terms if one.gsif is not None and one.gsif**2 > TANGLED]
    if tangled:
        yield f"{' and '.join(tangled)} can hardly be told apart (variance inflated more than tenfold); leave one out."


def _thin(found: Regressed) -> Iterator[str]:
    """Columns of 0 and 1 that a single study, or all but one, carries."""
    for place, name in enumerate(found.data.names):
        column = found.data.x[:, place]
        if place >= int(found.data.intercept) and np.isin(column, (0.0, 1.0)).all():
            if column.sum() == 1:
                yield f"{name} rests on one study, whose own result it reproduces."
            elif column.sum() == found.k - 1:
                yield f"{name} sets one study apart from all others, and reproduces that study's own result."


def _origin(found: Regressed) -> Iterator[str]:
    """Where the intercept lies outside what was seen."""
    if not found.data.intercept:
        return
    for place, name in enumerate(found.data.names[1:], start=1):
        column = found.data.x[:, place]
        low, high = float(column.min()), float(column.max())
        if ":" not in name and (low > 0 or high < 0):
            yield (
                f"The intercept is the effect expected at {name} = 0, outside what was seen ({low:g} to {high:g}); "
                f"write center({name}) for the effect at the mean."
            )


def _fit(found: Regressed, peaks: int, scale: float) -> Iterator[str]:
    method = found.method
    if method.model == "common" and found.qe_p < DOUBT:
        yield "The studies differ more than moderators and chance explain, yet a common-effect model assumes they do not."
    if method.model == "random" and found.tau2_ci_high == 0:
        yield "The studies agree more closely than chance leads one to expect; the interval of tau2 is empty."
    if method.stop == "metafor" and method.model == "random" and method.tau2 in ("REML", "ML"):
        yield "tau2 stands where metafor's iteration stops, up to 1e-5 short of the peak; stop = converged goes on to it."
    if peaks > 1:
        yield f"The likelihood has {peaks} peaks; tau2 is at the highest, where other programs may not look."
    if method.interval == "wald" and found.qe_df < LEFT:
        yield (
            f"Normal intervals are too narrow with {found.qe_df} degrees of freedom left; interval = hksj allows for it."
        )
    if method.interval == "hksj" and scale < 1:
        yield (
            "The Knapp-Hartung intervals rest on standard errors smaller than the usual ones "
            f"(by a factor of {scale**0.5:.2f}); hksj-adhoc does not allow this."
        )
    if method.interval.startswith("hksj") and method.model == "common":
        yield "The Knapp-Hartung interval is not meant for a common-effect model."


def summary(found: Regressed) -> str:
    """The regression in two sentences of numbers."""
    level = f"{100 * found.method.level:g}%"
    shown = [one for one in found.coefficients if one.name != "intercept"] or list(found.coefficients)
    parts = ", ".join(f"{one.name} {one.estimate:.4g} ({level} {one.ci_low:.4g} to {one.ci_high:.4g})" for one in shown)
    text = f"{found.k} studies: {parts}."
    if found.method.model == "random":
        text += f" Beyond the moderators tau2 {found.tau2:.4g}, I2 {found.i2:.0f}%"
        text += f"; they account for {found.r2:.0f}% of the heterogeneity." if found.r2 is not None else "."
    return text


def report(found: Regressed) -> str:
    """Methods and results as a paragraph, with references."""
    method = found.method
    cited = [REFERENCES["regression"]]
    if method.model == "random":
        cited += [REFERENCES[method.tau2], REFERENCES["profile"]]
    cited += [REFERENCES["hksj"]] * method.interval.startswith("hksj")
    cited += [REFERENCES["r2"]] * (found.r2 is not None and method.model == "random")
    cited += [REFERENCES["ecological"]] * bool(found.terms)
    return paragraph([*_methods(found), *_results(found), *found.warnings], cited)


def _methods(found: Regressed) -> Iterator[str]:
    method = found.method
    what = "differences between effects beyond the moderators" if method.model == "random" else "no such differences"
    how = f" (tau2 by {ESTIMATORS[method.tau2]})" if method.model == "random" else ""
    asked = f" by the formula {found.data.matrix.formula}" if found.data.matrix is not None else ""
    yield (
        f"The effects of {found.k} studies were regressed on {_moderators(found)}{asked}, each weighed by the inverse of "
        f"its variance, allowing for {what}{how}; {INTERVALS[method.interval]}."
    )
    if found.data.matrix is not None and found.data.matrix.design.learnt:
        centres = found.data.matrix.design.learnt.items()
        yield "Centres: " + "; ".join(f"{label} takes {centre:.6g} as 0" for label, (centre, _) in centres) + "."


def _moderators(found: Regressed) -> str:
    return ", ".join(term.term for term in found.terms) or "nothing but a mean"


def _results(found: Regressed) -> Iterator[str]:
    level = f"{100 * found.method.level:g}%"
    for one in found.coefficients:
        yield f"{one.name}: {one.estimate:.4g} ({level} interval {one.ci_low:.4g} to {one.ci_high:.4g}, p = {one.p:.3g})."
    if found.qm is not None and found.qm_df is not None and found.terms:
        m, left = found.qm_df
        name = f"chi-squared({m})" if left is None else f"F({m}, {left:g})"
        yield f"All moderators together: {name} = {found.qm:.4g}, p = {found.qm_p:.3g}."
    if found.method.model == "random":
        yield (
            f"Beyond them tau2 was {found.tau2:.4g}"
            + (f" (interval {found.tau2_ci_low:.4g} to {found.tau2_ci_high:.4g}), " if found.tau2_ci_high else ", ")
            + f"I2 {found.i2:.0f}%; QE({found.qe_df}) = {found.qe:.4g}, p = {found.qe_p:.3g}."
        )
    if found.r2 is not None:
        yield f"The moderators account for {found.r2:.0f}% of the heterogeneity."
