"""The risk to start from: out of the studies' own comparison groups, all of them, or none is said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.publish.methods.baselines import comparison_group, pooled_baseline, raw_words

COUNTS = {"events1": 61, "n1": 172, "events2": 55, "n2": 171}
SHARES = {"proportion1": 0.355, "n1": 172, "proportion2": 0.25, "n2": 200}
MEANS = {"mean1": 3.5, "mean2": 4.0, "sd1": 1.0, "sd2": 1.1, "n1": 30, "n2": 31}
groups = st.lists(
    st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=8
)


@pytest.mark.parametrize(
    ("inputs", "group"),
    [
        (COUNTS, (55.0, 171.0)),
        (SHARES, (50.0, 200.0)),
        ({"p2": 0.1, "n2": 50}, (5.0, 50.0)),
        ({"events2": 0, "n2": 50}, (0.0, 50.0)),
        ({"proportion2": 0.0, "n2": 50}, (0.0, 50.0)),
        (MEANS, None),
        ({"events2": 5}, None),
        ({"events2": 5, "n2": 0}, None),
        ({"n2": 50}, None),
        ({}, None),
    ],
)
def test_a_comparison_group_is_read_from_counts_or_shares(inputs: dict[str, Any], group: Any) -> None:
    assert comparison_group(inputs) == group


@given(groups)
def test_the_risk_is_events_over_people_of_all_groups_together(given_groups: list[tuple[int, int]]) -> None:
    """Not the mean of the risks: a study of ten people would weigh like one of a thousand."""
    found = pooled_baseline({"events2": events, "n2": n} for events, n in given_groups)
    assert found == pytest.approx(sum(e for e, _ in given_groups) / sum(n for _, n in given_groups))


@pytest.mark.parametrize("silent", [{}, MEANS, {"events2": 5}])
def test_one_group_that_does_not_tell_leaves_all_untold(silent: dict[str, Any]) -> None:
    """The risk of those that happen to tell is not the risk of those that were pooled."""
    assert pooled_baseline([COUNTS, silent]) is None
    assert pooled_baseline([silent, COUNTS]) is None


def test_nothing_pooled_is_no_risk() -> None:
    assert pooled_baseline([]) is None


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (COUNTS, "61 of 172 against 55 of 171"),
        (SHARES, "35.5% of 172 against 25.0% of 200"),
        (MEANS, "mean 3.5 against 4"),
        ({"m1": 3.5, "m2": 4.25}, "mean 3.5 against 4.25"),
        ({"events1": 0, "n1": 20, "events2": 0, "n2": 21}, "0 of 20 against 0 of 21"),
        ({"t": 2.1, "n1": 20, "n2": 20}, ""),
        ({"events1": 5, "n1": 20}, ""),
        ({}, ""),
    ],
)
def test_raw_numbers_in_words(inputs: dict[str, Any], words: str) -> None:
    assert raw_words(inputs) == words
