"""Packs: what goes in comes out byte for byte, twice changes nothing, and nothing in the code knows the sector."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.integration.journey.centres import BY, ROADS, SHIPPED, publish_all
from whatworks.archive.exporting import export_pack
from whatworks.archive.loading import load_pack
from whatworks.archive.verifying import verify_centre
from whatworks.errors import InputError
from whatworks.ledger import triggers
from whatworks.ledger.models import Event, Payload
from whatworks.ledger.models.events import NODE
from whatworks.publish.models import Page

pytestmark = pytest.mark.django_db


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def empty_the_database() -> None:
    from django.apps import apps
    from django.db import connection

    triggers.remove()
    tables = [model._meta.db_table for model in apps.get_models() if model.__module__.startswith("whatworks.")]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # keys that wait to be checked would hold the tables
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        else:
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
    triggers.install()


def test_the_shipped_pack_comes_out_as_it_went_in(tmp_path: Path) -> None:
    load_pack(folder=SHIPPED, by=BY)
    export_pack(folder=tmp_path / "out")
    assert files(tmp_path / "out") == files(SHIPPED)


def test_a_whole_published_centre_goes_round_byte_for_byte(roads: None, tmp_path: Path) -> None:
    export_pack(folder=tmp_path / "first")
    empty_the_database()
    load_pack(folder=tmp_path / "first", by=BY)
    export_pack(folder=tmp_path / "second")
    assert files(tmp_path / "first") == files(tmp_path / "second")
    verdict = verify_centre()
    assert verdict["ok"], verdict["differences"]


@pytest.mark.parametrize("profile", ["open", "move"])
def test_loading_twice_changes_nothing(roads: None, tmp_path: Path, profile: str) -> None:
    export_pack(folder=tmp_path / "pack", profile=profile)
    before = Event.objects.count()
    assert not any(load_pack(folder=tmp_path / "pack", by=BY).values())
    assert Event.objects.count() == before


def test_an_open_pack_holds_no_payload_that_is_not_public_and_no_node_event(roads: None, tmp_path: Path) -> None:
    payload = Payload.objects.exclude(audience="public").first()
    export_pack(folder=tmp_path / "open")
    text = (tmp_path / "open" / "ledger" / "events.jsonl").read_text()
    assert all(uid not in text for uid in Event.objects.filter(stream=NODE).values_list("uid", flat=True))
    assert payload is None or payload.key not in text


def test_a_second_sector_loads_with_no_change_of_code(roads: None) -> None:
    assert Page.objects.exclude(revisions=None).exists()
    assert verify_centre()["ok"]


def test_computing_twice_changes_nothing(roads: None) -> None:
    before = Event.objects.count()
    publish_all()
    assert Event.objects.count() == before


def damaged(tmp_path: Path) -> Path:
    folder = tmp_path / "damaged"
    shutil.copytree(ROADS, folder)
    return folder


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("pack.toml", lambda text: "name = ", "pack.toml"),
        ("scope/outcomes.csv", lambda text: text.replace("direction", "directoin", 1), "unknown column 'directoin'"),
        ("extract/contrasts.csv", lambda text: text + "one,two\n", "cells where the header has"),
        ("scope/themes.csv", lambda text: text + text.splitlines()[1] + "\n", "stands there twice"),
    ],
)
def test_a_damaged_pack_is_refused_in_one_sentence_and_nothing_is_loaded(tmp_path, name, change, said) -> None:
    folder = damaged(tmp_path)
    path = folder / name
    path.write_text(change(path.read_text()))
    with pytest.raises(InputError, match=said):
        load_pack(folder=folder, by=BY)
    assert not Event.objects.exists()


def test_what_is_no_pack_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no pack\.toml"):
        load_pack(folder=tmp_path, by=BY)


def test_an_export_does_not_overwrite_what_is_no_pack(roads: None, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="holds no pack"):
        export_pack(folder=tmp_path)
    assert (tmp_path / "letter.txt").read_text() == "mine"
