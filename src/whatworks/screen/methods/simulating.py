"""Simulating: what would reading in a learner's order have saved, in a review whose decisions are known?

Each seed is one run: rows are shuffled, one relevant and one irrelevant record are given as known beforehand, and then
records are shown one at a time, best first, until every relevant one is found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.screen.methods.features import features
from whatworks.screen.methods.learners import DEFAULT, Ints, learner_named
from whatworks.screen.methods.measuring import Savings, savings
from whatworks.screen.methods.sessions import Session
from whatworks.screen.methods.tabling import Table, texts_of
from whatworks.stats.results import Result

Order = Literal["shuffle", "file"]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Run(Result):
    """One run: its measures (see `measuring`), the records in the order they were shown and what each turned out to be.

    `priors`, `shown` are places in the table, from 0. `labels` counts the records shown, priors left out.
    `cpu_seconds` is by the clock that was given, each run bearing an equal share of reading the texts; None without one.
    """

    seed: int
    recall10: float
    recall20: float
    wss95: float
    wss100: float
    atd: float
    ttl: int
    loss: float
    labels: int
    cpu_seconds: float | None
    priors: tuple[int, ...]
    shown: tuple[int, ...]
    found: tuple[int, ...]


MEASURES = ("recall10", "recall20", "wss95", "wss100", "atd", "ttl", "loss", "labels", "cpu_seconds")


@dataclass(frozen=True, slots=True)
class Simulated(Result):
    """Every run of a simulation. `n` and `included` count the whole table."""

    n: int
    included: int
    learner: str
    version: str
    order: Order
    digest: str
    runs: tuple[Run, ...]

    @property
    def mean(self) -> dict[str, float | None]:
        """The mean of every measure over the runs."""
        values = {name: [getattr(run, name) for run in self.runs] for name in MEASURES}
        return {name: None if None in found else sum(found) / len(found) for name, found in values.items()}

    def to_dict(self) -> dict[str, Any]:
        """As the command line prints it: the measures of each run and their means; the orders stay in `runs`."""
        runs = [{"seed": run.seed} | {name: getattr(run, name) for name in MEASURES} for run in self.runs]
        kept = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "runs"}
        return kept | {"runs": runs, "mean": self.mean}

    def summary(self) -> str:
        """What was found, in words for people who screen."""
        mean = self.mean
        last, saved = float(mean["ttl"] or 0), float(mean["wss95"] or 0)
        against = f"{abs(saved):.0%} {'less' if saved >= 0 else 'more'} reading"
        return (
            f"{self.included:,} relevant among {self.n:,} records; learner {self.learner}, "
            f"{len(self.runs)} run{'s' if len(self.runs) > 1 else ''}. "
            f"After reading a tenth of the records {mean['recall10']:.0%} of the relevant ones were found, after a fifth "
            f"{mean['recall20']:.0%}. 95% were found with {against} than in random order. "
            f"The last one came after {last:,.0f} record{'' if round(last) == 1 else 's'}."
        )


def simulate_screening(
    table: Table,
    labels: Sequence[int] | Ints,
    *,
    seeds: Sequence[int] = (1, 2, 3),
    priors: Mapping[int, Sequence[int]] | None = None,
    order: Order = "shuffle",
    learner: str = DEFAULT,
    query: str | None = None,
    clock: Clock | None = None,
) -> Simulated:
    """Screen a table whose decisions are known, once per seed, and measure what the order would have saved.

    `table` has columns `title` and `abstract` (either may be missing); `labels` are 1 for relevant and 0 for not;
    `priors` gives, for each seed, the places (from 0) of records known beforehand. For seed s the generator is
    numpy's PCG64(s): it draws first the permutation of the rows, then the relevant and the irrelevant prior. The
    shuffle decides between equal scores, and is the order of the learner `oldest` where no years are given.
    `clock` gives CPU seconds, `time.process_time` for example. InputError when there is nothing to find.
    """
    begun = clock() if clock else 0.0
    titles, abstracts, years = texts_of(table)
    truth = _truth(labels, len(titles))
    if order not in get_args(Order):
        raise InputError(said("The order %(order)r is not known; choose shuffle or file.", order=order))
    version, known = learner_named(learner).version, features(titles, abstracts)
    if not seeds:
        raise InputError(said("No seed was given; give at least one, such as 1."))
    share = ((clock() if clock else 0.0) - begun) / len(seeds)
    runs = []
    for seed in seeds:
        started = clock() if clock else 0.0
        place, given = _begin(truth, seed, order, priors)
        shown = _shown(Session(known, learner=learner, query=query, seed=seed, place=place, years=years), truth, given)
        spent = clock() - started + share if clock else None
        runs.append(_run(seed, truth, given, shown, spent))
    return Simulated(len(truth), int(truth.sum()), learner, version, order, known.digest, tuple(runs))


def shuffled(number: int, seed: int) -> Ints:
    """The rows of a file (from 0) in the order in which they lie after the shuffle with this seed."""
    return np.random.Generator(np.random.PCG64(seed)).permutation(number)


def prior_records(labels: Sequence[int] | Ints, seed: int) -> tuple[int, ...]:
    """One relevant and one irrelevant record by chance, where there is one: the rows known beforehand for this seed."""
    generator, truth = np.random.Generator(np.random.PCG64(seed)), np.asarray(labels)
    generator.permutation(len(truth))  # the shuffle comes first, so that both come from one stream
    kinds = [np.flatnonzero(truth == kind) for kind in (1, 0)]
    return tuple(int(generator.choice(kind)) for kind in kinds if len(kind))


def _truth(labels: Sequence[int] | Ints, number: int) -> Ints:
    truth = np.asarray(labels)
    if len(truth) != number:
        raise InputError(
            said(
                "There are %(number)s records and %(count)s labels; give one label for each record.",
                number=number,
                count=len(truth),
            )
        )
    if not np.isin(truth, (0, 1)).all():
        raise InputError(said("A label is 1 (relevant) or 0 (irrelevant); a simulation needs one for every record."))
    if not truth.any():
        raise InputError(said("No record is relevant, so there is nothing to find; check the column of labels."))
    return truth.astype(np.int64)


def _begin(
    truth: Ints, seed: int, order: Order, priors: Mapping[int, Sequence[int]] | None
) -> tuple[Ints, tuple[int, ...]]:
    """Each record's place among the rows as they lie for this seed, and the records known beforehand."""
    if seed < 0:
        raise InputError(said("A seed is a whole number from 0, not %(seed)s.", seed=seed))
    place = np.argsort(shuffled(len(truth), seed)) if order == "shuffle" else np.arange(len(truth))
    if priors is None:
        return place, prior_records(truth, seed)
    if seed not in priors:
        raise InputError(
            said("The priors have no record for seed %(seed)s; add some, or leave the seed out.", seed=seed)
        )
    return place, tuple(priors[seed])


def _shown(session: Session, truth: Ints, given: Sequence[int]) -> list[int]:
    """The records in the order in which they are shown, until no relevant one is left."""
    for row in given:
        session.add(row, int(truth[row]))
    left = int(truth.sum() - truth[list(given)].sum())
    shown: list[int] = []
    while left:
        best = session.next()
        assert best is not None  # a relevant record is left, so there is a next one
        session.add(best, int(truth[best]))
        shown.append(best)
        left -= int(truth[best])
    return shown


def _run(seed: int, truth: Ints, given: Sequence[int], shown: Sequence[int], spent: float | None) -> Run:
    found = [int(label) for label in truth[list(shown)]]
    ranks = [rank for rank, label in enumerate(found, start=1) if label]
    if not ranks:
        raise InputError(
            said(
                "Every relevant record is known beforehand for seed %(seed)s, so none is left to find; give fewer "
                "priors, or a table with more relevant records.",
                seed=seed,
            )
        )
    measured: Savings = savings(ranks, len(truth) - len(given))
    return Run(
        seed,
        **{field.name: getattr(measured, field.name) for field in fields(measured)},
        labels=len(shown),
        cpu_seconds=spent,
        priors=tuple(given),
        shown=tuple(shown),
        found=tuple(found),
    )
