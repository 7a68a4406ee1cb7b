"""A reader takes a page away, and another site shows its card: in a real browser, with axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre

PAGE = "/evidence/intensive-family-preservation/"
CARD = "/embed/intensive-family-preservation/"
SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"


def test_a_reader_takes_the_slide_and_the_table_away(centre: Centre, desktop: Page, tmp_path: Path) -> None:
    desktop.goto(centre.url + PAGE)
    for words, ending in (("One slide", ".pptx"), ("The whole page (Word", ".docx"), ("Data (CSV", ".csv")):
        with desktop.expect_download() as taken:
            desktop.get_by_role("link", name=words).first.click()
        assert taken.value.suggested_filename == f"intensive-family-preservation-revision-1{ending}"
        taken.value.save_as(tmp_path / f"file{ending}")
        assert (tmp_path / f"file{ending}").stat().st_size > 500


def test_the_sheet_is_a_pdf_that_may_be_held_for_ever(centre: Centre, desktop: Page) -> None:
    address = f"{centre.url}{PAGE}revisions/1/summary.pdf"
    answer = desktop.request.get(address)
    assert answer.body()[:5] == b"%PDF-"
    assert "immutable" in answer.headers["cache-control"]
    again = desktop.request.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status == 304


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_card_fits_a_phone_and_passes_axe(centre: Centre, open_page: Pages, scheme: str, axe: Callable) -> None:
    narrow = open_page(320, color_scheme=scheme)
    narrow.goto(centre.url + CARD)
    expect(narrow.get_by_role("heading", level=1)).to_contain_text("Intensive family preservation")
    expect(narrow.get_by_text("Uncertain: we cannot tell")).to_be_visible()
    expect(narrow.get_by_text("Revision 1,")).to_be_visible()
    assert axe(narrow) == []
    assert not narrow.evaluate(SIDEWAYS)
    assert narrow.context.cookies() == []


def test_the_card_keeps_its_shapes_where_colours_are_forced(centre: Centre, open_page: Pages) -> None:
    """A shape drawn in a colour of its own could vanish on a ground that the reader chose."""
    forced = open_page(480, forced_colors="active")
    forced.goto(centre.url + CARD)
    shape = "getComputedStyle(document.querySelector('.state .icon')).stroke"
    assert forced.evaluate(shape) == forced.evaluate("getComputedStyle(document.querySelector('.state')).color")


def test_the_page_with_the_snippet_shows_the_card_and_passes_axe(
    centre: Centre, open_page: Pages, axe: Callable
) -> None:
    for width in (390, 1280):
        page = open_page(width)
        page.goto(centre.url + PAGE)
        page.get_by_role("link", name="Show it on your website").first.click()
        pasted = page.get_by_label("Put this where the card should be")
        expect(pasted).to_have_value(f'<iframe src="{centre.url}{CARD}" title="What is known about Intensive family '
                                     'preservation" width="480" height="480" loading="lazy" frameborder="0"></iframe>')  # fmt: skip
        page.locator("iframe").scroll_into_view_if_needed()
        expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_contain_text("Intensive family")
        assert axe(page) == []
        assert not page.evaluate(SIDEWAYS)


@pytest.fixture
def elsewhere(centre: Centre) -> Iterator[str]:
    """Another site: a server of its own whose one page frames the card and the page."""
    body = f'<iframe id="card" src="{centre.url}{CARD}"></iframe><iframe id="page" src="{centre.url}{PAGE}"></iframe>'

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *words: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Other) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_another_site_may_show_the_card_and_nothing_else(elsewhere: str, open_page: Pages) -> None:
    other = open_page(1280)
    other.goto(elsewhere)
    expect(other.frame_locator("#card").get_by_role("heading", level=1)).to_contain_text(
        "Intensive family preservation"
    )
    other.wait_for_load_state("networkidle")
    assert other.frame_locator("#page").get_by_text("Intensive family preservation").count() == 0
