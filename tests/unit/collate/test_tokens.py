"""Words as they are searched: what folds together must, what differs must not, and nothing breaks a token apart."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.collate.methods.stemming import beginnings, one_spelling, stem
from whatworks.collate.methods.tokens import (
    LONGEST,
    MOST,
    REPEATS,
    Written,
    compounds,
    fold,
    marked,
    read,
    stream,
    words,
    written_out,
    year_marks,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("children's", "CHILD"),
        ("behaviour", "behaviors"),
        ("organisation", "organizations"),
        ("randomised", "randomized"),
        ("centre", "centers"),
        ("counselling", "counseling"),
        ("paediatric", "pediatric"),
        ("programmes", "program"),
        ("fœtus", "fetus"),
        ("naïve", "naive"),
        ("Müller", "muller"),
        ("Łódź", "lodz"),
        ("women", "woman"),
        ("ageing", "aging"),
        ("labelled", "labeled"),
        ("families", "family"),
        ("ＷＩＤＥ", "wide"),
        ("A&amp;E", "a e"),
        ("<i>Homo</i>", "homo"),
    ],
)
def test_the_same_word(one: str, other: str) -> None:
    """Two ways to write one word lead to the same tokens; otherwise a search would find half of the reports."""
    assert [stem(word) for word in words(one)] == [stem(word) for word in words(other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("size", "sise"), ("prize", "prise"), ("four", "for"), ("hour", "hor"), ("care", "car"), ("universe", "adverse")],
)
def test_different_words_stay_apart(one: str, other: str) -> None:
    """A rule that is too eager would give what was not asked for."""
    assert stem(one) != stem(other)


def test_hyphens_and_apostrophes() -> None:
    """Compounds are words of their own and one word; a possessive is no word."""
    assert words("looked-after children’s O'Brien's") == ["looked", "after", "children", "obrien"]
    assert compounds("Well\u2010being and multi-agency, x-ray") == ["wellbeing", "multiagency"]
    assert words("儿童保护") == list("儿童保护")  # no spaces there: each character is a word, a phrase is their order
    assert words("\u00b4 -- &lt; ' ") == []


def test_a_stream_has_every_field_apart() -> None:
    """A phrase must not reach from the title into the authors; a field is found under its mark; names are not stemmed."""
    said = Written(
        titles=("Kinship care",),
        authors=("Williams, Ann Marie",),
        abstract="Placements last.",
        venues=("Child Abuse & Neglect",),
        keywords=("Foster care",),
        text="Page one",
        dois=("10.1/a-b",),
        year=2019,
        kind="JOUR",
        sources=("src-1",),
    )
    line = f" {stream(said).line()} "
    for run in (
        "kinship care ~",
        "~ william ann mari ~",
        "~ placement last ~",
        "~ child abus neglect ~",
        "~ foster care ~",
    ):
        assert f" {run} " in line or line.startswith(f" {run}")
    assert (
        " t:kinship t:care ~ a:williams a:ann a:marie ~ a:williams a:a a:m ~ v:child v:abus v:neglect ~ k:foster k:care ~"
        in line
    )
    assert " b:page b:one ~ x: m:jour y:2019 y:201- y:20-- y:2--- s:src_2d_1 d:10_2e_1_2f_a_2d_b " in line


def test_limits_of_the_databases_are_kept() -> None:
    """PostgreSQL keeps 256 places of a token and counts to 16,383: beyond that the two databases would differ."""
    long = stream(Written(titles=("t",), abstract="alpha " * 400, text="beta gamma " * 20_000, year=1999))
    assert len(long.tokens) <= MOST
    assert max(len(at) for at in long.positions().values()) <= REPEATS
    assert "y:1999" in long.positions(), "facts must survive however long the text is"
    assert max(map(len, words("x" * 500))) == LONGEST


def test_marks_of_years() -> None:
    """Decade, century and millennium, so that a span is few tokens."""
    assert year_marks(1998) == ["y:1998", "y:199-", "y:19--", "y:1---"]
    assert year_marks(None) == ["y:0"]


@given(st.text(max_size=60))
def test_tokens_are_never_split_again(text: str) -> None:
    """The databases split at spaces and quotes: a token that holds one, or a zero, would be two there or an error."""
    said = Written(titles=(text,), authors=(text,), dois=(text,), kind=text[:20], sources=(text,), text=text)
    for token in stream(said).positions():
        assert token
        assert not any(char.isspace() or char in "'\"\\~\0*()" for char in token)
        assert token.isascii() or all(char.isalnum() or char in ":_-" for char in token)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    """What is asked is folded once, what is held may have been folded before."""
    once = words(text)
    assert words(" ".join(once)) == once


@given(st.text(max_size=80), st.frozensets(st.sampled_from(["child", "care", "the"])))
def test_marking_loses_nothing(text: str, wanted: frozenset[str]) -> None:
    """Highlighting must show the text that it was given, every character in its place."""
    import unicodedata

    parts = marked(text, wanted)
    assert "".join(part if isinstance(part, str) else part["mark"] for part in parts) == unicodedata.normalize(
        "NFC", text
    )


def test_marking_finds_other_endings() -> None:
    """The reader sees why a result is there."""
    assert marked("Children in care", frozenset({"child"})) == [{"mark": "Children"}, " in care"]


@given(st.text(max_size=40))
def test_written_out_names_one_thing(text: str) -> None:
    """Two identifiers that differ in a sign must not become the same token."""
    assert all(char.isalnum() or char == "_" for char in written_out(text))
    assert written_out("10.1/a-b") != written_out("10.1/a_b") != written_out("10.1/ab")


def test_a_digest_tells_of_every_change() -> None:
    """Verification compares digests: a word that moved must show."""
    one, other = (Written(titles=(title,)) for title in ("a b", "b a"))
    assert stream(one).digest() != stream(other).digest()
    assert stream(one).digest() == stream(Written(titles=("A  b",))).digest()
    assert -(2**63) <= stream(one).digest() < 2**63


def test_words_for_the_vocabulary() -> None:
    """Numbers are no words that anybody misspells; words of titles are kept apart from all others."""
    found = read(Written(titles=("Care in 2019",), abstract="Care lasts 12 weeks, long-term"))
    assert found.titled == {"care", "in"}
    assert found.others == {"lasts", "weeks", "long", "term", "longterm"}


def test_beginnings_on_both_sides_of_the_atlantic() -> None:
    """Otherwise organiz* would miss every organisation."""
    assert beginnings("organiz") == ("organiz", "organis")
    assert beginnings("color") == ("color", "colour")
    assert beginnings("his") == ("his",)


@given(st.text(alphabet=st.characters(codec="ascii", categories=["Ll"]), min_size=1, max_size=14))
def test_a_spelling_is_settled_at_once(word: str) -> None:
    """One spelling of one spelling is itself; two passes must not wander off."""
    assert one_spelling(one_spelling(word)) == one_spelling(word)
    assert fold(word) == word


def test_threads_that_stem_at_once_do_not_cut_each_others_words() -> None:
    """A server answers several readers at a time, and a wrong stem would be remembered."""
    afresh = stem.__wrapped__  # nothing is remembered
    words = [
        f"{start}{end}"
        for start in ("organis", "nation", "hope", "relat")
        for end in ("ational", "fulness", "ing", "ers")
    ]
    alone = [afresh(word) for word in words]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda _: [afresh(word) for word in words], range(160)))
    finally:
        sys.setswitchinterval(before)
    assert all(found == alone for found in together)
