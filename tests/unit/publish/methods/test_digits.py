"""Which typed numbers stand, and which only a result may give. Every rule is tried with its own examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.publish.methods.digits import typed_numbers
from whatworks.publish.methods.references import reference
from whatworks.publish.methods.wordlists import Typed
from whatworks.publish.writing.wording import wording

RULES = wording()


def told(text: str) -> list[str]:
    """The numbers that may not be typed."""
    return [one.words for one in typed_numbers(text, RULES)]


@pytest.mark.parametrize("rule", RULES.allowed, ids=lambda rule: rule.name)
def test_what_may_be_typed_may(rule: Typed) -> None:
    assert rule.examples
    assert [told(example) for example in rule.examples] == [[] for _ in rule.examples]


@pytest.mark.parametrize("rule", RULES.refused, ids=lambda rule: rule.name)
def test_what_only_a_result_may_say_is_refused_with_the_rules_own_sentence(rule: Typed) -> None:
    assert rule.examples
    for example in rule.examples:
        ending = rule.sentence.split("{words}")[-1]
        assert any(one.sentence.endswith(ending) for one in typed_numbers(example, RULES)), example


@pytest.mark.parametrize(
    "text",
    [
        "It cut placements by 12%.",
        "The odds were 1.7 to 1.",
        "We saw 29 of 100.",
        "In all 1,134 families took part.",
        "p = 0.03",
        "Two in five went home.",
        "A score of 41.",
        "Children did 0.3 better.",
        "under 60 families",  # an age only where no count follows
        "The year 2019 saw 2019 families.",
        "It cost £40.",  # no year of prices
        "They stayed 3 months longer.",
        "٤٢ families",  # figures of another script are figures
    ],
)
def test_results_in_other_clothes_are_refused(text: str) -> None:
    assert told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Meet the child alone first.",
        "The worker meets one parent at a time.",
        "Two parents may come.",
        "Use section 31 of the Children Act 1989, and Article 8.",
        "A child of 5 years or a 16-year-old.",
        "Within 24 hours, and again after 2 to 3 weeks.",
        "Ring 0800 1111.",
        f"There are {reference('ana-7h3k9q2x', 'per 100 with')} of them.",
        "Out of 100 families, see below.",
    ],
)
def test_ages_dates_laws_and_steps_may_be_typed(text: str) -> None:
    assert told(text) == []


def test_the_place_is_that_of_the_number() -> None:
    (one,) = typed_numbers("First line.\nThen 12% fell.", RULES)
    assert (one.line, one.column, one.words) == (2, 6, "12%")


@given(st.integers(2, 99_999), st.sampled_from(["", "%", ".5", " per cent", " out of 100"]))
def test_a_bare_number_never_slips_through(number: int, after: str) -> None:
    assert told(f"The answer was {number}{after} in the end") or 1800 <= number <= 2099


@given(st.text(max_size=200))
def test_no_text_breaks_the_check(text: str) -> None:
    typed_numbers(text, RULES)
