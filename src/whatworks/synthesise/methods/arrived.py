"""How did the pooled estimate move as studies arrived? The same model on what was known by each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whatworks.synthesise.methods.running import run_plan


@dataclass(frozen=True, slots=True)
class Step:
    """Everything known by the end of a year, put together. added: the studies that appeared in it; k: results so far."""

    year: int
    added: str
    k: int
    estimate: float
    low: float
    high: float


def arrived(inputs: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], years: Mapping[str, int]) -> list[Step]:
    """One step for each year in which a result appeared, oldest first. years: by contrast; without one a result is left out."""
    dated = [row for row in inputs if row["contrast"] in years]
    steps = []
    for year in sorted({years[row["contrast"]] for row in dated}):
        known = [row for row in dated if years[row["contrast"]] <= year]
        new = dict.fromkeys(row["study"] for row in known if years[row["contrast"]] == year)
        found = run_plan(known, settings)
        steps.append(Step(year, ", ".join(new), len(known), found["estimate"], found["ci_low"], found["ci_high"]))
    return steps
