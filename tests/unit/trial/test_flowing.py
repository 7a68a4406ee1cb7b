"""A flow diagram is counted from events; what does not add up is said."""

from __future__ import annotations

import datetime

import pytest

from whatworks.errors import InputError
from whatworks.trial.methods.flowing import Happening, check, flow

DAY = datetime.date(2026, 1, 5)
ARMS = ("usual", "offered")


def event(unit: str, kind: str, people: int | None = None, arm: str = "", reason: str = "") -> Happening:
    return Happening(unit, kind, DAY, people, arm, reason)


def school(unit: str, arm: str, enrolled: int, analysed: int | None) -> list[Happening]:
    held = [event(unit, "assessed"), event(unit, "allocated", arm=arm), event(unit, "enrolled", enrolled)]
    if analysed is not None:
        held.append(event(unit, "analysed", analysed))
    return held


def test_both_levels_are_counted_and_add_up() -> None:
    events = [
        *school("a", "usual", 100, 90),
        event("a", "lost", 10, reason="moved away"),
        *school("b", "offered", 80, 80),
        event("b", "received"),
        event("c", "assessed"),
        event("c", "declined", reason="no time"),
    ]
    found = flow(events, ARMS)
    assert found.problems == []
    assert (found.before["assessed"].units, found.before["declined"].units, found.allocated) == (3, 1, 2)
    assert found.before["declined"].reasons == {"no time": 1}
    usual, offered = found.arms
    assert (usual.counted["enrolled"].people, usual.counted["lost"].people, usual.retention) == (100, 10, 0.9)
    assert usual.counted["lost"].reasons == {"moved away": 10}
    assert (offered.counted["received"].units, offered.retention) == (1, 1.0)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (school("a", "usual", 10, 11), "a: 11 people are analysed and 10 were there."),
        (school("a", "usual", 10, 9), "a: one person is not accounted for."),
        (school("a", "usual", 10, 7), "a: 3 people are not accounted for."),
        ([event("a", "assessed"), event("a", "enrolled", 3)], "a has “enrolled” without having been allocated."),
        (
            [*school("a", "usual", 10, None), event("a", "allocated", arm="offered")],
            "a was allocated 2 times.",
        ),
        (
            [*school("a", "usual", 10, None), event("b", "assessed")],
            "2 units were assessed, and 1 were turned away, declined or were allocated.",
        ),
        (
            [*school("a", "usual", 10, None), event("a", "withdrew", reason="x"), event("a", "analysed")],
            "a is “withdrew” and analysed.",
        ),
        (
            [*school("a", "usual", 10, None), event("a", "received"), event("a", "did not receive", reason="x")],
            "a received what it was offered and did not.",
        ),
    ],
)
def test_what_does_not_add_up_is_said(events: list[Happening], said: str) -> None:
    assert said in flow(events, ARMS).problems


@pytest.mark.parametrize(
    "wrong",
    [
        event("a", "vanished"),
        event(" ", "assessed"),
        event("a", "assessed", 4),
        event("a", "lost", -1, reason="x"),
        event("a", "enrolled"),
        event("a", "allocated"),
        event("a", "allocated", arm="third"),
        event("a", "assessed", arm="usual"),
        event("a", "declined"),
    ],
)
def test_an_event_that_cannot_be_is_refused(wrong: Happening) -> None:
    with pytest.raises(InputError):
        check(wrong, ARMS)
