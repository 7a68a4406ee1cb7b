"""Smooth selection models against metafor 3.8-1's selmodel on four real data sets."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.shared import SHARED, needs_shared
from whatworks.synthesise.methods.bias.smooth import IN_R, smooth_selection

MODELS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("bias_smooth.json").read_text("utf-8"))["models"]
SHAPES: dict[str, Any] = {theirs: ours for ours, theirs in IN_R.items()}
# metafor integrates to about 1e-4 of each study where the weight is clipped (beta, power), and its numerical second
# derivatives take that noise over; elsewhere it integrates to about 1e-8
HEIGHT = {"beta": 2e-3, "power": 1e-3}


@needs_shared
@pytest.mark.parametrize("want", MODELS, ids=lambda one: f"{one['set']}-{one['type']}")
def test_our_peak_is_metafors_or_higher(want: dict[str, Any]) -> None:
    with (SHARED / "metadat" / f"{want['set']}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = smooth_selection(
        [float(row["yi"]) for row in rows], [float(row["vi"]) for row in rows], shape=SHAPES[want["type"]]
    )
    assert found.settled
    loose = HEIGHT.get(want["type"], 1e-6)
    assert found.loglik >= want["ll"] - loose
    if found.loglik > want["ll"] + loose:
        return  # another, higher peak than metafor's start leads to
    scale = want["se"] or found.se
    assert found.estimate == pytest.approx(want["est"], abs=(0.02 if want["type"] in HEIGHT else 1e-3) * scale)
    assert found.tau2 == pytest.approx(want["tau2"], rel=0.01, abs=1e-4)
    assert found.lrt == pytest.approx(want["lrt"], abs=4 * loose)
    assert found.lrt_df == want["df"]
    if want["type"] not in HEIGHT and want["se"] is not None and min(found.tau2, *found.delta) > 1e-3:
        assert found.se == pytest.approx(want["se"], rel=0.02)
    assert found.delta == pytest.approx(np.ravel(want["delta"]), rel=0.01, abs=1e-2)
