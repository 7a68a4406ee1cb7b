"""A plan as a paragraph for a protocol: what was assumed, what comes out, by which formula, with references."""

from __future__ import annotations

from collections.abc import Iterator

from whatworks.stats.telling import paragraph
from whatworks.trial.methods.design.parts import BINARY, BLOCKED, CONTINUOUS, COUNT, INDIVIDUAL, PAIRS, SURVIVAL, Design
from whatworks.trial.methods.sizing.assuming import by_k, needed, over_periods
from whatworks.trial.methods.sizing.planning import Plan, total_sd

KINDS = {
    INDIVIDUAL: "people drawn one by one", "cluster": "clusters", BLOCKED: "clusters drawn within blocks",
    PAIRS: "clusters in matched pairs", "stepped-wedge": "clusters of a stepped wedge",
}  # fmt: skip
LEYRAT = (
    "Leyrat and others (2018), doi 10.1093/ije/dyx169: with 40 clusters or fewer a correction for small samples belongs in the "
    "sample size"
)
DUNNETT = "Dunnett (1955), doi 10.1080/01621459.1955.10501294"
OHAGAN = "O'Hagan and others (2005), doi 10.1002/pst.175"


def told(design: Design, plan: Plan) -> str:
    """The paragraph, then its references on lines of their own."""
    return paragraph(_sentences(design, plan), _references(design, plan))


def _sentences(design: Design, plan: Plan) -> Iterator[str]:
    yield _opening(design, plan)
    yield f"We assumed {_assumed(design)}."
    if design.size.attrition or design.size.dropout:
        yield _lost(design, plan)
    if len(design.arms) > 2:
        yield (
            f"{len(design.arms) - 1} arms are compared with {design.arms[0].name}, each at a two-sided level of {plan.alpha:.4f} "
            f"({design.size.correction})."
        )
    yield f"Computed by: {plan.method}."
    if plan.assurance is not None:
        what = "logarithm of the ratio" if design.size.ratio is not None else "effect"
        mean, sd = design.size.prior
        yield f"Where the {what} is believed to be about {mean:g} (standard deviation {sd:g}), the assurance is {plan.assurance:.2f}."


def _opening(design: Design, plan: Plan) -> str:
    many, level = f"{plan.clusters:,} {KINDS[design.design.kind]}", f"a two-sided level of {design.design.alpha:g}"
    if plan.asked == "mdes" and plan.mdes is not None:
        return (
            f"With {many}, power of {design.design.power:.0%} and {level}, the smallest effect that the trial can be "
            f"expected to find is {_effect(design, plan.mdes, plan.mdes_ratio)}{_in_g(plan)}."
        )
    found = _effect(design, abs(plan.effect or 0.0), plan.ratio)
    if plan.asked == "size":
        return f"To find {found} with power of {design.design.power:.0%} at {level}, the trial needs {many}."
    return f"With {many}, the trial has power of {plan.power or 0:.1%} to find {found} at {level}."


def _effect(design: Design, effect: float, ratio: float | None) -> str:
    if design.design.outcome == CONTINUOUS:
        return f"a difference in means of {effect:.4g}"
    rate, what = needed(design, "control_rate"), {BINARY: "share", COUNT: "rate", SURVIVAL: "share with the event"}
    other = rate + effect * (1 if (ratio or 0) > 1 else -1)
    kind = "hazard ratio" if design.design.outcome == SURVIVAL else "ratio"
    return f"a {what[design.design.outcome]} of {other:.4g} in place of {rate:.4g} ({kind} {ratio or 0:.3f})"


def _in_g(plan: Plan) -> str:
    return "" if plan.mdes_g is None else f", or {plan.mdes_g:.2f} standard deviations"


def _assumed(design: Design) -> str:
    size, said = design.size, []
    if design.design.outcome == CONTINUOUS:
        said.append(f"a standard deviation of {total_sd(design):.4g} among all people")
    if size.per_cluster is not None:
        again = " in each period" if over_periods(design) else ""
        said.append(
            f"{size.per_cluster:g} people in each {'block' if design.design.kind == INDIVIDUAL else 'cluster'}{again}"
        )
    if size.exposure is not None:
        said.append(f"time at risk of {size.exposure:g} in each unit")
    if by_k(design) and design.design.kind != INDIVIDUAL:
        said.append(f"a coefficient of variation between clusters (k) of {size.k:g}")
    elif size.icc is not None and design.design.kind != INDIVIDUAL:
        said.append(f"an intra-cluster correlation of {size.icc:g}")
    if size.icc_groups and size.groups:
        said.append(f"{size.groups:g} groups in each cluster with {size.icc_groups:.0%} of the variance between them")
    if over_periods(design):
        said.append(
            f"a cluster autocorrelation of {1.0 if size.cac is None else size.cac:g}{' for each period apart' if size.decay else ''}"
        )
        said += [f"an individual autocorrelation of {size.iac:g}"] if size.iac else []
    said += [f"sizes of clusters with a coefficient of variation of {size.cv:g}"] if size.cv else []
    said += (
        [f"covariates that explain {size.r2_1:.0%} within and {size.r2_2:.0%} between clusters"]
        if size.r2_1 or size.r2_2
        else []
    )
    return ", ".join(said[:-1]) + (" and " if len(said) > 1 else "") + said[-1] if said else "nothing further"


def _lost(design: Design, plan: Plan) -> str:
    size = design.size
    parts = [f"{size.attrition:.0%} of people"] * bool(size.attrition) + [f"{size.dropout:.0%} of clusters"] * bool(
        size.dropout
    )
    return f"Allowance is made for {' and '.join(parts)} without an outcome, which leaves {_left(design, plan)}."


def _left(design: Design, plan: Plan) -> str:
    if design.design.kind == INDIVIDUAL:
        return f"{plan.clusters_left:,.6g} people"
    people = f", with {plan.people:,.6g} people at one time" if plan.people is not None else ""
    return f"{plan.clusters_left:,.6g} clusters{people}"


def _references(design: Design, plan: Plan) -> Iterator[str]:
    yield from plan.source.split("; ")
    if len(design.arms) > 2 and design.size.correction == "dunnett":
        yield DUNNETT
    if plan.assurance is not None:
        yield OHAGAN
    if design.design.kind != INDIVIDUAL and plan.clusters <= 40:
        yield LEYRAT
