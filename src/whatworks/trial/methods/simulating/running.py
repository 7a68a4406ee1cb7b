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
from whatworks.trial.methods.design.parts import BINARY, CONTINUOUS, INDIVIDUAL, Design
from whatworks.trial.methods.simulating.batched import BATCHED, Tested
from whatworks.trial.methods.simulating.drawing import draw
from whatworks.trial.methods.simulating.layout import Floats, lay_out
from whatworks.trial.methods.simulating.people import people_tested
from whatworks.trial.methods.simulating.singly import FITTING, singly
from whatworks.trial.methods.sizing.assuming import effect_of, over_periods
from whatworks.trial.methods.sizing.planning import counted, formula_of

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
    found = list(_done(tasks, 1 if _quick(method) else workers, simulations, told))
    estimates, p = (np.concatenate([getattr(one, name) for one in found]) for name in ("estimate", "p"))
    level = formula_of(design).level(float(left))
    return _summed(design, estimates, p, level, (method, wanted, left, seed))


def method_of(design: Design) -> str:
    """The declared method; without one, a mixed model of means, or a t test of clusters' shares or rates.

    Raises InputError where it does not fit the outcome.
    """
    declared, outcome = design.analysis.declared, design.design.outcome
    if design.design.kind == INDIVIDUAL:
        return "z-test" if outcome == BINARY else "t-test"
    if not declared:
        return "lmm-kr" if outcome == CONTINUOUS or over_periods(design) else "cluster-means-t"
    fitting = FITTING.get(outcome, ())
    if declared not in fitting:
        raise InputError(
            said(
                "[analysis] declared = %(declared)s is not simulated for a %(outcome)s outcome; that can be: %(fitting)s.",
                declared=declared,
                outcome=outcome,
                fitting=", ".join(fitting),
            )
        )
    return declared


def _quick(method: str) -> bool:
    return method in BATCHED or method in ("t-test", "z-test")


def _left(design: Design) -> int:
    """Units at the end, whole; people or clusters."""
    lost = design.size.attrition if design.design.kind == INDIVIDUAL else design.size.dropout
    count = (design.size.clusters or 0.0) * (1 - lost)
    left = math.floor(count + 1e-9)
    return left - left % 2 if design.design.kind == "matched-pairs" else left


def _tasks(design: Design, method: str, clusters: int, effect: float, count: int, seed: int) -> Iterator[_Task]:
    at_once = AT_ONCE if _quick(method) else ONE_BY_ONE
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
    rng = np.random.default_rng(task.seed)
    if task.design.design.kind == INDIVIDUAL:
        return people_tested(task.design, task.clusters, task.effect, task.sets, rng)
    layout = lay_out(task.design, task.clusters, rng)
    drawn = draw(task.design, layout, task.effect, task.sets, rng)
    if task.method in BATCHED:
        return BATCHED[task.method](layout, drawn, rng)
    return singly(task.design, layout, drawn, task.method)


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
    if design.size.cac is None and over_periods(design):
        warnings.append(
            said("Periods are drawn as alike as people within one (cac = 1), because [size] cac is left out.")
        )
    return Simulated(
        share, math.sqrt(share * (1 - share) / count) if share is not None else None, low, high, len(p), failures,
        refused / len(p), float(estimates[fitted].mean()) if count else None, method, effect, clusters, seed, tuple(warnings),
    )  # fmt: skip


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
