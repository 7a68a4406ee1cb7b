"""Identities: a sum that closes says so, one that does not names both sides, and none is tried with a term unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import needs_shared
from tests.unit.screen.flows import HELD, care_leavers, held
from whatworks.screen.methods.identities import identities, remarks
from whatworks.screen.methods.prisma import Tally, build_flow


@needs_shared
def test_the_care_leavers_review_adds_up() -> None:
    found = {one.name: one for one in identities(build_flow(published=care_leavers()))}
    assert all(one.holds for one in found.values())
    assert {name: one.right for name, one in found.items()} == {
        "parts of database_results": 2442,
        "other methods": 1812,
        "screened": 1948,
        "sought": 135,
        "assessed": 135,
        "assessed, other methods": 102,
        "included": 27,
    }
    assert found["screened"].sentence == "2,442 from databases − 494 duplicates = 1,948 screened."


@needs_shared
def test_what_nobody_printed_is_said() -> None:
    """The number excluded is only the sum of its reasons, so no identity can test it against them."""
    said = remarks(build_flow(published=care_leavers()))
    assert "The published number of reports excluded (114) is the sum of its parts; no total was given." in said
    assert any("named under databases and again under registers" in one for one in said)


@pytest.mark.parametrize(
    ("item", "broken"),
    [
        ("duplicates", {"screened"}),
        ("records_screened", {"screened", "sought"}),
        ("records_excluded", {"sought"}),
        ("dbr_sought_reports", {"sought", "assessed"}),
        ("dbr_notretrieved_reports", {"assessed"}),
        ("dbr_assessed", {"assessed", "included"}),
        ("new_reports", {"included"}),
    ],
)
def test_one_wrong_number_breaks_the_sums_it_is_in(item: str, broken: set[str]) -> None:
    whole = {one.name: one for one in identities(held())}
    assert all(one.holds for one in whole.values())
    right = held().count(item, "held")
    assert right is not None
    found = identities(held(**{item: right + 3}))
    assert {one.name for one in found if not one.holds} == broken
    assert all("3 apart" in one.sentence for one in found if not one.holds)


def test_reasons_that_do_not_come_to_the_total_are_named() -> None:
    flow = build_flow(published=[Tally("dbr_excluded", "", 20), Tally("dbr_excluded", "Wrong outcomes", 4)])
    (found,) = identities(flow)
    assert (found.left, found.right, found.holds) == (4, 20, False)
    assert found.sentence == 'The 1 parts of "reports excluded" come to 4, but 20 is stated: 16 apart.'


@pytest.mark.parametrize("item", ["records_excluded", "dbr_assessed", "new_reports", "database_results"])
def test_a_sum_with_an_unknown_term_is_not_tried(item: str) -> None:
    before = {one.name for one in identities(held())}
    after = identities(held(**{item: None}))
    assert {one.name for one in after} < before
    assert all(one.holds for one in after)


def test_kinds_are_never_mixed() -> None:
    """Published screened and held excluded must not be subtracted from each other."""
    split = (
        [Tally("records_screened", "", 800)],
        [Tally("records_excluded", "", 700), Tally("dbr_sought_reports", "", 100)],
    )
    assert identities(build_flow(published=split[0], held=split[1])) == []


@given(st.lists(st.integers(min_value=0, max_value=5000), min_size=len(HELD), max_size=len(HELD)))
def test_an_identity_holds_exactly_when_its_two_sides_are_equal(numbers: list[int]) -> None:
    tallies = [Tally(tally.item, tally.label, n) for tally, n in zip(HELD, numbers, strict=True)]
    for one in identities(build_flow(held=tallies)):
        assert one.holds == (one.left == one.right)
        assert f"{one.right:,}" in one.sentence
