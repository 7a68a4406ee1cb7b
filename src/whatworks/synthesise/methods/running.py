"""A declared pool as plain values in, plain values out: what an action freezes and a check recomputes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from whatworks.synthesise.methods.pooling import pool

METHOD, VERSION = "synthesise.pool", "1"


def run_pool(inputs: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Pool the inputs (rows with yi and vi) by the settings (model, tau2, interval). Returns the result's plain values."""
    result = pool(
        [row["yi"] for row in inputs],
        [row["vi"] for row in inputs],
        model=settings["model"],
        tau2=settings["tau2"],
        interval=settings["interval"],
    )
    return result.to_dict()
