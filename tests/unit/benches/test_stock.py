"""One popular title must not make matching quadratic: comparisons are counted, not timed."""

from __future__ import annotations

from benches.matching.stock import editorials
from tests.spec.matching.judging import as_records
from whatworks.collate.methods.match.blocking import candidates
from whatworks.collate.methods.match.sketches import columns_of
from whatworks.collate.methods.matching import sketch

MOST = 40  # comparisons per record; every two of 20,000 would be 10,000 per record


def comparisons(count: int) -> float:
    """How many comparisons per record so many editorials take."""
    records = as_records(editorials(count))
    return len(candidates(columns_of([sketch(one) for one in records]))) / len(records)


def test_a_title_that_everybody_has_is_not_compared_with_everybody() -> None:
    """Four times as many editorials take at most about four times as many comparisons."""
    few, many = comparisons(5_000), comparisons(20_000)
    assert 1 < many < MOST
    assert many < 1.5 * few
