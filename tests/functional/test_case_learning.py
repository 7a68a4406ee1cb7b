"""Learning from cases in a browser: two people code the same publication unseen, a third settles it, and it is read."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Look

PASSWORD = "a-long-password-of-fernshire"
TITLE = "Reviews of many cases in a made-up country"
SENTENCE = "What happened in very serious cases. It cannot show how common something is, what caused it, or what works."
PHONE, DESK = 390, 1280


@pytest.fixture
def centre(live_server: Any) -> str:
    """A centre with an intervention, two coders and one who settles."""
    from whatworks.people.actions import add_user
    from whatworks.scope.models import Intervention, Theme

    for name, role in (("one", "case-coder"), ("two", "case-coder"), ("three", "case-settler")):
        user, _ = add_user(by="test", email=f"{name}@fernshire.example", roles=[role])
        user.set_password(PASSWORD)
        user.save()
    theme = Theme.objects.register(slug="fernshire", name="Fernshire", line="", order=1)
    Intervention.objects.register(slug="a-meeting", name="A family meeting", theme=theme)
    return str(live_server.url)


@pytest.mark.slow
def test_from_a_publication_to_what_readers_see(centre: str, open_page: Pages, look: Look) -> None:
    """By keyboard where a form is sent; the first coder at a desk, the second by phone."""
    one = at_work(open_page(DESK), centre, "one", look)
    enters(one, look)
    codes(one, {"Thresholds and first contact": ("p. 3", "40"), "Sharing information": ("p. 9", "")}, look)
    two = at_work(open_page(PHONE), centre, "two", look)
    expect(two.get_by_role("heading", name="For you to code")).to_be_visible()
    codes(two, {"Thresholds and first contact": ("p. 3", "40"), "Seeing and hearing the child": ("p. 11", "")}, look)
    expect(two.get_by_role("link", name=TITLE)).to_have_count(0)  # to settle is not theirs
    three = at_work(open_page(DESK), centre, "three", look)
    settles(three, look)
    ties(three, centre, look)
    for width in (PHONE, DESK):
        reads(open_page(width), centre, look)


def at_work(page: Page, centre: str, who: str, look: Look) -> Page:
    page.goto(f"{centre}/account/login/")
    page.locator("input[name=login]").fill(f"{who}@fernshire.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Publications to code and to settle").click()
    expect(page.get_by_text(SENTENCE)).to_be_visible()
    look(page)
    return page


def enters(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Enter a publication").click()
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_label("Who published it").fill("A made-up panel")
    page.get_by_label("Year in which it was published").fill("2024")
    page.get_by_label("What is it?").select_option(label="A review of one case or of one place")
    page.get_by_label("On how many cases does it rest?").fill("100")
    page.get_by_label("Where did you read this?").fill("Made up")
    page.get_by_label("This is made up, for a demonstration").check()
    look(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("A review of one case or one place is not entered")
    look(page)
    page.get_by_label("What is it?").select_option(label="A national report or review of many cases")
    page.get_by_role("button", name="Keep it").press("Enter")


def codes(page: Page, given: dict[str, tuple[str, str]], look: Look) -> None:
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.get_by_text("The other person does not see your codes")).to_be_visible()
    look(page)
    for term, (place, cases) in given.items():
        page.get_by_label(term, exact=True).fill(place)
        page.get_by_label(f"“{term}”: of how many of its cases?").fill(cases)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your codes are kept.")).to_be_visible()
    look(page)


def settles(page: Page, look: Look) -> None:
    page.get_by_role("heading", name="To be settled").locator("..").get_by_role("link", name=TITLE).click()
    expect(page.get_by_label("Thresholds and first contact", exact=True)).to_have_value("p. 3")
    expect(page.get_by_label("Sharing information", exact=True)).to_have_value("")  # only one coded it
    page.get_by_label("Sharing information", exact=True).fill("p. 9")
    page.get_by_label("Why is it settled so?").fill("Read together.")
    look(page)
    page.get_by_role("button", name="Settle it").press("Enter")
    expect(page.get_by_text("It is settled, and stands on the page.")).to_be_visible()
    expect(page.get_by_text("They differed on 2 terms.")).to_be_visible()


def ties(page: Page, centre: str, look: Look) -> None:
    page.goto(f"{centre}/workspace/cases/")
    page.get_by_role("link", name="Tie a theme to an intervention").click()
    page.get_by_label("Theme", exact=True).select_option(label="Thresholds and first contact")
    page.get_by_label("Intervention", exact=True).select_option(label="A family meeting")
    page.get_by_label("Which question does it raise?").fill("Are families asked before the bar is decided?")
    look(page)
    page.keyboard.press("Enter")
    expect(page.get_by_text("raises a question about A family meeting", exact=False).first).to_be_visible()
    look(page)
    page.get_by_text("Remove a publication").click()
    page.get_by_role("listitem").get_by_role("link", name=TITLE).last.click()
    expect(page.get_by_role("button", name="Remove it")).to_be_visible()
    look(page)


def reads(page: Page, centre: str, look: Look) -> None:
    page.goto(f"{centre}/take-part/")
    page.get_by_role("link", name="What national reviews of very serious cases say").click()
    for step in ("Thresholds and first contact", TITLE, "What each theme means, and how far two people agreed"):
        expect(page.get_by_text(SENTENCE)).to_be_visible()
        look(page)
        page.get_by_role("link", name=step).first.click()
    look(page)
    page.go_back()
    expect(page.get_by_text("it says so of 40 of its 100 cases")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Are families asked before the bar is decided?")).to_be_visible()
    page.go_back()
    page.get_by_text("Year in which it was published").click()
    page.get_by_role("link", name="2024").click()
    look(page)
