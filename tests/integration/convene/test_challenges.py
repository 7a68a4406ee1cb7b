"""Comments and challenges: on public pages only, shown when let through, answered in public; complaining, with its sources."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from tests.fakes.smtp import sinking
from whatworks.convene import challenging, guarding
from whatworks.convene.challenging_presenters import complaining
from whatworks.convene.models import Challenge, Text
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.verification import verify
from whatworks.people.actions import add_user

pytestmark = pytest.mark.django_db

WORDS = "Only one small trial is behind this; you cannot be that sure."
LINK = "/challenge/?of="


@pytest.fixture
def slug() -> str:
    """The address of a published page of a small centre."""
    from tests.integration.journey.centres import build_roads
    from whatworks.publish.models import Page

    build_roads()
    return str(Page.objects.exclude(revisions=None).order_by("pk")[0].slug)


def test_a_challenge_to_a_rating_is_answered_on_the_page(slug: str, client: Client, settings: Any) -> None:
    """From the link at the foot to the answer under the page; before a moderator read it, nobody sees it."""
    where = f"/evidence/{slug}/"
    page = client.get(where)
    assert f"{LINK}%2Fevidence%2F{slug}%2F" in page.content.decode() and not page.cookies
    form = client.get("/challenge/", {"of": where})
    assert form.status_code == 200 and not form.cookies
    told = {"of": where, "kind": "rating-challenge", "words": WORDS, "speaks_as": "a practice leader in Larkmere"}
    sent = client.post("/challenge/", told | {"reply_to": "leads@larkmere.example"})
    assert sent.status_code == 302 and not sent.cookies
    text = Text.objects.get()
    assert WORDS not in client.get(where).content.decode()
    assert not Challenge.objects.exists()
    assert WORDS in client.get(sent.headers["Location"]).content.decode()  # their own private address
    guarding.show(by="usr:m", text=text)
    challenge = Challenge.objects.get()
    assert (challenge.rating, challenge.state, challenge.about_id) == (True, "open", text.about_id)
    for address in (where, "/challenges/"):
        shown = client.get(address).content.decode()
        assert WORDS in shown and "Waits for our answer" in shown and "larkmere.example" not in shown
    user, _password = add_user(by="test", email="e@fernshire.example", roles=["enquiries"])
    client.force_login(user)
    answer = f"/workspace/challenges/{challenge.pk}/"
    assert client.post(answer, {"state": "upheld", "words": ""}).status_code == 400
    assert client.post(answer, {"state": "upheld", "words": "You are right; we rate it again."}).status_code == 302
    client.logout()
    for address in (where, "/challenges/"):
        shown = client.get(address).content.decode()
        assert "You are right; we rate it again." in shown and "They were right" in shown
    guarding.delete(by=guarding.PUBLIC_ACTOR, text=text)
    shown = client.get(where).content.decode()
    assert WORDS not in shown and "a practice leader" not in shown and "You are right" in shown
    assert verify().differences == []
    _tells(settings, challenge)


def _tells(settings: Any, challenge: Challenge) -> None:
    """Whoever left an address is written to, and nobody after it was deleted."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with sinking() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        assert not challenging.tell(Challenge.objects.get())
        Text.objects.update(state="shown", content=WORDS, reply_to="leads@larkmere.example")
        assert challenging.tell(Challenge.objects.get())
        assert challenge.pk in sink.took()[0].get_content()


def test_an_answer_says_why_and_is_given_once() -> None:
    """In the verb, and in the database."""
    text = challenging.say(kind="challenge", words=WORDS, where="/standards/")
    guarding.show(by="usr:m", text=text)
    challenge = Challenge.objects.get()
    assert (challenge.about_id, challenge.where, challenge.rating) == (None, "/standards/", False)
    with pytest.raises(InputError, match="no answer"):
        challenging.answer(by="usr:e", challenge=challenge, state="maybe", words="Well.")
    with pytest.raises(InputError, match="reason"):
        challenging.answer(by="usr:e", challenge=challenge, state="declined", words=" ")
    with pytest.raises(DatabaseError), transaction.atomic():
        Challenge.objects.update(state="declined", answered_on=datetime.date(2026, 1, 5))
    challenging.answer(by="usr:e", challenge=challenge, state="declined", words="The rule counts it so.")
    with pytest.raises(ConflictError):
        challenging.answer(by="usr:e", challenge=challenge, state="upheld", words="Or not.")


def test_a_comment_is_no_task() -> None:
    """It shows, and waits for nobody's answer."""
    guarding.show(by="usr:m", text=challenging.say(kind="comment", words="Well said.", where="/standards/"))
    assert not Challenge.objects.exists()


@pytest.mark.parametrize(
    "where",
    [
        "/workspace/",
        "/mine/abc/",
        "//evil.example/",
        "https://evil.example/",
        "/nowhere/",
        "",
        "/evidence/" + "a" * 300,
    ],
)
def test_only_public_pages_are_challenged(where: str, client: Client) -> None:
    """A private address must not be kept with a comment, and nobody may be sent elsewhere."""
    with pytest.raises(InputError, match="no public page"):
        challenging.say(kind="comment", words=WORDS, where=where)
    asked = client.get("/challenge/", {"of": where})
    assert asked.headers["Location"] == "/challenges/" if where else "Which page do you mean?" in asked.content.decode()
    assert (
        client.post("/challenge/", {"of": where, "kind": "comment", "words": WORDS}).headers["Location"]
        == "/challenges/"
    )
    assert not Text.objects.exists()


def test_how_to_complain_is_one_click_from_every_page(client: Client) -> None:
    """Public pages, private ones, and the static site, where no form is."""
    for address in ("/", "/about/", "/ask/", "/challenges/", "/moderation/", "/account/login/", "/nowhere/"):
        assert 'href="/how-to-complain/"' in client.get(address).content.decode(), address
    copied = client.get("/", headers={"X-Static-Site": "1"}).content.decode()
    assert 'href="/how-to-complain/"' in copied and LINK not in copied
    asked = client.get("/ask/", headers={"X-Static-Site": "1"}).content.decode()
    assert "<form" not in asked
    page = client.get("/how-to-complain/").content.decode()
    for body in ("Ofsted", "Care Quality Commission", "Social Work England", "Information Commissioner", "Ombudsman"):
        assert body in page
    assert "unconfirmed" in page


def test_every_fact_of_complaining_has_its_source() -> None:
    """A fact about a real body without a source is an invention."""
    told = complaining()
    assert len(told["bodies"]) >= 6
    for one in (*told["bodies"], told["unregistered"]):
        assert one["source"] and one["source_url"].startswith("https://")
