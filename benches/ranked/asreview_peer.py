"""Runs in the environment of ASReview: its default learner over a labelled table, from given priors; result as JSON.

    python asreview_peer.py SET.csv SEED PRIOR,PRIOR RESULT.json

Priors are rows from 0. The records are shown one at a time until all relevant ones are found.
"""

from __future__ import annotations

import json
import sys
import time

from asreview import Simulate, load_dataset
from asreview.learner import ActiveLearningCycle
from asreview.models.models import get_ai_config
from asreview.models.stoppers import LastRelevant


def main(table: str, seed: str, priors: str, result: str) -> None:
    """CPU seconds are of reading the table and simulating; imports are left out, among them those of its learner."""
    cycle = ActiveLearningCycle.from_meta(get_ai_config("elas_u4")["value"])
    begun = time.process_time()
    with load_dataset(table, dataset_id="set") as records:
        run = Simulate(records.input.get_df(), records.input["included"], [cycle], stopper=LastRelevant())
        known = [int(one) for one in priors.split(",")]
        run.label(known)
        run.review()
    spent = time.process_time() - begun
    shown = [int(one) for one in run._results["record_id"]][len(known) :]
    with open(result, "w") as file:
        json.dump({"shown": shown, "cpu_seconds": spent}, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
