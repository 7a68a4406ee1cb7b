"""Releases as builds: only what changed is made anew, the same content gives the same bytes, what changed is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from tests.integration.archive.centres import BY, files
from whatworks.archive.models import Release
from whatworks.archive.releasing import _keep as keep
from whatworks.archive.releasing import make_release, manifest_of, stored, write_site
from whatworks.archive.site import Built, site_files
from whatworks.publish.actions import approve
from whatworks.publish.models import Draft, Page

pytestmark = pytest.mark.django_db
# What is made each time: files that nothing has to be asked for, and pages that show what lies in files.
ALWAYS = ("static/", "releases/", "news/", "events/")  # files, and what hangs on the hour: embargoes, what is over


def build() -> tuple[dict[str, bytes], Built]:
    told = Built()
    return {path: keep(body) and body for path, body in site_files(stored, told)}, told


def revise(page: Page) -> None:
    """The next revision of a page, its text another."""
    newest = page.newest()
    assert newest is not None
    content = newest.content | {"lead": "Said in other words."}
    rests_on = list(newest.subject.rests_on.order_by("input").values_list("input_id", flat=True))
    Draft.objects.create(page=page, content=content, rests_on=rests_on, reasons=["-"], made_at=newest.approved_at)
    approve(by=BY, page=page, what_changed="Other words.")


def test_a_second_build_makes_nothing_again_and_says_the_same(roads: None) -> None:
    first, told = build()
    assert told.kept == 0 and told.made == len(first) > 20
    build()  # a page that writes down what it found, as the list does, is only kept from here on
    second, again = build()
    assert second == first
    assert again.made == sum(path.startswith(ALWAYS) for path in first)
    assert again.kept == len(first) - again.made


def test_after_a_revision_only_what_shows_it_is_made_and_nothing_is_old(roads: None, home: Path) -> None:
    """What is kept must be what a build from nothing would make: a page that is out of date is worse than a slow build."""
    first, _ = build()
    revise(Page.objects.order_by("slug")[0])
    second, told = build()
    (home / "remembered" / "site.json.gz").unlink()
    whole, anew = build()
    assert second == whole and anew.kept == 0
    changed = {path for path in whole if whole[path] != first.get(path)}
    assert changed and told.kept > 0
    assert any("Said in other words" in body.decode("utf-8", "replace") for body in second.values())
    assert told.made < anew.made


def test_a_memory_that_was_cut_off_or_changed_only_costs_time(roads: None, home: Path) -> None:
    first, _ = build()
    kept = home / "remembered" / "site.json.gz"
    kept.write_bytes(kept.read_bytes()[:100])
    second, told = build()
    assert second == first and told.kept == 0


def test_a_file_that_was_changed_in_the_store_is_made_again(roads: None, home: Path) -> None:
    """The memory names bytes by their digest; other bytes under that name are not believed."""
    first, _ = build()
    for path in (home / "releases").rglob("*"):
        if path.is_file() and path.read_bytes() == first["index.html"]:
            path.write_bytes(b"another")
    second, _ = build()
    assert second == first


def test_a_release_built_twice_is_identical(roads: None, settings, tmp_path: Path) -> None:
    """The same content, two folders: every file and the manifest itself have the same digests."""
    made = []
    for name in ("one", "two"):
        settings.HOME = tmp_path / name
        with transaction.atomic():
            release = make_release(by=f"{BY}:{name}")
            made.append((release.manifest_sha256, manifest_of(release)))
            transaction.set_rollback(True)
    assert made[0] == made[1]


def test_the_number_and_the_day_are_all_that_differs_a_release_later(roads: None) -> None:
    """The pages do not know the number of the release they are in."""
    first, second = manifest_of(make_release(by=BY)), manifest_of(make_release(by=BY))
    differ = {name for name in second["files"] if second["files"][name] != first["files"].get(name)}
    about = {"CHANGELOG.md", "open/changes.json", "ro-crate-metadata.json"}
    # A release is itself an event, and the next one lists it.
    assert differ - about == {"data/ledger/events.jsonl"} | {
        name for name in differ if name.startswith("site/releases/")
    }


def test_an_old_release_is_the_same_after_the_templates_changed(roads: None, settings, tmp_path: Path) -> None:
    make_release(by=BY)
    write_site(tmp_path / "before", number=1)
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "base.html").write_text("<!doctype html><title>New</title>{% block main %}{% endblock %}")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]
    make_release(by=BY)
    write_site(tmp_path / "new")
    write_site(tmp_path / "after", number=1)
    assert files(tmp_path / "after") == files(tmp_path / "before")
    assert files(tmp_path / "new")["index.html"] != files(tmp_path / "before")["index.html"]


def test_publishing_again_leaves_alone_what_did_not_change(roads: None, tmp_path: Path) -> None:
    """Whoever copies the folder to a host copies what is new, by its date."""
    make_release(by=BY)
    write_site(tmp_path / "site")
    page = Page.objects.order_by("slug")[0]
    before = {name: (tmp_path / "site" / name).stat() for name in files(tmp_path / "site")}
    revise(page)
    make_release(by=BY)
    write_site(tmp_path / "site")
    assert "Said in other words" in (tmp_path / "site" / "evidence" / page.slug / "index.html").read_text()
    same = {name for name, was in before.items() if (tmp_path / "site" / name).stat().st_ino == was.st_ino}
    assert "glossary/index.html" in same
    assert f"evidence/{page.slug}/index.html" not in same


def test_a_release_says_what_changed_and_holds_open_data(roads: None, client: Client) -> None:
    make_release(by=BY)
    page = Page.objects.order_by("slug")[0]
    revise(page)
    release = make_release(by=BY)
    listed = manifest_of(release)["files"]
    text = (stored(listed["CHANGELOG.md"]) or b"").decode()
    assert "## Pages revised" in text and f"{page.title}: revision 1 to 2. Other words." in text
    pages = json.loads(stored(listed["open/pages.json"]) or b"")["pages"]
    assert {one["slug"]: one["revision"] for one in pages}[page.slug] == 2
    assert json.loads(stored(listed["open/results.json"]) or b"")["results"]
    assert json.loads(stored(listed["open/catalogue.jsonld"]) or b"")["@type"] == "DataCatalog"
    crate = json.loads(stored(listed["ro-crate-metadata.json"]) or b"")
    named = {one["@id"] for one in crate["@graph"] if one["@type"] == "File"}
    held = {name for name in listed if not name.startswith("site/")} - {"CHANGELOG.md", "open/changes.json"}
    assert held - {"ro-crate-metadata.json"} <= named
    shown = client.get("/releases/2/").content.decode()
    assert "Pages revised" in shown and release.manifest_sha256 in shown and "DOI" in shown


def test_files_of_a_release_are_served_as_stored_and_for_ever(roads: None, client: Client) -> None:
    release = make_release(by=BY)
    listed = manifest_of(release)["files"]
    for name in ("CHANGELOG.md", "open/pages.json", "data/pack.toml"):
        response = client.get(f"/releases/1/{name}")
        assert response.status_code == 200 and response.content == stored(listed[name])
        assert "immutable" in response.headers["Cache-Control"]
    assert json.loads(client.get("/releases/1/manifest.json").content)["files"] == listed
    for name in ("site/index.html", "nothing.csv", "../secret_key", "data/../pack.toml"):
        assert client.get(f"/releases/1/{name}").status_code == 404
    assert client.get("/releases/2/").status_code == 404


def test_the_page_of_a_release_without_its_files_says_so(roads: None, client: Client, settings, tmp_path: Path) -> None:
    make_release(by=BY)
    settings.HOME = tmp_path / "elsewhere"
    shown = client.get("/releases/1/").content.decode()
    assert "not on this machine" in shown and Release.objects.get().manifest_sha256 in shown
    assert client.get("/releases/1/CHANGELOG.md").status_code == 404
    make_release(by=BY)
    assert "not here" in client.get("/releases/2/").content.decode()
