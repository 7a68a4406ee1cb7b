"""Whole screenings with known decisions: the labels in the order in which a learner would have shown the records."""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.shared import SHARED
from whatworks.screen.methods.simulating import simulate_screening

csv.field_size_limit(sys.maxsize)
FOSTER = SHARED / "evidence" / "foster_screening" / "decisions.csv"
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Screenings:
    """A set with the orders of several seeds: every record, as 1 or 0 in the order read."""

    name: str
    total: int
    relevant: int
    orders: Sequence[Labels]


def shared_sets(seeds: int) -> Iterator[Screenings]:
    """The shared sets of published reviews, one after another."""
    for path in sorted((SHARED / "screening").glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        columns = {name: [row[name] for row in rows] for name in ("title", "abstract")}
        yield screened(path.name.removesuffix(".csv.gz"), columns, [int(row["label_included"]) for row in rows], seeds)


def foster(seeds: int) -> Screenings:
    """The titles of a review of parenting in foster and adoptive families, and what its screeners decided."""
    with FOSTER.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    truth = [int(row["final"] == "include") for row in rows]
    return screened("foster (titles only)", {"title": [row["title"] for row in rows]}, truth, seeds)


def screened(name: str, columns: dict[str, list[str]], truth: list[int], seeds: int) -> Screenings:
    """The orders of seeds 1, 2, ... The simulation ends with the last relevant record: the rest are all 0 in any order."""
    simulated = simulate_screening(columns, truth, seeds=range(1, seeds + 1))
    orders = []
    for run in simulated.runs:
        labels = np.zeros(len(truth), dtype=np.int64)
        begun = [truth[row] for row in run.priors] + list(run.found)
        labels[: len(begun)] = begun
        orders.append(labels)
    return Screenings(name, len(truth), sum(truth), orders)
