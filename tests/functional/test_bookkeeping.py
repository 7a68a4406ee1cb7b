"""Journeys of whoever searches: note a search and its runs, enter a report of a council by hand, keep its file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import Centre
from tests.unit.collate.pdfs import pdf

SECONDS = 30_000  # milliseconds for the worker to find the text of a file


@pytest.fixture
def signed_in(desktop: Page, own_centre: Centre) -> Page:
    """A page on a desk of somebody with every role."""
    page = desktop
    page.goto(own_centre.url + "/account/login/")
    page.locator("input[name=login]").fill(own_centre.administrator[0])
    page.locator("input[name=password]").fill(own_centre.administrator[1])
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("What needs you now")
    return page


@pytest.mark.smoke
def test_a_search_is_noted_and_run(signed_in: Page, axe: Callable) -> None:
    page = signed_in
    page.get_by_role("link", name="Searches").click()
    page.get_by_role("link", name="Note a search").click()
    assert axe(page) == []
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose where the search is made")
    page.get_by_label("If it is somewhere else, what is it called?").fill("Ardenshire research register")
    page.get_by_label("What do you call this search?").fill("Leaving care, main search")
    page.get_by_label("What is asked, word for word").fill("1. leaving care\n2. care leavers\n3. 1 or 2")
    page.get_by_role("button", name="Note it").click()
    expect(page.locator("h1")).to_have_text("Leaving care, main search")
    page.get_by_label("How many hits did the platform report?").fill("0")
    page.get_by_role("button", name="Note the run").click()
    expect(page.get_by_text("The search found nothing.")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="Searches").click()
    expect(page.get_by_text("Ardenshire research register.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Search log").click()
    assert "1. leaving care" in download.value.path().read_text()


@pytest.mark.smoke
def test_a_report_of_a_council_is_entered_with_its_file(signed_in: Page, tmp_path: Path, axe: Callable) -> None:
    page = signed_in
    body = pdf("What young people told us")
    (tmp_path / "voices.pdf").write_bytes(body)
    page.get_by_role("link", name="Enter a report by hand").click()
    assert axe(page) == []
    page.get_by_label("Title", exact=True).fill("Leaving care in Ardenshire")
    page.get_by_label("Who published it?").fill("Ardenshire County Council")
    page.get_by_label("Year").fill("2019")
    page.get_by_label("If it is somewhere else, what is it called?").fill("Website of the county")
    page.get_by_label("Address").fill("notaweb address")
    page.get_by_label("The report itself, as a PDF").set_input_files(tmp_path / "voices.pdf")
    page.get_by_role("button", name="Enter it").click()
    expect(page.get_by_role("alert")).to_contain_text("What you typed is still here")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Leaving care in Ardenshire")
    page.get_by_label("Address").fill("https://ardenshire.example/voices")
    page.get_by_label("The report itself, as a PDF").set_input_files(tmp_path / "voices.pdf")
    page.get_by_role("button", name="Enter it").click()
    expect(page.locator("h1")).to_have_text("Leaving care in Ardenshire")
    page.wait_for_function(
        "() => document.body.innerText.includes('Its text can be searched') || (location.reload(), false)",
        polling=1000,
        timeout=SECONDS,
    )
    assert axe(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="voices.pdf").click()
    assert download.value.path().read_bytes() == body
