"""Some thousands of made-up records with traps, in fields and kinds on which nothing was fitted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benches.matching.fields import other_fields
from benches.matching.grey import grey_literature
from benches.matching.sets import Labelled
from benches.matching.stock import editorials
from tests.spec.matching.judging import as_records, scored
from whatworks.collate.methods.matching import propose


@pytest.mark.parametrize(
    ("made", "least_merged", "most_questions"),
    [(other_fields, 0.95, 150), (grey_literature, 0.9, 400), (lambda: editorials(5_000), 0.7, 150)],
    ids=["other fields", "grey literature", "one title"],
)
def test_nothing_is_lost_and_little_is_left_undone(
    made: Callable[[], Labelled], least_merged: float, most_questions: int
) -> None:
    """Given works that look alike, with noisy copies: no wrong merge, most copies merged, the rest put to a person."""
    got = scored(made())
    assert got.lost == 0
    assert got.found_or_asked >= 0.995
    assert got.recall >= least_merged
    assert got.asked_per_1000 is not None and got.asked_per_1000 <= most_questions


def test_a_probability_is_no_boast() -> None:
    """Of pairs said to be one with 95 per cent or more, 99 of 100 are; of those said to be apart, hardly any are one."""
    sure, unlikely = [], []
    for one in (other_fields(), grey_literature()):
        for pair in propose(as_records(one)):
            true = one.works[pair.a] == one.works[pair.b]
            if pair.score >= 0.95:
                sure.append(true)
            elif pair.score < 0.1:
                unlikely.append(true)
    assert len(sure) > 1000 and sum(sure) / len(sure) >= 0.99
    assert len(unlikely) > 1000 and sum(unlikely) / len(unlikely) <= 0.01
