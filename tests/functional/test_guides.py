"""The journey of a guide: written by two people at once, commented on, approved by a third, made stale, and revised."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages

Sound = Callable[[Page], None]
Person = tuple[str, str, str]  # identifier, address, password


@pytest.fixture
def people(live_server: Any) -> dict[str, Person]:
    """A small published centre, and four people: two write, one edits, one only reads."""
    from tests.integration.journey.centres import build_roads
    from whatworks.people.actions import add_user

    build_roads()
    made: dict[str, Person] = {}
    for name, roles in (("wim", ["writer"]), ("ann", ["writer"]), ("ed", ["editor"]), ("rea", [])):
        user, password = add_user(by="test", email=f"{name}@fernshire.example", roles=roles)
        made[name] = (user.pk, user.email, password)
    return made


@pytest.mark.parametrize("width", [390, 1280])
def test_a_guide_is_written_commented_on_approved_and_revised(
    people: dict[str, Person], live_server: Any, open_page: Pages, width: int, axe: Callable[[Page], list[str]]
) -> None:
    url = live_server.url

    def signed_in(name: str) -> Page:
        page = open_page(width)
        page.goto(f"{url}/account/login/")
        page.locator("input[name=login]").fill(people[name][1])
        page.locator("input[name=password]").fill(people[name][2])
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    def sound(page: Page) -> None:
        assert axe(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url

    wim, ed, reader = signed_in("wim"), signed_in("ed"), open_page(width)
    guide = begins(wim, url, sound)
    meets_another(wim, guide, people["ann"][0], sound)
    finishes(wim, guide, people["wim"][0], url, sound)
    is_put_out(ed, url, guide, sound)
    comments(signed_in("rea"), reader, url, guide, sound)
    answers(wim, reader, url, guide, sound)
    is_approved(wim, ed, reader, url, guide, sound)
    goes_stale(wim, ed, reader, url, guide, sound)


def begins(page: Page, url: str, sound: Sound) -> Any:
    """A question, and a first recommendation; a typed number is kept, and named as something to mend."""
    from whatworks.publish.models import Guide

    page.goto(f"{url}/workspace/guides/")
    sound(page)
    page.get_by_role("link", name="Begin a guide").click()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("alert")).to_contain_text("Ask one question.")
    page.get_by_role("textbox", name="The question").fill("How can we make a street safer?")
    page.get_by_label("Theme", exact=True).select_option("slower-streets")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("status").first).to_contain_text("nothing is public")
    sound(page)
    page.get_by_label("Stages of the child").fill("Plan\nBuild")
    page.get_by_role("button", name="Add a recommendation").click()
    one = page.locator("#r1")
    one.get_by_label("What to do").fill("Build humps.")
    one.get_by_label("At which stage").select_option("Plan")
    one.locator("textarea[name=r1-why]").fill("It saved 12 of 100 children.")
    page.get_by_role("button", name="Add a recommendation").click()
    page.locator("#r2").get_by_label("What to do").fill("Ask the people who live there.")
    page.get_by_role("button", name="Move up recommendation 2").click()
    expect(page.get_by_label("What to do").first).to_have_value("Ask the people who live there.")
    page.get_by_role("button", name="Remove recommendation 1").click()
    expect(page.get_by_role("status").first).to_contain_text("You can put it back")
    page.get_by_role("button", name=re.compile("^Put back.*Ask the people")).click()
    expect(page.locator("#r2").get_by_label("What to do")).to_have_value("Ask the people who live there.")
    expect(page.get_by_role("link", name="Recommendation 1: why").first).to_be_visible()
    sound(page)
    return Guide.objects.get()


def meets_another(page: Page, guide: Any, other: str, sound: Sound) -> None:
    """Somebody else kept a text in between: both are shown, and nothing is lost."""
    from whatworks.ledger.canonical import digest
    from whatworks.publish.guides.guiding import draft_of, write

    theirs = draft_of(guide).text
    write(by=other, guide=guide, text=theirs | {"answer": "Theirs."}, seen=digest(theirs))
    page.get_by_role("textbox", name="The answer in short").fill("Mine.")
    page.get_by_role("button", name="Keep what I have written").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Both texts are below; yours is not lost.")
    changes = page.locator(".compare")
    expect(changes).to_contain_text("Theirs.")
    expect(changes).to_contain_text("Mine.")
    expect(page.get_by_role("textbox", name="The answer in short")).to_have_value("Mine.")
    sound(page)
    page.get_by_role("button", name="Keep what I have written").first.click()
    expect(page.get_by_role("status").first).to_have_text("Kept.")


def finishes(page: Page, guide: Any, writer: str, url: str, sound: Sound) -> None:
    """The rest of the text; then it is read as readers would, and sent."""
    from tests.integration.publish.guides import analysis, recommendation, text
    from whatworks.ledger.canonical import digest
    from whatworks.publish.guides.guiding import draft_of, write

    held = draft_of(guide).text
    said = f"With {{{analysis().pk}: certainty}}, we found {{{analysis().pk}: result}}."
    full = text(recommendations=[recommendation(n, why=said) for n in range(1, 6)])
    write(by=writer, guide=guide, text=full, seen=digest(held))
    page.goto(f"{url}/workspace/guides/{guide.pk}/")
    page.get_by_role("button", name="Keep it and read it as a reader would").click()
    expect(page.get_by_role("heading", name="Send it on")).to_be_visible()
    expect(page.locator("#r1 a.num").first).to_be_visible()
    sound(page)
    page.get_by_role("button", name="Send it to be put out for comment").click()
    expect(page.get_by_role("status").first).to_contain_text("Sent.")
    expect(page.get_by_text("This needs the role Editor.")).to_be_visible()


def is_put_out(page: Page, url: str, guide: Any, sound: Sound) -> None:
    """An editor finds it among what needs them, and puts it out until a day."""
    from django.utils import timezone

    page.goto(f"{url}/workspace/")
    page.get_by_role("link", name="How can we make a street safer?").first.click()
    page.get_by_role("button", name="Put it out for comment").click()
    expect(page.get_by_role("alert")).to_contain_text("last day on which people can respond")
    last = timezone.localdate() + datetime.timedelta(days=30)
    page.get_by_label("People can respond until").fill(f"{last:%Y-%m-%d}")
    sound(page)
    page.get_by_role("button", name="Put it out for comment").click()
    expect(page.get_by_text("This is a draft, not guidance.")).to_be_visible()
    sound(page)


def comments(page: Page, reader: Page, url: str, guide: Any, sound: Sound) -> None:
    """Somebody with no role says what they think; who is not signed in is told how."""
    reader.goto(f"{url}/guides/{guide.slug}/")
    expect(reader.get_by_text("To say what you think,")).to_be_visible()
    sound(reader)
    page.goto(f"{url}/guides/{guide.slug}/")
    page.get_by_role("link", name="Say what you think").click()
    page.get_by_role("textbox", name="What do you think?").fill("Humps hurt cyclists.")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("alert")).to_contain_text("as whom you speak")
    expect(page.get_by_role("textbox", name="What do you think?")).to_have_value("Humps hurt cyclists.")
    page.get_by_role("textbox", name="You speak as").fill("a cyclist")
    page.get_by_label("About", exact=True).select_option("Recommendation 2")
    sound(page)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("status").first).to_contain_text("Thank you.")
    expect(page.get_by_text("1 response so far. 1 not answered yet.")).to_be_visible()


def answers(page: Page, reader: Page, url: str, guide: Any, sound: Sound) -> None:
    """A writer answers; readers see what was done, and not the words that they may not see."""
    page.goto(f"{url}/workspace/")
    page.locator("a[href^='/workspace/responses/']").first.click()
    page.get_by_role("textbox", name="What was asked").fill("Whether humps hurt cyclists.")
    page.get_by_role("textbox", name="What we did about it").fill("We looked, and hold no result on it.")
    sound(page)
    page.get_by_role("button", name="Keep the answer").click()
    expect(page.get_by_role("status").first).to_contain_text("Answered.")
    sound(page)
    reader.goto(f"{url}/guides/{guide.slug}/")
    expect(reader.get_by_text("We looked, and hold no result on it.")).to_be_visible()
    expect(reader.locator("main blockquote")).to_have_count(0)


def is_approved(writer: Page, editor: Page, reader: Page, url: str, guide: Any, sound: Sound) -> None:
    """Its writer sends it; somebody who did not write it approves it."""
    writer.goto(f"{url}/workspace/guides/{guide.pk}/read/")
    writer.get_by_role("button", name="Send it for approval").click()
    editor.goto(f"{url}/workspace/guides/{guide.pk}/read/")
    sound(editor)
    editor.get_by_role("button", name="Approve and publish").click()
    expect(editor.get_by_role("status").first).to_have_text("Published as revision 1.")
    reader.goto(f"{url}/guides/{guide.slug}/")
    expect(reader.get_by_text("approved by an editor who did not write it")).to_be_visible()
    expect(reader.get_by_text("This is a draft, not guidance.")).to_have_count(0)
    reader.locator("#r1 .said a.num").first.click()
    expect(reader.locator(".thread")).to_be_visible()


def goes_stale(writer: Page, editor: Page, reader: Page, url: str, guide: Any, sound: Sound) -> None:
    """A raw number is put right: readers see that something moved and the approved numbers, until revision 2."""
    from tests.integration.journey.centres import publish_all
    from tests.integration.publish.test_guides import corrected

    reader.goto(f"{url}/guides/{guide.slug}/")
    before = reader.locator("#r1 .said").inner_text()
    corrected()
    publish_all()
    reader.reload()
    expect(reader.get_by_role("status")).to_contain_text("We have been checking it")
    assert reader.locator("#r1 .said").inner_text() == before
    sound(reader)
    writer.goto(f"{url}/workspace/")
    expect(writer.get_by_role("heading", name="Guides whose ground has moved")).to_be_visible()
    writer.goto(f"{url}/workspace/guides/{guide.pk}/")
    writer.get_by_role("button", name="Keep it and read it as a reader would").click()
    expect(writer.locator("#changes + .compare")).to_be_visible()
    writer.get_by_role("button", name="Send it for approval").click()
    editor.goto(f"{url}/workspace/guides/{guide.pk}/read/")
    editor.get_by_role("button", name="Approve and publish").click()
    expect(editor.get_by_role("alert")).to_contain_text("Say in a sentence what changed")
    editor.get_by_label("What changed, in a sentence").fill("A number was put right.")
    editor.get_by_role("button", name="Approve and publish").click()
    reader.reload()
    expect(reader.get_by_role("status")).to_have_count(0)
    reader.get_by_role("link", name="History").click()
    sound(reader)
    reader.get_by_role("link", name=re.compile("^What changed")).click()
    expect(reader.get_by_text("A number was put right.")).to_be_visible()
    sound(reader)
