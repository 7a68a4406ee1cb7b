"""Sign up, confirm, get a letter over real SMTP, leave; keep contacts; write, approve and send: in a browser, at both widths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.fakes.smtp import Sink, sinking
from tests.functional.conftest import Look
from whatworks.ledger.work import work_off

LINK = re.compile(r"http://127\.0\.0\.1:8000(/newsletter/[a-z]+/\S+)")


@pytest.fixture
def inbox(settings: Any) -> Iterator[Sink]:
    """A real mail server on this machine."""
    with sinking() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


@pytest.fixture
def people(live_server: Any) -> dict[str, tuple[str, str]]:
    """Somebody who writes and keeps contacts, and somebody who approves."""
    from whatworks.people.actions import add_user

    found = {}
    for name, role in (("writes", "engagement"), ("approves", "publicist")):
        user, password = add_user(by="test", email=f"{name}@fernshire.example", roles=[role])
        found[name] = (user.email, password)
    return found


def signed_in(page: Page, url: str, who: tuple[str, str], at: str) -> Page:
    page.goto(f"{url}/account/login/")
    page.locator("input[name=login]").fill(who[0])
    page.locator("input[name=password]").fill(who[1])
    page.keyboard.press("Enter")
    page.get_by_role("link", name=at).click()
    return page


def newest(inbox: Sink) -> str:
    """The newest letter's plain text."""
    body = inbox.took()[-1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(text: str, kind: str) -> str:
    return next(found for found in LINK.findall(text) if f"/{kind}/" in found)


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_list_to_the_inbox_and_off_it_again(
    live_server: Any,
    people: dict[str, tuple[str, str]],
    open_page: Pages,
    width: int,
    look: Look,
    inbox: Sink,
    tmp_path: Path,
) -> None:
    url = live_server.url
    writes = signed_in(open_page(width), url, people["writes"], "Lists and editions")
    opens_a_list(writes, look)
    signs_up(open_page(width), url, look, inbox)
    brings_a_list(writes, url, look, tmp_path)
    writes_a_release(writes, url, look)
    writes_an_edition(writes, url, look, inbox)
    approves(signed_in(open_page(width), url, people["approves"], "Posts and press releases"), url, look)
    before = len(inbox.letters)
    work_off()
    assert sorted(to for to, _ in inbox.letters[before:]) == ["agreed@fernshire.example", "reader@fernshire.example"]
    reads_the_archive(open_page(width), url, look)
    leaves(open_page(width), url, look, inbox)
    sees_why(writes, url, look)
    erases(writes, url, look)


def opens_a_list(page: Page, look: Look) -> None:
    look(page)
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    page.get_by_label("Title").last.fill("Newsletter of Fernshire")
    page.get_by_label("What do people get, and how often?").fill("What is new in Fernshire, once a month.")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("status")).to_contain_text("The list is open.")


def signs_up(page: Page, url: str, look: Look, inbox: Sink) -> None:
    """With the keyboard alone; the e-mail's link is followed, and its button pressed."""
    page.goto(f"{url}/take-part/")
    page.get_by_role("link", name="Get our e-mails").click()
    look(page)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    look(page)
    page.get_by_label("Your e-mail address").fill("reader@fernshire.example")
    page.keyboard.press("Tab")
    box = page.get_by_role("checkbox")
    expect(box).to_be_focused()
    expect(box).not_to_be_checked()  # a box that was ticked before is no consent
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your inbox")
    look(page)
    page.goto(url + link_in(newest(inbox), "confirm"))
    look(page)
    page.get_by_role("button", name="Yes, I want them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirmed")
    look(page)


def brings_a_list(page: Page, url: str, look: Look, folder: Path) -> None:
    table = folder / "old.csv"
    table.write_text(
        "email,name,subscriber,basis,consent_on,wording,source\n"
        "agreed@fernshire.example,A reader in Mereton,individual,consent,2025-05-01,form 2,paper form\n"
        "never@fernshire.example,Somebody in Larkmere,individual,,,,\n"
    )
    page.goto(f"{url}/workspace/contacts/")
    look(page)
    page.get_by_role("link", name="Bring in a list").click()
    look(page)
    page.get_by_label("The list, as CSV in UTF-8").set_input_files(table)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("main")).to_contain_text("They agreed on 1 May 2025: paper form.")
    expect(page.locator("main")).to_contain_text("Nothing says that they agreed to this list.")
    look(page)
    page.get_by_role("button", name="Save all lines").click()
    expect(page.get_by_role("status")).to_contain_text("Saved: 2 new")
    page.get_by_role("link", name="A reader in Mereton").click()
    expect(page.locator("main")).to_contain_text("may write")
    look(page)


def writes_a_release(page: Page, url: str, look: Look) -> None:
    page.goto(f"{url}/workspace/news/")
    look(page)
    page.get_by_role("link", name="Write something").click()
    look(page)
    page.get_by_label("What is it?").select_option("press release")
    page.get_by_label("Title").fill("Brookfield tries something new")
    page.get_by_label("In a sentence").fill("A made-up council tries something.")
    page.get_by_label("Text (Markdown)").fill("It *begins* in spring.")
    page.get_by_label("Notes to editors").fill("1. Fernshire does not exist.")
    page.get_by_label("Made up").check()
    page.get_by_role("button", name="Keep it as a draft").click()
    expect(page.get_by_role("alert")).to_contain_text("whom journalists can ask")
    page.get_by_label("Whom journalists can ask").fill("Press office, press@fernshire.example")
    page.get_by_role("button", name="Keep it as a draft").click()
    expect(page.locator("main")).to_contain_text("somebody else approves it")
    look(page)


def writes_an_edition(page: Page, url: str, look: Look, inbox: Sink) -> None:
    page.goto(f"{url}/workspace/newsletter/")
    page.get_by_label("Title").first.fill("What is new")
    page.get_by_role("button", name="Begin").click()
    look(page)
    page.get_by_label("Our words at the beginning (Markdown)").fill("Good *morning* from Fernshire.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("status")).to_contain_text("Kept.")
    page.get_by_role("button", name="Send it to me").click()
    expect(page.get_by_role("status")).to_contain_text("Sent to you")
    assert inbox.letters[-1][0] == "writes@fernshire.example" and "Good morning from Fernshire." in newest(inbox)
    page.get_by_role("link", name="How it reads").click()
    expect(page.locator("main")).to_contain_text("Good morning from Fernshire.")
    look(page)


def approves(page: Page, url: str, look: Look) -> None:
    page.get_by_role("link", name="Brookfield tries something new").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("Approved.")
    page.goto(f"{url}/workspace/newsletter/")
    page.get_by_role("link", name="What is new").click()
    look(page)
    page.get_by_role("button", name="Approve and send").click()
    expect(page.get_by_role("status")).to_contain_text("Approved. It goes out at its moment.")


def reads_the_archive(page: Page, url: str, look: Look) -> None:
    page.goto(f"{url}/newsletter/")
    page.get_by_role("link", name="What is new").click()
    look(page)
    page.get_by_role("link", name="Brookfield tries something new").click()
    expect(page.locator("main")).to_contain_text("Made up, for a demonstration")
    look(page)
    page.get_by_role("link", name="News", exact=True).first.click()
    look(page)


def leaves(page: Page, url: str, look: Look, inbox: Sink) -> None:
    mine = next(letter for to, letter in reversed(inbox.letters) if to == "reader@fernshire.example")
    letters = [one for one in inbox.took() if one["To"] == "reader@fernshire.example" and one["List-Id"]]
    text = str(letters[-1].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in mine
    page.goto(url + link_in(text, "preferences"))
    look(page)
    expect(page.get_by_role("checkbox")).to_be_checked()
    page.goto(url + link_in(text, "leave"))
    look(page)
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You have left")
    look(page)
    page.goto(url + link_in(text, "preferences"))
    expect(page.get_by_role("checkbox")).not_to_be_checked()
    page.goto(f"{url}/newsletter/leave/ctc-1.mls-1:forged/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does nothing")
    look(page)


def sees_why(page: Page, url: str, look: Look) -> None:
    page.goto(f"{url}/workspace/newsletter/")
    page.get_by_role("link", name="What is new").click()
    expect(page.locator("main")).to_contain_text("Sent; the last letter went on")
    look(page)
    page.goto(f"{url}/workspace/contacts/")
    page.get_by_role("link", name="reader@fernshire.example").click()
    expect(page.locator("main")).to_contain_text("have not joined again")
    page.get_by_role("link", name="All that is held of them").click()
    expect(page.locator("main")).to_contain_text("newsletter-1")
    look(page)
    page.goto(f"{url}/workspace/contacts/twice/")
    look(page)
    page.goto(f"{url}/workspace/newsletter/bounces/")
    look(page)


def erases(page: Page, url: str, look: Look) -> None:
    page.goto(f"{url}/workspace/contacts/")
    page.get_by_label("Letters of a name or an address").fill("never@")
    page.get_by_role("button", name="Find").click()
    assert "never" not in page.url
    page.get_by_role("link", name="Somebody in Larkmere").click()
    page.get_by_text("Erase this person").click()
    page.get_by_label("Why?").fill("asked by the person")
    page.get_by_label("Yes, erase everything").check()
    page.get_by_role("button", name="Erase").click()
    expect(page.locator("main")).to_contain_text("nothing says who it was")
    expect(page.locator("main")).not_to_contain_text("Larkmere")
    look(page)
