"""The whole answer: the declared comparison, those of further arms, the plan that it followed, and whether that is the one locked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.stats.designs import as_level
from whatworks.stats.results import Result, plain
from whatworks.trial.methods.allocating.listing import NAME
from whatworks.trial.methods.allocating.publishing import digest_of_draw, rows_of
from whatworks.trial.methods.analysing.analysing import Comparison, compare
from whatworks.trial.methods.analysing.blinding import differences, locked, plan_of, scrambled
from whatworks.trial.methods.analysing.observed import observe
from whatworks.trial.methods.analysing.panel_rows import Failed, Row
from whatworks.trial.methods.analysing.table import Drawn, Table
from whatworks.trial.methods.analysing.together import Together, together
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import INDIVIDUAL, WEDGE
from whatworks.trial.methods.design.unlotted import QUASI, refuse_lot


@dataclass(frozen=True, slots=True)
class Lock(Result):
    """Whether the plan is the one that was locked, and what differs, a sentence each. `digest`: of the blind run's answer."""

    same: bool
    digest: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnalysedTrial(Result):
    """A trial's analysis. `comparisons`: each arm against the first, in the order of the design; `blind`: the arms were dealt out anew, so
    that no number means anything; `plan`: what a lock holds; `lock`: None where none was given; `details`: of a design without a lot,
    its series, cells or balance; `together`: several arms tested at once, over the draw's own allocations.
    """

    name: str
    kind: str
    outcome: str
    blind: bool
    comparisons: tuple[Comparison, ...]
    plan: Mapping[str, Any]
    lock: Lock | None
    warnings: tuple[str, ...]
    details: Mapping[str, Any] | None = None
    together: Together | None = None

    @property
    def panel(self) -> tuple[Row, ...]:
        """The lines of the first comparison."""
        return self.comparisons[0].panel

    @property
    def failed(self) -> tuple[Failed, ...]:
        """What could not be fitted in the first comparison."""
        return self.comparisons[0].failed

    @property
    def declared(self) -> Row | None:
        """The line that decides, where it could be fitted."""
        return self.comparisons[0].declared

    @property
    def icc(self) -> float | None:
        """The correlation of people of one cluster."""
        return self.comparisons[0].icc

    @property
    def variance(self) -> dict[str, float]:
        """The variances of the outcome's own mixed model."""
        return self.comparisons[0].variance

    def to_dict(self) -> dict[str, Any]:
        """Plain data: the first comparison's keys at the top, further arms under `further`; `digest` is of all the rest."""
        first, *further = (plain(one) for one in self.comparisons)
        found: dict[str, Any] = {
            "name": self.name, "kind": self.kind, "outcome": self.outcome, "blind": self.blind, **first,
            "warnings": [str(one) for one in self.warnings], "further": further, "plan": plain(self.plan),
        }  # fmt: skip
        for name in ("details", "together"):
            if (value := getattr(self, name)) is not None:
                found[name] = plain(value)
        found |= {"digest": locked(found), "lock": plain(self.lock)}
        return found


def answer(
    design: Design, text: str, table: Table, version: str, *, blind: bool = False, lock: Mapping[str, Any] | None = None,
    allocation: Mapping[str, Any] | None = None,
) -> AnalysedTrial:  # fmt: skip
    """Analyse columns by name as the design (its `text` too) declares. `lock`: a blind run's answer; `allocation`: the published draw.

    Raises InputError for data that the design cannot be about, or that are not of the allocation.
    """
    plan = plan_of(design, text, table, version)
    if design.design.kind in QUASI:
        return _observed(design, table, plan, blind, lock, allocation)
    drawn, warnings = None, list[Said]()
    if allocation is not None:
        drawn = _drawn(design, table, allocation)
        if allocation["design"]["digest"] != plan["digest"]:
            warnings.append(said("The allocation was drawn under another text of the design."))
    if blind:
        design = dataclasses.replace(design, analysis=dataclasses.replace(design.analysis, received=""))
        table = scrambled(design, table, plan)
        warnings.append(said("BLIND: the arms were dealt out anew, so that no number here is about the offer."))
    arms = range(1, len(design.arms))
    found = tuple(compare(design, table, arm=arm, drawn=drawn, blind=blind) for arm in arms)
    at_once, sentences = _together(design, table, drawn)
    warnings += sentences
    held = None if lock is None else _held(lock, plan)
    return AnalysedTrial(
        design.design.name,
        design.design.kind,
        design.design.outcome,
        blind,
        found,
        plan,
        held,
        (*warnings, *found[0].warnings),
        None,
        at_once,
    )


def _together(design: Design, table: Table, drawn: Drawn | None) -> tuple[Together | None, list[Said]]:
    """Several arms at once, and what is said of them; nothing with two arms."""
    if len(design.arms) < 3:
        return None, []
    told = [
        said(
            "There are several arms: each is compared with the first, and p-values of the panel are not corrected for that."
        )
    ]
    try:
        return together(design, table, drawn), told
    except InputError as error:
        reason = error.args[0]
        return None, [*told, said("The arms were not tested all at once: %(reason)s", reason=reason)]


def _observed(
    design: Design, table: Table, plan: Mapping[str, Any], blind: bool, lock: Mapping[str, Any] | None,
    allocation: Mapping[str, Any] | None,
) -> AnalysedTrial:  # fmt: skip
    """The same answer for a design without a lot: one comparison, and the details that it rests on."""
    if allocation is not None:
        refuse_lot(design.design.kind, said("there is no allocation to compare the data with"))
    found = observe(design, table, blind=blind)
    one = Comparison(
        found.arms,
        found.panel,
        found.failed,
        found.groups,
        None,
        None,
        {},
        None,
        (),
        (),
        (),
        None,
        None,
        found.warnings,
    )
    warnings = (
        [said("BLIND: the outcome was not read; this shows whom the plan matches, and how alike they are.")]
        if blind
        else []
    )
    held = None if lock is None else _held(lock, plan)
    about = design.design
    return AnalysedTrial(
        about.name, about.kind, about.outcome, blind, (one,), plan, held, (*warnings, *found.warnings), found.details
    )


def _held(lock: Mapping[str, Any], plan: Mapping[str, Any]) -> Lock:
    found = differences(lock["plan"], plain(plan))
    return Lock(not found, lock["digest"], tuple(str(one) for one in found))


def _drawn(design: Design, table: Table, allocation: Mapping[str, Any]) -> Drawn:
    """The list of a published draw. Raises InputError where it was changed, or the data have other units or arms."""
    try:
        units, arms, right = rows_of(allocation), dict(allocation["allocation"]), digest_of_draw(allocation)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(said("The allocation is not a file that `whatworks trial allocate` wrote.")) from error
    if right != allocation.get("digest"):
        raise InputError(said("The allocation was changed after the draw; run `whatworks trial replay` on it."))
    told = design.analysis
    alone = design.design.kind == INDIVIDUAL
    column = NAME if alone else told.cluster
    for name in (column, told.arm):
        if name in table:
            continue
        raise InputError(
            said("The data have no column “%(name)s”, by which rows are found in the allocation; their columns are %(all)s.",
                 name=name, all=", ".join(table))
        )  # fmt: skip
    if alone and len({as_level(one) for one in table[column]}) < len(table[column]):
        raise InputError(said("A unit has several rows; people who were drawn one by one have one row each."))
    names = [arm.name for arm in design.arms]
    for row, (unit, arm) in enumerate(zip(table.get(column, ()), table.get(told.arm, ()), strict=True), 1):
        name, given = as_level(unit), as_level(arm)
        if name not in arms:
            raise InputError(said("Row %(row)s is of %(unit)s, which was not drawn.", row=row, unit=name))
        given = names[int(given)] if given.isdigit() and given not in names and int(given) < len(names) else given
        if design.design.kind != WEDGE and arms[name] != given:
            raise InputError(
                said(
                    "Row %(row)s has %(unit)s in “%(given)s”, and it was drawn to “%(drawn)s”: analyse as drawn, and write what was "
                    "had under [analysis] received.",
                    row=row, unit=name, given=given, drawn=arms[name],
                )
            )  # fmt: skip
    return Drawn(tuple(units), allocation)
