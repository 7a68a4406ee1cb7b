"""A guide's text survives whatever its writers do to it: nothing is lost by moving, removing and putting back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.publish.methods.guide_text import (
    MOST,
    Text,
    blank_guide,
    blank_recommendation,
    changed,
    day_of,
    fresh_key,
    lowest,
    texts_of,
    whole,
)

ACTIONS = st.sampled_from(["add", "up", "down", "remove", "put-back"])


def guide(*keys: str) -> Text:
    text = blank_guide("What helps?")
    text["recommendations"] = [blank_recommendation(key) | {"title": f"Do {key}."} for key in keys]
    return text


def keys(text: Text, name: str = "recommendations") -> list[str]:
    return [one["key"] for one in text[name]]


@given(st.lists(st.tuples(ACTIONS, st.integers(0, 9)), max_size=25))
def test_nothing_is_ever_lost(steps: list[tuple[str, int]]) -> None:
    """A recommendation that vanished with a click would be work that nobody gets back."""
    text, known = guide("r1", "r2", "r3"), {"r1", "r2", "r3"}
    for action, at in steps:
        rows = keys(text, "removed" if action == "put-back" else "recommendations")
        try:
            text = changed(text, action, rows[at % len(rows)] if rows else "")
        except InputError:
            continue
        everything = keys(text) + keys(text, "removed")
        assert known <= set(everything) and len(set(everything)) == len(everything)
        known = set(everything)
        assert len(keys(text)) <= MOST + len(keys(text, "removed")) + 3
    assert whole(text) == whole(whole(text))


def test_moving_changes_places_and_stops_at_the_ends() -> None:
    text = guide("r1", "r2", "r3")
    assert keys(changed(text, "up", "r2")) == ["r2", "r1", "r3"]
    assert keys(changed(text, "down", "r2")) == ["r1", "r3", "r2"]
    assert keys(changed(text, "up", "r1")) == keys(changed(text, "down", "r3")) == ["r1", "r2", "r3"]


def test_a_key_is_never_used_again() -> None:
    """With the key of a removed one, a new recommendation would inherit comments made about another."""
    text = changed(guide("r1", "r2"), "remove", "r2")
    assert fresh_key(text) == "r3" and keys(changed(text, "add")) == ["r1", "r3"]


@pytest.mark.parametrize(("action", "key"), [("up", "r9"), ("remove", "r9"), ("put-back", "r1"), ("burn", "r1")])
def test_what_is_not_there_is_refused(action: str, key: str) -> None:
    with pytest.raises(InputError):
        changed(guide("r1"), action, key)


def test_more_than_eight_are_refused() -> None:
    with pytest.raises(InputError, match="at most 8"):
        changed(guide(*(f"r{n}" for n in range(MOST))), "add")


def test_what_no_part_is_for_is_dropped_and_lists_are_lines() -> None:
    """A certainty that somebody posts with a form must not get in."""
    text = whole(
        {"question": " Why? ", "stages": "Plan\n\n Build ", "recommendations": [{"key": "r1", "certainty": "high"}]}
    )
    assert text["question"] == "Why?" and text["stages"] == ["Plan", "Build"]
    assert "certainty" not in text["recommendations"][0] and text["removed"] == []


@pytest.mark.parametrize("rows", [[{"key": "A b"}], [{"key": ""}], [{"key": "r1"}, {"key": "r1"}]])
def test_keys_that_could_not_be_addresses_are_refused(rows: list[Text]) -> None:
    with pytest.raises(InputError, match="key"):
        whole({"recommendations": rows})


@pytest.mark.parametrize(
    ("levels", "expected"),
    [([], None), ([None], None), ([3], 3), ([4, 2, 3], 2), ([4, None], None), ([1, 1], 1)],
)
def test_the_certainty_is_the_lowest_and_unrated_where_any_is(levels: list[int | None], expected: int | None) -> None:
    assert lowest(levels) == expected


@pytest.mark.parametrize("typed", ["", "soon", "30/11/2027", "2027-13-01", "2027-02-30", "20271130"])
def test_what_is_no_day_is_none(typed: str) -> None:
    assert day_of(typed) is None


def test_the_question_is_not_looked_through_but_every_text_is() -> None:
    """A question makes no claim; a step does."""
    text = guide("r1") | {"answer": "Ask."}
    text["recommendations"][0]["steps"] = ["First.", "Then."]
    assert [at for at, _, _ in texts_of(whole(text))] == ["answer", "r1-title", "r1-steps"]


@pytest.mark.parametrize(
    "typed", ["{ana-7h3k9q2x: studies}", " ana-7h3k9q2x ", "https://example.org/trace/ana-7h3k9q2x/"]
)
def test_an_identifier_is_found_in_what_was_put_in(typed: str) -> None:
    """Whoever copies a reference or an address means what it names; named twice, it counts once."""
    one = {"key": "r1", "rests_on": f"{typed}\nana-7h3k9q2x\nno-such"}
    assert whole({"recommendations": [one]})["recommendations"][0]["rests_on"] == ["ana-7h3k9q2x", "no-such"]
