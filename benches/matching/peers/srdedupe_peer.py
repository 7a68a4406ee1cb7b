"""Runs in srdedupe's own environment: its pipeline with its defaults, its clusters and review pairs as JSON.

    python srdedupe_peer.py SET.ris RESULT.json [MODEL.json]

The package as published lacks the model file that its pipeline reads; without one it fails, and so does this.
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


def main(table: str, result: str, model: str = "") -> None:
    """CPU seconds are of the whole pipeline; imports are left out."""
    with tempfile.TemporaryDirectory() as folder:
        config = PipelineConfig(output_dir=Path(folder), fs_model_path=Path(model) if model else None)
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
