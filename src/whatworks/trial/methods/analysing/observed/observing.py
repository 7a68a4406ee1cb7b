"""One door for designs without a lot: which of them it is, and what holds for all of them."""

from __future__ import annotations

import dataclasses

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.analysing.observed.found import Observed
from whatworks.trial.methods.analysing.observed.matched import matched
from whatworks.trial.methods.analysing.observed.places import places
from whatworks.trial.methods.analysing.observed.series import series
from whatworks.trial.methods.analysing.table import Table
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.unlotted import DIFFERENCES, MATCHED, SERIES

RESTS = {
    SERIES: said("Nothing was drawn by lot: this supposes that the trend would have gone on, and that nothing else began at that time."),
    DIFFERENCES: said("Nothing was drawn by lot: this supposes that places would have moved alike without it."),
    MATCHED: said("Nothing was drawn by lot: this supposes that those matched are alike in all that matters, seen or not."),
}  # fmt: skip


def observe(design: Design, table: Table, *, blind: bool = False) -> Observed:
    """Every analysis of a design without a lot. `blind` (matching only): match, show the balance, and leave the outcome unread.

    Raises InputError for data that the design cannot be about, and for columns that such a design does not use.
    """
    kind = design.design.kind
    _refuse_unused(design)
    if blind and kind != MATCHED:
        raise InputError(said("Nothing was drawn that could be dealt out anew; leave --blind out."))
    if kind == SERIES:
        found = series(design, table)
    else:
        found = places(design, table) if kind == DIFFERENCES else matched(design, table, blind=blind)
    return dataclasses.replace(found, warnings=(RESTS[kind], *found.warnings))


def _refuse_unused(design: Design) -> None:
    told, kind = design.analysis, design.design.kind
    given = {
        "random": told.random, "received": told.received, "secondary": told.secondary, "subgroups": told.subgroups,
        "strata": told.strata, "covariates": () if kind == MATCHED else told.covariates,
    }  # fmt: skip
    for name, value in given.items():
        if value:
            raise InputError(
                said("[analysis] %(name)s is not used in a design “%(kind)s”; leave it out.", name=name, kind=kind)
            )
