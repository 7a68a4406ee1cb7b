"""PRISMA flow: two kinds of count that are never added, and a published flow read whole."""

from __future__ import annotations

import pytest

from tests.shared import needs_shared
from tests.unit.screen.flows import HELD, care_leavers, held
from whatworks.errors import InputError
from whatworks.screen.methods.prisma import Tally, build_flow, read_prisma2020


@needs_shared
def test_the_published_flow_of_the_care_leavers_review() -> None:
    flow = build_flow(published=care_leavers())
    counts = {name: box.published for name, box in flow.boxes.items()}
    assert counts["database_results"] == 2442
    assert counts["other_results"] == 1812
    assert (counts["duplicates"], counts["records_screened"], counts["records_excluded"]) == (494, 1948, 1813)
    assert (counts["dbr_excluded"], counts["other_excluded"]) == (114, 96)
    assert (counts["new_studies"], counts["new_reports"]) == (14, 27)
    assert len(flow.boxes["database_results"].parts) == 11
    assert len(flow.boxes["dbr_excluded"].parts) == 8
    assert flow.kinds == ("published",)


@needs_shared
def test_a_register_named_under_databases_too_is_counted_once() -> None:
    flow = build_flow(published=care_leavers())
    assert [part.label for part in flow.twice] == ["Cochrane Controlled Register of Trials via Ovid"]
    assert "register_results" not in flow.boxes


@needs_shared
def test_a_total_of_nought_without_an_earlier_version_is_not_a_count() -> None:
    assert not any(tally.item.startswith("total") for tally in care_leavers())


def test_held_and_published_counts_stand_side_by_side() -> None:
    flow = build_flow(held=[Tally("new_reports", "", 28)], published=[Tally("new_reports", "", 27)])
    assert (flow.count("new_reports", "held"), flow.count("new_reports", "published")) == (28, 27)
    assert flow.kinds == ("published", "held")


def test_the_sum_of_parts_is_of_one_kind() -> None:
    """A held reason must not fill up a published total, nor the other way round."""
    flow = build_flow(
        held=[Tally("dbr_excluded", "Wrong outcomes", 3)],
        published=[Tally("dbr_excluded", "Wrong outcomes", 4), Tally("dbr_excluded", "Wrong population", 12)],
    )
    box = flow.boxes["dbr_excluded"]
    assert (box.published, box.held) == (16, 3)
    assert [(part.label, part.published, part.held) for part in box.parts] == [
        ("Wrong outcomes", 4, 3),
        ("Wrong population", 12, None),
    ]


def test_a_given_total_wins_over_the_sum_of_its_parts() -> None:
    flow = build_flow(published=[Tally("dbr_excluded", "", 20), Tally("dbr_excluded", "Wrong outcomes", 4)])
    assert flow.boxes["dbr_excluded"].published == 20
    assert flow.boxes["dbr_excluded"].summed == frozenset()


def test_what_is_not_counted_is_not_nought() -> None:
    flow = held(dbr_notretrieved_reports=None)
    assert flow.count("dbr_notretrieved_reports", "held") is None
    assert "dbr_notretrieved_reports" not in flow.boxes


def test_a_flow_as_json_keeps_kinds_and_parts() -> None:
    box = build_flow(held=HELD).to_dict()["dbr_excluded"]
    assert box == {
        "published": None,
        "held": 83,
        "unit": "reports",
        "parts": [
            {"label": "Wrong population", "published": None, "held": 50},
            {"label": "No comparison group", "published": None, "held": 33},
        ],
    }


@pytest.mark.parametrize(
    ("tallies", "says"),
    [
        ([Tally("records_sreened", "", 1)], "no item 'records_sreened'"),
        ([Tally("duplicates", "", -1)], "cannot be below 0"),
        ([Tally("duplicates", "", 1), Tally("duplicates", "", 2)], "twice"),
    ],
)
def test_counts_that_cannot_be_are_refused(tallies: list[Tally], says: str) -> None:
    with pytest.raises(InputError, match=says):
        build_flow(published=tallies)


def test_a_list_that_cannot_be_read_is_refused_not_skipped() -> None:
    with pytest.raises(InputError, match="dbr_excluded reads 'Wrong outcomes: 4'"):
        read_prisma2020([{"item": "dbr_excluded", "label": "Reports excluded", "n": "Wrong outcomes: 4"}])


def test_the_packages_own_column_names_are_read_too() -> None:
    rows = [{"data": "dbr_excluded", "boxtext": "Reports excluded", "n": "Wrong outcomes, in part, 4; Other, 1"}]
    assert read_prisma2020(rows) == [
        Tally("dbr_excluded", "Wrong outcomes, in part", 4),
        Tally("dbr_excluded", "Other", 1),
    ]
