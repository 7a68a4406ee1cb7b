"""A network in words: summary, report, league table, contributions as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from whatworks.saying import said
from whatworks.stats.telling import paragraph
from whatworks.synthesise.methods.network.streams import contributions

if TYPE_CHECKING:
    from whatworks.synthesise.methods.network.results import Comparison, Contributions, League, Network

RUECKER = "Rücker (2012). Network meta-analysis, electrical networks and graph theory. Research Synthesis Methods 3(4), 312-324."
MULTI = "Rücker and Schwarzer (2014). Reduce dimension or reduce weights? Statistics in Medicine 33(25), 4353-4369."
HIGGINS = "Higgins et al. (2012). Consistency and inconsistency in network meta-analysis. Research Synthesis Methods 3(2), 98-110."
DIAS = "Dias et al. (2010). Checking consistency in mixed treatment comparison meta-analysis. Statistics in Medicine 29(7-8), 932-944."
PSCORE = "Rücker and Schwarzer (2015). Ranking treatments in frequentist network meta-analysis. BMC Medical Research Methodology 15, 58."
TAU2 = {
    "REML": "Viechtbauer (2005). Journal of Educational and Behavioral Statistics 30(3), 261-293.",
    "ML": "Viechtbauer (2005). Journal of Educational and Behavioral Statistics 30(3), 261-293.",
    "DL": "Jackson, White and Riley (2012). Statistics in Medicine 31(29), 3805-3820.",
    "PM": "Paule and Mandel (1982). Journal of Research of the National Bureau of Standards 87(5), 377-385.",
}
NAMES = {
    "REML": "restricted maximum likelihood", "ML": "maximum likelihood", "DL": "the generalised method of moments",
    "PM": "Paule and Mandel's method",
}  # fmt: skip
HKSJ = "Knapp and Hartung (2003). Improved tests for a random effects meta-regression. Statistics in Medicine 22(17), 2693-2710."
INTERVALS = {
    "wald": "normal (Wald) intervals", "t": "t intervals", "hksj": "Hartung-Knapp intervals",
    "hksj-adhoc": "Hartung-Knapp intervals never narrower than those scaled by one",
}  # fmt: skip


def summary(network: Network) -> str:
    """One sentence on the network and one for each treatment against the reference."""
    level = f"{100 * network.method.level:g}% interval"
    text = f"{network.k} {_plural(network.k, 'study', 'studies')} of {len(network.treatments)} treatments"
    if network.tau2 is not None:
        text += f"; tau2 {network.tau2:.4g}"
    lines = [text + "."]
    for one in network.versus:
        lines.append(
            f"{one.treat1} over {network.reference}: {one.estimate:.4g} ({level} {one.ci_low:.4g} to {one.ci_high:.4g})."
        )
    return "\n".join(lines)


def _plural(count: int, one: str, more: str) -> str:
    return one if count == 1 else more


def report(network: Network) -> str:
    """The analysis in the words of a paper."""
    return paragraph((*_methods(network), *_results(network), *network.warnings), _references(network))


def _methods(network: Network) -> Iterator[str]:
    random = network.method.model == "random"
    several = sum(len(arms) > 2 for arms in network.evidence.arms)
    yield (
        f"We compared {len(network.treatments)} treatments by a {network.method.model}-effect{'s' if random else ''} "
        f"network meta-analysis of {network.k} {_plural(network.k, 'study', 'studies')} (Rücker 2012)"
        + (f", {several} of them with more than two arms, whose effects are correlated." if several else ".")
    )
    if random and network.tau2 is not None:
        yield (
            "The variance of true effects between studies was taken as the same for every comparison and estimated by "
            f"{NAMES[network.method.tau2]}; we give {INTERVALS[network.method.interval]} at "
            f"{100 * network.method.level:g} per cent."
        )
    yield (
        "Indirect comparison assumes that the studies are alike in whatever changes the effects (transitivity), which "
        "no number here can show; consistency was tested by the design-by-treatment interaction and by splitting "
        "direct from indirect evidence."
    )


def _results(network: Network) -> Iterator[str]:
    for one in network.versus:
        yield (
            f"{one.treat1} over {network.reference}: {one.estimate:.3g} ({one.ci_low:.3g} to {one.ci_high:.3g}; "
            f"{one.studies} direct {_plural(one.studies, 'study', 'studies')}, "
            f"{100 * one.proportion:.0f} per cent of the evidence direct)."
        )
    if network.tau2 is not None and network.tau2_ci_low is not None and network.tau2_ci_high is not None:
        yield f"tau2 was {network.tau2:.3g} ({network.tau2_ci_low:.3g} to {network.tau2_ci_high:.3g})."
    parts = network.decomposition
    if parts.between.p is not None:
        text = f"Between designs Q was {parts.between.q:.2f} on {parts.between.df} degrees of freedom (p = {parts.between.p:.2g})"
        if parts.random is not None and parts.random.p is not None:
            text += f", and {parts.random.q:.2f} (p = {parts.random.p:.2g}) with heterogeneity allowed for"
        yield text + "."
    first = network.ranks[0]
    if len(network.treatments) > 2:
        yield f"The highest P-score is that of {first.treatment} ({first.p_score:.2f})."


def _references(network: Network) -> Iterator[str]:
    yield RUECKER
    if any(len(arms) > 2 for arms in network.evidence.arms):
        yield MULTI
    if network.method.model == "random":
        yield TAU2[network.method.tau2]
    if network.method.interval.startswith("hksj"):
        yield HKSJ
    yield HIGGINS
    yield DIAS
    yield PSCORE


def league(network: Network) -> League:
    """The league table, treatments by P-score along the diagonal, best first."""
    from whatworks.synthesise.methods.network.results import League

    order = [rank.treatment for rank in network.ranks]
    both = {(one.treat1, one.treat2): one for one in network.comparisons}
    cells = [["" for _ in order] for _ in order]
    for i, name in enumerate(order):
        cells[i][i] = name
        for j in range(i):
            one = both.get((name, order[j])) or both[order[j], name]
            sign = 1 if one.treat1 == name else -1
            cells[i][j] = _cell(one.estimate, one.ci_low, one.ci_high, sign)
            if one.direct is not None:
                cells[j][i] = _cell(one.direct.estimate, one.direct.ci_low, one.direct.ci_high, -sign)
    return League(tuple(order), tuple(map(tuple, cells)))


def _cell(estimate: float, low: float, high: float, sign: int) -> str:
    first, last = (low, high) if sign > 0 else (-high, -low)
    return f"{sign * estimate:.2f} ({first:.2f} to {last:.2f})"


def contributed(network: Network) -> Contributions:
    """Every direct comparison's contribution to every effect; InputError where walks mean nothing."""
    from whatworks.errors import InputError
    from whatworks.synthesise.methods.network.results import Contributions

    evidence = network.evidence
    upper = np.triu_indices(len(network.treatments), 1)
    laplacian = (evidence.x.T / (evidence.v + (network.tau2 or 0.0))) @ evidence.x
    shares = contributions(laplacian, *upper)
    if shares is None:
        raise InputError(
            said(
                "A study of several treatments gives one of its comparisons a weight below 0, for which "
                "contributions are not defined; read the proportions of direct evidence instead."
            )
        )
    direct = [at for at, one in enumerate(network.comparisons) if one.studies]
    percent = 100 * shares[:, upper[0][direct], upper[1][direct]]
    pairs = [_pair(one) for one in network.comparisons]
    return Contributions(tuple(pairs), tuple(pairs[at] for at in direct), tuple(map(tuple, percent.tolist())))


def _pair(one: Comparison) -> tuple[str, str]:
    return one.treat1, one.treat2
