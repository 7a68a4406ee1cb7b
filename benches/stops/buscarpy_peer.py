"""Runs in buscarpy's own environment: its p after every STEP-th decision of each order, and its CPU seconds, as JSON.

    python buscarpy_peer.py ORDERS.json RESULT.json

ORDERS.json: a list of {"labels": "0101...", "total": N, "target": 0.95, "step": 10}.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from buscarpy import calculate_h0

warnings.simplefilter("ignore")  # it divides by nought where nothing is left to miss


def main() -> None:
    """Write the p of every order."""
    told = []
    for one in json.loads(Path(sys.argv[1]).read_text()):
        labels = np.array(list(map(int, one["labels"])))
        started = time.process_time()
        steps = range(one["step"], labels.size + 1, one["step"])
        found = [float(calculate_h0(labels[:read], one["total"], one["target"])) for read in steps]
        told.append({"p": found, "cpu_seconds": time.process_time() - started})
    Path(sys.argv[2]).write_text(json.dumps(told))


if __name__ == "__main__":
    main()
