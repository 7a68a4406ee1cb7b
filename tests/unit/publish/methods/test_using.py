"""What a team takes away from a page, and the page for young people: from documents of every schema, in every state."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest

from whatworks.publish.methods.using import (
    GROUPS,
    applicability_prompts,
    discussion_questions,
    supervision_paragraph,
)
from whatworks.publish.methods.young import for_young_people
from whatworks.rate import STATES
from whatworks.rate.methods.wording import sentence

STUDIED = {"studies": 6, "countries": [["United States", 6]], "missing": ["Ages", "Ethnicity"], "last_search": ""}
DOTS = {"before": 29, "after": 36, "of": "families had a child placed", "unit": "families", "low": 26, "high": 46}
APPROVED = {"revision": 2, "identifier": "pag-1", "approved": {"on": "3 May 2026", "by": "approved by an editor"}}


def outcome(key: str = "uncertain", sure: str | None = "Very low", **other: Any) -> dict[str, Any]:
    contact = key not in ("better", "worse")
    base = {
        "name": "Families with a child placed",
        "contact": contact,
        "safety": False,
        "state": {"key": key, "word": STATES[key].word, "css": "change" if contact else "unsure"},
        "certainty": {"word": sure} if sure else None,
        "certainty_words": "" if sure else "Not assessed",
        "provisional": True,
        "sentence": ["Out of 100 families, about ", {"number": "7 more", "trace": "syn-1"}, " had a child placed."],
        "scale": {"title": "Families out of 100, compared with usual services", "low": -2.6, "high": 16.7},
        "hundred": DOTS,
        "table": {"rows": [{"pooled": True}, {"pooled": True}]},
    }
    return base | other


def document(*outcomes: dict[str, Any], **other: Any) -> dict[str, Any]:
    held = list(outcomes)
    strong = sentence("uncertain", outcome="moves", direction_kind="contact")
    base = {"schema": 3, "title": "Intensive help", "lead": "A worker helps at home.", "outcomes": held}
    base |= {"answer": {"strong": [strong], "rest": [" ", *held[0]["sentence"]] if held else [" See below."]}}
    return base | {"studied": STUDIED, "young": []} | APPROVED | other


def test_the_paragraph_says_when_what_how_sure_and_what_it_cannot_say() -> None:
    """A paragraph in a child's notes must still be checkable, and never read as being about this child."""
    said = supervision_paragraph(document(outcome(), outcome(name="Days in care")))
    assert said.startswith("Intensive help, evidence page pag-1, revision 2 of 3 May 2026 (approved by an editor).")
    assert (
        "about 7 more had a child placed. How sure we are: very low certainty. Other outcomes: Days in care (" in said
    )
    assert "not yet judged by people" in said
    assert said.endswith(GROUPS)


def test_a_would_be_page_says_that_nobody_approved_it() -> None:
    content = {key: value for key, value in document(outcome()).items() if key not in APPROVED}
    assert "that nobody has approved" in supervision_paragraph(content)
    assert for_young_people(content).version == "Made from a draft."


def test_what_the_answer_says_of_certainty_is_not_said_twice() -> None:
    content = document(outcome())
    content["answer"]["rest"].append(" How sure we are: very low certainty.")
    assert supervision_paragraph(content).lower().count("how sure") == 1


@pytest.mark.parametrize(("key", "sure"), list(product(STATES, ("High", "Moderate", "Low", "Very low", None))))
def test_every_state_and_certainty_can_be_taken_away(key: str, sure: str | None) -> None:
    """No state may leave a team without words, or call contact with services better or worse."""
    content = document(outcome(key, sure), outcome(key, sure, scale=None, hundred=None, sentence=["Nothing yet."]))
    young = for_young_people(content)
    words = " ".join(said for part in young.sections for said in part.sentences)
    assert len(discussion_questions(content)) >= 5
    assert all(one.endswith("?") for one in discussion_questions(content))
    assert len(applicability_prompts(content)) == 6
    assert not re.search(r"[{}\[\]]|None", words + supervision_paragraph(content))
    assert "better" not in words or key == "better"
    assert "children are safer" in " ".join(discussion_questions(content)) or key in ("better", "worse")


def test_prompts_never_give_a_verdict() -> None:
    for said in applicability_prompts(document(outcome())):
        assert not re.search(r"\b(suitable|recommended|should|will work|fits)\b", said)


def test_a_page_without_outcomes_and_the_first_schema_are_read_too() -> None:
    """Old revisions and empty pages have addresses; their versions must not fail."""
    empty = document()
    assert supervision_paragraph(empty).endswith(GROUPS) and "See below" not in supervision_paragraph(empty)
    assert len(discussion_questions(empty)) == 3
    assert for_young_people(empty).sections[1].sentences == ("We do not know. We hold no results about it.",)
    old = document(outcome(hundred={key: DOTS[key] for key in ("before", "after", "of")}))
    del old["studied"], old["young"]
    assert "not held on this page" in applicability_prompts(old)[0]
    assert "as few as 26 or as many as 46" in " ".join(for_young_people(old).sections[1].sentences)


def test_young_people_read_the_same_100_on_both_sides_and_how_sure() -> None:
    (_, asked, *_) = for_young_people(document(outcome())).sections
    assert asked.heading == "What about families with a child placed?"
    assert asked.sentences == (
        "We cannot tell whether it means fewer or more families with a child placed.",
        "Out of 100, about 29 families had a child placed without it. With it, about 36.",
        "With it, it could be as few as 26 or as many as 46.",
        "We are not sure at all (very low certainty).",
    )
    assert asked.dots == DOTS


def test_young_people_are_told_nothing_that_was_invented() -> None:
    """A telephone number or an address that nobody recorded could send a child the wrong way."""
    young = for_young_people(document(outcome(), lead=None))
    words = " ".join(said for part in young.sections for said in part.sentences)
    assert not re.search(r"\d{3,}|www|http|@", words.replace("100", ""))
    assert "Nobody has written down" in words
    assert young.sections[-1].heading == "Where to talk to somebody"


def test_what_a_person_wrote_for_young_people_comes_first() -> None:
    young = for_young_people(
        document(outcome(), young=["Ask for ", {"number": "7", "trace": "x"}, " visits.\n\nSay no."])
    )
    assert young.sections[1].sentences == ("Ask for 7 visits.", "Say no.")


def test_one_study_is_told_as_one_and_a_printed_number_stays_out() -> None:
    alone = outcome("not-poolable", table={"rows": [{"pooled": True}]})
    printed = outcome(
        "not-poolable", scale=None, hundred=None, sentence=["Only one study measured it.", " X: 3 of 100."]
    )
    _, first, second, *_ = for_young_people(document(alone, printed)).sections
    assert first.sentences == (
        "Only one study measured families with a child placed. One study is not enough to be sure.",
    )
    assert second.sentences == ("Only one study measured it.",)


def reading_grade(text: str) -> float:
    """Flesch-Kincaid grade (Kincaid and others 1975)."""
    words = re.findall(r"[a-z']+", text.lower())
    beats = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<![aeiouyl])e[sd]?$", "", word)))) for word in words)
    return 0.39 * len(words) / len(re.findall(r"[.!?]", text)) + 11.8 * beats / len(words) - 15.59


def test_a_child_of_nine_can_read_it() -> None:
    """Grade 4 is the school year of ages 9 to 10; names of outcomes are not ours to shorten here."""
    content = document(outcome(name="Moves"), lead="A worker helps at home.")
    words = " ".join(said for part in for_young_people(content).sections for said in part.sentences)
    assert reading_grade(words) < 4
