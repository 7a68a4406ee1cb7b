"""Words against results: a table of what a writer may say about a result in each state, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.publish.methods.claims import Fact, inconsistencies
from whatworks.publish.methods.references import MEASURES, reference
from whatworks.publish.writing.wording import wording

RULES = wording()
HELD = frozenset(MEASURES)
FACTS = {
    fact.identifier: fact
    for fact in (
        Fact("ana-bbbbbb01", "children in care", "uncertain", 0, contact=True, certainty="low", held=HELD),
        Fact("ana-bbbbbb02", "children in care", "fewer", -1, contact=True, certainty="high", held=HELD),
        Fact("ana-bbbbbb03", "school", "better", 1, good=1, certainty="moderate", held=HELD),
        Fact("ana-bbbbbb04", "school", "better", 1, good=1, certainty="very low", held=HELD),
        Fact("ana-bbbbbb05", "school", "better", 1, good=1, held=HELD),
        Fact("ana-bbbbbb06", "school", "none", 0, good=1, certainty="high", held=HELD),
        Fact("ana-bbbbbb07", "safety", "better", -1, good=-1, safety=True, certainty="high", held=HELD),
        Fact("ana-bbbbbb08", "jobs", "better", 1, good=1, certainty="low", held=frozenset({"change", "certainty"})),
        Fact("ana-bbbbbb09", "offending", "better", -1, good=-1, certainty="low", held=HELD),
    )
}


def said(text: str) -> set[str]:
    """The rules that a text breaks; `[3]` stands for result 3 with its certainty beside it."""
    for number in range(1, 10):
        name = f"ana-bbbbbb0{number}"
        both = f"{reference(name, 'difference per 100')} ({reference(name, 'certainty')})"
        text = text.replace(f"[{number}]", both).replace(f"<{number}: ", f"{{{name}: ").replace(">", "}")
    return {one.rule for one in inconsistencies(text, FACTS, RULES)}


REFUSED = [
    ("It reduces this: [1].", "claim"),  # the range crosses no effect
    ("It may reduce this: [1].", "claim"),  # however softly
    ("This leads to change: [1].", "claim"),
    ("It prevents care: [1].", "claim"),
    ("It increases this: [2].", "claim"),  # the other way round
    ("It improves this: [2].", "claim"),  # no agreed good direction
    ("It improves school: [3].", "claim"),  # moderate wants “probably”
    ("It may improve school: [4].", "claim"),  # very low cannot tell
    ("It improves school: [5].", "claim"),  # nobody has rated it
    ("It may improve school: [6].", "claim"),  # no worthwhile effect
    ("It probably increases offending: [9].", "claim"),
    ("It reduces placements.", "claim"),  # no result at all
    ("The service is effective.", "claim"),
    ("It works.", "claim"),
    ("It had no effect: [1].", "no-effect"),  # uncertain is not none
    ("It makes no difference.", "no-effect"),
    ("It does not work: [5].", "no-effect"),
    ("The service is safe.", "safe"),
    ("It is safe and effective.", "safe"),
    ("It does no harm: [3].", "safe"),  # a result, but none on safety
    ("It is proven.", "wording"),
    ("A significant change was seen: [2].", "wording"),
    ("This is evidence-based.", "wording"),
    ("Studies show this: [2].", "wording"),
    ("Children are more likely to stay.", "likelihood"),
    ("Harm is unlikely.", "likelihood"),
    ("That is better for them: [2].", "contact"),
    ("Fewer referrals are good news.", "contact"),
    ("Fewer coming into care is a success.", "contact"),
    ("There were <2: difference per 100>.", "certainty"),
    ("There were <2: result>, with low certainty.", "certainty"),  # not what was recorded
    ("There were <3: difference per 100>.\n\n<3: certainty>", "certainty"),  # in another paragraph
    ("It was <3: change> (<3: certainty>).", "relative"),
    ("It was <8: change> (<8: certainty>).", "relative"),  # nothing out of 100 is held, and the text does not say so
    ("It was {ana-zzzzzz99: studies}.", "reference"),
    ("It was <8: studies>.", "reference"),  # not held for this result
]
ACCEPTED = [
    "It reduces this: [2].",
    "It means fewer children in care: [2].",
    "It probably improves school: [3].",
    "It may improve school: [3].",
    "It may reduce offending: [9].",
    "Studies so far saw that it improved school: [5].",
    "We cannot tell whether it reduces this: [1].",
    "We do not know whether it improves school: [4].",
    "It is meant to prevent harm.",
    "It aims to reduce time in care.",
    "It is designed to improve how people talk.",
    "The worker works with the family, and works at night.",
    "It makes no difference: [6].",
    "We cannot tell whether it makes no difference: [1].",
    "The service is safe: [7].",
    "We do not know whether it is safe.",
    "This is about safeguarding and a safe place to stay.",
    "Children were more likely to stay: [2].",
    "There were <2: difference per 100>, with high certainty.",
    "It was <3: change>, or <3: per 100 with> (<3: certainty>).",
    "It was <8: change> (<8: certainty>); the starting number is not known.",
    "In <2: studies> with <2: people>.",
    "Talk about what goes better at home.",
]


@pytest.mark.parametrize(("text", "rule"), REFUSED)
def test_what_says_other_than_its_results_is_refused(text: str, rule: str) -> None:
    assert rule in said(text)


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_says_what_its_results_say_may_stand(text: str) -> None:
    assert said(text) == set()


@given(st.text(max_size=300))
def test_no_text_breaks_the_check(text: str) -> None:
    inconsistencies(text, FACTS, RULES)
