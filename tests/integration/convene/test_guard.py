"""Texts of the public: read before they show, put apart in doubt, logged without their words, and deleted for good."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory

from whatworks.convene import guarding
from whatworks.convene.guarding_forms import A_MINUTE, FloodError, GuardedForm, refuse_flood
from whatworks.convene.guarding_policy import policy
from whatworks.convene.models import Moderated, Quarantined, Text
from whatworks.errors import ConflictError, InputError
from whatworks.ledger.models import Event, Payload
from whatworks.ledger.verification import verify
from whatworks.people.actions import add_user

pytestmark = pytest.mark.django_db

PLAIN = "The page does not say how old the children were."
TELLING = "My son Jack goes to Oakfield Primary School."


def everything_kept() -> str:
    """Every cell of every table of the database, as one text: what somebody who owns it could read."""
    cells = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            cells += [str(cell) for row in cursor.fetchall() for cell in row]
    return "\n".join(cells)


def test_a_text_waits_until_a_moderator_lets_it_show() -> None:
    """Before that its words are nobody's to read on a page."""
    text = guarding.take(kind="comment", content=PLAIN)
    assert (text.state, guarding.words_of(text)) == ("waiting", "")
    shown = guarding.show(by="usr:m", text=text)
    assert (shown.state, guarding.words_of(shown)) == ("shown", PLAIN)
    with pytest.raises(ConflictError, match="shown"):
        guarding.show(by="usr:n", text=text)


def test_a_text_that_may_say_who_somebody_is_lies_apart() -> None:
    """In a table of its own: the row that moderators list has no word of it, nor of who spoke."""
    text = guarding.take(kind="comment", content=TELLING, speaks_as="mother of Tyler Jones")
    text.refresh_from_db()
    assert (text.state, text.content, text.speaks_as) == ("quarantined", "", "")
    assert text.found == ["name", "school"]
    apart = Quarantined.objects.get(text=text)
    assert [TELLING[start:end] for start, end, _ in apart.spans] == ["My son Jack", "goes to Oakfield Primary School"]
    with pytest.raises(ConflictError):
        guarding.show(by="usr:m", text=text)
    back = guarding.release(by="usr:q", text=text)
    assert (back.state, back.content, back.speaks_as) == ("waiting", TELLING, "mother of Tyler Jones")
    assert not Quarantined.objects.exists()


def test_who_only_spoke_by_name_lies_apart_too() -> None:
    """The words say nothing, who spoke does."""
    assert guarding.take(kind="comment", content=PLAIN, speaks_as="Sarah Thompson").state == "quarantined"


@pytest.mark.parametrize("content", [PLAIN, TELLING])
def test_deleted_means_gone_from_the_whole_database(content: str) -> None:
    """Not from a view of it: no table, payload or log has a word left. That there was one, and the day, stay."""
    text = guarding.take(
        kind="comment", content=content, speaks_as="a carer in Mereton", reply_to="someone@fernshire.example"
    )
    if text.state == Text.WAITING:
        guarding.show(by="usr:m", text=text)
    counted = Moderated.objects.count()
    guarding.delete(by=guarding.PUBLIC_ACTOR, text=text)
    guarding.delete(by=guarding.PUBLIC_ACTOR, text=text)
    text.refresh_from_db()
    assert (text.state, text.content, text.reply_to) == ("deleted", "", "")
    kept = everything_kept()
    for words in (content, "a carer in Mereton", "someone@fernshire.example", "Oakfield", "how old the children"):
        assert words not in kept
    assert Text.objects.count() == 1
    assert Moderated.objects.count() == counted + 1
    assert Event.objects.filter(verb="convene.text-deleted").count() == 1
    assert verify().differences == []


def test_no_event_ever_holds_words() -> None:
    """Payloads can be erased, but nobody would think of it: so they hold none."""
    guarding.refuse(by="usr:m", text=guarding.take(kind="comment", content=PLAIN), reason="elsewhere")
    guarding.take(kind="comment", content=TELLING)
    bodies = " ".join(Payload.objects.values_list("body", flat=True))
    assert bodies and not {word for word in PLAIN.split() if len(word) > 6 and word in bodies}
    assert "Jack" not in bodies


def test_a_refusal_says_why_by_the_policy() -> None:
    """A reason of the policy, and no other; the database holds to it as well."""
    text = guarding.take(kind="comment", content=PLAIN)
    with pytest.raises(InputError, match="no reason of the policy"):
        guarding.refuse(by="usr:m", text=text, reason="dislike")
    assert guarding.refuse(by="usr:m", text=text, reason="elsewhere").state == "refused"
    assert guarding.words_of(text) == ""
    with pytest.raises(DatabaseError), transaction.atomic():
        Text.objects.filter(pk=text.pk).update(reason="")
    with pytest.raises(DatabaseError), transaction.atomic():
        Text.objects.filter(pk=text.pk).update(state="deleted")


def test_a_kind_that_is_only_read_never_shows() -> None:
    """An enquiry is for those who work here."""
    text = guarding.take(kind="enquiry", content=PLAIN)
    assert (text.state, guarding.words_of(text)) == ("kept", PLAIN)
    for state in ("kept", "waiting"):
        Text.objects.filter(pk=text.pk).update(state=state)
        with pytest.raises(InputError):
            guarding.show(by="usr:m", text=text)


@pytest.mark.parametrize(
    ("kind", "content", "wrong"),
    [("poem", PLAIN, "no kind of text"), ("comment", " \n", "nothing in the box"), ("comment", "a" * 5_001, "5001")],
)
def test_what_cannot_be_taken_is_refused(kind: str, content: str, wrong: str) -> None:
    with pytest.raises(InputError, match=wrong):
        guarding.take(kind=kind, content=content)
    assert not Text.objects.exists()


def test_the_log_is_public_without_words(client: Client) -> None:
    """Anybody can count what was decided and why; nobody can read what was said or find who said it."""
    guarding.refuse(by="usr:m", text=guarding.take(kind="comment", content=PLAIN), reason="case")
    guarding.take(kind="challenge", content=TELLING)
    rows = list(csv.DictReader(io.StringIO(client.get("/moderation/log.csv").content.decode())))
    assert {(row["kind"], row["decision"], row["reason"]) for row in rows} == {
        ("comment", "refused", "case"), ("challenge", "quarantined", ""),
    }  # fmt: skip
    assert set(rows[0]) == {"on", "kind", "decision", "reason", "policy"}
    page = client.get("/moderation/")
    assert page.status_code == 200 and not page.cookies
    assert "It is about one case" in page.content.decode()
    for words in ("Jack", "how old", "txt-", "usr:"):
        assert words not in page.content.decode() + json.dumps(rows)


def test_only_those_named_read_the_quarantine(client: Client) -> None:
    """Neither an administrator nor a moderator, by that alone."""
    text = guarding.take(kind="comment", content=TELLING)
    for role, seen in (("administrator", False), ("moderator", False), ("quarantine", True)):
        user, _password = add_user(by="test", email=f"{role}@fernshire.example", roles=[role])
        client.force_login(user)
        page = client.get("/workspace/moderation/apart/")
        assert (page.status_code == 200) == seen, role
        assert ("My son Jack" in page.content.decode()) == seen, role
        if role == "moderator":
            for address in ("/workspace/moderation/", f"/workspace/moderation/{text.pk}/"):
                assert "Jack" not in client.get(address).content.decode()


def test_a_moderator_decides_in_the_workspace(client: Client) -> None:
    user, _password = add_user(by="test", email="m@fernshire.example", roles=["moderator"])
    client.force_login(user)
    first, second, third = (guarding.take(kind="comment", content=f"{PLAIN} {n}") for n in "abc")
    assert client.post(f"/workspace/moderation/{first.pk}/", {"decision": "show"}).status_code == 302
    assert client.post(f"/workspace/moderation/{second.pk}/", {"decision": "refuse", "reason": ""}).status_code == 400
    assert (
        client.post(f"/workspace/moderation/{second.pk}/", {"decision": "refuse", "reason": "twice"}).status_code == 302
    )
    assert client.post(f"/workspace/moderation/{third.pk}/", {"decision": "apart"}).status_code == 302
    states = [Text.objects.get(pk=one.pk).state for one in (first, second, third)]
    assert states == ["shown", "refused", "quarantined"]


def test_a_person_leaves_the_trap_empty() -> None:
    """A machine fills in every field that it finds."""
    assert not GuardedForm({"website": ""}).trapped
    assert GuardedForm({"website": "https://buy.example"}).trapped


def test_one_address_sends_so_many_a_minute(settings: Any, tmp_path: Path) -> None:
    """And another address is not held up by it. No cookie is asked for or given."""
    settings.HOME = tmp_path
    one, other = (RequestFactory().post("/ask/", REMOTE_ADDR=address) for address in ("192.0.2.7", "192.0.2.8"))
    sent = 0
    with pytest.raises(FloodError, match="Wait a minute"):
        for _ in range(2 * A_MINUTE + 1):  # a minute may end between two of them
            refuse_flood(one)
            sent += 1
    assert sent >= A_MINUTE
    refuse_flood(other)


def test_a_centre_has_reasons_of_its_own(settings: Any, tmp_path: Path) -> None:
    """They are data: a file in its folder, and a wrong file is named."""
    assert "advertising" in policy().reasons
    settings.HOME = tmp_path
    own = tmp_path / "moderation.toml"
    own.write_text(
        'version = "7"\nsince = 2026-01-01\n[kinds]\ncomment = { title = "Comment", shown = true }\n'
        '[reasons.shouting]\ntitle = "It shouted"\nplain = "All of it in capitals."\n',
        "utf-8",
    )
    text = guarding.take(kind="comment", content=PLAIN)
    guarding.refuse(by="usr:m", text=text, reason="shouting")
    assert Moderated.objects.get().policy == "7"
    wrong = tmp_path / "elsewhere"
    wrong.mkdir()
    settings.HOME = wrong
    (wrong / "moderation.toml").write_text("version = ", "utf-8")
    with pytest.raises(InputError, match=r"moderation\.toml cannot be read"):
        policy()
