"""From an evidence page to a learning record in a browser: sign in and back, write, be warned, ask for what is missing, take it away."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESKTOP, HEIGHT, PHONE, Pages
from tests.functional.conftest import Look

PASSWORD = "a-long-password-of-fernshire"


@pytest.fixture
def centre(live_server: Any, tmp_path: Any, settings: Any) -> str:
    """The small centre of another sector, and somebody with an account and no role."""
    from tests.integration.journey.centres import build_roads
    from whatworks.people.actions import add_user

    settings.HOME = tmp_path
    build_roads()
    user, _ = add_user(by="test", email="jo@fernshire.example", roles=[], name="Jo")
    user.set_password(PASSWORD)
    user.save()
    return str(live_server.url)


def at_both(page: Page, look: Look) -> None:
    """Look at a desk and on a phone."""
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        look(page)


@pytest.mark.slow
def test_from_a_page_to_a_record_of_ones_own(centre: str, open_page: Pages, look: Look) -> None:
    page = open_page(PHONE)
    learns(page, centre, look)
    page.goto(f"{centre}/evidence/slow-zones/")
    page.get_by_role("link", name="Journal-club kit").click()
    at_both(page, look)
    page.get_by_role("link", name="Add to my learning record").click()
    at_both(page, look)
    page.get_by_role("link", name="Sign in to your record").click()
    page.locator("input[name=login]").fill("jo@fernshire.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    writes(page, look)
    page.get_by_role("navigation", name="Where you are").get_by_role("link", name="Your learning record").click()
    expect(page.get_by_text("1 more piece of learning is missing")).to_be_visible()
    at_both(page, look)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Table (CSV)").click()
    assert "With a peer: a colleague" in taken.value.path().read_text()
    page.get_by_role("link", name="Slow zones, revision 1").click()
    page.get_by_text("Delete this entry for good").click()
    page.get_by_role("button", name="Delete it for good").click()
    expect(page.get_by_text("There is no entry yet.")).to_be_visible()


def learns(page: Page, centre: str, look: Look) -> None:
    """By the page of taking part to a lesson, where something is tried and checked by keyboard."""
    page.goto(f"{centre}/take-part/")
    page.get_by_role("link", name="Understand research").click()
    at_both(page, look)
    page.get_by_role("link", name="Why do you count out of 100?").click()
    at_both(page, look)
    page.get_by_label("Without it, of 100").select_option("2")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.get_by_text("2 of 100 without it, 1 of 100 with it.")).to_be_visible()
    question = page.get_by_text("A risk of 10 in 100 is cut by half.")
    question.press("Enter")
    expect(page.get_by_text("For 5 of 100.")).to_be_visible()
    at_both(page, look)
    page.goto(f"{centre}/understand/why-randomise/")
    page.get_by_role("link", name="Draw again").click()
    expect(page.locator("input[name=draw]")).to_have_value("7")
    at_both(page, look)


def writes(page: Page, look: Look) -> None:
    """What names somebody comes back with a warning; what names nobody is kept."""
    expect(page.get_by_label("Short description")).to_have_value("Slow zones, revision 1")
    expect(page.get_by_label("Type of activity")).to_have_value("journal club")
    page.get_by_label("Why it matters for your work").fill("We plan streets. Mr Smith asked.")
    page.get_by_label("What you learnt").fill("Slower is safer, and how sure that is.")
    page.get_by_label("What it changes in your practice").fill("We ask who was not counted.")
    page.get_by_label("How you thought it over").select_option(label="With a peer, whom I name by their part")
    page.get_by_label("Their part", exact=True).fill("a colleague")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("alert")).to_contain_text("a name")
    at_both(page, look)
    page.get_by_label("Why it matters for your work").fill("We plan streets.")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Kept in your record. Only you can read it.")).to_be_visible()
    at_both(page, look)
