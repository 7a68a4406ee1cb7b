"""Journeys of whoever takes reports away: cite one, copy it, download many; and of whoever hears of a retraction."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre
from whatworks.collate.sources import read

HELD = "10.1016/j.childyouth.2012.07.018"  # a report of the demonstration on which published numbers rest
SECONDS = 30_000  # milliseconds for a list of three rows


def report_of(page: Page, centre: Centre) -> str:
    """The address of the report's page."""
    found = page.request.get(f"{centre.url}/api/reports?doi={HELD}").json()["reports"]
    return f"{centre.url}/reports/{found[0]['id']}/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_pass_axe_and_do_not_scroll_sideways(
    centre: Centre, open_page: Pages, width: int, scheme: str, axe: Callable
) -> None:
    page = open_page(width, color_scheme=scheme)
    for address in (report_of(page, centre), f"{centre.url}/reports/export/?year=2018", f"{centre.url}/api/"):
        page.goto(address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_a_reference_is_copied_with_the_keyboard_and_a_file_is_read_back(
    centre: Centre, open_page: Pages, tmp_path: Path
) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(report_of(page, centre))
    reference = page.locator("#cite-apa").inner_text()
    button = page.get_by_role("button", name="Copy the APA reference")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == reference
    assert reference.startswith("Powers, L. E., Geenen, S.,")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="BibTeX").click()
    waiting.value.save_as(tmp_path / "cite.bib")
    (record,) = read(tmp_path / "cite.bib")
    assert record.doi == HELD and record.identifier in page.url


def test_without_a_script_the_references_are_there_and_the_buttons_are_not(centre: Centre, open_page: Pages) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(report_of(page, centre))
    expect(page.locator("#cite-vancouver")).to_contain_text("Powers LE, Geenen S")
    expect(page.locator("[data-copy]").first).to_be_hidden()


@pytest.mark.smoke
def test_a_selection_is_taken_away(centre: Centre, desktop: Page, tmp_path: Path) -> None:
    page = desktop
    page.goto(f"{centre.url}/reports/export/?review=leaving-care")
    words = page.locator(".answer").inner_text()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="RIS", exact=True).click()
    waiting.value.save_as(tmp_path / "reports.ris")
    records = list(read(tmp_path / "reports.ris"))
    assert records and words == f"{len(records)} reports are selected."
    assert all(re.fullmatch(r"rep-\w+", record.identifier) for record in records)


class Elsewhere(BaseHTTPRequestHandler):
    """Another site, which has a page and nothing to do with us."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Elsewhere</title>")

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of another site."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


ASK = "async ([address, tag]) => (await fetch(address, {headers: {'If-None-Match': tag}})).status"


def test_another_site_reads_the_api_and_nothing_else(centre: Centre, desktop: Page, elsewhere: str) -> None:
    """A page of elsewhere, in a real browser, which asks first whether it may send a header of its own."""
    page = desktop
    page.goto(elsewhere)
    address = f"{centre.url}/api/reports?limit=1"
    assert page.evaluate(ASK, [address, '"none"']) == 200
    tag = page.evaluate("async address => (await fetch(address)).headers.get('ETag')", address)
    assert page.evaluate(ASK, [address, tag]) == 304, "the header is exposed, sent and understood"
    with pytest.raises(Error, match="Failed to fetch"):
        page.evaluate(ASK, [f"{centre.url}/evidence/", '"none"'])


def a_list(page: Page, centre: Centre, path: Path) -> Path:
    """A list of three rows: a DOI that is held, a title that is held without one, and nonsense."""
    title = next(
        one["title"]
        for one in page.request.get(f"{centre.url}/api/reports?limit=200").json()["reports"]
        if not one["doi"] and len(one["title"]) > 60
    )
    quoted = title.replace('"', '""')
    path.write_text(
        "doi,title,date,notice,reason\n"
        f"{HELD},,2024-05-31,https://example.org/notice,Its data\n"
        f',"{quoted}",2024-06-30,https://example.org/other,\n'
        "nonsense,,2024-06-30,,\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.smoke
def test_a_retraction_is_heard_of_and_shown_everywhere(
    own_centre: Centre, desktop: Page, tmp_path: Path, axe: Callable
) -> None:
    """From the list to the report, its study and the published page; and a title that a person must judge."""
    page, centre = desktop, own_centre
    path = a_list(page, centre, tmp_path / "retractions.csv")
    page.goto(centre.url + "/account/login/")
    page.locator("input[name=login]").fill(centre.administrator[0])
    page.locator("input[name=password]").fill(centre.administrator[1])
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Retractions").click()
    assert axe(page) == []
    page.get_by_label("The list, as CSV").set_input_files(path)
    page.get_by_role("button", name="Read the list").click()
    expect(page.get_by_text("3 rows: 2 new, 0 known already, 1 that could not be read.")).to_be_visible(timeout=SECONDS)
    expect(page.get_by_role("heading", name="Is this notice about this report?")).to_be_visible()
    assert axe(page) == []
    page.get_by_text("What could not be read").click()
    expect(page.get_by_text("Line 4: it has neither a DOI")).to_be_visible()
    page.get_by_role("button", name="Yes, it is about this one").click()
    expect(page.locator(".notice").first).to_contain_text("Marked as retracted")
    expect(page.get_by_role("heading", name="Is this notice about this report?")).to_have_count(0)

    page.goto(report_of(page, centre))
    expect(page.get_by_text("Retracted on 31 May 2024: the publisher withdrew it.").first).to_be_visible()
    expect(page.locator("#cite-apa")).to_contain_text("[Retracted 31 May 2024, https://example.org/notice]")
    assert axe(page) == []
    page.locator("#used ~ ul a").first.click()
    expect(page.get_by_role("note")).to_contain_text("Retracted on 31 May 2024")
    assert axe(page) == []
