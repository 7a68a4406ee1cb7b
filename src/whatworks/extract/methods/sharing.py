"""Several groups against one comparison group: share its people out, or keep them and say how the effects hang together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from whatworks.errors import InputError
from whatworks.extract.methods.effect import Floats
from whatworks.saying import said

GLESER_OLKIN = "Gleser and Olkin (2009), The Handbook of Research Synthesis and Meta-Analysis, 2nd ed., 357-376"


def split_shared(numbers: Mapping[str, float], comparisons: int) -> dict[str, float]:
    """A comparison group's numbers shared out equally among the comparisons that use it.

    numbers: events, people, time at risk or the mean and standard deviation of the group, by name. Counts (names that
    start with `events`, `n`, `time` or `clusters`) are divided; means and standard deviations stay. comparisons: at
    least 1. Counts need not stay whole. Source: Cochrane Handbook 23.3.4. Raises InputError for no comparison, or
    where fewer than two people would be left in a share.
    """
    if comparisons < 1:
        raise InputError(
            said(
                "A comparison group is shared by %(comparisons)s comparisons; it takes at least 1.",
                comparisons=comparisons,
            )
        )
    shared = {
        name: value / comparisons if name.startswith(("events", "n", "time", "clusters")) else value
        for name, value in numbers.items()
    }
    for name, value in shared.items():
        if name.startswith("n") and value < 2:
            raise InputError(
                said(
                    "Shared out among %(comparisons)s comparisons, the group of %(numbers)s leaves fewer than two "
                    "people each; model the shared group instead (shared_control_covariance).",
                    comparisons=comparisons,
                    numbers=f"{numbers[name]:g}",
                )
            )
    return shared


def _risk_parts(inputs: Mapping[str, Any]) -> tuple[Floats, Floats]:
    return np.asarray(inputs["events2"], dtype=float), np.asarray(inputs["n2"], dtype=float)


def _odds_ratio(_: Floats, inputs: Mapping[str, Any]) -> Floats:
    c, n = _risk_parts(inputs)
    return np.asarray(1 / c + 1 / (n - c))


def _risk_ratio(_: Floats, inputs: Mapping[str, Any]) -> Floats:
    c, n = _risk_parts(inputs)
    return np.asarray(1 / c - 1 / n)


def _risk_difference(_: Floats, inputs: Mapping[str, Any]) -> Floats:
    c, n = _risk_parts(inputs)
    return np.asarray(c / n * (1 - c / n) / n)


def _arcsine(_: Floats, inputs: Mapping[str, Any]) -> Floats:
    return np.asarray(1 / (4 * np.asarray(inputs["n2"], dtype=float)))


def _rate_ratio(_: Floats, inputs: Mapping[str, Any]) -> Floats:
    return np.asarray(1 / np.asarray(inputs["events2"], dtype=float))


def _mean_difference(_: Floats, inputs: Mapping[str, Any]) -> Floats:
    return np.asarray(np.asarray(inputs["sd2"], dtype=float) ** 2 / np.asarray(inputs["n2"], dtype=float))


def _ratio_of_means(yi: Floats, inputs: Mapping[str, Any]) -> Floats:
    return np.asarray(_mean_difference(yi, inputs) / np.asarray(inputs["mean2"], dtype=float) ** 2)


def _standardised(yi: Floats, inputs: Mapping[str, Any]) -> Floats:
    total = float(inputs["n2"]) + float(np.sum(np.asarray(inputs["n1"], dtype=float)))
    return np.asarray(1 / float(inputs["n2"]) + np.outer(yi, yi) / (2 * total))


SHARED: dict[str, tuple[Callable[[Floats, Mapping[str, Any]], Floats], tuple[str, ...]]] = {
    "OR": (_odds_ratio, ("events2", "n2")),
    "RR": (_risk_ratio, ("events2", "n2")),
    "RD": (_risk_difference, ("events2", "n2")),
    "AS": (_arcsine, ("n2",)),
    "IRR": (_rate_ratio, ("events2",)),
    "MD": (_mean_difference, ("sd2", "n2")),
    "ROM": (_ratio_of_means, ("mean2", "sd2", "n2")),
    "SMD": (_standardised, ("n1", "n2")),
    "D": (_standardised, ("n1", "n2")),
}


def shared_control_covariance(metric: str, yi: ArrayLike, vi: ArrayLike, **inputs: Any) -> Floats:
    """The covariance matrix of effects that share one comparison group (shape k by k, vi on its diagonal).

    metric: `OR RR RD AS IRR MD ROM SMD D`. yi, vi: the k effects and variances on the analysis scale. inputs: the shared
    group's numbers: events2 and n2 (OR, RR, RD; after any addition for empty cells), n2 (AS), events2 (IRR), sd2 and n2
    (MD), mean2 too (ROM); for SMD and D n2 and n1, the k intervention groups' sizes. The covariance is the variance of
    what they share: 1/c + 1/d (OR), 1/c - 1/n (RR), p (1 - p) / n (RD), 1/(4n) (AS), 1/x (IRR), sd^2/n (MD),
    sd^2/(n m^2) (ROM), 1/n2 + y_i y_j / (2 N) with N all people in the study (SMD). Source: Gleser and Olkin (2009),
    equations 19.3 to 19.19. Raises InputError for another metric, a missing number, or no valid covariance.
    """
    effects, variances = np.asarray(yi, dtype=float), np.asarray(vi, dtype=float)
    if metric not in SHARED:
        raise InputError(
            said(
                "There is no covariance for %(metric)s with a shared group; choose of %(shared)s.",
                metric=metric,
                shared=", ".join(SHARED),
            )
        )
    if effects.ndim != 1 or effects.shape != variances.shape:
        raise InputError(said("The effects and their variances must be two columns of the same length."))
    shared, wanted = SHARED[metric]
    if absent := [name for name in wanted if inputs.get(name) is None]:
        raise InputError(
            said(
                "The covariance of %(metric)s needs %(absent)s of the shared comparison group.",
                metric=metric,
                absent=absent[0],
            )
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = np.broadcast_to(shared(effects, inputs), (effects.size, effects.size)).copy()
    np.fill_diagonal(covariance, variances)
    return checked(covariance)


def checked(covariance: Floats) -> Floats:
    """A covariance matrix that can be one; InputError otherwise, in words."""
    if not np.isfinite(covariance).all():
        raise InputError(
            said("A covariance of these effects is not finite; add to empty cells first, or leave the row out.")
        )
    least = float(np.linalg.eigvalsh(covariance).min()) if covariance.size else 0.0
    if least < -1e-9 * max(float(np.abs(covariance).max(initial=0.0)), 1e-300):
        raise InputError(
            said(
                "These covariances cannot all hold (some mix of the effects would have a variance below 0); check "
                "the numbers of the shared group and the correlations."
            )
        )
    return covariance
