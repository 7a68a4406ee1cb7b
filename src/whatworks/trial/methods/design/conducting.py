"""What the sections on running a trial may not say: names that come twice, days that are none, a rule without its number."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.design.conduct import SHARE_OF
from whatworks.trial.methods.design.parts import WEDGE, Design


def refuse_conduct(design: Design) -> None:
    """Raise InputError for a contradiction in how the trial is to be run."""
    _targets(design)
    _compliance(design)
    _once("pilot", (one.name for one in design.pilot))
    if design.allocation.concealed and design.design.kind == WEDGE:
        raise InputError(
            said("In a stepped wedge clusters change over in view of all; leave concealed out of [allocation].")
        )


def _targets(design: Design) -> None:
    before: dict[str, tuple[str, int]] = {}
    for one in design.target:
        try:
            datetime.date.fromisoformat(one.on)
        except ValueError as error:
            raise InputError(said("[[target]] on is “%(on)s”; write a day as 2026-01-31.", on=one.on)) from error
        day, units = before.get(one.stage, ("", 0))
        if one.on <= day or one.units < units:
            raise InputError(
                said(
                    "[[target]] %(on)s: days and units of a stage must rise; they are counted all together.", on=one.on
                )
            )
        before[one.stage] = one.on, one.units


def _compliance(design: Design) -> None:
    told = design.compliance
    _once("component", (one.measure for one in design.component))
    if design.component and (told.measure or told.enough is not None):
        raise InputError(
            said("[compliance] gives a measure and there are [[component]]s too; write all of them as components.")
        )
    if (told.rule == SHARE_OF) != (told.share is not None):
        raise InputError(said("[compliance] share is the number that rule = “share” needs, and no other rule has one."))
    if not told.variable:
        return
    if not design.component and not (told.measure and told.enough is not None):
        raise InputError(
            said("[compliance] names the variable “%(name)s” and no rule: give measure and enough, or a [[component]].", name=told.variable)
        )  # fmt: skip
    if design.analysis.received and design.analysis.received != told.variable:
        raise InputError(
            said("[analysis] received is “%(one)s” and [compliance] variable “%(other)s”; they are one thing, so give one name.",
                 one=design.analysis.received, other=told.variable)
        )  # fmt: skip


def _once(section: str, names: Iterable[str]) -> None:
    held: set[str] = set()
    for name in names:
        if name in held:
            raise InputError(
                said("[[%(section)s]] “%(name)s” is there twice; give each its own name.", section=section, name=name)
            )
        held.add(name)
