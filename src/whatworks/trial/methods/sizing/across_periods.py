"""The formula for clusters measured over periods: stepped wedges, and whatever `layout` draws."""

from __future__ import annotations

import dataclasses
import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.design.parts import CONTINUOUS, SURVIVAL, Design
from whatworks.trial.methods.sizing.assuming import by_k, control_rate, exposure_each, needed, other_rate, seen_in
from whatworks.trial.methods.sizing.formulae import Errors, Formula
from whatworks.trial.methods.sizing.periods import Shares, shares_of, stepped_wedge, variance
from whatworks.trial.methods.sizing.several import level_of

Floats = NDArray[np.float64]
HUSSEY = "Hussey and Hughes (2007), doi 10.1016/j.cct.2006.05.007"
HOOPER = "Hooper and others (2016), doi 10.1002/sim.7028"
KASZA = "Kasza and others (2019), doi 10.1177/0962280217734981"
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

    def se(units: float, effect: float) -> Errors:
        shares = shares_at(design, effect)
        found = math.sqrt(_variance(design, pattern, shares) * sum(pattern) / units)
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


def _variance(design: Design, counts: tuple[int, ...], shares: Shares) -> float:
    size, people = design.size, seen_in(design)
    return _computed(rows_of(design, counts).tobytes(), sum(counts), shares, people, size.cv, size.exposure_time)


@lru_cache(maxsize=256)
def _computed(rows: bytes, clusters: int, shares: Shares, people: float, cv: float, exposure: bool) -> float:
    """The variance of the effect; where sizes are unequal each cluster counts half as a larger and half as a smaller one."""
    table = np.frombuffer(rows).reshape(clusters, -1)
    if cv == 0:
        return variance(table, shares, people, exposure=exposure)
    sizes = [*[people * (1 - cv)] * clusters, *[people * (1 + cv)] * clusters]
    return 2 * variance(np.vstack([table, table]), shares, sizes, exposure=exposure)


def _name(design: Design) -> str:
    size = design.size
    how = "correlation that decays with each period" if size.decay else "nested exchangeable correlation"
    if not size.decay and size.cac in (None, 1.0) and not size.iac:
        how = "one correlation at all times (Hussey and Hughes)"
    whose = (
        "the sd is the residual's, with what clusters share on top"
        if of_residual(design)
        else "the sd is that of all people"
    )
    test = "t with clusters less 2" if size.reference == "t" else "z"
    again = f", the same people again (iac {size.iac:g})" if size.iac else ""
    effect = ", mean effect over exposure times" if size.exposure_time else ""
    return f"generalised least squares over periods, {how}{again}{effect}; {test}; {whose}"


def _source(design: Design) -> str:
    size = design.size
    found = KASZA if size.decay else HUSSEY if size.cac in (None, 1.0) and not size.iac else HOOPER
    return f"{found}; {KENNY}" if size.exposure_time else found
