"""A site from its opening to what everybody sees, in a browser: plan, phase, form on a phone, adaptation, the statistician's answer."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Look

PASSWORD = "a-long-password-of-fernshire"
PEOPLE = (("keeps", "keeper"), ("leads", "site"), ("sums", "statistician"))
COMPONENTS = "Meets the family | meetings | 80\nGoes along to school | visits | 50 | extra"


@pytest.fixture
def centre(live_server: Any) -> str:
    """A small centre with published pages, a drawn trial and the people of the journey."""
    from tests.integration.implement.places import drawn_trial
    from tests.integration.journey.centres import build_roads
    from whatworks.people.actions import add_user

    build_roads()
    drawn_trial()
    for name, role in PEOPLE:
        user, _ = add_user(by="test", email=f"{name}@fernshire.example", roles=[role])
        user.set_password(PASSWORD)
        user.save()
    return str(live_server.url)


def signed_in(page: Page, url: str, who: str, link: str) -> Page:
    page.goto(f"{url}/account/login/")
    page.locator("input[name=login]").fill(f"{who}@fernshire.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=link).click()
    return page


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_a_site_from_its_opening_to_what_everybody_sees(centre: str, open_page: Pages, width: int, look: Look) -> None:
    keeper = signed_in(open_page(width), centre, "keeps", "Your sites")
    opens(keeper, look)
    plans(keeper, look)
    keeper.get_by_label("E-mail address with which they sign in").fill("leads@fernshire.example")
    keeper.get_by_role("button", name="Take them in").click()
    lead = signed_in(open_page(width), centre, "leads", "Your sites")
    lead.get_by_role("link", name="Brookfield school").click()
    goes_on(lead, look)
    sends(lead, look)
    adapts(lead, look)
    shows(lead)
    codes = asks(lead, look)
    answers(open_page(width), centre, codes, look)
    answered(signed_in(open_page(width), centre, "sums", "Adaptations that may lower fidelity"), look)
    reads(open_page(width), centre, look)


def opens(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Open a site").click()
    look(page)
    page.get_by_label("Name of the place").fill("Brookfield school")
    page.get_by_label("What is it?").select_option("school")
    page.get_by_label("By which page does it go?").select_option(index=1)
    page.get_by_label("Is it in a trial?").select_option(label="Workers in Brookfield schools")
    page.get_by_label("What does the trial’s list call it?").fill("School 2")
    page.get_by_label("This is a demonstration").check()
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_text("The site is open.")).to_be_visible()


def plans(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Write the plan").click()
    look(page)
    page.get_by_label("Core components").fill("Meets the family | meetings | lots")
    page.get_by_label("How much of it: what is counted?").fill("Sessions held")
    page.get_by_label("Indicators").fill("Families met within ten days | %")
    page.get_by_label("What goes to the trial as “fidelity”?").select_option("score")
    page.get_by_label("What goes to the trial as “sessions”?").select_option("dose")
    page.get_by_role("button", name="Keep the plan").click()
    expect(page.get_by_text("lots is no percentage")).to_be_visible()
    look(page)
    page.get_by_label("Core components").fill(COMPONENTS)
    page.get_by_role("button", name="Keep the plan").click()
    expect(page.get_by_text("The plan is kept.")).to_be_visible()


def goes_on(page: Page, look: Look) -> None:
    look(page)
    for phase in ("prepare", "deliver"):
        page.get_by_text("To another phase").click()
        page.get_by_label("Which phase?").select_option(phase)
        page.get_by_label("Since which day?").fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
        page.get_by_role("button", name="Move it on").click()
        expect(page.get_by_text("The site has moved on.")).to_be_visible()


def sends(page: Page, look: Look) -> None:
    page.get_by_role("link", name="Send this month’s form").click()
    expect(page.get_by_text("Do not name or describe a child, family or worker.")).to_be_visible()
    look(page)
    for group, due, done in (("Meets the family", "10", "6"), ("Goes along to school", "4", "5")):
        page.get_by_role("group", name=group).get_by_label("Due").fill(due)
        page.get_by_role("group", name=group).get_by_label("Done").fill(done)
    page.get_by_label("Sessions held").fill("6")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("done 5 times of 4 due")).to_be_visible()
    look(page)
    page.get_by_role("group", name="Goes along to school").get_by_label("Done").fill("2")
    page.get_by_label("Anything that the numbers do not say?").fill("The room was too small.")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("Sent. Thank you.")).to_be_visible()
    expect(page.get_by_role("cell", name="55%")).to_be_visible()


def adapts(page: Page, look: Look) -> None:
    page.get_by_role("navigation", name="Where you are").get_by_role("link", name="Brookfield school").click()
    page.get_by_role("link", name="Write down an adaptation").click()
    look(page)
    page.get_by_label("Are all core components still there?").select_option("inconsistent")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("Say which core components").first).to_be_visible()
    page.get_by_label("Meets the family").check()
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("Written down.", exact=True)).to_be_visible()


def shows(page: Page) -> None:
    page.get_by_role("navigation", name="Where you are").get_by_role("link", name="Brookfield school").click()
    page.get_by_role("button", name="The place agrees: show it").click()
    expect(page.get_by_text("The place agreed that everybody sees its page.")).to_be_visible()


def asks(page: Page, look: Look) -> list[str]:
    """A number for the run chart, then a wave of readiness. Returns its codes."""
    page.get_by_role("link", name="Small tests and run charts").click()
    look(page)
    for day, value in (("2026-01-05", "40"), ("2026-01-12", "55")):
        page.get_by_label("Which day?").fill(day)
        page.get_by_label("Value").fill(value)
        page.get_by_role("button", name="Keep it").first.click()
        expect(page.get_by_text("The number is kept.")).to_be_visible()
    expect(page.get_by_role("img", name="Families met within ten days")).to_be_visible()
    look(page)
    page.get_by_role("navigation", name="Where you are").get_by_role("link", name="Brookfield school").click()
    page.get_by_role("link", name="Readiness and barriers").click()
    look(page)
    page.get_by_label("How many people are asked?").fill("5")
    page.get_by_role("button", name="Open the wave").click()
    look(page)
    return page.locator(".codes code").all_inner_texts()


def answers(page: Page, url: str, codes: list[str], look: Look) -> None:
    assert len(codes) == 5
    page.goto(f"{url}/take-part/")
    page.get_by_role("link", name="Answer questions on readiness, with a code").click()
    look(page)
    page.get_by_label("Your code").fill(codes[0])
    page.get_by_role("button", name="Begin").click()
    look(page)
    page.get_by_role("group", name="want to implement this change").get_by_label("Somewhat agree").check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert codes[0] not in page.url


def answered(page: Page, look: Look) -> None:
    look(page)
    page.get_by_label("What becomes of the analysis?").select_option("plan")
    page.get_by_role("button", name="Put it into the record").click()
    expect(page.get_by_text("Nothing waits.")).to_be_visible()


def reads(page: Page, url: str, look: Look) -> None:
    """What everybody sees: the site, its trial with the adaptation and what was decided, and a question that waits."""
    page.goto(f"{url}/sites/")
    look(page)
    page.get_by_role("link", name="Brookfield school").click()
    expect(page.get_by_role("cell", name="55%")).to_be_visible()
    expect(page.get_by_text("It goes into the plan of analysis")).to_be_visible()
    look(page)
    page.get_by_role("link", name="In a trial").click()
    expect(page.get_by_text("1 of them may lower fidelity.")).to_be_visible()
    page.goto(f"{url}/communities/")
    look(page)
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()
    look(page)
    page.get_by_label("Your question").fill("How do you begin?")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_text("Somebody reads it before it shows here.")).to_be_visible()
    expect(page.get_by_text("Nobody has asked yet.")).to_be_visible()
