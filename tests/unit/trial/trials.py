"""Designs of the reference trials, as a statistician would write them, and their rows."""

from __future__ import annotations

import csv
from typing import Any

from tests.shared import SHARED

SCHOOLS = """
[design]
kind = "cluster"
[analysis]
outcome = "y"
arm = "trt"
cluster = "cluster"
covariates = ["pre"]
received = "dose"
declared = "lmm-kr"
"""
COUNTS = """
[design]
kind = "cluster"
outcome = "count"
[analysis]
outcome = "s47"
arm = "trt"
cluster = "school"
offset = "py"
strata = ["la"]
covariates = ["log((base_s47 + 0.5) / pupils)"]
declared = "glmm-nb"
"""
WEDGE = """
[design]
kind = "stepped-wedge"
outcome = "binary"
[analysis]
outcome = "events"
trials = "n"
arm = "trt"
cluster = "cluster"
period = "period"
declared = "ri-exact"
"""
QUICK = SCHOOLS + "draws = 199\n"  # where what is drawn by the computer is not what is looked at
FILES = {SCHOOLS: "crt_cont.csv", QUICK: "crt_cont.csv", COUNTS: "swis_counts.csv", WEDGE: "swcrt.csv"}


def rows_of(design: str) -> list[dict[str, Any]]:
    """The rows of the file that belongs to a design."""
    with (SHARED / "trial" / FILES[design]).open(newline="") as file:
        return list(csv.DictReader(file))
