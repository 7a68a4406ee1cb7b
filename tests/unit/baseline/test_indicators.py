"""Indicators as data: whole, told in plain words, and made of measures that releases have."""

from __future__ import annotations

import datetime

import pytest

from whatworks.baseline.drawings import Tile, places, shade_words, shades, tile_map, trend
from whatworks.baseline.indicators import COUNT, MONTHLY, PERCENT, RATE, indicator, indicators, needed
from whatworks.baseline.periods import last_day
from whatworks.baseline.sources import RELEASES
from whatworks.baseline.wording import change_words, during, number_words, period_words
from whatworks.errors import InputError


def test_every_indicator_is_whole() -> None:
    keys = {release.key for release in RELEASES}
    for one in indicators().values():
        assert one.kind in (RATE, COUNT, PERCENT, MONTHLY), one.key
        assert {one.release, one.below} <= keys, one.key
        assert bool(one.denominator) == (one.kind == RATE), one.key
        assert bool(one.months) == (one.kind == MONTHLY), one.key
        assert one.plain.endswith(".") and len(one.plain) > 40, one.key
        assert {*one.besides} <= indicators().keys(), one.key
        assert all(caution.endswith(".") for caution in one.cautions), one.key


def test_an_unknown_indicator_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match="no indicator “entries”; there are starts"):
        indicator("entries")


def test_a_release_is_asked_only_for_what_indicators_need() -> None:
    assert len(needed("cla-numbers")) == 9
    assert needed("spending") == set()


@pytest.mark.parametrize(
    ("period", "ends", "day"),
    [
        ("2025", (3, 31), datetime.date(2025, 3, 31)),
        ("2016-17", (3, 31), datetime.date(2017, 3, 31)),
        ("2024/25", (3, 31), datetime.date(2025, 3, 31)),
        ("2024", (9, 30), datetime.date(2024, 9, 30)),
        ("0", (3, 31), None),
        ("latest", (3, 31), None),
        ("17", (3, 31), None),
    ],
)
def test_periods_end_on_a_day_or_are_unclear(period: str, ends: tuple[int, int], day: datetime.date | None) -> None:
    assert last_day(period, ends) == day


def test_periods_and_numbers_are_told_as_people_say_them() -> None:
    starts, stock, month = indicator("starts"), indicator("looked-after"), indicator("referrals")
    assert period_words(starts, "2025") == "the year to March 2025"
    assert during(stock, "2025") == "on 31 March 2025"
    assert period_words(month, "2024-03") == "March 2024"
    assert number_words(starts, 26.4877) == "26.5"
    assert number_words(indicator("child-poverty"), 19.8) == "19.8%"
    assert number_words(month, 51940.0) == "51,940"
    assert number_words(starts, None) == "no number"


def test_a_change_is_told_without_judging() -> None:
    assert change_words(210, 100) == "2.1 times as many"
    assert change_words(99.7, 100) == "about the same"
    assert change_words(5, 0) == ""


def test_every_authority_of_today_has_a_square_of_its_own() -> None:
    at = places()
    assert len(at) == 153
    assert len(set(at.values())) == 153
    assert all(code.startswith("E0") or code.startswith("E1") for code in at)


def test_the_map_says_each_square_in_words_and_escapes_them() -> None:
    code = next(iter(places()))
    svg = tile_map([Tile(code, "A <b>", "26.5", "/x/", 2, True), Tile("X", "Nowhere", "1", "/y/", None, False)], "Map")
    assert 'aria-label="A &lt;b&gt;: 26.5"' in svg
    assert "Nowhere" not in svg  # a council that is no more has no square
    assert svg.count("<circle") == 1


def test_shades_stand_around_the_number_of_the_country() -> None:
    shade = shades(30.0)
    assert [shade(value) for value in (10, 22, 30, 40, 80)] == [0, 1, 2, 3, 4]
    assert len(shade_words(30.0, str)) == 5


def test_a_series_stops_where_there_is_no_number() -> None:
    chart = trend("T", ["1", "2", "3", "4", "5"], [1, 2, None, 4, 5], [None] * 5, unit="u", name="Here")
    assert chart is not None
    assert chart.svg.count("<polyline") == 2  # two parts, nothing drawn through the gap
    assert trend("T", ["1"], [1.0], [None], unit="u", name="Here") is None
