"""Numbers of the analysis scale as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whatworks.extract.methods.metrics import METRICS
from whatworks.stats.chart import MINUS


def readable(metric: str, *values: float | None) -> list[str]:
    """Values of the analysis scale as people read them: ratios as ratios, proportions as proportions."""
    scale = METRICS.get(metric)
    back = [None if one is None else float(scale.back(one)) if scale else one for one in values]
    return ["" if one is None else f"{one:.3g}".replace("-", MINUS) for one in back]


def with_interval(metric: str, result: Mapping[str, Any]) -> str:
    """An estimate and its interval on the scale that people read."""
    estimate, low, high = readable(metric, result.get("estimate"), result.get("ci_low"), result.get("ci_high"))
    return f"{estimate} ({low} to {high})" if estimate else ""


def is_ratio(metric: str) -> bool:
    """Whether the analysis scale is the logarithm of what people read."""
    return METRICS[metric].transform == "exp"
