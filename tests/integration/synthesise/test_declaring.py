"""An analysis is declared, locked, run and departed from in the open; a new result marks it, and waits for a person."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.journey.centres import BY, ROADS
from whatworks.archive.loading import load_pack
from whatworks.errors import ConflictError, InputError
from whatworks.extract.actions import correct
from whatworks.extract.following import tell
from whatworks.extract.methods.metrics import METRICS
from whatworks.extract.models import Contrast
from whatworks.ledger.actions import record
from whatworks.ledger.models import Artefact, Event
from whatworks.ledger.verification import Report
from whatworks.ledger.work import work_off
from whatworks.publish.models import Draft
from whatworks.synthesise.actions import put_forward, run
from whatworks.synthesise.checks import check_sensitivities, check_syntheses
from whatworks.synthesise.declaring import change_plan, declare, lock_plan, plan_in_force
from whatworks.synthesise.methods.plan import plan_of
from whatworks.synthesise.models import Analysis, Declaration, Lock, Sensitivity, Synthesis
from whatworks.synthesise.taking import choose
from whatworks.synthesise.tasks import ask_for_run, running

pytestmark = pytest.mark.django_db

PLAN: dict[str, Any] = {
    "question": "Do lower limits reduce injuries?",
    "metric": "RD",
    "sensitivity": ["leave-one-out", "estimators", "intervals", "randomised", "risk", "bias", "rho"],
    "moderators": ["months", "randomised"],
}


@pytest.fixture
def asked(db: None) -> Analysis:
    """A second analysis of the small pack's one question, declared and not locked."""
    load_pack(folder=ROADS, by=BY)
    first = Analysis.objects.get()
    about = {"review": first.review, "intervention": first.intervention, "outcome": first.outcome}
    return declare(by=BY, title="Declared", unit="streets", plan=PLAN, **about)


@pytest.fixture
def locked(asked: Analysis) -> Analysis:
    lock_plan(by=BY, analysis=asked, seen=1)
    return asked


def differences() -> list[str]:
    report = Report()
    check_syntheses(report)
    check_sensitivities(report)
    return [one.what for one in report.differences if one.what != "no event made this row"]


def test_what_was_known_when_it_was_declared_is_said(asked: Analysis) -> None:
    known = Declaration.objects.get().known
    assert any("had been extracted" in sentence for sentence in known)


def test_nobody_runs_a_plan_that_is_not_locked(asked: Analysis) -> None:
    assert run(by=BY, analysis=asked) == []
    with pytest.raises(ConflictError, match="not locked"):
        ask_for_run(by=BY, analysis=asked)
    assert not Synthesis.objects.filter(analysis=asked).exists()


def test_before_the_lock_a_change_is_another_declaration_and_no_deviation(asked: Analysis) -> None:
    made = change_plan(by=BY, analysis=asked, plan=PLAN | {"tau2": "PM"}, seen=1)
    assert (made.number, made.deviation, made.why) == (2, False, "")
    assert [one["to"] for one in made.changes] == ["PM"]
    assert change_plan(by=BY, analysis=asked, plan=PLAN | {"tau2": "PM"}, seen=2) == made


def test_two_people_who_change_a_plan_at_once_do_not_overwrite_each_other(asked: Analysis) -> None:
    change_plan(by=BY, analysis=asked, plan=PLAN | {"tau2": "PM"}, seen=1)
    with pytest.raises(ConflictError, match="meanwhile"):
        change_plan(by=BY, analysis=asked, plan=PLAN | {"tau2": "DL"}, seen=1)
    with pytest.raises(ConflictError, match="meanwhile"):
        lock_plan(by=BY, analysis=asked, seen=1)


def test_after_the_lock_a_change_is_a_deviation_with_its_reason(locked: Analysis) -> None:
    with pytest.raises(InputError, match="why you depart"):
        change_plan(by=BY, analysis=locked, plan=PLAN | {"tau2": "PM"}, seen=1)
    made = change_plan(by=BY, analysis=locked, plan=PLAN | {"tau2": "PM"}, seen=1, why="The referee asked for it.")
    assert made.deviation and made.why == "The referee asked for it."
    plan = plan_in_force(locked)
    assert plan is not None and plan.tau2 == "PM"
    assert Lock.objects.get().declaration.number == 1


def test_locking_twice_is_one_lock(locked: Analysis) -> None:
    events = Event.objects.count()
    assert lock_plan(by=BY, analysis=locked, seen=1) == Lock.objects.get()
    assert Event.objects.count() == events


def test_a_declared_analysis_runs_as_long_work_with_its_sensitivity_set(locked: Analysis) -> None:
    ask_for_run(by=BY, analysis=locked)
    work_off()
    job = running(locked)
    assert job is not None and job.state == job.DONE, job and job.error
    synthesis = Synthesis.objects.get(analysis=locked)
    assert synthesis.result["k"] == 3
    tried = {one["key"]: one for one in Sensitivity.objects.get(synthesis=synthesis).result}
    assert set(tried) == {*PLAN["sensitivity"], "by:months", "by:randomised"}
    assert tried["by:months"]["rows"][0]["why_not"] == "it needs at least 4 results that say so"
    assert [row["k"] for row in tried["leave-one-out"]["rows"]] == [2, 2, 2]
    assert len(tried["estimators"]["rows"]) == 9
    assert differences() == []
    ask_for_run(by=BY, analysis=locked)
    work_off()
    assert Synthesis.objects.filter(analysis=locked).count() == 1


def test_several_results_of_a_study_are_taken_together_with_their_dependence(asked: Analysis) -> None:
    plan = PLAN | {"take": "every", "model": "multilevel", "sensitivity": ["rho", "leave-one-out"]}
    change_plan(by=BY, analysis=asked, plan=plan, seen=1)
    lock_plan(by=BY, analysis=asked, seen=2)
    twin = Contrast.objects.get(pk=choose(asked, plan_of(plan, METRICS)).taken[0])
    told = {field.name: getattr(twin, field.name) for field in twin._meta.concrete_fields if field.name != "subject"}
    Contrast.objects.register("con-second", **told | {"months": 30.0, "inputs": twin.inputs | {"events1": 3}})
    (made,) = run(by=BY, analysis=asked)
    assert (made.method, made.result["k"], made.result["studies"]) == ("synthesise.multilevel", 4, 3)
    assert made.result["method"]["interval"] == "CR2" and made.result["df"] < 3
    assert len(Sensitivity.objects.get().result[0]["rows"]) == 5
    assert differences() == []


def test_a_correction_marks_the_result_and_a_new_one_stands_beside_it(locked: Analysis) -> None:
    run(by=BY, analysis=locked)
    old = Synthesis.objects.get(analysis=locked)
    contrast = Contrast.objects.get(pk=old.inputs[0]["contrast"])
    correct(by=BY, contrast=contrast, inputs=contrast.inputs | {"events1": contrast.inputs["events1"] + 1}, reason="x")
    assert Artefact.objects.get(pk=old.pk).stale_event
    (new,) = run(by=BY, analysis=locked)
    assert new.result["estimate"] != old.result["estimate"]
    assert Synthesis.objects.filter(analysis=locked).count() == 2 and Sensitivity.objects.count() == 2
    assert differences() == []


def test_a_new_result_on_the_question_marks_the_analysis(locked: Analysis) -> None:
    run(by=BY, analysis=locked)
    contrast = Contrast.objects.get(pk=Synthesis.objects.get(analysis=locked).inputs[0]["contrast"])
    tell(contrast, record(verb="extract.enter", by=BY, about=[contrast.study_id]))
    assert Artefact.objects.get(pk=Synthesis.objects.get(analysis=locked).pk).stale_event


def test_a_plan_takes_what_it_says_and_names_why_not_the_rest(asked: Analysis) -> None:
    change_plan(by=BY, analysis=asked, plan=PLAN | {"months_from": 10_000}, seen=1)
    plan = plan_in_force(asked)
    assert plan is not None
    chosen = choose(asked, plan)
    assert chosen.taken == () and all(chosen.left.values())


def test_what_has_no_result_cannot_be_put_forward(locked: Analysis) -> None:
    with pytest.raises(ConflictError, match="no result"):
        put_forward(by=BY, analysis=locked)
    run(by=BY, analysis=locked)
    assert put_forward(by=BY, analysis=locked).lead
    work_off()
    (draft,) = Draft.objects.all()
    assert any(one["analysis"] == locked.pk for one in draft.content["outcomes"])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"metric": "XX"}, "no scale"),
        ({"question": " "}, "what the analysis asks"),
        ({"tau2": "best"}, "cannot be 'best'"),
        ({"take": "every"}, "depend on each other"),
        ({"months_from": 12, "months_to": 6}, "ends before it begins"),
        ({"rho": 1.0}, "from 0 to below 1"),
        ({"sensitivity": ["tea leaves"]}, "is not known"),
        ({"colour": "red"}, "has no “colour”"),
    ],
)
def test_an_impossible_plan_is_refused_in_a_sentence(asked: Analysis, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        change_plan(by=BY, analysis=asked, plan=PLAN | wrong, seen=1)
