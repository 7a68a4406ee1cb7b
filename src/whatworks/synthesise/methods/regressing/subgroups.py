"""Do effects differ between groups of studies? Each group pooled, with its own or with one heterogeneity, and a test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.chart import Chart, Plane
from whatworks.stats.designs import as_level, as_numbers, is_missing
from whatworks.stats.intervals import interval as interval_of
from whatworks.stats.intervals import two_sided_p
from whatworks.stats.linear import Test, wald_test
from whatworks.stats.results import Result
from whatworks.stats.telling import Recipe, Told, kept, paragraph, recipe
from whatworks.synthesise.methods.heterogeneity import Estimator, Stop
from whatworks.synthesise.methods.pooling import check_effects
from whatworks.synthesise.methods.regressing.fitting import Fits, fit_many
from whatworks.synthesise.methods.regressing.method import Interval, Method, Model
from whatworks.synthesise.methods.regressing.r_scripts import loaded, options, quoted
from whatworks.synthesise.methods.regressing.words import ESTIMATORS, REFERENCES
from whatworks.synthesise.methods.weighing import Floats

FEW = 5
BORENSTEIN = (
    "Borenstein M, Hedges LV, Higgins JPT, Rothstein HR (2009). Introduction to Meta-Analysis, chapter 19: Subgroup "
    "analyses. Wiley."
)


@dataclass(frozen=True, slots=True)
class Subgroup(Result):
    """The studies of one group pooled. tau2: its own, or the one that all share. q: of the studies in it, None for one."""

    name: str
    k: int
    estimate: float
    se: float
    df: int | None
    p: float | None
    ci_low: float
    ci_high: float
    tau2: float
    i2: float | None
    q: float | None


@dataclass(frozen=True, slots=True)
class Subgrouped(Told):
    """Groups of studies and the test that their mean effects are equal: chi-squared with (groups - 1, None) df, or F."""

    k: int
    groups: tuple[Subgroup, ...]
    statistic: float
    df: tuple[int, float | None]
    p: float
    one_tau2: bool
    method: Method
    warnings: tuple[str, ...]
    yi: tuple[float, ...] = kept()
    vi: tuple[float, ...] = kept()
    group: tuple[str, ...] = kept()

    def summary(self) -> str:
        """The groups and the test in one sentence."""
        level = f"{100 * self.method.level:g}%"
        parts = "; ".join(
            f"{one.name} ({one.k}) {one.estimate:.4g} ({level} {one.ci_low:.4g} to {one.ci_high:.4g})"
            for one in self.groups
        )
        return f"{parts}; the test of a difference gives p = {self.p:.3g}."

    def report(self) -> str:
        """How the groups were compared and what came out."""
        method = self.method
        kind = "one heterogeneity for all groups" if self.one_tau2 else "a heterogeneity of its own for each group"
        if method.model == "common":
            kind = "no heterogeneity within groups"
        how = f" (tau2 by {ESTIMATORS[method.tau2]})" if method.model == "random" else ""
        m, left = self.df
        name = f"chi-squared({m})" if left is None else f"F({m}, {left:g})"
        cited = [BORENSTEIN, *([REFERENCES[method.tau2]] if method.model == "random" else [])]
        cited += [REFERENCES["hksj"]] * method.interval.startswith("hksj")
        return paragraph(
            [
                f"The {self.k} studies were pooled in {len(self.groups)} groups with {kind}{how}.",
                *(f"{one.name}: {one.estimate:.4g} ({one.ci_low:.4g} to {one.ci_high:.4g})." for one in self.groups),
                f"Difference between groups: {name} = {self.statistic:.4g}, p = {self.p:.3g}.",
                *self.warnings,
            ],
            cited,
        )

    def chart(self) -> Chart:
        """Each group's mean with its interval."""
        ends = [0.0, *(end for one in self.groups for end in (one.ci_low, one.ci_high))]
        edge = 0.05 * (max(ends) - min(ends)) or 1.0
        count = len(self.groups)
        plane = Plane(x=(min(ends) - edge, max(ends) + edge), y=(count + 0.5, 0.5), left=200, height=90 + 34 * count)
        plane.upright(0.0)
        for place, one in enumerate(self.groups, start=1):
            plane.line([(one.ci_low, place), (one.ci_high, place)], css="total")
            plane.box(one.estimate, place, css="total")
            plane.words(190, plane.at_y(place), f"{one.name} ({one.k})", anchor="end")
        plane.x_axis("effect")
        rows = [(one.name, one.k, one.estimate, one.ci_low, one.ci_high, one.tau2) for one in self.groups]
        return plane.chart(
            "Effects by group of studies",
            "The square is a group's mean, the line its interval; the number of studies stands beside its name.",
            ("group", "studies", "mean", "from", "to", "tau2"),
            rows,
        )

    def r_script(self) -> str:
        """The same comparison in metafor."""
        lines = ["# Groups of studies compared with metafor.", *loaded(np.array(self.yi), np.array(self.vi))]
        lines.append(f"group <- c({', '.join(map(quoted, self.group))})")
        if self.one_tau2:
            lines += [
                f"fit <- rma(yi, vi, mods = ~ factor(group), {options(self.method)})",
                "print(fit, digits = 10)",
                f"print(rma(yi, vi, mods = ~ factor(group) - 1, {options(self.method)}), digits = 10)",
            ]
        else:
            lines += [
                "names <- unique(group)",
                f"fits <- lapply(names, function(g) rma(yi, vi, subset = group == g, {options(self.method)}))",
                "b <- sapply(fits, coef); plain <- sapply(fits, function(f) sum(1 / (f$vi + f$tau2))^-0.5)",
                "for (f in fits) print(f, digits = 10)",
                'print(rma(b, sei = plain, mods = ~ factor(names), method = "EE"), digits = 10)',
            ]
        return "\n".join(lines) + "\n"

    @property
    def recipe(self) -> Recipe:
        """Enough to compare the groups again."""
        given = {"yi": list(self.yi), "vi": list(self.vi), "group": list(self.group), "one_tau2": self.one_tau2}
        return recipe("subgroups", {**given, **self.method.to_dict()})


def subgroups(
    yi: ArrayLike,
    vi: ArrayLike,
    group: Sequence[Any],
    *,
    one_tau2: bool = False,
    model: Model = "random",
    tau2: Estimator = "REML",
    interval: Interval = "wald",
    level: float = 0.95,
    stop: Stop = "converged",
) -> Subgrouped:
    """Pool effects yi with variances vi, (k,), in groups, and test whether the groups' means are equal.

    one_tau2: one heterogeneity for all groups, as in a regression on the group; otherwise each has its own, and the
    test compares the means by their usual standard errors. InputError for fewer than two groups or a missing label.
    Source: Borenstein et al. (2009), chapter 19. Checked against metafor in tests/oracles/test_regress.py.
    """
    method = Method(model, tau2, interval, level, stop)
    y, v = check_effects(yi, vi)
    labels, names = _labels(group, y.size)
    member = np.array([[label == name for label in labels] for name in names], dtype=float)
    if one_tau2 and y.size <= len(names):
        raise InputError(said("One heterogeneity for all groups needs more studies than groups."))
    made, test = (_with_one if one_tau2 else _with_own)(y, v, member, names, method)
    warnings = tuple(_cautions(made, one_tau2, method))
    return Subgrouped(
        k=y.size,
        groups=made,
        statistic=test.statistic,
        df=test.df,
        p=test.p,
        one_tau2=one_tau2,
        method=method,
        warnings=warnings,
        yi=tuple(y.tolist()),
        vi=tuple(v.tolist()),
        group=tuple(labels),
    )


def _labels(group: Sequence[Any], k: int) -> tuple[list[str], list[str]]:
    given = list(group)
    if len(given) != k:
        raise InputError(
            said("There are %(count)s group labels for %(k)s effects; give one for each.", count=len(given), k=k)
        )
    if lost := [str(row) for row, label in enumerate(given, start=1) if is_missing(label)]:
        raise InputError(
            said("The group in row %(lost)s is missing; fill it in or leave the row out.", lost=", ".join(lost))
        )
    labels = [as_level(label) for label in given]
    values = as_numbers(names := sorted(set(labels)))
    if len(names) < 2:
        raise InputError(said("All studies are in one group; there is nothing to compare."))
    return labels, names if values is None else [names[i] for i in np.argsort(values, kind="stable")]


def _with_own(
    y: Floats, v: Floats, member: Floats, names: Sequence[str], method: Method
) -> tuple[tuple[Subgroup, ...], Test]:
    fits = fit_many(y, v, np.ones((y.size, 1)), method, member)
    made = tuple(
        _subgroup(name, int(member[i].sum()), fits.beta[i, 0], fits.se[i, 0], fits.tau2[i], fits, i, method)
        for i, name in enumerate(names)
    )
    return made, _between(fits.beta[:, 0], np.diag(fits.plain[:, 0, 0]), None)


def _with_one(
    y: Floats, v: Floats, member: Floats, names: Sequence[str], method: Method
) -> tuple[tuple[Subgroup, ...], Test]:
    whole = fit_many(y, v, member.T, method)
    alone = fit_many(y, v, np.ones((y.size, 1)), method, member)
    df = None if method.interval == "wald" else y.size - len(names)
    made = tuple(
        _subgroup(name, int(member[i].sum()), whole.beta[0, i], whole.se[0, i], whole.tau2[0], alone, i, method, df)
        for i, name in enumerate(names)
    )
    return made, _between(whole.beta[0], whole.covariance[0], df)


def _between(means: Floats, covariance: Floats, df: int | None) -> Test:
    """Are the means equal? Each against the first."""
    against = np.hstack((-np.ones((means.size - 1, 1)), np.eye(means.size - 1)))
    return wald_test(against @ means, against @ covariance @ against.T, df)


def _subgroup(
    name: str, k: int, mean: float, se: float, tau2: float, alone: Fits, i: int, method: Method, df: int | None = None
) -> Subgroup:
    if df is None and method.interval != "wald" and k > 1:
        df = k - 1
    low, high = interval_of(float(mean), float(se), method.level, df)
    p = float(two_sided_p(float(mean / se), df)) if se > 0 else None
    i2, q = (float(alone.i2[i]), float(alone.qe[i])) if k > 1 else (None, None)
    return Subgroup(name, k, float(mean), float(se), df, p, low, high, float(tau2), i2, q)


def _cautions(groups: Sequence[Subgroup], one_tau2: bool, method: Method) -> Iterator[str]:
    yield "Groups of studies differ in more than their label; a difference between them is an observation, not a trial."
    small = [one.name for one in groups if one.k < FEW]
    if small and method.model == "random" and not one_tau2:
        yield (
            f"Fewer than five studies in {', '.join(small)}: how far effects differ there is hardly known; one_tau2 shares "
            "it between the groups."
        )
    single = [one.name for one in groups if one.k == 1]
    if single:
        yield f"One study in {', '.join(single)}: that is the study's own result."
