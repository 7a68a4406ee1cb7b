"""How a study, its outcomes and its results read in the workspace; and what a form hands back unchanged."""

from __future__ import annotations

import pytest

from whatworks.errors import ConflictError
from whatworks.extract.forms_mending import StudyFactsForm, initial
from whatworks.extract.models import Contrast, ContrastDetail, Measure, Study
from whatworks.extract.presenters_facts import how_words, measured_words, study_pairs
from whatworks.extract.seen import refuse_moved_on, state_of
from whatworks.scope.models import Outcome


def contrast(months: float | None = None, **detail: object) -> Contrast:
    made = Contrast(months=months)
    made.detail = ContrastDetail(**detail)
    return made


def test_a_result_says_when_and_how_it_was_measured() -> None:
    told = contrast(
        12.0, months_from_end=1.0, analysis_set="intention to treat", adjusted=True, adjusted_for="age", icc=0.05,
        icc_source="assumed", clustering="handled", cluster_size=21.5, population="girls",
    )  # fmt: skip
    assert how_words(told) == [
        "12 months from the start",
        "1 month from the end of treatment",
        "in girls",
        "intention to treat",
        "adjusted for age",
        "grouped, and the analysis handled it",
        "ICC 0.05 (assumed)",
        "21.5 in a cluster",
    ]


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ({}, []),
        ({"icc": 0.0, "icc_source": "the report"}, ["ICC 0 (the report)"]),
        ({"months_from_baseline": 0.0}, ["0 months from the start"]),
        ({"adjusted": False}, ["not adjusted"]),
        ({"adjusted": True}, ["adjusted"]),
        ({"analysis_set": "not reported"}, ["who was analysed is not reported"]),
    ],
)
def test_nothing_is_said_that_nobody_said_and_nought_is_said(detail: dict[str, object], said: list[str]) -> None:
    """A time or an ICC of nought is a number, not a gap."""
    assert how_words(contrast(**detail)) == said


def test_a_result_of_older_rows_has_its_months_only() -> None:
    assert how_words(Contrast(months=6.0)) == ["6 months from the start"]


def test_an_outcome_as_measured_is_a_line() -> None:
    row = Measure(outcome=Outcome(name="Attendance"), instrument="Register", informant="schools", priority="primary")
    assert measured_words(row) == "Attendance, by Register, told by schools; primary."


def test_a_study_of_nobody_is_counted() -> None:
    pairs = dict(study_pairs(Study(design="trial", randomised=False, n_total=0, unit="families")))
    assert pairs == {"Design": "trial", "Drawn by lot": "No", "How many": "0 families"}


def test_a_form_sent_back_as_it_was_shown_changes_nothing() -> None:
    """Line ends, floats and yes or no must come back as what they were, else every page asks why."""
    facts = {"name": "Oak", "design": "trial", "randomised": False, "caution": "Two\nlines", "n_total": 40}
    sent = {"name": "Oak", "design": "trial", "randomised": "no", "caution": "Two\r\nlines", "n_total": "40"}
    form = StudyFactsForm(sent, initial=initial(facts))
    assert form.is_valid(), form.errors
    assert form.told() == {}


def test_what_was_said_changes_for_a_reason_and_a_gap_fills_without() -> None:
    shown = initial({"name": "Oak", "design": "trial", "randomised": True, "country": "Wales", "place": ""})
    same = {"name": "Oak", "design": "trial", "randomised": "yes", "country": "Wales"}
    filled = StudyFactsForm(same | {"place": "Cardiff"}, initial=shown)
    assert filled.is_valid() and filled.told() == {"place": "Cardiff"}
    assert "why" in StudyFactsForm(same | {"country": ""}, initial=shown).errors
    assert "why" in StudyFactsForm(same | {"randomised": "no"}, initial=shown).errors


def test_a_state_is_compared_only_where_one_was_shown() -> None:
    refuse_moved_on("", {"n": 4}, "this arm")
    refuse_moved_on(state_of({"n": 4}), {"n": 4}, "this arm")
    with pytest.raises(ConflictError, match="Somebody changed this arm"):
        refuse_moved_on(state_of({"n": 4}), {"n": 5}, "this arm")
