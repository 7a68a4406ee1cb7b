"""The pooled result without each study in turn, without each group of effects, or as studies arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtr, stdtr, stdtrit

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart, Plane
from whatworks.stats.designs import as_level, is_missing
from whatworks.stats.intervals import critical
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.heterogeneity import Estimator, Stop
from whatworks.synthesise.methods.pooling import check_effects
from whatworks.synthesise.methods.regressing.fitting import Fits, fit_many
from whatworks.synthesise.methods.regressing.method import Interval, Method, Model
from whatworks.synthesise.methods.regressing.r_scripts import loaded, options, quoted
from whatworks.synthesise.methods.regressing.words import ESTIMATORS, REFERENCES
from whatworks.synthesise.methods.weighing import Floats

OUTLIERS = (
    "Viechtbauer W, Cheung MWL (2010). Outlier and influence diagnostics for meta-analysis. Research Synthesis Methods "
    "1(2), 112-125."
)
CUMULATIVE = (
    "Lau J, Antman EM, Jimenez-Silva J, et al. (1992). Cumulative meta-analysis of therapeutic trials for myocardial "
    "infarction. New England Journal of Medicine 327(4), 248-254."
)
Numbers = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Refit(Result):
    """One of the refits. label: what was left out, or added last; k: effects in it; q: with q_p, that all are equal."""

    label: str
    k: int
    estimate: float | None
    se: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None
    tau2: float | None
    i2: float | None
    h2: float | None
    q: float | None
    q_p: float | None


@dataclass(frozen=True, slots=True)
class Refits(Told):
    """Pooled results of parts of the studies, one entry per refit in every tuple; `rows` gives them one by one.

    kind: what the parts are (without one, without one group, cumulative). label: what was left out, or came last.
    whole: with all studies, the same numbers. None: cannot be known from what is left.
    """

    kind: str
    label: tuple[str, ...]
    k: tuple[int, ...]
    estimate: Numbers
    se: Numbers
    p: Numbers
    ci_low: Numbers
    ci_high: Numbers
    tau2: Numbers
    i2: Numbers
    h2: Numbers
    q: Numbers
    q_p: Numbers
    whole: Refit
    method: Method
    warnings: tuple[str, ...]
    given: dict[str, Any] = kept()

    @property
    def rows(self) -> tuple[Refit, ...]:
        """The refits one by one."""
        columns = (getattr(self, name) for name in Refit.__dataclass_fields__)
        return tuple(Refit(*row) for row in zip(*columns, strict=True))

    def summary(self) -> str:
        """How far the estimate moves, in one or two sentences."""
        found = [(value, label) for value, label in zip(self.estimate, self.label, strict=True) if value is not None]
        if not found:
            return "No part of the studies can be pooled."
        low, high = min(found), max(found)
        if self.kind == "cumulative":
            return f"From {found[0][0]:.4g} with {found[0][1]} to {found[-1][0]:.4g} with all {self.k[-1]} effects."
        sides = self._sides()
        return (
            f"With all studies {self.whole.estimate:.4g}; from {low[0]:.4g} (without {low[1]}) to {high[0]:.4g} (without "
            f"{high[1]}). {sides}"
        )

    def _sides(self) -> str:
        """Does any refit put the interval on another side of 0 than all studies do?"""
        own = _side(self.whole.ci_low, self.whole.ci_high)
        other = [
            label
            for label, low, high in zip(self.label, self.ci_low, self.ci_high, strict=True)
            if low is not None and _side(low, high) != own
        ]
        if not other:
            return "No single one changes on which side of 0 the interval lies."
        return f"The interval's side of 0 hangs on {', '.join(other[:5])}{' and others' if len(other) > 5 else ''}."

    def report(self) -> str:
        """How it was done and what came out."""
        how = {
            "without one": "The analysis was repeated without each study in turn",
            "without one group": "The analysis was repeated without each study (all of its effects) in turn",
            "cumulative": "The analysis was repeated as studies were added one by one, in the order given",
        }[self.kind]
        tau2 = f" (tau2 by {ESTIMATORS[self.method.tau2]})" if self.method.model == "random" else ""
        cited = [CUMULATIVE if self.kind == "cumulative" else OUTLIERS]
        cited += [REFERENCES[self.method.tau2]] * (self.method.model == "random")
        return paragraph([f"{how}, {self.method.model} effects{tau2}.", self.summary(), *self.warnings], cited)

    def chart(self) -> Chart:
        """The estimates with their intervals, one below the other; the upright line is that of all studies."""
        shown = [row for row in self.rows if row.estimate is not None]
        ends = [end for row in (*shown, self.whole) for end in (row.ci_low, row.ci_high) if end is not None]
        low, high = min(ends, default=-1.0), max(ends, default=1.0)
        edge = 0.05 * (high - low) or 1.0
        count = len(shown)
        plane = Plane(x=(low - edge, high + edge), y=(count + 0.5, 0.5), left=220, height=90 + 22 * max(count, 1))
        plane.upright(0.0)
        if self.whole.estimate is not None:
            plane.upright(self.whole.estimate, css="total", dash="")
        for place, row in enumerate(shown, start=1):
            if row.ci_low is not None and row.ci_high is not None and row.estimate is not None:
                plane.line([(row.ci_low, place), (row.ci_high, place)])
                plane.box(row.estimate, place, side=7)
            plane.words(210, plane.at_y(place), row.label[:30], anchor="end")
        plane.x_axis("pooled effect")
        word = "with, last added," if self.kind == "cumulative" else "without"
        return plane.chart(
            f"The pooled effect {word} each study",
            f"Each line is the result {word} the study named; the upright line is the result of all studies.",
            ("study", "estimate", "from", "to", "tau2", "I2"),
            [(row.label, row.estimate, row.ci_low, row.ci_high, row.tau2, row.i2) for row in self.rows],
        )

    def r_script(self) -> str:
        """The same refits in metafor."""
        lines = ["# Refits of parts of the studies with metafor.", *loaded(*self._data())]
        if self.kind == "without one group":
            labels = ", ".join(quoted(as_level(one)) for one in self.given["study"])
            lines += [f"study <- c({labels})", "parts <- lapply(unique(study), function(s) study != s)"]
        elif self.kind == "without one":
            lines += ["parts <- lapply(seq_along(yi), function(i) seq_along(yi) != i)"]
        else:
            lines += ["parts <- lapply(seq_along(yi), function(i) seq_along(yi) <= i)"]
        lines += [
            "for (part in parts) {",
            f"  fit <- rma(yi[part], vi[part], {options(self.method)})",
            "  cat(sprintf('%.15g', c(coef(fit), fit$se, fit$tau2, fit$I2, fit$QE)), '\\n')",
            "}",
        ]
        return "\n".join(lines) + "\n"

    def _data(self) -> tuple[Floats, Floats]:
        return np.array(self.given["yi"]), np.array(self.given["vi"])

    @property
    def recipe(self) -> Recipe:
        """Enough to do it again."""
        function = "cumulative" if self.kind == "cumulative" else "leave_one_out"
        return recipe(function, {**self.given, **self.method.to_dict()})


def leave_one_out(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    study: Sequence[Any] | None = None,
    names: Sequence[str] | None = None,
    model: Model = "random",
    tau2: Estimator = "REML",
    interval: Interval = "wald",
    level: float = 0.95,
    stop: Stop = "converged",
) -> Refits:
    """The pooled result without each effect in turn, or without all effects of each study (study: labels, (k,)).

    yi, vi: effects and sampling variances, (k,), k at least 2. names: what to call the effects. All refits are one array
    computation. Definitions are metafor's leave1out; checked against it in tests/oracles/test_influence.py.
    """
    method = Method(model, tau2, interval, level, stop)
    y, v = check_effects(yi, vi)
    if study is None:
        labels = _names(names, y.size)
        counts = 1.0 - np.eye(y.size)
    else:
        labels, counts = _without_groups(study, y.size)
    if len(labels) < 2:
        raise InputError(said("There is only one study, so none can be left out; give at least two."))
    given = {"yi": y.tolist(), "vi": v.tolist(), "study": None if study is None else list(study)}
    given["names"] = list(labels) if study is None else None
    kind = "without one" if study is None else "without one group"
    return _refits(kind, labels, y, v, counts, method, given)


def cumulative(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    order: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    model: Model = "random",
    tau2: Estimator = "REML",
    interval: Interval = "wald",
    level: float = 0.95,
    stop: Stop = "converged",
) -> Refits:
    """The pooled result as studies arrived: of the first, the first two, and so on.

    order: a number per study, such as its year, to sort by (ties stay as given); None: as given.
    """
    method = Method(model, tau2, interval, level, stop)
    y, v = check_effects(yi, vi)
    labels = _names(names, y.size)
    if order is not None:
        keys = np.asarray(order, dtype=float)
        if keys.shape != y.shape or np.isnan(keys).any():
            raise InputError(said("The order must be one number for each effect, none missing."))
        places = np.argsort(keys, kind="stable")
        y, v, labels = y[places], v[places], tuple(labels[place] for place in places)
    given = {"yi": y.tolist(), "vi": v.tolist(), "names": list(labels)}
    return _refits("cumulative", labels, y, v, np.tril(np.ones((y.size, y.size))), method, given)


def _names(names: Sequence[str] | None, k: int) -> tuple[str, ...]:
    if names is None:
        return tuple(map(str, range(1, k + 1)))
    if len(names) != k:
        raise InputError(said("There are %(count)s names for %(k)s effects; give one for each.", count=len(names), k=k))
    return tuple(map(str, names))


def _without_groups(study: Sequence[Any], k: int) -> tuple[tuple[str, ...], Floats]:
    if len(study) != k:
        raise InputError(
            said("There are %(count)s study labels for %(k)s effects; give one for each.", count=len(study), k=k)
        )
    if lost := [str(row) for row, label in enumerate(study, start=1) if is_missing(label)]:
        raise InputError(said("The study in row %(lost)s is missing; fill it in.", lost=", ".join(lost)))
    given = [as_level(label) for label in study]
    place = {label: index for index, label in enumerate(dict.fromkeys(given))}
    counts = np.ones((len(place), k))
    counts[[place[label] for label in given], np.arange(k)] = 0.0
    return tuple(place), counts


def _refits(
    kind: str, labels: tuple[str, ...], y: Floats, v: Floats, counts: Floats, method: Method, given: dict[str, Any]
) -> Refits:
    column = np.ones((y.size, 1))
    fits = fit_many(y, v, column, method, np.concatenate((counts, np.ones((1, y.size)))))  # all studies come last
    numbers = _columns(fits, method)
    k = (*map(int, counts.sum(axis=1).tolist()), y.size)
    whole = Refit("all studies", k[-1], **{name: values[-1] for name, values in numbers.items()})
    parts = {name: values[:-1] for name, values in numbers.items()}
    warnings = tuple(_cautions(kind, min(k), bool(fits.peaks.max() > 1)))
    return Refits(kind, labels, k[:-1], **parts, whole=whole, method=method, warnings=warnings, given=given)


def _cautions(kind: str, least: int, several: bool) -> list[str]:
    """least: studies in the smallest refit; several: a likelihood has several peaks."""
    found = []
    if kind != "cumulative" and least == 1:
        found.append("A single study is left in some refits: how far effects differ between studies is unknown there.")
    if several:
        found.append("In some refits the likelihood has several peaks; tau2 is at the highest.")
    if kind == "cumulative":
        found.append("Each new study is another look: intervals on the way are too narrow for deciding when to stop.")
    return found


def _columns(fits: Fits, method: Method) -> dict[str, Numbers]:
    """Estimate, se, p, interval, tau2, I2, H2, Q and its p of every refit."""
    estimate, se, df = fits.beta[:, 0], fits.se[:, 0], fits.df
    with np.errstate(all="ignore"):
        statistic = estimate / se
        p, reach = 2 * ndtr(-abs(statistic)), np.full(1, critical(method.level))
        if method.interval != "wald":
            known = df > 0  # a single study has no degrees of freedom, and the normal interval
            p = np.where(known, 2 * stdtr(np.where(known, df, 1.0), -abs(statistic)), p)
            reach = np.where(known, -stdtrit(np.where(known, df, 1.0), (1 - method.level) / 2), reach)
        q_p = chdtrc(df, fits.qe)
    reached = reach * se
    columns = {
        "estimate": estimate,
        "se": se,
        "p": p,
        "ci_low": estimate - reached,
        "ci_high": estimate + reached,
        "tau2": fits.tau2,
        "i2": fits.i2,
        "h2": fits.h2,
        "q": np.where(df > 0, fits.qe, np.nan),
        "q_p": q_p,
    }
    return {name: _tuple(column) for name, column in columns.items()}


def _tuple(values: Floats) -> Numbers:
    """An array as numbers, None where it has none."""
    if np.isnan(values).any():
        return tuple(None if np.isnan(value) else float(value) for value in values)
    return tuple(values.tolist())


def _side(low: float | None, high: float | None) -> int:
    """1 above 0, -1 below, 0 where the interval holds 0."""
    if low is None or high is None:
        return 0
    return int(low > 0) - int(high < 0)
