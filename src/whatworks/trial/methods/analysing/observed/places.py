"""Differences in differences as the design declares: places over times, some of which begin, at one time or at several."""

from __future__ import annotations

import dataclasses
import math
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.trial.methods.analysing import panel
from whatworks.trial.methods.analysing.grouping import groups
from whatworks.trial.methods.analysing.layout import collapsed, linear_outcome
from whatworks.trial.methods.analysing.observed.found import Methods, Observed, declared_said, run
from whatworks.trial.methods.analysing.panel_rows import Found
from whatworks.trial.methods.analysing.table import Floats, Labels, Prepared, Table, missing_said, prepare
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import WEDGE
from whatworks.trial.methods.quasi.differences import Effect, two_way
from whatworks.trial.methods.quasi.staggered import GroupTimes, group_times

TOO_EARLY = 0.05


class _Places(NamedTuple):
    """One row for each place at each time."""

    found: Prepared
    y: Floats
    scale: str
    time: Floats
    began: Floats  # when the row's place began; infinity for never
    within: Labels | None

    @property
    def beginnings(self) -> list[float]:
        """The times at which places began."""
        return sorted({float(one) for one in self.began if math.isfinite(one)})


def places(design: Design, table: Table) -> Observed:
    """One effect for all by group and time, by its three means, and by fixed effects of places and times."""
    told = _read(design, table)
    level = 1 - design.design.alpha
    times, reason = _times(told, design.quasi.against, level)
    methods: Methods = {
        name: partial(_of_cells, times, reason, name, told.scale)
        for name in ("did-group-time", "did-by-group", "did-by-exposure")
    } | {"twfe-cr2": partial(_fixed, told, level)}
    apart = told.found if told.within is None else dataclasses.replace(told.found, cluster=told.within)
    rows, failed = run(design, methods, partial(panel.line, apart))
    warnings = [*missing_said(told.found), *declared_said(design, failed), *(times.warnings if times else ())]
    if times is not None:
        warnings += _before(times)
    details = {"staggered": len(told.beginnings) > 1, "began": told.beginnings, **(_details(times) if times else {})}
    return Observed(told.found.arms, rows, failed, groups(told.found), details, tuple(warnings))


def _read(design: Design, table: Table) -> _Places:
    """Means (or sums) for each place at each time. Raises InputError where a place ends what it began, or has both at one time."""
    laid = dataclasses.replace(design, design=dataclasses.replace(design.design, kind=WEDGE))
    within = design.quasi.within
    every = prepare(laid, table, also=(within,) if within else ())
    found = collapsed(every)
    assert found.period is not None and every.period is not None
    arms = {
        (one, at): arm
        for one, at, arm in zip(found.cluster.tolist(), found.period.tolist(), found.arm.tolist(), strict=True)
    }
    for one, at, arm in zip(every.cluster.tolist(), every.period.tolist(), every.arm.tolist(), strict=True):
        if arms[one, at] != arm:
            raise InputError(
                said("%(place)s is in both arms at %(time)s; a place has begun or not.", place=one, time=f"{at:g}")
            )
    y, scale = linear_outcome(found)
    began = np.full(found.n, math.inf)
    for place in np.unique(found.cluster):
        mine = found.cluster == place
        on = found.period[mine & (found.arm == 1)]
        if not len(on):
            continue
        began[mine] = on.min()
        if (found.arm[mine & (found.period >= on.min())] == 0).any():
            raise InputError(
                said("%(place)s ends what it had begun, which differences in differences do not take; leave out its rows after the end.",
                     place=place)
            )  # fmt: skip
    return _Places(found, y, scale, found.period, began, found.strata[within] if within else None)


def _times(told: _Places, against: str, level: float) -> tuple[GroupTimes | None, Said | str]:
    try:
        return group_times(
            told.y, told.found.cluster, told.time, told.began, against=against, cluster=told.within, level=level
        ), ""
    except InputError as error:
        return None, error.args[0]


def _of_cells(times: GroupTimes | None, reason: Said | str, name: str, scale: str) -> Found:
    """One of the means of cells. Raises InputError where there are none."""
    if times is None:
        raise InputError(reason)
    effect, model = {
        "did-group-time": (times.overall, "cells by their units"),
        "did-by-group": (times.over_groups, "mean of groups"),
        "did-by-exposure": (times.over_exposure, "mean over time since it began"),
    }[name]
    if not effect.se > 0 or not math.isfinite(effect.p):
        raise InputError(said("The places of a group do not differ, so that chance cannot be seen."))
    return Found(effect.estimate, effect.se, None, effect.p, effect.low, effect.high, scale, "z", model)


def _fixed(told: _Places, level: float) -> Found:
    """Fixed effects of places and times, with what is wrong with them where places began at different times."""
    effect = two_way(told.y, told.found.cluster, told.time, told.found.arm, cluster=told.within, level=level)
    notes = []
    if len(told.beginnings) > 1:
        notes.append(
            said("Places began at %(n)s different times, so that those that began early serve as comparison for those that began later: "
                 "where effects grow or differ, this is no mean of them (Goodman-Bacon 2021). Read did-group-time.", n=len(told.beginnings))
        )  # fmt: skip
    return Found(
        effect.estimate, effect.se, effect.df, effect.p, effect.low, effect.high, told.scale, "t", "places and times, CR2", tuple(notes)
    )  # fmt: skip


def _before(times: GroupTimes) -> list[Said]:
    """Whether places moved alike before any began, as far as that can be seen."""
    early = [(since, effect) for since, effect in times.by_exposure if since < 0]
    if not early:
        return [said("There is only one time before places began, so that nothing shows whether they moved alike.")]
    apart = [since for since, effect in early if effect.p < TOO_EARLY / len(early)]
    if not apart:
        return []
    return [
        said("Places moved apart before they began (%(when)s times before), so that they may have done so afterwards by themselves.",
             when=", ".join(f"{-since:g}" for since in apart))
    ]  # fmt: skip


def _details(times: GroupTimes) -> dict[str, Any]:
    return {
        "cells": [
            {"group": one.group, "time": one.time, "before": one.before} | _numbers(one.effect) for one in times.cells
        ],
        "by_group": [{"group": group} | _numbers(effect) for group, effect in times.by_group],
        "by_exposure": [{"since": since} | _numbers(effect) for since, effect in times.by_exposure],
    }


def _numbers(effect: Effect) -> dict[str, float | None]:
    p = effect.p if math.isfinite(effect.p) else None
    return {"estimate": effect.estimate, "se": effect.se, "p": p, "ci_low": effect.low, "ci_high": effect.high}
