"""The year of the register: from 1 December to 30 November, and what a record still lacks in it."""

from __future__ import annotations

import datetime
import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.learn.methods import register_year
from whatworks.learn.methods.register_year import Piece, RegisterYear, standing, year_of

DAYS = st.dates(datetime.date(2001, 1, 1), datetime.date(2199, 12, 31))
PIECES = st.lists(
    st.builds(Piece, DAYS, st.sampled_from(["page", "event", "talk"]), st.booleans(), st.booleans()), max_size=6
)
YEAR = RegisterYear(2026)
DAY = datetime.date(2026, 5, 4)


def piece(same_as: str = "page", *, complete: bool = True, with_peer: bool = False, on: datetime.date = DAY) -> Piece:
    return Piece(on, same_as, complete, with_peer)


def test_the_examples_in_the_docstrings_hold() -> None:
    found = doctest.testmod(register_year)
    assert found.attempted and not found.failed


@given(DAYS)
def test_every_day_is_in_one_year_of_the_register(day: datetime.date) -> None:
    year = year_of(day)
    assert year.holds(day)
    assert not RegisterYear(year.ends_in - 1).holds(day) and not RegisterYear(year.ends_in + 1).holds(day)


@given(DAYS)
def test_a_year_begins_the_day_after_the_last_one_ended(day: datetime.date) -> None:
    year = year_of(day)
    assert RegisterYear(year.ends_in - 1).last + datetime.timedelta(days=1) == year.first
    assert (year.first.month, year.first.day, year.last.month, year.last.day) == (12, 1, 11, 30)


@pytest.mark.parametrize(
    ("today", "left"), [("2026-11-23", 7), ("2026-11-30", 0), ("2026-12-01", 0), ("2025-12-01", 364)]
)
def test_days_that_are_left(today: str, left: int) -> None:
    assert YEAR.left(datetime.date.fromisoformat(today)) == left


def test_two_different_pieces_and_one_with_a_peer_are_enough() -> None:
    found = standing([piece("page", with_peer=True), piece("event")], YEAR)
    assert found.whole and (found.missing, found.missing_peer) == (0, 0)


def test_the_same_page_read_twice_is_one_piece() -> None:
    found = standing([piece("page"), piece("page", with_peer=True)], YEAR)
    assert (found.pieces, found.missing, found.missing_peer) == (1, 1, 0)


def test_what_is_not_finished_does_not_count_and_is_said() -> None:
    found = standing([piece("page", complete=False, with_peer=True), piece("event")], YEAR)
    assert (found.pieces, found.unfinished, found.missing_peer) == (1, 1, 1)


def test_another_year_counts_for_nothing() -> None:
    found = standing([piece(on=datetime.date(2026, 12, 1)), piece("event", on=datetime.date(2025, 11, 30))], YEAR)
    assert (found.pieces, found.missing, found.missing_peer) == (0, 2, 1)


@given(PIECES, PIECES, DAYS)
def test_more_pieces_never_leave_more_missing(some: list[Piece], more: list[Piece], day: datetime.date) -> None:
    year = year_of(day)
    before, after = standing(some, year), standing([*some, *more], year)
    assert after.missing <= before.missing and after.missing_peer <= before.missing_peer
    assert after.unfinished >= before.unfinished


@given(PIECES, DAYS)
def test_their_order_does_not_matter(pieces: list[Piece], day: datetime.date) -> None:
    year = year_of(day)
    assert standing(pieces, year) == standing(pieces[::-1], year)
