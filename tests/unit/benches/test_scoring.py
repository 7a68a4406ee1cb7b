"""A score that is wrong would praise a matching that loses publications."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benches.matching.programs import survivors
from benches.matching.scoring import score

LABELS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=25)


def together(labels: list[int]) -> set[tuple[int, int]]:
    """Every two records with one label."""
    return {(a, b) for a, b in itertools.combinations(range(len(labels)), 2) if labels[a] == labels[b]}


@given(LABELS, st.sets(st.tuples(st.integers(0, 24), st.integers(0, 24))))
def test_counting_by_groups_is_counting_pairs(labels: list[tuple[int, int]], drawn: set[tuple[int, int]]) -> None:
    """The linear count is the slow obvious one."""
    works, groups = [work for work, _ in labels], [group for _, group in labels]
    asked = {(a, b) for a, b in drawn if a < b < len(labels)}
    true, proposed = together(works), together(groups)
    got = score(works, groups, asked)
    assert got.precision == (len(true & proposed) / len(proposed) if proposed else 1.0)
    assert got.recall == (len(true & proposed) / len(true) if true else 1.0)
    assert got.found_or_asked == (len(true & (proposed | asked)) / len(true) if true else 1.0)
    assert got.asked == len(asked)


@given(LABELS)
def test_an_item_is_lost_where_another_swallows_it(labels: list[tuple[int, int]]) -> None:
    """Each group stands for one work; the others in it are lost there."""
    works, groups = [work for work, _ in labels], [group for _, group in labels]
    inside = {group: {work for work, home in labels if home == group} for group in set(groups)}
    assert score(works, groups).lost == sum(len(members) - 1 for members in inside.values())


def test_a_perfect_matching_has_perfect_figures() -> None:
    """And one that merges everything has not."""
    works = [0, 0, 1, 2, 2, 2]
    perfect, all_in_one = score(works, works), score(works, [0] * 6)
    assert (perfect.f1, perfect.lost, perfect.removed, perfect.removable) == (1.0, 0, 3, 3)
    assert (all_in_one.recall, all_in_one.lost, all_in_one.removed) == (1.0, 2, 5)
    assert all_in_one.precision == pytest.approx(4 / 15)


def test_no_matching_at_all_finds_nothing() -> None:
    """A program that does nothing must not look right."""
    nothing = score([0, 0, 1], [0, 1, 2], asked=[(1, 0)])
    assert (nothing.recall, nothing.f1, nothing.found_or_asked) == (0.0, 0.0, 1.0)
    assert nothing.asked_per_1000 == pytest.approx(1000 / 3)


def test_of_a_program_that_only_removes_the_pairs_are_not_known() -> None:
    """What it lost is known: the works of which no record is left."""
    got = survivors([0, 0, 1, 2], kept=[0, 3])
    assert (got.removed, got.removable, got.lost) == (2, 1, 1)
    assert math.isnan(got.precision) and got.asked is None
