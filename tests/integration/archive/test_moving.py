"""A centre that moves takes its people along, all but their passwords, and a pack that does not fit is refused whole."""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.archive.centres import BY, EMAIL, NAME_OF_ROBIN, add_people, empty_the_database, files
from whatworks.archive.exporting import export_pack
from whatworks.archive.loading import load_pack
from whatworks.archive.verifying import verify_centre
from whatworks.errors import InputError
from whatworks.ledger.actions import record
from whatworks.ledger.models import Event, Subject
from whatworks.people.actions import add_user, erase_subject
from whatworks.people.models import User

pytestmark = pytest.mark.django_db


def header(folder: Path, name: str) -> list[str]:
    return next(csv.reader((folder / name).read_text().splitlines()))


def test_a_move_goes_round_byte_for_byte_with_people_roles_and_interests(roads: None, tmp_path: Path) -> None:
    add_people()
    export_pack(folder=tmp_path / "first", profile="move")
    empty_the_database()
    load_pack(folder=tmp_path / "first", by=BY)
    export_pack(folder=tmp_path / "second", profile="move")
    assert {"people/users.csv", "people/assignments.csv", "people/interests.csv"} <= set(files(tmp_path / "first"))
    assert files(tmp_path / "first") == files(tmp_path / "second")
    verdict = verify_centre()
    assert verdict["ok"], verdict["differences"]


def test_the_day_somebody_joined_is_not_the_day_of_the_load(roads: None, tmp_path: Path) -> None:
    robin, _ = add_people()
    export_pack(folder=tmp_path / "out", profile="move")
    empty_the_database()
    load_pack(folder=tmp_path / "out", by=BY)
    assert User.objects.get(pk=robin.pk).joined_at == datetime.datetime(2019, 5, 4, 3, 2, 1, tzinfo=datetime.UTC)


def test_somebody_who_is_added_joins_now() -> None:
    before = datetime.datetime.now(datetime.UTC)
    user, _ = add_user(by=BY, email="new@fernshire.example", roles=["coder"])
    assert before <= user.joined_at <= datetime.datetime.now(datetime.UTC)


def test_whoever_came_by_a_pack_is_a_subject_and_can_be_erased(roads: None, tmp_path: Path) -> None:
    robin, _ = add_people()
    export_pack(folder=tmp_path / "out", profile="move")
    empty_the_database()
    load_pack(folder=tmp_path / "out", by=BY)
    subject = Subject.objects.get(pk=robin.pk)
    assert (subject.kind, subject.title) == ("user", "A user")
    erase_subject(by=BY, subject=robin.pk, reason="Asked for by the person.")
    assert not User.objects.filter(email=EMAIL).exists()


def test_whoever_was_erased_before_the_move_stays_erased_after_it(roads: None, tmp_path: Path) -> None:
    robin, _ = add_people()
    erase_subject(by=BY, subject=robin.pk, reason="Asked for by the person.")
    export_pack(folder=tmp_path / "out", profile="move")
    empty_the_database()
    load_pack(folder=tmp_path / "out", by=BY)
    assert Subject.objects.get(pk=robin.pk).title == "(erased)"
    assert not User.objects.get(pk=robin.pk).is_active


def test_passwords_do_not_move(roads: None, tmp_path: Path) -> None:
    """Who reads a pack on its way must not be able to guess at them; who arrives in it cannot sign in without a new one."""
    robin, password = add_people()
    export_pack(folder=tmp_path / "out", profile="move")
    assert "password" not in header(tmp_path / "out", "people/users.csv")
    assert not any(robin.password.encode() in body for body in files(tmp_path / "out").values())
    empty_the_database()
    load_pack(folder=tmp_path / "out", by=BY)
    moved = User.objects.get(pk=robin.pk)
    assert not moved.has_usable_password()
    assert not moved.check_password(password) and not moved.check_password("")


def test_an_open_pack_holds_nobody(roads: None, tmp_path: Path) -> None:
    robin, _ = add_people()
    export_pack(folder=tmp_path / "out")
    everything = b"".join(files(tmp_path / "out").values())
    assert not any(word.encode() in everything for word in (EMAIL, NAME_OF_ROBIN, robin.pk))


def test_one_address_under_two_identifiers_is_refused(roads: None, tmp_path: Path) -> None:
    """Two centres that each made an administrator: who of the two would sign in?"""
    add_people()
    export_pack(folder=tmp_path / "out", profile="move")
    empty_the_database()
    add_user(by=BY, email=EMAIL.upper(), roles=["coder"])
    with pytest.raises(InputError, match=r"people/users\.csv: robin@fernshire\.example is here already, as usr-"):
        load_pack(folder=tmp_path / "out", by=BY)
    assert not Subject.objects.filter(kind="study").exists()


def test_text_with_line_ends_of_every_kind_moves_along(roads: None, tmp_path: Path) -> None:
    """Unicode has line separators of its own, and an event is a line."""
    said = "one\N{LINE SEPARATOR}two\N{NEXT LINE}three\rfour\x0cfive"
    record(verb="test.say", by=BY, payload={"said": said}, audience="public")
    export_pack(folder=tmp_path / "first", profile="move")
    empty_the_database()
    load_pack(folder=tmp_path / "first", by=BY)
    assert json.loads(Event.objects.get(verb="test.say").payload.body)["said"] == said
    export_pack(folder=tmp_path / "second", profile="move")
    assert files(tmp_path / "first") == files(tmp_path / "second")


def drop_column(name: str) -> Callable[[str], str]:
    def changed(text: str) -> str:
        rows = list(csv.reader(text.splitlines()))
        at = rows[0].index(name)
        return "".join(",".join(cell for n, cell in enumerate(row) if n != at) + "\n" for row in rows)

    return changed


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("ledger/events.jsonl", lambda text: text + "{}\n", r"events\.jsonl, line \d+: this is no event"),
        ("ledger/events.jsonl", lambda text: text + "[1]\n", r"events\.jsonl, line \d+: this is no event"),
        ("ledger/events.jsonl", lambda text: text + "nonsense\n", r"events\.jsonl, line \d+: this is no event"),
        ("ledger/events.jsonl", lambda text: text.replace("+00:00", "", 1), "line 1: this is no event"),
        ("ledger/events.jsonl", lambda text: text + text.splitlines()[0] + "\n", "a row does not fit"),
        ("people/interests.csv", drop_column("declared_on"), r"people/interests\.csv: a row does not fit"),
        ("people/interests.csv", lambda text: text.replace("usr-", "usr-0"), "does not hold together"),
        ("people/users.csv", lambda text: text + "\0", "zero byte"),
    ],
)
def test_a_pack_that_does_not_fit_is_refused_in_one_sentence(roads: None, tmp_path, name, change, said) -> None:
    add_people()
    export_pack(folder=tmp_path / "out", profile="move")
    empty_the_database()
    path = tmp_path / "out" / name
    path.write_text(change(path.read_text()))
    with pytest.raises(InputError, match=said) as told:
        load_pack(folder=tmp_path / "out", by=BY)
    assert "\n" not in str(told.value)
    assert not Event.objects.exists() and not User.objects.exists()


def test_an_export_leaves_hidden_files_where_they_are(roads: None, tmp_path: Path) -> None:
    """A pack under version control lies beside its history."""
    export_pack(folder=tmp_path / "out")
    (tmp_path / "out" / ".git").mkdir()
    (tmp_path / "out" / ".git" / "HEAD").write_text("ref: main")
    (tmp_path / "out" / "people" / ".DS_Store").write_bytes(b"\xff")
    assert not any(load_pack(folder=tmp_path / "out", by=BY).values())
    export_pack(folder=tmp_path / "out")
    assert (tmp_path / "out" / ".git" / "HEAD").read_text() == "ref: main"


def test_an_export_that_fails_leaves_the_old_pack(roads: None, tmp_path: Path, monkeypatch) -> None:
    export_pack(folder=tmp_path / "out")
    before = files(tmp_path / "out")

    def broken(profile: str):
        yield "pack.toml", "name = 'new'"
        raise OSError("No space left on device")

    monkeypatch.setattr("whatworks.archive.exporting.pack_files", broken)
    for folder in (tmp_path / "out", tmp_path / "fresh"):
        with pytest.raises(OSError, match="No space"):
            export_pack(folder=folder)
    assert files(tmp_path / "out") == before
    assert not (tmp_path / "fresh").exists()
