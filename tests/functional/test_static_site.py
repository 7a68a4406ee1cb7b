"""A release as a reader has it without a server: opened from a disk, clicked through, and proved unchanged."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import Built, whatworks

LINK = re.compile(r'\s(?:href|src|action)="([^"]*)"')
OWN_SCRIPT = re.compile(
    r'<script src="[./]*static/\w+/\w+\.js" defer></script>'
)  # adds to a page that is whole without it
ANSWER = "Intensive family preservation"


@dataclass(frozen=True)
class Site:
    """A published release: the folder it was written to, and the centre it came from."""

    folder: Path
    home: Path
    environment: dict[str, str]
    release: dict[str, object]

    @property
    def pages(self) -> list[Path]:
        """Every page of the site."""
        return sorted(self.folder.rglob("*.html"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, built: Built) -> Site:
    """The demonstration, released and published by the real commands."""
    base = tmp_path_factory.mktemp("static")
    environment = built.copy(base / "centre", "journey_static")
    release = json.loads(whatworks(environment, "release", "--json").stdout)
    written = json.loads(whatworks(environment, "publish", str(base / "site"), "--json").stdout)
    assert written["files"] > 500
    return Site(base / "site", base / "centre", environment, release)


def test_a_reader_clicks_from_the_front_page_to_the_source_of_a_number(site: Site, page: Page, axe: Callable) -> None:
    """Home, list, answer, thread, report: no server, no script, and nothing that a screen reader stumbles over."""
    page.goto((site.folder / "index.html").as_uri())
    seen = [page.locator("h1").inner_text()]
    assert axe(page) == []
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Evidence").click()
    seen.append(page.locator("h1").inner_text())
    assert axe(page) == []
    page.locator(".entries").get_by_role("link", name=ANSWER, exact=True).click()
    expect(page.locator("h1")).to_have_text(ANSWER)
    assert axe(page) == []
    page.locator("article.outcome a.num").first.click()
    expect(page.locator("h1")).to_contain_text("Where “7 more of 100” comes from")
    expect(page.locator(".thread")).to_contain_text("same as stored")
    assert axe(page) == []
    page.locator("a[href*='reports/']").or_(page.locator(".thread a.num[href*='fnd-']")).first.click()
    assert len({*seen, page.locator("h1").inner_text()}) == 3
    assert page.url.startswith(site.folder.as_uri())


def test_pages_have_their_look(site: Site, desktop: Page) -> None:
    """A site that works only from the root of a server would stand here in bare text."""
    for address in ("index.html", "evidence/index.html", "glossary/index.html"):
        desktop.goto((site.folder / address).as_uri())
        assert desktop.evaluate("[...document.querySelectorAll('link[rel=stylesheet]')].every(one => one.sheet)")
        paper = desktop.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()")
        assert paper, f"{address} has no stylesheet"


def test_every_link_of_every_page_leads_to_a_file_that_is_there(site: Site) -> None:
    dead = []
    for one in site.pages:
        for link in LINK.findall(one.read_text("utf-8")):
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto", "data") or not parts.path:
                continue
            if not (one.parent / unquote(parts.path)).resolve().is_file() or parts.path.startswith("/"):
                dead.append((one.relative_to(site.folder).as_posix(), link))
    assert dead == []


def test_nothing_asks_a_reader_of_files_to_sign_in_or_to_send_a_form(site: Site) -> None:
    """There is nobody to sign in to."""
    assert len(site.pages) > 500
    for one in site.pages:
        if one.name == "evidence-map.html":
            continue  # to take away: one file that needs no other, so that its style and script are in it
        text = one.read_text("utf-8")
        assert not re.search(r"<form|<input|/account/|/workspace/|Sign in", text), one
        assert all(OWN_SCRIPT.fullmatch(found) for found in re.findall(r"<script.*?</script>", text, re.S)), one


def test_every_page_says_what_it_is_not(site: Site) -> None:
    assert [one for one in site.pages if "and not advice" not in one.read_text("utf-8")] == []


def test_the_release_is_verified_and_a_changed_file_is_named(site: Site) -> None:
    """Promise 2, for the whole site: whoever changes one byte of what was released is found out."""
    told = json.loads(whatworks(site.environment, "verify", "--json").stdout)
    assert told["ok"] and told["checked"]["releases"] == 1
    store = site.home / "releases"
    manifest = json.loads(_stored(store, str(site.release["manifest_sha256"])).read_bytes())
    name = "site/evidence/intensive-family-preservation/index.html"
    changed = _stored(store, manifest["files"][name])
    before = changed.read_bytes()
    changed.write_bytes(before.replace(b"7 more", b"7 fewer", 1))
    try:
        ran = whatworks(site.environment, "verify", "--json", check=False)
        (found,) = json.loads(ran.stdout)["differences"]
        assert (ran.returncode, found["identifier"]) == (1, site.release["identifier"])
        assert found["what"] == f"file {name}"
    finally:
        changed.write_bytes(before)
    assert (site.folder / name.removeprefix("site/")).read_bytes() == before


def _stored(store: Path, digest: str) -> Path:
    return store / digest[:2] / digest
