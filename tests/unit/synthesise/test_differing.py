"""A declared moderator is compared as declared, with its caution; what cannot be compared says why."""

from __future__ import annotations

from typing import Any

import pytest

import whatworks as ww
from whatworks.synthesise.methods.differing import differing

ROWS: list[dict[str, Any]] = [
    {"yi": y, "vi": v, "months": m, "country": c, "randomised": r}
    for y, v, m, c, r in (
        (0.1, 0.02, 6, "England", True),
        (0.2, 0.03, 12, "England", True),
        (0.3, 0.02, 12, "Wales", False),
        (0.4, 0.04, 24, "Wales", True),
        (0.2, 0.05, 3, "", False),
    )
]
YI, VI = [row["yi"] for row in ROWS], [row["vi"] for row in ROWS]


def test_a_number_gives_the_slope_of_a_meta_regression() -> None:
    found = differing(ROWS, "months")
    slope = ww.regress(YI, VI, [[row["months"]] for row in ROWS], names=["months"], interval="hksj-adhoc").coefficients[
        1
    ]
    assert found["rows"][0]["estimate"] == pytest.approx(slope.estimate)
    assert f"p = {slope.p:.3g}" in found["said"] and "differences between studies" in found["said"]


def test_words_give_groups_side_by_side() -> None:
    found = differing(ROWS, "country")
    groups = ww.subgroups(YI, VI, ["England", "England", "Wales", "Wales", "not recorded"]).groups
    assert [row["what"] for row in found["rows"]] == [one.name for one in groups]
    assert [row["estimate"] for row in found["rows"]] == [one.estimate for one in groups]


def test_what_is_not_known_is_left_out_and_said() -> None:
    found = differing([*ROWS, ROWS[0] | {"months": None}], "months")
    assert found["rows"][0]["k"] == 5 and "1 result without it left out." in found["said"]


@pytest.mark.parametrize(
    ("rows", "moderator", "why"),
    [
        (ROWS[:3], "months", "at least 4 results"),
        ([row | {"months": 6} for row in ROWS], "months", "months"),
        ([row | {"randomised": True} for row in ROWS], "randomised", "of one kind: yes"),
    ],
)
def test_what_cannot_be_compared_says_why(rows: list[dict[str, Any]], moderator: str, why: str) -> None:
    found = differing(rows, moderator)
    assert why in found["rows"][0]["why_not"] and found["said"] == "This could not be tried."
