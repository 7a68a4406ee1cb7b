"""The journey of somebody who keeps the practice map: say, correct, bring a table in, ask places in a round, look."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages

HEAD = "Place,Practice,Status,On,Source,Said by\n"
WRONG = HEAD + "Mereton,Mentors,often,25/01/2024,A call,head of service\n"
RIGHT = HEAD + "Mereton,Mentors,doing,2024-01-25,A call,head of service\n"


@pytest.fixture
def jo(live_server: Any) -> tuple[str, str, str]:
    """A centre's address, and somebody new who keeps its practice map."""
    from tests.integration.baseline.practised import meetings, mentors, place
    from whatworks.people.actions import add_user

    place(1), meetings(), mentors()
    user, password = add_user(by="test", email="jo@fernshire.example", roles=["places"])
    return live_server.url, user.email, password


def signed_in(page: Page, jo: tuple[str, str, str]) -> Page:
    page.goto(f"{jo[0]}/account/login/")
    page.locator("input[name=login]").fill(jo[1])
    page.locator("input[name=password]").fill(jo[2])
    page.keyboard.press("Enter")
    page.get_by_role("link", name="The practice map").click()
    return page


@pytest.mark.parametrize("width", [390, 1280])
def test_the_map_is_filled_by_form_by_table_and_by_round(
    jo: tuple[str, str, str], open_page: Pages, width: int, axe: Callable[[Page], list[str]], tmp_path: Path
) -> None:
    page = signed_in(open_page(width), jo)

    def sound() -> None:
        assert axe(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url

    sound()
    says(page, sound)
    corrects(page, sound)
    brings_a_table(page, sound, tmp_path)
    asks(page, sound)
    reads(open_page(width), jo[0], axe)


def says(page: Page, sound: Callable[[], None]) -> None:
    page.get_by_role("link", name="Say how it stands somewhere").click()
    page.get_by_label("Which place?").select_option("Fernshire")
    page.get_by_label("Which practice?").select_option("Mentors")
    page.get_by_label("How does it stand there?").select_option("Doing it")
    page.get_by_label("Which day is this of?").fill("25/01/2024")
    page.get_by_label("Where is this from?").fill("A call with the council")
    page.get_by_label("Who said so?").fill("head of service")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("alert")).to_contain_text("write 2024-01-25")
    expect(page.get_by_label("Who said so?")).to_have_value("head of service")
    sound()
    page.get_by_role("link", name="Which day is this of?").click()
    expect(page.get_by_label("Which day is this of?")).to_be_in_viewport()
    page.get_by_label("Which day is this of?").fill("2024-01-25")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("status")).to_have_text("Kept: Mentors in Fernshire.")
    sound()


def corrects(page: Page, sound: Callable[[], None]) -> None:
    page.get_by_role("link", name="Correct what stands of Fernshire").click()
    expect(page.get_by_label("Where is this from?")).to_have_value("A call with the council")
    page.get_by_label("How does it stand there?").select_option("Stopped it")
    page.get_by_label("Why does this replace what was said?").fill("They misheard.")
    sound()
    page.get_by_role("button", name="Keep the correction").click()
    expect(page.get_by_text("Corrected since: They misheard.")).to_be_visible()


def brings_a_table(page: Page, sound: Callable[[], None], folder: Path) -> None:
    page.get_by_role("link", name="Practice map").click()
    page.get_by_role("link", name="Bring in a table").click()
    for name, text in (("wrong.csv", WRONG), ("right.csv", RIGHT)):
        (folder / name).write_text(text)
        page.get_by_label("The table (CSV)").set_input_files(folder / name)
        page.get_by_role("button", name="Look at it").click()
        if name == "wrong.csv":
            expect(page.get_by_role("alert")).to_contain_text("Line 2: “often” is no status")
            expect(page.get_by_role("alert")).to_contain_text("Line 2: “25/01/2024” is no date; write 2024-01-25.")
        sound()
    expect(page.get_by_role("cell", name="doing it")).to_be_visible()
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_role("status")).to_have_text("1 word taken from right.csv.")


def asks(page: Page, sound: Callable[[], None]) -> None:
    page.get_by_role("link", name="Open a round").click()
    page.get_by_label("What is the round called?").fill("Spring")
    page.get_by_label("The question").fill("Do you do this today?")
    page.get_by_label("Mentors").check()
    page.get_by_label("Meetings of families").check()
    sound()
    page.get_by_role("button", name="Open the round").click()
    expect(page.get_by_role("status")).to_have_text("“Spring” is open. 4 places are asked.")
    for name, status in (("Fernshire", "Doing it"), ("Mereton", "Not known")):
        page.get_by_role("link", name=name).click()
        page.get_by_label("Who answered?").fill("head of service")
        page.get_by_role("group", name="Mentors").get_by_label("How does it stand there?").select_option(status)
        if name == "Fernshire":
            page.get_by_role("button", name="Keep the reply").click()
            expect(page.get_by_role("alert")).to_contain_text("Meetings of families: How does it stand there?")
            sound()
        other = page.get_by_role("group", name="Meetings of families")
        other.get_by_label("How does it stand there?").select_option("Plans it")
        page.get_by_role("button", name="Keep the reply").click()
        expect(page.get_by_role("status")).to_have_text(f"The reply of {name} is kept.")
    expect(page.get_by_text("2 of 4 places asked have answered so far (50%).")).to_be_visible()
    sound()
    page.get_by_role("button", name="Close the round").click()
    expect(page.get_by_role("status")).to_have_text("“Spring” is closed.")
    expect(page.get_by_role("region", name="Who has not answered").get_by_role("listitem")).to_have_count(2)


def reads(page: Page, url: str, axe: Callable[[Page], list[str]]) -> None:
    """What somebody sees who is not signed in."""
    for address, sentence in (
        ("/places/practices/", "2 ways of working, and which of 4 places are known to do them."),
        ("/places/practices/mentors/", "1 of 4 places is known to do this; of 3 we do not know."),
        ("/places/practices/meetings-of-families/", "No place is known to do this; of 2 we do not know. 2 plan it."),
    ):
        page.goto(url + address)
        expect(page.get_by_text(sentence)).to_be_visible()
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
    page.goto(f"{url}/places/practices/mentors/")
    page.get_by_text("What else was said: 2").click()
    expect(page.get_by_text("Corrected since: They misheard.")).to_be_visible()
    page.get_by_role("link", name="the round").first.click()
    expect(page.get_by_role("heading", name="Who did not answer")).to_be_visible()
    for name in ("Combe", "Twin"):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
