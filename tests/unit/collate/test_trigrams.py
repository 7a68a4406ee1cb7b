"""Words with slips: the table of trigrams must lead to the word that was meant."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whatworks.collate.methods.trigrams import (
    fewest_shared,
    grams,
    keys,
    nearest,
    ranges,
    replaced,
    slips_allowed,
    word_number,
)

LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=16)


@st.composite
def slipped(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and the same with as many slips as are allowed: a letter more, less, another, or two swapped."""
    word = wrong = draw(LETTERS)
    for _ in range(slips_allowed(word)):
        at = draw(st.integers(0, len(wrong) - 2))
        letter = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
        wrong = draw(
            st.sampled_from(
                [
                    wrong[:at] + letter + wrong[at:],
                    wrong[:at] + wrong[at + 1 :],
                    wrong[:at] + letter + wrong[at + 1 :],
                    wrong[:at] + wrong[at + 1] + wrong[at] + wrong[at + 2 :],
                ]
            )
        )
    return word, wrong


@given(slipped())
def test_a_slip_never_hides_a_word(pair: tuple[str, str]) -> None:
    """The rows that a search reads must hold enough of the grams of the word that was meant."""
    word, wrong = pair
    slips = slips_allowed(wrong)
    if slips < slips_allowed(word):  # a letter less took it below the length at which a second slip is allowed
        return
    table = keys(word, 7)
    shared = [key for key in table if any(low <= key <= high for low, high in ranges(wrong, slips))]
    assert {word_number(key) for key in table} == {7}
    assert len(shared) >= min(fewest_shared(wrong, slips), len(grams(word) & grams(wrong))) or wrong == word
    if grams(word) & grams(wrong):
        assert shared


def test_nearest_takes_the_likeliest() -> None:
    """Fewest slips, then the same first letter, then the commonest; never the word itself."""
    known = [("kinship", 90), ("kingship", 3), ("linship", 500), ("kinsman", 10), ("kinshp", 1)]
    assert [near.word for near in nearest("kinshp", known)] == ["kinship"]
    assert nearest("kinshipp", known)[0].word == "kinship"
    assert nearest("cat", [("car", 5)]) == []  # three letters: too many words are one slip away


def test_words_are_put_right_where_they_stand() -> None:
    """The rest of the search, its quotes and fields, must stay."""
    assert replaced('title:Kinshp "Care" -x', [("kinshp", "kinship")]) == 'title:kinship "Care" -x'
    assert replaced("abc", [("xyz", "x")]) == "abc"
