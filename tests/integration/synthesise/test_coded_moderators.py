"""A declared analysis asks about what coders decided: only that, frozen with its result, and marked when it changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.integration.journey.centres import BY, ROADS
from tests.integration.synthesise.coded_studies import coded, coder
from whatworks.archive.loading import load_pack
from whatworks.errors import InputError
from whatworks.extract.models import Coding, Decided, Study
from whatworks.extract.reconciling import compared, settle
from whatworks.ledger.models import Artefact, Event
from whatworks.ledger.verification import Report
from whatworks.people.models import Assignment, User
from whatworks.synthesise.actions import inputs_of, run
from whatworks.synthesise.checks import check_sensitivities, check_syntheses
from whatworks.synthesise.coded import items_of, mark_recoded, recoded
from whatworks.synthesise.declaring import change_plan, declare, lock_plan, plan_in_force
from whatworks.synthesise.methods.plan import in_words
from whatworks.synthesise.models import Analysis, Declaration, Sensitivity, Synthesis
from whatworks.synthesise.presenters import analysis_page, listed

pytestmark = pytest.mark.django_db

WHOM, MANUAL, SESSIONS = "coded:delivery/by-whom", "coded:delivery/manual", "coded:delivery/sessions"
BLIND = "coded:delivery/measured-blind"
PLAN: dict[str, Any] = {"question": "Do lower limits reduce injuries?", "metric": "RD", "sensitivity": []}


@pytest.fixture
def first(db: None) -> Analysis:
    load_pack(folder=ROADS, by=BY)
    analysis: Analysis = Analysis.objects.get()
    return analysis


@pytest.fixture
def coders(first: Analysis) -> list[User]:
    return [coder("ada"), coder("ben")]


@pytest.fixture
def studies(first: Analysis) -> list[Study]:
    return list(Study.objects.filter(contrasts__memberships__analysis=first).distinct().order_by("name"))


@pytest.fixture
def codings(studies: list[Study], coders: list[User]) -> list[Coding]:
    """Three studies: the sessions of the last are not reported, and its coders differ on who delivered it."""
    said: list[dict[str, Any]] = [
        {"by-whom": "staff", "manual": "yes", "sessions": 4},
        {"by-whom": "peers", "manual": "yes", "sessions": 8},
        {"by-whom": "staff", "manual": "yes", "sessions": None},
    ]
    made = [coded(study, coders, values) for study, values in zip(studies[:2], said[:2], strict=True)]
    return [*made, coded(studies[2], coders, said[2], {"by-whom": "peers"})]


def declared(first: Analysis, **changed: Any) -> Analysis:
    about = {"review": first.review, "intervention": first.intervention, "outcome": first.outcome}
    return declare(by=BY, title="Declared", unit="streets", plan=PLAN | changed, **about)


def ran(analysis: Analysis) -> Synthesis:
    (made,) = run(by=BY, analysis=analysis)
    return made


def told() -> Report:
    report = Report()
    check_syntheses(report)
    check_sensitivities(report)
    return report


def differences(report: Report) -> list[str]:
    return [one.what for one in report.differences if one.what != "no event made this row"]


def values(synthesis: Synthesis, key: str) -> list[Any]:
    names = {row["study"]: row.get(key) for row in synthesis.inputs}
    return [names[name] for name in sorted(names)]


def decide(coding: Coding, by: User, item: str, value: Any) -> Decided:
    line = next(one for one in compared(coding, by=by.pk) if one.asked.item.key == item)
    return settle(by=by.pk, coding=coding, item=item, value=value, how="discussion", why="Read again.", seen=line.seen)


def test_the_items_that_can_be_asked_about_are_those_of_frames_in_use(first: Analysis, codings: list[Coding]) -> None:
    """Neither words nor what is asked of each arm: a result has no one value of these."""
    found = items_of(first.review)
    assert list(found) == [WHOM, MANUAL, SESSIONS, BLIND]
    assert found[WHOM].words == "“Who delivered it?” (How it was delivered)"
    assert found[WHOM].values == (("staff", "Social workers"), ("peers", "Other parents"))
    assert found[SESSIONS].number and found[SESSIONS].shown(4) == "4 sessions"


def test_a_review_that_is_not_coded_has_nothing_to_ask_about(first: Analysis) -> None:
    assert items_of(first.review) == {}
    with pytest.raises(InputError, match="no study of this review is coded by 'coded:delivery/by-whom'"):
        declared(first, moderators=[WHOM])


@pytest.mark.parametrize("key", ["coded:delivery/aim", "coded:delivery/offered", "coded:delivery/nothing", "coded:x"])
def test_what_cannot_be_asked_about_is_refused(first: Analysis, codings: list[Coding], key: str) -> None:
    with pytest.raises(InputError):
        declared(first, moderators=[key])
    assert not Declaration.objects.exists()


def test_the_plan_says_it_in_words(first: Analysis, codings: list[Coding]) -> None:
    analysis = declared(first, moderators=["months"])
    made = change_plan(by=BY, analysis=analysis, plan=PLAN | {"moderators": [WHOM]}, seen=1)
    assert made.changes[0]["to"] == "“Who delivered it?” (How it was delivered)"
    plan = plan_in_force(analysis)
    assert plan is not None
    assert dict(in_words(plan, items_of(first.review)))["Differences looked for by"] == made.changes[0]["to"]
    assert dict(in_words(plan))["Differences looked for by"] == "“by-whom” (delivery)"


def test_only_what_was_agreed_or_decided_counts(first: Analysis, codings: list[Coding], coders: list[User]) -> None:
    analysis = declared(first, moderators=[WHOM, SESSIONS])
    lock_plan(by=BY, analysis=analysis, seen=1)
    made = ran(analysis)
    assert values(made, WHOM) == ["staff", "peers", None], "coders differ on the third"
    assert values(made, SESSIONS) == [4, 8, None], "the third is not reported"
    decide(codings[2], coders[0], "by-whom", "peers")
    again = ran(analysis)
    assert values(again, WHOM) == ["staff", "peers", "peers"] and values(made, WHOM)[2] is None


def test_what_one_coder_alone_said_does_not_count(first: Analysis, studies: list[Study], coders: list[User]) -> None:
    coded(studies[0], coders[:1], {"by-whom": "staff"})
    analysis = declared(first, moderators=[WHOM])
    lock_plan(by=BY, analysis=analysis, seen=1)
    assert values(ran(analysis), WHOM) == [None, None, None]


def test_what_was_coded_of_the_result_counts_for_that_result(
    first: Analysis, studies: list[Study], coders: list[User]
) -> None:
    result = studies[0].contrasts.filter(memberships__analysis=first).get()
    coded(studies[0], coders, {"by-whom": "staff", f"measured-blind@{result.pk}": "yes"})
    analysis = declared(first, moderators=[BLIND])
    lock_plan(by=BY, analysis=analysis, seen=1)
    assert values(ran(analysis), BLIND) == ["yes", None, None]


def test_too_few_say_why_and_how_many_were_left_out(first: Analysis, codings: list[Coding]) -> None:
    analysis = declared(first, moderators=[SESSIONS])
    lock_plan(by=BY, analysis=analysis, seen=1)
    (found,) = Sensitivity.objects.get(synthesis=ran(analysis)).result
    assert found["rows"][0]["why_not"] == "it needs at least 4 results that say so"
    assert "1 result left out: not reported, not applicable, or not decided by people yet." in found["said"]
    assert found["title"] == "differences by “Sessions planned” (How it was delivered)"


def test_a_result_recomputes_from_what_it_was_made_with(
    first: Analysis, codings: list[Coding], coders: list[User]
) -> None:
    """After coders decide otherwise the stored comparison still verifies, and is marked: that is no fault."""
    analysis = declared(first, moderators=[WHOM, MANUAL])
    lock_plan(by=BY, analysis=analysis, seen=1)
    held = ran(analysis)
    assert differences(told()) == []
    decide(codings[0], coders[0], "by-whom", "peers")
    assert Artefact.objects.get(pk=held.pk).stale_event
    report = told()
    assert differences(report) == []
    Artefact.objects.filter(pk=held.pk).update(stale_event="")  # as rows of another centre may come, without the mark
    report = told()
    assert differences(report) == []
    assert any(held.pk in note and "decided otherwise" in note for note in report.notes)


def test_when_coders_decide_otherwise_the_analysis_is_marked(
    first: Analysis, codings: list[Coding], coders: list[User]
) -> None:
    analysis = declared(first, moderators=[WHOM])
    lock_plan(by=BY, analysis=analysis, seen=1)
    held = ran(analysis)
    assert not recoded(held) and analysis_page(analysis, plan_in_force(analysis))["moved"] == ""
    made = decide(codings[0], coders[0], "by-whom", "peers")
    assert recoded(held)
    assert "coders decided otherwise" in analysis_page(analysis, plan_in_force(analysis))["moved"]
    assert next(row for row in listed() if row["analysis"] == analysis)["standing"].startswith("Something behind it")
    event = Event.objects.about(made.pk).get()
    kept = Sensitivity.objects.get(synthesis=held)
    mark_recoded(codings[0].study, event)
    marked = Artefact.objects.filter(stale_event=event.uid).values_list("pk", flat=True)
    assert sorted(marked) == sorted([held.pk, kept.pk])
    assert not recoded(ran(analysis))


def test_what_was_not_asked_about_marks_nothing(first: Analysis, codings: list[Coding], coders: list[User]) -> None:
    analysis = declared(first, moderators=[MANUAL])
    lock_plan(by=BY, analysis=analysis, seen=1)
    held = ran(analysis)
    made = decide(codings[0], coders[0], "by-whom", "peers")
    assert mark_recoded(codings[0].study, Event.objects.about(made.pk).get()) == []
    assert Artefact.objects.get(pk=held.pk).stale_event == "" and run(by=BY, analysis=analysis) == []


def test_a_plan_that_asks_for_more_is_answered_though_no_number_moved(first: Analysis, codings: list[Coding]) -> None:
    """A deviation that only adds something to try must be tried."""
    analysis = declared(first)
    lock_plan(by=BY, analysis=analysis, seen=1)
    held = ran(analysis)
    change_plan(by=BY, analysis=analysis, plan=PLAN | {"sensitivity": ["influence"]}, seen=1, why="A referee asked.")
    again = ran(analysis)
    assert again.result == held.result and Sensitivity.objects.get(synthesis=again).keys == ["influence"]
    assert run(by=BY, analysis=analysis) == []


def test_an_analysis_without_coded_moderators_keeps_the_inputs_it_had(first: Analysis, codings: list[Coding]) -> None:
    analysis = declared(first, moderators=["months"], sensitivity=["leave-one-out"])
    lock_plan(by=BY, analysis=analysis, seen=1)
    run(by=BY, analysis=analysis)
    assert not any(name.startswith("coded:") or name == "counts" for row in inputs_of(analysis) for name in row)


def test_what_went_in_is_taken_away_with_what_was_coded_and_counted(
    first: Analysis, codings: list[Coding], coders: list[User]
) -> None:
    analysis = declared(first, moderators=[WHOM], sensitivity=["tables"])
    lock_plan(by=BY, analysis=analysis, seen=1)
    run(by=BY, analysis=analysis)
    Assignment.objects.create(user=coders[0], role="statistician", given_by="cli")
    client = Client()
    client.force_login(coders[0])
    head, *lines = client.get("/workspace/analyses/declared/inputs.csv").content.decode().splitlines()
    assert head.endswith(f"events1,n1,events2,n2,{WHOM}")
    assert sorted(line.rpartition(",")[2] for line in lines) == ["", "peers", "staff"]
    page = client.get("/workspace/analyses/declared/change/").content.decode()
    assert f'value="{WHOM}"' in page and "<legend>Coded by “How it was delivered”</legend>" in page
