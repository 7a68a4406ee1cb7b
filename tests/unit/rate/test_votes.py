"""Counting votes: one study, one vote; a direction needs most studies and most people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.rate import Reported, majority, tally


def reported(*votes: tuple[str, int | None]) -> list[Reported]:
    return [Reported(f"study {n}", direction, people) for n, (direction, people) in enumerate(votes)]


def test_studies_and_people_are_counted_for_each_direction() -> None:
    """A study in the wrong column turns the answer round."""
    counts = tally(reported(("lower", 100), ("lower", 50), ("higher", 20), ("no difference", 10)))
    assert counts.to_dict() == {
        "studies_lower": 2,
        "studies_higher": 1,
        "studies_no_difference": 1,
        "participants_lower": 150,
        "participants_higher": 20,
        "participants_no_difference": 10,
    }
    assert (counts.studies, counts.participants, majority(counts)) == (4, 180, None)
    assert counts.summary() == "Of 4 studies, 2 report lower, 1 higher and 1 no clear difference."


@pytest.mark.parametrize(
    ("votes", "direction"),
    [
        ([("lower", 100), ("lower", 50), ("higher", 20)], "lower"),
        ([("higher", 100), ("higher", 50), ("lower", 20)], "higher"),
        ([("no difference", 100), ("no difference", 50), ("lower", 20)], "no difference"),
        ([("lower", 100), ("higher", 20)], None),  # half of the studies is not most
        ([("lower", 10), ("lower", 10), ("higher", 20)], None),  # half of the people is not most
        ([("lower", 10), ("lower", 10), ("higher", 500)], None),
        ([("lower", 10), ("lower", 10), ("higher", None)], None),  # not shown, so not claimed
        ([], None),
    ],
)
def test_a_direction_needs_most_of_both(votes: list[tuple[str, int | None]], direction: str | None) -> None:
    """The published rule asks for both; either alone would let one large or three small studies decide."""
    assert majority(tally(reported(*votes))) == direction


def test_people_are_unknown_where_any_study_does_not_say() -> None:
    """Adding up only those that say would call a part the whole."""
    counts = tally(reported(("lower", 100), ("lower", None)))
    assert (counts.participants_lower, counts.participants) == (None, None)


@pytest.mark.parametrize(
    ("reports", "says"),
    [
        ([Reported("New Jersey", "lower", 1), Reported("New Jersey", "higher", 1)], "New Jersey is counted twice"),
        ([Reported("Kentucky", "better", 1)], "'better' is no direction"),
        ([Reported("Kentucky", "lower", -1)], "-1 participants"),
    ],
)
def test_what_cannot_be_counted_is_refused(reports: list[Reported], says: str) -> None:
    """An interim and a final cut of one trial are one vote."""
    with pytest.raises(InputError, match=says):
        tally(reports)


@given(st.lists(st.tuples(st.sampled_from(["lower", "higher", "no difference"]), st.integers(0, 99)), max_size=8))
def test_the_order_of_studies_does_not_matter(votes: list[tuple[str, int | None]]) -> None:
    """A vote that depends on the order of the file is no vote."""
    assert tally(reported(*votes)) == tally(reported(*reversed(votes)))
