"""Numbers of cases beside a publication: nobody can work out one under ten from all that stands there, whatever was coded."""

from __future__ import annotations

import dataclasses
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.learn.frames import HERE
from whatworks.learn.methods.cases_counts import LEAST, POLICY, TOTAL, by_term, cells_of, relations_of, safe_counts
from whatworks.learn.methods.cases_frame import frame_of
from whatworks.stats.disclosure.attacker import attack

FRAME = frame_of(tomllib.loads((HERE / "cases-1.toml").read_text("utf-8")), "cases-1.toml")
THEMES, HARMS = ("thresholds", "sharing-information", "seeing-the-child"), ("neglect", "physical-abuse", "sexual-abuse")


def shown(total: int | None, **counts: dict[str, int]) -> dict[str, dict[str, int]]:
    return by_term(FRAME, counts, safe_counts(total, [(FRAME, counts)]))


def test_what_is_left_of_the_cases_is_not_under_ten_either() -> None:
    assert shown(300, theme={"thresholds": 200}) == {"theme": {"thresholds": 200}}
    assert shown(300, theme={"thresholds": 291}) == {}
    assert shown(300, theme={"thresholds": 300}) == {}  # that all were so tells it of each
    assert shown(21, harm={"neglect": 12}) == {}
    assert shown(None, theme={"thresholds": 12}) == {"theme": {"thresholds": 12}}


def test_cases_that_fall_under_one_harm_each_protect_each_other() -> None:
    """100 and 191 of 300 stand alone; together they leave nine."""
    assert shown(300, harm={"neglect": 100}) and shown(300, harm={"physical-abuse": 191})
    assert len(shown(300, harm={"neglect": 100, "physical-abuse": 191}).get("harm", {})) <= 1


def test_an_earlier_frame_with_the_same_term_is_counted_with_the_new_one() -> None:
    later = dataclasses.replace(FRAME, version=2)
    first = {"harm": {"neglect": 100}}
    safe = safe_counts(300, [(FRAME, first), (later, {"harm": {"physical-abuse": 191}})], cells_of(FRAME, first))
    assert by_term(later, {"harm": {"physical-abuse": 191}}, safe) == {"harm": {"physical-abuse": 191}}
    both = {"harm": {"neglect": 100, "physical-abuse": 191}}
    safe = safe_counts(300, [(FRAME, first), (later, both)], cells_of(FRAME, first))
    assert by_term(later, both, safe) == first
    with pytest.raises(InputError, match="another number of cases of “neglect”"):
        safe_counts(300, [(FRAME, first), (later, {"harm": {"neglect": 99}})])


@st.composite
def codings(draw: st.DrawFn) -> tuple[int, dict[str, dict[str, int]]]:
    """A publication: how many cases, how many have each theme, how many fall under each harm."""
    total = draw(st.integers(LEAST, 80))
    many = st.integers(LEAST, total)
    themes = {key: draw(many) for key in draw(st.lists(st.sampled_from(THEMES), unique=True))}
    harms, left = {}, total
    for key in draw(st.lists(st.sampled_from(HARMS), unique=True)):
        if left >= LEAST:
            harms[key] = draw(st.integers(LEAST, left))
            left -= harms[key]
    return total, {"theme": themes, "harm": harms}


@settings(max_examples=60, deadline=None)
@given(codings())
def test_no_sum_or_difference_of_what_is_shown_tells_of_fewer_than_ten(
    held: tuple[int, dict[str, dict[str, int]]],
) -> None:
    """An attacker who knows how many cases there are and does every sum never learns that any group is under ten."""
    total, counts = held
    stands = cells_of(FRAME, by_term(FRAME, counts, safe_counts(total, [(FRAME, counts)])))
    assert all(n >= LEAST and total - n >= LEAST for n in stands.values())
    relations = relations_of(FRAME, counts)
    cells = {key for one in relations for key in (one.total, *one.parts)} - {TOTAL}
    if not cells:
        return
    seen = {key: stands.get(key, POLICY.symbol) for key in cells}
    told = attack(seen, relations, POLICY, {TOTAL: total})
    assert not [key for key, reach in told.items() if reach.high is not None and reach.high < LEAST]


def test_the_attacker_of_the_property_would_find_a_small_cell() -> None:
    """The property can fail: 12 of 21 shown tells of nine."""
    relations = relations_of(FRAME, {"harm": {"neglect": 12}})
    key = next(iter(cells_of(FRAME, {"harm": {"neglect": 12}})))
    seen = {key: 12, ("without", *key): POLICY.symbol, ("left", 1, "harm"): POLICY.symbol}
    told = attack(seen, relations, POLICY, {TOTAL: 21})
    assert {reach.high for reach in told.values()} == {9}
