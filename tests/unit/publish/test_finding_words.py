"""Questions in plain words: every synonym in every direction, what is recorded, slips of the hand, phrases."""

from __future__ import annotations

import pytest

from whatworks.publish.finding.filters import FILTERS
from whatworks.publish.finding.words import home, synonyms
from whatworks.publish.methods.finding import Concept
from whatworks.publish.methods.finding_asking import Understood, nearest, stems_of, understood
from whatworks.scope.particulars import sorts

VOCABULARY = {"mentor", "confer", "teenag", "school", "train", "famili", "group", "hous"}
SPOKEN = {"confer": "conferencing", "hous": "housing", "famili": "family"}


def read(question: str, *, plainly: bool = False) -> Understood:
    return understood(question, synonyms(), VOCABULARY, SPOKEN, plainly=plainly)


def runs(concepts: tuple[Concept, ...]) -> set[tuple[str, ...]]:
    return {run for one in concepts for run in one.runs}


@pytest.mark.parametrize("group", synonyms().groups, ids=lambda group: group.phrases[0])
def test_each_word_of_a_group_stands_for_the_others_and_for_its_facets(group: object) -> None:
    """A synonym that works one way only loses the page for whoever uses the other word."""
    phrases = group.phrases  # type: ignore[attr-defined]
    for phrase in phrases:
        found = read(phrase)
        assert found.mended == ()
        assert stems_of(phrase) in {one.runs[0] for one in found.concepts}, phrase
        if group.same:  # type: ignore[attr-defined]
            assert {stems_of(one) for one in phrases} - {()} <= runs(found.concepts), phrase
        assert set(group.facets) <= set(found.facets), phrase  # type: ignore[attr-defined]


def test_every_facet_of_a_group_is_a_value_that_can_be_chosen() -> None:
    """A facet that was renamed would quietly find nothing."""
    for group in synonyms().groups:
        for name, value in group.facets:
            known = sorts()[name].values if name in sorts() else FILTERS[name].labels()
            assert value in known, (name, value)


def test_home_is_named_with_its_countries() -> None:
    """Evidence from home is that of studies in these countries, and of no other."""
    name, countries = home()
    assert name == "the UK"
    assert {"England", "Wales", "United Kingdom"} <= countries


def test_a_question_is_read_as_words_and_what_is_recorded() -> None:
    """“Does mentoring work for teenagers in England?” names three things."""
    found = read("Does mentoring work for teenagers in England?")
    assert len(found.concepts) == 3
    assert set(found.facets) == {("age", "teenagers"), ("uk", "yes")}
    assert "adolescents" in found.also


@pytest.mark.parametrize(
    ("question", "facet"),
    [
        ("help for under 5s", ("age", "under-5")),
        ("work in schools", ("setting", "school")),
        ("support by text message", ("setting", "online")),
        ("randomised trials of mentoring", ("evidence", "randomised")),
    ],
)
def test_words_that_say_of_whom_and_where(question: str, facet: tuple[str, str]) -> None:
    """Each would otherwise be looked for as a bare word."""
    assert facet in read(question).facets


def test_british_and_american_spelling_are_one() -> None:
    """A reader from the one country must find the page of the other."""
    assert stems_of("parenting programmes and behaviour") == stems_of("parenting programs and behavior")


def test_a_slip_is_mended_and_told() -> None:
    """What was searched for in place of what was typed must be said."""
    assert read("famly suprvision").mended == (("famly", "family"), ("suprvision", "supervision"))


def test_short_words_are_left_as_they_are() -> None:
    """One slip makes any word of three letters into another."""
    assert read("MSP").mended == ()
    assert read("MSP").unknown == ("msp",)


def test_a_phrase_in_quotation_marks_is_wanted_as_it_is() -> None:
    """Without its synonyms, in straight marks and in curly ones."""
    for question in ('"family group"', "“family group”"):
        (concept,) = read(question).concepts
        assert concept.required
        assert concept.runs == (("famili", "group"),)


def test_plainly_takes_the_words_alone() -> None:
    """The link “search only for the words” must keep its promise."""
    found = read("mentoring for teenagers", plainly=True)
    assert (found.also, found.facets, found.mended) == ((), (), ())
    assert runs(found.concepts) == {("mentor",), ("teenag",)}


def test_a_question_of_small_words_asks_for_nothing() -> None:
    """“What works?” must not be answered with “nothing found”."""
    assert read("What works for them?").concepts == ()


def test_the_nearest_words_come_nearest_first() -> None:
    """An offer of a word that is further off than another helps nobody."""
    assert nearest("mentr", VOCABULARY, 3, further=1) == ["mentor"]
    assert nearest("xyzzyq", VOCABULARY, 3) == []
