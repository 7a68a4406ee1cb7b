"""Seventy data sets: effects by our formulas, pooled, regressed, with levels, and examined for small studies, against R.

The numbers are in many.json (made by make/many.R with metafor and clubSandwich, run until nothing moves); the data are
read from the shared folder. `many` says what is compared, and against what a difference is measured.
"""

from __future__ import annotations

import json

import pytest

from tests.oracles import many
from tests.shared import needs_shared

# R printed 15 digits. Where a tau2 is climbed to, its last step is below 1e-13, absolutely; the smallest here is some
# thousandths, and what hangs on it carries the rest of the error on. Far tails of p magnify the last digits of z.
TOLERANCES = {
    "effects": 1e-8,  # closed forms
    "pool DL": 1e-8,  # closed form
    "pool REML": 1e-6,  # iterated
    "pool PM": 1e-6,  # iterated
    "interval of tau2": 1e-5,  # metafor looks for the ends by uniroot
    "regression": 1e-6,  # iterated
    "levels": 1e-6,  # iterated: nlminb, then scoring
    "robust": 1e-6,  # closed form at iterated variances
    "small studies": 1e-8,  # closed forms
    "trim and fill": 1e-6,  # iterated
}
SETS = sorted(many.oracle()["sets"])


@needs_shared
@pytest.mark.parametrize("name", SETS)
def test_every_number_is_r_s(name: str) -> None:
    apart = [
        f"{one.where}: {one.ours!r}, R {one.theirs!r}"
        for one in many.comparisons(name)
        if not one.difference <= TOLERANCES[one.family]
    ]
    assert not apart, "\n".join(apart)


@needs_shared
def test_no_peak_of_r_s_is_higher() -> None:
    # Where the last digits differ it must be because ours is nearer to the top, not on another hill.
    for name in SETS:
        for one in many.comparisons(name):
            if one.where.endswith("loglik") and one.family in ("pool REML", "regression", "levels"):
                assert one.ours >= one.theirs - 1e-9 * (1 + abs(one.theirs)), one.where


def test_the_sets_are_many_and_the_file_is_small() -> None:
    # a script that stopped early, or one that wrote whole data sets down, would show here
    assert len(SETS) >= 60
    assert sum(len(one.get("levels", ())) for one in many.oracle()["sets"].values()) >= 40
    assert sum(len(one["regress"]) for one in many.oracle()["sets"].values()) >= 60
    assert len(json.dumps(many.oracle())) < 600_000
