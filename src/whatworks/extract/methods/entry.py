"""Which formulae fit what a report prints: the one front door for entering a finding as published.

>>> fits = recognise({"mean1": 18.2, "sd1": 6.1, "n1": 40, "mean2": 15.1, "sd2": 6.7, "n2": 38})
>>> fits[0].formula, round(fits[0].yi, 3)
('hedges-g-from-means', 0.48)
>>> [fit.formula for fit in recognise({"estimate": 1.4, "low": 1.1, "high": 1.8}, metric="OR")][0]
'or-with-interval'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whatworks.errors import InputError
from whatworks.extract.methods.computing import compute
from whatworks.extract.methods.effects import FORMULAE
from whatworks.extract.methods.formula import Formula, Input
from whatworks.extract.methods.metrics import METRICS
from whatworks.extract.methods.shelves import in_order
from whatworks.saying import said
from whatworks.stats.results import Result

PREFERRED = ("SMD", "MD", "RR", "OR", "RD", "IRR", "HR", "ZCOR", "PLO", "COR", "ROM", "SMCR", "MC", "IRLN", "D")
# How near a way stands to the numbers themselves, by how its formula's name ends; the nearest first. What is not
# listed stands first: counts, means, rates and correlations as they are.
FARTHER = (
    ("-standard-errors", "-intervals", "-with-se", "-with-interval", "-from-percentages", "-from-percentage",
     "-from-coefficient", "difference-in-change", "-standardised-changes"),
    ("-from-t", "-from-f", "-from-ancova-t", "-from-adjusted-means", "-adjusted-difference", "-reported-d",
     "reported-hedges-g", "-point-biserial", "-standardised-coefficient", "-clustered", "-raw-spread"),
    ("-means-and-quartiles", "-means-and-ranges", "-five-numbers", "-from-quartiles"),
    ("-with-p", "-from-p", "-from-chi-squared", "-from-ranges"),
    ("-with-printed-p",),
)  # fmt: skip
ESC = ("d-from-", "g-from-")  # the older approximation, kept for reviews that used it: after the exact factor
BY_ODDS = ("-from-proportions", "-from-odds-ratio")  # a d or g by way of the odds ratio changes the measure, too
CELLS = {"a", "b", "c", "d"}


@dataclass(frozen=True, slots=True)
class Kind(Result):
    """A way in which a report prints a result, as somebody would choose it from a list, and the inputs it fills."""

    key: str
    title: str
    inputs: tuple[str, ...]


KINDS = (
    Kind("counts", said("Numbers of people with the outcome in two groups"), ("events1", "n1", "events2", "n2")),
    Kind("percentages", said("Percentages with the outcome in two groups"), ("percent1", "n1", "percent2", "n2")),
    Kind("proportions", said("Proportions with the outcome in two groups"), ("proportion1", "n1", "proportion2", "n2")),
    Kind("rates", said("Events and time at risk in two groups"), ("events1", "time1", "events2", "time2")),
    Kind("one-group", said("Number of people with the outcome in one group"), ("events", "n")),
    Kind("one-percentage", said("Percentage with the outcome in one group"), ("percent", "n")),
    Kind("one-rate", said("Events and time at risk in one group"), ("events", "time")),
    Kind("one-mean", said("Mean and standard deviation of one group"), ("mean", "sd", "n")),
    Kind("pairs", said("Yes or no in matched pairs, or before and after"), ("both", "first", "second", "neither")),
    Kind("means", said("Means and standard deviations"), ("mean1", "sd1", "n1", "mean2", "sd2", "n2")),
    Kind("standard-errors", said("Means and standard errors"), ("mean1", "se1", "n1", "mean2", "se2", "n2")),
    Kind("intervals", said("Means and their intervals"),
         ("mean1", "low1", "high1", "n1", "mean2", "low2", "high2", "n2", "level")),
    Kind("quartiles", said("Medians and quartiles"),
         ("median1", "lower1", "upper1", "n1", "median2", "lower2", "upper2", "n2")),
    Kind("ranges", said("Medians and ranges"),
         ("median1", "minimum1", "maximum1", "n1", "median2", "minimum2", "maximum2", "n2")),
    Kind("five-numbers", said("Medians, quartiles and ranges"),
         ("minimum1", "lower1", "median1", "upper1", "maximum1", "n1",
          "minimum2", "lower2", "median2", "upper2", "maximum2", "n2")),
    Kind("change-scores", said("Mean changes and their standard deviations"),
         ("change1", "sd_change1", "n1", "change2", "sd_change2", "n2")),
    Kind("before-after", said("Means before and after in two groups"),
         ("after1", "before1", "sd_before1", "n1", "after2", "before2", "sd_before2", "n2", "r")),
    Kind("one-group-before-after", said("Means before and after in one group"),
         ("mean_after", "sd_after", "mean_before", "sd_before", "n", "r")),
    Kind("t", said("A t value"), ("t", "n1", "n2")),
    Kind("f", said("An F value of two groups"), ("f", "direction", "n1", "n2")),
    Kind("p", said("A p value of two groups"), ("p", "direction", "n1", "n2")),
    Kind("ancova", said("Adjusted means (analysis of covariance)"),
         ("mean1", "sd1", "n1", "mean2", "sd2", "n2", "r2")),
    Kind("adjusted-difference", said("An adjusted difference with its standard error and the outcome's spread"),
         ("estimate", "se", "sd", "n1", "n2")),
    Kind("coefficient", said("A regression coefficient and the outcome's spread"), ("b", "sdy", "n1", "n2")),
    Kind("standardised-coefficient", said("A standardised regression coefficient"), ("beta", "n1", "n2")),
    Kind("log-coefficient", said("The coefficient of a logistic, Poisson or Cox regression"), ("log_estimate", "se")),
    Kind("estimate-interval", said("A ratio or difference with its interval"), ("estimate", "low", "high", "level")),
    Kind("estimate-se", said("A ratio or difference with its standard error"), ("estimate", "se")),
    Kind("estimate-p", said("A ratio or difference with its p value"), ("estimate", "p")),
    Kind("reported-d", said("A reported d and the groups' sizes"), ("d", "n1", "n2")),
    Kind("reported-g", said("A reported g and the groups' sizes"), ("g", "n1", "n2")),
    Kind("correlation", said("A correlation"), ("r", "n")),
    Kind("regression-t", said("The t value of a regression coefficient"), ("t", "n", "predictors")),
    Kind("cluster-means", said("Means of clusters and their spread"),
         ("mean1", "sd_means1", "clusters1", "mean2", "sd_means2", "clusters2", "cluster_size", "icc", "icc_source")),
    Kind("clustered-means", said("Means and standard deviations of people in clusters"),
         ("mean1", "sd1", "n1", "mean2", "sd2", "n2", "cluster_size", "icc", "icc_source")),
    Kind("clustered-counts", said("Numbers of people with the outcome, in clusters"),
         ("events1", "n1", "events2", "n2", "cluster_size", "icc", "icc_source")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fit(Result):
    """A formula that fits what was given. unused: inputs it leaves out. why_not: why it refuses them, else empty.

    yi, vi: what it gives on the scale of the metric; None where it refuses.
    """

    formula: str
    title: str
    metric: str
    unused: tuple[str, ...]
    why_not: str
    yi: float | None
    vi: float | None


@dataclass(frozen=True, slots=True)
class Nearly(Result):
    """A formula that would fit if more were given; missing: what it still needs."""

    formula: str
    title: str
    metric: str
    missing: tuple[Input, ...]


def needed(formula: str) -> tuple[Input, ...]:
    """Everything a formula asks for, what it cannot do without first. InputError where there is no such formula."""
    if formula not in FORMULAE:
        raise InputError(
            said(
                "There is no formula “%(formula)s”; known are %(formulae)s.",
                formula=formula,
                formulae=", ".join(sorted(FORMULAE)),
            )
        )
    return tuple(sorted(FORMULAE[formula].inputs, key=lambda one: not one.needed))


def recognise(inputs: Mapping[str, Any], metric: str | None = None) -> tuple[Fit, ...]:
    """The formulae that fit, best first; empty where none does.

    inputs: names as in `needed` (or the cells a b c d of a two by two table) with a number or words each; None and empty
    words count as not given. metric: only formulae that give it, such as `OR` for an estimate with an interval. Best
    is what uses most of the inputs, then stands nearest to the numbers themselves (counts before a p value), then the
    metric that reviews use most. A formula that refuses the numbers stands last, with its sentence. Raises InputError
    for an unknown metric.
    """
    if metric is not None and metric not in METRICS:
        raise InputError(
            said("There is no metric %(metric)s; choose one of %(metrics)s.", metric=metric, metrics=", ".join(METRICS))
        )
    given = taken(inputs)
    fits = [
        fit(one, given)
        for one in in_order()
        if metric in (None, one.metric) and one.needed <= set(given) and one.needed
    ]
    return tuple(sorted(fits, key=_order))


def nearly(inputs: Mapping[str, Any], metric: str | None = None, *, missing: int = 1) -> tuple[Nearly, ...]:
    """The formulae that would fit with at most so many more inputs, and that use everything given; fewest first."""
    given = set(taken(inputs))
    found = []
    for one in in_order():
        lacks = one.needed - given
        uses = given <= {wanted.name for wanted in one.inputs}
        if metric in (None, one.metric) and given and uses and 0 < len(lacks) <= missing:
            wanted = tuple(item for item in one.inputs if item.name in lacks)
            found.append(Nearly(one.name, one.title, one.metric, wanted))
    return tuple(sorted(found, key=lambda near: (len(near.missing), _place(FORMULAE[near.formula]))))


def taken(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, without what is empty; the four cells of a table as events and people."""
    given = {name: value for name, value in inputs.items() if value is not None and value != ""}
    if set(given) >= CELLS and "events1" not in given:
        a, b, c, d = (float(given.pop(name)) for name in sorted(CELLS))
        given |= {"events1": a, "n1": a + b, "events2": c, "n2": c + d}
    return given


def fit(formula: Formula, given: Mapping[str, Any]) -> Fit:
    """How one formula takes what was given."""
    known = {one.name for one in formula.inputs}
    unused = tuple(name for name in given if name not in known)
    words = (formula.name, formula.title, formula.metric, unused)
    try:
        found = compute(formula.name, {name: value for name, value in given.items() if name in known})
    except InputError as refusal:
        return Fit(*words, refusal.args[0], None, None)
    return Fit(*words, "", found.yi, found.vi)


def _order(one: Fit) -> tuple[Any, ...]:
    return bool(one.why_not), len(one.unused), *_place(FORMULAE[one.formula])


def _place(formula: Formula) -> tuple[bool, int, int, bool, int]:
    far = next((step for step, ends in enumerate(FARTHER, 1) if formula.name.endswith(ends)), 0)
    liked = PREFERRED.index(formula.metric) if formula.metric in PREFERRED else len(PREFERRED)
    converts = formula.converts or (formula.name.startswith(ESC) and formula.name.endswith(BY_ODDS))
    return converts, far, liked, formula.name.startswith(ESC), len(formula.inputs)
