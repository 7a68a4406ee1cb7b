"""A backup is one encrypted file: without its passphrase it opens for nobody, and what is damaged is loaded by nobody."""

from __future__ import annotations

import getpass
import io
import itertools
import sys
from pathlib import Path

import pytest

from tests.integration.archive.centres import BY, EMAIL, PASSPHRASE, add_people, empty_the_database, files
from whatworks.archive import backup
from whatworks.archive.backup import FORM, NAME, NONCE, SALT, decrypt, encrypt
from whatworks.archive.exporting import export_pack, pack_files
from whatworks.archive.loading import load_pack
from whatworks.archive.verifying import verify_centre
from whatworks.cli.centre import passphrase
from whatworks.errors import InputError
from whatworks.ledger.models import Event
from whatworks.people.models import User

pytestmark = pytest.mark.django_db

SMALL = [("pack.toml", 'name = "small"\n'), ("people/users.csv", "id,email\nusr-12345678,é@example.org\n")]


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return encrypt(SMALL, PASSPHRASE)


def test_what_goes_in_comes_out(sealed: bytes) -> None:
    assert decrypt(sealed, PASSPHRASE) == dict(SMALL)


def test_nothing_of_it_can_be_read_in_the_file(sealed: bytes) -> None:
    assert not any(text.encode()[:12] in sealed or path.encode() in sealed for path, text in SMALL)


def test_two_backups_of_the_same_share_neither_key_nor_nonce(sealed: bytes) -> None:
    """A nonce used twice under one key would give both texts away."""
    start = len(FORM)
    assert encrypt(SMALL, PASSPHRASE)[start : start + SALT + NONCE] != sealed[start : start + SALT + NONCE]


@pytest.mark.parametrize("wrong", ["another passphrase", PASSPHRASE.upper(), PASSPHRASE + " "])
def test_another_passphrase_does_not_open_it(sealed: bytes, wrong: str) -> None:
    with pytest.raises(InputError, match=r"^my\.enc does not open: the passphrase is another, or the file is damaged"):
        decrypt(sealed, wrong, name="my.enc")


@pytest.mark.parametrize("at", [len(FORM), len(FORM) + SALT, len(FORM) + SALT + NONCE, -1])
def test_one_changed_bit_anywhere_is_seen(sealed: bytes, at: int) -> None:
    changed = bytearray(sealed)
    changed[at] ^= 1
    with pytest.raises(InputError, match="does not open"):
        decrypt(bytes(changed), PASSPHRASE)


@pytest.mark.parametrize("length", [len(FORM), len(FORM) + 5, len(FORM) + SALT + NONCE, -1])
def test_a_cut_file_is_seen(sealed: bytes, length: int) -> None:
    with pytest.raises(InputError, match="does not open"):
        decrypt(sealed[:length], PASSPHRASE)


def test_letters_written_in_two_ways_are_one_passphrase() -> None:
    """One keyboard writes é as one character, another as two."""
    composed, apart = "caf\N{LATIN SMALL LETTER E WITH ACUTE} at seven", "cafe\N{COMBINING ACUTE ACCENT} at seven"
    assert composed != apart
    assert decrypt(encrypt(SMALL, composed), apart) == dict(SMALL)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(InputError, match="has 6 characters; a backup needs 12"):
        encrypt(SMALL, "secret")


def test_more_than_fits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = encrypt(SMALL, PASSPHRASE)
    monkeypatch.setattr(backup, "LARGEST", 20)
    with pytest.raises(InputError, match="more than 1 GB of text"):
        encrypt(SMALL, PASSPHRASE)
    with pytest.raises(InputError, match="more than 1 GB of text"):
        decrypt(sealed, PASSPHRASE)


def test_the_same_files_are_packed_into_the_same_bytes() -> None:
    """Times and owners of this machine stay out, so two backups can be compared."""
    assert backup._pack(SMALL) == backup._pack(SMALL)


def test_without_a_passphrase_nothing_is_written(tmp_path: Path) -> None:
    """The profile holds passwords: a plain one must not exist."""
    with pytest.raises(InputError, match="needs a passphrase"):
        export_pack(folder=tmp_path / "out", profile="backup")
    assert not (tmp_path / "out").exists()


def test_it_is_one_file_that_its_owner_alone_can_read(roads: None, tmp_path: Path) -> None:
    add_people()
    assert export_pack(folder=tmp_path / "out", profile="backup", passphrase=PASSPHRASE) == 1
    (found,) = (tmp_path / "out").iterdir()
    assert (found.name, found.stat().st_mode & 0o777) == (NAME, 0o600)
    assert EMAIL.encode() not in found.read_bytes()
    assert files(tmp_path / "out") == {path: text.encode() for path, text in pack_files("backup")}


@pytest.mark.parametrize("name", ["", NAME])
def test_it_restores_from_the_file_or_its_folder_byte_for_byte(roads: None, tmp_path: Path, name: str) -> None:
    robin, password = add_people()
    export_pack(folder=tmp_path / "first", profile="backup", passphrase=PASSPHRASE)
    empty_the_database()
    assert not User.objects.exists()
    load_pack(folder=tmp_path / "first" / name, by=BY, passphrase=PASSPHRASE)
    export_pack(folder=tmp_path / "second", profile="backup", passphrase="another long one")
    again = decrypt((tmp_path / "second" / NAME).read_bytes(), "another long one")
    assert {path: text.encode() for path, text in again.items()} == files(tmp_path / "first")
    assert User.objects.get(pk=robin.pk).check_password(password)
    verdict = verify_centre()
    assert verdict["ok"], verdict["differences"]


def test_loading_it_twice_changes_nothing(roads: None, tmp_path: Path) -> None:
    add_people()
    export_pack(folder=tmp_path / "out", profile="backup", passphrase=PASSPHRASE)
    before = Event.objects.count()
    assert not any(load_pack(folder=tmp_path / "out", by=BY, passphrase=PASSPHRASE).values())
    assert Event.objects.count() == before


@pytest.mark.parametrize("wrong", ["", "another passphrase"])
def test_a_wrong_passphrase_loads_nothing(tmp_path: Path, sealed: bytes, wrong: str) -> None:
    (tmp_path / NAME).write_bytes(sealed)
    with pytest.raises(InputError, match="passphrase"):
        load_pack(folder=tmp_path / NAME, by=BY, passphrase=wrong)
    assert not Event.objects.exists()


def test_a_file_that_is_no_backup_says_so(tmp_path: Path, sealed: bytes) -> None:
    (tmp_path / "letter").write_bytes(sealed[1:])
    with pytest.raises(InputError, match="neither the folder of a pack nor a backup"):
        load_pack(folder=tmp_path / "letter", by=BY, passphrase=PASSPHRASE)


def test_plain_and_encrypted_do_not_replace_each_other(tmp_path: Path) -> None:
    """An open export into the folder of the backups would take the only copy away."""
    secret = {"profile": "backup", "passphrase": PASSPHRASE}
    for first, second in itertools.permutations([{"profile": "open"}, secret]):
        folder = tmp_path / first["profile"]
        export_pack(folder=folder, **first)
        before = files(folder)
        with pytest.raises(InputError, match="is not empty and holds no"):
            export_pack(folder=folder, **second)
        assert files(folder) == before


class Terminal(io.StringIO):
    """Somebody sits there."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What somebody at a terminal types, unseen, one answer a question."""
    answers: list[str] = []
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda prompt: answers.pop(0))
    monkeypatch.delenv("WHATWORKS_BACKUP_KEY", raising=False)
    return answers


def test_a_terminal_is_asked_twice_for_a_new_passphrase_and_once_for_an_old_one(typed: list[str]) -> None:
    """A slip of the finger, unseen, would lock a backup for ever."""
    typed += [PASSPHRASE, PASSPHRASE, PASSPHRASE]
    assert passphrase(new=True) == PASSPHRASE
    assert passphrase(new=False) == PASSPHRASE
    assert typed == []
    typed += [PASSPHRASE, PASSPHRASE + "e"]
    with pytest.raises(InputError, match="not the same; nothing was written"):
        passphrase(new=True)


def test_the_environment_is_asked_before_anybody(typed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHATWORKS_BACKUP_KEY", PASSPHRASE)
    assert passphrase(new=True) == PASSPHRASE
