"""One number by itself: a policy that is wrong here shows a child."""

from __future__ import annotations

from typing import Any

import pytest

from whatworks.errors import InputError
from whatworks.stats.disclosure import (
    INTERNAL,
    PUBLIC,
    RESEARCH,
    Policy,
    counts_behind,
    shown_count,
    shown_rate,
)


@pytest.mark.parametrize(
    ("count", "public", "research", "internal"),
    [
        (0, "0", "c", "0"),
        (1, "c", "c", "1"),
        (5, "c", "c", "5"),
        (6, "6", "c", "6"),
        (9, "9", "c", "9"),
        (10, "10", "10", "10"),
        (1230, "1,230", "1,230", "1,230"),
        (None, "c", "c", "c"),
    ],
)
def test_small_counts_are_withheld_for_each_kind_of_reader(
    count: int | None, public: str, research: str, internal: str
) -> None:
    assert [shown_count(count, policy) for policy in (PUBLIC, RESEARCH, INTERNAL)] == [public, research, internal]


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0"), (4, "c"), (6, "10"), (14, "10"), (15, "20"), (32_265, "32,270")]
)
def test_large_areas_are_rounded_halves_up(count: int, shown: str) -> None:
    """And small counts of them are withheld before they are rounded: 4 is not shown as 0."""
    assert shown_count(count, PUBLIC, large=True) == shown


@pytest.mark.parametrize("value", [-1, 2.5, True, "7", float("nan")])
def test_what_is_no_count_is_refused_without_repeating_it(value: Any) -> None:
    with pytest.raises(InputError, match="whole number, 0 or more") as caught:
        shown_count(value, PUBLIC)
    assert str(value) not in str(caught.value).replace("0 or more", "")


def test_a_rate_shows_no_more_than_its_count() -> None:
    assert shown_rate(4, 50_000, 10_000, PUBLIC) == "c"
    assert shown_rate(None, 50_000, 10_000, PUBLIC) == "c"
    assert shown_rate(127, 50_000, 10_000, PUBLIC) == "25.4"
    assert shown_rate(127, 50_000, 10_000, PUBLIC, large=True) == "26.0", "from 130, else the rate undoes the rounding"
    assert shown_rate(0, 50_000, 10_000, PUBLIC) == "0.0"
    assert shown_rate(6, 120, 100, PUBLIC, decimals=0) == "5"
    assert shown_rate(1, 800, 100, INTERNAL, decimals=2) == "0.13", "halves up, not to the even digit"


@pytest.mark.parametrize(("population", "per", "decimals"), [(0, 100, 1), (-4, 100, 1), (10, 0, 1), (10, 100, -1)])
def test_a_rate_of_nobody_is_refused(population: int, per: int, decimals: int) -> None:
    with pytest.raises(InputError, match="above 0"):
        shown_rate(10, population, per, PUBLIC, decimals=decimals)


def test_a_rate_gives_its_count_away() -> None:
    assert counts_behind(1.0, 30_000, 10_000) == (3, 3)
    assert counts_behind("25.4", 1_200_000, 10_000) == (3042, 3054)
    assert counts_behind(0.0, 100, 100) == (0, 0)
    low, high = counts_behind(shown_rate(127, 50_000, 10_000, PUBLIC), 50_000, 10_000)
    assert low <= 127 <= high


def test_a_rate_that_no_count_gives_is_refused() -> None:
    with pytest.raises(InputError, match="No whole count"):
        counts_behind(0.3, 100, 100)
    with pytest.raises(InputError, match="leave a withheld one out"):
        counts_behind("c", 100, 100)
    with pytest.raises(InputError, match="above 0"):
        counts_behind(1.0, 0, 100)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"smallest": 2, "largest": 5}, "from 0 or from 1"),
        ({"smallest": 1, "largest": None}, "give both limits"),
        ({"smallest": None, "largest": 5}, "give both limits"),
        ({"smallest": 1, "largest": 0}, "give both limits"),
        ({"smallest": 1, "largest": 5, "protection": 6}, "leaves 5 possible"),
        ({"smallest": 1, "largest": 5, "protection": 0}, "leaves 5 possible"),
        ({"smallest": None, "largest": None, "protection": 0}, "at least 1"),
        ({"smallest": 1, "largest": 5, "symbol": "5"}, "takes for a count"),
        ({"smallest": 1, "largest": 5, "symbol": " "}, "takes for a count"),
        ({"smallest": 1, "largest": 5, "rounding": 10}, "says what"),
        ({"smallest": 1, "largest": 5, "rounded": "all"}, "says what"),
        ({"smallest": 1, "largest": 5, "rounding": 100, "rounded": "all"}, "as 0"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Policy("mine", **arguments)


def test_a_policy_says_itself() -> None:
    assert PUBLIC.summary() == (
        "Counts of 1 to 5 are shown as c, and so are others that would give these away. "
        "Counts of large areas are rounded to the nearest 10."
    )
    assert INTERNAL.summary() == "Counts are shown whatever their size."
    assert PUBLIC.shows_zeros and not RESEARCH.shows_zeros
