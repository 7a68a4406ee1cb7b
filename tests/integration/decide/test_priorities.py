"""Priorities set together: looked up first, voted on unseen, counted by the locked rule, answered in public; and a changed row is found."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from whatworks.decide import prioritising as setting_up
from whatworks.decide.deciding import answer_priority
from whatworks.decide.models import Ballot, Priority, PrioritySetting, PriorityState, PutForward
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Event, Subject
from whatworks.ledger.verification import verify
from whatworks.scope.models import Question
from whatworks.scope.questioning import take_up

pytestmark = pytest.mark.django_db

BY, GROUPS = "usr:t", {"young people": 1.0, "social workers": 1.0}
WORDINGS = (
    "Who listens to a child in care?",
    "Does supervision keep workers?",
    "What helps a family stay together?",
    "What ends well?",
)


def question(wording: str) -> Question:
    return take_up(by=BY, wording=wording, demonstration=True)


def drafted(**more: object) -> PrioritySetting:
    told = {
        "groups": GROUPS,
        "shortlist": 2,
        "choose": 2,
        "closes_on": timezone.localdate() + datetime.timedelta(days=7),
    }
    return setting_up.open_setting(by=BY, title="What to find out in Fernshire", demonstration=True, **(told | more))  # type: ignore[arg-type]


def voting(answered: str = "") -> PrioritySetting:
    setting = drafted()
    for wording in WORDINGS:
        row = setting_up.put_forward(by=BY, setting=setting, question=question(wording))
        found = PutForward.ANSWERED if wording == answered else PutForward.UNANSWERED
        by_what = Subject.objects.get(pk=setting.pk) if found == PutForward.ANSWERED else None
        setting_up.look_up(
            by=BY, row=row, found=found, looked="The store and the register, on 3 March.", by_what=by_what
        )
    return setting_up.open_voting(by=BY, setting=setting)


def vote(setting: PrioritySetting, group: str, *wordings: str, times: int = 1) -> None:
    keys = dict(setting.put_forward.values_list("question__wording", "question"))
    for code in setting_up.hand_out(by=BY, setting=setting, group=group, number=times):
        setting_up.cast(setting=setting, code=code, ticked=[keys[one] for one in wordings])


def published() -> PrioritySetting:
    setting = voting()
    vote(setting, "young people", WORDINGS[0], WORDINGS[2], times=5)
    vote(setting, "young people", WORDINGS[0], times=1)
    vote(setting, "social workers", WORDINGS[1], WORDINGS[2], times=40)
    setting_up.publish(by=BY, setting=setting)
    setting.refresh_from_db()
    return setting


def test_the_larger_group_does_not_swamp_the_smaller(client: Client) -> None:
    """Added up, what social workers want would stand first and second by forty to six."""
    setting = published()
    order = [(one.question.wording, one.rank, one.listed) for one in setting.priorities.by_place()]
    assert order == [
        (WORDINGS[2], 1.0, True), (WORDINGS[0], 2.0, True), (WORDINGS[1], 3.0, False), (WORDINGS[3], 4.0, False)
    ]  # fmt: skip
    page = client.get("/priorities/what-to-find-out-in-fernshire/").content.decode()
    assert f"First came: {WORDINGS[2]}" in page and setting.rule_digest in page
    assert "Made up, of made-up places and people" in page
    table = client.get("/priorities/what-to-find-out-in-fernshire/order.csv").content.decode().splitlines()
    assert table[1].startswith(f"1,{WORDINGS[2]},pri-")
    assert verify().differences == []


def test_nothing_of_the_votes_is_seen_before_voting_is_over(client: Client) -> None:
    setting = voting()
    before = client.get("/priorities/what-to-find-out-in-fernshire/").content
    vote(setting, "young people", WORDINGS[0], times=6)
    assert client.get("/priorities/what-to-find-out-in-fernshire/").content == before
    assert client.get("/priorities/what-to-find-out-in-fernshire/order.csv").status_code == 404
    assert client.get("/priorities/").status_code == 200


def test_who_voted_for_what_is_held_nowhere() -> None:
    setting = voting()
    code = setting_up.hand_out(by=BY, setting=setting, group="young people", number=1)[0]
    key = setting.put_forward.values_list("question", flat=True)[0]
    events = Event.objects.count()
    ballot = setting_up.cast(setting=setting, code=code, ticked=[key])
    assert Event.objects.count() == events  # a ballot leaves no event with its time
    assert code not in str(list(Ballot.objects.values_list())) and ballot.cast_on == timezone.localdate()
    with pytest.raises(InputError, match="used already"):
        setting_up.cast(setting=setting, code=code, ticked=[key])
    with pytest.raises(InputError, match="opens no ballot"):
        setting_up.cast(setting=setting, code="0000-0000-0000", ticked=[key])


def test_what_is_answered_already_is_not_voted_on(client: Client) -> None:
    setting = voting(answered=WORDINGS[3])
    assert [row.question.wording for row in setting_up.on_ballot(setting)] == sorted(WORDINGS[:3], key=str.casefold)
    page = client.get("/priorities/what-to-find-out-in-fernshire/").content.decode()
    assert "Not on the ballot" in page and "Answered already" in page


def test_voting_opens_only_when_everything_was_looked_up() -> None:
    setting = drafted()
    row = setting_up.put_forward(by=BY, setting=setting, question=question(WORDINGS[0]))
    assert setting_up.put_forward(by=BY, setting=setting, question=row.question) == row
    with pytest.raises(InputError, match="Look up first whether “Who listens"):
        setting_up.open_voting(by=BY, setting=setting)
    with pytest.raises(InputError, match="Say where you looked"):
        setting_up.look_up(by=BY, row=row, found=PutForward.UNANSWERED, looked=" ")
    with pytest.raises(InputError, match="Name the page"):
        setting_up.look_up(by=BY, row=row, found=PutForward.RUNNING, looked="The register.")
    setting_up.look_up(by=BY, row=row, found=PutForward.UNANSWERED, looked="The store.")
    with pytest.raises(InputError, match="two unanswered"):
        setting_up.open_voting(by=BY, setting=setting)


def test_few_ballots_are_not_shown_and_a_group_is_left_out_with_its_reason(client: Client) -> None:
    setting = voting()
    vote(setting, "young people", WORDINGS[0], times=4)
    vote(setting, "social workers", WORDINGS[1], times=5)
    with pytest.raises(InputError, match="“young people” has 4 ballots"):
        setting_up.publish(by=BY, setting=setting)
    with pytest.raises(InputError, match="left out why"):
        setting_up.publish(by=BY, setting=setting, without={"young people": " "})
    setting_up.publish(by=BY, setting=setting, without={"young people": "too few voted; they are asked again in May"})
    page = client.get("/priorities/what-to-find-out-in-fernshire/").content.decode()
    assert "Left out: young people, because too few voted" in page
    with pytest.raises(ConflictError, match="published once"):
        setting_up.publish(by=BY, setting=setting)


def test_after_voting_began_the_rule_stands() -> None:
    setting = voting()
    with pytest.raises(ConflictError, match="next setting"):
        setting_up.put_forward(by=BY, setting=setting, question=question("Another?"))
    with pytest.raises(ConflictError, match="stands as it is"):
        setting_up.look_up(by=BY, row=setting.put_forward.all()[0], found=PutForward.UNANSWERED, looked="Again.")
    assert setting.rule_digest == setting_up.rule_digest(setting)
    for ticked, says in (
        ([], "at least 1"),
        (list(setting.put_forward.values_list("question", flat=True))[:3], "at most 2"),
    ):
        code = setting_up.hand_out(by=BY, setting=setting, group="young people", number=1)[0]
        with pytest.raises(InputError, match=says):
            setting_up.cast(setting=setting, code=code, ticked=ticked)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            "UPDATE decide_ballot SET points = replace(points, ':1', ':0') WHERE points LIKE '%:1%' AND \"group\" = 'young people'",
            "rank",
        ),
        ("UPDATE decide_prioritysetting SET shortlist = 1", "rule of the order"),
        ("UPDATE decide_putforward SET found = '', looked = ''", "rule of the order"),
    ],
)
def test_what_was_changed_behind_the_ledger_is_found(change: str, says: str) -> None:
    published()
    assert verify().differences == []
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert any(says in one.what for one in verify().differences)


def test_you_said_we_did(client: Client) -> None:
    setting = published()
    first, second = list(setting.priorities.by_place())[:2]
    with pytest.raises(InputError, match="Name what answers it"):
        answer_priority(by=BY, priority=first, state=PriorityState.RUNNING, reason="A trial runs.")
    with pytest.raises(InputError, match="Say why"):
        answer_priority(by=BY, priority=first, state=PriorityState.DECLINED, reason=" ")
    answer_priority(
        by=BY, priority=first, state=PriorityState.DECLINED, reason="Two reviews of it are due this year elsewhere."
    )
    with pytest.raises(ConflictError, match="meanwhile"):
        answer_priority(by=BY, priority=first, state=PriorityState.ACCEPTED, reason="After all.")
    answer_priority(by=BY, priority=first, state=PriorityState.ACCEPTED, reason="Neither of them came.", seen=1)
    page = client.get("/priorities/").content.decode()
    assert "Taken up" in page and "Neither of them came." in page and "No answer yet" in page
    assert "1 of 1 priority was answered within 90 days." in page
    assert second.question.wording in page
    Priority.objects.get(pk=first.pk)


def test_a_voter_opens_the_ballot_with_a_code_and_casts_it_once(client: Client) -> None:
    setting = voting()
    code = setting_up.hand_out(by=BY, setting=setting, group="young people", number=1)[0]
    address = f"/priorities/{setting.slug}/vote/"
    wrong = client.post(address, {"code": "nothing"})
    assert wrong.status_code == 400 and "opens no ballot here" in wrong.content.decode()
    ballot = client.post(address, {"code": code})
    keys = re.findall(r'name="ticked" value="(qst-\w+)"', ballot.content.decode())
    assert len(keys) == 4
    none = client.post(address, {"code": code, "cast": "1"})
    assert none.status_code == 400
    assert (
        "Your ballot is cast" in client.post(address, {"code": code, "ticked": keys[:2], "cast": "1"}).content.decode()
    )
    assert "used already" in client.post(address, {"code": code}).content.decode()
