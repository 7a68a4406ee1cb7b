"""Fit the weights of matching to the labelled sets, and say how well weights that never saw a set do on it.

`python -m benches.matching_weights` prints pairwise precision, recall and F1 on each set of weights fitted to the four
others (the weights alone and with the rules over them), and then the weights fitted to all five, as they stand in
`whatworks.collate.methods.match.weights`.
"""

from __future__ import annotations

import csv
import itertools
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from tests.shared import SHARED
from whatworks.collate.methods.match import rules, weights
from whatworks.collate.methods.match.blocking import candidates
from whatworks.collate.methods.match.comparing import Compared, compare
from whatworks.collate.methods.match.grouping import settle
from whatworks.collate.methods.match.sketches import columns_of
from whatworks.collate.methods.match.sketching import sketch_of
from whatworks.collate.methods.match.tables import fields_of_row

SETS = ("cytology_screening", "haematology", "respiratory", "stroke", "exp_mis_baseline")
FOLDER = SHARED / "dedup"
RIDGE = 1.0  # keeps the weight of a level that few pairs are on near zero
csv.field_size_limit(2**30)


class Labelled:
    """One set: its pairs side by side, which of them are true, and all true pairs."""

    def __init__(self, name: str, folder: Path = FOLDER) -> None:
        with (folder / name / "records_pre_merged.csv").open(encoding="utf-8", errors="replace", newline="") as stream:
            rows = list(csv.DictReader(stream))
        at = {row["ID"]: number for number, row in enumerate(rows)}
        with (folder / name / "merged_record_ids.csv").open(encoding="utf-8") as stream:
            groups = [[at[one] for one in row["merged_ids"].split(";") if one in at] for row in csv.DictReader(stream)]
        self.count = len(rows)
        self.true = {tuple(sorted(pair)) for group in groups for pair in itertools.combinations(set(group), 2)}
        columns = columns_of([sketch_of(fields_of_row(row)) for row in rows])
        self.columns = columns
        self.compared: Compared = compare(columns, candidates(columns))
        pairs = zip(self.compared.one.tolist(), self.compared.other.tolist(), strict=True)
        self.labels = np.array([pair in self.true for pair in pairs])
        kinds = self.compared.kinds
        self.plain = kinds // 16 == kinds % 16  # errata and their reports are settled by a rule, not by weights


def design(compared: Compared) -> Any:
    """One column for each level of each field, one first for the bias."""
    parts = [np.eye(len(weights.LEVELS[field]))[level] for field, level in weights.levels(compared).items()]
    return np.hstack([np.ones((len(compared), 1)), *parts])


def fit(sets: list[Labelled]) -> Any:
    """The bias and the weights of a logistic model with a ridge penalty."""
    x = np.vstack([design(one.compared)[one.plain] for one in sets])
    y = np.concatenate([one.labels[one.plain] for one in sets])

    def loss(beta: Any) -> tuple[float, Any]:
        z = x @ beta
        value = (np.logaddexp(0, z) - y * z).sum() + RIDGE * (beta[1:] ** 2).sum() / 2
        return value, x.T @ (1 / (1 + np.exp(-z)) - y) + RIDGE * np.concatenate(([0.0], beta[1:]))

    return minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x


def install(beta: Any) -> None:
    """Let the weights be these."""
    weights.BIAS, at = float(beta[0]), 1
    for field, said in weights.LEVELS.items():
        weights.WEIGHTS[field] = tuple(float(value) for value in beta[at : at + len(said)])
        at += len(said)


def scores(one: Labelled) -> str:
    """How the weights alone and with the rules do on a set."""
    alone = set(itertools.compress(pairs_of(one.compared), weights.probability(one.compared) >= rules.SAME_FROM))
    judged = rules.judge(one.compared)
    kept = settle(one.compared, judged, one.count)
    same = {pair for group in kept.groups for pair in itertools.combinations(group, 2)}
    asked = set(itertools.compress(pairs_of(one.compared), kept.decisions == rules.ASK))
    seen = len((same | asked) & one.true) / len(one.true)
    per = 1000 * len(asked) / one.count
    ruled = f"with the rules {measured(same, one.true)}, seen {seen:.4f}, asked {per:.1f} per 1,000"
    return f"weights alone {measured(alone, one.true)}; {ruled}"


def pairs_of(compared: Compared) -> list[tuple[int, int]]:
    """The pairs by the numbers of their records."""
    return list(zip(compared.one.tolist(), compared.other.tolist(), strict=True))


def measured(found: set[Any], true: set[Any]) -> str:
    """Precision, recall and F1 of some pairs."""
    right = len(found & true)
    return f"P {right / max(len(found), 1):.4f} R {right / len(true):.4f} F1 {2 * right / (len(found) + len(true)):.4f}"


def main() -> None:
    """Print what weights that never saw a set do on it, and the weights fitted to all."""
    sets = {name: Labelled(name) for name in SETS}
    for name in SETS:
        install(fit([one for other, one in sets.items() if other != name]))
        print(f"{name}, fitted to the others: {scores(sets[name])}")
    install(fit(list(sets.values())))
    for name in SETS:
        print(f"{name}, fitted to all: {scores(sets[name])}")
    print(f"BIAS = {weights.BIAS:.2f}\nWEIGHTS: dict[str, tuple[float, ...]] = {{")
    for field, values in weights.WEIGHTS.items():
        print(f'    "{field}": ({", ".join(f"{value:.2f}" for value in values)}),')
    print("}")


if __name__ == "__main__":
    main()
