"""The living loop in a browser: work gets an owner, a question an answer that a second person approves, and readers see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages

Sound = Callable[[Page, str], None]
PASSWORD = "a-long-password-of-fernshire"
WORDING = "Does it help on roads near schools in Mereton?"


@pytest.fixture
def centre(live_server: Any) -> tuple[str, str]:
    """The tiny pack published, a question, a search that is due, a keeper of the loop and an editor; and a page's identifier."""
    from tests.integration.journey.centres import build_roads
    from whatworks.collate.models import Source
    from whatworks.collate.searching import add_strategy
    from whatworks.learn.looping import save_search
    from whatworks.people.actions import add_user
    from whatworks.publish.models import Page as EvidencePage
    from whatworks.scope.questioning import decline_question, take_up
    from whatworks.screen.models import Review

    build_roads()
    for who, role in (("keeper", "loop"), ("editor", "editor")):
        user, _ = add_user(by="test", email=f"{who}@fernshire.example", roles=[role])
        user.set_password(PASSWORD)
        user.save()
    take_up(by="test", wording=WORDING, demonstration=True)
    declined = take_up(by="test", wording="Do hedgehogs slow cars in Mereton?", demonstration=True)
    decline_question(by="test", question=declined, reason="Nobody studies it.")
    source = Source.objects.order_by("pk").first() or Source.objects.register(name="A place", sort="database")
    strategy = add_strategy(by="test", source=source, name="Roads, all of it", text="road*")
    save_search(by="test", review=Review.objects.order_by("pk")[0], strategy=strategy, every_days=30)
    return str(live_server.url), EvidencePage.objects.exclude(revisions=None).order_by("pk")[0].pk


def signed_in(page: Page, url: str, who: str) -> Page:
    page.goto(f"{url}/account/login/")
    page.locator("input[name=login]").fill(f"{who}@fernshire.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What needs you now")).to_be_visible()
    return page


@pytest.mark.slow
def test_from_a_list_of_work_to_an_answer_that_everybody_reads(
    centre: tuple[str, str], open_page: Pages, sound: Sound
) -> None:
    url, cited = centre
    keeps(signed_in(open_page(), url, "keeper"), cited, sound)
    approves(signed_in(open_page(), url, "editor"), sound)
    reads(open_page(), url, sound)


def keeps(page: Page, cited: str, sound: Sound) -> None:
    """Takes a piece of work, looks at what is searched again, writes the answer."""
    page.get_by_role("link", name="All that is to be done, by whom and by when").click()
    expect(page.get_by_text("Roads, all of it")).not_to_have_count(0)
    sound(page, "loop")
    page.get_by_role("link", name=re.compile(f"Who, and by when.*{re.escape(WORDING)}")).click()
    sound(page, "share")
    page.get_by_label("Who does it?").select_option(label="keeper@fernshire.example")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_label("Whose").select_option("mine")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("listitem").filter(has_text=WORDING)).to_contain_text("keeper@fernshire.example")
    page.get_by_role("link", name="Searches that are run again").click()
    sound(page, "searches")
    page.goto(page.url.replace("/loop/searches/", "/loop/"))
    page.get_by_role("link", name=WORDING, exact=True).click()
    sound(page, "write")
    page.get_by_label("The answer").fill(f"It may mean fewer crashes. [{cited}]")
    page.get_by_label("What kind of person asked?").select_option(label="a parent or carer")
    page.get_by_role("button", name="Keep it for a second person to read").click()
    expect(page.get_by_text("You wrote it; somebody else approves it.")).to_be_visible()


def approves(page: Page, sound: Sound) -> None:
    """Finds it under what needs her now, reads it, lets everybody read it."""
    page.get_by_role("link", name=WORDING).click()
    sound(page, "check")
    page.get_by_role("button", name="Approve and publish").click()
    expect(page.get_by_text("It may mean fewer crashes.")).to_be_visible()


def reads(page: Page, url: str, sound: Sound) -> None:
    """Somebody without an account comes by “Take part”, by keyboard where a list is put in another order."""
    page.goto(f"{url}/take-part/")
    page.get_by_role("link", name="Questions from practice, with our answers").click()
    sound(page, "questions")
    page.get_by_role("link", name=WORDING).click()
    expect(page.get_by_text("Asked by a parent or carer.")).to_be_visible()
    sound(page, "question")
    page.goto(f"{url}/gaps/")
    page.get_by_label("First comes").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("In this order: how likely we are to choose wrongly today")).to_be_visible()
    sound(page, "gaps")
    page.goto(f"{url}/evidence/?q=hedgehogs")
    page.get_by_role("link", name="All of it, with what it means").click()
    expect(page.get_by_role("heading", name="What did not work", exact=True)).to_be_visible()
    expect(page.get_by_text("Nobody studies it.")).to_be_visible()
    sound(page, "failed")
    page.goto(f"{url}/learning/how-fast/")
    sound(page, "fast")
