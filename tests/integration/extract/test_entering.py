"""A person enters what a report prints: a contrast with its place, and the finding that a formula makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.extract.studied import Team, framework, team
from whatworks.archive.verifying import verify_centre
from whatworks.errors import ConflictError, InputError
from whatworks.extract.actions import correct
from whatworks.extract.appraising import appraise
from whatworks.extract.entering import basis_of, enter_finding
from whatworks.extract.instruments import instruments
from whatworks.extract.methods.computing import compute
from whatworks.extract.models import Appraisal, Contrast, ContrastDetail, Finding, Judging
from whatworks.extract.studying import open_study
from whatworks.ledger.models import Artefact, Event, Lineage

pytestmark = pytest.mark.django_db
COUNTS = {"events1": 9, "n1": 80, "events2": 16, "n2": 82}
RISK = "risk-difference-from-counts"


@pytest.fixture
def held() -> Team:
    return team()


@pytest.fixture
def given(held: Team) -> dict[str, Any]:
    """A finding as the report prints it."""
    done, outcome = framework(held)
    return {
        "by": held.first.pk, "study": held.study, "report": held.reports[0], "intervention": done, "outcome": outcome,
        "inputs": COUNTS, "formula": RISK, "arms": held.arms, "place": "Table 2", "page": 4, "quote": "9 of 80",
        "months_from_baseline": 12.0, "months_from_end": 6.0, "analysis_set": "intention to treat", "adjusted": False,
        "clustering": "not handled", "icc": 0.05, "icc_source": "assumed, as in other trials of schools",
    }  # fmt: skip


def test_a_finding_is_computed_from_what_was_entered(given: dict[str, Any]) -> None:
    made = enter_finding(**given)
    found, again = made.findings.get(), compute(RISK, COUNTS)
    assert (found.yi, found.vi, found.inputs) == (again.yi, again.vi, COUNTS)
    assert (made.basis, made.coder, made.compared_with, made.months, made.measured, made.unit) == (
        "reported", given["by"], "Usual", 12.0, "Attendance", "people",
    )  # fmt: skip
    detail = ContrastDetail.objects.get(contrast=made)
    assert (detail.page, detail.quote, detail.icc, detail.adjusted) == (4, "9 of 80", 0.05, False)
    assert {made.pk, made.study_id, made.report_id} <= Lineage.ancestors(found.pk)
    assert list(Contrast.objects.of_study(given["study"])) == [made]
    assert verify_centre()["ok"]


def test_the_report_s_own_words_are_in_no_event_that_leaves(given: dict[str, Any]) -> None:
    made = enter_finding(**given)
    assert all("9 of 80" not in event.payload.body for event in Event.objects.about(made.pk))
    assert "quote" not in ContrastDetail.objects.get().values()


def test_the_same_request_twice_is_one_contrast(given: dict[str, Any]) -> None:
    made = enter_finding(**given, key="k")
    before = Event.objects.count()
    assert enter_finding(**given, key="k") == made
    assert (Contrast.objects.count(), Event.objects.count()) == (1, before)
    with pytest.raises(ConflictError, match="with other numbers"):
        enter_finding(**(given | {"inputs": COUNTS | {"events1": 1}}), key="k")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"inputs": COUNTS | {"events1": 900}}, "."),
        ({"formula": "made-up"}, "no formula"),
        ({"formula": ""}, "cannot be pooled; say why"),
        ({"icc_source": ""}, "where the ICC is from"),
        ({"icc": 1.5}, "an ICC lies between -1 and 1"),
        ({"sign": 2}, "The sign is 1"),
        ({"page": -1}, "no page -1"),
        ({"analysis_set": "everyone"}, "analysis_set cannot be"),
        ({"colour": "red"}, "no 'colour'"),
        ({"arms": (None,)}, "compares two arms; 1 were given"),
        ({"outcome": None}, "which outcome of the framework"),
        ({"place": "x" * 161}, "160 is the most"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(given: dict[str, Any], told: Any, said: str) -> None:
    before = Event.objects.count()
    with pytest.raises(InputError, match=said):
        enter_finding(**(given | told))
    assert (Contrast.objects.count(), Event.objects.count()) == (0, before)


def test_arms_reports_and_outcomes_are_the_study_s_own(held: Team, given: dict[str, Any]) -> None:
    other = open_study(by="u", review=held.review, name="Elm", design="d", randomised=True)
    with pytest.raises(InputError, match="does not tell of this study"):
        enter_finding(**(given | {"study": other, "arms": (None, None)}))
    with pytest.raises(InputError, match="does not tell of this study"):
        enter_finding(**(given | {"report": held.reports[1]}))
    with pytest.raises(InputError, match="The two arms are the same"):
        enter_finding(**(given | {"arms": (held.arms[0], held.arms[0])}))


def test_numbers_that_cannot_be_pooled_are_kept_with_the_reason(given: dict[str, Any]) -> None:
    made = enter_finding(**(given | {"formula": "", "inputs": {"mean1": 3}, "why_not": "No spread was printed."}))
    assert (made.basis, made.poolable) == ("not poolable", False)
    assert not Finding.objects.exists()


def test_a_number_put_right_makes_a_new_finding(given: dict[str, Any]) -> None:
    made = enter_finding(**given)
    correct(by="u", contrast=made, inputs=COUNTS | {"events1": 8}, reason="Table 2 prints 8.")
    assert Artefact.objects.stale().filter(pk=made.findings.get().pk).exists()


@pytest.mark.parametrize(
    ("formula", "inputs", "basis"),
    [
        ("log-risk-ratio-from-counts", COUNTS, "reported"),
        ("g-from-means", {"mean1": 1, "sd1": 1, "n1": 1, "mean2": 1, "sd2": 1, "n2": 1}, "reported"),
        ("or-with-interval", {"estimate": 1, "low": 1, "high": 1}, "published effect"),
        ("g-from-p", {"p": 0.04, "n1": 10, "n2": 10}, "statistic"),
        ("fisher-z", {"r": 0.4, "n": 10}, "statistic"),
    ],
)
def test_what_numbers_can_bear_follows_from_what_they_are(formula: str, inputs: dict[str, Any], basis: str) -> None:
    assert basis_of(formula, inputs) == basis


ROB = {"D1": "Low", "D2": "Low", "D3": "Some concerns", "D4": "Low", "D5": "Low"}
RANDOM = {"1.1": "Y", "1.2": "Y", "1.3": "N"}


def judged(held: Team, **told: Any) -> Appraisal:
    given: dict[str, Any] = {"by": held.first.pk, "study": held.study, "tool": "rob-2", "version": 1, "domains": ROB}
    return appraise(**(given | told))


def test_an_appraisal_takes_the_instrument_s_overall_judgement(held: Team) -> None:
    made = judged(held, notes={"D3": "9 of 80 were lost"})
    assert (made.overall, made.domains) == ("Some concerns", ROB)
    working = Judging.objects.last_of(made)
    assert working is not None and working.proposed == {"overall": "Some concerns"}
    assert all("9 of 80" not in event.payload.body for event in Event.objects.about(made.pk))
    assert verify_centre()["ok"]


def test_answers_lead_to_judgements_by_the_instrument_s_rules(held: Team) -> None:
    others = {key: word for key, word in ROB.items() if key != "D1"}
    made = judged(held, version=2, answers=RANDOM, domains=others)
    working = Judging.objects.last_of(made)
    assert working is not None and made.domains["D1"] == working.proposed["D1"] == "Low"
    assert "1.2 Yes" in working.trail["D1"] and working.answers == RANDOM


def test_a_judgement_other_than_the_answers_lead_to_needs_its_reason(held: Team) -> None:
    told: dict[str, Any] = {"version": 2, "answers": RANDOM, "domains": ROB | {"D1": "High"}}
    with pytest.raises(InputError, match=r"D1: it is judged High.*propose Low; say why"):
        judged(held, **told)
    made = judged(held, **told, reasons={"D1": "The list was open to the team."})
    working = Judging.objects.last_of(made)
    assert working is not None and working.proposed["D1"] == "Low" and made.domains["D1"] == made.overall == "High"


def test_a_domain_with_open_questions_is_named(held: Team) -> None:
    with pytest.raises(InputError, match=r"D1: .* is not judged; 1\.3 not answered"):
        judged(held, version=2, answers={"1.1": "Y", "1.2": "Y"}, domains={})


def test_an_overall_judgement_other_than_proposed_needs_its_reason(held: Team) -> None:
    two = ROB | {"D2": "some concerns"}
    with pytest.raises(InputError, match=r"overall: it is judged High.*propose Some concerns; say why"):
        judged(held, domains=two, overall="High")
    made = judged(held, domains=two, overall="High", reasons={"overall": "Both concern the same outcome."})
    assert made.overall == "High" and made.domains["D2"] == "Some concerns"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"domains": {"D1": "Low"}}, "D2: .* is not judged"),
        ({"domains": ROB | {"D1": "Perfect"}}, "D1: 'Perfect' is none of Low"),
        ({"domains": ROB | {"D9": "Low"}}, "no domain 'D9' of rob-2"),
        ({"overall": "Perfect"}, "overall: 'Perfect' is none of its overall judgements"),
        ({"overall": "Low", "reasons": {"overall": "I think so."}}, "better than the worst domain"),
        ({"reasons": {"D9": "x"}}, "no domain 'D9' to give a reason for"),
        ({"tool": "none"}, "No instrument is called"),
        ({"answers": {"9.9": "Y"}}, "9.9 is no question"),
    ],
)
def test_what_the_instrument_does_not_allow_is_refused(held: Team, told: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        judged(held, **told)
    assert not Appraisal.objects.exists()


def test_every_instrument_that_ships_can_be_filled_in(held: Team) -> None:
    """The best judgement of each domain is one that every instrument allows together."""
    for chosen in instruments():
        best = {one.key: chosen.judgements[0] for one in chosen.domains}
        rows = Appraisal.objects.count()
        reasons = dict.fromkeys([*best, "overall"], "A test.")
        made = judged(held, tool=chosen.key, version=chosen.version, domains=best, reasons=reasons)
        assert Appraisal.objects.count() == rows + 1
        assert bool(made.overall) is not chosen.overall.none
    assert verify_centre()["ok"]


def test_judging_again_stands_in_place_of_the_first_and_keeps_it(held: Team, given: dict[str, Any]) -> None:
    enter_finding(**given)
    first = judged(held, key="k")
    assert judged(held, key="k") == judged(held) == first
    elm = open_study(by="u", review=held.review, name="Elm", design="d", randomised=True)
    with pytest.raises(ConflictError, match="name of an earlier one"):
        judged(held, study=elm, key="k")
    again = judged(held, by=held.second.pk, domains=ROB | {"D3": "High"})
    assert again.pk == first.pk and Appraisal.objects.get().overall == "High"
    assert [(one.number, one.overall, one.by) for one in Judging.objects.order_by("number")] == [
        (1, "Some concerns", held.first.pk),
        (2, "High", held.second.pk),
    ]
    assert not Artefact.objects.stale().filter(pk__in=Finding.objects.values("pk")).exists(), "the numbers hold"


def test_one_result_of_a_study_has_a_judgement_of_its_own(held: Team, given: dict[str, Any]) -> None:
    row = enter_finding(**given)
    whole, one = judged(held), judged(held, contrast=row)
    assert whole.pk != one.pk and judged(held, contrast=row, domains=ROB | {"D3": "Low"}).pk == one.pk
    other = open_study(by="u", review=held.review, name="Elm", design="d", randomised=True)
    with pytest.raises(InputError, match="a result of another study"):
        judged(held, study=other, contrast=row)
    with pytest.raises(InputError, match="does not tell of this study"):
        judged(held, report=held.reports[1])
