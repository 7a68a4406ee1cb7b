"""From the arms of studies to contrasts, by the formulas of the room that extracts.

A half is added to all arms of a study, never to some, and a standardised difference uses the spread of all arms, so that
the effects of a multi-arm study do not contradict each other.
Source for several arms: Crippa and Orsini (2016), BMC Medical Research Methodology 16, 91, equations 4 and 5 (with two
arms the same as Hedges' g); the rest is separable by arms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from whatworks.errors import InputError
from whatworks.extract.methods.effects import measure as compute
from whatworks.extract.methods.means import small_sample_factor
from whatworks.saying import said
from whatworks.synthesise.methods.network.evidence import Contrast, Evidence, assemble, whole
from whatworks.synthesise.methods.weighing import Floats

COUNTS, RATES, MEANS = ("xi", "ni"), ("xi", "ti"), ("mi", "sdi", "ni")
COLUMNS = {
    "OR": COUNTS, "RR": COUNTS, "RD": COUNTS, "AS": COUNTS, "IRR": RATES, "IRD": RATES, "MD": MEANS, "SMD": MEANS,
    "ROM": MEANS,
}  # fmt: skip
PAIRED = {
    COUNTS: (("ai", "n1i"), ("ci", "n2i")),
    RATES: (("x1i", "t1i"), ("x2i", "t2i")),
    MEANS: (("m1i", "sd1i", "n1i"), ("m2i", "sd2i", "n2i")),
}
EMPTY = ("OR", "RR", "IRR")  # a study in which nothing, or everything, happened says nothing on a ratio
NEEDS_ADDITION = ("OR", "RR", "RD", "IRR", "IRD")


class Read(NamedTuple):
    """Evidence with what else was read: the measure, people by treatment, and sentences on what was left out."""

    evidence: Evidence
    metric: str | None
    people: Mapping[str, float]
    notes: tuple[str, ...]


class _Arms(NamedTuple):
    """The arms of all studies: for each row its study and treatment; rows of each study; the numbers by column."""

    studies: list[str]
    treatments: list[str]
    rows: dict[str, list[int]]
    columns: dict[str, Floats]


def columns_of(measure: str | None) -> tuple[str, ...]:
    """The columns of arms that a measure is computed from; InputError when there is no such measure here."""
    if measure not in COLUMNS:
        raise InputError(
            said(
                "A network from arms needs a measure among %(columns)s, not %(measure)s.",
                columns=", ".join(COLUMNS),
                measure=measure,
            )
        )
    return COLUMNS[measure]


def from_arms(
    study: Sequence[Any],
    treatment: Sequence[Any],
    measure: str | None,
    arms: Mapping[str, Sequence[float]] | None,
    *,
    zero: str,
    keep_empty: bool,
) -> Read:
    """Evidence from one row per arm. InputError names the row, column or study at fault."""
    columns_of(measure)
    code = str(measure)
    if zero not in ("only0", "all", "none"):
        raise InputError(said("zero must be only0, all or none, not %(zero)r.", zero=zero))
    table = _read(study, treatment, code, arms or {})
    people = _people(table)
    notes = _leave_out(table, code, keep_empty)
    if code in NEEDS_ADDITION:
        _add_halves(table, code, zero)
    contrasts = _standardised(table) if code == "SMD" else _paired(table, code)
    names = tuple(sorted({table.treatments[row] for rows in table.rows.values() for row in rows}))
    return Read(assemble(names, _placed(names, contrasts)), code, people, notes)


def _read(study: Sequence[Any], treatment: Sequence[Any], measure: str, arms: Mapping[str, Sequence[float]]) -> _Arms:
    studies, treatments = [whole(one) for one in study], [whole(one) for one in treatment]
    columns = {}
    for name in COLUMNS[measure]:
        if name not in arms:
            raise InputError(
                said(
                    "%(measure)s needs the columns %(columns)s of arms; %(name)s is absent.",
                    measure=measure,
                    columns=" ".join(COLUMNS[measure]),
                    name=name,
                )
            )
        columns[name] = _column(name, arms[name])
    if len({len(studies), len(treatments), *(column.size for column in columns.values())}) > 1:
        raise InputError(said("Studies, treatments and the columns of arms must be equally long."))
    rows: dict[str, list[int]] = {}
    for row, (name, what) in enumerate(zip(studies, treatments, strict=True)):
        if not name or not what:
            raise InputError(
                said("Row %(row)s has no study or no treatment; give its name or leave the row out.", row=row + 1)
            )
        if any(treatments[other] == what for other in rows.get(name, [])):
            raise InputError(
                said(
                    "Study %(name)s has two arms called %(what)s; merge them into one, or name them apart.",
                    name=name,
                    what=what,
                )
            )
        rows.setdefault(name, []).append(row)
    return _Arms(studies, treatments, rows, columns)


def _column(name: str, given: Sequence[float]) -> Floats:
    try:
        column = np.array([np.nan if one is None else one for one in given], dtype=float)
    except (TypeError, ValueError):
        raise InputError(
            said("The column %(name)s must hold numbers; leave out arms where one is missing.", name=name)
        ) from None
    if (lost := np.flatnonzero(~np.isfinite(column))).size:
        raise InputError(
            said(
                "%(name)s in row %(lost)s is missing or infinite; give a number or leave the arm out.",
                name=name,
                lost=lost[0] + 1,
            )
        )
    if (
        name in ("ni", "ti", "xi", "sdi")
        and (bad := np.flatnonzero((column < 0) | ((column == 0) & (name in "ni ti")))).size
    ):
        raise InputError(
            said(
                "%(name)s in row %(bad)s is %(column)s; correct it or leave the arm out.",
                name=name,
                bad=bad[0] + 1,
                column=f"{column[bad[0]]:g}",
            )
        )
    return column


def _people(table: _Arms) -> dict[str, float]:
    """People in the arms of each treatment; nothing for person-time."""
    found: dict[str, float] = {}
    for what, n in zip(table.treatments, table.columns.get("ni", np.empty(0)).tolist(), strict=False):
        found[what] = found.get(what, 0.0) + n
    return found


def _leave_out(table: _Arms, measure: str, keep_empty: bool) -> tuple[str, ...]:
    """Take out studies that compare nothing, and say so."""
    single = [name for name, rows in table.rows.items() if len(rows) < 2]
    empty = [name for name, rows in table.rows.items() if name not in single and _says_nothing(table, rows, measure)]
    for name in single if keep_empty else (*single, *empty):
        del table.rows[name]
    notes = []
    if single:
        notes.append(f"Left out, because only one treatment of theirs is here: {', '.join(single)}.")
    if empty and not keep_empty:
        notes.append(f"Left out, because the outcome happened to nobody, or to everybody, in them: {', '.join(empty)}.")
    here = {table.treatments[row] for rows in table.rows.values() for row in rows}
    if gone := sorted(set(table.treatments) - here):
        notes.append(f"No study is left of: {', '.join(gone)}.")
    if not table.rows:
        raise InputError(said("No study compares two treatments; check the columns of studies and treatments."))
    return tuple(notes)


def _says_nothing(table: _Arms, rows: list[int], measure: str) -> bool:
    if measure not in EMPTY:
        return False
    events = table.columns["xi"][rows]
    return bool((events == 0).all() or ("ni" in table.columns and (events == table.columns["ni"][rows]).all()))


def _add_halves(table: _Arms, measure: str, zero: str) -> None:
    """Add 1/2 to every cell of a study where one of them is empty, or by the rule asked for."""
    events, size = table.columns["xi"], table.columns.get("ni")
    if size is not None and (bad := np.flatnonzero(events > size)).size:
        raise InputError(said("xi in row %(bad)s is above ni; correct it or leave the arm out.", bad=bad[0] + 1))
    for rows in table.rows.values():
        hollow = (events[rows] == 0).any() or (size is not None and (events[rows] == size[rows]).any())
        if zero == "all" or (zero == "only0" and hollow):
            events[rows] += 0.5
            if size is not None:
                size[rows] += 1.0


Rows = list[tuple[str, str, str, float, float]]


def _paired(table: _Arms, measure: str) -> Rows:
    """All contrasts within studies, by the formula for two groups."""
    pairs = [(name, one, other) for name, rows in table.rows.items() for one, other in combinations(rows, 2)]
    first, second = (np.array([pair[end] for pair in pairs]) for end in (1, 2))
    wanted = COLUMNS[measure]
    given: dict[str, Floats] = {}
    for group, rows in zip(PAIRED[wanted], (first, second), strict=True):
        given |= {theirs: table.columns[ours][rows] for theirs, ours in zip(group, wanted, strict=True)}
    found = compute(measure, given, zero="none")
    answer = []
    for (name, one, other), y, v in zip(pairs, found.yi.tolist(), found.vi.tolist(), strict=True):
        if not v > 0:
            raise InputError(
                said(
                    "In study %(name)s no %(measure)s of %(treatments)s and %(treatments_other)s can be computed; "
                    "check the numbers of both arms, or leave one out.",
                    name=name,
                    measure=measure,
                    treatments=table.treatments[one],
                    treatments_other=table.treatments[other],
                )
            )
        answer.append((name, table.treatments[one], table.treatments[other], y, v))
    return answer


def _standardised(table: _Arms) -> Rows:
    """All standardised differences within studies: g = J (m1 - m2) / sp, variance 1/n1 + 1/n2 + g^2 / (2 N), with sp
    and N of all arms, and J on their N - p degrees of freedom."""
    mean, sd, n = (table.columns[name] for name in MEANS)
    answer = []
    for name, rows in table.rows.items():
        total, free = float(n[rows].sum()), float(n[rows].sum() - len(rows))
        spread = float(((n[rows] - 1) * sd[rows] ** 2).sum())
        if free < 2 or spread <= 0:
            raise InputError(
                said("Study %(name)s has too few people or no spread to standardise by; leave it out.", name=name)
            )
        factor = float(small_sample_factor(np.array(free))) / (spread / free) ** 0.5
        for one, other in combinations(rows, 2):
            g = factor * float(mean[one] - mean[other])
            v = float(1 / n[one] + 1 / n[other]) + g * g / (2 * total)
            answer.append((name, table.treatments[one], table.treatments[other], g, v))
    return answer


def _placed(names: tuple[str, ...], contrasts: Rows) -> dict[str, list[Contrast]]:
    place = {name: at for at, name in enumerate(names)}
    found: dict[str, list[Contrast]] = {}
    for study, one, other, y, v in contrasts:
        found.setdefault(study, []).append(Contrast(study, place[one], place[other], y, v))
    return found
