"""The data of a trial as its design names them: read, checked, and cut down to the rows that have what the analysis needs.

Nothing about a person is kept but the numbers that models need and the labels of clusters and strata.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from whatworks.errors import InputError
from whatworks.saying import Said, said, said_of
from whatworks.stats.designs import as_level, is_missing, learn
from whatworks.stats.formula_grammar import parse
from whatworks.trial.methods.allocating.listing import NAME
from whatworks.trial.methods.analysing import varying
from whatworks.trial.methods.analysing.refusing import refuse_layout, refuse_values
from whatworks.trial.methods.analysing.varying import Column, Varying
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import BINARY, BLOCKED, CLUSTER, COUNT, INDIVIDUAL, PAIRS, SURVIVAL, WEDGE

Floats = NDArray[np.float64]
Labels = NDArray[np.str_]
Table = Mapping[str, Sequence[Any]]
IN_CLUSTERS = (CLUSTER, BLOCKED, PAIRS, WEDGE)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The frozen list that was drawn from, a mapping with `unit` for each unit, and the published allocation with its draw."""

    units: tuple[Mapping[str, str], ...]
    published: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """n rows with everything the analysis needs. `arm`: 0 for the comparator, 1 for the other.

    `cluster`: the unit of allocation, or of people where people are drawn, each row's own; `draw`: the stratum of the draw; `strata`:
    labels by column; `random`: further random levels by name; `varying`: those of them, and of clusters, that have slopes; `time`:
    time at risk; `trials`: people in each row; `received`:
    NaN where not known. `given`: rows in the file; `left_out`: by arm, rows without a value that is needed; `lost`: whole clusters.
    `unit`: each row's name in the list, where people are drawn; `listed`: the frozen list that was drawn from, or what the data say
    of it where no list is given; `published`: the allocation.
    """

    design: Design
    outcome: str
    arms: tuple[str, str]
    y: Floats
    arm: Floats
    cluster: Labels
    draw: Labels
    period: Floats | None
    time: Floats | None
    trials: Floats | None
    received: Floats | None
    covariates: Column
    strata: Mapping[str, Labels]
    random: Mapping[str, Labels]
    given: int
    left_out: Mapping[str, int]
    lost: Mapping[str, int]
    listed: tuple[Mapping[str, str], ...] = ()
    published: Mapping[str, Any] | None = None
    varying: tuple[Varying, ...] = ()
    unit: Labels | None = None

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.y)

    @property
    def wedge(self) -> bool:
        """Whether clusters change over from the one arm to the other."""
        return self.design.design.kind == WEDGE

    @property
    def clusters(self) -> int:
        """How many units of allocation there are."""
        return len(np.unique(self.cluster))

    @property
    def alone(self) -> bool:
        """Whether each cluster has one row (in a stepped wedge: one in each period)."""
        keys = (
            self.cluster if self.period is None else np.char.add(np.char.add(self.cluster, "\x1f"), _texts(self.period))
        )
        return len(np.unique(keys)) == self.n

    @property
    def level(self) -> float:
        """The confidence level that goes with the design's test."""
        return 1 - self.design.design.alpha


def table_of(rows: Any) -> dict[str, list[Any]]:
    """Rows (a list of mappings), or columns by name, as columns by name. Raises InputError where there are none."""
    if isinstance(rows, Mapping):
        found = {str(name).strip(): list(cells) for name, cells in rows.items()}
    else:
        listed = list(rows)
        names = list(listed[0]) if listed else []
        found = {str(name).strip(): [row[name] for row in listed] for name in names}
    if not found or not next(iter(found.values())):
        raise InputError(said("The data have no rows; give a header line and one row for each person or cluster."))
    if len({len(cells) for cells in found.values()}) > 1:
        raise InputError(said("The columns of the data are not of one length; give each the same rows."))
    return {name: [cell.strip() if isinstance(cell, str) else cell for cell in cells] for name, cells in found.items()}


def arms_of(design: Design, cells: Sequence[Any]) -> list[int]:
    """The number of each row's arm, by its name or by 0, 1 and so on. Raises InputError for an arm that the design does not have."""
    place = {arm.name: number for number, arm in enumerate(design.arms)}
    place = {str(number): number for number in range(len(design.arms))} | place
    found = []
    for row, cell in enumerate(cells, 1):
        name = "" if is_missing(cell) else as_level(cell)
        name = name.removesuffix(".0") if name not in place else name
        if name not in place:
            arms = ", ".join(arm.name for arm in design.arms)
            raise InputError(
                said(
                    "Row %(row)s has the arm “%(name)s”, and the design has: %(arms)s; correct the row, or the design.",
                    row=row,
                    name=name,
                    arms=arms,
                )
            )
        found.append(place[name])
    return found


def prepare(
    design: Design, table: Table, *, outcome: str = "", kind: str = "", arm: int | None = 1, unknown: bool = False,
    also: Sequence[str] = (), drawn: Drawn | None = None,
) -> Prepared:  # fmt: skip
    """The rows of the comparator and of one other arm (its number in the design), for the primary outcome or another `outcome`.

    `arm` None: all arms, by their numbers; `kind`: what that outcome is, where it is another than the design's; `unknown`: keep rows
    without an outcome, as NaN; `also`: columns that are strata of this analysis besides; `drawn`: the list and the published allocation,
    where they are given. Raises InputError, with the row and the column, for what the data cannot be.
    """
    told, outcome, kind = design.analysis, outcome or design.analysis.outcome, kind or design.design.outcome
    _refuse_kind(design, kind)
    arms = np.array(arms_of(design, _cells(table, told.arm)))
    mine = np.ones(len(arms), bool) if arm is None else (arms == 0) | (arms == arm)
    terms, second = varying.read(told.random), 1 if arm is None else arm
    trials, time = (told.trials or told.offset) if kind == BINARY else "", told.offset if kind == COUNT else ""
    numbers = {name: numbers_of(table, name) for name in (outcome, told.period, time, trials) if name}
    named = (told.cluster, *told.strata, *also, *varying.groups_of(terms), *_drawn(design))
    labels = {name: _labels(table, name) for name in named if name}
    covariates, full = _covariates(table, told.covariates)
    kept = mine & _complete(numbers, labels, full & varying.complete(terms, table), outcome if unknown else "")
    if not kept.any():
        raise InputError(said("No row has a value in every column that the analysis needs; fill in what is missing."))
    received = numbers_of(table, told.received) if told.received else None
    cluster = labels.get(told.cluster, _texts(np.arange(len(arms))))
    strata = {name: labels[name][kept] for name in dict.fromkeys((*told.strata, *also))}
    found = Prepared(
        design, kind, (design.arms[0].name, design.arms[second].name), numbers[outcome][kept],
        arms[kept] * 1.0 if arm is None else (arms[kept] == arm) * 1.0,
        cluster[kept], _stratum(design, labels, kept), _some(numbers, told.period, kept), _some(numbers, time, kept),
        _some(numbers, trials, kept), None if received is None else received[kept],
        Column(covariates.names, covariates.values[kept[full]]), strata, _random(design, terms, labels, kept), int(mine.sum()),
        _left_out(design, arms, mine, kept, second), _lost(design, arms, mine, kept, cluster, second),
        drawn.units if drawn else _listed(design, table, cluster), drawn.published if drawn else None,
        varying.varied(terms, dict(table) | {told.arm: ((arms > 0) * 1.0).tolist()}, labels, kept), _named(design, table, drawn, kept),
    )  # fmt: skip
    refuse_values(found, outcome)
    refuse_layout(found)
    return found


def _random(
    design: Design, terms: Sequence[varying.Term], labels: Mapping[str, Labels], kept: NDArray[np.bool_]
) -> dict[str, Labels]:
    """Levels that differ at random beside the clusters' own."""
    own = (design.analysis.cluster,)
    return {one.name: one.labels(labels)[kept] for one in terms if one.group != own and one.intercept}


def _named(design: Design, table: Table, drawn: Drawn | None, kept: NDArray[np.bool_]) -> Labels | None:
    """Each row's name in the list, where people are drawn and the list is given."""
    return _labels(table, NAME)[kept] if drawn is not None and design.design.kind == INDIVIDUAL else None


def _complete(
    numbers: Mapping[str, Floats], labels: Mapping[str, Labels], full: NDArray[np.bool_], but: str
) -> NDArray[np.bool_]:
    """Which rows have a value everywhere, `but` for one column."""
    found = full.copy()
    for name, values in numbers.items():
        if name != but:
            found &= ~np.isnan(values)
    for texts in labels.values():
        found &= texts != ""
    return found


def _refuse_kind(design: Design, kind: str) -> None:
    if kind == SURVIVAL:
        raise InputError(said("A time to an event is not analysed here yet; compare shares with the event by the end."))
    if design.design.kind in IN_CLUSTERS and not design.analysis.cluster:
        raise InputError(said("[analysis] has no cluster; name the column of what was drawn, such as the school."))
    if design.design.kind == WEDGE and not design.analysis.period:
        raise InputError(said("[analysis] has no period; a stepped wedge needs the column of periods."))


def _drawn(design: Design) -> tuple[str, ...]:
    """The columns of the strata of the draw."""
    if design.allocation.pair:
        return (design.allocation.pair,)
    return design.allocation.strata or design.analysis.strata


def _stratum(design: Design, labels: Mapping[str, Labels], kept: NDArray[np.bool_]) -> Labels:
    found = np.full(int(kept.sum()), "", dtype=object)
    for name in _drawn(design):
        found = found + labels[name][kept] + "\x1f"
    return found.astype(str)


def _listed(design: Design, table: Table, cluster: Labels) -> tuple[Mapping[str, str], ...]:
    """The list as far as the data tell it: for a constrained draw over all allocations, whose order does not matter."""
    way = design.allocation
    if (
        way.method != "constrained"
        or way.sample
        or way.stage
        or not all(one in table for one in (*way.covariates, *way.strata))
    ):
        return ()
    _, first = np.unique(cluster, return_index=True)
    names = (*way.covariates, *way.strata)
    rows = sorted(first.tolist())
    return tuple({"unit": str(cluster[row])} | {name: str(table[name][row]) for name in names} for row in rows)


def _some(columns: Mapping[str, Floats], name: str, kept: NDArray[np.bool_]) -> Floats | None:
    return columns[name][kept] if name else None


def _left_out(
    design: Design, arms: NDArray[Any], mine: NDArray[np.bool_], kept: NDArray[np.bool_], arm: int
) -> dict[str, int]:
    return {design.arms[one].name: int((mine & ~kept & (arms == one)).sum()) for one in (0, arm)}


def _lost(
    design: Design, arms: NDArray[Any], mine: NDArray[np.bool_], kept: NDArray[np.bool_], cluster: Labels, arm: int
) -> dict[str, int]:
    """Clusters of which no row is left, by arm."""
    if design.design.kind not in IN_CLUSTERS:
        return {}
    there = set(cluster[kept].tolist())
    gone = {one: set(cluster[mine & (arms == one)].tolist()) - there - {""} for one in (0, arm)}
    return {design.arms[one].name: len(names) for one, names in gone.items()}


def _cells(table: Table, name: str) -> Sequence[Any]:
    if name not in table:
        raise InputError(
            said("The data have no column “%(name)s”; their columns are %(all)s.", name=name, all=", ".join(table))
        )
    return table[name]


def _labels(table: Table, name: str) -> Labels:
    return np.array(["" if is_missing(cell) else as_level(_number_or(cell)) for cell in _cells(table, name)], dtype=str)


def _number_or(cell: Any) -> Any:
    """A whole number without its point or noughts in front, so that 01, 1 and 1.0 are one label; any other text as it is."""
    if isinstance(cell, str) and cell.replace(".", "", 1).isdigit() and cell.isascii() and not cell.startswith("0"):
        return float(cell)
    return cell


def numbers_of(table: Table, name: str) -> Floats:
    """A column as numbers, NaN where a cell is empty. Raises InputError for a column or a number that is none."""
    found = np.empty(len(_cells(table, name)))
    for row, cell in enumerate(table[name]):
        try:
            found[row] = np.nan if is_missing(cell) else float(cell)
        except (TypeError, ValueError):
            raise _no_number(row, name, cell) from None
        if np.isinf(found[row]):
            raise _no_number(row, name, cell)
    return found


def _no_number(row: int, name: str, cell: Any) -> InputError:
    return InputError(
        said(
            "Row %(row)s of %(name)s is “%(cell)s”, which is not a number; correct it or empty it.",
            row=row + 1,
            name=name,
            cell=cell,
        )
    )


def _covariates(table: Table, asked: Sequence[str]) -> tuple[Column, NDArray[np.bool_]]:
    """The columns that covariates stand for in the rows that have them all, and which rows those are."""
    height = len(next(iter(table.values())))
    formulas = [parse(f"~ {one}") for one in asked]
    full = np.ones(height, bool)
    for formula in formulas:
        for name in formula.columns:
            full &= np.array([not is_missing(cell) for cell in _cells(table, name)])
    names: list[str] = []
    values = [np.empty((int(full.sum()), 0))]
    for formula in formulas if full.any() else ():
        coded = learn(formula, table, full)
        first = int(formula.intercept)
        names += coded.names[first:]
        values.append(coded.matrix(table, full)[:, first:])
    return Column(tuple(names), np.hstack(values)), full


def _texts(values: NDArray[Any]) -> Labels:
    return np.array([as_level(one) for one in values.tolist()], dtype=str)


def missing_said(found: Prepared) -> list[Said]:
    """What was left out for want of values, by arm, and clusters lost altogether."""
    told = []
    if sum(found.left_out.values()):
        parts = ", ".join(f"{name} {number}" for name, number in found.left_out.items())
        told.append(
            said_of(
                sum(found.left_out.values()),
                "%(n)s of %(given)s rows lacks a value and is left out (%(parts)s): these are complete cases.",
                "%(n)s of %(given)s rows lack a value and are left out (%(parts)s): these are complete cases.",
                n=sum(found.left_out.values()),
                given=found.given,
                parts=parts,
            )
        )
    if sum(found.lost.values()):
        parts = ", ".join(f"{name} {number}" for name, number in found.lost.items())
        told.append(said("Whole clusters have no row left (%(parts)s).", parts=parts))
    return told


__all__ = ["INDIVIDUAL", "Column", "Prepared", "arms_of", "missing_said", "numbers_of", "prepare", "table_of"]
