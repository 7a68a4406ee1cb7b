"""Rows of a prepared trial as models want them: matrices with names, means of clusters, people laid out one by one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.model_formulas import check_columns
from whatworks.trial.methods.analysing.panel_rows import DIFFERENCE, LOG_RATES, RATES, RISKS
from whatworks.trial.methods.analysing.table import Floats, Labels, Prepared
from whatworks.trial.methods.analysing.varying import Column, Varying
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, COUNT

ARM = 1  # the arm's place in every matrix made here
HALF = 0.5  # added to counts before their logarithm
MOST_PEOPLE = 400_000
Ints = NDArray[np.intp]


def dummies(name: str, labels: Labels | Floats) -> Column:
    """A column of ones and noughts for each label but the first."""
    levels = np.unique(labels)
    names = tuple(f"{name}[{one}]" for one in levels[1:].tolist())
    return Column(names, (np.asarray(labels)[:, None] == levels[None, 1:]).astype(float))


def matrix(found: Prepared, *, strata: bool = True, clusters: bool = False, covariates: bool = True,
           without: Sequence[str] = (), instead: Column | None = None) -> Floats:  # fmt: skip
    """Ones, the arm, then covariates, strata, periods and clusters as asked; `instead` stands in the arm's place.

    `without`: strata that are left out. Raises InputError where columns are made of one another.
    """
    arm = instead or Column(("the arm",), found.arm[:, None])
    parts = [Column(("intercept",), np.ones((found.n, 1))), arm]
    if covariates:
        parts.append(found.covariates)
    if strata and not clusters:
        parts += [dummies(name, labels) for name, labels in found.strata.items() if name not in without]
    if found.period is not None:
        parts.append(dummies("period", found.period))
    if clusters:
        parts.append(dummies("cluster", found.cluster))
    x = np.hstack([one.values for one in parts])
    names = [name for one in parts for name in one.names]
    check_columns(x, names)
    return x


def linear_outcome(found: Prepared) -> tuple[Floats, str]:
    """What a linear model explains, and on which scale: values, shares, log rates of clusters, or rates of people."""
    if found.outcome == CONTINUOUS:
        return found.y, DIFFERENCE
    if found.outcome == BINARY:
        return (found.y if found.trials is None else found.y / found.trials), RISKS
    time = np.ones(found.n) if found.time is None else found.time
    if found.alone and found.design.analysis.cluster:
        return np.log((found.y + HALF) / time), LOG_RATES
    return found.y / time, RATES


def collapsed(found: Prepared) -> Prepared:
    """One row for each cluster (in a stepped wedge, and period): means, or sums of people, events and time at risk.

    Covariates are means; a covariate that differs within a cluster is left out of a parallel trial's, since clusters are compared.
    """
    period = np.zeros(found.n) if found.period is None else found.period
    cells, index = np.unique(np.column_stack([_codes(found.cluster), _codes(period)]), axis=0, return_inverse=True)
    index = index.ravel()
    _, first = np.unique(index, return_index=True)
    count = np.bincount(index).astype(float)

    def total(values: Floats) -> Floats:
        return np.bincount(index, values, minlength=len(cells)).astype(float)

    trials = None if found.outcome != BINARY else total(np.ones(found.n) if found.trials is None else found.trials)
    time = total(np.ones(found.n) if found.time is None else found.time) if found.outcome == COUNT else None
    y = total(found.y) / (count if found.outcome == CONTINUOUS else 1)
    kept = _shared(found.covariates, index, first) if found.period is None else list(range(len(found.covariates.names)))
    values = [total(found.covariates.values[:, one]) / count for one in kept]
    covariates = Column(
        tuple(found.covariates.names[one] for one in kept), np.column_stack(values) if kept else np.empty((len(y), 0))
    )
    return dataclasses.replace(
        found, y=y, arm=found.arm[first], cluster=found.cluster[first], draw=found.draw[first],
        period=None if found.period is None else found.period[first], time=time, trials=trials, covariates=covariates,
        received=None if found.received is None else total(found.received) / count,
        strata={name: one[first] for name, one in found.strata.items()},
        random={name: one[first] for name, one in found.random.items()},
        varying=tuple(_cells_of(one, first, total, count) for one in found.varying),
    )  # fmt: skip


def _cells_of(term: Varying, first: Ints, total: Callable[[Floats], Floats], count: Floats) -> Varying:
    """A random term with slopes whose rows are put together: means of what varies."""
    means = [total(term.slopes.values[:, one]) / count for one in range(len(term.slopes.names))]
    return dataclasses.replace(
        term, labels=term.labels[first], slopes=Column(term.slopes.names, np.column_stack(means))
    )


def people(found: Prepared) -> Prepared:
    """One row for each person where rows count several: first those with the event, then those without."""
    if found.trials is None:
        return found
    if found.trials.sum() > MOST_PEOPLE:
        raise InputError(
            said(
                "%(n)s people are too many to be laid out one by one; see another method.",
                n=f"{found.trials.sum():,.0f}",
            )
        )
    each = found.trials.astype(int)
    row = np.repeat(np.arange(found.n), each)
    place = np.arange(len(row)) - np.repeat(np.cumsum(each) - each, each)
    laid = taken(found, row)
    return dataclasses.replace(laid, y=(place < found.y[row]).astype(float), trials=None)


def taken(found: Prepared, rows: Ints) -> Prepared:
    """Rows of a table, some of them more than once."""
    return dataclasses.replace(
        found, y=found.y[rows], arm=found.arm[rows], cluster=found.cluster[rows], draw=found.draw[rows],
        period=None if found.period is None else found.period[rows], time=None if found.time is None else found.time[rows],
        trials=None if found.trials is None else found.trials[rows],
        received=None if found.received is None else found.received[rows],
        unit=None if found.unit is None else found.unit[rows],
        covariates=Column(found.covariates.names, found.covariates.values[rows]),
        strata={name: one[rows] for name, one in found.strata.items()},
        random={name: one[rows] for name, one in found.random.items()},
        varying=tuple(
            dataclasses.replace(one, labels=one.labels[rows], slopes=Column(one.slopes.names, one.slopes.values[rows]))
            for one in found.varying
        ),
    )  # fmt: skip


def _codes(labels: Labels | Floats) -> Ints:
    return np.unique(labels, return_inverse=True)[1].ravel()


def _shared(covariates: Column, index: Ints, first: Ints) -> list[int]:
    """Which covariates are the same in all rows of each cluster."""
    same = covariates.values == covariates.values[first][index]
    return [one for one in range(len(covariates.names)) if same[:, one].all()]
