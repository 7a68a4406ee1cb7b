"""Words of the practice map: dates as exactly as known, what is refused and how, and which word stands."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from whatworks.baseline.methods.standing import NAMES, Word, days, faults, in_words, newest
from whatworks.errors import InputError

TODAY = datetime.date(2026, 11, 22)
WELL = Word("doing", "2026-03", "A call with the council", "head of service")


def test_a_date_stands_for_every_day_that_it_may_mean() -> None:
    assert days("2019") == (datetime.date(2019, 1, 1), datetime.date(2019, 12, 31))
    assert days("2020-02") == (datetime.date(2020, 2, 1), datetime.date(2020, 2, 29))
    assert days("2019-01-25") == (datetime.date(2019, 1, 25),) * 2


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("25/01/2019", "write 2019-01-25"),
        ("1.2.2019", "write 2019-02-01"),
        ("01/25/2019", "as exactly as you know it"),  # nobody can tell which of the two is the month
        ("2019-13", "as exactly as you know it"),
        ("2019-02-30", "as exactly as you know it"),
        ("0019", "as exactly as you know it"),
        ("soon", "as exactly as you know it"),
        ("2019-1", "as exactly as you know it"),
        ("２０１９", "as exactly as you know it"),  # other digits would sort and print otherwise
        ("2019\n", "as exactly as you know it"),
    ],
)
def test_what_is_no_date_is_refused_with_how_to_write_it(text: str, instead: str) -> None:
    with pytest.raises(InputError, match=instead):
        days(text)


@given(some.dates(min_value=datetime.date(1900, 1, 1)))
def test_a_day_lies_within_its_month_and_its_year(day: datetime.date) -> None:
    for text in (day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]):
        first, last = days(text)
        assert first <= day <= last
        assert str(day.year) in in_words(text)


def test_dates_in_words() -> None:
    assert [in_words(text) for text in ("2019", "2019-01", "2019-01-05")] == ["2019", "January 2019", "5 January 2019"]
    assert in_words("some day") == "some day"


def test_a_word_that_is_well_said_has_no_fault() -> None:
    full = replace(
        WELL, since="2019", until="2030", cost="2600 GBP 2024", cost_of="a worker", source_url="https://a.example/b"
    )
    assert faults(WELL, TODAY) == faults(full, TODAY) == []


@pytest.mark.parametrize(
    ("changed", "part", "sentence"),
    [
        ({"status": "Doing"}, "status", "choose one of doing, tried, stopped, planned, not-known"),
        ({"on": ""}, "on", "Say which day this is of"),
        ({"on": "2027"}, "on", "2027 is still to come"),
        ({"on": "yesterday"}, "on", "is no date"),
        ({"source": ""}, "source", "Say where this is from"),
        ({"said_by": ""}, "said_by", "Say what part they have"),
        ({"said_by": "jo@example.org"}, "said_by", "no names and no addresses"),
        ({"source_url": "javascript:alert(1)"}, "source_url", "begins with https://"),
        ({"source_url": "https://a b.example"}, "source_url", "has no blanks"),
        ({"since": "2020", "until": "2019"}, "until", "It ends (2019) before it begins (2020)"),
        ({"since": "2026-04"}, "since", "after the day this is of"),
        ({"status": "stopped", "until": "2026-04"}, "until", "choose “doing” or correct a date"),
        ({"cost_of": "a worker"}, "cost", "has no amount"),
    ],
)
def test_what_is_wrong_is_said_of_the_part_that_is_wrong(changed: dict[str, str], part: str, sentence: str) -> None:
    found = faults(replace(WELL, **changed), TODAY)
    assert [name for name, _ in found] == [part]
    assert sentence in found[0][1]


def test_dates_that_may_agree_are_not_refused() -> None:
    """Known to the year only, they can still be in order."""
    assert faults(replace(WELL, since="2026", until="2026", on="2026"), TODAY) == []
    assert faults(replace(WELL, status="tried", since="2026-03", on="2026"), TODAY) == []
    assert faults(replace(WELL, status="planned", since="2028"), TODAY) == []


def test_a_place_must_have_existed() -> None:
    ended, began = datetime.date(2019, 3, 31), datetime.date(2019, 4, 1)
    assert "existed until 31 March 2019" in faults(replace(WELL, on="2020"), TODAY, "Poole", None, ended)[0][1]
    assert faults(replace(WELL, on="2019"), TODAY, "Poole", None, ended) == []
    assert "did not exist before 1 April 2019" in faults(replace(WELL, on="2018"), TODAY, "New", began, None)[0][1]
    assert [part for part, _ in faults(replace(WELL, since="2015"), TODAY, "New", began, None)] == ["since"]


def test_every_fault_is_said_at_once() -> None:
    found = faults(Word("", "", "", ""), TODAY)
    assert [part for part, _ in found] == ["status", "on", "source", "said_by"]


@dataclass(frozen=True)
class Said:
    on: str
    entered_at: datetime.datetime
    identifier: str = ""


def test_the_newest_word_is_that_of_the_latest_day_however_late_it_was_entered() -> None:
    """A report of 2019 that is entered today must not hide what was said of 2024."""
    early, late = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (2025, 2026))
    assert newest([Said("2024", early), Said("2019", late)]).on == "2024"
    assert newest([Said("2024", early, "a"), Said("2024", late, "b")]).identifier == "b"
    assert newest([Said("2019-06", early), Said("2019", late)]).on == "2019-06"


@given(some.text(max_size=20))
def test_trimming_twice_is_trimming_once(text: str) -> None:
    """Else the same word typed twice would be two rows."""
    word = Word(*[text] * len(NAMES)).trimmed()
    assert word == word.trimmed()
