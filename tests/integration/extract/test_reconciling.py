"""Where coders differ, a person decides and says why; a late change opens what was settled; nothing is overwritten."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.integration.extract.studied import Team, fill, put_up, team
from whatworks.archive.verifying import verify_centre
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.extract.coding import answer, leave_coding
from whatworks.extract.models import Answer, Coding, Decided
from whatworks.extract.reconciling import Compared, compared, settle
from whatworks.extract.studying import add_arm
from whatworks.ledger.models import Event
from whatworks.screen.reviewing import leave

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Team:
    return team()


@pytest.fixture
def coding(held: Team) -> Coding:
    """Both are done; they differ on how many joined."""
    coding = put_up(held, held.first, held.second)
    fill(held, coding, held.first, country="Wales", aim="To see")
    fill(held, coding, held.second, country="wales ", aim="To look", joined=50)
    coding.refresh_from_db()
    return coding


def line(coding: Coding, item: str, by: str = "usr-x") -> Compared:
    return next(one for one in compared(coding, by=by) if one.asked.item.key == item)


def decide(held: Team, coding: Coding, **told: Any) -> Decided:
    given = {"by": held.third.pk, "item": "joined", "value": 45, "why": "Table 1 counts families.", "how": "third"}
    told = given | told
    return settle(coding=coding, **{"seen": line(coding, told["item"]).seen} | told)


def how(item: str) -> list[tuple[Any, str]]:
    return list(Decided.objects.filter(item=item).order_by("number").values_list("value", "how"))


def test_what_both_say_stands_by_rule_and_the_rest_waits(held: Team, coding: Coding) -> None:
    assert coding.state == Coding.RECONCILING
    found = {one.item: (one.value, one.how, one.by) for one in Decided.objects.standing().filter(unit="")}
    assert found == {
        "country": ("Wales", "agreed", "rule:agreement"),
        "aim": ("To see", "first", "rule:first-coder"),
        "randomised": ("no", "agreed", "rule:agreement"),
    }
    row = line(coding, "joined")
    assert row.standing.state == "differs" and row.decided is None
    assert {user: one.value for user, one in row.answers.items() if one} == {held.first.pk: 40, held.second.pk: 50}


def test_a_third_person_decides_and_says_why_in_one_event(held: Team, coding: Coding) -> None:
    before = Event.objects.count()
    made = decide(held, coding, page=4, quote="45 joined")
    assert (made.value, made.how, made.by, made.page, made.quote) == (45, "third", held.third.pk, 4, "45 joined")
    assert Event.objects.count() == before + 1
    event = Event.objects.about(made.pk).get()
    assert "Table 1 counts families." in event.payload.body and "45 joined" not in event.payload.body
    coding.refresh_from_db()
    assert coding.state == Coding.SETTLED
    assert line(coding, "joined").decided == made


def test_one_coder_s_answer_is_taken_with_its_place(held: Team, coding: Coding) -> None:
    late = answer(by=held.second.pk, coding=coding, item="joined", value=50, page=7, quote="fifty", place="p. 7")
    made = decide(held, coding, like=late.pk, value=None)
    assert (made.value, made.page, made.quote, made.place) == (50, 7, "fifty", "p. 7")
    with pytest.raises(ConflictError, match="does not stand any more"):
        decide(held, coding, like="ans-none")


def test_the_same_request_and_the_same_decision_again_are_one_row(held: Team, coding: Coding) -> None:
    made = decide(held, coding, key="k")
    before = Event.objects.count()
    assert decide(held, coding, key="k") == decide(held, coding) == made
    assert Event.objects.count() == before
    with pytest.raises(ConflictError, match="name of an earlier one"):
        decide(held, coding, key="k", item="country", value="Wales")


def test_who_coded_is_no_third_person_but_may_settle_it_by_discussion(held: Team, coding: Coding) -> None:
    with pytest.raises(ForbiddenError, match="a third person decides"):
        decide(held, coding, by=held.first.pk)
    with pytest.raises(ForbiddenError, match="Only those who coded"):
        decide(held, coding, by=held.third.pk, how="discussion")
    assert decide(held, coding, by=held.first.pk, how="discussion").how == "discussion"


def test_a_lead_may_do_both_and_a_stranger_neither(held: Team, coding: Coding) -> None:
    assert decide(held, coding, by=held.lead.pk, value=41).by == held.lead.pk
    leave(by=held.lead.pk, review=held.review, user=held.third)
    with pytest.raises(ForbiddenError, match="You do not take part"):
        decide(held, coding)


@pytest.mark.parametrize(
    ("told", "error", "said"),
    [
        ({"why": " "}, InputError, "Say why"),
        ({"how": "lot"}, InputError, "no way to settle 'lot'"),
        ({"value": "many"}, InputError, "wants a number"),
        ({"unit": "arm-x"}, InputError, "asked once for each study"),
        ({"seen": []}, ConflictError, "changed while you were deciding"),
        ({"report": "rep-x"}, InputError, "does not tell of this study"),
    ],
)
def test_what_cannot_be_decided_so_is_refused(
    held: Team, coding: Coding, told: Any, error: type[Exception], said: str
) -> None:
    before = Event.objects.count()
    with pytest.raises(error, match=said):
        decide(held, coding, **told)
    assert Event.objects.count() == before


def test_nobody_decides_on_answers_that_were_changed_meanwhile(held: Team, coding: Coding) -> None:
    seen = line(coding, "joined").seen
    answer(by=held.first.pk, coding=coding, item="joined", value=42)
    with pytest.raises(ConflictError, match="reload the page"):
        decide(held, coding, seen=seen)


def test_a_late_change_opens_what_was_settled_and_the_history_stays(held: Team, coding: Coding) -> None:
    decide(held, coding)
    answer(by=held.first.pk, coding=coding, item="joined", value=49)
    coding.refresh_from_db()
    assert coding.state == Coding.RECONCILING
    assert how("joined") == [(45, "third"), (None, "reopened")]
    assert line(coding, "joined").standing.reopened
    decide(held, coding, value=49, why="As the second coder.")
    assert how("joined") == [(45, "third"), (None, "reopened"), (49, "third")]
    assert Answer.objects.filter(late=True).count() == 1
    assert verify_centre()["ok"]


def test_coders_who_come_to_say_what_was_decided_leave_it_standing(held: Team, coding: Coding) -> None:
    decide(held, coding)
    answer(by=held.first.pk, coding=coding, item="joined", value=45)
    assert how("joined")[-1] == (None, "reopened")
    answer(by=held.second.pk, coding=coding, item="joined", value=45)
    assert how("joined")[-1] == (45, "third")
    again = Decided.objects.standing().get(item="joined")
    assert (again.why, again.by) == ("Table 1 counts families.", held.third.pk)
    coding.refresh_from_db()
    assert coding.state == Coding.SETTLED and verify_centre()["ok"]


def test_who_changes_their_mind_to_the_other_s_settles_it_by_rule(held: Team, coding: Coding) -> None:
    answer(by=held.first.pk, coding=coding, item="joined", value=50)
    assert how("joined") == [(50, "agreed")]


def test_a_late_change_of_an_agreed_answer_opens_it_too(held: Team, coding: Coding) -> None:
    answer(by=held.first.pk, coding=coding, item="country", value="England")
    assert how("country") == [("Wales", "agreed"), (None, "reopened")]


def test_what_depends_on_a_decision_follows_it(held: Team, coding: Coding) -> None:
    """Both said that it was not drawn by lot; a late second thought asks how it was."""
    answer(by=held.first.pk, coding=coding, item="randomised", value="yes")
    answer(by=held.first.pk, coding=coding, item="drawn", value="coin")
    assert line(coding, "drawn").standing.state == "waiting"
    decide(held, coding, item="randomised", value="yes", why="Page 2 says so.")
    assert line(coding, "drawn").standing.state == "differs"
    decide(held, coding, item="randomised", value="no", why="Page 3 says not.")
    assert line(coding, "drawn").standing.state == "beside"


def test_an_arm_added_later_is_asked_about(held: Team, coding: Coding) -> None:
    decide(held, coding)
    arm = add_arm(by=held.lead.pk, study=held.study, name="Waiting list", role="comparison")
    coding.refresh_from_db()
    assert coding.state == Coding.RECONCILING
    for user in (held.first, held.second):
        answer(by=user.pk, coding=coding, item="offered", unit=arm.pk, value="usual")
    coding.refresh_from_db()
    assert coding.state == Coding.SETTLED


def test_who_leaves_after_all_were_done_still_counts(held: Team, coding: Coding) -> None:
    leave_coding(by=held.lead.pk, coding=coding, user=held.first)
    assert line(coding, "joined").standing.state == "differs"


def test_the_database_refuses_what_cannot_stand(held: Team, coding: Coding) -> None:
    row = Decided.objects.first()
    assert row is not None
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Decided.objects.filter(pk=row.pk).update(value="other")
    told = {"coding": coding, "item": "x", "number": 1, "at": datetime.datetime.now(datetime.UTC), "by": "usr-1"}
    for wrong in ({"how": "third", "status": "coded", "value": 1}, {"how": "agreed", "status": "coded"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Decided.objects.create(id=Decided.fresh(), **told, **wrong)


def test_verification_sees_a_value_that_does_not_follow_from_the_answers(held: Team, coding: Coding) -> None:
    assert verify_centre()["ok"]
    told = {"coding": coding, "item": "country", "number": 2, "at": datetime.datetime.now(datetime.UTC)}
    made = Decided.objects.create(
        id=Decided.fresh(), how="agreed", status="coded", value="Peru", by="rule:agreement", **told
    )
    found = {one["identifier"] for one in verify_centre()["differences"]}
    assert found == {made.pk}
