"""Beside the primary comparison: further outcomes with corrected p-values, subgroups by interaction, those who kept to the protocol."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.designs import as_numbers
from whatworks.stats.results import Result
from whatworks.stats.robust import clustered, least_squares, robust
from whatworks.trial.methods.analysing import panel
from whatworks.trial.methods.analysing.layout import ARM, dummies, linear_outcome, matrix, taken
from whatworks.trial.methods.analysing.linear import rows_of, units_of
from whatworks.trial.methods.analysing.panel_rows import Failed, Found, Row, found_of
from whatworks.trial.methods.analysing.table import Column, Floats, Prepared, Table, prepare
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, COUNT, INDIVIDUAL
from whatworks.trial.methods.outcomes.multiplicity import adjusted, westfall_young

WESTFALL_YOUNG = "westfall-young"


@dataclass(frozen=True, slots=True)
class Secondary(Result):
    """A further outcome: its analysis, and p corrected for how many of them there are (the primary outcome is not among them)."""

    outcome: str
    row: Row | None
    p_adjusted: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Level(Result):
    """The effect among the rows of one level of a subgroup."""

    level: str
    rows: int
    estimate: float
    se: float | None
    df: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None


@dataclass(frozen=True, slots=True)
class Subgroup(Result):
    """Whether the effect differs between levels of a column: an F test of the interaction (HTZ with CR2), and the effect in each level."""

    column: str
    scale: str
    levels: tuple[Level, ...]
    f: float | None
    df1: int | None
    df2: float | None
    p: float | None
    reason: str


def usual(found: Prepared) -> str:
    """The declared method where it suits the outcome, else the one that is usual for it."""
    declared = found.design.analysis.declared
    if (
        declared
        and panel.ONLY_FOR.get(declared, found.outcome) == found.outcome
        and declared in panel.applicable(found)
    ):
        return declared
    single = len(np.unique(found.cluster)) == found.n and not found.random
    if found.outcome == CONTINUOUS:
        return "ols-cr2" if single else "lmm-kr"
    return "ols-cr2" if found.outcome == BINARY or single else "glmm-nb"


def secondary(design: Design, table: Table, arm: int = 1) -> list[Secondary]:
    """Every further outcome that the design names, by the declared method where it suits, with corrected p-values."""
    ready: list[tuple[str, Prepared | None, Row | None, str]] = []
    for name in design.analysis.secondary:
        try:
            found = prepare(design, table, outcome=name, kind=kind_of(design, table, name), arm=arm)
            method = usual(found)
            row = panel.line(found, method, panel.one(found, method), False)
            ready.append((name, found, row, ""))
        except InputError as error:
            ready.append((name, None, None, str(error)))
    tested = [(name, found, row) for name, found, row, _ in ready if found and row and row.p is not None]
    corrected = _corrected(design, tested)
    return [Secondary(name, row, corrected.get(name), reason) for name, _, row, reason in ready]


def kind_of(design: Design, table: Table, name: str) -> str:
    """What a further outcome is, by its values and the design: yes or no, a count (where the primary one is), else a number."""
    values = as_numbers(list(table.get(name, ())))
    there = np.array([]) if values is None else values[~np.isnan(values)]
    whole = bool(len(there)) and bool((there == np.round(there)).all()) and bool((there >= 0).all())
    if design.design.outcome == COUNT and whole:
        return COUNT
    return BINARY if whole and (_counted_together(design) or there.max() <= 1) else CONTINUOUS


def _counted_together(design: Design) -> bool:
    """Whether rows say how many people they are of."""
    return bool(design.analysis.trials) or (design.design.outcome == BINARY and bool(design.analysis.offset))


def _corrected(design: Design, tested: list[tuple[str, Prepared, Row]]) -> dict[str, float]:
    if not tested:
        return {}
    way = design.analysis.multiplicity
    if way != WESTFALL_YOUNG:
        values = adjusted([row.p if row.p is not None else 1.0 for _, _, row in tested], way)
    else:
        values = _together(design, [found for _, found, _ in tested])
    return {name: float(p) for (name, _, _), p in zip(tested, values, strict=True)}


def _together(design: Design, tables: list[Prepared]) -> Floats:
    """Westfall and Young's, over allocations of whole units within strata of the draw; the statistic is t of the units' means."""
    units = [units_of(one) for one in tables]
    if tables[0].wedge:
        raise InputError(said("Westfall and Young's correction is for parallel arms; take holm for a stepped wedge."))
    names = sorted(set.intersection(*(set(one.cluster.tolist()) for one in units)))
    places = [{name: number for number, name in enumerate(one.cluster.tolist())} for one in units]
    order = [[place[name] for name in names] for place in places]
    arm, draw = units[0].arm[order[0]], units[0].draw[order[0]]
    chance = np.random.default_rng(design.analysis.seed)
    arms = np.repeat(arm[None], design.analysis.draws, axis=0)
    for one in np.unique(draw):
        arms[:, draw == one] = chance.permuted(arms[:, draw == one], axis=1)
    values = np.column_stack([linear_outcome(one)[0][rows] for one, rows in zip(units, order, strict=True)])
    return westfall_young(_t(arm[None], values, draw)[0], _t(arms, values, draw))


def _t(arms: Floats, values: Floats, draw: NDArray[np.str_]) -> Floats:
    """t of the difference of means within strata (allocations, outcomes): arms (allocations, units), values (units, outcomes)."""
    inside = np.column_stack([draw == one for one in np.unique(draw)]).astype(float)
    middle = inside @ (np.linalg.pinv(inside) @ values)
    left, held = values - middle, arms - (np.linalg.pinv(inside) @ arms.T).T @ inside.T
    squares = (held**2).sum(axis=1)[:, None]
    slope = held @ left / squares
    df = len(values) - inside.shape[1] - 1
    rest = (left**2).sum(axis=0)[None] - slope**2 * squares
    found: Floats = slope / np.sqrt(np.maximum(rest, 1e-300) / df / squares)
    return found


def subgroups(design: Design, table: Table, arm: int = 1) -> list[Subgroup]:
    """Every subgroup that was named beforehand: does the effect differ between its levels?"""
    answers = []
    for name in design.analysis.subgroups:
        try:
            answers.append(_subgroup(prepare(design, table, arm=arm, also=(name,)), name))
        except InputError as error:
            answers.append(Subgroup(name, "", (), None, None, None, None, str(error)))
    return answers


def _subgroup(found: Prepared, name: str) -> Subgroup:
    rows = rows_of(found)
    y, scale = linear_outcome(rows)
    labels = rows.strata[name]
    levels = np.unique(labels)
    if len(levels) < 2 or len(levels) > 20:
        raise InputError(said("%(name)s has %(n)s levels; a subgroup has 2 to 20.", name=name, n=len(levels)))
    inside = (labels[:, None] == levels[None]).astype(float)
    effects = Column(tuple(f"effect[{one}]" for one in levels.tolist()), rows.arm[:, None] * inside)
    x = matrix(rows, clusters=rows.wedge, instead=effects)
    if rows.wedge:
        x = np.hstack([x, _beside(x, dummies(name, labels).values)])
    clusters = clustered(rows.cluster.tolist())
    answer = robust(least_squares(x, y, clusters), clusters, "CR2")
    told = []
    for number, level in enumerate(levels.tolist()):
        at = ARM + number
        one = found_of(answer.estimates[at], answer.se[at], answer.df[at], scale, found.level, "CR2")
        told.append(_level(level, int((labels == level).sum()), one))
    differ = np.zeros((len(levels) - 1, x.shape[1]))
    for number in range(1, len(levels)):
        differ[number - 1, [ARM, ARM + number]] = (-1.0, 1.0)
    joint = answer.test(differ)
    return Subgroup(name, scale, tuple(told), joint.statistic, joint.df1, joint.df2, joint.p, "")


def _beside(x: Floats, more: Floats) -> Floats:
    """Columns that are not already made of those of x."""
    kept = [more[:, [one]] for one in range(more.shape[1]) if _new(x, more[:, one])]
    return np.hstack(kept) if kept else np.empty((len(x), 0))


def _new(x: Floats, column: Floats) -> bool:
    left = column - x @ np.linalg.lstsq(x, column, rcond=None)[0]
    return bool(np.linalg.norm(left) > 1e-8 * max(1.0, float(np.linalg.norm(column))))


def _level(name: str, rows: int, one: Found) -> Level:
    return Level(name, rows, one.estimate, one.se, one.df, one.p, one.low, one.high)


def per_protocol(found: Prepared) -> Row | Failed:
    """Those of the arm who took the offer up beside those of the comparator who did not: no longer as the lot left them."""
    method = usual(found)
    try:
        if found.received is None or np.isnan(found.received).any():
            raise InputError(said("Who took the offer up is not known for every row."))
        rows = np.flatnonzero((found.received >= 0.5) == (found.arm == 1))
        kept = taken(found, rows)
        if len(np.unique(kept.arm)) < 2:
            raise InputError(said("Nobody in one of the arms kept to the protocol."))
        if found.design.design.kind != INDIVIDUAL and len(np.unique(kept.cluster)) < 4:
            raise InputError(said("Fewer than four clusters kept to the protocol."))
        return panel.line(kept, method, panel.one(kept, method), False)
    except InputError as error:
        return Failed(method, str(error), False)
