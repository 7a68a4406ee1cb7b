"""A reader finds evidence: a slip, other words, filters on the phone, what is not recorded; without script, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre

Axe = Callable[[Page], list[str]]
NOT_RECORDED = re.compile("do(es)? not record an age")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.smoke
def test_a_reader_finds_and_narrows(centre: Centre, page: Page, axe: Axe) -> None:
    """From a question with a slip to the pages recorded so, at both widths."""
    page.goto(f"{centre.url}/evidence/")
    box = page.get_by_role("searchbox")
    box.fill("suport for adolescents")
    box.press("Enter")
    expect(page.get_by_text("Also searched for: teenagers")).to_be_visible()
    expect(page.get_by_role("link", name="Search only for the words you typed")).to_be_visible()
    assert axe(page) == []
    assert fits(page)
    page.get_by_role("link", name="How old the children are: 13 to 17").click()
    expect(page.get_by_text(NOT_RECORDED).first).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="Take off How old the children are: 13 to 17").click()
    expect(page.get_by_text(NOT_RECORDED)).to_have_count(0)


def test_filters_are_folded_on_a_phone_and_need_no_script(centre: Centre, open_page: Pages, axe: Axe) -> None:
    """The list comes first on a small screen; everything is links and a form."""
    page = open_page(390, java_script_enabled=False)
    page.goto(f"{centre.url}/evidence/")
    expect(page.get_by_role("checkbox", name="Low").first).to_be_hidden()
    page.locator(".filters > summary").click()
    page.locator(".filters summary", has_text="Kind of evidence").click()
    page.get_by_role("checkbox", name="Randomised trials").check()
    page.get_by_role("button", name="Show these").click()
    expect(page.locator(".filters > summary")).to_contain_text("1 chosen")
    assert page.locator("ol.entries > li").count() > 3


@pytest.mark.parametrize("question", ["xylophone", "?age=teenagers&cost=low"])
def test_nothing_found_is_said_kindly(centre: Centre, page: Page, axe: Axe, question: str) -> None:
    """An empty list must not be read as a verdict."""
    page.goto(f"{centre.url}/evidence/{question if question.startswith('?') else '?q=' + question}")
    expect(page.get_by_text("That does not mean nothing works.")).to_be_visible()
    assert axe(page) == []
    assert fits(page)
