"""Somebody asks, comments and challenges in a browser, at a desk and on a phone; moderators and keepers answer; it is deleted."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Look

ASKED = "How much does a road hump cost, and who decides where one is built in our town?"
CHALLENGED = "Only one small study is behind this; nobody can be that sure."
TELLING = "My son Jack goes to Oakfield Primary School and was nearly run over."
People = dict[str, tuple[str, str]]


@pytest.fixture
def people(live_server: Any) -> People:
    """A small centre with published pages; a keeper of enquiries, a moderator, a reader of the quarantine."""
    from tests.integration.journey.centres import build_roads
    from whatworks.people.actions import add_user

    build_roads()
    found = {}
    for role in ("enquiries", "moderator", "quarantine"):
        user, password = add_user(by="test", email=f"{role}@fernshire.example", roles=[role])
        found[role] = (user.email, password)
    return found


def signed_in(page: Page, url: str, who: tuple[str, str]) -> Page:
    page.goto(f"{url}/account/login/")
    page.locator("input[name=login]").fill(who[0])
    page.locator("input[name=password]").fill(who[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Workspace").first).to_be_visible()
    return page


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_from_a_question_and_a_challenge_to_their_answers(
    live_server: Any, people: People, open_page: Pages, width: int, look: Look
) -> None:
    url = live_server.url
    reader = open_page(width, java_script_enabled=True)
    mine = asks(reader, url, look)
    keeper = signed_in(open_page(width), url, people["enquiries"])
    answers(keeper, url, look)
    reader.goto(mine)
    expect(reader.get_by_text("It costs what the log says.")).to_be_visible()
    where, own = challenges(reader, url, look)
    moderates(signed_in(open_page(width), url, people["moderator"]), url, look)
    settles(keeper, url, look)
    reader.goto(where)
    expect(reader.get_by_text(CHALLENGED)).to_be_visible()
    expect(reader.get_by_text("You are right; we look at it again.")).to_be_visible()
    lies_apart(reader, signed_in(open_page(width), url, people["quarantine"]), url, look)
    reads_the_rest(reader, url, look)
    deletes(reader, own, look)
    reader.goto(where)
    expect(reader.get_by_text(CHALLENGED)).to_have_count(0)
    assert reader.context.cookies() == []


def asks(page: Page, url: str, look: Look) -> str:
    page.goto(f"{url}/take-part/")
    page.get_by_role("link", name="Ask us").click()
    expect(page.get_by_text("Childline 0800 1111")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    page.get_by_label("What do you want to know?").fill(ASKED)
    page.get_by_role("button", name="Go on").click()
    look(page)
    page.get_by_label("Information that you hold").check()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("We are working on it.")).to_be_visible()
    look(page)
    return page.url


def answers(page: Page, url: str, look: Look) -> None:
    page.goto(f"{url}/workspace/enquiries/")
    look(page)
    page.get_by_role("link", name=re.compile("Information that you hold")).click()
    look(page)
    page.get_by_role("heading", name="Sort it").click()
    form = page.locator("#step-sort")
    form.get_by_label("For information that we hold").select_option("foia")
    form.get_by_role("button", name="Sort it").click()
    expect(page.get_by_text("Freedom of Information Act 2000").first).to_be_visible()
    page.get_by_role("heading", name="Take more time").click()
    form = page.locator("#step-extended")
    form.get_by_label("The letter they get").fill("We weigh the public interest.")
    form.get_by_role("button", name="Take more time").click()
    expect(page.get_by_text("Name the exemption whose public interest is weighed")).to_be_visible()
    look(page)
    page.get_by_role("heading", name="Answer", exact=True).click()
    form = page.locator("#step-answered")
    form.get_by_label("The letter they get").fill("It costs what the log says.")
    form.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_text("Done, and in its history.")).to_be_visible()
    discloses(page, look)
    asks_it_as_a_question(page, look)


def discloses(page: Page, look: Look) -> None:
    page.get_by_role("heading", name="Put the answer into the public log").click()
    form = page.locator("#step-disclose")
    form.get_by_label("Title").fill("The cost of humps")
    form.get_by_label("What was asked, in our words").fill(ASKED)
    form.get_by_label("What we answered").fill("It stands in the accounts.")
    form.get_by_role("button", name="Put the answer").click()
    expect(page.get_by_text("is how they put it").first).to_be_visible()
    form.get_by_label("What was asked, in our words").fill("What humps cost, and who chooses their places.")
    form.get_by_role("button", name="Put the answer").click()
    expect(page.get_by_role("link", name="The cost of humps")).to_be_visible()
    look(page)


def asks_it_as_a_question(page: Page, look: Look) -> None:
    from whatworks.publish.models import Page as Published

    page.get_by_role("heading", name="Make it a question").click()
    form = page.locator("#step-question")
    form.get_by_label("The question in our words").fill("What do humps cost for each accident that they prevent?")
    form.get_by_role("button", name="Make it a question").click()
    page.get_by_role("link", name="Enquiries", exact=True).first.click()
    page.get_by_role("link", name="Questions that came of them").click()
    look(page)
    page.get_by_label("The identifier of the page").fill(Published.objects.exclude(revisions=None).order_by("pk")[0].pk)
    page.get_by_role("button", name="Answered").click()
    expect(page.get_by_text("1 person who asked is told.")).to_be_visible()


def challenges(page: Page, url: str, look: Look) -> tuple[str, str]:
    from whatworks.publish.models import Page as Published

    where = f"{url}/evidence/{Published.objects.exclude(revisions=None).order_by('pk')[0].slug}/"
    page.goto(where)
    page.get_by_role("link", name="Comment on this page, or challenge it").click()
    look(page)
    page.get_by_label("surer").check()
    page.get_by_label("Your words").fill(CHALLENGED)
    page.get_by_label("You speak as").fill("a parent in Mereton")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("It waits for somebody to read it.")).to_be_visible()
    look(page)
    return where, page.url


def moderates(page: Page, url: str, look: Look) -> None:
    page.goto(f"{url}/workspace/moderation/")
    look(page)
    page.get_by_role("link", name=re.compile("Challenge to how sure")).click()
    look(page)
    page.get_by_role("button", name="Let it show as it is").click()
    expect(page.get_by_text("Decided, and in the public log.")).to_be_visible()


def settles(page: Page, url: str, look: Look) -> None:
    page.goto(f"{url}/workspace/challenges/")
    look(page)
    page.locator("main ul.ruled a").first.click()
    page.get_by_label("What came of it").select_option("upheld")
    page.get_by_role("textbox", name="Our answer").fill("You are right; we look at it again.")
    look(page)
    page.get_by_role("button", name="Answer in public").click()
    expect(page.get_by_text("Answered. Everybody can read it.")).to_be_visible()


def lies_apart(reader: Page, page: Page, url: str, look: Look) -> None:
    """What says who somebody is goes to the few, marked; nobody else sees it."""
    reader.goto(f"{url}/challenge/?of=/standards/")
    reader.get_by_label("Your words").fill(TELLING)
    reader.get_by_role("button", name="Send it").click()
    expect(reader.get_by_text("It lies apart, where few can read it")).to_be_visible()
    page.goto(f"{url}/workspace/moderation/apart/")
    expect(page.locator("mark").first).to_have_text("My son Jack")
    look(page)
    page.get_by_role("button", name="Delete it for good").click()
    expect(page.get_by_text("Nothing lies apart.")).to_be_visible()


def reads_the_rest(page: Page, url: str, look: Look) -> None:
    for address in ("/answers/", "/answers/1/", "/challenges/", "/moderation/", "/how-to-complain/"):
        page.goto(f"{url}{address}")
        look(page)
    page.goto(url)
    page.get_by_role("link", name="How to complain about a service").click()
    expect(page.get_by_role("heading", name="Who looks after what")).to_be_visible()
    page.goto(f"{url}/ask/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.get_by_label("What do you want to know?").fill("What did humps cost, and who chooses their places?")
    page.get_by_label("What do you want to know?").press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="The cost of humps").click()
    expect(page.get_by_role("heading", name="What we answered")).to_be_visible()


def deletes(page: Page, own: str, look: Look) -> None:
    page.goto(own)
    page.get_by_role("button", name="Delete what I sent").click()
    expect(page.get_by_text("It is deleted.")).to_be_visible()
    look(page)
