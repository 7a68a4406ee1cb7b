"""Releases: their rows move with the centre, their files stay in a folder; what is missing is not what was changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.integration.archive.centres import BY, empty_the_database, files
from whatworks.archive.exporting import export_pack
from whatworks.archive.loading import load_pack
from whatworks.archive.models import Release
from whatworks.archive.releasing import make_release, manifest_of, store, write_site
from whatworks.archive.verifying import verify_centre
from whatworks.errors import InputError
from whatworks.ledger import triggers
from whatworks.ledger.actions import record
from whatworks.people.actions import add_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def released(roads: None) -> Release:
    return make_release(by=BY)


@pytest.fixture
def moved(released: Release, home: Path, tmp_path: Path, settings) -> Release:
    """The centre in another place, its row of the release there and its files not."""
    export_pack(folder=tmp_path / "move", profile="move")
    empty_the_database()
    settings.HOME = tmp_path / "elsewhere"
    load_pack(folder=tmp_path / "move", by=BY)
    return Release.objects.get()


def blob(release: Release, name: str) -> Path:
    """Where a file of a release is stored."""
    digest = manifest_of(release)["files"][name]
    return store() / digest[:2] / digest


def test_their_rows_are_in_a_move_and_not_in_an_open_pack(released: Release, tmp_path: Path) -> None:
    export_pack(folder=tmp_path / "move", profile="move")
    export_pack(folder=tmp_path / "open")
    assert released.pk.encode() in files(tmp_path / "move")["archive/releases.csv"]
    assert "archive/releases.csv" not in files(tmp_path / "open")


def test_a_release_holds_an_open_pack_that_loads(released: Release, tmp_path: Path) -> None:
    """The data of a release must not vouch for a release that its readers do not have."""
    for name in manifest_of(released)["files"]:
        if name.startswith("data/"):
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(blob(released, name), target)
    empty_the_database()
    load_pack(folder=tmp_path / "data", by=BY)
    assert verify_centre()["ok"]


def test_files_that_did_not_come_along_are_a_note_and_no_difference(moved: Release) -> None:
    verdict = verify_centre()
    assert verdict["ok"], verdict["differences"]
    assert verdict["checked"]["releases"] == 1
    (note,) = [note for note in verdict["notes"] if "elease" in note]
    assert "Release 1" in note and "not here" in note and str(store()) in note


def test_with_its_files_copied_a_moved_centre_publishes_and_goes_on_counting(
    released: Release, home: Path, tmp_path: Path, settings
) -> None:
    write_site(tmp_path / "before")
    export_pack(folder=tmp_path / "move", profile="move")
    empty_the_database()
    settings.HOME = tmp_path / "elsewhere"
    load_pack(folder=tmp_path / "move", by=BY)
    shutil.copytree(home / "releases", store())
    verdict = verify_centre()
    assert verdict["ok"] and not verdict["notes"]
    assert make_release(by=BY).number == 2
    assert write_site(tmp_path / "after", number=1) == len(files(tmp_path / "before"))
    assert files(tmp_path / "after") == files(tmp_path / "before")


def test_publishing_without_the_files_says_where_they_belong(moved: Release, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"files of release 1 are not in .*/elsewhere/releases; copy"):
        write_site(tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_release_that_never_was_is_not_published(released: Release, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no release 7; the newest is 1"):
        write_site(tmp_path / "site", number=7)


@pytest.mark.parametrize("change", [lambda path: path.write_bytes(b"another"), lambda path: path.unlink()])
def test_a_file_that_was_changed_or_is_missing_is_a_difference_and_is_not_published(
    released: Release, tmp_path: Path, change
) -> None:
    write_site(tmp_path / "site")
    before = files(tmp_path / "site")
    change(blob(released, "site/index.html"))
    (found,) = verify_centre()["differences"]
    assert (found["identifier"], found["what"]) == (released.pk, "file site/index.html")
    with pytest.raises(InputError, match=r"site/index\.html of release 1 is missing or changed"):
        write_site(tmp_path / "site")
    assert files(tmp_path / "site") == before


def test_a_changed_manifest_is_a_difference_and_not_believed(released: Release, tmp_path: Path) -> None:
    digest = released.manifest_sha256
    (store() / digest[:2] / digest).write_text("{}")
    (found,) = verify_centre()["differences"]
    assert (found["what"], found["stored"]) == ("file manifest", digest)
    with pytest.raises(InputError, match="manifest of release 1 was changed"):
        write_site(tmp_path / "site")


def test_a_row_changed_in_a_moved_centre_is_still_found(moved: Release) -> None:
    """Being without its files must not make a release unchecked."""
    triggers.remove()
    Release.objects.update(made_by="somebody else")
    triggers.install()
    assert [one["what"] for one in verify_centre()["differences"]] == ["row changed outside the ledger"]


def test_releases_of_another_history_are_refused(released: Release, tmp_path: Path) -> None:
    """Their chain would not pass through here, and verification would speak of tampering where there was none."""
    export_pack(folder=tmp_path / "move", profile="move")
    empty_the_database()
    record(verb="test.act", by=BY)
    with pytest.raises(InputError, match="belong to another history"):
        load_pack(folder=tmp_path / "move", by=BY)
    assert not Release.objects.exists()


def test_releases_without_their_events_are_refused(released: Release, tmp_path: Path) -> None:
    export_pack(folder=tmp_path / "move", profile="move")
    empty_the_database()
    (tmp_path / "move" / "ledger" / "events.jsonl").unlink()
    with pytest.raises(InputError, match="with its events"):
        load_pack(folder=tmp_path / "move", by=BY)


def test_a_later_move_brings_an_older_copy_up_to_date(moved: Release, tmp_path: Path, settings) -> None:
    """The same history, further on: nothing stands against it."""
    record(verb="test.act", by=BY)
    add_user(by=BY, email="kim@fernshire.example", roles=["coder"])
    make_release(by=BY)
    export_pack(folder=tmp_path / "later", profile="move")
    empty_the_database()
    load_pack(folder=tmp_path / "move", by=BY)
    load_pack(folder=tmp_path / "later", by=BY)
    assert [one.number for one in Release.objects.order_by("number")] == [1, 2]
    assert verify_centre()["ok"]
