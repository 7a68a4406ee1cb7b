"""Frames and codings of any shape: written and read back the same; what stands does not depend on who came first."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.extract_coding.small import small
from whatworks.extract.methods.coding.answers import Coded, coded
from whatworks.extract.methods.coding.asking import Units, asked_of, completeness
from whatworks.extract.methods.coding.differing import differences
from whatworks.extract.methods.coding.faults import faults
from whatworks.extract.methods.coding.frame import Allowed, Condition, Frame, Item
from whatworks.extract.methods.coding.reading import from_plain, from_toml
from whatworks.extract.methods.coding.standing import Answer, standings
from whatworks.extract.methods.coding.writing import to_plain, to_toml

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).map(
    lambda t: " ".join(t.split())
)
LABELS = WORDS.filter(bool)
PROSE = st.text(st.characters(exclude_categories=("Cs",)), max_size=40).map(lambda t: t.replace("\0", "").strip())
VALUES = LABELS.filter(lambda word: "|" not in word and word not in ("coded", "not applicable", "not reported"))


@st.composite
def frames(draw: Any) -> Frame:
    """A sound frame: groups, every kind, conditions on what was asked before."""
    chosen: list[Item] = []
    items: list[Item] = []
    for at in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(["text", "number", "integer", "date", "choice", "choices", "yes-no", "place"]))
        values = draw(st.lists(VALUES, min_size=1, max_size=4, unique=True)) if kind in ("choice", "choices") else []
        when = ()
        if chosen and draw(st.booleans()):
            other = draw(st.sampled_from(chosen))
            when = (Condition(other.key, (draw(st.sampled_from(other.allowed)),)),)
        item = Item(
            key=f"item-{at}",
            label=draw(LABELS),
            kind=kind,
            help=draw(PROSE),
            values=tuple(Allowed(one, help=draw(PROSE)) for one in values),
            required=draw(st.booleans()),
            critical=draw(st.booleans()),
            when=when,
            minimum=draw(st.sampled_from([None, -1.5, 0.0])) if kind == "number" else None,
        )
        if kind in ("choice", "choices", "yes-no"):
            chosen.append(item)
        items.append(item if draw(st.booleans()) else Item(f"group-{at}", draw(LABELS), "group", items=(item,)))
    return Frame("any", 1, draw(LABELS), tuple(items), draw(PROSE))


@given(frames())
def test_a_frame_comes_back_from_toml_and_json(frame: Frame) -> None:
    assert faults(frame) == ()
    assert from_toml(to_toml(frame)) == frame
    assert from_plain(to_plain(frame)) == frame
    assert differences(frame, frame) == ()


ANSWERS = {
    "randomised": st.sampled_from(["yes", "no", None]),
    "drawn": st.sampled_from(["computer", "coin", None]),
    "sealed": st.sampled_from(["yes", "no", None]),
    "settings": st.sampled_from([("home",), ("home", "court"), None]),
    "joined": st.sampled_from([10, 11, 12, 30, None]),
}


@st.composite
def sheets(draw: Any) -> dict[tuple[str, str], Coded]:
    """One coder's answers to a part of the small frame; None stands for not reported."""
    frame = small()
    picked = draw(st.sets(st.sampled_from(sorted(ANSWERS))))
    said = {key: draw(ANSWERS[key]) for key in sorted(picked)}
    return {
        (key, ""): coded(frame.item(key), "not reported" if value is None else "coded", value)
        for key, value in said.items()
    }


def identified(who: str, sheet: dict[tuple[str, str], Coded]) -> dict[tuple[str, str], Answer]:
    return {cell: Answer(f"{who}{cell}", one) for cell, one in sheet.items()}


@given(sheets(), sheets())
def test_what_stands_does_not_depend_on_who_came_first(a: Any, b: Any) -> None:
    """But for the value itself, which within a tolerance is the first coder's."""
    one = standings(small(), Units(), {"a": identified("a", a), "b": identified("b", b)}, {})
    other = standings(small(), Units(), {"b": identified("b", b), "a": identified("a", a)}, {})
    assert {cell: (held.state, held.how) for cell, held in one.items()} == {
        cell: (held.state, held.how) for cell, held in other.items()
    }


@given(sheets())
def test_two_coders_of_one_mind_leave_nothing_to_settle(a: Any) -> None:
    """What each was asked by their own form stands, and nothing else."""
    found = standings(small(), Units(), {"a": identified("a", a), "b": identified("b", a)}, {})
    assert not {held.state for held in found.values()} & {"differs", "waiting"}
    asked = asked_of(small(), Units(), a)
    stand = {cell for cell, held in found.items() if held.state == "settled"}
    assert stand == {cell for cell in a if asked[cell] == "yes"}
    assert all(found[cell].coded == a[cell] for cell in stand)


@given(sheets())
def test_every_cell_is_answered_missing_or_neither(a: Any) -> None:
    filled = completeness(small(), Units(), a)
    assert not set(filled.missing) & set(a)
    assert filled.answered + len(filled.beside) == len(a)
    assert filled.applying >= filled.answered + len(filled.missing)
