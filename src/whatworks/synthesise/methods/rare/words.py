"""What a pooled result of counts must say: which method when, what was added where, with sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from whatworks.stats.telling import paragraph
from whatworks.synthesise.methods.reporting import reach, said_p

if TYPE_CHECKING:
    from whatworks.synthesise.methods.rare.pooling_tables import PooledTables

# Which method when: shown by `advice`, in the report, and in the documentation.
METHODS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "MH": (
        "the Mantel-Haenszel method",
        "good for one common effect with few events, whatever the sizes of the groups; assumes no heterogeneity",
        ("Mantel N, Haenszel W (1959). Journal of the National Cancer Institute 22(4), 719-748.",),
    ),
    "PETO": (
        "Peto's one-step method",
        "good for very few events, groups of about equal size and small effects; biased where groups are unequal or "
        "effects large",
        ("Yusuf S et al. (1985). Progress in Cardiovascular Diseases 27(5), 335-371.",),
    ),
    "CM.EL": (
        "the exact conditional (hypergeometric-normal) mixed model",
        "the best-founded model with heterogeneity and few events; baselines drop out",
        ("Stijnen T, Hamza TH, Oezdemir P (2010). Statistics in Medicine 29(29), 3046-3067.",),
    ),
    "CM.AL": (
        "the approximate conditional (binomial-normal) mixed model",
        "quick, and close to the exact one where events are rare in large groups",
        ("Stijnen T, Hamza TH, Oezdemir P (2010). Statistics in Medicine 29(29), 3046-3067.",),
    ),
    "UM.FS": (
        "the mixed logistic or Poisson model with a fixed baseline for each study",
        "good with moderate counts; with very few events and many studies its many baselines can bias it",
        ("Turner RM et al. (2000). Statistics in Medicine 19(24), 3417-3432.",),
    ),
    "UM.RS": (
        "the mixed logistic or Poisson model with random baselines",
        "uses information between studies' baselines, so it leans on their being alike in kind",
        ("Jackson D et al. (2018). Statistics in Medicine 37(7), 1059-1085.",),
    ),
    "BB": (
        "the beta-binomial model",
        "keeps studies without any event; treats the groups of a study as independent",
        ("Kuss O (2015). Statistics in Medicine 34(7), 1097-1116.",),
    ),
    "GLMM": (
        "the binomial-normal or Poisson-normal model of one group",
        "right for proportions or rates near 0 or 1, where their transformed values are not normal",
        ("Hamza TH, van Houwelingen HC, Stijnen T (2008). Journal of Clinical Epidemiology 61(1), 41-51.",),
    ),
}
CORRECTIONS = {
    "only0": "with 1/2 added to all cells of studies that have an empty one",
    "all": "with 1/2 added to all cells of all studies",
    "none": "with nothing added (studies with an empty cell have none)",
}
RATIOS = ("OR", "RR", "IRR", "PLO", "IRLN")
LAPLACE = (
    "UM.RS is fitted by Laplace's approximation, as other programs do; nodes = 9 gives the finer likelihood, and sparse "
    "tables may move with it."
)


def tables_report(one: PooledTables) -> str:
    """Methods, results, cautions, references."""
    return paragraph((*_methods(one), *_results(one), *one.warnings), METHODS[one.method][2])


def advice() -> str:
    """Which method when, one a line."""
    return "\n".join(f"{name}: {what}; {when}." for name, (what, when, _) in METHODS.items())


def _methods(one: PooledTables) -> Iterator[str]:
    what, when, _ = METHODS[one.method]
    model = "" if one.method in ("MH", "PETO", "BB") else f" ({one.model} effect{'s' * (one.model == 'random')})"
    yield f"Counts of {one.k} studies were pooled by {what}{model}, as {one.measure}: {when}."
    if one.nodes:
        yield f"Likelihoods were integrated by adaptive Gauss-Hermite quadrature with {one.nodes} nodes."
    yield "Nothing was added to empty cells in pooling; the studies' own effects, for the picture and Q, are"
    yield f"{CORRECTIONS[one.correction]}."


def _results(one: PooledTables) -> Iterator[str]:
    scale = " on the logarithmic scale" if one.measure in RATIOS else ""
    level = f"{100 * one.level:g}% interval"
    yield f"The pooled {one.measure} is {one.estimate:.4g}{scale} ({level} {reach(one.ci_low, one.ci_high)}; {said_p(one.p)})."
    if one.tau2 is not None:
        yield f"tau2 is {one.tau2:.4g}."
    if one.rho is not None:
        yield f"The correlation within arms is {one.rho:.4g}."
    for name, test in one.tests.items():
        if test is not None:
            yield f"{name}: {test.statistic:.4g} on {test.df} df ({said_p(test.p)})."
