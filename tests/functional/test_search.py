"""A reader finds a report: words, a slip, a filter on the phone, more like it; without script, and open to all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre


@pytest.mark.smoke
def test_a_reader_finds_a_report(centre: Centre, page: Page, axe: Callable[[Page], list[str]]) -> None:
    """From the front page to a report, by way of the filters, on a desk and on a phone."""
    page.goto(f"{centre.url}/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Reports", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Find a report")
    assert axe(page) == []
    box = page.get_by_role("searchbox")
    box.fill('"leaving care" -protocol')
    box.press("Enter")
    status = page.get_by_role("main").get_by_role("status")
    expect(status).to_contain_text('reports for “"leaving care" -protocol”')
    before = page.locator("ol.entries > li").count()
    assert before > 3
    expect(page.locator("ol.entries mark").first).to_be_visible()
    assert axe(page) == []
    summary = page.locator(".filters > summary")
    if summary.is_visible():
        summary.click()
    page.get_by_role("checkbox", name="Journal article").check()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("checkbox", name="Journal article")).to_be_checked()
    assert 0 < page.locator("ol.entries > li").count() < before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("ol.entries h3 a").first.click()
    expect(page.get_by_role("heading", name="The report")).to_be_visible()


def test_a_slip_is_put_right_and_more_like_it_is_found(
    centre: Centre, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    """Nothing fits the slip; the page says so, offers the right word, and from its results more of their kind."""
    page.goto(f"{centre.url}/reports/?q=transiton")
    expect(page.get_by_text("No report has all of this.")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="transition", exact=True).click()
    expect(page.get_by_role("searchbox")).to_have_value("transition")
    page.get_by_role("link", name="More like this").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("More like this")
    assert page.locator("ol.entries > li").count() > 0
    assert axe(page) == []


def test_it_needs_no_script_and_pages_go_on(centre: Centre, open_page: Pages) -> None:
    """Searching, narrowing and going on are links and a form; no report comes twice."""
    page = open_page(390, java_script_enabled=False, color_scheme="dark")
    page.goto(f"{centre.url}/reports/")
    seen: list[str] = []
    for _ in range(3):
        seen += [str(link.get_attribute("href")) for link in page.locator("ol.entries h3 a").all()]
        page.get_by_role("link", name="More reports").click()
    assert len(seen) == len(set(seen)) == 60
    page.get_by_role("link", name="From the beginning").click()
    assert page.locator("ol.entries h3 a").first.get_attribute("href") == seen[0]
