"""The methods paragraph: true at every moment, singular and plural, and silent about what nobody knows."""

from __future__ import annotations

import datetime

import pytest

from tests.unit.screen.flows import held
from whatworks.screen.methods.paragraph import Lot, Ranked, Told, methods_paragraph
from whatworks.screen.methods.prisma import Tally, build_flow
from whatworks.screen.methods.protocol import Rules, StageRules

DAY = datetime.date(2026, 3, 4)
RULES = Rules("What helps?", full_text=StageRules("single"))
LOTS = (Lot("databases", "PsycINFO", DAY, 742), Lot("databases", "ERIC", DAY, 132), Lot("other", "Websites", DAY, 1))


def test_a_finished_review_is_told_in_the_past() -> None:
    """The sentence goes into a published report as it stands."""
    told = Told(RULES, held(), LOTS, screeners=(3, 1), ranked=Ranked("blend", "1", 40), amendments=1)
    assert methods_paragraph(told) == (
        "874 records were identified from PsycINFO (742, added on 4 March 2026) and ERIC (132, added on 4 March 2026). "
        "1 record was identified by other methods: Websites (1, added on 4 March 2026). "
        "74 duplicates were removed. "
        "Titles and abstracts were screened by two people, neither of whom saw the other's answer (3 screeners in all). "
        "Full texts were assessed by one person (1 screener in all). "
        "A third person decided where they differed. "
        "The protocol was amended once after it was first set. "
        "Records were shown most promising first, in an order learnt from the decisions by the learner “blend” "
        "(whatworks, version 1); the order was worked out 40 times. "
        "A random sample of 5% of the records, drawn by lot and screened whatever their rank, served to estimate "
        "agreement and what remained to be found. "
        "800 records were screened, of which 700 were excluded. "
        "90 reports were assessed in full text; 10 reports could not be retrieved. "
        "7 reports were included."
    )


def test_a_review_that_goes_on_says_so_far_and_what_is_left() -> None:
    """A number that will grow must not read as the end."""
    flow = held(records_waiting=1, dbr_reports_waiting=2, records_screened=1, records_excluded=1)
    said = methods_paragraph(Told(RULES, flow, LOTS, screeners=(2, 0)))
    assert "1 record has been screened so far, of which 1 was excluded." in said
    assert said.endswith(
        "Screening is not finished: there is still 1 record to be screened or settled and 2 full texts to be assessed."
    )
    assert "Full texts were assessed by" not in said


@pytest.mark.parametrize("absent", ["learner", "amended", "stopped", "Kappa", "carried over", "taken up", "retrieved"])
def test_what_is_absent_is_not_said(absent: str) -> None:
    """An invented learner in a published report is a false report."""
    flow = build_flow(held=[Tally("database_results", "", 5), Tally("records_waiting", "", 5)])
    said = methods_paragraph(Told(RULES, flow, LOTS[:1]))
    assert absent not in said
    assert "Nobody has begun." in said


def test_before_anything_was_given_there_is_one_sentence() -> None:
    """An empty review has no method yet."""
    assert methods_paragraph(Told(RULES, build_flow())) == (
        "Nothing has been screened yet: no records were given to this review."
    )


def test_a_stop_is_told_in_the_words_that_were_signed() -> None:
    """What was estimated then, not what is known now."""
    told = Told(RULES, held(excluded_automatic=1), LOTS, screeners=(2, 1), stops=("We are 95% sure.",))
    said = methods_paragraph(told)
    assert "Screening was stopped by a signed decision, which left 1 record unscreened. We are 95% sure." in said


def test_other_tools_agreement_and_the_previous_version_are_told() -> None:
    """Readers must be able to tell what was decided here."""
    lots = (*LOTS, Lot("previous", "Before", DAY, 1))
    said = methods_paragraph(
        Told(RULES, held(), lots, screeners=(2, 1), elsewhere=("ASReview", "Rayyan"), agreement="Kappa 0.8.")
    )
    assert "1 report was carried over from the previous version of the review." in said
    assert "Decisions that had been made in ASReview and Rayyan were taken up." in said
    assert "Kappa 0.8." in said
