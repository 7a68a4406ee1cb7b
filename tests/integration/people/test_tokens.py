"""Tokens of programs: made once, shown once, ended in every way in which their person's part here ends."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Event, Payload
from whatworks.ledger.models.events import NODE
from whatworks.people.actions import add_user, erase_subject, take_roles
from whatworks.people.models import Token, User
from whatworks.people.pack import TABLES
from whatworks.people.presenters import tokens_of
from whatworks.people.tokens import digest_of, is_for, make_token, note_use, revoke_token, token_of, why_not

pytestmark = pytest.mark.django_db
BY = "rule:test"
TABLE = next(one for one in TABLES if one.model is Token)


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    """A password takes half a second to keep safely, which is not what is tested here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def jo() -> User:
    return add_user(by=BY, email="jo@fernshire.example", roles=["screener"])[0]


def made(user: User, **told: Any) -> tuple[Token, str]:
    return make_token(by=user.pk, user=user, **({"name": "Script", "scopes": ["screen.say"]} | told))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_secret_is_kept_nowhere_and_opens_what_was_asked_for(jo: User) -> None:
    """Who reads the database or a backup must not be able to act for everybody."""
    token, secret = made(jo, name="  My   script ")
    assert re.fullmatch(r"ww_[\w-]{43}", secret) and token.name == "My script"
    assert token.digest == digest_of(secret) and token_of(secret) == token
    assert (why_not(token), is_for(token, "screen.say"), is_for(token, "screen.read")) == ("", True, False)
    assert token.expires_at - token.made_at == datetime.timedelta(days=90)
    assert secret not in json.dumps(list(Token.objects.values()) + list(Payload.objects.values()), default=str)


@pytest.mark.parametrize("secret", ["", "ww_", "x", "ww_" + "a" * 43, "ww_" + "é" * 43, "\0" * 46])
def test_what_is_no_secret_finds_nothing(jo: User, secret: str) -> None:
    """A token that came in a move has an empty digest, and nothing may find it."""
    made(jo)
    Token.objects.update(digest="")
    assert token_of(secret) is None


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"scopes": []}, "Say what the token is for"),
        ({"scopes": ["screen.lead"]}, "no scope “screen.lead”"),
        ({"name": " "}, "needs a name"),
        ({"name": "n" * 81}, "needs a name"),
        ({"review": "a b"}, "no review’s name"),
        ({"days": 0}, "1 to 366 days"),
        ({"days": 367}, "1 to 366 days"),
    ],
)
def test_what_cannot_be_made_is_said(jo: User, told: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        made(jo, **told)
    assert not Token.objects.exists()


def test_one_name_stands_for_one_live_token_and_there_are_not_too_many(jo: User) -> None:
    """Sending the form again, as a browser offers after a reload, must not make a second."""
    first, _ = made(jo)
    with pytest.raises(ConflictError, match="called “Script” already"):
        made(jo)
    revoke_token(by=jo.pk, token=first)
    made(jo)
    for number in range(19):
        made(jo, name=f"Script {number}")
    with pytest.raises(ConflictError, match="20 tokens already"):
        made(jo, name="One more")


def test_making_and_revoking_leave_events_that_stay_here_and_tell_no_secret(jo: User) -> None:
    token, secret = made(jo)
    for _ in range(2):
        revoke_token(by=jo.pk, token=token)
    events = Event.objects.filter(verb__in=("people.make-token", "people.revoke-token"))
    assert list(events.order_by("id").values_list("verb", "stream", "actor")) == [
        ("people.make-token", NODE, jo.pk),
        ("people.revoke-token", NODE, jo.pk),
    ]
    assert not Payload.objects.filter(body__contains=secret).exists()
    assert not Payload.objects.filter(body__contains=token.digest).exists()
    token.refresh_from_db()
    assert "was revoked" in why_not(token)


def test_it_ends_on_its_day(jo: User) -> None:
    token, _ = made(jo)
    Token.objects.update(made_at=timezone.now() - datetime.timedelta(days=91), expires_at=timezone.now())
    token.refresh_from_db()
    assert "ended on" in why_not(token)
    assert tokens_of(jo)[0]["live"] is False


def test_it_never_does_more_than_its_person(jo: User) -> None:
    token, secret = made(jo)
    take_roles(by=BY, who=jo.email, roles=["screener"])
    assert not is_for(token, "screen.say")
    jo.is_active = False
    jo.save()
    held = token_of(secret)
    assert held is not None and "no longer sign in" in why_not(held)
    with pytest.raises(ConflictError, match="no longer sign in"):
        made(jo, name="Another")


def test_who_is_erased_or_removed_has_no_token(jo: User) -> None:
    _, secret = made(jo, name="Script of Unlikelyname")
    erase_subject(by=BY, subject=jo.pk, reason="Asked for.")
    assert token_of(secret) is None and not Token.objects.exists()
    other, _ = add_user(by=BY, email="ann@fernshire.example", roles=[])
    made(other)
    other.delete()
    assert not Token.objects.exists()


def test_use_is_written_at_most_once_an_hour(jo: User, django_assert_num_queries: Any) -> None:
    """A write for each request would make every reader wait for SQLite's one lock."""
    token, _ = made(jo)
    note_use(token)
    token.refresh_from_db()
    first = token.used_at
    assert first is not None
    with django_assert_num_queries(0):
        note_use(token)
    token.used_at = first - datetime.timedelta(hours=1)
    token.save()
    note_use(token)
    token.refresh_from_db()
    assert token.used_at is not None and token.used_at >= first


def test_the_database_refuses_two_tokens_of_one_secret(jo: User) -> None:
    first, _ = made(jo)
    second, _ = made(jo, name="Second")
    with pytest.raises(IntegrityError), transaction.atomic():
        Token.objects.filter(pk=second.pk).update(digest=first.digest)
    assert Token.objects.update(digest="") == 2, "those that came in a move have none"


def test_packs_let_out_no_digest_but_in_a_backup_and_nothing_in_the_open(jo: User) -> None:
    token, _ = made(jo)
    made(jo, name="Second")
    assert TABLE.write("open") is None
    moved, kept = TABLE.write("move"), TABLE.write("backup")
    assert moved and kept and token.digest not in moved and token.digest in kept
    Token.objects.all().delete()
    TABLE.save(TABLE.read(moved, "people/tokens.csv"))
    assert TABLE.write("move") == moved
    assert {one["live"] for one in tokens_of(jo)} == {False} and "without its secret" in tokens_of(jo)[0]["stands"]


FORM = {"name": "Script", "scopes": ["screen.read", "screen.say"], "review": "leaving-care", "days": "30"}


def test_the_page_shows_the_secret_once(jo: User) -> None:
    client = signed_in(jo)
    response = client.post(reverse("tokens"), FORM)
    text = response.content.decode()
    found = re.search(r"ww_[\w-]{43}", text)
    assert found and token_of(found[0]) == Token.objects.get()
    assert "no-store" in response.headers["Cache-Control"]
    again = client.get(reverse("tokens")).content.decode()
    assert "Script" in again and "leaving-care" in again and not re.search(r"ww_[\w-]{43}", again)
    assert found[0] not in json.dumps(dict(client.session)), "a secret kept for the next page would be kept"
    assert "already" in client.post(reverse("tokens"), FORM).content.decode()
    assert Token.objects.count() == 1


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(jo: User) -> None:
    response = signed_in(jo).post(reverse("tokens"), FORM | {"scopes": [], "days": "1000"})
    text = response.content.decode()
    assert response.status_code == 400 and "Choose at least one." in text and "366" in text
    assert 'value="leaving-care"' in text and not Token.objects.exists()


def test_nobody_sees_or_revokes_the_tokens_of_another(jo: User) -> None:
    token, _ = made(jo, name="Private script")
    other, _ = add_user(by=BY, email="ann@fernshire.example", roles=["screener"])
    client = signed_in(other)
    assert "Private script" not in client.get(reverse("tokens")).content.decode()
    assert client.post(reverse("revoke_token", args=[token.pk])).status_code == 404
    assert signed_in(jo).get(reverse("revoke_token", args=[token.pk])).status_code == 405
    assert Token.objects.live().count() == 1
    assert signed_in(jo).post(reverse("revoke_token", args=[token.pk])).status_code == 302
    assert Token.objects.live().count() == 0


def test_what_somebody_calls_a_token_is_text(jo: User) -> None:
    made(jo, name="<script>alert(1)</script>")
    assert "<script" not in signed_in(jo).get(reverse("tokens")).content.decode()
