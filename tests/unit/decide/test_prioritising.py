"""An order of questions in which no group is swamped; agreement as R has it; a rule that is fixed before a first round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.decide.methods.agreeing import IN, OPEN, OUT, ConsensusRule, consensus, ranked_together
from whatworks.decide.methods.prioritising import InterimOrder, interim_order
from whatworks.errors import InputError

QUESTIONS = ["a", "b", "c", "d"]
POINTS = st.lists(st.integers(0, 10), min_size=4, max_size=4)
GROUP = st.lists(POINTS, min_size=1, max_size=6)


def ranks(order: InterimOrder) -> dict[str, float]:
    return {one.question: one.rank for one in order.placed}


@given(GROUP, GROUP)
def test_ten_times_the_voters_of_one_group_change_nothing(young: list[list[int]], workers: list[list[int]]) -> None:
    once = interim_order(QUESTIONS, {"young people": young, "workers": workers})
    swamped = interim_order(QUESTIONS, {"young people": young, "workers": workers * 10})
    assert ranks(swamped) == ranks(once)


def test_ranks_are_those_of_each_group_and_ties_share() -> None:
    order = interim_order(QUESTIONS, {"x": [[3, 2, 1, 0], [3, 2, 1, 0]], "y": [[0, 5, 5, 1]]})
    assert [(one.question, one.rank, one.mean_rank) for one in order.placed] == [
        ("b", 1.0, 1.75), ("c", 2.0, 2.25), ("a", 3.0, 2.5), ("d", 4.0, 3.5)
    ]  # fmt: skip
    assert order.groups[1].ranks == (4.0, 1.5, 1.5, 3.0)
    assert order.placed[2].apart == 3.0


def test_one_thousand_of_one_group_do_not_beat_ten_of_another() -> None:
    """Added up, the workers' favourite would win by far."""
    order = interim_order(["workload", "being heard"], {"workers": [[9, 8]] * 1000, "young people": [[0, 9]] * 10})
    assert ranks(order) == {"workload": 1.5, "being heard": 1.5}


def test_weights_are_said_and_count() -> None:
    votes = {"workers": [[9, 8]], "young people": [[0, 9]]}
    order = interim_order(["workload", "being heard"], votes, weights={"workers": 1, "young people": 2})
    assert ranks(order) == {"being heard": 1.0, "workload": 2.0}
    assert order.weights == {"workers": pytest.approx(1 / 3), "young people": pytest.approx(2 / 3)}


def test_a_shortlist_takes_ties_in_and_names_what_might_have_been_in() -> None:
    order = interim_order(QUESTIONS, {"x": [[4, 3, 3, 0]] * 20})
    inside, near = order.shortlist(2)
    assert [one.question for one in inside] == ["a", "b", "c"]
    assert near == ()
    split = interim_order(["a", "b", "c"], {"x": [[2, 1, 0]] * 11 + [[0, 1, 2]] * 10})
    inside, near = split.shortlist(1)
    assert [one.question for one in inside] == ["a"]
    assert [one.question for one in near] == [
        "c"
    ]  # "b" is between them, whoever is drawn; with "c" a few voters decide
    assert split.placed == interim_order(["a", "b", "c"], {"x": [[2, 1, 0]] * 11 + [[0, 1, 2]] * 10}).placed


@pytest.mark.parametrize(
    ("votes", "says"),
    [
        ({}, "one group at least"),
        ({"x": []}, "has no voters"),
        ({"x": [[1, 2, 3]]}, "Voter 1 of “x” must give each of the 4"),
        ({"x": [[1, 2, 3, -1]]}, "number of 0 or more"),
        ({"x": [[1, 2, 3, float("nan")]]}, "number of 0 or more"),
    ],
)
def test_votes_that_cannot_be_counted_are_refused(votes: dict[str, list[list[float]]], says: str) -> None:
    with pytest.raises(InputError, match=says):
        interim_order(QUESTIONS, votes)


def test_questions_and_weights_that_cannot_be_are_refused() -> None:
    with pytest.raises(InputError, match="twice"):
        interim_order(["a", "a"], {"x": [[1, 2]]})
    with pytest.raises(InputError, match="no question"):
        interim_order([], {"x": [[]]})
    with pytest.raises(InputError, match="weight above nought"):
        interim_order(["a"], {"x": [[1]]}, weights={"x": 0})
    with pytest.raises(InputError, match="room for one"):
        interim_order(["a"], {"x": [[1]]}).shortlist(0)


def test_concordance_is_that_of_r() -> None:
    """friedman.test of R 4.2.2: its chi-squared is people x (things - 1) x W; with and without ties."""
    table = [[1, 2, 3, 4, 5], [2, 1, 3, 5, 4], [1.5, 1.5, 3, 4, 5], [5, 4, 3, 1.5, 1.5]]
    found = ranked_together(table)
    assert found.chi2 == pytest.approx(3.79487179487179, abs=1e-12)
    assert found.p == pytest.approx(0.434478105846139, abs=1e-12)
    assert found.w == pytest.approx(3.79487179487179 / 16, abs=1e-12)
    assert found.points == (14.5, 15.5, 12.0, 9.5, 8.5)


def test_perfect_agreement_is_one_and_none_is_refused() -> None:
    assert ranked_together([[1, 2, 3]] * 4).w == 1.0
    for table, says in (
        ([[1, 2, 3]], "two people"),
        ([[1, 2], [1, 2, 3]], "two people"),
        ([[1, 1, 2], [1, 2, 3]], "Row 1 is no ranking"),
        ([[2, 2, 2], [2, 2, 2]], "tied everything"),
    ):
        with pytest.raises(InputError, match=says):
            ranked_together(table)


def test_a_statement_is_in_out_or_open_by_the_rule() -> None:
    rule = ConsensusRule()
    people = [f"p{number}" for number in range(20)]
    assert consensus(rule, {}, dict(zip(people, [9] * 14 + [5] * 4 + [1] * 2, strict=True))).verdict == IN
    assert (
        consensus(rule, {}, dict(zip(people, [9] * 14 + [5] * 3 + [1] * 3, strict=True))).verdict == OPEN
    )  # 15 of 100
    assert consensus(rule, {}, dict(zip(people, [1] * 14 + [5] * 4 + [9] * 2, strict=True))).verdict == OUT
    assert consensus(rule, {}, dict(zip(people, [9] * 13 + [5] * 7, strict=True))).verdict == OPEN


def test_what_people_kept_to_and_who_left_is_said() -> None:
    now = consensus(ConsensusRule(), {"a": 9, "b": 5, "c": 2, "d": 8}, {"a": 7, "b": 8, "c": 1})
    assert (now.scored, now.stayed, now.left) == (3, pytest.approx(2 / 3), 1)
    assert consensus(ConsensusRule(), {}, {"a": 9}).stayed is None


def test_a_rule_has_a_mark_of_its_own_and_cannot_contradict_itself() -> None:
    assert ConsensusRule().digest == ConsensusRule().digest != ConsensusRule(agree=0.75).digest
    with pytest.raises(InputError, match="low below high"):
        ConsensusRule(low=7)
    with pytest.raises(InputError, match="more than half"):
        ConsensusRule(agree=0.4)
    for scores in ({}, {"a": 10}):
        with pytest.raises(InputError, match="whole numbers from 1 to 9"):
            consensus(ConsensusRule(), {}, scores)
