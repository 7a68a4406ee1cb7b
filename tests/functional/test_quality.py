"""Every kind of page, in every state and however it is read; every address by the real server; releases and plain files."""

from __future__ import annotations

import hashlib
import http.client
import random
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESKTOP, Pages
from tests.functional.conftest import Centre, Sound
from tests.functional.quality import GIVES, Look, without_script
from tests.functional.unsettled import NAMES, addresses_of
from tests.integration.web.walking import Answer, Walk

MADE_LONG_AGO = (".pdf", ".docx", ".pptx", ".ris", ".bib", ".json", ".R", ".txt", ".atom")  # each has tests of its own
NOT_WALKED = ("/api/", "/releases/1/", "/maps/made-up-map/map.")
LARGE = ("map of others", "for programs", "here, first step")  # what they are made of is looked at on smaller pages
SEED = 2026


@pytest.fixture(scope="module")
def kinds(own_centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An address of each kind of page and state, in a centre with one release."""
    return addresses_of(own_centre, tmp_path_factory.mktemp("states"))


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_page_holds_however_it_is_read(
    own_centre: Centre, kinds: dict[str, str], open_page: Pages, name: str
) -> None:
    """320 pixels, 200% and 400%, light, dark and forced colours, by keyboard, spaced out, still, on paper, without script."""
    page, plain = open_page(DESKTOP, reduced_motion="reduce"), open_page(DESKTOP, java_script_enabled=False)
    page.goto(own_centre.url + kinds[name])
    given = page.evaluate(GIVES)
    wrong = Look(page, name).all(axe=name not in LARGE)
    plain.goto(own_centre.url + kinds[name])
    wrong += [f"{name}, without script: {line}" for line in without_script(given, plain.evaluate(GIVES))]
    assert "\n".join(wrong) == ""
    assert name == "sign in" or page.context.cookies() == []


def test_every_kind_of_page_is_named(kinds: dict[str, str]) -> None:
    assert set(kinds) == set(NAMES)


def test_every_public_address_of_the_demonstration_is_as_light_and_as_strict_as_it_should_be(
    own_centre: Centre, kinds: dict[str, str]
) -> None:
    """As the real server sends it: compressed, without a cookie, with nothing of others in it."""
    host = urlsplit(own_centre.url).netloc
    starts = [address for name, address in kinds.items() if name != "sign in"]
    walk = Walk(
        partial(_ask, host), host, left_out=lambda one: one.endswith(MADE_LONG_AGO) or one.startswith(NOT_WALKED)
    )
    walk.over(starts)
    heaviest = sorted(walk.pages, key=lambda one: -one.unpacked)[:10]
    print("\n".join(f"{one.travels:>9,} {one.unpacked:>9,} {one.address}" for one in heaviest))
    assert walk.faults == []
    assert walk.same_titles() == []
    assert len(walk.pages) > 1000


def _ask(host: str, address: str) -> Answer:
    """An address as a browser without any cookie asks for it, over a connection that is kept."""
    connection = _connections.__dict__.setdefault(host, http.client.HTTPConnection(host, timeout=60))
    connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())


_connections = threading.local()


def test_a_reader_takes_a_release_away(own_centre: Centre, kinds: dict[str, str], desktop: Page, sound: Sound) -> None:
    """From the list to one release, what it changed, and its files; the list of digests holds for what is downloaded."""
    desktop.goto(own_centre.url)
    desktop.get_by_role("navigation", name="Main").get_by_role("link", name="Releases").click()
    sound(desktop, "releases")
    desktop.get_by_role("link", name="Release 1").click()
    expect(desktop.get_by_role("heading", level=1)).to_have_text("Release 1")
    expect(desktop.get_by_role("heading", name="What changed")).to_be_visible()
    desktop.get_by_text("Every table as a file").click()
    sound(desktop, "release")
    tables = desktop.locator("details a[href^='/releases/1/data/']")
    assert tables.count() > 20
    shown = desktop.locator("code").filter(has_text=re.compile(r"^[0-9a-f]{64}$")).inner_text()
    manifest = desktop.request.get(f"{own_centre.url}/releases/1/manifest.json")
    assert _sha256(manifest.body()) == shown
    table = str(tables.first.get_attribute("href"))
    digest = manifest.json()["files"][table.removeprefix("/releases/1/")]
    taken = desktop.request.get(own_centre.url + table)
    assert _sha256(taken.body()) == digest
    assert "immutable" in taken.headers["cache-control"]
    expect(desktop.get_by_role("link", name="What changed, as text")).to_be_visible()
    for link in desktop.locator("main a[href^='/releases/1/']").all():
        assert desktop.request.head(own_centre.url + str(link.get_attribute("href"))).status == 200


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@pytest.fixture(scope="module")
def folder(own_centre: Centre, kinds: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release as plain files."""
    written = tmp_path_factory.mktemp("plain") / "site"
    own_centre.run("publish", str(written))
    return written


@pytest.fixture(scope="module")
def plain_server(folder: Path) -> Iterator[str]:
    """A server that knows nothing but files, with the site in a folder of its own as many hosts have it."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder.parent))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/site/"
        server.shutdown()
        thread.join()


NUMBER = re.compile(r'<a [^>]*href="([^"#]*trace/([a-z]{3})-[a-z0-9]+/index\.html)"')
TRACE = re.compile(r"/[a-z]{3}-[a-z0-9]+/index\.html$")
KINDS = {
    "syn",
    "fnd",
    "con",
    "pub",
    "rat",
    "grd",
    "ext",
}  # results, what studies found, ratings, certainty, others' ratings


def _numbers(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Every number of every page that leads to a trace: the page and the link, by kind."""
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in sorted(KINDS)}
    for page in sorted(folder.rglob("*.html")):
        name = page.relative_to(folder).as_posix()
        if not name.startswith("trace/") and not name.endswith("evidence-map.html"):
            for link, kind in dict.fromkeys(NUMBER.findall(page.read_text("utf-8"))):
                found.setdefault(kind, []).append((name, link))
    return found


@pytest.mark.parametrize("from_disk", [False, True], ids=["from a plain server", "from a disk"])
def test_any_number_of_the_plain_files_reaches_its_source_in_three_clicks(
    folder: Path, plain_server: str, open_page: Pages, from_disk: bool
) -> None:
    """Numbers of every kind, drawn over all pages, followed by clicking as a reader without a script would."""
    page = open_page(DESKTOP, java_script_enabled=False)
    start = f"{folder.as_uri()}/" if from_disk else plain_server
    numbers = _numbers(folder)
    assert set(numbers) == KINDS
    draw = random.Random(SEED + from_disk)
    for kind, found in sorted(numbers.items()):
        assert len(found) >= 10, kind
        for name, link in draw.sample(found, 4):
            page.goto(start + name)
            _click(page, f'a[href="{link}"]')
            assert 1 + _further(page) <= 3, (kind, name, link)


def _further(page: Page) -> int:
    """Clicks from a trace to the source: a report that is held, or where it was published."""
    source = "main a[href^='http'], main a[href*='reports/rep-']"
    if page.locator(source).count():
        return 1
    links = [str(one.get_attribute("href")) for one in page.locator("main .thread a").all()]
    deeper = sorted(filter(TRACE.search, links), key=lambda link: "/syn-" in link or "/rat-" in link)
    if not deeper:
        return 9
    _click(page, f'main .thread a[href="{deeper[0]}"]')
    return 2 if page.locator(source).count() else 9


def _click(page: Page, link: str) -> None:
    """Click the first such link, opening what it is folded into."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    before = page.url
    page.locator(link).first.click()
    page.wait_for_load_state()
    assert page.url != before
    assert page.locator("h1").count() == 1
