"""The median of waits that are not all over, against values worked by hand; gaps in an order of one column; answers as typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.learn.methods import gaps
from whatworks.learn.methods.citing import cited, parts_in, typed
from whatworks.learn.methods.gaps import ASKED, CASES, IN_VAIN, UNCERTAIN, Facts, in_order, next_step
from whatworks.learn.methods.timing import Wait, waiting


def waits(*days: int) -> list[Wait]:
    """A minus stands for one that still waits."""
    return [Wait(abs(day), day >= 0) for day in days]


def test_the_median_counts_those_that_still_wait() -> None:
    """By hand: 6 reports; 10, 20 and 30 arrived, three wait since 40, 50 and 5. Survival 4/5, then 3/5, then 2/5."""
    told = waiting(waits(10, 20, 30, -40, -50, -5))
    assert (told.reports, told.arrived, told.median) == (6, 3, 30)
    assert (told.shortest, told.longest, told.longest_waiting) == (10, 30, 50)
    assert waiting(waits(10, 20, 30)).median == 20  # without those that wait it would look quicker


def test_there_is_no_median_where_most_still_wait() -> None:
    assert waiting(waits(10, -40, -50)).median is None
    assert waiting([]).median is None
    with pytest.raises(InputError, match="below nought"):
        waiting([Wait(-1, True)])


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=30))
def test_when_all_have_arrived_it_is_the_plain_median(days: list[int]) -> None:
    assert waiting(waits(*days)).median == sorted(days)[(len(days) - 1) // 2]


@given(st.lists(st.tuples(st.integers(0, 500), st.booleans()), max_size=20), st.integers(501, 900))
def test_one_more_that_waits_never_makes_it_look_quicker(rows: list[tuple[int, bool]], late: int) -> None:
    before = waiting([Wait(*row) for row in rows]).median
    after = waiting([*(Wait(*row) for row in rows), Wait(late, False)]).median
    assert after is None or (before is not None and after >= before)


ROWS = [
    Facts("a", "Asked long ago", ASKED, asked="2024-01-01", searched=True, put_forward=True),
    Facts("b", "First priority", ASKED, asked="2026-01-01", place=1.0),
    Facts("c", "Unsure", UNCERTAIN, wrong=0.4, running=1),
    Facts("d", "Less unsure", UNCERTAIN, wrong=0.1),
    Facts("e", "Found nothing", IN_VAIN, searched=True),
    Facts("f", "A theme of cases", CASES),
]


@pytest.mark.parametrize(
    ("by", "first"), [("priority", "b"), ("wrong", "c"), ("oldest", "a"), ("nobody", "f"), ("no such order", "b")]
)
def test_each_order_is_by_one_column_and_leaves_nothing_out(by: str, first: str) -> None:
    found = in_order(ROWS, by)
    assert found[0].key == first and len(found) == len(ROWS)


def test_the_orders_are_by_single_columns_alone() -> None:
    """Nothing here adds columns up: a row that is last by one column stays last by it whatever stands in the others."""
    assert set(gaps.ORDERS) == {"priority", "wrong", "oldest", "nobody"}
    last = Facts("z", "Z", ASKED, asked="1999-01-01", running=0)
    assert in_order([*ROWS, last], "wrong")[-1].key == "z"


def test_who_could_do_what_next() -> None:
    told = {one.key: next_step(one) for one in ROWS}
    assert told == {
        "a": gaps.TRY, "b": gaps.DECIDE, "c": gaps.TRIAL_RUNS, "d": gaps.TRY, "e": gaps.TRY, "f": gaps.READ,
    }  # fmt: skip
    assert next_step(Facts("g", "New", ASKED)) == gaps.PUT_FORWARD
    assert next_step(Facts("h", "Forward, not searched", ASKED, put_forward=True)) == gaps.SEARCH


def test_an_answer_is_typed_in_paragraphs_that_each_say_what_they_rest_on() -> None:
    text = "It may help some. [rev-1a2b, syn-3c4d]\n\nWe do not know whether it lasts;\nno study looked. [rev-1a2b]"
    parts = parts_in(text)
    assert [one["cites"] for one in parts] == [["rev-1a2b", "syn-3c4d"], ["rev-1a2b"]]
    assert parts[1]["words"] == "We do not know whether it lasts; no study looked."
    assert parts_in(typed(parts)) == parts and cited(parts) == ["rev-1a2b", "syn-3c4d"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("  ", "one paragraph or more"),
        ("It helps.", "Paragraph 1 says nothing of what it rests on"),
        ("It helps. []", "rests on"),
        ("[rev-1a2b]", "rests on"),
        ("It helps. [a page]", "no identifier"),
        ("x" * 1300 + " [rev-1a2b]", "more than 1200"),
        ("\n\n".join(["It helps. [rev-1a2b]"] * 13), "at most 12"),
    ],
)
def test_what_is_no_answer_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        parts_in(text)
