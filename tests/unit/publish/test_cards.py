"""Long pages: few outcomes are all shown, many are folded, none is lost, and safety stays where it belongs."""

from __future__ import annotations

from typing import Any

import pytest

from whatworks.publish.templatetags.drawings import MANY, OPEN, as_sentence, at_a_glance, by_state, in_cards


def outcome(name: str, *, safety: bool = False, state: str = "Uncertain", sure: str = "", group: str = "") -> Any:
    return {
        "name": name,
        "safety": safety,
        "group": group,
        "state": {"word": state, "shape": "uncertain", "css": "unsure"},
        "certainty": {"word": sure} if sure else None,
        "certainty_words": "" if sure else "Not rated yet",
    }


def chip(text: str, *, sure: str = "", shape: str = "uncertain") -> Any:
    return {"text": text, "shape": shape, "css": "unsure", "certainty": {"word": sure} if sure else None}


@pytest.mark.parametrize("count", [1, MANY, MANY + 1, 20])
def test_every_outcome_is_on_the_page_once_under_its_own_number(count: int) -> None:
    cards = in_cards([outcome(f"o{n}") for n in range(count)])
    numbers = [number for card in cards for number, _ in card["outcomes"]]
    assert numbers == list(range(1, count + 1))
    folded = [card["fold"] for card in cards]
    assert folded == ([False] * count if count <= MANY else [False] * OPEN + [True] * (count - OPEN))


def test_safety_stays_with_the_outcome_before_it_also_when_folded() -> None:
    """Fewer children in care without a word on their safety is what a page must never say."""
    outcomes = [outcome(f"o{n}") for n in range(MANY)] + [outcome("care"), outcome("safety", safety=True)]
    cards = in_cards(outcomes)
    assert [one["name"] for _, one in cards[-1]["outcomes"]] == ["care", "safety"]
    assert cards[-1]["fold"]


def test_a_heading_stands_before_the_first_outcome_of_its_group_only() -> None:
    outcomes = [outcome("a", group="Children"), outcome("b", group="Children"), outcome("c", group="Parents")]
    assert [card["group"] for card in in_cards(outcomes)] == ["Children", "", "Parents"]


def test_many_outcomes_are_grouped_at_a_glance_and_each_leads_to_where_it_is() -> None:
    outcomes = [outcome(f"o{n}", sure="Low" if n % 2 else "") for n in range(MANY + 2)]
    outcomes.append(outcome("safety", safety=True, state="Not searched"))
    rows = at_a_glance(outcomes)
    assert [(row["outcome"]["state"]["word"], len(row["names"])) for row in rows] == [
        ("Uncertain", 5),
        ("Uncertain", 5),
        ("Not searched", 1),
    ]
    assert rows[-1]["names"] == [{"number": MANY + 2, "name": "safety"}]  # inside the fold of the outcome before it
    few = at_a_glance(outcomes[:3])
    assert [row["alone"] for row in few] == [True] * 3


def test_chips_of_one_state_are_one_and_what_has_no_state_has_no_shape() -> None:
    rows = by_state(
        [
            chip("Homelessness: uncertain: we cannot tell"),
            chip("and 13 more outcomes", shape="not-poolable"),
            chip("Having a job: uncertain: we cannot tell"),
            chip("GCSE results: uncertain: we cannot tell"),
            chip("Earnings: uncertain: we cannot tell", sure="Low"),
        ]
    )
    assert [(row["word"], row["text"], row["shape"]) for row in rows] == [
        ("Uncertain: we cannot tell", "Homelessness; having a job; GCSE results", "uncertain"),
        ("Uncertain: we cannot tell", "Earnings", "uncertain"),
        ("", "and 13 more outcomes", ""),
    ]
    assert by_state(None) == []


def test_a_sentence_begins_with_a_capital() -> None:
    link = {"link": "here", "href": "/"}
    assert as_sentence([" left out: ", link]) == ["Left out:", link]
    assert as_sentence([link]) == [link]
    assert as_sentence(None) == [""]
