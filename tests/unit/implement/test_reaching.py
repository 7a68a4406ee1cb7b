"""Adoption, reach and maintenance over denominators with a date."""

from __future__ import annotations

import datetime

import pytest

from whatworks.errors import InputError
from whatworks.implement.methods.reaching import adopted, maintained, months_after, share, wilson

DAY = datetime.date(2026, 3, 1)
COULD = {"a": "North", "b": "North", "c": "South", "d": "South", "e": "South"}


def test_the_denominator_is_everybody_who_could_and_not_who_answered() -> None:
    found = adopted(DAY, COULD, {"a", "b", "c"}, {"a", "c"})
    assert (found.whole.number, found.whole.of, found.whole.percent) == (2, 5, 40)
    assert found.answered is not None and (found.answered.number, found.answered.of) == (2, 3)
    assert found.not_known == 2
    assert [(one.name, one.number, one.of) for one in found.parts] == [("North", 1, 2), ("South", 1, 3)]


def test_a_place_that_was_none_on_the_day_is_not_counted() -> None:
    found = adopted(DAY, COULD, {"a", "gone"}, {"gone"})
    assert found.whole.number == 0 and found.answered is not None and found.answered.of == 1


def test_who_adopts_is_known_even_where_no_answer_is_recorded() -> None:
    found = adopted(DAY, COULD, set(), {"a"})
    assert found.answered is not None and found.answered.of == 1 and found.not_known == 4


def test_maintenance_counts_only_those_who_began_six_months_ago() -> None:
    started = [
        (datetime.date(2025, 1, 1), None),
        (datetime.date(2025, 1, 1), datetime.date(2025, 3, 1)),
        (datetime.date(2025, 1, 1), datetime.date(2025, 12, 1)),
        (datetime.date(2026, 1, 1), None),
    ]
    found = maintained(started, DAY)
    assert found is not None and (found.number, found.of) == (2, 3)
    assert maintained([(datetime.date(2026, 1, 1), None)], DAY) is None


def test_an_interval_is_for_a_sample_and_is_wilsons() -> None:
    assert share(1, 4).low is None
    assert wilson(10, 20) == pytest.approx((29.92980, 70.07020), abs=1e-4)  # R: prop.test(10, 20, correct = FALSE)
    found = share(10, 20, sampled=True)
    assert (found.low, found.high) == wilson(10, 20)


def test_a_share_of_nothing_is_refused() -> None:
    for number, of in ((0, 0), (3, 2), (-1, 2)):
        with pytest.raises(InputError, match="no share"):
            share(number, of)


def test_months_end_where_the_month_ends() -> None:
    assert months_after(datetime.date(2025, 12, 31)) == datetime.date(2026, 6, 30)
    assert months_after(datetime.date(2025, 6, 15)) == datetime.date(2025, 12, 15)
