"""Lessons, journal clubs and records of learning through the centre: what is public says where it is from, what is private stays so."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.architecture.test_addresses import ADDRESSES, OURS
from whatworks.archive.exporting import pack_files
from whatworks.convene.models import Gathering, GatheringPlace
from whatworks.errors import ConflictError, InputError
from whatworks.learn import recording
from whatworks.learn.explaining import explainers
from whatworks.learn.models import LearningEntry
from whatworks.learn.pack import TABLES
from whatworks.learn.recording import Words
from whatworks.learn.recording_offering import missing_for
from whatworks.ledger.models import Event, Payload
from whatworks.people.actions import add_user, erase_subject
from whatworks.people.models import User
from whatworks.people.roles import roles
from whatworks.publish.models import Page, Revision
from whatworks.publish.writing.withdrawing import withdraw

SECRET = "Thought of herons"
MINE = "/workspace/learning-record/"
CLUB = "/evidence/slow-zones/journal-club/"


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roads")]


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def jo() -> User:
    """Somebody with an account and no role."""
    return add_user(by="test", email="jo@fernshire.example", roles=[], name="Jo")[0]


@pytest.fixture
def sam() -> User:
    """Somebody else, who has every role that there is."""
    return add_user(by="test", email="sam@fernshire.example", roles=list(roles()), name="Sam")[0]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read() -> str:
    return str(Revision.objects.get().pk)


def wrote(user: User, about: str = "", **more: Any) -> LearningEntry:
    told: dict[str, Any] = {
        "sort": "reading", "title": f"{SECRET}: zones", "on": timezone.localdate(), "why": f"{SECRET} at work",
        "learnt": f"{SECRET} again", "impact": f"{SECRET} for families",
    }  # fmt: skip
    return recording.write(user=user, words=Words(**told | more), about=about)


# What is public


def test_every_lesson_is_there_without_a_cookie_and_says_where_its_numbers_are_from(client: Client) -> None:
    titles = set()
    for one in explainers():
        response = client.get(f"/understand/{one.slug}/")
        text = response.content.decode()
        assert response.status_code == 200 and not response.cookies
        assert ("revision 1:" in text) != ("No page of ours holds a result that shows this yet" in text), one.slug
        titles.add(text.partition("<title>")[2].partition("<")[0])
    assert len(titles) == len(explainers())
    assert client.get("/understand/").status_code == 200 and client.get("/understand/nowhere/").status_code == 404


def test_a_worked_example_is_the_number_of_the_published_page(client: Client) -> None:
    """Were it written into the lesson, it would stay when the page changes."""
    content = Revision.objects.get().content
    shown = client.get("/understand/interval/").content.decode()
    traced = [one["trace"] for outcome in content["outcomes"] for one in outcome["sentence"] if isinstance(one, dict)]
    assert any(f"/trace/{one}/" in shown for one in traced)


def test_an_address_tries_and_never_breaks(client: Client) -> None:
    assert "40 of 100 without it, 20 of 100 with it." in client.get("/understand/out-of-100/").content.decode()
    asked = client.get("/understand/out-of-100/?start=2&effect=50").content.decode()
    assert "2 of 100 without it, 1 of 100 with it." in asked
    for bad in ("start=%00", "start=-1", "draw=9999999999", "draw=%D9%A3", "effect=" + "9" * 4000):
        assert client.get(f"/understand/out-of-100/?{bad}").status_code == 200
        assert client.get(f"/understand/why-randomise/?{bad}").status_code == 200


def test_the_glossary_leads_to_the_lesson(client: Client) -> None:
    assert '<a href="/understand/interval/">' in client.get("/glossary/").content.decode()


def test_a_page_leads_to_its_kit_and_to_the_record(client: Client) -> None:
    text = client.get("/evidence/slow-zones/").content.decode()
    assert f'href="{CLUB}"' in text and f"/learning-record/?of={read()}" in text
    response = client.get(f"/learning-record/?of={read()}")
    assert response.status_code == 200 and not response.cookies
    assert f"/account/login/?next=%2Fworkspace%2Flearning-record%2Fadd%2F%3Fof%3D{read()}" in response.content.decode()


def test_the_kit_is_of_one_revision_and_ends_with_whom_it_is_about(client: Client) -> None:
    page, text = client.get(CLUB).content.decode(), client.get(f"{CLUB}kit.txt").content.decode()
    for shown in (page, text):
        assert "revision 1 of" in shown and read() in shown
        assert "it cannot say what is right for this child" in " ".join(shown.split())
    assert page.index("How far to believe it") < page.rindex("What would change here")
    word, pdf = client.get(f"{CLUB}kit.docx").content, client.get(f"{CLUB}kit.pdf").content
    assert word[:2] == b"PK" and pdf[:5] == b"%PDF-"
    assert client.get(f"{CLUB}kit.pdf").content == pdf, "the same kit gives the same bytes"


def test_a_page_out_of_use_has_a_kit_that_says_so_and_no_copies(client: Client) -> None:
    withdraw(by="test", page=Page.objects.get(slug="slow-zones"), why="Its ground is gone.")
    text = client.get(CLUB).content.decode()
    assert "Its ground is gone." in text and "kit.pdf" not in text
    assert client.get(f"{CLUB}kit.pdf").status_code == 410


# What is private


def addresses_of(entry: LearningEntry) -> list[str]:
    """Every address of the record, by the list of addresses itself: a new one is in the test without being told."""
    names = {pattern.name: f"/{address}" for address, pattern in OURS if address.startswith(MINE[1:])}
    filled = {"identifier": entry.pk, "year": str(timezone.localdate().year), "ending": "json"}
    found = []
    for route in names.values():
        for name, value in filled.items():
            for kind in ("str", "int", "slug"):
                route = route.replace(f"<{kind}:{name}>", value)
        found.append(route)
    assert len(found) == 7 and not any("<" in one for one in found)
    return found


def test_nobody_else_reads_or_changes_an_entry_whatever_their_role(jo: User, sam: User) -> None:
    entry = wrote(jo, read())
    before = LearningEntry.objects.filter(pk=entry.pk).values().get()
    for address in addresses_of(entry):
        for client, codes in ((client_of(sam), (200, 400, 404, 405)), (Client(), (302,))):
            for response in (client.get(address), client.post(address, {"title": "Mine", "on": "2026-01-01"})):
                assert response.status_code in codes, address
                assert SECRET not in response.content.decode(errors="replace")
        if entry.pk in address:
            assert client_of(sam).get(address).status_code in (404, 405)
            assert client_of(sam).post(address).status_code == 404
    assert LearningEntry.objects.filter(pk=entry.pk).values().get() == before


def test_no_page_of_the_centre_shows_it_to_somebody_with_every_role(jo: User, sam: User) -> None:
    """All addresses that need nothing filled in, the administrator's among them."""
    wrote(jo, read())
    client = client_of(sam)
    plain = [f"/{address}" for address, _pattern in ADDRESSES if "<" not in address and "logout" not in address]
    assert len(plain) > 60
    for address in plain:
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert SECRET.encode() not in body, address


def test_its_owner_reads_it_everywhere_and_no_browser_keeps_it(jo: User) -> None:
    entry, client = wrote(jo, read()), client_of(jo)
    for address in (
        MINE,
        f"{MINE}{entry.pk}/",
        f"{MINE}{entry.pk}/change/",
        f"{MINE}{timezone.localdate().year}/record.txt",
    ):
        response = client.get(address)
        assert SECRET in response.content.decode(), address
        assert "no-store" in response.headers["Cache-Control"]


def test_the_ledger_says_that_somebody_wrote_and_nothing_of_what(jo: User) -> None:
    entry = wrote(jo, read())
    recording.delete(user=jo, entry=entry)
    events = Event.objects.filter(verb__startswith="learn.", actor=jo.pk)
    assert {(one.stream, tuple(one.subjects)) for one in events} == {("node", ())}
    assert set(Payload.objects.filter(event__in=events).values_list("body", flat=True)) == {"{}"}


def test_an_open_pack_holds_nothing_of_it_and_a_move_does(jo: User) -> None:
    wrote(jo, read())
    opened, moved = (dict(pack_files(profile)) for profile in ("open", "move"))
    assert "learn/entries.csv" not in opened and not any(SECRET in text for text in opened.values())
    assert not any("learn.write-entry" in text for text in opened.values())
    assert SECRET in moved["learn/entries.csv"]


def test_it_goes_with_the_person_and_a_peer_is_let_go(jo: User, sam: User) -> None:
    wrote(jo, read())
    theirs = wrote(sam, peer_state="asked", peer_address="JO@fernshire.example")
    assert theirs.peer == jo
    erase_subject(by="test", subject=jo.pk, reason="They asked.")
    assert not LearningEntry.objects.filter(user=jo).exists()
    kept = LearningEntry.objects.get(pk=theirs.pk)
    assert (kept.peer, kept.peer_state, kept.learnt) == (None, "not", f"{SECRET} again")


def test_everything_that_is_held_of_a_person_is_theirs_to_take(jo: User, sam: User) -> None:
    wrote(jo, read())
    told = client_of(jo).get("/workspace/held.json").json()
    assert told["account"]["email"] == "jo@fernshire.example"
    assert [one["about"] for one in told["learning record"]] == [read()]
    assert client_of(sam).get("/workspace/held.json").json()["learning record"] == []


# The record itself


def given(**more: str) -> dict[str, str]:
    return {
        "sort": "reading",
        "title": "Slow zones",
        "on": timezone.localdate().isoformat(),
        "peer_state": "alone",
    } | more


def test_an_entry_begins_with_the_revision_that_was_read(jo: User) -> None:
    client = client_of(jo)
    form = client.get(f"{MINE}add/?of={read()}").content.decode()
    assert "revision 1" in form
    response = client.post(f"{MINE}add/?of={read()}", given())
    entry = LearningEntry.objects.get(user=jo)
    assert response.headers["Location"] == f"{MINE}{entry.pk}/"
    assert entry.about_id == read() and not entry.complete
    assert "not finished" in client.get(MINE).content.decode()


def test_an_address_that_names_nothing_begins_an_empty_entry(jo: User) -> None:
    client = client_of(jo)
    for of in ("rev-00000000", jo.pk, "'%00"):
        assert client.get(f"{MINE}add/?of={of}").status_code == 200
    with pytest.raises(InputError, match="no page or event"):
        wrote(jo, jo.pk)


def test_words_that_may_name_somebody_are_kept_only_after_a_second_look(jo: User) -> None:
    client, told = client_of(jo), given(learnt="I rang Mr Smith on 0161 496 0123.")
    first = client.post(f"{MINE}add/", told)
    assert first.status_code == 400 and "a name" in first.content.decode() and "telephone" in first.content.decode()
    assert not LearningEntry.objects.exists()
    assert client.post(f"{MINE}add/", told | {"sure": "on"}).status_code == 302
    assert LearningEntry.objects.count() == 1


def test_somebody_who_came_to_an_event_is_offered_to_write_about_it(jo: User) -> None:
    at = timezone.now() - datetime.timedelta(days=3)
    event = Gathering.objects.register(
        slug="open-day", title="Open day in Brookfield", starts_at=at, ends_at=at + datetime.timedelta(hours=2),
        places=9, demonstration=True,
    )  # fmt: skip
    for number, (email, state) in enumerate(
        [("JO@fernshire.example", "came"), ("sam@fernshire.example", "did not come")]
    ):
        GatheringPlace.objects.create(
            pk=GatheringPlace.fresh(), gathering=event, email=email, state=state, asked_at=at, token=str(number)
        )
    client = client_of(jo)
    assert "Write about “Open day in Brookfield”" in client.get(MINE).content.decode()
    client.post(f"{MINE}add/?of={event.pk}", given(sort="event", title="Open day"))
    assert LearningEntry.objects.get(user=jo).about_id == event.pk
    assert "Write about “Open day" not in client.get(MINE).content.decode()


def test_a_peer_sees_who_when_and_what_of_ours_and_says_yes(jo: User, sam: User) -> None:
    entry = wrote(jo, read(), peer_state="asked", peer_address="sam@fernshire.example")
    asked = client_of(sam).get(MINE).content.decode()
    assert "Jo says that you thought something over together" in asked and "revision 1" in asked and SECRET not in asked
    assert not entry.with_peer
    assert client_of(jo).post(f"{MINE}{entry.pk}/peer/", {"together": "yes"}).status_code == 404, "not for oneself"
    assert client_of(sam).post(f"{MINE}{entry.pk}/peer/", {"together": "yes"}).status_code == 302
    held = LearningEntry.objects.get(pk=entry.pk)
    assert held.with_peer and "Jo says" not in client_of(sam).get(MINE).content.decode()
    with pytest.raises(ConflictError):
        recording.answer_peer(user=sam, entry=held, together=False)


def test_what_a_peer_said_of_one_day_does_not_stand_for_another(jo: User, sam: User) -> None:
    entry = wrote(jo, peer_state="asked", peer_address="sam@fernshire.example")
    held = recording.answer_peer(user=sam, entry=entry, together=True)
    same = {"sort": "reading", "title": "Zones", "peer_state": "asked"}
    held = recording.change(user=jo, entry=held, words=Words(on=held.on, **same))
    assert held.with_peer
    held = recording.change(user=jo, entry=held, words=Words(on=held.on - datetime.timedelta(days=1), **same))
    assert held.peer_state == "asked"


def test_an_address_of_nobody_reads_like_one_of_somebody(jo: User, sam: User) -> None:
    """Else the form would tell who has an account here."""
    one = wrote(jo, peer_state="asked", peer_address="sam@fernshire.example")
    other = wrote(jo, peer_state="asked", peer_address="nobody@fernshire.example")
    assert other.peer is None and one.peer == sam
    first, second = (client_of(jo).get(f"{MINE}{each.pk}/").content.decode() for each in (one, other))
    one_told, other_told = (
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text.replace(each.pk, ""))
        for text, each in ((first, one), (second, other))
    )
    assert one_told == other_told
    with pytest.raises(InputError, match="your own peer"):
        wrote(jo, peer_state="asked", peer_address="jo@fernshire.example")


def test_a_year_to_take_to_the_regulator(jo: User) -> None:
    wrote(jo, read(), learnt="=1+1", peer_state="role", peer_role="a colleague")
    wrote(jo, on=datetime.date(2019, 1, 2), title="Long ago")
    year = timezone.localdate().year + (timezone.localdate().month == 12)
    client = client_of(jo)
    rows = list(csv.reader(io.StringIO(client.get(f"{MINE}{year}/record.csv").content.decode())))
    assert len(rows) == 2 and "'=1+1" in rows[1] and rows[1][-1] == read()
    told = json.loads(client.get(f"{MINE}{year}/record.json").content)
    assert len(told["pieces"]) == 1 and told["to"] == f"{year}-11-30"
    text = client.get(f"{MINE}{year}/record.txt").content.decode()
    for field in (
        "Type of activity",
        "why it is relevant",
        "Date",
        "What I learnt",
        "Impact on my practice",
        "Peer reflection",
    ):
        assert field in text
    assert "sends" in text and "Long ago" not in text
    assert client.get(f"{MINE}{year}/record.docx").content[:2] == b"PK"
    assert (
        client.get(f"{MINE}{year}/record.exe").status_code == client.get(f"{MINE}9999999/record.csv").status_code == 404
    )


def test_only_who_keeps_a_record_is_told_what_is_missing(jo: User, sam: User) -> None:
    assert missing_for(jo.pk) == [] and missing_for(sam.pk) == []
    wrote(jo, read(), peer_state="role", peer_role="a colleague")
    (line,) = missing_for(jo.pk)
    assert "1 more piece" in line and "with a peer" not in line and missing_for(sam.pk) == []
    wrote(jo, title="A talk")
    assert missing_for(jo.pk) == []


def test_deleted_is_gone(jo: User) -> None:
    entry, client = wrote(jo, read()), client_of(jo)
    assert client.get(f"{MINE}{entry.pk}/delete/").status_code == 405
    assert client.post(f"{MINE}{entry.pk}/delete/").status_code == 302
    assert not LearningEntry.objects.exists() and client.get(f"{MINE}{entry.pk}/").status_code == 404


def test_what_a_move_holds_is_read_back_as_it_was(jo: User, sam: User) -> None:
    """Commas, lines and nobody as a peer included."""
    wrote(jo, read(), learnt='One, "two",\nthree', peer_state="asked", peer_address="sam@fernshire.example")
    wrote(jo, title="Alone")
    (table,) = (one for one in TABLES if one.model is LearningEntry)
    text = table.write("move")
    assert text is not None and table.write("open") is None
    held = {one.pk: one for one in LearningEntry.objects.all()}
    rows = table.read(text, table.path)
    names = [field.attname for field in LearningEntry._meta.concrete_fields]
    assert [[getattr(one, name) for name in names] for one in rows] == [
        [getattr(held[one.pk], name) for name in names] for one in rows
    ]
    assert len(rows) == 2
