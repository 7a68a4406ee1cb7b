"""Priorities set together in a browser: put forward, looked up, voted on with a code, published, answered; then a decision on record."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Look

PASSWORD = "a-long-password-of-fernshire"
WORDINGS = ("Who listens to a child in care?", "Does supervision keep workers?", "What helps a family stay together?")


@pytest.fixture
def centre(live_server: Any) -> str:
    """A centre with three questions and a secretary."""
    from whatworks.people.actions import add_user
    from whatworks.scope.questioning import take_up

    user, _ = add_user(by="test", email="minutes@fernshire.example", roles=["secretary"])
    user.set_password(PASSWORD)
    user.save()
    for wording in WORDINGS:
        take_up(by="test", wording=wording, demonstration=True)
    return str(live_server.url)


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_from_questions_to_what_was_done(centre: str, open_page: Pages, width: int, look: Look) -> None:
    page = open_page(width)
    page.goto(f"{centre}/account/login/")
    page.locator("input[name=login]").fill("minutes@fernshire.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Priorities, decisions, meetings, gates and plans").click()
    look(page)
    begins(page, look)
    codes = hands_out(page, look)
    votes(open_page(width), centre, codes, look)
    page.reload()
    expect(page.get_by_role("row", name="young people")).to_contain_text("5")
    page.get_by_role("button", name="Publish the order").click()
    expect(page.get_by_role("heading", name="What was done")).to_be_visible()
    look(page)
    answers(page, look)
    reads(open_page(width), centre, look)
    decides(page, centre, look)


def begins(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Set priorities together").click()
    page.get_by_label("Title").fill("What to find out in Fernshire")
    page.get_by_label("Who votes").fill("young people\nsocial workers")
    page.get_by_label("How many questions may one voter tick?").fill("2")
    page.get_by_label("How many come onto the short list?").fill("1")
    page.get_by_label("Last day of voting").fill((timezone.localdate() + datetime.timedelta(days=5)).isoformat())
    page.get_by_label("This is a demonstration").check()
    look(page)
    page.get_by_role("button", name="Keep it").click()
    for wording in WORDINGS:
        page.get_by_label("Question", exact=True).select_option(label=wording)
        page.get_by_role("button", name="Put it forward").click()
    page.get_by_role("button", name="Open voting").click()
    expect(page.get_by_role("alert")).to_contain_text("Look up first")
    look(page)
    for wording in WORDINGS:
        row = page.get_by_role("listitem").filter(has_text=wording)
        row.get_by_text("Look it up: is it answered already?").click()
        row.get_by_label("Where did you look, and when?").fill("The store and the register, today.")
        row.get_by_role("button", name="Keep what was found").click()
    page.get_by_role("button", name="Open voting").click()
    expect(page.get_by_text("Voting is open", exact=True)).to_be_visible()
    look(page)


def hands_out(page: Page, look: Look) -> dict[str, list[str]]:
    codes = {}
    for group in ("young people", "social workers"):
        page.get_by_label("Group", exact=True).select_option(label=group)
        page.get_by_label("How many codes?").fill("5")
        page.get_by_role("button", name="Make codes").click()
        expect(page.get_by_role("heading", name="The codes, shown once")).to_be_visible()
        codes[group] = page.locator("pre").inner_text().split()
        look(page)
        page.goto(page.url)
    return codes


def votes(page: Page, centre: str, codes: dict[str, list[str]], look: Look) -> None:
    """The first by hand, looked at on each page; the others as quickly."""
    for group, choice in (("young people", WORDINGS[0]), ("social workers", WORDINGS[1])):
        for code in codes[group]:
            page.goto(f"{centre}/priorities/what-to-find-out-in-fernshire/")
            page.get_by_role("link", name="Vote with your code").click()
            page.get_by_role("textbox", name="Your code").fill(code)
            page.get_by_role("button", name="Open my ballot").click()
            page.get_by_label(choice).check()
            if group == "social workers":
                page.get_by_label(WORDINGS[0]).check()
            if code == codes[group][0]:
                look(page)
            page.get_by_role("button", name="Cast my ballot").click()
            expect(page.get_by_text("Your ballot is cast.")).to_be_visible()
    look(page)


def answers(page: Page, look: Look) -> None:
    page.get_by_role("link", name=f"1. {WORDINGS[0]}").click()
    page.get_by_label("What became of it?").select_option(label="Not taken up")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    page.get_by_label("Why?").fill("Two reviews of it are due this year elsewhere.")
    look(page)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("The answer stands on the page of priorities.")).to_be_visible()


def reads(page: Page, centre: str, look: Look) -> None:
    page.goto(f"{centre}/take-part/")
    look(page)
    page.get_by_role("link", name="You said, we did").click()
    expect(page.get_by_text("Two reviews of it are due this year elsewhere.")).to_be_visible()
    look(page)
    page.get_by_role("link", name="What to find out in Fernshire").click()
    expect(page.get_by_text(f"First came: {WORDINGS[0]}")).to_be_visible()
    look(page)


def decides(page: Page, centre: str, look: Look) -> None:
    page.get_by_role("link", name="A decision", exact=True).click()
    page.get_by_label("What was decided, in a line").fill("Ask again in a year")
    page.get_by_label("What it was about").fill("Few voted.")
    page.get_by_label("The options").fill("Ask again in a year\nLeave it")
    page.get_by_label("Why this one").fill("More will know of it.")
    page.get_by_label("Who decided").fill("The board")
    page.get_by_label("When", exact=True).fill(timezone.localdate().isoformat())
    page.get_by_label("This is a demonstration").check()
    look(page)
    page.get_by_role("button", name="Keep it").click()
    page.goto(f"{centre}/decisions/")
    look(page)
    page.get_by_role("link", name="Ask again in a year").click()
    expect(page.get_by_text("Nobody recorded").first).to_be_visible()
    look(page)
