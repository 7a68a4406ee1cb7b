"""The formula for clusters measured over periods: stepped wedges, and whatever `layout` draws."""

from __future__ import annotations

import dataclasses
import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, SURVIVAL, Design
from whatworks.trial.methods.sizing import likelihood
from whatworks.trial.methods.sizing.assuming import by_k, control_rate, exposure_each, needed, other_rate, seen_in
from whatworks.trial.methods.sizing.formulae import Errors, Formula
from whatworks.trial.methods.sizing.periods import Shares, shares_of, stepped_wedge, variance
from whatworks.trial.methods.sizing.several import level_of

Floats = NDArray[np.float64]
HUSSEY = "Hussey and Hughes (2007), doi 10.1016/j.cct.2006.05.007"
HOOPER = "Hooper and others (2016), doi 10.1002/sim.7028"
KASZA = "Kasza and others (2019), doi 10.1177/0962280217734981"
ZHOU = "Zhou and others (2020), doi 10.1093/biostatistics/kxy031"
KENNY = "Kenny and others (2022), doi 10.1002/sim.9511"


def across_periods(design: Design) -> Formula:
    """The formula for this design. Raises InputError for what cannot be."""
    size = design.size
    if len(design.arms) > 2 or design.design.outcome == SURVIVAL:
        raise InputError(said("Over periods, two arms are compared and the outcome is continuous, binary or a count."))
    if size.icc_groups:
        raise InputError(
            said("Groups within clusters have a closed form here only for arms side by side; leave icc_groups out.")
        )
    if size.cv >= 1:
        raise InputError(said("[size] cv is %(cv)s; over periods it must lie below 1 here.", cv=size.cv))
    pattern = sequences(design)
    fewest = 3.0 if size.reference == "t" else 2.0

    if size.likelihood:
        _refuse_likelihood(design)

    def se(units: float, effect: float) -> Errors:
        variance = _by_likelihood if size.likelihood else _variance
        found = math.sqrt(variance(design, pattern, effect) * sum(pattern) / units)
        return found, found

    def df(units: float) -> float | None:
        return units - 2 if size.reference == "t" else None

    def level(units: float) -> float:
        return level_of(design.design.alpha, (1, 1), None, "none")

    return Formula(_name(design), _source(design), se, df, level, fewest, 1 - size.dropout, both=not size.decay)


def sequences(design: Design) -> tuple[int, ...]:
    """Clusters in each sequence: as the design gives them, or their number dealt out as evenly as can be; without it, one in each.

    Raises InputError where neither steps, sequences nor a layout are there, or they disagree.
    """
    size = design.size
    count = len(size.layout) or len(size.sequences) or size.steps
    if not count:
        raise InputError(said("[size] has no steps: Stepped wedge: steps at which clusters change over."))
    if size.sequences and len(size.sequences) != count:
        raise InputError(
            said(
                "[size] has %(rows)s rows of layout and %(n)s sequences; they must be as many.",
                rows=count,
                n=len(size.sequences),
            )
        )
    if size.sequences and size.clusters is not None and sum(size.sequences) != size.clusters:
        raise InputError(
            said(
                "[size] sequences hold %(held)s clusters and clusters says %(said)s; give one of the two.",
                held=sum(size.sequences),
                said=f"{size.clusters:g}",
            )
        )
    pattern = size.sequences or (1,) * count
    dealt = size.clusters is not None and float(size.clusters).is_integer() and size.clusters >= count
    return spread_out(int(size.clusters or 0), pattern) if dealt else pattern


def spread_out(clusters: int, pattern: tuple[int, ...]) -> tuple[int, ...]:
    """A number of clusters dealt to sequences in proportion to a pattern, the first getting what does not divide."""
    whole = sum(pattern)
    counts = [clusters * one // whole for one in pattern]
    for place in range(clusters - sum(counts)):
        counts[place % len(counts)] += 1
    return tuple(counts)


def rows_of(design: Design, counts: tuple[int, ...]) -> Floats:
    """Rows of periods, one for each cluster: 0 comparator, 1 intervention, NaN where nobody is measured."""
    size = design.size
    if not size.layout:
        return stepped_wedge(counts, before=size.before, after=size.after)
    if len({len(row) for row in size.layout}) > 1 or set("".join(size.layout)) - set("01."):
        raise InputError(
            said("[size] layout must have rows of one length, made of 0, 1 and the full stop; such as 0011 and 0111.")
        )
    marks = {"0": 0.0, "1": 1.0, ".": math.nan}
    return np.repeat(np.array([[marks[mark] for mark in row] for row in size.layout]), counts, axis=0)


def shares_at(design: Design, effect: float) -> Shares:
    """What people, periods and clusters have in common; for shares and rates at the mean of the two (as swPwr has it)."""
    size = design.size
    residual, middle = _residual(design, effect)
    if by_k(design):
        between = ((size.k or 0.0) * middle) ** 2
        icc, total = between / (between + residual), False
    else:
        icc, total = needed(design, "icc"), not of_residual(design)
    cac = 1.0 if size.cac is None else size.cac
    held = shares_of(icc=icc, cac=cac, iac=size.iac, sd=math.sqrt(residual), total=total, decay=size.decay)
    one, two = math.sqrt(1 - size.r2_1), math.sqrt(1 - size.r2_2)
    return dataclasses.replace(
        held, residual=held.residual * one, person=held.person * one, cluster=held.cluster * two, period=held.period * two,
        effect=held.cluster * math.sqrt(size.varies), together=size.correlation,
    )  # fmt: skip


def of_residual(design: Design) -> bool:
    """Whether `sd` is that of the residual, with what clusters share on top."""
    size = design.size
    if size.sd_of is not None:
        return size.sd_of == "residual"
    return design.design.kind == "stepped-wedge" and not size.decay


def _residual(design: Design, effect: float) -> tuple[float, float]:
    """Variance of one person's outcome, and the mean share or rate."""
    if design.design.outcome == CONTINUOUS:
        return design.size.sd**2, 0.0
    middle = (control_rate(design) + other_rate(design, effect)) / 2
    if design.design.outcome == "count":
        return middle / exposure_each(design) + (design.size.dispersion or 0.0) * middle**2, middle
    return middle * (1 - middle), middle


def _refuse_likelihood(design: Design) -> None:
    size = design.size
    if (
        design.design.outcome != BINARY
        or size.cac not in (None, 1.0)
        or size.iac
        or size.cv
        or size.exposure_time
        or by_k(design)
    ):
        raise InputError(
            said(
                "[size] likelihood is for yes-or-no outcomes with icc, one correlation at all times (no cac), other people each time and "
                "clusters of one size; leave it out."
            )
        )


def _by_likelihood(design: Design, counts: tuple[int, ...], effect: float) -> float:
    rows = tuple(tuple(row) for row in rows_of(design, counts).tolist())
    people, icc = max(1, round(seen_in(design))), needed(design, "icc")
    rates = control_rate(design), other_rate(design, effect)
    return likelihood.variance(rows, people, icc, rates, periods=design.size.likelihood == "periods")


def _variance(design: Design, counts: tuple[int, ...], effect: float) -> float:
    size, people, shares = design.size, seen_in(design), shares_at(design, effect)
    return _computed(rows_of(design, counts).tobytes(), sum(counts), shares, people, size.cv, size.exposure_time)


@lru_cache(maxsize=256)
def _computed(rows: bytes, clusters: int, shares: Shares, people: float, cv: float, exposure: bool) -> float:
    """The variance of the effect; where sizes are unequal each cluster counts half as a larger and half as a smaller one."""
    table = np.frombuffer(rows).reshape(clusters, -1)
    if cv == 0:
        return variance(table, shares, people, exposure=exposure)
    sizes = [*[people * (1 - cv)] * clusters, *[people * (1 + cv)] * clusters]
    return 2 * variance(np.vstack([table, table]), shares, sizes, exposure=exposure)


def _name(design: Design) -> Said:
    size = design.size
    test = said("t with clusters less 2") if size.reference == "t" else said("z")
    if size.likelihood == "periods":
        return said("information of the likelihood of shares, a level for each period; %(test)s", test=test)
    if size.likelihood:
        return said("information of the likelihood of shares, no difference between periods; %(test)s", test=test)
    if not size.decay and size.cac in (None, 1.0) and not size.iac:
        how = said("one correlation at all times (Hussey and Hughes)")
    elif size.decay:
        how = said("correlation that decays with each period")
    else:
        how = said("nested exchangeable correlation")
    if size.iac:
        how = said("%(how)s, the same people again (iac %(iac)s)", how=how, iac=f"{size.iac:g}")
    if size.exposure_time:
        how = said("%(how)s, mean effect over exposure times", how=how)
    whose = (
        said("the sd is the residual's, with what clusters share on top")
        if of_residual(design)
        else said("the sd is that of all people")
    )
    return said("generalised least squares over periods, %(how)s; %(test)s; %(whose)s", how=how, test=test, whose=whose)


def _source(design: Design) -> str:
    size = design.size
    if size.likelihood:
        return ZHOU
    found = KASZA if size.decay else HUSSEY if size.cac in (None, 1.0) and not size.iac else HOOPER
    return f"{found}; {KENNY}" if size.exposure_time else found
