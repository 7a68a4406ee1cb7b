"""The funnel of recruitment: each stage at most the one before, sums that hold, and units named where events leave something out."""

from __future__ import annotations

import datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from whatworks.trial.methods.flowing import BEFORE, GONE, Happening
from whatworks.trial.methods.recruiting import WAY, funnel

DAY = datetime.date(2026, 3, 1)


def on(days: int) -> datetime.date:
    return DAY + datetime.timedelta(days=days)


def made(unit: str, *kinds: str) -> list[Happening]:
    return [Happening(unit, kind, on(place), reason="no room", arm="") for place, kind in enumerate(kinds)]


EVENTS = (
    made("A", "approached", "assessed", "agreed", "baseline", "allocated")
    + made("B", "approached", "assessed", "agreed", "baseline", "allocated", "withdrew")
    + made("C", "approached", "assessed", "agreed")
    + made("D", "approached", "assessed", "declined")
    + made("E", "approached", "assessed", "ineligible")
    + made("F", "approached")
)


def test_a_funnel_by_hand() -> None:
    found = funnel(EVENTS, {"A": "North", "B": "South", "C": "North"})
    assert [(one.name, one.units, one.left, one.waiting) for one in found.stages] == [
        ("approached", 6, 1, 1),
        ("eligible", 4, 1, 0),
        ("agreed", 3, 0, 1),
        ("baseline", 2, 0, 0),
        ("drawn", 2, 0, 0),
        ("stopped", 1, 0, 0),
    ]
    assert found.problems == ()
    assert [one.units for one in found.by_stratum()["North"]] == [2, 2, 2, 1, 1, 0]
    assert found.curve("drawn") == ((on(4), 2),)


def test_a_stage_of_which_nothing_is_told_is_not_counted() -> None:
    found = funnel(made("A", "assessed", "allocated") + made("B", "assessed", "declined"))
    assert [one.units for one in found.stages] == [2, 2, None, None, 1, 0]
    assert found.problems == ()
    turned = funnel(made("A", "assessed") + made("B", "assessed", "ineligible"))
    assert [(one.units, one.left) for one in turned.stages[:2]] == [(2, 1), (1, 0)]


def test_what_events_leave_out_is_named_and_counted_as_passed() -> None:
    found = funnel(made("A", "approached", "agreed", "allocated") + made("B", "approached", "allocated"))
    assert [str(one) for one in found.problems] == ["B is “drawn”, and nothing says that it was “agreed”."]
    assert [one.units for one in found.stages] == [2, None, 2, None, 2, 0]


def test_days_out_of_order_and_a_draw_of_who_declined_are_named() -> None:
    events = [Happening("A", "agreed", on(5)), Happening("A", "allocated", on(3), arm="x")]
    events += [Happening("A", "declined", on(6), reason="changed its mind")]
    assert [str(one) for one in funnel(events).problems] == [
        "A is “drawn” on 2026-03-04, before it was “agreed” on 2026-03-06.",
        "A was drawn, and is “declined”.",
    ]


@given(
    st.lists(
        st.builds(
            lambda unit, kind, day: Happening(f"S{unit}", kind, on(day), reason="r"),
            st.integers(0, 7),
            st.sampled_from([*BEFORE, "allocated", *GONE]),
            st.integers(0, 30),
        ),
        max_size=60,
    )
)
def test_identities_hold_whatever_happens(events: list[Happening]) -> None:
    found = funnel(events, {f"S{n}": "odd" if n % 2 else "even" for n in range(8)})
    counted = [one for one in found.stages if one.units is not None]
    for one, after in pairwise(counted):
        assert (one.units or 0) >= (after.units or 0)
        before_draw = WAY.index(one.name) < WAY.index("drawn")
        if before_draw:
            assert one.units == (after.units or 0) + one.left + one.waiting
    parts = found.by_stratum().values()
    for place, stage in enumerate(found.stages):
        if stage.units is not None:
            assert stage.units == sum(some[place].units or 0 for some in parts)
    for one in counted:
        curve = found.curve(one.name)
        assert (curve[-1][1] if curve else 0) == one.units
