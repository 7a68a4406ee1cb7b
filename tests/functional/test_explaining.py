"""A word explained in place: by keyboard, without script, on a phone and on paper; axe finds nothing with it open."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import PHONE, Pages
from tests.functional.conftest import Centre

ADDRESS = "/evidence/coaching-and-peer-support/"


def test_a_word_is_explained_without_losing_the_place(centre: Centre, page: Page, axe: Callable) -> None:
    page.goto(centre.url + ADDRESS)
    word = page.locator("a.term").first
    word.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    word.focus()
    page.keyboard.press("Enter")
    meaning = page.locator(".used-words :target")
    expect(meaning).to_be_in_viewport(ratio=1)
    expect(word).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == before, "the text moved away under the reader"
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest(':target') !== null"), "the way back is not the next stop"
    page.keyboard.press("Enter")
    expect(word).to_be_in_viewport(ratio=1)
    expect(meaning).to_have_count(0)


def test_without_script_and_on_paper_the_meaning_is_there(centre: Centre, open_page: Pages) -> None:
    bare = open_page(PHONE, java_script_enabled=False)
    bare.goto(centre.url + ADDRESS)
    bare.locator("a.term").first.click()
    expect(bare.locator(".used-words :target")).to_be_in_viewport(ratio=1)
    paper = open_page()
    paper.goto(centre.url + ADDRESS + "#w-certainty")
    paper.emulate_media(media="print")
    entry = paper.locator("#w-certainty")
    expect(entry).to_be_visible()
    assert entry.evaluate("one => getComputedStyle(one).position") == "static", "it would stand over the text on paper"


def test_at_the_largest_zoom_it_stands_in_the_list_and_covers_nothing(centre: Centre, open_page: Pages) -> None:
    """1280 by 844 at 400% are 320 by 211: a sheet over half of that would leave a reader a few lines."""
    zoomed = open_page(320)
    zoomed.set_viewport_size({"width": 320, "height": 211})
    zoomed.goto(centre.url + ADDRESS)
    zoomed.locator("a.term").first.click()
    entry = zoomed.locator(".used-words :target")
    expect(entry).to_be_in_viewport()
    assert entry.evaluate("one => getComputedStyle(one).position") == "static"
    assert zoomed.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
