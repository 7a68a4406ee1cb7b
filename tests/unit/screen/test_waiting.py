"""A flow while people are at work: what waits has a box, the sums close with it, and a published flow is as before."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.unit.screen.flows import HELD, held
from whatworks.screen.drawings import prisma_svg
from whatworks.screen.methods.identities import identities
from whatworks.screen.methods.prisma import Flow, Tally, build_flow

SVG = "{http://www.w3.org/2000/svg}"
LIVE = [
    Tally("database_results", "", 100),
    Tally("duplicates", "", 10),
    Tally("excluded_automatic", "", 5),
    Tally("records_screened", "", 60),
    Tally("records_waiting", "", 25),
    Tally("records_excluded", "", 50),
    Tally("dbr_sought_reports", "", 10),
    Tally("dbr_reports_waiting", "", 4),
    Tally("dbr_assessed", "", 6),
    Tally("dbr_excluded", "", 2),
    Tally("other_results", "", 9),
    Tally("otherwise_results", "By hand", 9),
    Tally("other_duplicates", "", 1),
    Tally("other_screened_out", "", 2),
    Tally("other_automatic", "", 1),
    Tally("other_waiting", "", 2),
    Tally("other_sought_reports", "", 3),
    Tally("other_reports_waiting", "", 1),
    Tally("other_assessed", "", 2),
    Tally("other_excluded", "", 1),
    Tally("new_reports", "", 5),
    Tally("previous_reports", "", 7),
    Tally("total_reports", "", 12),
]
WAITING = ("records_waiting", "dbr_reports_waiting", "other_waiting", "other_reports_waiting")
BOTH_FORMS = pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])


def live(**changes: int) -> Flow:
    return build_flow(held=[Tally(one.item, one.label, changes.get(one.item, one.n)) for one in LIVE])


def test_every_sum_closes_with_what_waits() -> None:
    found = {one.name: one for one in identities(live())}
    assert {name for name, one in found.items() if not one.holds} == set()
    assert {"screened", "sought", "sought, other methods", "assessed", "assessed, other methods", "included"} <= set(
        found
    )
    assert found["screened"].sentence == (
        "100 from databases − 10 duplicates − 5 by automation − 25 waiting = 60 screened."
    )


@pytest.mark.parametrize("item", [*WAITING, "other_duplicates", "other_screened_out", "other_automatic"])
def test_each_new_count_is_in_a_sum(item: str) -> None:
    """A count that no sum tests can be wrong for years."""
    right = live().count(item, "held")
    assert right is not None
    assert any(not one.holds for one in identities(live(**{item: right + 1})))


@BOTH_FORMS
def test_what_waits_is_drawn_and_says_so(narrow: bool) -> None:
    root = ElementTree.fromstring(prisma_svg(live(), narrow=narrow))
    said = [text.text for text in root.iter(f"{SVG}text")]
    assert said.count("still waiting") == 4
    shaded = [box for box in root.iter(f"{SVG}rect") if box.get("rx") == "8" and "--wash" in str(box.get("fill"))]
    assert len(shaded) == 4


@BOTH_FORMS
def test_where_nothing_waits_there_is_no_box_for_it(narrow: bool) -> None:
    for flow in (held(), held(records_waiting=0), live(**dict.fromkeys(WAITING, 0))):
        assert "still waiting" not in prisma_svg(flow, narrow=narrow)


@BOTH_FORMS
def test_no_card_stands_on_another(narrow: bool) -> None:
    """With cards one below the other beside a step, the next step must give way."""
    flow = build_flow(held=[*LIVE, *(Tally("website_results", f"Website {n}", n) for n in range(1, 3))], published=HELD)
    root = ElementTree.fromstring(prisma_svg(flow, narrow=narrow))
    cards = [
        tuple(float(box.get(name, 0)) for name in ("x", "y", "width", "height"))
        for box in root.iter(f"{SVG}rect")
        if box.get("rx") == "8"
    ]
    for at, (x, y, width, height) in enumerate(cards):
        for left, top, wide, high in cards[:at]:
            assert x >= left + wide or left >= x + width or y >= top + high or top >= y + height


def test_a_database_and_a_register_of_one_name_are_both_counted_where_they_are_held() -> None:
    """Authors list a register twice; two lots that were given here are two lots."""
    tallies = [Tally("database_results", "CENTRAL", 9), Tally("register_results", "CENTRAL", 9)]
    assert build_flow(held=tallies).count("register_results", "held") == 9
    assert build_flow(published=tallies).count("register_results", "published") is None
    assert build_flow(held=tallies).twice == ()


def test_other_methods_without_their_sources_are_not_tried() -> None:
    """Nought from websites is not what a review says that gives only the total."""
    assert identities(build_flow(published=[Tally("other_results", "", 9)])) == []
