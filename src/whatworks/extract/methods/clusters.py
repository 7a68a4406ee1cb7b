"""When whole clusters (teams, schools, councils) were put into groups, but people were counted as if one by one.

Every formula asks where its intracluster correlation is from, and the finding keeps the answer.
"""

from __future__ import annotations

import numpy as np

from whatworks.extract.methods import counts, means, published
from whatworks.extract.methods.derived import Numbers, derive
from whatworks.extract.methods.effect import Effect, Floats, require
from whatworks.extract.methods.effect import effect as built
from whatworks.extract.methods.formula import FORMULAE, Input, formula
from whatworks.extract.methods.means import MEAN1, MEAN2, MEANS, POOL, check_spread, pooled_sd, small_sample_factor
from whatworks.extract.methods.published import RATIOS
from whatworks.saying import said

SIZE = Input("cluster_size", said("people per cluster, on average"), said("people"))
CV = Input(
    "cluster_size_cv", said("standard deviation of cluster sizes over their mean; 0 where all are alike"), default=0.0
)
ICC = Input("icc", said("intracluster correlation: the share of the variance that lies between clusters"))
ICC_SOURCE = Input(
    "icc_source", said("where the intracluster correlation is from: this study, a bank, or an assumption"), note=True
)
FORM = Input("form", said("hedges (2007, exact factor) or wwc (factor and variance by h degrees of freedom)"),
             choices=("hedges", "wwc"))  # fmt: skip
CLUSTERED = (SIZE, ICC, CV, ICC_SOURCE)
HEDGES = "Hedges (2007), Journal of Educational and Behavioral Statistics 32(4), 341-370"
WWC = "What Works Clearinghouse (2022), Procedures and Standards Handbook 5.0, appendix E"
KISH = "Kish (1965), Survey Sampling; Eldridge, Ashby and Kerry (2006), International Journal of Epidemiology 35(5)"
M = "nn = cluster_size * (1 + cluster_size_cv^2)"
DEFF = "D = 1 + (cluster_size * (1 + cluster_size_cv^2) - 1) * icc"


def design_effect(cluster_size: Floats, icc: Floats, cluster_size_cv: Floats) -> Floats:
    """How many times larger a variance is because people came in clusters: 1 + ((1 + cv^2) m - 1) icc.

    cluster_size: people per cluster, m; icc: 0 to 1; cluster_size_cv: sd of cluster sizes over their mean. Raises
    InputError outside those. Source: Kish (1965); Eldridge, Ashby and Kerry (2006), for clusters of unlike size.
    """
    require(cluster_size >= 1, cluster_size, sentence=said("the size of a cluster is below 1 person"))
    require((icc >= 0) & (icc <= 1), icc, sentence=said("the intracluster correlation lies outside 0 to 1"))
    require(cluster_size_cv >= 0, cluster_size_cv, sentence=said("the variation of cluster sizes is below 0"))
    return np.asarray(1 + ((1 + cluster_size_cv**2) * cluster_size - 1) * icc)


def effective_sample_size(
    n: Floats, cluster_size: Floats, icc: Floats, cluster_size_cv: Floats | None = None
) -> Floats:
    """How many people one by one would tell as much: n over the design effect. Source: Cochrane Handbook 23.1.4."""
    values = np.zeros_like(np.asarray(icc, dtype=float)) if cluster_size_cv is None else cluster_size_cv
    effect = design_effect(np.asarray(cluster_size, dtype=float), np.asarray(icc, dtype=float), np.asarray(values))
    return np.asarray(np.asarray(n, dtype=float) / effect)


def hedges_terms(n: Floats, size: Floats, icc: Floats) -> tuple[Floats, Floats]:
    """Hedges' (2007) A = (N - 2) - 2 (m - 1) icc and B, the two sums his variance and h are made of."""
    a = (n - 2) - 2 * (size - 1) * icc
    b = (n - 2) * (1 - icc) ** 2 + size * (n - 2 * size) * icc**2 + 2 * (n - 2 * size) * icc * (1 - icc)
    words = "there are too few people beside the size of a cluster: at least two clusters in each group are needed"
    require((a > 0) & (b > 0), n, size, sentence=words)
    return a, b


H_STEPS = (
    M,
    "N = n1 + n2",
    "A = N - 2 - 2 * (nn - 1) * icc",
    "B = (N - 2) * (1 - icc)^2 + nn * (N - 2 * nn) * icc^2 + 2 * (N - 2 * nn) * icc * (1 - icc)",
    "h = A^2 / B",
    POOL,
    "dd = (mean1 - mean2) / sp * sqrt(A / (N - 2))",
    "[form=hedges] J = J(h)",
    "[form=wwc] J = 1 - 3 / (4 * h - 1)",
    "yi = J * dd",
    "first = (1 / n1 + 1 / n2) * (1 + (nn - 1) * icc)",
    "[form=hedges] vi = J^2 * (first + dd^2 * B / (2 * (N - 2) * A))",
    "[form=wwc] vi = J^2 * (first + dd^2 / (2 * h))",
)


@formula(
    "hedges-g-from-clustered-means",
    "SMD",
    (*MEANS, *CLUSTERED, FORM),
    title=said("Hedges' g between groups of clusters, in standard deviations of all people"),
    source=f"{HEDGES}, equations 15 and 16; {WWC}",
    steps=H_STEPS,
)
def hedges_g_from_clustered_means(
    mean1: Floats, sd1: Floats, n1: Floats, mean2: Floats, sd2: Floats, n2: Floats, cluster_size: Floats, icc: Floats,
    cluster_size_cv: Floats, form: str,
) -> Effect:  # fmt: skip
    """d = (m1 - m2) / sp sqrt(A / (N - 2)), A = N - 2 - 2 (m - 1) icc, m the cluster size times 1 + cv^2; g = J d,
    J for h = A^2 / B, B = (N - 2)(1 - icc)^2 + m (N - 2 m) icc^2 + 2 (N - 2 m) icc (1 - icc); variance
    J^2 ((1/n1 + 1/n2)(1 + (m - 1) icc) + d^2 B / (2 (N - 2) A)) (wwc: J = 1 - 3 / (4 h - 1), last part d^2 / (2 h))"""
    check_spread(sd1, n1, sd2, n2)
    widened = design_effect(cluster_size, icc, cluster_size_cv)
    n = n1 + n2
    a, b = hedges_terms(n, cluster_size * (1 + cluster_size_cv**2), icc)
    h = a**2 / b
    d = (mean1 - mean2) / pooled_sd(sd1, n1, sd2, n2) * np.sqrt(a / (n - 2))
    factor = small_sample_factor(h) if form == "hedges" else 1 - 3 / (4 * h - 1)
    rest = b / (2 * (n - 2) * a) if form == "hedges" else 1 / (2 * h)
    return built(factor * d, factor**2 * ((1 / n1 + 1 / n2) * widened + d**2 * rest), "SMD", n1, n2)


CLUSTERS1 = Input("clusters1", said("clusters in the intervention group"), said("clusters"))
CLUSTERS2 = Input("clusters2", said("clusters in the comparison group"), said("clusters"))
SDM1 = Input(
    "sd_means1", said("standard deviation of the cluster means in the intervention group"), said("units of the outcome")
)
SDM2 = Input(
    "sd_means2", said("standard deviation of the cluster means in the comparison group"), said("units of the outcome")
)
OF_MEANS = "sqrt(((clusters1 - 1) * sd_means1^2 + (clusters2 - 1) * sd_means2^2) / (clusters1 + clusters2 - 2))"


@formula(
    "hedges-g-from-cluster-means",
    "SMD",
    (MEAN1, SDM1, CLUSTERS1, MEAN2, SDM2, CLUSTERS2, SIZE, ICC, ICC_SOURCE),
    title=said("Hedges' g from the means of clusters, in standard deviations of all people"),
    source=HEDGES + ", its effect size from cluster means; variance by the delta method",
    steps=(
        f"sb = {OF_MEANS}",
        "share = (1 + (cluster_size - 1) * icc) / cluster_size",
        "dd = (mean1 - mean2) / sb * sqrt(share)",
        "J = J(clusters1 + clusters2 - 2)",
        "yi = J * dd",
        "first = (1 / clusters1 + 1 / clusters2) * share",
        "vi = J^2 * (first + dd^2 / (2 * (clusters1 + clusters2 - 2)))",
    ),
)
def hedges_g_from_cluster_means(
    mean1: Floats, sd_means1: Floats, clusters1: Floats, mean2: Floats, sd_means2: Floats, clusters2: Floats,
    cluster_size: Floats, icc: Floats,
) -> Effect:  # fmt: skip
    """d = (m1 - m2) / sb sqrt(s), sb the pooled standard deviation of cluster means, s = (1 + (m - 1) icc) / m;
    g = J d, J for the clusters - 2; variance J^2 (s (1/k1 + 1/k2) + d^2 / (2 (k1 + k2 - 2)))"""
    for clusters in (clusters1, clusters2):
        require(clusters >= 1, clusters, sentence=said("a group has no cluster in it"))
    share = design_effect(cluster_size, icc, np.zeros_like(icc)) / cluster_size
    m = clusters1 + clusters2 - 2
    d = (mean1 - mean2) / pooled_sd(sd_means1, clusters1, sd_means2, clusters2) * np.sqrt(share)
    factor = small_sample_factor(m)
    vi = factor**2 * ((1 / clusters1 + 1 / clusters2) * share + d**2 / (2 * m))
    return built(factor * d, vi, "SMD", clusters1 * cluster_size, clusters2 * cluster_size)


def widened(found: Effect, given: Numbers) -> Effect:
    """The effect with its variance times the design effect."""
    times = design_effect(given["cluster_size"], given["icc"], given["cluster_size_cv"])
    return Effect(found.yi, found.vi * times, found.metric, found.n1, found.n2, found.n)


def enter(name: str, base: str, title: str) -> None:
    """Enter the formula that widens the variance of another by the design effect."""
    under = FORMULAE[base]
    inputs = tuple(one for one in under.inputs if one.name != "variance")
    names = [one.name for one in inputs if not one.choices]

    def before(given: Numbers) -> Numbers:
        return {one: given[one] for one in names}

    derive(
        name, base, (*inputs, *CLUSTERED), before, title=title,
        text="the variance is multiplied at the end by the design effect 1 + ((1 + cv^2) m - 1) icc, m the cluster size",
        source=KISH, steps=(), after=widened, last=(DEFF, "vi = vi * D"),
    )  # fmt: skip


_BEFORE = (counts, means, published)
for _base in ("log-odds-ratio-from-counts", "log-risk-ratio-from-counts", "risk-difference-from-counts"):
    enter(_base.replace("counts", "clustered-counts"), _base, f"{FORMULAE[_base].title}, clusters taken into account")
enter("mean-difference-of-clusters", "mean-difference", "Difference in means, clusters taken into account")
for _metric in (*RATIOS, "MD", "SMD", "RD"):
    for _way in ("interval", "se"):
        _base = f"{_metric.lower()}-with-{_way}"
        enter(f"{_base}-clustered", _base, f"{FORMULAE[_base].title} that took no account of clusters")
