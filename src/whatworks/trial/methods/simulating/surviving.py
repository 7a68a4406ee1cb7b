"""Simulated times to an event, analysed by proportional hazards with one covariate, the arm.

The partial likelihood of Cox (1972, doi 10.1111/j.2517-6161.1972.tb00899.x), stratified where units are drawn within blocks. Of people
it is tested by z; of clusters with the variance of Lin and Wei (1989, doi 10.1080/01621459.1989.10478874), which sums what
the people of a cluster contribute, times G / (G - 2) and by t with G - 2 degrees of freedom, because with few clusters it is too small.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm
from scipy.stats import t as students_t

from whatworks.trial.methods.design.parts import Design
from whatworks.trial.methods.simulating.batched import Tested
from whatworks.trial.methods.simulating.drawing import Drawn
from whatworks.trial.methods.simulating.layout import Floats, Ints, Layout

STEPS, EXACT = 50, 1e-10


@dataclass(frozen=True, slots=True)
class Hazards:
    """The log hazard ratio, the information in the data, and what each person contributes to the score at the estimate (people,)."""

    estimate: float
    information: float
    parts: Floats


def hazards(times: Floats, arm: Floats, stratum: Ints) -> Hazards | None:
    """A proportional hazards model. `times` (people,): infinite where there was no event by the end, at which everyone else left.

    None where an arm has no event, so that the estimate has no end. Times are taken not to be tied.
    """
    order = np.lexsort((times, stratum))
    time, x, held = times[order], arm[order], stratum[order]
    event = np.isfinite(time)
    if not event[x == 1].any() or not event[x == 0].any():
        return None
    last = np.searchsorted(held, held, side="right")  # where each person's stratum ends
    ones = np.append(0.0, np.cumsum(x))
    at = np.flatnonzero(event)
    treated = (ones[last] - ones[:-1])[at]
    usual = (last - np.arange(len(time)))[at] - treated
    beta = 0.0
    for _ in range(STEPS):
        share = treated * math.exp(beta) / (usual + treated * math.exp(beta))
        information = float((share * (1 - share)).sum())
        if not information > 0:
            return None
        step = float((x[at] - share).sum()) / information
        beta += max(-2.0, min(2.0, step))
        if abs(step) < EXACT:
            break
    else:
        return None
    return Hazards(beta, information, _parts(beta, x, held, event, usual, treated, order))


def _parts(
    beta: float, x: Floats, held: Ints, event: np.ndarray, usual: Floats, treated: Floats, order: Ints
) -> Floats:
    """Each person's event less what was expected of it while at risk, weighed by how far its arm lies from the mean at risk."""
    risk = usual + treated * math.exp(beta)
    share = treated * math.exp(beta) / risk
    hazard, mean = np.zeros(len(x)), np.zeros(len(x))
    hazard[event], mean[event] = 1 / risk, share / risk
    first = np.searchsorted(held, held, side="left")
    summed = [np.append(0.0, np.cumsum(one)) for one in (hazard, mean)]
    so_far = [one[1:] - one[first] for one in summed]
    own = np.zeros(len(x))
    own[event] = x[event] - share
    parts = np.empty(len(x))
    parts[order] = own - np.exp(beta * x) * (x * so_far[0] - so_far[1])
    return parts


def by_cox(times: Floats, arm: Floats, stratum: Ints) -> tuple[float, float]:
    """Estimate and p of people drawn one by one, by z."""
    found = hazards(times, arm, stratum)
    if found is None:
        return float("nan"), float("nan")
    return found.estimate, float(2 * norm.sf(abs(found.estimate) * math.sqrt(found.information)))


def by_robust_cox(times: Floats, arm: Floats, cluster: Ints) -> tuple[float, float]:
    """Estimate and p of clusters side by side, by t."""
    found = hazards(times, arm, np.zeros(len(times), np.intp))
    count = int(cluster.max()) + 1
    if found is None or count < 3:
        return float("nan"), float("nan")
    summed = np.bincount(cluster, found.parts, minlength=count)
    se = math.sqrt(float(summed @ summed) * count / (count - 2)) / found.information
    return found.estimate, float(2 * students_t.sf(abs(found.estimate) / se, count - 2))


def times_tested(design: Design, layout: Layout, drawn: Drawn, rng: np.random.Generator) -> Tested:
    """Each set of events by the end given times, and analysed; a cluster's people have one constant hazard."""
    assert drawn.chance is not None
    count = layout.people.astype(int)
    cell = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
    found = np.empty((drawn.totals.shape[1], 2))
    for number in range(len(found)):
        chance = drawn.chance[cell, number]
        until = np.log1p(-rng.random(len(cell)) * chance) / np.log1p(-chance)
        times = np.where(place < drawn.totals[cell, number], until, np.inf)
        found[number] = by_robust_cox(times, layout.arm[cell], layout.cluster[cell])
    return Tested(found[:, 0], found[:, 1])
