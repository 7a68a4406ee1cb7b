"""What looks like somebody, and what only looks like it: made-up texts of both kinds, and the project's own prose."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest

from whatworks.convene.methods.identifying import REASONS, likely_identifiers, reasons_of
from whatworks.convene.methods.identifying_rewritten import carries

TELLING = [
    ("Mr Smith told us to wait", "name"),
    ("Mrs. A. Jones said no", "name"),
    ("They took my son Jack in May", "name"),
    ("my daughter, Mia, is seven", "name"),
    ("her social worker Julie never rang", "name"),
    ("our son is called Tyler and he is nine", "name"),
    ("his name is jayden", "name"),
    ("Sarah Thompson at the council was kind", "name"),
    ("Kayla's mum was there as well", "name"),
    ("the foster carer Pat shouted at him", "name"),
    ("Judge Roberts decided against us", "name"),
    ("Then Tyler was moved again", "name"),
    ("Callum and Leah got split up", "name"),
    ("dob 12/03/2014", "born"),
    ("she was born on 3 May 2016", "born"),
    ("Date of birth: 3rd March 2011", "born"),
    ("we live in LS6 3HN", "postcode"),
    ("near sw1a 1aa", "postcode"),
    ("call me on 07700 900123", "telephone"),
    ("ring 0161 496 0123 after six", "telephone"),
    ("or +44 7700 900 123", "telephone"),
    ("write to jo@example.org", "email"),
    ("NHS number 943 476 5919", "health-number"),
    ("it is 943 476 5919", "health-number"),
    ("AB 12 34 56 C is hers", "insurance-number"),
    ("case number ZE20C00123", "case-number"),
    ("our ref no. is 12345/A", "case-number"),
    ("he goes to oakfield primary", "school"),
    ("St Mary's Primary School was awful", "school"),
    ("he attends Oakfield Academy", "school"),
    ("we are at 12 Acacia Avenue", "address"),
    ("flat 4, 23 mill road", "address"),
    ("look at @jaydens_mum", "handle"),
    ("it is on facebook.com/some.one", "handle"),
]

PLAIN = [
    "Does family group conferencing keep children at home, and for how long?",
    "The page says “may reduce”, yet the interval goes from fewer to more. Why is it not “uncertain”?",
    "I am a foster carer. My social worker never heard of this, and neither had my manager.",
    "Our son was moved four times in a year; nobody asked him what he wanted.",
    "What does the Children Act 1989 say about kinship care? Section 17 or section 20?",
    "We called Social Services on Monday and were told to wait until April.",
    "In March 2018 the Department for Education opened a call to all 152 councils.",
    "Childline is 0800 1111, the NSPCC is 0808 800 5000, and Ofsted is 0300 123 1231.",
    "Social Workers in Schools did not help. School staff liked it, and primary schools more than secondary schools.",
    "Was the trial in London, Leeds or Bradford? The report gives 3,500 children in 20 schools.",
    "Please say what “Good Judgement” means, and why Moderate certainty is not High.",
    "My daughter and I read this page. The baby was six months old at the time.",
    "The British Academy and the Staff College wrote about it in 2019.",
    "A head teacher told me that the Virtual School pays for it. Is that so?",
    "How many of 100 children? The table says 12 out of 100 and then 0.84 (0.71 to 0.99).",
    "I waited 3 hours in a two way street of waiting rooms; the 12th time was the worst.",
    "DOI 10.1080/2330443 and ISBN 9780306406157 are both the same report.",
    "My Mum says that the Council never answers. The Team Manager was on leave in May.",
    "Our social worker Is it right that nobody rings back?",
    "Rated 4 of 5 by Foundations. See table B2 2nd column, and S3 3rd row.",
]


@pytest.mark.parametrize(("text", "reason"), TELLING)
def test_what_says_who_somebody_is_is_found(text: str, reason: str) -> None:
    """A name that is missed shows a child to everybody."""
    found = likely_identifiers(text)
    assert reason in reasons_of(found)
    assert all(0 <= one.start < one.end <= len(text) and one.reason in REASONS for one in found)


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_prose_is_let_be(text: str) -> None:
    """A guard that puts everything apart is one that people stop reading."""
    assert [(text[one.start : one.end], one.reason) for one in likely_identifiers(text)] == []


def test_the_projects_own_prose_raises_few_alarms() -> None:
    """Over the explanations of this project, fewer than one paragraph in a hundred may be put apart."""
    docs = Path(__file__).parents[3] / "docs" / "explanation"
    paragraphs = [one for path in docs.glob("*.md") for one in path.read_text("utf-8").split("\n\n") if len(one) > 60]
    alarms = [one for one in paragraphs if likely_identifiers(one)]
    assert len(paragraphs) > 200
    assert len(alarms) < len(paragraphs) / 100


def test_a_number_with_a_wrong_check_digit_is_no_health_number() -> None:
    """Ten digits in groups are common; only those that could be given out are likely ones, unless the text says so."""
    assert reasons_of(likely_identifiers("between 943 476 5918 and more")) == []
    assert reasons_of(likely_identifiers("NHS no 943 476 5918")) == ["health-number"]


def test_spans_do_not_overlap_and_keep_their_order() -> None:
    """A reader of the quarantine sees each place marked once."""
    found = likely_identifiers("Mr Smith, 12 Acacia Avenue, LS6 3HN, jo@example.org; his name is jayden")
    assert [one.reason for one in found] == ["name", "address", "postcode", "email", "name"]
    assert all(left.end <= right.start for left, right in itertools.pairwise(found))


@pytest.mark.parametrize(
    "text", ["a" * 5_000, "My son " * 700, "0" * 5_000, "A " * 2_500, "the his her " * 400, "1 a " * 1200]
)
def test_no_text_takes_long(text: str) -> None:
    """A pattern that goes back and forth over a long text would stop the site for everybody. It takes milliseconds."""
    begun = time.perf_counter()
    likely_identifiers(text)
    assert time.perf_counter() - begun < 2


THEIRS = "Our boy was moved four times in one year and nobody at all asked him where he wanted to live."


@pytest.mark.parametrize(
    ("public", "run"),
    [
        ("Does asking children where they want to live change how often they are moved?", ""),
        ("Why was he moved four times in one year and nobody at all asked?", "moved four times in one year and nobody"),
        (THEIRS, "our boy was moved four times in one"),
    ],
)
def test_a_public_wording_carries_nobodys_words(public: str, run: str) -> None:
    """Eight words in a row can be looked up; whoever wrote them is known by them."""
    assert carries(public, THEIRS) == run


def test_a_short_text_said_again_is_theirs() -> None:
    """A short question has no eight words; said again whole it is theirs all the same."""
    assert carries("So: do lie detectors work here?", "Do lie detectors work") == "do lie detectors work"
    assert carries("What?", "Why?") == ""
    assert carries("", "Why?") == ""
