"""The pages on which what is said of a study is changed: what each refuses, what it keeps, and what it leaves alone."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.integration.extract.studied import Team, framework, put_up, team
from tests.integration.extract.test_coding_pages import able, text
from whatworks.archive.verifying import verify_centre
from whatworks.errors import ConflictError, InputError
from whatworks.extract.coding import answer
from whatworks.extract.entering import enter_finding
from whatworks.extract.measuring import add_measure, change_measure
from whatworks.extract.models import Answer, Arm, ArmDetail, Contrast, Measure, Study, StudyDetail
from whatworks.extract.redescribing import describe_contrast
from whatworks.extract.removing import remove_measure
from whatworks.extract.seen import state_of
from whatworks.extract.studying import arm_facts, change_arm, describe_study
from whatworks.ledger.models import Artefact, Event
from whatworks.scope.models import Outcome

pytestmark = pytest.mark.django_db
COUNTS = {"events1": 9, "n1": 80, "events2": 16, "n2": 82}
RISK = "risk-difference-from-counts"


@pytest.fixture
def held(db: None) -> Team:
    return team()


@pytest.fixture
def coder(held: Team) -> Client:
    return able(held.first, "coder")


def at(held: Team, page: str = "") -> str:
    return f"/workspace/studies/{held.study.pk}/{page}"


def measured(held: Team, name: str = "Days at school") -> Measure:
    return add_measure(by="u", study=held.study, outcome=framework(held)[1], name=name)


def entered(held: Team, **said: Any) -> Contrast:
    done, outcome = framework(held)
    given = {"report": held.reports[0], "intervention": done, "outcome": outcome, "inputs": COUNTS, "formula": RISK}
    return enter_finding(by=held.first.pk, **(given | {"arms": held.arms, "study": held.study} | said))


def fields(page: str) -> dict[str, str]:
    """What the first form of a page would send as it stands."""
    form = page[page.index('<form class="protocol"') :]
    form = form[: form.index("</form>")]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        told = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if told.get("type") not in ("radio", "checkbox") or " checked" in tag:
            found[told.get("name", "")] = html.unescape(told.get("value", ""))
    for name, body in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    for name, body in re.findall(r'<textarea name="(\w+)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = html.unescape(body).strip("\n")
    return found


def sent(client: Client, address: str, **changed: Any) -> Any:
    """The page as it stands, with these changes, sent back."""
    told = fields(text(client.get(address)))
    return client.post(address, told | {"step": "change"} | changed, follow=True)


def test_what_is_said_of_a_study_is_changed_for_a_reason(held: Team, coder: Client) -> None:
    page = at(held, "change/")
    refused = sent(coder, page, name="Oak Town", country="Wales")
    assert "Say why it is another now" in text(refused) and 'value="Wales"' in text(refused)
    assert Study.objects.get(pk=held.study.pk).name == "Oak 2019"
    shown = text(sent(coder, page, name="Oak Town", country="Wales", why="The final report says so."))
    assert "Oak Town" in shown and "Wales" in shown
    assert "Name: Oak 2019 → Oak Town" in shown and "Why: The final report says so." in shown
    assert "first" in shown, "who did it"
    event = json.loads(Event.objects.get(verb="extract.describe-study").payload.body)
    assert event["after"] == {"name": "Oak Town", "country": "Wales"}


def test_what_was_not_said_before_needs_no_reason_and_nothing_changed_is_nothing(held: Team, coder: Client) -> None:
    shown = text(sent(coder, at(held, "change/"), n_total="90", caution="Two\r\nlines"))
    assert "90 people" in shown and "Two<br>lines" in shown
    before = Event.objects.count()
    assert "Nothing was changed" in text(sent(coder, at(held, "change/")))
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"name": ""}, "Give it a name"),
        ({"n_total": "-1"}, "greater than or equal to 0"),
        ({"n_total": "9" * 30}, "less than or equal to"),
        ({"country": "x" * 61}, "at most 60"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_typed(held: Team, coder: Client, told: dict[str, str], said: str) -> None:
    shown = text(sent(coder, at(held, "change/"), why="Kept words.", **told))
    assert said in shown and "Kept words." in shown
    assert not Event.objects.filter(verb="extract.describe-study").exists()


def test_two_people_who_change_a_study_at_once_undo_nothing(held: Team, coder: Client) -> None:
    address = at(held, "change/")
    told = fields(text(coder.get(address)))
    describe_study(by="other", study=held.study, country="Wales")
    shown = text(coder.post(address, told | {"place": "Cardiff", "step": "change"}))
    assert "Somebody changed this study" in shown and 'value="Cardiff"' in shown and 'value="Wales"' in shown
    again = fields(shown)
    coder.post(address, again | {"step": "change"})
    study = Study.objects.get(pk=held.study.pk)
    assert (study.country, study.place) == ("Wales", "Cardiff")


def test_results_are_looked_at_again_when_what_they_rest_on_changed(held: Team) -> None:
    made = entered(held)
    for change in (
        lambda: describe_study(by="u", study=held.study, randomised=False),
        lambda: change_arm(by="u", arm=held.arms[0], n_analysed=39),
        lambda: describe_contrast(by="u", contrast=made, months_from_baseline=6.0),
    ):
        Artefact.objects.update(stale_event="")
        change()
        assert Artefact.objects.stale().filter(pk=made.findings.get().pk).exists()
    Artefact.objects.update(stale_event="")
    describe_study(by="u", study=held.study, years="2014 to 2016")
    change_arm(by="u", arm=held.arms[0], offered="A visit")
    assert not Artefact.objects.stale().exists(), "no number rests on these"
    made.refresh_from_db()
    assert made.months == 6.0, "the time that analyses choose by follows"
    assert verify_centre()["ok"], verify_centre()["differences"]


def test_an_arm_is_changed_and_removed(held: Team, coder: Client) -> None:
    page = at(held, f"arms/{held.arms[1].pk}/")
    taken = text(sent(coder, page, name="Service", why="Table 1."))
    assert "called “Service” already" in taken
    shown = text(
        sent(coder, page, name="Usual care", clusters="4", clusters_analysed="3", offered="A visit", why="Table 1.")
    )
    assert "Usual care:</strong> A visit" in shown and "Name: Usual → Usual care" in shown
    detail = ArmDetail.objects.get(arm=held.arms[1])
    assert (detail.clusters, detail.clusters_analysed) == (4, 3)
    refused = text(coder.post(page, {"step": "remove", "removing-why": ""}))
    assert "Say why the arm is removed" in refused
    assert Arm.objects.filter(pk=held.arms[1].pk).exists()
    gone = coder.post(page, {"step": "remove", "removing-why": "Typed twice."}, follow=True)
    assert "Removed the arm “Usual care”" in text(gone) and not Arm.objects.filter(pk=held.arms[1].pk).exists()


def test_an_arm_with_one_count_shows_it_and_keeps_it(held: Team, coder: Client) -> None:
    """Arms of older rows have no detail: opening and keeping their page must not change a count."""
    arm = held.arms[0]
    ArmDetail.objects.filter(arm=arm).delete()
    assert arm_facts(arm)["n_analysed"] == 40
    assert "Nothing was changed" in text(sent(coder, at(held, f"arms/{arm.pk}/")))
    sent(coder, at(held, f"arms/{arm.pk}/"), n_analysed="41", why="Table 1.")
    arm.refresh_from_db()
    assert (arm.n, arm.detail.n_analysed) == (41, 41)


def test_an_outcome_is_changed_and_its_results_follow(held: Team, coder: Client) -> None:
    row = measured(held)
    made = entered(held, measure=row, outcome=None)
    first = framework(held)[1]
    other = Outcome.objects.register(slug="marks", name="Marks", group=first.group, direction="good-high", order=2)
    shown = text(
        sent(coder, at(held, f"outcomes/{row.pk}/"), name="Marks of a year", outcome=other.pk, why="As printed.")
    )
    assert "Outcome: Attendance → Marks" in shown and "Marks of a year" in shown
    made.refresh_from_db()
    assert (made.measured, made.outcome) == ("Marks of a year", other)
    assert Artefact.objects.stale().filter(pk=made.findings.get().pk).exists()
    assert verify_centre()["ok"], verify_centre()["differences"]


def test_an_outcome_that_says_another_name_than_its_result_is_not_followed(held: Team) -> None:
    row = measured(held)
    made = entered(held, measure=row, outcome=None, measured="Days, of girls")
    change_measure(by="u", measure=row, name="School days")
    made.refresh_from_db()
    assert made.measured == "Days, of girls"


def test_an_outcome_is_removed_only_while_nothing_was_said_of_it(held: Team, coder: Client) -> None:
    spare, used, coded = (measured(held, name) for name in ("Spare", "Used", "Coded"))
    entered(held, measure=used, outcome=None)
    with pytest.raises(InputError, match="Say why the outcome is removed"):
        remove_measure(by="u", measure=spare, why=" ")
    shown = text(
        coder.post(at(held, f"outcomes/{spare.pk}/"), {"step": "remove", "removing-why": "Twice."}, follow=True)
    )
    assert "Removed the outcome “Spare”" in shown
    with pytest.raises(ConflictError, match="not part of the study any more"):
        remove_measure(by="u", measure=spare, why="Again.")
    refused = text(coder.post(at(held, f"outcomes/{used.pk}/"), {"step": "remove", "removing-why": "Not ours."}))
    assert "1 result was entered for “Used”" in refused and 'value="Not ours."' in refused
    coding = put_up(held, held.first)
    told = {"item": "days", "unit": coded.pk, "number": 1, "status": "not reported", "at": timezone.now()}
    Answer.objects.create(id=Answer.fresh(), sheet=coding.sheets.get(), **told)
    with pytest.raises(ConflictError, match="was coded"):
        remove_measure(by="u", measure=coded, why="Wrong.")


def test_who_paid_is_said_and_shown(held: Team, coder: Client) -> None:
    assert "Nothing is said of it yet" in text(coder.get(at(held)))
    told = {"funder": "A council", "funder_involved": "took part", "developer_involved": "led", "interests": "None."}
    shown = text(sent(coder, at(held, "support/"), registration="ISRCTN 1", clusters="schools", **told))
    for words in ("A council", "Took part", "Led the study", "ISRCTN 1", "schools"):
        assert words in shown
    assert StudyDetail.objects.get().developer_involved == "led"


def test_all_that_is_said_of_a_result_can_be_put_right(held: Team, coder: Client) -> None:
    made = entered(held, page=4, quote="9 of 80")
    told = {
        "months_from_baseline": "12", "months_from_end": "6.5", "population": "Girls", "analysis_set": "per protocol",
        "adjusted": "yes", "adjusted_for": "age", "clustering": "handled", "icc": "0.05", "cluster_size": "22",
        "sign": "-1", "page": "5",
    }  # fmt: skip
    refused = text(sent(coder, at(held, f"results/{made.pk}/"), why="Read again.", **told))
    assert "Say where the ICC is from" in refused and 'value="6.5"' in refused
    shown = text(sent(coder, at(held, f"results/{made.pk}/"), why="Read again.", icc_source="the report", **told))
    for words in ("12 months from the start", "6.5 months from the end of treatment", "in Girls", "per protocol",
                  "adjusted for age", "ICC 0.05 (the report)", "22 in a cluster"):  # fmt: skip
        assert words in shown, words
    assert "More is more of it → more is less of it" not in shown and "more is more of it → more is less of it" in shown
    assert "9 of 80" not in shown, "a report's words are in no history"
    made.refresh_from_db()
    assert (made.sign, made.detail.page, made.detail.quote) == (-1, 5, "9 of 80")
    assert verify_centre()["ok"], verify_centre()["differences"]


def test_a_change_of_what_is_not_shown_any_more_is_refused(held: Team) -> None:
    seen = state_of(arm_facts(held.arms[0]))
    change_arm(by="u", arm=held.arms[0], n_analysed=39, seen=seen)
    with pytest.raises(ConflictError, match="Somebody changed this arm"):
        change_arm(by="u", arm=held.arms[0], n_analysed=38, seen=seen)


def test_who_may_not_code_changes_nothing_and_sees_no_way_to(held: Team) -> None:
    reader = able(held.second, "screener")
    for page in ("change/", "support/", f"arms/{held.arms[0].pk}/", "split/", "merge/"):
        assert reader.get(at(held, page)).status_code == 403, page
        assert reader.post(at(held, page), {"step": "change"}).status_code == 403, page


def test_parts_of_another_study_have_no_page_here(held: Team, coder: Client) -> None:
    assert coder.get(at(held, "arms/arm-nowhere/")).status_code == 404
    assert coder.get(at(held, f"outcomes/{held.arms[0].pk}/")).status_code == 404


def test_what_coders_answer_is_not_in_the_history(held: Team, coder: Client) -> None:
    coding = put_up(held, held.first, held.second)
    answer(by=held.second.pk, coding=coding, item="joined", value=4711)
    assert "4711" not in text(coder.get(at(held)))
