"""The pages and requests of screening: who may, what comes back, and that nothing is said twice."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.integration.screen.team import REASONS, TITLE, imported, person, review_of
from whatworks.collate.actions import mark_retracted
from whatworks.people.actions import give_roles
from whatworks.people.models import User
from whatworks.screen.deciding import say
from whatworks.screen.methods.protocol import StageRules
from whatworks.screen.models import Candidate, Opinion, Place, Remark, Review
from whatworks.screen.waves import add_search

pytestmark = pytest.mark.django_db
HERE = "/workspace/reviews/staying-at-home/screen/"
FULL_HERE = "/workspace/reviews/staying-at-home/full-text/"
JSON = {"headers": {"accept": "application/json"}}


def screener(name: str, *roles: str) -> User:
    user = person(name)
    give_roles(by="cli", who=user.email, roles=roles or ("screener",))
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def people() -> list[User]:
    return [screener(name) for name in ("ada", "ben", "cas")]


@pytest.fixture
def review(people: list[User]) -> Review:
    held = review_of(*people[:2], title_rules=StageRules("single"), terms_for=("family group",))
    add_search(by=people[0].pk, review=held, name="A database", imports=[imported(6)])
    return held


@pytest.fixture
def ada(people: list[User], review: Review) -> Client:
    return client_of(people[0])


def shown(client: Client, **asked: Any) -> dict[str, Any]:
    return client.get(f"{HERE}next/", asked, **JSON).json()


def told(client: Client, what: str, at: str = HERE, **fields: Any) -> Any:
    return client.post(f"{at}{what}/", fields, **JSON)


def test_the_page_has_the_record_the_next_one_and_the_protocol(ada: Client) -> None:
    """Without the next record in the page the eye waits for the server after every decision."""
    page = ada.get(HERE).content.decode()
    assert page.count('<article class="record') == 2 and page.count('<template class="next">') == 1
    assert '<mark class="for">family group</mark>' in page and "What helps children to stay at home?" in page
    assert Place.objects.count() == 2


def test_nothing_of_what_others_said_is_on_the_page(ada: Client, people: list[User], review: Review) -> None:
    """Two who screen must not see each other's answers; this is why there are two."""
    one = ada.get(f"{HERE}next/", **JSON).json()["order"][0]
    say(by=people[1].pk, candidate=one, decision="maybe", note="A note of Ben's")
    page = ada.get(f"{HERE}?first={one}").content.decode()
    assert "Ben's" not in page and "You said" not in page


def test_who_is_not_in_the_team_is_told_whom_to_ask(people: list[User], review: Review) -> None:
    """A closed door without a name on it is a dead end."""
    stranger = client_of(people[2])
    page = stranger.get(HERE)
    assert page.status_code == 403 and "Ask ada to add you" in page.content.decode()
    answer = told(stranger, "say", candidate="x", decision="include")
    assert (answer.status_code, "ask one of its leads" in answer.json()["error"]) == (403, True)
    nobody = client_of(person("dee"))
    assert nobody.get(HERE).status_code == 403


def test_a_decision_is_kept_and_the_next_comes_back(ada: Client, people: list[User]) -> None:
    """What the answer lacks, the page must ask for."""
    order = shown(ada)["order"]
    answer = told(ada, "say", candidate=order[0], decision="exclude", reason=REASONS[0], note=" Far ", seconds="12.34")
    assert answer.status_code == 200
    found = answer.json()
    assert found["order"][0] == order[1] and len(found["order"]) == 2 and set(found["records"]) == set(found["order"])
    assert found["progress"] == {
        "done": 1,
        "left": 5,
        "words": "You have screened 1. 5 are left for you (16 in 100 done).",
    }
    made = Opinion.objects.get()
    assert (made.by, made.reason, made.note, made.seconds) == (people[0].pk, REASONS[0], "Far", 12.3)


def test_records_that_the_browser_has_are_not_sent_again(ada: Client) -> None:
    """On a slow line the abstracts would be most of the traffic."""
    order = shown(ada)["order"]
    assert shown(ada, have=order[1])["records"].keys() == {order[0]}


def test_a_replayed_request_is_one_opinion(ada: Client) -> None:
    """A browser that did not hear the answer sends again."""
    one = shown(ada)["order"][0]
    answers = [told(ada, "say", candidate=one, decision="include", key="k-1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert Opinion.objects.count() == 1
    told(ada, "undo", which=one, key="k-2")
    told(ada, "undo", which=one, key="k-2")
    late = told(ada, "say", candidate=one, decision="include", key="k-1")
    assert late.status_code == 200 and Opinion.objects.count() == 2, "a late repeat of what was taken back counts again"


def test_ten_ahead_are_held_and_no_more(ada: Client) -> None:
    """Whoever asks for everything would leave nothing to the others."""
    imported_now = shown(ada, ahead="9999")
    assert len(imported_now["order"]) == 6
    assert len(shown(ada, ahead="1")["order"]) == 2
    assert len(shown(ada, ahead="x")["order"]) == 2


def test_what_waits_in_the_browser_is_not_handed_out_again(ada: Client) -> None:
    order = shown(ada, ahead="4")["order"]
    assert not set(shown(ada, without=",".join(order[:2]))["order"]) & set(order[:2])


def test_skipped_comes_again_after_the_others(ada: Client) -> None:
    """A record that is skipped and never comes again is lost."""
    first = shown(ada)["order"][0]
    assert first not in told(ada, "skip", candidate=first).json()["order"]
    seen = []
    while (order := shown(ada)["order"]) and order[0] != first:
        seen.append(order[0])
        assert told(ada, "say", candidate=order[0], decision="exclude").status_code == 200
    assert len(seen) == 5 and order == [first]


def test_undo_brings_the_record_back(ada: Client) -> None:
    one = shown(ada)["order"][0]
    told(ada, "say", candidate=one, decision="include")
    answer = told(ada, "undo").json()
    assert (answer["order"][0], answer["said"]) == (one, "Taken back.")
    assert told(ada, "undo").status_code == 409


def test_a_note_without_a_decision_is_for_the_others_later(ada: Client, people: list[User]) -> None:
    one = shown(ada)["order"][0]
    assert told(ada, "note", candidate=one, note="Look at table 2").status_code == 200
    assert Remark.objects.get().text == "Look at table 2"
    assert "You noted: Look at table 2" in shown(ada)["records"][one]
    assert "Look at table 2" not in client_of(people[1]).get(f"{HERE}?first={one}").content.decode()
    assert told(ada, "note", candidate=one, note=" ").status_code == 400


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"decision": "perhaps"}, 400, "There is no decision"),
        ({"decision": "exclude", "reason": "No reason of ours"}, 400, "not one of this review"),
        ({"decision": "include", "note": "x" * 5001}, 400, "at most 5,000"),
        ({"decision": "include", "candidate": "cnd_nowhere"}, 400, "not one of this review"),
        ({"decision": "include", "who": "usr_other"}, 403, "Somebody else is signed in"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    ada: Client, fields: dict[str, str], status: int, sentence: str
) -> None:
    """A browser that gets a page instead of a sentence cannot say what is wrong."""
    one = shown(ada)["order"][0]
    answer = told(ada, "say", **({"candidate": one} | fields))
    assert answer.status_code == status and sentence in answer.json()["error"]
    assert not Opinion.objects.exists()


def test_what_one_person_left_in_a_browser_is_never_sent_as_anothers(ada: Client, people: list[User]) -> None:
    """Two people who share a computer would else vote for each other."""
    one = shown(ada)["order"][0]
    assert told(ada, "say", candidate=one, decision="include", who=people[1].pk).json()["other"] is True
    assert told(ada, "say", candidate=one, decision="include", who=people[0].pk).status_code == 200


def test_the_form_does_the_same_without_a_script(ada: Client) -> None:
    one = shown(ada)["order"][0]
    page = ada.post(HERE, {"candidate": one, "decision": "include", "key": "k"}, follow=True)
    assert "Included." in page.content.decode() and "You have screened 1." in page.content.decode()
    page = ada.post(HERE, {"candidate": one, "decision": "include", "key": "k"}, follow=True)
    assert Opinion.objects.count() == 1
    page = ada.post(HERE, {"decision": "undo"}, follow=True)
    assert "Taken back." in page.content.decode() and page.context["records"][0]["candidate"] == one
    page = ada.post(HERE, {"candidate": one, "decision": "exclude", "reason": "Nonsense"}, follow=True)
    assert "not one of this review" in page.content.decode()


def test_full_texts_need_a_reason_and_can_be_said_not_to_be_had(ada: Client, review: Review) -> None:
    """An exclusion without a reason leaves a hole in the flow."""
    one = shown(ada)["order"][0]
    told(ada, "say", candidate=one, decision="include")
    page = ada.get(FULL_HERE).content.decode()
    assert "No file of it is here yet." in page and "Reason to leave it out" in page
    up = Candidate.objects.at(review, "full text").get()
    answer = told(ada, "say", FULL_HERE, candidate=up.pk, decision="exclude")
    assert (answer.status_code, "needs a reason" in answer.json()["error"]) == (400, True)
    place = f"/workspace/reviews/{review.slug}/candidates/{up.pk}/retrieved/"
    assert "Noted" in ada.post(place, {"retrieved": "no"}, follow=True).content.decode()
    assert ada.get(FULL_HERE).context["records"] == []
    assert "1 report of" in ada.get(f"{FULL_HERE}not-had/").content.decode()
    ada.post(place, {"retrieved": "yes"})
    assert [one["candidate"] for one in ada.get(FULL_HERE).context["records"]] == [up.pk]


def test_a_file_is_shown_to_the_team_only_and_in_our_own_frame(
    ada: Client, people: list[User], review: Review, settings: Any, tmp_path: Any
) -> None:
    """Files are others' copyright; and what is in one must not reach our pages."""
    from whatworks.collate.documents import keep_document

    settings.HOME = tmp_path
    told(ada, "say", candidate=shown(ada)["order"][0], decision="include")
    up = Candidate.objects.at(review, "full text").get()
    held = keep_document(by="cli", report=up.report, chunks=[b"%PDF-1.4 x"], filename="a.pdf")
    place = f"{FULL_HERE}file/{held.pk}/"
    answer = ada.get(place)
    assert answer.status_code == 200 and answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "inline" in answer["Content-Disposition"] and "script-src" not in answer["Content-Security-Policy"]
    b"".join(answer.streaming_content)
    assert place in ada.get(FULL_HERE).content.decode()
    assert client_of(people[2]).get(place).status_code == 403
    other = Candidate.objects.at(review, TITLE).exclude(report=up.report)[0]
    hidden = keep_document(by="cli", report=other.report, chunks=[b"%PDF-1.4 y"], filename="b.pdf")
    assert ada.get(f"{FULL_HERE}file/{hidden.pk}/").status_code == 404


def test_own_words_are_marked_for_oneself(ada: Client, people: list[User]) -> None:
    ada.post(f"{HERE.replace('screen/', 'terms/')}", {"terms_for": "council", "terms_against": "meet*", "marks": "on"})
    page = ada.get(HERE).content.decode()
    assert '<mark class="for">council</mark>' in page and '<mark class="against">meetings</mark>' in page
    assert ">council</textarea>" in page and ">meet*</textarea>" in page
    assert '<mark class="for">council</mark>' not in client_of(people[1]).get(HERE).content.decode()


def test_a_retraction_and_what_is_decided_together_are_said(people: list[User]) -> None:
    """Whoever does not see a retraction takes a withdrawn study further."""
    held = review_of(*people[:2], title_rules=StageRules("single"))
    add_search(by=people[0].pk, review=held, name="A database", imports=[imported(3, same=True)])
    one = Candidate.objects.at(held, TITLE).get(as_one=None)
    on = datetime.date(2020, 5, 4)
    mark_retracted(by="cli", report=one.report, on=on, notice_url="https://example.org/notice")
    page = client_of(people[0]).get(HERE).content.decode()
    assert "Retracted on 4 May 2020" in page and "Two reports with the same words" in page


def test_what_others_have_in_hand_is_said_and_comes_when_they_are_gone(people: list[User], review: Review) -> None:
    """“Nothing is left” while colleagues hold the rest would send somebody home too early."""
    ada, ben = (client_of(user) for user in people[:2])
    assert len(shown(ada, ahead="10")["order"]) == 6
    answer = shown(ben)
    assert answer["order"] == [] and answer["empty"].startswith("Colleagues are looking at what is left.")
    Place.objects.update(until=timezone.now())
    assert len(shown(ben)["order"]) == 2
