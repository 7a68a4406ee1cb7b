"""Sixty-nine data sets: effects by our formulas, pooled, regressed, with levels, and examined for small studies, against R.

The numbers are in many.json (made by make/many.R with metafor and clubSandwich, run until nothing moves); the data are
read from the shared folder. `many` says what is compared, and against what a difference is measured.
"""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from tests.oracles import many
from tests.shared import needs_shared
from whatworks.synthesise.methods.regressing.regression import regress

# R printed 15 digits. Where a tau2 is climbed to, its last step is below 1e-13, absolutely; the smallest here is 0.0005,
# and what hangs on it carries the rest of the error on. Far tails of p magnify the last digits of z.
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


@needs_shared
@pytest.mark.parametrize("name", ["egger2001", "li2007", "colditz1994"])
def test_where_we_differ_most_from_r_the_exact_sum_is_ours(name: str) -> None:
    # Q of what a year leaves, in fractions: R multiplies by years of 1,980 as they stand, and loses up to eight digits.
    data = many.table(name)
    y, x = ([Fraction(float(one)) for one in data[column]] for column in ("yi", "year"))
    w = [1 / Fraction(one) for one in data["vi"]]
    total = sum(w)
    mean_x, mean_y = (sum(a * b for a, b in zip(w, of, strict=True)) / total for of in (x, y))
    slope = sum(a * (b - mean_x) * (c - mean_y) for a, b, c in zip(w, x, y, strict=True))
    slope /= sum(a * (b - mean_x) ** 2 for a, b in zip(w, x, strict=True))
    exact = sum(a * (c - mean_y - slope * (b - mean_x)) ** 2 for a, b, c in zip(w, x, y, strict=True))
    assert regress(table=data, formula="yi ~ year").qe == pytest.approx(float(exact), rel=1e-13)


def test_the_sets_are_many_and_the_file_is_small() -> None:
    # a script that stopped early, or one that wrote whole data sets down, would show here
    assert len(SETS) >= 60
    assert sum(len(one.get("levels", ())) for one in many.oracle()["sets"].values()) >= 40
    assert sum(len(one["regress"]) for one in many.oracle()["sets"].values()) >= 60
    assert len(json.dumps(many.oracle())) < 600_000
