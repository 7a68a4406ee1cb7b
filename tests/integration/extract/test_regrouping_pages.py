"""The pages on which a study is split, merged, and a merge taken back: first what moves, then the doing, once."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.integration.extract.studied import Team, framework, put_up, team
from tests.integration.extract.test_coding_pages import able, text
from tests.integration.extract.test_mending_pages import at, entered, measured
from whatworks.archive.verifying import verify_centre
from whatworks.errors import ConflictError
from whatworks.extract.measuring import add_measure
from whatworks.extract.models import Arm, Contrast, Measure, Regrouping, Study
from whatworks.extract.regrouping import merge_studies, split_study, undo_merge
from whatworks.extract.studying import add_arm, attach_report, open_study
from whatworks.ledger.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(db: None) -> Team:
    return team()


@pytest.fixture
def coder(held: Team) -> Client:
    return able(held.first, "coder")


@pytest.fixture
def elm(held: Team) -> Study:
    """Another study of the review, with a report, an arm, an outcome and no result."""
    made = open_study(by="u", review=held.review, name="Elm", design="d", randomised=True, report=held.reports[1])
    add_arm(by="u", study=made, name="Boys", role="intervention")
    return made


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


def looked(client: Client, address: str, told: dict[str, Any]) -> dict[str, Any]:
    """What is sent once the page has shown what moves."""
    page = text(client.post(address, told | {"step": "look"}))
    return told | {"step": "do", "key": hidden(page, "key"), "seen": hidden(page, "seen")}


def test_a_merge_says_what_moves_before_it_is_done_and_can_be_taken_back(held: Team, coder: Client, elm: Study) -> None:
    row = measured(held)
    entered(held, measure=row, outcome=None)
    put_up(held, held.first)
    address, told = at(held, "merge/"), {"into": elm.pk, "why": "One cohort."}
    before = (Event.objects.count(), Regrouping.objects.count())
    shown = text(coder.post(address, told | {"step": "look"}))
    for words in ("What will move", "Service", "Usual", "Days at school", "A service against Usual", "stays with"):
        assert words in shown, words
    assert (Event.objects.count(), Regrouping.objects.count()) == before, "looking moves nothing"
    assert Contrast.objects.get().study == held.study
    do = looked(coder, address, told)
    done = text(coder.post(address, do, follow=True))
    assert "Oak 2019</a> was merged into this study" in done and "One cohort." in done
    assert "Merged." in text(coder.post(address, do, follow=True)), "sent twice, said twice, done once"
    assert Regrouping.objects.count() == 1 and Contrast.objects.get().study == elm
    old = text(coder.get(at(held)))
    assert "This is the same study as" in old and "Add an arm" not in old and "Take it back" in old
    for page in ("change/", "split/", "merge/"):
        assert "was merged into this study; change it here" in text(coder.get(at(held, page), follow=True))
    refused = text(coder.post(at(held, "take-back/"), {"regrouping": Regrouping.objects.get().pk, "why": ""}))
    assert "Say why" in refused
    back = {"regrouping": Regrouping.objects.get().pk, "why": "Two cohorts after all."}
    shown = text(coder.post(f"/workspace/studies/{elm.pk}/take-back/", back, follow=True))
    assert "a study of its own again" in shown and "was taken back: “Two cohorts after all.”" in shown
    assert Contrast.objects.get().study == held.study
    assert verify_centre()["ok"], verify_centre()["differences"]


def test_a_merge_that_moves_another_thing_than_was_shown_is_refused(held: Team, coder: Client, elm: Study) -> None:
    address = at(held, "merge/")
    do = looked(coder, address, {"into": elm.pk, "why": "One cohort."})
    add_arm(by="other", study=held.study, name="Third", role="comparison")
    shown = text(coder.post(address, do))
    assert "is not what you looked at" in shown and "One cohort." in shown
    assert not Regrouping.objects.exists()
    ash = open_study(by="u", review=held.review, name="Ash", design="d", randomised=True)
    do = looked(coder, address, {"into": elm.pk, "why": "One cohort."})
    assert "is not what you looked at" in text(coder.post(address, do | {"into": ash.pk}))


def test_a_merge_needs_its_reason_and_another_study_of_the_review(held: Team, coder: Client, elm: Study) -> None:
    address = at(held, "merge/")
    shown = text(coder.post(address, {"into": "", "why": "", "step": "look"}))
    assert "Choose the study that this one is the same as" in shown and "Say why" in shown
    assert "Select a valid choice" in text(coder.post(address, {"into": held.study.pk, "why": "x", "step": "look"}))


def test_outcomes_of_one_name_are_said_before_anything_moves(held: Team, coder: Client, elm: Study) -> None:
    measured(held)
    add_measure(by="u", study=elm, outcome=framework(held)[1], name="Days at school")
    shown = text(coder.post(at(held, "merge/"), {"into": elm.pk, "why": "One.", "step": "look"}))
    assert "Both studies have the outcome “Days at school”" in shown and "What will move" not in shown


def test_a_split_says_what_goes_and_what_stays(held: Team, coder: Client) -> None:
    attach_report(by="u", study=held.study, report=held.reports[1])
    boys = tuple(add_arm(by="u", study=held.study, name=name, role="comparison") for name in ("Boys", "Others"))
    row = measured(held)
    kept = entered(held, measure=row, outcome=None)
    going = entered(held, arms=boys, report=held.reports[1], measure=row, outcome=None)
    address = at(held, "split/")
    told: dict[str, Any] = {"name": "Oak, boys", "why": "Two cohorts."}
    told |= {f"report-{held.reports[0].pk}": "stays", f"report-{held.reports[1].pk}": "stays"}
    told |= {"arms": [one.pk for one in boys], "contrasts": [going.pk]}
    refused = text(coder.post(address, told | {"step": "look"}))
    assert "taken from a report of the other study" in refused and "Two cohorts." in refused
    told[f"report-{held.reports[1].pk}"] = "goes"
    shown = text(coder.post(address, told | {"step": "look"}))
    assert "Outcomes that both have from now on" in shown and "What stays with “Oak 2019”" in shown
    assert Study.objects.count() == 1, "looking makes no study"
    do = looked(coder, address, told)
    done = text(coder.post(address, do, follow=True))
    assert "Oak, boys</a> was split off" in done and "Split “Oak, boys” off “Oak 2019”" in done
    coder.post(address, do, follow=True)
    assert Study.objects.count() == 2 and Regrouping.objects.count() == 1
    other = Study.objects.get(name="Oak, boys")
    for contrast, study in ((kept, held.study), (going, other)):
        contrast.refresh_from_db()
        assert contrast.study == study and contrast.detail.measure.study == study
    assert "Take it back" not in text(coder.get(f"/workspace/studies/{other.pk}/"))
    assert verify_centre()["ok"], verify_centre()["differences"]


def test_a_split_can_say_that_a_report_tells_of_both(held: Team, coder: Client) -> None:
    kept, going = entered(held), entered(held, arms=(None, None), measured="Of boys")
    told = {"name": "Oak, boys", "why": "Two.", f"report-{held.reports[0].pk}": "both", "contrasts": [going.pk]}
    coder.post(at(held, "split/"), looked(coder, at(held, "split/"), told))
    other = Study.objects.get(name="Oak, boys")
    assert other.tellings.get().report == held.study.tellings.get().report
    kept.refresh_from_db()
    assert kept.study == held.study and list(other.contrasts.all()) == [going]


@pytest.mark.parametrize(
    ("told", "said"),
    [({"name": ""}, "Give it a name"), ({"name": "Elm", "arms": True}, "a name of its own"), ({}, "Nothing would go")],
)
def test_a_split_that_cannot_be_is_refused(
    held: Team, coder: Client, elm: Study, told: dict[str, Any], said: str
) -> None:
    given = {"name": "New", "why": "Two.", f"report-{held.reports[0].pk}": "stays", "step": "look"}
    arms = {"arms": [held.arms[0].pk]} if told.get("arms") else {}
    assert said in text(coder.post(at(held, "split/"), given | told | arms))
    assert Study.objects.count() == 2


def test_a_key_is_of_one_request(held: Team, elm: Study) -> None:
    merge_studies(by="u", study=held.study, into=elm, why="One.", key="k")
    with pytest.raises(ConflictError, match="used for something else"):
        split_study(by="u", study=elm, name="x", why="y", key="k")


def test_a_merge_is_not_taken_back_while_later_results_hold_both_together(held: Team, elm: Study) -> None:
    """A result that was entered after the merge with arms of both would be torn."""
    merge = merge_studies(by="u", study=elm, into=held.study, why="One.")
    boys = Arm.objects.get(name="Boys")
    entered(held, arms=(boys, held.arms[1]))
    with pytest.raises(ConflictError, match="uses an arm of the other study"):
        undo_merge(by="u", merge=merge, why="Two.")
    assert not Regrouping.objects.filter(kind="undo").exists() and Arm.objects.get(name="Boys").study == held.study


def test_an_outcome_of_both_has_its_like_in_the_new_study(held: Team) -> None:
    row = measured(held)
    entered(held, measure=row, outcome=None)
    going = entered(held, measure=row, outcome=None, arms=(None, None))
    report = held.reports[0].pk
    split = split_study(by="u", study=held.study, name="New", why="Two.", contrasts=[going.pk], shared=[report])
    assert split.moved["likened"] == [[row.pk, Measure.objects.get(study=split.other).pk]]
    event = Event.objects.get(verb="extract.split-study")
    assert json.loads(event.payload.body)["moved"]["shared"] == [report]


def test_strangers_regroup_nothing(held: Team, elm: Study) -> None:
    merge = merge_studies(by="u", study=elm, into=held.study, why="One.")
    reader = able(held.second, "screener")
    assert reader.post(at(held, "take-back/"), {"regrouping": merge.pk, "why": "No."}).status_code == 403
