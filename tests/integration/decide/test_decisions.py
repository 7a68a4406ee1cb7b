"""Decisions with who left and who disagreed, gates with their criteria, posts filled blind; and the pages that show them."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from whatworks.decide import deciding, filling
from whatworks.decide.models import Gate, Interviewed, MeetingAction, Post, Resolution
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Subject
from whatworks.ledger.verification import verify
from whatworks.people.models import Assignment, User
from whatworks.publish.guides.guiding import open_guide
from whatworks.publish.models import Package
from whatworks.scope.models import Intervention, Theme

pytestmark = pytest.mark.django_db

BY, DAY = "usr:t", datetime.date(2026, 3, 2)


def decided(**more: object) -> Resolution:
    told = {
        "title": "Ask Mereton to go on", "context": "The pilot is over.", "options": ["Go on for a year", "Stop"], "chosen": 0,
        "why": "It was wanted, and safe.", "decided_by": "The board", "decided_on": DAY, "demonstration": True,
    }  # fmt: skip
    return deciding.decide(by=BY, **(told | more))  # type: ignore[arg-type]


def theme() -> Theme:
    made: Theme = Theme.objects.register(slug="fernshire", name="Fernshire", line="", order=1)
    return made


def intervention() -> Intervention:
    made: Intervention = Intervention.objects.register(
        slug="a-worker-in-school", name="A worker in the school", theme=theme()
    )
    return made


def test_a_decision_shows_its_options_who_left_and_who_disagreed(client: Client) -> None:
    meeting = deciding.hold_meeting(
        by=BY, body="The board", held_on=DAY, present="Chair, two members", demonstration=True
    )
    about = intervention()
    one = decided(
        meeting=meeting, evidence=[about.pk, about.pk], interests="A member is paid by Mereton.", left="That member",
        dissent="One thought the sample too small.", review_on=DAY + datetime.timedelta(days=30),
    )  # fmt: skip
    page = client.get(f"/decisions/{one.pk}/").content.decode()
    for words in (
        "<strong>Go on for a year</strong> (chosen)",
        "That member",
        "sample too small",
        "A worker in the school",
        "was not yet",
    ):
        assert words in page
    assert one.evidence == [about.pk]
    again = decided(title="Ask Mereton to stop", chosen=1, supersedes=one)
    assert "A later decision took its place" in client.get(f"/decisions/{one.pk}/").content.decode()
    assert list(Resolution.objects.standing()) == [again]
    with pytest.raises(ConflictError, match="taken its place already"):
        decided(supersedes=one)
    listed = client.get("/decisions/").content.decode()
    assert "Ask Mereton to stop" in listed and "The board, 2 March 2026" in listed
    assert verify().differences == []


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"options": ["Go on"]}, "two options or more"),
        ({"chosen": 2}, "two options or more"),
        ({"why": " "}, "and why"),
        ({"decided_on": datetime.date(2999, 1, 1)}, "still to come"),
        ({"evidence": ["pag-nothing"]}, "nothing here called “pag-nothing”"),
    ],
)
def test_what_is_no_decision_is_refused(more: dict[str, object], says: str) -> None:
    with pytest.raises(InputError, match=says):
        decided(**more)


def test_a_decision_cannot_be_changed_and_a_change_is_found() -> None:
    one = decided()
    with pytest.raises(DatabaseError), transaction.atomic():
        Resolution.objects.filter(pk=one.pk).update(why="Otherwise.")


def test_a_gate_with_an_unmet_criterion_needs_a_decision(client: Client) -> None:
    about = intervention()
    rows = [
        {"criterion": "Staff stayed", "met": "yes", "found": "11 of 12"},
        {"criterion": "Families took part", "met": "no", "found": "20 of 60"},
    ]
    told = {
        "by": BY,
        "about": about.subject,
        "stage": "exploratory",
        "criteria": rows,
        "passed": True,
        "reason": "It is wanted.",
    }
    with pytest.raises(InputError, match="Not every criterion is met"):
        deciding.pass_gate(**told)  # type: ignore[arg-type]
    gate = deciding.pass_gate(**told, resolution=decided())  # type: ignore[arg-type]
    assert (gate.number, gate.passed) == (1, True)
    page = client.get("/decisions/").content.decode()
    assert "20 of 60" in page and "not met" in page
    for more, says in (
        ({"stage": "somewhere"}, "Choose the stage"),
        ({"criteria": []}, "Each criterion"),
        ({"criteria": [{"criterion": "x", "met": "perhaps", "found": "y"}]}, "Each criterion"),
        ({"reason": ""}, "Say why"),
    ):
        with pytest.raises(InputError, match=says):
            deciding.pass_gate(**(told | more))  # type: ignore[arg-type]


def test_the_last_gate_of_a_theme_gathers_its_guides_for_an_editor() -> None:
    held = theme()
    assert deciding.assemble(by=BY, theme=held) is None  # no guide, no package
    guide = open_guide(by=BY, question="How do we listen?", theme=held)
    rows = [{"criterion": "Guides are approved", "met": "yes", "found": "one"}]
    told = {
        "by": BY,
        "about": held.subject,
        "stage": Gate.STAGES[-1],
        "criteria": rows,
        "passed": True,
        "reason": "All is there.",
    }
    deciding.pass_gate(**told)  # type: ignore[arg-type]
    assert not Package.objects.exists()  # nobody can read that guide yet
    from unittest.mock import patch

    with patch.object(type(guide).objects, "shown", lambda: type(guide).objects.all()):
        deciding.pass_gate(**told)  # type: ignore[arg-type]
    package = Package.objects.get()
    assert [item.guide for item in package.items.all()] == [guide] and not package.shown
    assert deciding.assemble(by=BY, theme=held) in (None, package)


def test_what_was_asked_in_a_meeting_is_done_or_overdue(client: Client) -> None:
    meeting = deciding.hold_meeting(by=BY, body="The  board", held_on=DAY)
    assert deciding.hold_meeting(by=BY, body="The board", held_on=DAY, minutes="We met.") == meeting
    action = deciding.ask_action(by=BY, meeting=meeting, what="Write to Mereton", owner="Director", due_on=DAY)
    assert "overdue" in client.get("/decisions/").content.decode()
    with pytest.raises(InputError, match="what came of it"):
        deciding.do_action(by=BY, action=action, came_of_it="")
    deciding.do_action(by=BY, action=action, came_of_it="They go on.")
    page = client.get("/decisions/").content.decode()
    assert "They go on." in page and "We met." in page and "overdue" not in page
    assert MeetingAction.objects.get().done_on == timezone.localdate()


def test_a_plan_and_an_answer_to_policy_are_public(client: Client) -> None:
    step = deciding.plan_step(
        by=BY, plan="To stand on our own feet", order=1, what="Register the body", owner="Director"
    )
    assert (
        deciding.plan_step(by=BY, plan="To stand on our own feet", order=1, what="Register", owner="Chair").pk
        == step.pk
    )
    deciding.respond_to_policy(
        by=BY, title="On workloads", to_whom="A committee", text="We know little of it.", cites=[step_cite().pk]
    )
    with pytest.raises(InputError, match="what shows"):
        deciding.finish_step(by=BY, step=step, proof=" ")
    deciding.finish_step(by=BY, step=step, proof="Entry of 3 March")
    page = client.get("/decisions/").content.decode()
    assert "1 of 1 steps are done." in page and "Entry of 3 March" in page and "We know little of it." in page


def step_cite() -> Subject:
    return intervention().subject


def post() -> Post:
    rows = [
        {"criterion": "Listens", "weight": 2, "anchors": "1 talks over; 5 asks"},
        {"criterion": "Knows", "weight": 1, "anchors": "1; 5"},
    ]
    return filling.open_post(
        by=BY, title="Chair", says="Leads the board.", criteria=rows, panels=["young people", "board"], closes_on=DAY,
        kept_until=DAY + datetime.timedelta(days=180), demonstration=True,
    )  # fmt: skip


def test_scores_of_others_are_hidden_until_ones_own_are_given() -> None:
    held = post()
    filling.score(by="usr:a", post=held, applicant="1", panel="young people", scores={"Listens": 5, "Knows": 2})
    filling.score(by="usr:a", post=held, applicant="2", panel="young people", scores={"Listens": 1, "Knows": 5})
    assert filling.standings(held, seen_by="usr:b") == ()
    filling.score(by="usr:b", post=held, applicant="1", panel="board", scores={"Listens": 3, "Knows": 3})
    assert [(one.applicant, one.by_panel) for one in filling.standings(held, seen_by="usr:b")] == [("1", (None, 3.0))]
    filling.score(by="usr:b", post=held, applicant="2", panel="board", scores={"Listens": 3, "Knows": 3})
    found = filling.standings(held, seen_by="usr:b")
    assert [(one.applicant, one.by_panel, one.overall) for one in found] == [
        ("1", (4.0, 3.0), 3.5), ("2", (pytest.approx(7 / 3), 3.0), pytest.approx(8 / 3))
    ]  # fmt: skip
    with pytest.raises(ConflictError, match="given once"):
        filling.score(by="usr:a", post=held, applicant="1", panel="young people", scores={"Listens": 1, "Knows": 1})
    for scores in ({"Listens": 6, "Knows": 1}, {"Listens": 5}):
        with pytest.raises(InputError):
            filling.score(by="usr:c", post=held, applicant="1", panel="board", scores=scores)


def test_papers_of_applicants_go_on_their_day_and_the_decision_stays(client: Client) -> None:
    held = post()
    filling.score(by="usr:a", post=held, applicant="7", panel="board", scores={"Listens": 5, "Knows": 2}, note="Kind.")
    filling.fill(by=BY, post=held, resolution=decided(title="A chair"))
    with pytest.raises(ConflictError, match="filled already"):
        filling.fill(by=BY, post=held, resolution=Resolution.objects.get())
    assert filling.let_go(by=BY, today=held.kept_until) == 0
    assert filling.let_go(by=BY, today=held.kept_until + datetime.timedelta(days=1)) == 1
    assert not Interviewed.objects.exists()
    assert "Filled" in client.get("/decisions/").content.decode()
    assert "Kind." not in client.get("/decisions/").content.decode()
    assert verify().differences == []


def user(role: str) -> User:
    held = User.objects.create_user(f"{role}@fernshire.invalid", "a long pass phrase")
    Assignment.objects.create(user=held, role=role)
    return held


def test_the_workspace_keeps_records_by_role(client: Client) -> None:
    client.force_login(user("coder"))
    assert client.get("/workspace/decisions/").status_code == 200
    assert client.get("/workspace/decisions/record/decision/").status_code == 403
    client.force_login(user("secretary"))
    day = timezone.localdate().isoformat()
    told = {
        "title": "Ask",
        "context": "A pilot.",
        "options": "Go on\nStop",
        "why": "Safe.",
        "decided_by": "Board",
        "decided_on": day,
    }
    refused = client.post("/workspace/decisions/record/decision/", told | {"options": "Go on"})
    assert refused.status_code == 400 and "two options or more" in refused.content.decode()
    assert client.post("/workspace/decisions/record/decision/", told).status_code == 302
    assert Resolution.objects.get().choice() == "Go on"
    held = {"title": "Chair", "says": "Leads.", "criteria": "Listens | 2 | 1 no; 5 yes", "panels": "young people", "closes_on": day,
            "kept_until": (timezone.localdate() + datetime.timedelta(days=9)).isoformat()}  # fmt: skip
    assert (
        "weight above nought"
        in client.post(
            "/workspace/decisions/record/post/", held | {"criteria": "Listens | much | 1 no; 5 yes"}
        ).content.decode()
    )
    assert client.post("/workspace/decisions/record/post/", held).status_code == 302
    address = f"/workspace/decisions/posts/{Post.objects.get().pk}/"
    scored = {"step": "score", "applicant": "4", "panel": "young people", "score_0": "5", "note": ""}
    assert client.post(address, scored).status_code == 302
    assert "5.00" in client.get(address).content.decode()
    assert client.get("/workspace/decisions/record/nothing/").status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM decide_interviewed")
        assert cursor.fetchone() == (1,)
