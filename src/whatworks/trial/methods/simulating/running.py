"""Many trials drawn and analysed: how often is nought refused, how sure is that, and how often did the analysis fail?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.stats.results import Result
from whatworks.trial.methods.design.parts import INDIVIDUAL, PAIRS, Design
from whatworks.trial.methods.simulating.batched import BATCHED, Tested
from whatworks.trial.methods.simulating.choosing import ROBUST_COX, method_of
from whatworks.trial.methods.simulating.drawing import Drawn, as_linear, collapsed, draw, share_taking
from whatworks.trial.methods.simulating.layout import Floats, Layout, lay_out
from whatworks.trial.methods.simulating.people import people_tested
from whatworks.trial.methods.simulating.singly import further_levels, singly
from whatworks.trial.methods.simulating.surviving import times_tested
from whatworks.trial.methods.sizing.assuming import covariates, effect_of, over_periods
from whatworks.trial.methods.sizing.planning import counted, formula_of
from whatworks.trial.methods.sizing.several import level_of

AT_ONCE, UNEVEN_AT_ONCE, ONE_BY_ONE = 500, 20, 10
MOST = 10_000_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Simulated(Result):
    """`power`: the share of analysed trials in which nought was refused; `mc_error`: its standard error by the number of trials;
    `low`, `high`: between them it lies, with 95 per cent confidence (Wilson). `failures`: trials whose analysis failed, left out
    of it; `least`: the power had each of them found nothing. `estimate`: the mean of the estimates, on the method's scale.
    """

    power: float | None
    mc_error: float | None
    low: float | None
    high: float | None
    simulations: int
    failures: int
    least: float
    estimate: float | None
    method: str
    effect: float
    clusters: int
    seed: int
    warnings: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class _Task:
    design: Design
    method: str
    clusters: int
    effect: float
    sets: int
    seed: np.random.SeedSequence


def simulate(
    design: Design, simulations: int, seed: int, *, effect: float | None = None, workers: int = 1,
    told: Progress | None = None,
) -> Simulated:  # fmt: skip
    """So many trials under the design, the same for the same seed however many `workers` (processes) share them.

    `effect` in place of the design's; 0 gives the true level of the test. `told(done, of)` is called as it goes on. Raises InputError for
    a design that is not simulated, or a declared method that does not fit the outcome.
    """
    design = counted(design)
    if not 1 <= simulations <= MOST:
        raise InputError(said("%(n)s simulations cannot be; ask for 1 to %(most)s.", n=simulations, most=MOST))
    method, wanted = method_of(design), effect_of(design) if effect is None else effect
    left = _left(design)
    tasks = list(_tasks(design, method, left, wanted, simulations, seed))
    found = list(_done(tasks, 1 if _quick(design, method) else workers, simulations, told))
    estimates, p = (np.concatenate([getattr(one, name) for one in found]) for name in ("estimate", "p"))
    level = _level(design, left)
    return _summed(design, estimates, p, level, (method, wanted, left, seed))


def _quick(design: Design, method: str) -> bool:
    """Whether all sets of a layout are analysed at once."""
    if design.design.kind == INDIVIDUAL:
        return method in ("t-test", "z-test")
    if method == "poisson-naive":
        plain = not over_periods(design) and not design.size.blocks and not covariates(design)
        return plain and design.design.kind != PAIRS
    return method in BATCHED and not (further_levels(design) and method.startswith("lmm"))


def _level(design: Design, left: int) -> float:
    """Of each comparison; where no closed form says the degrees of freedom, with variances as if known."""
    try:
        return formula_of(design).level(float(left))
    except InputError:
        return level_of(design.design.alpha, tuple(arm.parts for arm in design.arms), None, design.size.correction)


def _left(design: Design) -> int:
    """Units at the end, whole; people or clusters."""
    lost = design.size.attrition if design.design.kind == INDIVIDUAL else design.size.dropout
    count = (design.size.clusters or 0.0) * (1 - lost)
    left = math.floor(count + 1e-9)
    return left - left % 2 if design.design.kind == PAIRS else left


def _tasks(design: Design, method: str, clusters: int, effect: float, count: int, seed: int) -> Iterator[_Task]:
    at_once = AT_ONCE if _quick(design, method) else ONE_BY_ONE
    if design.size.cv and design.design.kind != INDIVIDUAL:
        at_once = min(at_once, UNEVEN_AT_ONCE)
    sizes = [at_once] * (count // at_once) + [count % at_once] * (count % at_once > 0)
    for sets, own in zip(sizes, np.random.SeedSequence(seed).spawn(len(sizes)), strict=True):
        yield _Task(design, method, clusters, effect, sets, own)


def _done(tasks: list[_Task], workers: int, count: int, told: Progress | None) -> Iterator[Tested]:
    done = 0
    for one in _run_all(tasks, workers):
        done += len(one.p)
        if told is not None:
            told(done, count)
        yield one


def _run_all(tasks: list[_Task], workers: int) -> Iterator[Tested]:
    if workers < 2 or len(tasks) < 2:
        yield from map(_run, tasks)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_run, tasks)


def _run(task: _Task) -> Tested:
    rng, design = np.random.default_rng(task.seed), task.design
    if design.design.kind == INDIVIDUAL:
        return people_tested(design, task.clusters, task.effect, task.sets, rng, task.method)
    layout = lay_out(design, task.clusters, rng)
    taken = share_taking(design) if task.method == "cace-2sls-cr2" else None
    drawn = draw(design, layout, task.effect, task.sets, rng, taken=taken)
    return _analysed(task, layout, drawn, rng)


def _analysed(task: _Task, layout: Layout, drawn: Drawn, rng: np.random.Generator) -> Tested:
    design, method = task.design, task.method
    if method == ROBUST_COX:
        return times_tested(design, layout, drawn, rng)
    if not _quick(design, method):
        return singly(design, layout, drawn, method)
    whole, means = collapsed(layout, drawn)
    if method != "poisson-naive":
        whole, means = as_linear(design, whole, means)
    return BATCHED[method](whole, means, rng)


def _summed(
    design: Design, estimates: Floats, p: Floats, level: float, about: tuple[str, float, int, int]
) -> Simulated:
    method, effect, clusters, seed = about
    fitted = ~np.isnan(p)
    count, refused = int(fitted.sum()), int((p[fitted] <= level).sum())
    share = refused / count if count else None
    low, high = _wilson(refused, count) if count else (None, None)
    failures = len(p) - count
    warnings = [_failed(failures, len(p), refused / len(p))] if failures else []
    warnings += list(_simplified(design))
    return Simulated(
        share, math.sqrt(share * (1 - share) / count) if share is not None else None, low, high, len(p), failures,
        refused / len(p), float(estimates[fitted].mean()) if count else None, method, effect, clusters, seed, tuple(warnings),
    )  # fmt: skip


def _simplified(design: Design) -> Iterator[Said]:
    """What is drawn more simply than the design, or the trial, has it."""
    if design.size.cac is None and over_periods(design):
        yield said("Periods are drawn as alike as people within one (cac = 1), because [size] cac is left out.")
    if design.size.exposure_time:
        yield said("The effect is drawn as one at every exposure time; what is tested is the mean over these times.")
    if design.size.iac and design.design.outcome != "continuous":
        yield said("One person's own likeness over time (iac) is not drawn for shares and counts.")


def _failed(failures: int, of: int, least: float) -> Said:
    return said(
        "The analysis failed in %(failures)s of %(of)s simulated trials; they are left out. Had each found nothing, the power "
        "would be %(least)s.",
        failures=failures,
        of=of,
        least=f"{least:.3f}",
    )


def _wilson(refused: int, count: int) -> tuple[float, float]:
    z2 = 1.959963984540054**2
    middle = (refused + z2 / 2) / (count + z2)
    reach = math.sqrt(z2 * (refused * (count - refused) / count + z2 / 4)) / (count + z2)
    return max(0.0, middle - reach), min(1.0, middle + reach)
