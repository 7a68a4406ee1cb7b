"""A reader's journeys: every page passes axe at both widths, light and dark, and any number leads to its raw numbers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre

KINDS = {  # one address of each kind of page, found by following links from the list
    "home": "/",
    "store": "/evidence/",
    "search": "/evidence/?q=placement",
    "reviews": "/reviews/",
    "releases": "/releases/",
    "about": "/about/",
    "glossary": "/glossary/",
    "sign-in": "/account/login/",
}


def _links(page: Page, pattern: str) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    return [href for href in dict.fromkeys(found) if re.fullmatch(pattern, href)]


@pytest.mark.parametrize("kind", KINDS)
def test_pages_pass_axe_and_do_not_scroll_sideways(kind: str, centre: Centre, page: Page, axe: Callable) -> None:
    page.goto(centre.url + KINDS[kind])
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"


def test_every_intervention_page_passes_axe(centre: Centre, desktop: Page, axe: Callable) -> None:
    desktop.goto(centre.url + "/evidence/")
    addresses = _links(desktop, r"/evidence/[a-z0-9-]+/")
    assert len(addresses) > 10
    for address in addresses:
        desktop.goto(centre.url + address)
        assert axe(desktop) == [], address
        assert desktop.locator("h1").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_long_pages_pass_axe_on_a_phone_in_light_and_dark(
    centre: Centre, open_page: Pages, scheme: str, axe: Callable
) -> None:
    phone = open_page(390, color_scheme=scheme)
    for address in ("/evidence/intensive-family-preservation/", "/reviews/leaving-care/"):
        phone.goto(centre.url + address)
        assert axe(phone) == [], address
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


@pytest.mark.smoke
def test_any_number_on_any_page_reaches_raw_numbers_and_source_in_three_clicks(centre: Centre, desktop: Page) -> None:
    """Sixty numbers drawn at random over all pages: a trace, from it at most two more clicks to a report."""
    desktop.goto(centre.url + "/evidence/")
    pages = _links(desktop, r"/evidence/[a-z0-9-]+/")
    numbers: set[tuple[str, str]] = set()
    for address in pages:
        desktop.goto(centre.url + address)
        numbers |= {(address, href) for href in _links(desktop, r"/trace/[a-z0-9-]+/")}
    assert len(numbers) > 60
    for address, number in random.Random(20260).sample(sorted(numbers), 60):
        assert _clicks_to_source(desktop, centre.url, number) <= 3, (address, number)


def _clicks_to_source(page: Page, url: str, number: str) -> int:
    """Clicks from a number to a page that shows raw numbers (or what is held in their place) and its report."""
    page.goto(url + number)
    if _shows_source(page):
        return 1
    deeper = _links(page, r"/trace/(fnd|con|pub)-[a-z0-9]+/")
    assert deeper, f"{number} is a dead end"
    page.goto(url + deeper[0])
    return 2 if _shows_source(page) else 9


def _shows_source(page: Page) -> bool:
    text = page.inner_text("main")
    held = re.search(
        r"Raw numbers in the formula|What the report says|As published|As the body rates it|What the rules asked|certainty",
        text,
    )
    return bool(held) and bool(_links(page, r"https?://.+|/reports/[a-z0-9-]+/") or "What the rules asked" in text)


def test_a_reader_without_script_sees_everything(centre: Centre, open_page: Pages) -> None:
    page = open_page(1280, java_script_enabled=False)
    page.goto(centre.url + "/evidence/intensive-family-preservation/")
    expect(page.locator("h1")).to_have_text("Intensive family preservation")
    assert page.locator("a.num").count() > 3


def test_readers_get_no_cookie_and_a_strict_policy(centre: Centre, desktop: Page) -> None:
    response = desktop.goto(centre.url + "/evidence/")
    assert response is not None
    assert desktop.context.cookies() == []
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_search_answers_a_question_in_plain_words(centre: Centre, desktop: Page) -> None:
    desktop.goto(centre.url + "/")
    desktop.get_by_label("Ask in your own words").fill("social workers in schools")
    desktop.keyboard.press("Enter")
    expect(desktop.locator(".entries h3").first).to_contain_text("Social workers in schools")


def test_the_skip_link_is_the_first_stop_of_the_keyboard(centre: Centre, desktop: Page) -> None:
    desktop.goto(centre.url + "/evidence/")
    desktop.keyboard.press("Tab")
    assert desktop.evaluate("document.activeElement.textContent") == "Skip to content"
    desktop.keyboard.press("Enter")
    assert desktop.evaluate("document.activeElement.id") == "main"


def test_what_is_not_there_says_so_kindly(centre: Centre, desktop: Page) -> None:
    response = desktop.goto(centre.url + "/evidence/no-such-thing/")
    assert response is not None and response.status == 404
    assert desktop.locator("h1").count() == 1


@pytest.mark.parametrize("address", ["/workspace/", "/workspace/correct/con-xxxxxxxx/"])
def test_the_workspace_asks_readers_to_sign_in(centre: Centre, desktop: Page, address: str) -> None:
    desktop.goto(centre.url + address)
    assert "/account/login/" in desktop.url


def test_all_of_a_page_is_on_paper(centre: Centre, open_page: Pages) -> None:
    page = open_page(1280)
    page.goto(centre.url + "/evidence/intensive-family-preservation/")
    page.emulate_media(media="print")
    assert not page.locator(".bar nav").is_visible()
    assert page.pdf().startswith(b"%PDF")
