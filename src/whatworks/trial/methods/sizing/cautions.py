"""What makes a closed form look better than the trial may come out: each optimistic assumption, with what it hides."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import Any

from scipy.stats import norm
from scipy.stats import t as students_t

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.trial.methods.design.parts import BLOCKED, CONTINUOUS, INDIVIDUAL, PAIRS, Design
from whatworks.trial.methods.sizing.across_periods import of_residual, sequences
from whatworks.trial.methods.sizing.assuming import by_k, effect_of, over_periods
from whatworks.trial.methods.sizing.formulae import Formula

FEW, VERY_FEW = 40, 12
SMALL_SAMPLE = (
    "lmm-kr", "lmm-satterthwaite", "ols-cr2", "ols-cr3", "gee-md", "gee-kc", "cluster-means-t", "wild-bootstrap", "ri-exact",
    "ri-sampled", "cace-2sls-cr2",
)  # fmt: skip
LESS_ALIKE, UNEVEN = 0.8, 0.5
T, CAC, CV, PERIODS = "t", "cac 0.8", "cv 0.5", "with periods"


def beside(design: Design) -> dict[str, float]:
    """Power under assumptions less kind than the design's: by t in place of z, at a cac of .8, at a cv of .5."""
    held, found = design.size, {}
    if over_periods(design):
        if held.reference != "t":
            found[T] = _power(design, reference="t")
        if held.likelihood == "no-periods":
            found[PERIODS] = _power(design, likelihood="")
        elif held.cac in (None, 1.0) and not held.likelihood:
            found[CAC] = _power(design, cac=LESS_ALIKE)
            if held.reference != "t":
                found[f"{CAC}, {T}"] = _power(design, cac=LESS_ALIKE, reference="t")
    elif held.reference == "z" and design.design.kind != INDIVIDUAL:
        found[T] = _power(design, reference="t")
    if _clustered(design) and held.cv == 0 and (held.per_cluster or 1) > 1:
        found[CV] = _power(design, cv=UNEVEN)
    return {name: value for name, value in found.items() if value is not None}


def _power(design: Design, **changed: Any) -> float | None:
    from whatworks.trial.methods.sizing.planning import formula_of

    other = dataclasses.replace(design, size=dataclasses.replace(design.size, **changed))
    try:
        return formula_of(other).power(design.size.clusters or 0.0, effect_of(design))
    except InputError:
        return None


def _clustered(design: Design) -> bool:
    return design.design.kind != INDIVIDUAL and (design.design.kind != PAIRS or design.size.per_cluster is not None)


def cautions(design: Design, formula: Formula, count: float, kinder: Mapping[str, float]) -> Iterator[Said]:
    """Each optimistic default or assumption of a design, as a sentence."""
    held, left = design.size, count * formula.kept
    if over_periods(design):
        yield from _over_time(design, kinder)
    if _clustered(design):
        yield from _of_clusters(design, formula, left, kinder)
    if not held.attrition and not (held.dropout and _clustered(design)):
        yield (
            said("Nobody is taken to be lost: [size] attrition and dropout are 0.")
            if _clustered(design)
            else said("Nobody is taken to be lost: [size] attrition is 0.")
        )
    if by_k(design) and held.icc is not None:
        yield said("[size] gives both k and icc; k is used for shares and rates, and icc is not.")
    if (held.r2_1 or held.r2_2) and held.covariates == 0:
        yield said("Covariates are said to explain something and to cost no degree of freedom; [size] covariates is 0.")
    if len(design.arms) > 2 and held.correction == "none":
        yield said(
            "Several arms are each tested at the whole level; more than one in %(n)s trials will find something that is not there.",
            n=round(1 / design.design.alpha),
        )
    if design.design.outcome == "count" and not held.dispersion and not held.k and design.design.kind == INDIVIDUAL:
        yield said(
            "Counts are taken to vary as Poisson's law has it; those of people vary more: give [size] dispersion."
        )


def _over_time(design: Design, kinder: Mapping[str, float]) -> Iterator[Said]:
    held = design.size
    if held.likelihood == "no-periods":
        yield said(
            "Nothing is taken to change over time but the offer, and the model has no periods; in a stepped wedge, where the offer comes "
            "late, that promises far too much. %(other)s",
            other=_instead(kinder, PERIODS),
        )
    if held.cac in (None, 1.0):
        left_out = " because [size] cac is left out" if held.cac is None else ""
        yield said(
            "A cluster is taken to be as alike in different periods as within one (cac = 1)%(left_out)s; that is optimistic. "
            "%(other)s",
            left_out=left_out,
            other=_instead(kinder, CAC),
        )
    if of_residual(design) and held.sd_of is None and design.design.outcome == CONTINUOUS:
        yield said(
            "sd is taken as the residual's, with what clusters share on top, as swPwr has it; where it is that of all people, "
            'say sd_of = "total".'
        )
    if held.decay and held.cac is None:
        yield said("The correlation is said to decay, and without [size] cac it does not.")


def _instead(kinder: Mapping[str, float], name: str) -> Said:
    if name not in kinder:
        return said("Say what it may be.")
    by = {
        T: said("With t"),
        CAC: said("With cac = 0.8"),
        CV: said("With a cv of 0.5"),
        PERIODS: said("By generalised least squares with periods"),
    }[name]
    return said("%(by)s the power is %(power)s.", by=by, power=f"{kinder[name]:.3f}")


def _of_clusters(design: Design, formula: Formula, left: float, kinder: Mapping[str, float]) -> Iterator[Said]:
    held, clusters = design.size, math.floor(left + 1e-9)
    if formula.df(left) is None and "one cluster more" not in formula.name and "pairs more" not in formula.name:
        yield from _by_z(clusters, design.design.alpha, kinder)
    if held.cv == 0 and (held.per_cluster or 1) > 1:
        yield said("Clusters are taken to be of one size (cv = 0). %(other)s", other=_instead(kinder, CV))
    if held.icc == 0 and not held.k:
        yield said("Clusters are taken to have nothing in common (icc = 0); hardly any outcome is so.")
    if clusters < FEW:
        yield from _few(design, clusters)


def _by_z(clusters: int, alpha: float, kinder: Mapping[str, float]) -> Iterator[Said]:
    if clusters > 2:
        yield said(
            "The test is by z, as if variances were known. With %(clusters)s clusters side by side that refuses nothing at all in "
            "%(true)s of trials, not in %(alpha)s. %(other)s",
            clusters=clusters,
            true=f"{type_one_of_z(clusters, alpha):.4f}",
            alpha=f"{alpha:g}",
            other=_instead(kinder, T),
        )


def type_one_of_z(clusters: int, alpha: float = 0.05) -> float:
    """The true level of a z test of two equal arms with so many clusters in all, where t with two fewer is right."""
    return float(2 * students_t.sf(norm.isf(alpha / 2), clusters - 2))


def _few(design: Design, clusters: int) -> Iterator[Said]:
    declared = design.analysis.declared
    if declared and declared not in SMALL_SAMPLE:
        yield said(
            "%(clusters)s clusters are fewer than 40, and %(declared)s makes no allowance for it; declare lmm-kr, ols-cr2, "
            "cluster-means-t or ri-exact.",
            clusters=clusters,
            declared=declared,
        )
    elif not declared:
        yield said(
            "%(clusters)s clusters are fewer than 40: the analysis needs a method for few clusters; [analysis] declares none.",
            clusters=clusters,
        )
    ways = allocations(design, clusters)
    if clusters <= VERY_FEW and ways > 1:
        yield said(
            "The lot can fall in %(ways)s ways, so a randomisation test gives no p below %(least)s.",
            ways=ways,
            least=f"{1 / ways:.2g}",
        )


def allocations(design: Design, clusters: int) -> int:
    """In how many ways so many clusters can be dealt to arms of equal size, to pairs, to blocks, or to sequences."""
    if over_periods(design):
        counts = sequences(design)
        counts = counts if sum(counts) == clusters else (1,) * clusters if len(counts) == clusters else counts
        return math.factorial(sum(counts)) // math.prod(math.factorial(one) for one in counts)
    if design.design.kind == PAIRS:
        return int(2 ** (clusters // 2))
    groups = design.size.blocks if design.design.kind == BLOCKED and design.size.blocks else 1
    inside = clusters // groups
    return int(math.comb(inside, inside // 2) ** groups)
