"""The language of the search box: what it means, and that no text is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.collate.methods.query import (
    LONGEST,
    MOST,
    Begins,
    Every,
    Node,
    Some,
    Term,
    Without,
    Years,
    holds,
    leaves,
    parse,
    wanted,
    with_files,
    year_tokens,
    years,
)
from whatworks.collate.methods.tokens import Written, stream


def word(said: str) -> Term:
    return Term((said,))


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("kinship care", Every((word("kinship"), word("care")))),
        ("kinship AND care", Every((word("kinship"), word("care")))),
        ('"children in need"', Term(("child", "in", "need"))),
        ("“children in need”", Term(("child", "in", "need"))),
        ('"never closed', Term(("never", "close"))),
        ("title:care", word("t:care")),
        ('author:"Smith J"', Term(("a:smith", "a:j"))),
        ("author:Williams", word("a:williams")),
        ("journal:families", word("v:famili")),
        ("year:2015..2019", Years(2015, 2019)),
        ("year:2019-2015", Years(2015, 2019)),
        ("year:2015", Years(2015, 2015)),
        ("year:..1999", Years(1000, 1999)),
        ("care OR custody", Some((word("care"), word("custodi")))),
        ("care | custody", Some((word("care"), word("custodi")))),
        ("care -custody", Every((word("care"), Without(word("custodi"))))),
        ("care NOT custody", Every((word("care"), Without(word("custodi"))))),
        ("(a OR foster) care", Every((Some((word("a"), word("foster"))), word("care")))),
        ("attach*", Begins("attach")),
        ("title:attach*", Begins("attach", "t")),
        ("well-being", Some((Term(("well", "be")), word("wellb")))),
        ("the care of children", Every((word("care"), word("child")))),
        ("of the", Every((word("of"), word("the")))),
        ("10.1016/S0140-6736(05)1", word("d:10_2e_1016_2f_s0140_2d_6736_28_05_29_1")),
        ("https://doi.org/10.1234/x", word("d:10_2e_1234_2f_x")),
        ("title:(foster OR kinship) care", Every((Some((word("t:foster"), word("t:kinship"))), word("care")))),
        ("doi:10.1234/x*", Begins("10_2e_1234_2f_x", "d")),
        ("", Every()),
        ("?!", Every()),
    ],
)
def test_what_a_search_means(text: str, node: Node) -> None:
    """Each piece of the language, alone."""
    assert parse(text).node == node


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour:red", "“colour:” is no field here"),
        ("year:soon", "names no year"),
        ("year:(2015)", "searched for as a word"),
        ("ab*", "needs at least 3 letters"),
        ("(" * 12 + "a b" + ")" * 12, "Brackets within more than 8"),
        ("w " * (MOST + 5), f"first {MOST} words"),
        ("long " * LONGEST, f"first {LONGEST:,} characters"),
    ],
)
def test_what_is_left_aside_is_told(text: str, said: str) -> None:
    """Somebody whose words were not searched for must hear so, in one sentence."""
    notes = parse(text).notes
    assert any(said in note for note in notes), notes
    assert all(note.endswith(".") for note in notes)


@pytest.mark.parametrize(
    "text",
    ["(", ")", "((a", "a))", "OR", "a OR", "OR a", "-", "- a", "NOT", "a NOT", '"', '""', "title:", "*", "-(", "a:b:c"],
)
def test_broken_syntax_is_no_error(text: str) -> None:
    """Half a bracket is a slip, not a reason to answer with a page of errors."""
    assert parse(text).node is not None


@given(st.text(alphabet=st.sampled_from(list('ab"()-*:. |ORNTandyear1920title’–é\u4e2d\0')), max_size=60))
def test_every_text_is_read(text: str) -> None:
    """No text may fail, nor grow: the tree has at most as many leaves as words may be searched for."""
    found = parse(text)
    assert sum(1 for _ in leaves(found.node)) <= 2 * MOST
    wanted(found.node)
    with_files(found.node)


@given(st.integers(1000, 2100), st.integers(1000, 2100))
def test_a_span_of_years_is_few_tokens(one: int, other: int) -> None:
    """The tokens must hold of exactly the years of the span."""
    span = Years(min(one, other), max(one, other))
    tokens = set(year_tokens(span))
    assert len(tokens) <= 40
    for year in {span.first - 1, span.first, (span.first + span.last) // 2, span.last, span.last + 1}:
        held = stream(Written(titles=("t",), year=year)).positions().keys() if 1000 <= year <= 9999 else set()
        assert bool(tokens & held) == (span.first <= year <= span.last)


def test_years_from_texts() -> None:
    """What names no year gives none."""
    assert years("2015…") == Years(2015, 2100)
    assert years("20155") is None
    assert years("..") is None
    assert years("") is None


def test_the_meaning_of_a_tree() -> None:
    """The slow, obvious twin that the databases are compared with."""
    tokens = list(stream(Written(titles=("Kinship care",), abstract="Foster care", year=2015)).tokens)
    for text, true in (
        ('"kinship care"', True),
        ('"care kinship"', False),
        ('"care foster"', False),  # not across fields
        ("kinship -foster", False),
        ("year:2014..2016 kin*", True),
        ("adoption OR foster", True),
        ("title:foster", False),
    ):
        assert holds(parse(text).node, tokens, 2015) is true, text


def test_what_is_marked() -> None:
    """A word that results may not have is not marked, nor are small words of a phrase."""
    assert wanted(parse('"children in need" author:Williams -abuse').node) == {"child", "need", "william"}


def test_files_are_searched_for_people_inside() -> None:
    """Their text has a mark of its own, so that readers outside never find by it."""
    assert with_files(parse("care title:x -y").node) == Every(
        (Some((word("care"), word("b:care"))), word("t:x"), Without(Some((word("y"), word("b:y")))))
    )
