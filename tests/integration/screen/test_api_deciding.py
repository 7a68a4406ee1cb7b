"""Screening by program: what is handed out, kept, sent twice, taken back and listed, and that nobody's word shows."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.utils import timezone

from tests.integration.screen.program import BOTH, first, program, sentence
from tests.integration.screen.team import FULL, REASONS, TITLE, imported, opinions, review_of
from whatworks.collate.matching import decide as match
from whatworks.people.models import User
from whatworks.screen.deciding import say
from whatworks.screen.methods.protocol import StageRules
from whatworks.screen.models import Candidate, Opinion, Place, Review, Screener
from whatworks.screen.waves import add_search

pytestmark = pytest.mark.django_db


def test_the_next_records_are_held_for_whoever_asks(people: list[User], review: Review) -> None:
    ada, ben, cas = (program(user) for user in people)
    mine = ada.next(5)
    record = mine[0]
    report = Candidate.objects.get(pk=record["candidate"]).report
    assert (record["report"], record["title"], record["year"]) == (report.pk, report.title, report.year)
    assert "family group meetings in a council" in record["abstract"]
    until = datetime.datetime.fromisoformat(record["held_until"])
    assert datetime.timedelta(minutes=19) < until - timezone.now() <= datetime.timedelta(minutes=20)
    assert [one["candidate"] for one in ada.next(5)] == [one["candidate"] for one in mine], "asked again, the same"
    ben.next(12)
    both = {
        pk for pk in Candidate.objects.values_list("pk", flat=True) if Place.objects.filter(candidate=pk).count() > 1
    }
    assert both and both.isdisjoint(one["candidate"] for one in cas.next(12)), "two places each, and no third"
    later = ada.next(3, without=[one["candidate"] for one in mine])
    assert {one["candidate"] for one in later}.isdisjoint(one["candidate"] for one in mine)


def test_holding_longer_is_told_as_it_is(people: list[User], review: Review) -> None:
    ada = program(people[0])
    (one,) = ada.next(1)
    Place.objects.update(until=timezone.now() + datetime.timedelta(minutes=1))
    (again,) = ada.next(1)
    held = Place.objects.get(candidate=one["candidate"])
    told = datetime.datetime.fromisoformat(again["held_until"])
    assert abs(told - held.until) < datetime.timedelta(milliseconds=1)
    assert held.until > timezone.now() + datetime.timedelta(minutes=19)


def test_what_is_given_back_is_handed_to_others(people: list[User], review: Review) -> None:
    ada = program(people[0])
    mine = [one["candidate"] for one in ada.next(4)]
    Place.objects.create(
        id="plc-other", candidate_id=mine[0], slot=2, by=people[1].pk, until=timezone.now() + datetime.timedelta(days=1)
    )
    assert ada.post("release", {"candidates": [mine[0], "cnd-none"]}).json() == {"released": 1}
    assert ada.post("release", {}).json() == {"released": 3}
    assert Place.objects.get().by == people[1].pk, "what another holds stays theirs"


def test_a_decision_is_the_opinion_of_the_person(people: list[User], review: Review) -> None:
    ada = program(people[0])
    (one,) = ada.next(1)
    body = ada.say(one["candidate"], "exclude", reason=REASONS[0], note="Adults.").json()
    assert (body["candidate"], body["status"], body["decision"], body["error"]) == (
        one["candidate"],
        200,
        "exclude",
        None,
    )
    opinion = Opinion.objects.get()
    assert (opinion.by, opinion.reason, opinion.note) == (people[0].pk, REASONS[0], "Adults.")
    assert Place.objects.get(by=people[0].pk).done
    back = ada.ask("delete", f"decisions/{one['candidate']}")
    assert back.status_code == 200 and back.json() == {"candidate": one["candidate"]}
    assert opinions(review) == []
    assert "said nothing" in sentence(ada.ask("delete", f"decisions/{one['candidate']}"), 409)


def test_no_answer_tells_what_others_said(people: list[User], review: Review) -> None:
    """Whoever knows what the other said is no second opinion."""
    ada = program(people[0])
    (one,) = ada.next(1)
    alone = ada.say(one["candidate"], "include").json()
    ada.ask("delete", f"decisions/{one['candidate']}")
    say(by=people[1].pk, candidate=one["candidate"], decision="exclude", note="Ben thinks otherwise.")
    differing = ada.say(one["candidate"], "include").json()
    assert differing | {"at": ""} == alone | {"at": ""}, "an agreement and a conflict look alike"
    assert Candidate.objects.get(pk=one["candidate"]).state == Candidate.CONFLICT
    for response in (ada.get("screening"), ada.get(f"includes?stage={TITLE}"), ada.post("next", {"stage": TITLE})):
        text = response.content.decode()
        assert people[1].pk not in text and "Ben thinks" not in text and "conflict" not in text


@pytest.mark.parametrize("by_header", [True, False])
def test_the_same_request_twice_is_one_opinion(people: list[User], review: Review, by_header: bool) -> None:
    """A connection that broke leaves a program not knowing whether its request arrived."""
    ada, ben = program(people[0]), program(people[1])
    one, two = (row["candidate"] for row in ada.next(2))
    ask = lambda who, candidate, decision: who.post(  # noqa: E731
        "decisions",
        {"candidate": candidate, "decision": decision} | ({} if by_header else {"key": "1"}),
        **({"idempotency-key": "1"} if by_header else {}),
    )
    answers = [ask(ada, one, "include").json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2] and Opinion.objects.count() == 1
    ada.say(one, "maybe")
    assert ask(ada, one, "include").json() == answers[0], "a late copy must not overrule what was said since"
    assert opinions(review) == [(people[0].pk, "maybe")]
    assert "used for another decision" in sentence(ask(ada, two, "include"), 409)
    assert "used for another decision" in sentence(ask(ada, one, "exclude"), 409)
    assert ask(ben, one, "include").status_code == 200, "another person's key is another key"
    Screener.objects.filter(user=people[0]).update(until=timezone.now())
    assert ask(ada, one, "include").status_code == 403, "a key opens nothing after one has left"


def test_taking_back_twice_with_a_key_is_once(people: list[User], review: Review) -> None:
    ada = program(people[0])
    (one,) = ada.next(1)
    ada.say(one["candidate"], "include")
    for _ in range(2):
        assert ada.ask("delete", f"decisions/{one['candidate']}", **{"idempotency-key": "1"}).status_code == 200
    assert opinions(review) == [] and Opinion.objects.count() == 2


def test_each_of_a_list_is_answered_by_itself(people: list[User], review: Review) -> None:
    """One bad row of a hundred must not hold up the others, nor be lost among them."""
    ada = program(people[0])
    rows = [one["candidate"] for one in ada.next(4)]
    given: list[Any] = [
        {"candidate": rows[0], "decision": "include"},
        {"candidate": "cnd-none", "decision": "include"},
        {"candidate": rows[1], "decision": "yes"},
        {"candidate": rows[1], "decision": "exclude", "reason": "Dull"},
        {"candidate": rows[1], "decision": "include", "reasons": "x"},
        "nonsense",
        {"candidate": rows[2], "decision": "maybe", "note": "\ud800"},
        {"candidate": rows[2], "decision": "include", "reason": REASONS[0]},
        {"candidate": rows[3], "decision": "exclude", "reason": REASONS[1], "key": "mine"},
        {"candidate": rows[2], "decision": "exclude", "key": "mine"},
    ]
    answers = [ada.post("decisions", given, **{"idempotency-key": "run"}).json()["decisions"] for _ in range(2)]
    assert answers[0] == answers[1], "sent again, the list is the same"
    assert [one["status"] for one in answers[0]] == [200, 404, 400, 400, 400, 400, 400, 400, 200, 409]
    assert [bool(one["error"]) == (one["status"] != 200) for one in answers[0]] == [True] * 10
    assert "There is no field reasons" in answers[0][4]["error"]
    assert Opinion.objects.count() == 2


def test_a_candidate_of_another_review_is_not_there(people: list[User], review: Review) -> None:
    """Else a token for one review would decide in another."""
    other = review_of(people[0], title="Other")
    add_search(by=people[0].pk, review=other, name="A database", imports=[imported(2, name="other", start=90)])
    ada = program(people[0], *BOTH, review=review.slug)
    strange = first(other).pk
    assert "no candidate" in sentence(ada.say(strange, "include"), 404)
    assert "no candidate" in sentence(ada.ask("delete", f"decisions/{strange}"), 404)
    assert not Opinion.objects.exists()


def settle(people: list[User], review: Review, count: int) -> None:
    """Two take the first so many open ones further."""
    for one in Candidate.objects.at(review, TITLE).filter(state=Candidate.OPEN).order_by("number")[:count]:
        for user in people[:2]:
            say(by=user.pk, candidate=one.pk, decision="include")


def test_includes_come_page_by_page_while_things_change(people: list[User], review: Review) -> None:
    """A harvest must hold each once, and all that were there when it began and still are."""
    settle(people, review, 7)
    before = set(Candidate.objects.at(review, TITLE).filter(state=Candidate.INCLUDE).values_list("pk", flat=True))
    ada, seen = program(people[0]), []
    what: str | None = f"includes?stage={TITLE}&limit=3"
    while what:
        response = ada.get(what)
        body = response.json()
        seen += [one["candidate"] for one in body["reports"]]
        following = re.fullmatch(r'<(.*)>; rel="next"', response.headers.get("Link", ""))
        assert (following[1] if following else None) == body["next"]
        what = body["next"] and "includes?" + body["next"].partition("?")[2]
        if len(seen) == 3:
            settle(people, review, 3)
    assert len(seen) == len(set(seen)) and before <= set(seen)
    assert body["count"] == 10 and body["reports"][0]["settled_at"]
    assert "abstract" not in body["reports"][0]


def test_what_was_taken_in_and_is_another_now_speaks_as_it_does_now(people: list[User]) -> None:
    held = review_of(people[0], title="Staying at home", title_rules=StageRules("single"))
    add_search(by=people[0].pk, review=held, name="A database", imports=[imported(3)])
    ada = program(people[0])
    one, two, _ = Candidate.objects.at(held, TITLE).order_by("number")
    for row in (one, two):
        ada.say(row.pk, "include")
    full = Candidate.objects.at(held, FULL).order_by("number")[0]
    ada.say(full.pk, "include")
    assert [row["report"] for row in ada.get(f"includes?stage={FULL}").json()["reports"]] == [full.report_id]
    match(by=people[0].pk, left=one.report_id, right=two.report_id, decision="same")
    body = ada.get(f"includes?stage={TITLE}").json()
    (spoken,) = body["reports"]
    one.report.refresh_from_db()
    assert spoken["report"] == (one.report.merged_into_id or one.report_id) and body["count"] == 1
