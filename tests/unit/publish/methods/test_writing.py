"""A text looked through: sentences and where they end, reading age, advice that stops nobody, and the whole review."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.publish.methods.readability import by_vowels, ease
from whatworks.publish.methods.references import reference
from whatworks.publish.methods.sentences import paragraphs, sentences
from whatworks.publish.methods.writing import review_text
from whatworks.publish.writing.wording import wording

RULES = wording()
EASY = (
    "The worker comes to your home. You talk. She asks what you want. You make a plan. It says who does what and when."
)
HARD = (
    "Multidisciplinary professionals collaboratively facilitate comprehensive psychosocial interventions, utilising "
    "individualised documentation procedures throughout organisational reconfiguration and subsequent evaluation."
)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ("See e.g. the law. Then stop.", 2),
        ("- one\n- two", 2),
        ("“Stop.” She left.", 2),
        ("It costs £1.50 a day.", 1),
        ("", 0),
        ("\n\n", 0),
    ],
)
def test_sentences_end_where_a_reader_would_stop(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@given(st.text(alphabet="abc .!?\n“”", max_size=80))
def test_a_sentence_keeps_its_place(text: str) -> None:
    for one in (*sentences(text), *paragraphs(text)):
        assert text[one.start : one.end] == one.text


def test_a_reference_belongs_to_the_sentence_that_holds_it() -> None:
    text = f"First. Then {reference('ana-7h3k9q2x', 'studies')} came.\n\nLast."
    assert [len(one.references) for one in sentences(text)] == [0, 1, 0]
    assert [len(one.references) for one in paragraphs(text)] == [1, 0]


@pytest.mark.parametrize(
    ("word", "count"),
    [("care", 1), ("family", 3), ("evidence", 3), ("helped", 1), ("wanted", 2), ("little", 2), ("people", 2), ("the", 1),
     ("homes", 1), ("safety", 2), ("every", 2), ("rhythm", 1), ("x", 1)],
)  # fmt: skip
def test_syllables_by_vowels(word: str, count: int) -> None:
    assert by_vowels(word) == count


def test_long_words_and_sentences_read_harder() -> None:
    easy, hard = ease(EASY, by_vowels), ease(HARD + " " + HARD, by_vowels)
    assert easy.age is not None
    assert hard.age is not None
    assert easy.age < 9 < 18 < hard.age


def test_a_reading_age_by_the_published_formula() -> None:
    # 24 words of one syllable in 3 sentences: 0.39 * 8 + 11.8 - 15.59 is less than no schooling, so the age is that of
    # a child who begins school.
    how = ease("The cat sat on the big mat there. " * 3, lambda _: 1)
    assert (how.words, how.sentences, how.longest, how.age) == (24, 3, 8, 5.0)
    # With two syllables a word: 0.39 * 8 + 23.6 - 15.59 = 11.13, and 5 more.
    assert ease("The cat sat on the big mat there. " * 3, lambda _: 2).age == 16.1


def test_a_short_text_has_no_reading_age() -> None:
    assert ease("Too short.", by_vowels).age is None


def test_advice_points_at_hard_words_and_stops_nobody() -> None:
    review = review_text(HARD, rules=RULES, glossary={"Intervention": "Something done to help."})
    assert review.fits
    assert {"hard-word", "glossary"} <= {one.rule for one in review.advice}
    explained = next(one for one in review.advice if one.rule == "glossary")
    assert "Something done to help." in explained.sentence


def test_a_long_sentence_is_counted() -> None:
    review = review_text("And then we " + "go " * 30 + "home.", rules=RULES)
    assert [one.rule for one in review.advice if "cut it in two" in one.sentence] == ["long-sentence"]


def test_money_needs_a_source() -> None:
    text = "It costs £40 an hour (2024 prices)."
    assert review_text(text, rules=RULES).fits
    assert [one.rule for one in review_text(text, rules=RULES, sourced=False).problems] == ["source"]


def test_a_review_as_plain_values_says_whether_it_fits() -> None:
    plain = review_text("It was 12%.", rules=RULES).to_dict()
    assert plain["fits"] is False
    assert plain["problems"][0]["words"] == "12%"


def test_a_long_text_is_looked_through_while_one_waits() -> None:
    text = (EASY + " In the group that was offered it, most came. See section 17. \n\n") * 60
    began = time.process_time()
    review_text(text, rules=RULES)
    # A part of a page has at most 12,000 characters; a second is what a person waits for without wondering.
    assert time.process_time() - began < 3
