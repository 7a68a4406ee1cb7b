"""Which questions fit a kind of study."""

from __future__ import annotations

import datetime

import pytest

from whatworks.extract.instruments import instrument
from whatworks.learn.journal import REVIEWS, Kit, fitting
from whatworks.learn.journal_papers import as_pdf, sections_of


@pytest.mark.parametrize(
    ("design", "randomised", "key"),
    [
        ("randomised trial", True, "rob-2"),
        ("cluster randomised trial", True, "rob-2-cluster"),
        ("randomised crossover trial", True, "rob-2-crossover"),
        ("quasi-experiment", False, "robins-i"),
        ("survey, regression", False, "robins-i"),
        ("qualitative interviews", False, "qualitative"),
        ("single group, before and after", False, "single-group"),
    ],
)
def test_the_instrument_fits_how_a_study_was_done(design: str, randomised: bool, key: str) -> None:
    assert fitting(design, randomised=randomised) == key
    assert any(domain.questions for domain in instrument(key).domains), "there is something to ask"


def test_reviews_have_questions_of_their_own() -> None:
    assert instrument(REVIEWS).domains


def kit(title: str) -> Kit:
    return Kit(
        title=title, slug="zones", revision=1, identifier="rev-00000000", on="1 May 2026", plan=(("5 minutes", "Read."),),
        question="What do we know?", lead="", strong="We cannot tell.", outcomes=(), left=0, asked=(), answered=(),
        discuss=("Why?",), change=("What?",), record="Write.", record_href="/learning-record/?of=rev-00000000",
        closing="This is about groups; it cannot say what is right for this child.",
    )  # fmt: skip


def test_a_title_in_letters_that_the_fonts_have_not_is_still_a_paper() -> None:
    """Else one name in another script would leave a page without a kit."""
    at = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
    assert as_pdf(kit("Zones \N{CJK UNIFIED IDEOGRAPH-5B69}\N{CJK UNIFIED IDEOGRAPH-5B50}"), "", at)[:5] == b"%PDF-"


def test_the_last_word_is_whom_it_is_about() -> None:
    assert sections_of(kit("Zones"))[-1].blocks[0].words[0].text == kit("Zones").closing  # type: ignore[union-attr]
