"""A multilevel result in words, as a drawing, and as an R script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from whatworks.stats.chart import Chart, shown
from whatworks.stats.intervals import critical
from whatworks.stats.telling import paragraph
from whatworks.synthesise.methods.forest import Row, forest
from whatworks.synthesise.methods.multilevel import references as source

if TYPE_CHECKING:
    from whatworks.synthesise.methods.multilevel.inferring import Coefficient
    from whatworks.synthesise.methods.multilevel.result import Multilevel


def summary(told: Multilevel) -> str:
    """One sentence for each coefficient, then the heterogeneity."""
    groups = f"{told.k} effects from {told.n_clusters} groups"
    rows = "; ".join(numbers_of(row, told.settings.level) for row in told.coefficients)
    text = f"{groups}: {rows}"
    spread = "; ".join(
        f"between {row.name} {shown(row.sigma2)}" + (f" (I2 {row.i2:.0f}%)" if row.i2 is not None else "")
        for row in told.components
    )
    text += f". Variance of true effects {spread}" if spread else ""
    if told.pi_low is not None and told.pi_high is not None:
        text += f". A new study {shown(told.pi_low)} to {shown(told.pi_high)}"
    return text + "."


def numbers_of(row: Coefficient, level: float) -> str:
    said = f"{row.name} {shown(row.estimate)}"
    if row.ci_low is None:
        return f"{said} (no interval: no degrees of freedom)"
    free = "" if row.df is None else f", {row.df:.1f} df"
    return f"{said} ({100 * level:g}% interval {shown(row.ci_low)} to {shown(row.ci_high)}{free})"


def report(told: Multilevel) -> str:
    """Methods, results and cautions, then the references."""
    return paragraph([*_methods(told), *_results(told), *told.warnings], _cited(told))


def _methods(told: Multilevel) -> Iterator[str]:
    settings = told.settings
    likelihood = {"REML": "restricted maximum likelihood", "ML": "maximum likelihood"}[settings.method]
    chains = ", ".join(one for one in (settings.nested, *settings.crossed) if one)
    yield f"{told.k} effects from {told.n_clusters} groups were analysed together, for effects of one study are not independent."
    if chains:
        yield f"A multilevel model with random intercepts for {chains} was fitted by {likelihood}."
    else:
        yield "Generalised least squares without random effects were used."
    yield _errors(told)
    if settings.robust:
        yield (
            f"Standard errors are cluster-robust ({settings.robust}, clusters: {settings.cluster or 'as given'}) with "
            "Satterthwaite's degrees of freedom, and tests of several coefficients are Hotelling's T2 (HTZ): they hold "
            "even where the assumed correlations are wrong, which is why this is recommended when studies give "
            "several effects."
        )


def _errors(told: Multilevel) -> str:
    """What was assumed of the sampling errors."""
    settings = told.settings
    if settings.rho:
        name = {"CHE": " (correlated and hierarchical effects)"}.get(settings.working, "")
        return f"Sampling errors within {settings.cluster or 'a cluster'} were taken to correlate by {settings.rho:g}{name}."
    if settings.working == "V":
        return "The covariance of the sampling errors was given."
    return "Sampling errors were taken as independent."


def _results(told: Multilevel) -> Iterator[str]:
    level = told.settings.level
    yield "Results: " + "; ".join(numbers_of(row, level) for row in told.coefficients) + "."
    for row in told.components:
        text = f"The variance between {row.name} ({row.levels} levels) was {shown(row.sigma2)}"
        if row.ci_low is not None:
            end = "no upper end" if row.ci_high is None else shown(row.ci_high)
            text += f" ({100 * level:g}% profile interval {shown(row.ci_low)} to {end}; p of 0 {shown(row.lrt_p)})"
        if row.i2 is not None:
            text += f", {row.i2:.0f} per cent of a typical effect's variance"
        yield text + "."
    if told.qe_p is not None:
        yield f"Q was {shown(told.qe)} on {told.qe_df} degrees of freedom (p {shown(told.qe_p)})."
    if len(told.coefficients) > 1 and told.qm is not None and told.qm_p is not None:
        free = f"{told.qm_df}" if told.qm_df2 is None else f"{told.qm_df} and {told.qm_df2:.1f}"
        kind = "chi-squared" if told.qm_df2 is None else "F"
        yield f"All moderators together: {kind} {shown(told.qm)} on {free} degrees of freedom (p {shown(told.qm_p)})."
    if told.sensitivity:
        yield _sensitivity(told)
    if told.pi_low is not None and told.pi_high is not None:
        yield f"The true effect in a new study of this kind may lie between {shown(told.pi_low)} and {shown(told.pi_high)}."


def _sensitivity(told: Multilevel) -> str:
    """How far the first coefficient moves with the correlation assumed."""
    rhos = [other.rho for other in told.sensitivity]
    first = [other.coefficients[0].estimate for other in told.sensitivity]
    errors = [other.coefficients[0].se for other in told.sensitivity]
    return (
        f"With assumed correlations from {min(rhos):g} to {max(rhos):g}, {told.coefficients[0].name} lies between "
        f"{shown(min(first))} and {shown(max(first))}, its standard error between {shown(min(errors))} and "
        f"{shown(max(errors))}."
    )


def _cited(told: Multilevel) -> Iterable[str]:
    """The references of what was used."""
    if told.components:
        yield source.MULTILEVEL
        yield source.METAFOR
        yield source.SHARES
    if told.settings.rho:
        yield source.CHE
    if told.settings.robust:
        yield source.ROBUST
        yield source.HOTELLING
    if any(row.ci_low is not None for row in told.components):
        yield source.BOUNDARY


def chart(told: Multilevel) -> Chart:
    """A line for each cluster and the pooled effect, or a line for each coefficient."""
    level = f"{100 * told.settings.level:g} per cent"
    if len(told.coefficients) > 1:
        rows = [Row(row.name, row.estimate, row.ci_low, row.ci_high) for row in told.coefficients]
        return forest(
            "Coefficients", rows, f"Each line is a coefficient with its {level} interval.", label="coefficient"
        )
    rows = [*_clusters(told), _total(told)]
    if told.pi_low is not None:
        rows.append(Row("new study", None, told.pi_low, told.pi_high, kind="prediction"))
    note = (
        f"Each line is the weighted mean of a cluster's effects with its {level} interval from sampling error alone; "
        "the weight is its share, in per cent, of the pooled effect at the bottom."
    )
    return forest("Effects by cluster", rows, note)


def _total(told: Multilevel) -> Row:
    row = told.coefficients[0]
    return Row("pooled", row.estimate, row.ci_low, row.ci_high, None, kind="total")


def _clusters(told: Multilevel) -> Iterator[Row]:
    """Each cluster's own generalised least squares mean."""
    given, fit, reach = told.given, told.fit, critical(told.settings.level)
    codes = given.cluster.codes if given.cluster is not None else np.arange(given.y.size)
    total = float(fit.wx[:, 0].sum())
    labels = given.labels.get(given.cluster_name, tuple(range(1, given.y.size + 1)))
    for code in range(int(codes.max()) + 1):
        rows = np.flatnonzero(codes == code)
        inverse = np.linalg.inv(given.sampling.block(rows)).sum(axis=0)
        mean, se = float(inverse @ given.y[rows]) / inverse.sum(), inverse.sum() ** -0.5
        share = 100 * float(fit.wx[rows, 0].sum()) / total
        name = f"{labels[rows[0]]} ({rows.size})" if rows.size > 1 else str(labels[rows[0]])
        yield Row(name, mean, mean - reach * se, mean + reach * se, share)
