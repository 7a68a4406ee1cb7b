"""How many units, or how small an effect, where no closed form says it: looked for among simulated trials, all with one seed.

The answer is as sure as the simulation is: its Monte Carlo error stands beside, and a number a little smaller may do as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.trial.methods.design.parts import CONTINUOUS, COUNT, Design
from whatworks.trial.methods.simulating.running import Progress, Simulated, simulate
from whatworks.trial.methods.sizing.assuming import control_rate, effect_of
from whatworks.trial.methods.sizing.planning import total_sd, whole_of, with_clusters

Value = TypeVar("Value", int, float)
DOUBLINGS, HALVINGS, LEAST_UNITS = 12, 12, 4


def size_by_simulation(
    design: Design, simulations: int, seed: int, *, workers: int = 1, told: Progress | None = None
) -> Simulated:
    """The fewest units (whole in each arm, block, pair and sequence) whose simulated trials reach the power that is wanted.

    Raises InputError where thousands of units do not.
    """
    effect = effect_of(design)

    def at(units: int) -> Simulated:
        return simulate(with_clusters(design, units), simulations, seed, effect=effect, workers=workers, told=told)

    step = whole_of(design, 1.0)
    high = step * math.ceil(LEAST_UNITS / step)
    low, found = 0, _tried(at, high)
    for _ in range(DOUBLINGS):
        if _enough(design, found):
            break
        low, high = high, 2 * high
        found = _tried(at, high)
    if found is None or not _enough(design, found):
        raise InputError(
            said("%(n)s units do not reach this power in simulated trials; expect more, or add people.", n=high)
        )
    while high - low > step:
        middle = low + step * ((high - low) // (2 * step))
        tried = _tried(at, middle)
        if tried is not None and _enough(design, tried):
            high, found = middle, tried
        else:
            low = middle
    return found


def mdes_by_simulation(
    design: Design, simulations: int, seed: int, *, workers: int = 1, told: Progress | None = None
) -> Simulated:
    """The smallest effect, towards the one that is given (downwards without one), that simulated trials find with the power wanted.

    Raises InputError where no effect that can be is large enough.
    """

    def at(effect: float) -> Simulated:
        return simulate(design, simulations, seed, effect=effect, workers=workers, told=told)

    most = _most(design)
    far = math.copysign(total_sd(design), most) if math.isinf(most) else most * (1 - 1e-6)
    found = _tried(at, far)
    for _ in range(DOUBLINGS if math.isinf(most) else 0):
        if _enough(design, found):
            break
        far *= 2
        found = _tried(at, far)
    if found is None or not _enough(design, found):
        raise InputError(said("No effect is large enough to be found with this power by so few; add units."))
    near = 0.0
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        tried = _tried(at, middle)
        if tried is not None and _enough(design, tried):
            far, found = middle, tried
        else:
            near = middle
    return found


def _enough(design: Design, found: Simulated | None) -> bool:
    return found is not None and found.power is not None and found.power >= design.design.power


def _tried(at: Callable[[Value], Simulated], value: Value) -> Simulated | None:
    """What is found there; None where so few units, or so large an effect, cannot be."""
    try:
        return at(value)
    except InputError:
        return None


def _most(design: Design) -> float:
    size = design.size
    upwards = (size.effect or 0.0) > 0 or (size.ratio or 0.0) > 1
    if design.design.outcome == CONTINUOUS:
        return math.inf if upwards or size.effect is None else -math.inf
    rate = control_rate(design)
    if not upwards:
        return -rate
    return 20 * rate if design.design.outcome == COUNT else 1 - rate
