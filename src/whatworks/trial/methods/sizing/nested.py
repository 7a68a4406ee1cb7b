"""People drawn one by one, of whom only those in the second arm are in groups, such as those of a course: partly nested."""

from __future__ import annotations

import math

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.design.parts import SURVIVAL, Design
from whatworks.trial.methods.sizing.assuming import allocated, compared, needed, variances
from whatworks.trial.methods.sizing.formulae import Errors, Formula
from whatworks.trial.methods.sizing.making import made

ROBERTS = "Roberts and Roberts (2005), doi 10.1191/1740774505cn076oa"


def partly_in_groups(design: Design) -> Formula:
    """Means of groups against people, each side with a variance of its own (Satterthwaite's degrees of freedom).

    As many people in each group as the number of groups that the design gives leaves. Raises InputError for a time to event, or
    fewer than two groups.
    """
    size, groups = design.size, needed(design, "groups")
    if design.design.outcome == SURVIVAL:
        raise InputError(
            said(
                "A time to event where one arm is in groups has no closed form here; ask for its power with --simulate."
            )
        )
    if groups < 2:
        raise InputError(
            said("[size] groups is %(n)s; one group cannot be told from the offer, so give 2 or more.", n=groups)
        )

    def parts(units: float, effect: float) -> tuple[float, float]:
        share, (one, other) = allocated(design), variances(design, effect)
        count = units * compared(design)
        usual, treated = count * (1 - share), count * share
        alike = other * size.icc_groups / groups
        return one * (1 - size.r2_1) / usual, alike + other * (1 - size.icc_groups) * (1 - size.r2_1) / treated

    def se(units: float, effect: float) -> Errors:
        found = math.sqrt(sum(parts(units, effect)))
        return found, found

    def df(units: float) -> float:
        usual, treated = parts(units, design.size.effect or 0.0)
        people = units * compared(design) * (1 - allocated(design))
        return (usual + treated) ** 2 / (usual**2 / (people - 1) + treated**2 / (groups - 1))

    name = said("people of whom one arm is in groups (partly nested), t with Satterthwaite's degrees of freedom")
    return made(design, name, ROBERTS, se, lost=3, kept=1 - size.attrition, df=df)
