"""References to numbers inside a text: what is one, what is a slip, and that no character is ever lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.publish.methods.references import MEASURES, parse, pieces, place, reference, references, slips

RESULT = "ana-7h3k9q2x"


def test_a_reference_names_a_result_and_says_which_number() -> None:
    before, middle, after = parse(f"Among families, {reference(RESULT, 'per 100 with')} went.")
    assert (before.text, after.text) == ("Among families, ", " went.")
    assert (middle.identifier, middle.what, middle.line, middle.column) == (RESULT, "per 100 with", 1, 17)


@pytest.mark.parametrize("what", MEASURES)
def test_every_number_of_a_result_can_be_referred_to(what: str) -> None:
    assert [one.what for one in parse(reference(RESULT, what))] == [what]


@pytest.mark.parametrize(
    ("text", "words", "line", "column"),
    [
        ("Half {ana-7h3k9q2x: studies", "{ana-7h3k9q2x: studies", 1, 6),
        ("One\ntwo } three", "}", 2, 5),
        ("{}", "{}", 1, 1),
        ("{ANA-7h3k9q2x: studies}", "{ANA-7h3k9q2x: studies}", 1, 1),
        ("{ana-7h3k9q2x:studies}", "{ana-7h3k9q2x:studies}", 1, 1),
        ("{ana-7h3k9q2x: how many}", "{ana-7h3k9q2x: how many}", 1, 1),
        ("{{ana-7h3k9q2x: studies}}", "{", 1, 1),
    ],
)
def test_a_brace_that_is_no_reference_is_refused_with_its_place(text: str, words: str, line: int, column: int) -> None:
    slip = slips(text)[0]
    assert (slip.words, slip.line, slip.column) == (words, line, column)
    with pytest.raises(InputError, match=rf"Line {line}, column {column}: "):
        parse(text)


@given(st.text(alphabet="ab {}:\n1-" + "é", max_size=60))
def test_every_character_is_in_exactly_one_piece(text: str) -> None:
    whole = text + reference(RESULT, "studies") + text
    found = pieces(whole)
    assert "".join(one.text for one in found) == whole
    assert all(whole[one.start : one.end] == one.text for one in found)
    assert all((one.line, one.column) == place(whole, one.start) for one in found)
    assert any(one.identifier == RESULT for one in references(whole))
