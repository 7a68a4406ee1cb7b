"""Runs in srdedupe's own environment: its pipeline with its defaults, its clusters and review pairs as JSON.

    python srdedupe_peer.py SET.ris RESULT.json

The package as published lacks the file of weights that its pipeline reads, and stops. The weights are in its repository
(enniolopes/srdedupe, models/fs_v1.json, version 1.0.0, MIT licence); they stand here as a table and are given to it.
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from srdedupe.engine import PipelineConfig, run_pipeline

PRIOR, DECIMALS = 0.01, 6
WEIGHTS = {
    "doi": {"exact": 6.9067, "both_present_mismatch": -4.6052, "missing": 0.0},
    "pmid": {"exact": 6.8897, "both_present_mismatch": -4.6052, "missing": 0.0},
    "title": {"exact": 6.8534, "high": 4.3820, "medium": 2.4849, "low": 1.0986, "missing": 0.0},
    "authors": {"strong": 2.8332, "weak": 0.6931, "mismatch": -1.0986, "missing": 0.0},
    "year": {"exact": 2.8904, "pm1": -0.2231, "pm2": -1.6094, "far": -4.9416, "missing": 0.0},
    "journal": {"high": 1.4469, "low": -1.0986, "missing": 0.0},
    "pages": {"unreliable": 0.0, "exact": 4.3820, "compatible": 1.6094, "mismatch": -1.7918, "missing": 0.0},
}
"""Of each field and level of agreement, in natural logarithms of the likelihood ratio."""


def model() -> dict[str, Any]:
    """The weights in the shape that its pipeline reads."""
    levels = {field: [{"name": name, "weight": one} for name, one in given.items()] for field, given in WEIGHTS.items()}
    return {
        "model": {"name": "fs_v1", "version": "1.0.0"},
        "lambda_prior": PRIOR,
        "round_decimals": DECIMALS,
        "fields": {field: {"levels": given} for field, given in levels.items()},
    }


def main(table: str, result: str) -> None:
    """CPU seconds are of the whole pipeline; imports are left out."""
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / "weights.json"
        weights.write_text(json.dumps(model()))
        config = PipelineConfig(output_dir=Path(folder), fs_model_path=weights)
        begun = time.process_time()
        outcome = run_pipeline(input_path=Path(table), config=config)
        spent = time.process_time() - begun
        if not outcome.success:
            raise SystemExit(outcome.error_message)
        found = proposed(Path(folder))
    Path(result).write_text(json.dumps({**found, "cpu_seconds": spent}))


def proposed(folder: Path) -> dict[str, list[list[int]]]:
    """Its clusters are groups where it calls them automatic; clusters and pairs that it wants reviewed are questions."""
    number = {
        line["rid"]: line["meta"]["source_record_index"] for line in lines(folder / "stage1/canonical_records.jsonl")
    }
    members = {"AUTO": [], "REVIEW": []}
    for line in lines(folder / "stage5/clusters.jsonl"):
        members[line["status"]].append([number[one] for one in line["rids"]])
    asked = [list(pair) for group in members["REVIEW"] for pair in itertools.combinations(group, 2)]
    for line in lines(folder / "stage4/pair_decisions.jsonl"):
        if line["decision"] == "REVIEW":
            asked.append([number[line["rid_a"]], number[line["rid_b"]]])
    return {"groups": members["AUTO"], "asked": asked}


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    main(*sys.argv[1:])
