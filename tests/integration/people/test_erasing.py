"""Somebody is forgotten: their name and address are nowhere, and what is left still holds together and says so."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.integration.archive.centres import BY, EMAIL, NAME_OF_ROBIN, add_people, files
from tests.integration.journey.centres import ROADS
from whatworks.archive.exporting import export_pack
from whatworks.archive.verifying import verify_centre
from whatworks.errors import InputError
from whatworks.ledger.models import Event, Subject
from whatworks.people.actions import erase_subject
from whatworks.people.models import User

pytestmark = pytest.mark.django_db
PERSONAL = (EMAIL, EMAIL.partition("@")[0], "Unlikelyname")


def every_text() -> str:
    """Everything in every column of every table, as text; sessions as what they decode to."""
    lines = []
    with connection.cursor() as cursor:
        # The index of words cannot be read row by row; the tables in which it lies can, and are among these.
        for table in set(connection.introspection.table_names(cursor)) - {"collate_search"}:
            cursor.execute(f'SELECT * FROM "{table}"')
            lines += [f"{table}: {row}" for row in cursor.fetchall()]
    return "\n".join(lines + [json.dumps(session.get_decoded()) for session in Session.objects.all()]).lower()


def held(words: tuple[str, ...], text: str) -> list[str]:
    return [word for word in words if word.lower() in text]


def signed_in(password: str) -> Client:
    """Somebody who signed in by the form, so that the sign-in library has noted what it notes."""
    client = Client()
    client.post(reverse("account_login"), {"login": EMAIL, "password": password})
    assert client.session["_auth_user_id"]
    return client


def test_name_and_address_are_in_no_column_of_any_table(roads: None) -> None:
    robin, password = add_people()
    signed_in(password)
    robin.emailaddress_set.create(email=EMAIL, primary=True)
    assert held(PERSONAL, every_text()) == list(PERSONAL)
    erase_subject(by=BY, subject=robin.pk, reason="Asked for by the person.")
    assert held(PERSONAL, every_text()) == []


def test_others_stay_as_they_are(roads: None) -> None:
    robin, _ = add_people()
    signed = Client()
    signed.force_login(User.objects.get(email="sam@fernshire.example"))
    erase_subject(by=BY, subject=robin.pk, reason="Asked for by the person.")
    assert User.objects.get(email="sam@fernshire.example").roles() == ["rater"]
    assert Session.objects.count() == 1


def test_whoever_was_erased_is_signed_out_and_stays_out(roads: None) -> None:
    robin, password = add_people()
    client = signed_in(password)
    assert client.get(reverse("workspace")).status_code == 200
    erase_subject(by=BY, subject=robin.pk, reason="Asked for by the person.")
    assert client.get(reverse("workspace")).status_code == 302
    again = Client()
    again.post(reverse("account_login"), {"login": f"{robin.pk}@erased.invalid", "password": password})
    assert "_auth_user_id" not in again.session


def test_verification_stays_clean_and_says_what_was_erased(roads: None) -> None:
    robin, _ = add_people()
    added = Event.objects.get(verb="people.add", subjects=[robin.pk])
    event = erase_subject(by=BY, subject=robin.pk, reason="Asked for by the person.")
    verdict = verify_centre()
    assert verdict["ok"], verdict["differences"]
    said = {"event": added.uid, "on": event.at.date().isoformat(), "by": event.uid}
    assert said in verdict["erased"]
    assert Subject.objects.get(pk=robin.pk).title == "(erased)"


@pytest.mark.parametrize("profile", ["open", "move"])
def test_no_pack_holds_them_any_more(roads: None, tmp_path: Path, profile: str) -> None:
    robin, _ = add_people()
    erase_subject(by=BY, subject=robin.pk, reason="Asked for by the person.")
    export_pack(folder=tmp_path / "out", profile=profile)
    everything = b"\n".join(files(tmp_path / "out").values()).decode().lower()
    assert held(PERSONAL, everything) == []


def test_a_user_without_a_subject_is_erased_all_the_same(roads: None) -> None:
    """Older versions loaded users without making them subjects."""
    robin = User.objects.create_user(EMAIL, name=NAME_OF_ROBIN)
    erase_subject(by=BY, subject=robin.pk, reason="Asked for by the person.")
    assert held(PERSONAL, every_text()) == []
    assert verify_centre()["ok"]


@pytest.mark.parametrize(("subject", "said"), [(EMAIL, "identifier"), ("usr-00000000", "no subject")])
def test_what_is_no_identifier_of_a_subject_is_refused(subject: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        erase_subject(by=BY, subject=subject, reason="Asked for by the person.")


def whatworks(*arguments: str | Path, home: Path) -> str:
    """What the program prints, run as people run it, in a centre of its own."""
    environment = dict(os.environ) | {"WHATWORKS_HOME": str(home), "DATABASE_URL": ""}
    ran = subprocess.run(
        [sys.executable, "-m", "whatworks", *map(str, arguments)], env=environment, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def leave_old_bytes(path: Path, word: str) -> None:
    """Rows that came and went, in a file whose SQLite does not clean up by itself, as many builds do not."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute("CREATE TABLE gone AS SELECT ? AS name", [word * 3000])
        database.commit()
        database.execute("DROP TABLE gone")
        database.commit()
    assert path.read_bytes().count(word.encode()) > 1000


@pytest.mark.sqlite
def test_not_one_byte_of_it_is_left_in_the_files_of_the_centre(tmp_path: Path) -> None:
    """A row that is changed leaves its old bytes in the file until something else is written over them."""
    home = tmp_path / "centre"
    whatworks("load", ROADS, home=home)
    whatworks("add-person", EMAIL, "--role", "coder", home=home)
    whatworks("give-role", EMAIL, "--role", "editor", home=home)
    assert "has the roles editor." in whatworks("take-role", EMAIL, "--role", "coder", home=home)
    word = EMAIL.partition("@")[0].encode()
    leave_old_bytes(home / "centre.sqlite3", word.decode())
    assert any(word in path.read_bytes() for path in home.iterdir())
    (robin,) = json.loads(whatworks("people", "--json", home=home))["people"]
    assert "Erased usr-" in whatworks("erase", robin["identifier"], "--reason", "Asked for.", home=home)
    assert not any(word in path.read_bytes() for path in home.iterdir())
    verdict = whatworks("verify", home=home)
    assert "Erased on" in verdict and verdict.endswith("Same as stored.\n")
