"""What a trial could find as it turned out: Bloom's multiplier, and the closed form with what was found."""

from __future__ import annotations

import math

import pytest

from whatworks.trial.methods.design import read
from whatworks.trial.methods.realising import multiplier, realised
from whatworks.trial.methods.sizing.planning import mdes

DESIGN = """
[design]
kind = "cluster"
[size]
clusters = 24
per_cluster = 25
icc = 0.05
effect = 2.0
sd = 7.0
prior = [2.0, 1.0]
"""


def panel(scale: str = "difference") -> dict[str, object]:
    row = {"declared": True, "se": 0.6386620493, "df": 18.84885, "scale": scale, "estimate": 1.27}
    groups = [{"clusters": 12, "rows": 269}, {"clusters": 12, "rows": 255}]
    return {
        "panel": [row],
        "groups": groups,
        "icc": 0.0130464,
        "variance": {"cluster": 0.545807, "residual": 41.2901, "reml": 3433.0},
    }


def test_the_multiplier_is_blooms() -> None:
    """Bloom (1995): 2.8 standard errors for 80% power at two-sided .05 with many degrees of freedom; 2.5 at .10, or one-sided .05."""
    assert multiplier(0.05, 0.8, None) == pytest.approx(2.80, abs=0.005)
    assert multiplier(0.10, 0.8, None) == pytest.approx(2.49, abs=0.005)


def test_a_finished_trial_by_hand() -> None:
    found = realised(read(DESIGN), panel())
    assert found is not None
    assert found.effect == pytest.approx((2.0942 + 0.8612) * 0.6386620493, rel=1e-3)  # t of 18.85 df at .975 and .8
    assert found.sd == pytest.approx(math.sqrt(0.545807 + 41.2901))
    assert found.g == pytest.approx(found.effect / found.sd)
    as_written = DESIGN.replace("25", repr(524 / 24)).replace("0.05", "0.0130464").replace("7.0", repr(found.sd))
    assert found.again == mdes(read(as_written)).mdes
    assert found.assurance is not None and 0.5 < found.assurance < 1


def test_ratios_are_told_as_ratios() -> None:
    found = realised(
        read(DESIGN.replace('cluster"', 'cluster"\noutcome = "count"', 1).replace("sd = 7.0", "control_rate = 3.0")),
        panel("log rate ratio"),
    )
    assert found is not None and found.ratio == pytest.approx(math.exp(found.effect))


def test_without_a_standard_error_there_is_none() -> None:
    told = panel()
    told["panel"] = [{"declared": True, "se": None, "df": None, "scale": "difference"}]
    assert realised(read(DESIGN), told) is None
