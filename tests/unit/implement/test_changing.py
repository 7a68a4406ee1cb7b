"""What is asked of an adaptation, of barriers, and of two people who code interviews."""

from __future__ import annotations

from dataclasses import replace

import pytest

from whatworks.implement.methods.acting import PARTS, standing
from whatworks.implement.methods.adapting import CHOICES, INCONSISTENT, UNKNOWN, Change, faults, warns
from whatworks.implement.methods.coding import agreement, told

CHANGE = Change("deliver", True, "managers", "context", "team", "format", "consistent", "reach", "organisation")
COMPONENTS = {"meet": "Meets the family"}


def test_a_whole_adaptation_has_no_fault() -> None:
    assert faults(CHANGE, COMPONENTS) == [] and not warns(CHANGE)


@pytest.mark.parametrize("name", list(CHOICES))
def test_each_question_of_the_framework_needs_one_of_its_answers(name: str) -> None:
    assert [part for part, _ in faults(replace(CHANGE, **{name: "nothing"}), COMPONENTS)] == [name]


def test_what_is_left_out_is_named_and_warns() -> None:
    lost = replace(CHANGE, keeps=INCONSISTENT)
    assert [part for part, _ in faults(lost, COMPONENTS)] == ["components"] and warns(lost)
    assert faults(replace(lost, components=("meet",)), COMPONENTS) == []
    assert [part for part, _ in faults(replace(CHANGE, components=("tea",)), COMPONENTS)] == ["components"]
    assert warns(replace(CHANGE, keeps=UNKNOWN))


def test_a_barrier_that_nothing_is_planned_against_is_flagged() -> None:
    found = standing([("b1", "physical-opportunity"), ("b2", "social-opportunity")], ["b1", "gone"])
    assert found.unaddressed == ("b2",) and not found.whole and found.by_part["physical-opportunity"] == 1
    assert standing([], []).whole


def test_two_coders_are_compared_part_by_part() -> None:
    """Kappa by hand: 4 both, 1 each alone, 4 neither: observed 0.8, by chance 0.5, kappa 0.6."""
    part, other = list(PARTS)[:2]
    yes, no = frozenset({part}), frozenset[str]()
    pairs = [(yes, yes)] * 4 + [(yes, no), (no, yes)] + [(no, no)] * 4
    found = {one.part: one for one in agreement(pairs)}
    assert (found[part].both, found[part].one, found[part].neither) == (4, 2, 4)
    assert found[part].kappa == pytest.approx(0.6) and not found[part].few
    assert found[part].low == pytest.approx(
        0.6 - 1.959964 * 0.252982, abs=1e-4
    )  # se by Fleiss, Cohen and Everitt: 0.2530
    assert found[other].kappa is None  # nobody used it: agreement beyond chance has no meaning


def test_a_part_counts_where_both_coders_marked_it() -> None:
    part, other = list(PARTS)[:2]
    counts = told({"i1": [frozenset({part}), frozenset({part, other})], "i2": [frozenset({part})]})
    assert counts[part] == 1 and counts[other] == 0
