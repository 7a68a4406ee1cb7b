"""Planning: what each way to read, and each rule to stop, would have cost and missed in a review that is finished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.screen.methods.features import features
from whatworks.screen.methods.learners import Ints
from whatworks.screen.methods.safe_reading import OTHER, read_by_safe
from whatworks.screen.methods.simulating import Run, shuffled, simulate_screening
from whatworks.screen.methods.stopping import consecutive_irrelevant_example, stops_after
from whatworks.screen.methods.urns import check_share
from whatworks.stats.results import Result

IN_A_ROW = (50, 100, 200)  # of the habit that stands beside the rules as a warning
SAFE = "safe"
MARKS = 50  # places along the reading at which a curve is kept
FEWEST = 10  # records, and two relevant ones: one is known beforehand


@dataclass(frozen=True, slots=True)
class Stopped(Result):
    """Where one rule would have stopped, over the runs: records read and the share of the relevant found, least to most.

    never: runs in which it did not stop before the end; reached: runs in which the target share was found.
    """

    rule: str
    read: tuple[int, int, int]
    found: tuple[float, float, float]
    never: int
    reached: int
    runs: int


@dataclass(frozen=True, slots=True)
class Planned(Result):
    """One learner on a finished review. low, middle, high: the share found over the runs after each of `read` records.

    needed: records read until the target share was found, least, mean and most over the runs.
    """

    learner: str
    version: str
    total: int
    relevant: int
    read: tuple[int, ...]
    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]
    needed: tuple[int, int, int]
    stops: tuple[Stopped, ...]


def check_past(titles: Sequence[str], labels: Sequence[int]) -> None:
    """InputError where a past review has too little to learn from."""
    if len(titles) < FEWEST or sum(labels) < 2 or sum(labels) == len(labels):
        raise InputError(
            said(
                "There are %(count)s records, %(labels)s of them relevant; a plan needs at least %(fewest)s, two "
                "of them relevant and some not.",
                count=f"{len(titles):,}",
                labels=f"{sum(labels):,}",
                fewest=FEWEST,
            )
        )


def plan(
    titles: Sequence[str],
    abstracts: Sequence[str],
    labels: Sequence[int],
    *,
    learner: str,
    seeds: Sequence[int] = (1, 2, 3),
    target: float = 0.95,
    confidence: float = 0.95,
) -> Planned:
    """Screen a finished review again by one learner, once per seed, and see where each rule would have stopped.

    The rules: the every-urn test, SAFE as far as it can be tried out (see `safe_reading`; not for orders that learn
    nothing), the habit of stopping after so many irrelevant ones in a row as a warning, and reading everything.
    """
    sought = {"target": target, "confidence": confidence}
    for name, share in sought.items():
        check_share(name, share)
    check_past(titles, labels)
    table = {"title": list(titles), "abstract": list(abstracts)}
    done = simulate_screening(table, list(labels), seeds=seeds, learner=learner)
    orders = [_whole(run, len(titles)) for run in done.runs]
    total = min(len(order) for order in orders)
    read = tuple(sorted({round(total * at / MARKS) for at in range(MARKS + 1)}))
    shares = np.array([np.concatenate([[0.0], np.cumsum(order) / order.sum()])[list(read)] for order in orders])
    needed = sorted(int(np.argmax(np.cumsum(order) >= np.ceil(round(target * order.sum(), 9)))) + 1 for order in orders)
    return Planned(
        learner=learner,
        version=done.version,
        total=total,
        relevant=done.included - 1,
        read=read,
        low=tuple(shares.min(axis=0).tolist()),
        middle=tuple(shares.mean(axis=0).tolist()),
        high=tuple(shares.max(axis=0).tolist()),
        needed=(needed[0], round(sum(needed) / len(needed)), needed[-1]),
        stops=tuple(_stops(table, np.asarray(labels), learner, done.runs, orders, sought)),
    )


def _stops(
    table: dict[str, list[str]],
    truth: Ints,
    learner: str,
    runs: Sequence[Run],
    orders: Sequence[Ints],
    sought: dict[str, float],
) -> Iterator[Stopped]:
    """Every rule, in the order in which a plan tells of them."""
    target = sought["target"]
    yield _stopped("every urn", orders, [stops_after(one, one.size, **sought) for one in orders], target)
    yield from _safe(table, truth, learner, runs, target)
    for run in IN_A_ROW:
        ends = [consecutive_irrelevant_example(one, run) for one in orders]
        yield _stopped(f"{run} in a row", orders, ends, target)
    yield _stopped("read everything", orders, [None for _ in orders], target)


def _safe(table: dict[str, list[str]], truth: Ints, learner: str, runs: Sequence[Run], target: float) -> list[Stopped]:
    """Where SAFE would have stopped: a reading of its own, by lot first and by two learners. None where none learns."""
    if learner not in OTHER:
        return []
    known = features(table["title"], table["abstract"])
    told = [
        read_by_safe(
            known, truth, lot=shuffled(len(truth), run.seed), priors=run.priors, learner=learner, seed=run.seed
        )
        for run in runs
    ]
    return [_stopped(SAFE, [np.array(one.order) for one in told], [one.stopped for one in told], target)]


def _whole(run: Run, number: int) -> Ints:
    """What each record turned out to be, to the last: after the last relevant one come irrelevant ones only."""
    order = np.zeros(number - len(run.priors), dtype=np.int64)
    order[: len(run.found)] = run.found
    return order


def _stopped(rule: str, orders: Sequence[Ints], ends: Sequence[int | None], target: float) -> Stopped:
    """What became of a rule: by run, every record in the order read, and after how many it stopped (None: never)."""
    at = [order.size if end is None else end for order, end in zip(orders, ends, strict=True)]
    reads = sorted(at)
    found = sorted(float(order[:end].sum() / order.sum()) for order, end in zip(orders, at, strict=True))
    return Stopped(
        rule=rule,
        read=(reads[0], round(sum(reads) / len(reads)), reads[-1]),
        found=(found[0], sum(found) / len(found), found[-1]),
        never=sum(end == order.size for order, end in zip(orders, at, strict=True)),
        reached=sum(share >= target for share in found),
        runs=len(orders),
    )
