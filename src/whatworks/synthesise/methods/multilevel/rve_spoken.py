"""A robust variance fit in words, as a drawing, and as an R script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whatworks.stats.chart import Chart, shown
from whatworks.stats.telling import paragraph
from whatworks.synthesise.methods.forest import Row, forest
from whatworks.synthesise.methods.multilevel import references as source
from whatworks.synthesise.methods.multilevel.in_r import vector
from whatworks.synthesise.methods.multilevel.spoken import numbers_of

if TYPE_CHECKING:
    from whatworks.synthesise.methods.multilevel.correlated import Rve

NAMES = {"CORR": "correlated effects", "HIER": "hierarchical effects"}


def summary(told: Rve) -> str:
    """One sentence for each coefficient, then the variances."""
    rows = "; ".join(numbers_of(row, told.level) for row in told.coefficients)
    within = "" if told.omega2 is None else f", omega2 {shown(told.omega2)}"
    return f"{told.k} effects from {told.n_clusters} studies: {rows}. tau2 {shown(told.tau2)}{within}."


def report(told: Rve) -> str:
    """Methods, results and cautions, then the references."""
    assumed = f" and an assumed correlation of {told.rho:g}" if told.rho is not None else ""
    errors = (
        "bias-reduced (CR2) standard errors and Satterthwaite's degrees of freedom"
        if told.small
        else "large-sample robust standard errors"
    )
    said = [
        f"{told.k} effects from {told.n_clusters} studies were analysed by robust variance estimation with weights for "
        f"{NAMES[told.weights]}{assumed}, {errors}.",
        summary(told),
        _sensitivity(told),
        *told.warnings,
    ]
    return paragraph(said, [source.HEDGES, *([source.FEW, source.ROBUST] if told.small else [])])


def _sensitivity(told: Rve) -> str:
    if not told.sensitivity:
        return ""
    first = [row.estimates[0] for row in told.sensitivity]
    return (
        f"Over assumed correlations from {told.sensitivity[0].rho:g} to {told.sensitivity[-1].rho:g} "
        f"{told.coefficients[0].name} lies between {shown(min(first))} and {shown(max(first))}."
    )


def chart(told: Rve) -> Chart:
    """A line for each coefficient."""
    rows = [Row(row.name, row.estimate, row.ci_low, row.ci_high) for row in told.coefficients]
    note = f"Each line is a coefficient with its {100 * told.level:g} per cent interval."
    return forest("Coefficients", rows, note, label="coefficient")


def r_script(told: Rve) -> str:
    """robumeta's robu with the data in the script."""
    given = told.given
    moderators = [f"x{place}" for place in range(given.x.shape[1])]
    columns = [f"{name} = {vector(column.tolist())}" for name, column in zip(moderators, given.x.T, strict=True)]
    rho = f", rho = {told.rho!r}" if told.rho is not None else ""
    data = ",\n  ".join(
        [
            f"yi = {vector(given.y.tolist())}",
            f"vi = {vector(given.sampling.v.tolist())}",
            f"study = {vector(given.labels[given.cluster_name])}",
            *columns,
        ]
    )
    return (
        "# Robust variance estimation with robumeta 2.0: the data, the fit. The coefficients are, in their order:\n"
        f"# {', '.join(row.name for row in told.coefficients)}\n"
        f"library(robumeta)\ndata <- data.frame(\n  {data})\n"
        f"fit <- robu(yi ~ {' + '.join(moderators)} - 1, data = data, studynum = study, var.eff.size = vi,\n"
        f'  modelweights = "{told.weights}"{rho}, small = {"TRUE" if told.small else "FALSE"})\n'
        "print(fit$reg_table, digits = 10)\n"
    )
