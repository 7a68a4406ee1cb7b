"""Studies, the reports that tell of them, their arms and outcomes; and what moves when two turn out to be one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.integration.extract.studied import Team, fill, framework, put_up, team
from whatworks.archive.verifying import verify_centre
from whatworks.errors import ConflictError, InputError
from whatworks.extract.coding import answer
from whatworks.extract.entering import enter_finding
from whatworks.extract.measuring import add_measure, change_measure
from whatworks.extract.models import (
    Arm,
    ArmDetail,
    Coding,
    Contrast,
    Finding,
    Measure,
    Regrouping,
    Study,
    StudyDetail,
    StudyReport,
)
from whatworks.extract.redescribing import describe_contrast
from whatworks.extract.regrouping import merge_studies, split_study, undo_merge
from whatworks.extract.removing import detach_report, remove_arm
from whatworks.extract.studying import (
    add_arm,
    attach_report,
    change_arm,
    describe_study,
    describe_support,
    open_study,
)
from whatworks.ledger.models import Artefact, Event, Lineage

pytestmark = pytest.mark.django_db
COUNTS = {"events1": 9, "n1": 80, "events2": 16, "n2": 82}
RISK = "risk-difference-from-counts"


@pytest.fixture
def held() -> Team:
    return team()


def entered(held: Team, **said: Any) -> Contrast:
    done, outcome = framework(held)
    given = {"report": held.reports[0], "intervention": done, "outcome": outcome, "inputs": COUNTS, "formula": RISK}
    given |= {"arms": held.arms, "study": held.study, "place": "Table 2"}
    return enter_finding(by=held.first.pk, **(given | said))


def test_a_study_is_opened_once_with_its_main_report(held: Team) -> None:
    told = {"by": "usr-1", "review": held.review, "name": "Elm", "design": "matched", "randomised": False, "key": "k"}
    made = open_study(**told, report=held.reports[1], country="Wales", n_total=12)
    assert open_study(**told) == made
    assert (made.country, made.n_total) == ("Wales", 12)
    assert list(made.tellings.values_list("role", flat=True)) == ["main"]
    assert list(Study.objects.told_by(held.reports[1])) == [made]
    assert list(Study.objects.in_review(held.review)) == [made, held.study]


@pytest.mark.parametrize(
    ("told", "said"),
    [({"name": " "}, "needs a name"), ({"colour": "red"}, "no 'colour'"), ({"country": "x" * 61}, "country: ")],
)
def test_a_study_that_cannot_be_is_refused(held: Team, told: dict[str, Any], said: str) -> None:
    before = Study.objects.count()
    with pytest.raises(InputError, match=said):
        open_study(**({"by": "u", "review": held.review, "name": "E", "design": "d", "randomised": True} | told))
    assert Study.objects.count() == before


def test_what_was_said_of_a_study_before_is_in_its_history(held: Team) -> None:
    describe_study(by="usr-1", study=held.study, name="Oak Town", n_total=90, why="The final report.")
    before = Event.objects.count()
    describe_study(by="usr-1", study=held.study, name="Oak Town")
    assert Event.objects.count() == before, "saying the same again is nothing"
    event = Event.objects.get(verb="extract.describe-study")
    assert json.loads(event.payload.body)["before"] == {"name": "Oak 2019", "n_total": None}
    assert str(Study.objects.get(pk=held.study.pk).subject) == "Oak Town"


def test_a_report_tells_of_several_studies_and_a_study_has_several_reports(held: Team) -> None:
    other = open_study(by="u", review=held.review, name="Elm", design="d", randomised=True, report=held.reports[0])
    row = attach_report(by="u", study=held.study, report=held.reports[1], role=StudyReport.PROTOCOL)
    assert attach_report(by="u", study=held.study, report=held.reports[1], role=StudyReport.PROTOCOL) == row
    changed = attach_report(by="u", study=held.study, report=held.reports[1], role=StudyReport.ECONOMIC)
    assert (changed.pk, changed.role) == (row.pk, "economic")
    assert set(Study.objects.told_by(held.reports[0])) == {held.study, other}
    with pytest.raises(InputError, match="no role 'secondary'; choose one of main, follow-up, protocol, economic"):
        attach_report(by="u", study=held.study, report=held.reports[2], role="secondary")


def test_a_new_report_marks_what_rests_on_the_study_as_out_of_date(held: Team) -> None:
    """A follow-up may print other numbers: readers see that somebody is checking."""
    entered(held)
    assert not Artefact.objects.stale().exists()
    attach_report(by="u", study=held.study, report=held.reports[1], role=StudyReport.FOLLOW_UP)
    assert Artefact.objects.stale().count() == Finding.objects.count() == 1


def test_a_report_is_detached_unless_something_was_taken_from_it(held: Team) -> None:
    attach_report(by="u", study=held.study, report=held.reports[1])
    with pytest.raises(InputError, match="Say why"):
        detach_report(by="u", study=held.study, report=held.reports[1], why="")
    detach_report(by="u", study=held.study, report=held.reports[1], why="Another trial.")
    assert Event.objects.filter(verb="extract.detach").count() == 1
    with pytest.raises(ConflictError, match="any more"):
        detach_report(by="u", study=held.study, report=held.reports[1], why="Again.")
    coding = put_up(held, held.first)
    answer(by=held.first.pk, coding=coding, item="joined", value=4, report=held.reports[0].pk)
    with pytest.raises(ConflictError, match="1 answers are taken from this report"):
        detach_report(by="u", study=held.study, report=held.reports[0], why="Wrong.")


def test_an_arm_has_its_role_and_counts(held: Team) -> None:
    arm = add_arm(by="u", study=held.study, name="Both", role="co-intervention", clusters=4, n_randomised=30, key="k")
    assert add_arm(by="u", study=held.study, name="Both", role="co-intervention", key="k") == arm
    detail = ArmDetail.objects.get(arm=arm)
    assert (detail.clusters, detail.n_randomised, detail.order, arm.n) == (4, 30, 3, None)
    assert held.study.units().arms[-1] == arm.pk
    change_arm(by="u", arm=arm, name="Both kinds", n_analysed=28, why="Table 1.")
    event = json.loads(Event.objects.get(verb="extract.change-arm").payload.body)
    assert event["before"] == {"n": None, "n_analysed": None, "name": "Both"}
    assert event["after"] == {"n": 28, "n_analysed": 28, "name": "Both kinds"}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"role": "control"}, "no arm for 'control'"),
        ({"name": "Service"}, "called “Service” already"),
        ({"name": ""}, "needs a name"),
        ({"n_randomised": -4}, "arm detail: people and clusters are counted from 0"),
        ({"n_randomised": "many"}, "n_randomised"),
        ({"colour": "red"}, "no 'colour'"),
    ],
)
def test_an_arm_that_cannot_be_is_refused(held: Team, told: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        add_arm(**({"by": "u", "study": held.study, "name": "New", "role": "comparison"} | told))
    assert Arm.objects.count() == 2


def test_an_arm_is_removed_only_while_nothing_was_said_of_it(held: Team) -> None:
    spare = add_arm(by="u", study=held.study, name="Spare", role="comparison")
    remove_arm(by="u", arm=spare, why="Typed twice.")
    assert not Arm.objects.filter(pk=spare.pk).exists()
    entered(held)
    with pytest.raises(ConflictError, match="was coded or has numbers"):
        remove_arm(by="u", arm=held.arms[0], why="Wrong.")


def test_an_outcome_as_measured_is_mapped_to_the_framework(held: Team) -> None:
    _, outcome = framework(held)
    told = {"by": "u", "study": held.study, "outcome": outcome, "name": "Days at school", "informant": "teacher"}
    row = add_measure(**told, instrument="Register", direction="higher is better", priority="primary", key="k")
    assert add_measure(**told, key="k") == row
    with pytest.raises(ConflictError, match="has “Days at school” already"):
        add_measure(**told)
    with pytest.raises(InputError, match="direction cannot be 'up'"):
        add_measure(**told, direction="up")
    row = change_measure(by="u", measure=row, name="Days in school", why="As printed.")
    assert Measure.objects.get().name == "Days in school"
    made = entered(held, measure=row, outcome=None)
    assert (made.outcome, made.measured) == (outcome, "Days in school")


def test_support_says_who_paid_and_who_was_involved(held: Team) -> None:
    row = describe_support(by="u", study=held.study, funder="A council", developer_involved="led")
    before = Event.objects.count()
    assert describe_support(by="u", study=held.study, funder="A council") == row
    assert Event.objects.count() == before
    assert StudyDetail.objects.get().developer_involved == "led"
    with pytest.raises(InputError, match="developer_involved cannot be 'much'"):
        describe_support(by="u", study=held.study, developer_involved="much")


def test_two_studies_found_to_be_one_become_one_and_can_be_two_again(held: Team) -> None:
    elm = open_study(by="u", review=held.review, name="Elm", design="d", randomised=True, report=held.reports[0])
    attach_report(by="u", study=elm, report=held.reports[1], role=StudyReport.FOLLOW_UP)
    arms = tuple(add_arm(by="u", study=elm, name=name, role="comparison") for name in ("A", "B"))
    contrast = entered(held, study=elm, arms=arms)
    merge = merge_studies(by="u", study=elm, into=held.study, why="One trial.", key="k")
    assert merge_studies(by="u", study=elm, into=held.study, why="One trial.", key="k") == merge
    contrast.refresh_from_db()
    assert contrast.study == held.study and {one.study_id for one in Arm.objects.all()} == {held.study.pk}
    assert sorted(held.study.tellings.values_list("role", flat=True)) == ["follow-up", "main"]
    assert merge.moved["dropped"] == [{"report": held.reports[0].pk, "role": "main"}]
    assert list(Study.objects.in_review(held.review)) == [held.study]
    finding = Finding.objects.get()
    assert held.study.pk in Lineage.ancestors(finding.pk)
    assert verify_centre()["ok"], verify_centre()["differences"]
    with pytest.raises(ConflictError, match="“Elm” was merged into another study"):
        add_arm(by="u", study=elm, name="C", role="comparison")
    undone = undo_merge(by="u", merge=merge, why="Two cohorts after all.")
    assert undo_merge(by="u", merge=merge, why="Again.") == undone
    contrast.refresh_from_db()
    assert contrast.study == elm and elm.tellings.count() == 2 and held.study.tellings.count() == 1
    assert Study.objects.in_review(held.review).count() == 2
    assert [one.kind for one in Regrouping.objects.of(elm).order_by("at")] == ["merge", "undo"]
    assert verify_centre()["ok"], verify_centre()["differences"]


def test_what_was_coded_of_a_merged_study_stays_with_it(held: Team) -> None:
    coding = put_up(held, held.first, held.second)
    fill(held, coding, held.first)
    fill(held, coding, held.second)
    elm = open_study(by="u", review=held.review, name="Elm", design="d", randomised=True)
    merge_studies(by="u", study=held.study, into=elm, why="One trial.")
    coding = Coding.objects.get()
    assert coding.study == held.study and coding.decided.filter(item="joined").exists()
    assert set(coding.decided.standing().values_list("unit", flat=True)) == {""}, "the arms are the other study's now"
    assert verify_centre()["ok"], verify_centre()["differences"]


def test_outcomes_of_one_name_are_told_apart_before_studies_become_one(held: Team) -> None:
    _, outcome = framework(held)
    elm = open_study(by="u", review=held.review, name="Elm", design="d", randomised=True)
    first, _ = (add_measure(by="u", study=one, outcome=outcome, name="Days") for one in (held.study, elm))
    with pytest.raises(ConflictError, match="Both studies have the outcome “Days”"):
        merge_studies(by="u", study=elm, into=held.study, why="One trial.")
    change_measure(by="u", measure=first, name="Days at school")
    merge_studies(by="u", study=elm, into=held.study, why="One trial.")
    assert len(held.study.units().outcomes) == 2


@pytest.mark.parametrize(("told", "said"), [({"why": ""}, "Say why"), ({"itself": True}, "into itself")])
def test_a_merge_that_cannot_be_is_refused(held: Team, told: dict[str, Any], said: str) -> None:
    elm = open_study(by="u", review=held.review, name="Elm", design="d", randomised=True)
    into = held.study if told.pop("itself", False) else elm
    with pytest.raises(InputError, match=said):
        merge_studies(**({"by": "u", "study": held.study, "into": into, "why": "One."} | told))
    assert not Regrouping.objects.exists()


def test_a_study_is_split_with_what_belongs_together(held: Team) -> None:
    attach_report(by="u", study=held.study, report=held.reports[1])
    boys = tuple(add_arm(by="u", study=held.study, name=name, role="comparison") for name in ("A", "B"))
    kept, going = entered(held), entered(held, arms=boys, report=held.reports[1], measured="Of boys")
    split = split_study(
        by="u", study=held.study, name="Oak, boys", why="Two cohorts.", reports=[held.reports[1].pk],
        arms=[one.pk for one in boys], contrasts=[going.pk], key="k",
    )  # fmt: skip
    assert split_study(by="u", study=held.study, name="x", why="y", key="k") == split
    for row in (kept, going):
        row.refresh_from_db()
    assert (kept.study, going.study) == (held.study, split.other)
    assert split.other.review == held.review and split.other.design == held.study.design
    assert verify_centre()["ok"], verify_centre()["differences"]


def test_a_split_that_would_part_numbers_from_their_source_is_refused(held: Team) -> None:
    attach_report(by="u", study=held.study, report=held.reports[1])
    row = entered(held)
    told = {"by": "u", "study": held.study, "name": "New", "why": "Two."}
    with pytest.raises(InputError, match="Nothing would go"):
        split_study(**told)
    with transaction.atomic(), pytest.raises(ConflictError, match="taken from a report of the other"):
        split_study(**told, contrasts=[row.pk], arms=[one.pk for one in held.arms])
    row.refresh_from_db()
    assert row.study == held.study, "nothing is half done"
    with transaction.atomic(), pytest.raises(ConflictError, match="an arm of the other study"):
        split_study(**told, contrasts=[row.pk], shared=[held.reports[0].pk])
    with pytest.raises(ConflictError, match="does not belong to this study"):
        split_study(**told, arms=["arm-x"])
    with pytest.raises(InputError, match="a name of its own"):
        split_study(**(told | {"name": "Oak 2019"}), arms=[held.arms[0].pk])


def test_the_database_refuses_an_arm_or_report_in_no_known_role(held: Team) -> None:
    for rows in (Arm.objects.all(), StudyReport.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(role="other")


def test_how_a_contrast_was_measured_can_be_said_later_and_shows_no_quote(held: Team) -> None:
    row = entered(held)
    describe_contrast(by="u", contrast=row, analysis_set="intention to treat", quote="9 of 80", why="Read again.")
    body = Event.objects.get(verb="extract.describe").payload.body
    assert "intention to treat" in body and "9 of 80" not in body
    with pytest.raises(InputError, match="analysis_set cannot be 'all'"):
        describe_contrast(by="u", contrast=row, analysis_set="all")
    with pytest.raises(InputError, match="where the ICC is from"):
        describe_contrast(by="u", contrast=row, icc=0.1)
