"""What the rows of a trial cannot hold, each in a sentence: values that no outcome has, arms without rows, clusters in two arms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.design.parts import BINARY, BLOCKED, CLUSTER, COUNT, PAIRS

if TYPE_CHECKING:
    from whatworks.trial.methods.analysing.table import Floats, Prepared


def refuse_values(found: Prepared, column: str) -> None:
    """InputError for an outcome that cannot be, a share above all, or no time at risk."""
    y = found.y[~np.isnan(found.y)]
    if found.outcome == BINARY and found.trials is None and not np.isin(y, (0.0, 1.0)).all():
        bad = y[~np.isin(y, (0.0, 1.0))][0]
        raise InputError(
            said(
                "%(column)s holds %(bad)s; a yes-or-no outcome is 0 or 1, or a number of people with [analysis] trials.",
                column=column,
                bad=f"{bad:g}",
            )
        )
    if found.outcome in (BINARY, COUNT) and ((y < 0).any() or (y != np.round(y)).any()):
        bad = y[(y < 0) | (y != np.round(y))][0]
        raise InputError(
            said("%(column)s holds %(bad)s; a count is a whole number of 0 or more.", column=column, bad=f"{bad:g}")
        )
    if found.trials is not None:
        _refuse_trials(y, found.trials[~np.isnan(found.y)], column)
    if found.time is not None and (found.time <= 0).any():
        raise InputError(said("A time at risk is nought or less; leave out such rows, or correct them."))


def _refuse_trials(y: Floats, trials: Floats, column: str) -> None:
    wrong = (trials < 1) | (trials != np.round(trials))
    if wrong.any():
        raise InputError(
            said("A row counts %(bad)s people; it must be a whole number of 1 or more.", bad=f"{trials[wrong][0]:g}")
        )
    if (y > trials).any():
        raise InputError(said("A row of %(column)s counts more than the people in it; mend the row.", column=column))


def refuse_layout(found: Prepared) -> None:
    """InputError where an arm is empty, or a cluster is in two arms or two strata."""
    for number, name in enumerate(found.arms):
        if not (found.arm == number).any():
            raise InputError(
                said("No row with a value is in the arm “%(name)s”; there is nothing to compare.", name=name)
            )
    if found.design.design.kind not in (CLUSTER, BLOCKED, PAIRS):
        return
    arms: dict[str, float] = {}
    strata: dict[str, str] = {}
    for cluster, arm, stratum in zip(found.cluster.tolist(), found.arm.tolist(), found.draw.tolist(), strict=True):
        if arms.setdefault(cluster, arm) != arm:
            raise InputError(
                said(
                    "Cluster %(cluster)s is in two arms; a cluster is drawn as a whole, so correct its rows.",
                    cluster=cluster,
                )
            )
        if strata.setdefault(cluster, stratum) != stratum:
            raise InputError(
                said("Cluster %(cluster)s is in two strata of the draw; correct its rows.", cluster=cluster)
            )
