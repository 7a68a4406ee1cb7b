"""Writes tests/oracles/from_buscarpy.json anew, in an environment that has buscarpy 0.0.2 (pip install buscarpy==0.0.2):

    python tests/oracles/from_buscarpy.py

Whole label orders as text; p after all of them. null: buscarpy has no number (nan) there, because fewer records are
unread than would have to be missing; the hypothesis is impossible then and our p is 0.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np

CASES = 400


def main() -> None:
    """Draw orders that look like screenings of every kind, and pin what buscarpy says of each."""
    from buscarpy import calculate_h0

    warnings.simplefilter("ignore")
    rng = np.random.default_rng(20260901)
    cases = []
    for _ in range(CASES):
        total = int(rng.integers(2, 400))
        read = int(rng.integers(1, total + 1))
        falling = np.exp(-np.arange(read) / (1 + read * rng.random())) if rng.random() < 0.7 else np.ones(read)
        labels = rng.random(read) < 0.6 * rng.random() ** 2 * falling
        target = float(rng.choice([0.5, 0.7, 0.8, 0.9, 0.95, 0.99]))
        p = float(calculate_h0(labels.astype(int), total, target))
        text = "".join("1" if label else "0" for label in labels)
        cases.append({"labels": text, "total": total, "target": target, "p": None if np.isnan(p) else p})
    told = {"program": "buscarpy 0.0.2", "cases": cases}
    lines = ",\n".join(json.dumps(case) for case in cases)
    text = json.dumps({"program": told["program"]})[:-1] + f', "cases": [\n{lines}\n]}}\n'
    Path(__file__).with_suffix(".json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
