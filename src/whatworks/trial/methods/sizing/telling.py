"""A plan as a paragraph for a protocol: what was assumed, what comes out, by which formula, with references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

from scipy.stats import norm

from whatworks.saying import Said, said
from whatworks.stats.telling import paragraph
from whatworks.trial.methods.design.parts import (
    BINARY,
    BLOCKED,
    CONTINUOUS,
    COUNT,
    INDIVIDUAL,
    PAIRS,
    SURVIVAL,
    WEDGE,
    Design,
)
from whatworks.trial.methods.sizing.assuming import by_k, needed, over_periods
from whatworks.trial.methods.sizing.planning import Plan, planned_side, total_sd

WHAT = {BINARY: said("share"), COUNT: said("rate"), SURVIVAL: said("share with the event")}
LEYRAT = said(
    "Leyrat and others (2018), doi 10.1093/ije/dyx169: with 40 clusters or fewer a correction for small samples belongs in the "
    "sample size"
)
DUNNETT = "Dunnett (1955), doi 10.1080/01621459.1955.10501294"
OHAGAN = "O'Hagan and others (2005), doi 10.1002/pst.175"


def told(design: Design, plan: Plan) -> str:
    """The paragraph, then its references on lines of their own, in English."""
    return paragraph(map(str, sentences(design, plan)), map(str, references(design, plan)))


def sentences(design: Design, plan: Plan) -> Iterator[Said]:
    """The sentences of the paragraph."""
    yield _opening(design, plan)
    yield said("We assumed %(assumed)s.", assumed=_assumed(design))
    if design.size.attrition or design.size.dropout:
        yield _lost(design, plan)
    if len(design.arms) > 2:
        yield said(
            "%(arms)s arms are compared with %(first)s, each at a two-sided level of %(level)s (%(correction)s).",
            arms=len(design.arms) - 1, first=design.arms[0].name, level=f"{plan.alpha:.4f}", correction=design.size.correction,
        )  # fmt: skip
    yield said("Computed by: %(method)s.", method=plan.method)
    if plan.assurance is not None:
        yield _believed(design, plan.assurance)


def _believed(design: Design, assurance: float) -> Said:
    """The power to be expected, with what it cannot exceed: the chance that the effect lies on the side that is planned."""
    mean, sd = design.size.prior
    side = planned_side(design)
    values = {
        "mean": f"{mean:g}",
        "sd": f"{sd:g}",
        "value": f"{assurance:.2f}",
        "most": f"{norm.cdf(side * mean / sd):.2f}",
    }
    if design.size.ratio is not None:
        return said(
            "Where the logarithm of the ratio is believed to be about %(mean)s (standard deviation %(sd)s), the assurance, that is the "
            "power to be expected, is %(value)s; no trial of this question, however large, could have more than %(most)s.",
            **values,
        )
    return said(
        "Where the effect is believed to be about %(mean)s (standard deviation %(sd)s), the assurance, that is the power to be expected, "
        "is %(value)s; no trial of this question, however large, could have more than %(most)s.",
        **values,
    )


def _opening(design: Design, plan: Plan) -> Said:
    many, level, power = _many(design, plan), f"{design.design.alpha:g}", f"{design.design.power:.0%}"
    if plan.asked == "mdes" and plan.mdes is not None:
        return said(
            "With %(many)s, power of %(power)s and a two-sided level of %(level)s, the smallest effect that the trial can be expected to "
            "find is %(effect)s.",
            many=many, power=power, level=level, effect=_in_g(plan, _effect(design, plan.mdes, plan.mdes_ratio)),
        )  # fmt: skip
    found = _effect(design, abs(plan.effect or 0.0), plan.ratio)
    if plan.asked == "size":
        return said(
            "To find %(effect)s with power of %(power)s at a two-sided level of %(level)s, the trial needs %(many)s.",
            effect=found, power=power, level=level, many=many,
        )  # fmt: skip
    return said(
        "With %(many)s, the trial has power of %(power)s to find %(effect)s at a two-sided level of %(level)s.",
        many=many, power=f"{plan.power or 0:.1%}", effect=found, level=level,
    )  # fmt: skip


def _many(design: Design, plan: Plan) -> Said:
    kind, n = design.design.kind, f"{plan.clusters:,}"
    if kind == INDIVIDUAL:
        return said("%(n)s people drawn one by one", n=n)
    if kind == BLOCKED:
        return said("%(n)s clusters drawn within blocks", n=n)
    if kind == PAIRS:
        return said("%(n)s clusters in matched pairs", n=n)
    return said("%(n)s clusters of a stepped wedge", n=n) if kind == WEDGE else said("%(n)s clusters", n=n)


def _effect(design: Design, effect: float, ratio: float | None) -> Said:
    if design.design.outcome == CONTINUOUS:
        return said("a difference in means of %(effect)s", effect=f"{effect:.4g}")
    rate = needed(design, "control_rate")
    other = rate + effect * (1 if (ratio or 0) > 1 else -1)
    numbers = {"other": f"{other:.4g}", "rate": f"{rate:.4g}", "ratio": f"{ratio or 0:.3f}"}
    what = WHAT[design.design.outcome]
    if design.design.outcome == SURVIVAL:
        return said("a %(what)s of %(other)s in place of %(rate)s (hazard ratio %(ratio)s)", what=what, **numbers)
    return said("a %(what)s of %(other)s in place of %(rate)s (ratio %(ratio)s)", what=what, **numbers)


def _in_g(plan: Plan, effect: Said) -> Said:
    if plan.mdes_g is None:
        return effect
    return said("%(effect)s, or %(g)s standard deviations", effect=effect, g=f"{plan.mdes_g:.2f}")


def _assumed(design: Design) -> Said:
    return listed([*_of_people(design), *_of_clusters(design), *_of_time(design), *_unequal(design)])


def _of_people(design: Design) -> Iterator[Said]:
    size = design.size
    if design.design.outcome == CONTINUOUS:
        yield said("a standard deviation of %(sd)s among all people", sd=f"{total_sd(design):.4g}")
    if size.per_cluster is not None:
        n = f"{size.per_cluster:g}"
        if over_periods(design):
            yield said("%(n)s people in each cluster in each period", n=n)
        else:
            block = design.design.kind == INDIVIDUAL
            yield said("%(n)s people in each block", n=n) if block else said("%(n)s people in each cluster", n=n)
    if size.exposure is not None:
        yield said("time at risk of %(time)s in each unit", time=f"{size.exposure:g}")


def _of_clusters(design: Design) -> Iterator[Said]:
    size, people = design.size, design.design.kind == INDIVIDUAL
    if by_k(design) and not people:
        yield said("a coefficient of variation between clusters (k) of %(k)s", k=f"{size.k:g}")
    elif size.icc is not None and not people:
        yield said("an intra-cluster correlation of %(icc)s", icc=f"{size.icc:g}")
    if size.icc_groups and size.groups:
        n, share = f"{size.groups:g}", f"{size.icc_groups:.0%}"
        yield (
            said("%(n)s groups in the second arm with %(share)s of the variance between them", n=n, share=share)
            if people
            else said("%(n)s groups in each cluster with %(share)s of the variance between them", n=n, share=share)
        )


def _of_time(design: Design) -> Iterator[Said]:
    size = design.size
    if not over_periods(design):
        return
    cac = f"{1.0 if size.cac is None else size.cac:g}"
    yield (
        said("a cluster autocorrelation of %(cac)s for each period apart", cac=cac)
        if size.decay
        else said("a cluster autocorrelation of %(cac)s", cac=cac)
    )
    if size.iac:
        yield said("an individual autocorrelation of %(iac)s", iac=f"{size.iac:g}")


def _unequal(design: Design) -> Iterator[Said]:
    size = design.size
    if size.cv:
        yield said("sizes of clusters with a coefficient of variation of %(cv)s", cv=f"{size.cv:g}")
    if size.r2_1 or size.r2_2:
        yield said(
            "covariates that explain %(within)s within and %(between)s between clusters",
            within=f"{size.r2_1:.0%}", between=f"{size.r2_2:.0%}",
        )  # fmt: skip


def listed(parts: Sequence[Said]) -> Said:
    """Parts as a list in a sentence: with commas, and an "and" before the last."""
    if not parts:
        return said("nothing further")
    *first, last = parts
    if not first:
        return last
    return said("%(first)s and %(last)s", first=joined_by_commas(first), last=last)


def joined_by_commas(parts: Iterable[Said]) -> Said:
    """Parts with commas between them."""
    return reduce(lambda one, other: said("%(one)s, %(other)s", one=one, other=other), parts)


def _lost(design: Design, plan: Plan) -> Said:
    size = design.size
    parts = []
    if size.attrition:
        parts.append(said("%(share)s of people", share=f"{size.attrition:.0%}"))
    if size.dropout:
        parts.append(said("%(share)s of clusters", share=f"{size.dropout:.0%}"))
    return said(
        "Allowance is made for %(lost)s without an outcome, which leaves %(left)s.",
        lost=listed(parts),
        left=_left(design, plan),
    )


def _left(design: Design, plan: Plan) -> Said:
    left = f"{plan.clusters_left:,.6g}"
    if design.design.kind == INDIVIDUAL:
        return said("%(n)s people", n=left)
    if plan.people is None:
        return said("%(n)s clusters", n=left)
    return said("%(n)s clusters, with %(people)s people at one time", n=left, people=f"{plan.people:,.6g}")


def references(design: Design, plan: Plan) -> Iterator[str]:
    """The sources, each once, in the order first cited."""
    found = [*plan.source.split("; ")]
    if len(design.arms) > 2 and design.size.correction == "dunnett":
        found.append(DUNNETT)
    if plan.assurance is not None:
        found.append(OHAGAN)
    if design.design.kind != INDIVIDUAL and plan.clusters <= 40:
        found.append(LEYRAT)
    yield from dict.fromkeys(found)
