"""What changed between rounds: only places that answered both count, and each counts once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from whatworks.baseline.methods.rounds import PARTS, changed, response
from whatworks.baseline.methods.standing import STATUSES

PLACES = some.dictionaries(some.sampled_from("abcdefgh"), some.sampled_from(STATUSES))


def test_each_kind_of_change() -> None:
    doing, unknown = "doing", "not-known"
    before = {"a": "planned", "b": doing, "c": "tried", "d": doing, "e": unknown, "f": doing, "g": unknown, "h": doing}
    after = {"a": doing, "b": "stopped", "c": "stopped", "d": doing, "e": doing, "f": unknown, "g": unknown}
    found = changed(before, after)
    assert {name: getattr(found, name) for name in PARTS} == {
        "began": ("a",),
        "stopped": ("b",),
        "otherwise": ("c",),
        "same": ("d",),
        "became_known": ("e",),  # it may have done so all along: nobody began
        "became_unknown": ("f",),
        "unknown": ("g",),
    }
    assert found.both == 7


@given(PLACES, PLACES)
def test_each_place_that_answered_both_is_counted_once_and_no_other(
    before: dict[str, str], after: dict[str, str]
) -> None:
    found = changed(before, after)
    counted = [place for name in PARTS for place in getattr(found, name)]
    assert sorted(counted) == sorted(before.keys() & after.keys())


@given(PLACES)
def test_a_round_compared_with_itself_shows_no_change(answers: dict[str, str]) -> None:
    found = changed(answers, answers)
    assert found.began == found.stopped == found.otherwise == found.became_known == found.became_unknown == ()


def test_the_response_counts_those_asked() -> None:
    told = response(["a", "b", "c"], {"a", "x"})
    assert (told.asked, told.answered, told.silent, told.percent) == (3, 1, ("b", "c"), 33)


def test_only_all_are_a_hundred_percent_and_only_none_is_nought() -> None:
    many = [str(number) for number in range(1000)]
    assert [response(many, many[:count]).percent for count in (0, 1, 999, 1000)] == [0, 1, 99, 100]
    assert response([], []).percent == 0
