"""The plain sentence for each state and certainty: what it says, what it never says, and that a child can read it."""

from __future__ import annotations

import re
from itertools import product

import pytest

from whatworks.errors import InputError
from whatworks.rate import STATES, sentence
from whatworks.rate.methods.wording import CERTAINTIES

CONTACT, WELLBEING = "children in care", "children's safety"
EVERY = (None, "not-assessed", *CERTAINTIES)


@pytest.mark.parametrize(
    ("state", "certainty", "says"),
    [
        ("fewer", "high", "It means fewer children in care."),
        ("fewer", "moderate", "It probably means fewer children in care."),
        ("fewer", "low", "It may mean fewer children in care."),
        (
            "fewer",
            "very-low",
            "We cannot tell whether it means fewer children in care. Studies so far point that way.",
        ),
        ("more", None, "Studies so far saw more children in care. Nobody has yet rated how sure we can be."),
        ("none", "moderate", "It probably makes little or no difference to children in care."),
        ("none", "very-low", "We cannot tell whether it makes any difference to children in care."),
        ("linked", "low", "It may go together with children in care. Nobody has shown that it is the cause."),
        ("not-searched", "high", "We have not yet looked for studies about children in care."),
        ("nothing-found", None, "We looked, and found no study about children in care."),
    ],
)
def test_what_it_says(state: str, certainty: str | None, says: str) -> None:
    """The certainty word must be the one that belongs to the certainty."""
    assert sentence(state, outcome=CONTACT, certainty=certainty) == says


@pytest.mark.parametrize(
    ("kind", "uncertain", "mixed"),
    [
        ("contact", "fewer or more children in care", "some saw fewer children in care and some saw more"),
        ("good-low", "makes children in care better or worse", "some saw children in care get better"),
        (None, "changes children in care", "Studies do not agree about children in care"),
    ],
)
def test_doubt_is_told_in_the_outcome_s_own_terms(kind: str | None, uncertain: str, mixed: str) -> None:
    """Contact with services is fewer or more also when we cannot tell."""
    assert uncertain in sentence("uncertain", outcome=CONTACT, direction_kind=kind)
    assert mixed in sentence("mixed", outcome=CONTACT, direction_kind=kind)


def test_why_results_cannot_be_put_together() -> None:
    """One study, somebody else's review and bare directions are three different things to a reader."""
    said = {
        because: sentence("not-poolable", outcome=CONTACT, because=because)
        for because in ("one-study", "published-review-only", "directions-only")
    }
    assert len(set(said.values())) == 3
    assert said["one-study"].startswith("Only one study")


@pytest.mark.parametrize(("state", "certainty"), list(product(STATES, EVERY)))
def test_contact_is_never_called_better_or_worse(state: str, certainty: str | None) -> None:
    """A child kept out of care is not by that alone better off."""
    if state in ("better", "worse"):
        with pytest.raises(InputError, match="never"):
            sentence(state, outcome=CONTACT, certainty=certainty, direction_kind="contact")
    else:
        said = sentence(state, outcome=CONTACT, certainty=certainty, direction_kind="contact")
        assert not re.search(r"better|worse|good|bad|improve|reduc", said)


@pytest.mark.parametrize("state", STATES)
def test_surer_words_only_for_surer_evidence(state: str) -> None:
    """`It means` at very low certainty is the mistake this sentence exists to prevent."""
    for certainty in EVERY:
        said = sentence(state, outcome=WELLBEING, certainty=certainty)
        assert (re.match(r"It (means|makes|goes)", said) is not None) <= (certainty == "high")
        assert ("probably" in said) <= (certainty == "moderate")
        assert (" may " in said) <= (certainty == "low")


def reading_grade(text: str) -> float:
    """Flesch-Kincaid grade (Kincaid and others 1975): 0.39 words per sentence + 11.8 syllables per word - 15.59."""
    words = re.findall(r"[a-z']+", text.lower())
    beats = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<![aeiouyl])e[sd]?$", "", word)))) for word in words)
    return 0.39 * len(words) / len(re.findall(r"[.!?]", text)) + 11.8 * beats / len(words) - 15.59


def every_sentence() -> list[str]:
    """Every sentence there is, about outcomes whose own names are short: theirs is not the wording tested here."""
    said = []
    for state, certainty, because in product(STATES, EVERY, ("", "one-study", "published-review-only")):
        agreed = state in ("better", "worse")
        for kind in (None, "good-high" if agreed else "contact"):
            outcome = "health" if agreed else "moves"
            said.append(sentence(state, outcome=outcome, certainty=certainty, direction_kind=kind, because=because))
    return sorted(set(said))


def test_a_ten_year_old_can_read_it() -> None:
    """Grade 5 is the school year of ages 10 to 11. One long word in a short sentence is worth two grades."""
    grades = {said: reading_grade(said) for said in every_sentence()}
    assert {said: grade for said, grade in grades.items() if grade > 7} == {}
    assert sum(grades.values()) / len(grades) < 5


def test_sentences_are_short_and_whole() -> None:
    """At most 25 words, from a capital letter to a full stop, with no blank left unfilled."""
    for said in every_sentence():
        assert max(len(part.split()) for part in re.split(r"[.!?]", said)) <= 25
        assert re.fullmatch(r"[A-Z][^{}]*\.", said)


def test_the_reading_formula_can_fail() -> None:
    """Otherwise the test above proves nothing."""
    assert reading_grade("Substantial heterogeneity precludes definitive conclusions regarding effectiveness.") > 12


@pytest.mark.parametrize(
    ("state", "wrong", "says"),
    [
        ("promising", {}, "No state"),
        ("fewer", {"outcome": " "}, "needs the outcome"),
        ("fewer", {"certainty": "fairly sure"}, "no certainty"),
        ("fewer", {"direction_kind": "good"}, "no kind of direction"),
        ("fewer", {"direction_kind": "good-low"}, "better or worse, not fewer"),
    ],
)
def test_what_cannot_be_said_is_refused(state: str, wrong: dict[str, str], says: str) -> None:
    """A sentence for a state that does not exist would be an invention."""
    with pytest.raises(InputError, match=says):
        sentence(state, **{"outcome": CONTACT, **wrong})
