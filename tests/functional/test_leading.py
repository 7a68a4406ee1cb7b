"""Leading a review in a real browser: open it, put the team together, add a search, amend, settle a conflict, stop."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre
from tests.functional.test_workspace import SECONDS, sign_in

NAME = "Meetings of families"
HOME = "/workspace/reviews/meetings-of-families/"
PAGES = ("", "protocol/", "protocol/change/", "team/", "searches/", "conflicts/", "agreement/", "stopping/", "reread/")
RECORDS = 12


def export(path: Path) -> Path:
    """A search export of reports that the centre does not have."""
    path.write_text(
        "".join(
            f"TY  - JOUR\nTI  - Number {n} of the studies of meetings\nAB  - We met {n} families.\nPY  - 2004\nER  - \n\n"
            for n in range(RECORDS)
        )
    )
    return path


def person(centre: Centre, name: str, role: str = "screener") -> tuple[str, str]:
    """Somebody with a role: their address and password."""
    address = f"{name}@example.org"
    said = centre.run("add-person", address, "--role", role).stdout
    found = re.search(r"\b((?:[0-9a-f]{6}-){3}[0-9a-f]{6})\b", said)
    assert found, said
    return address, found[1]


def enter(page: Page, centre: Centre, who: tuple[str, str]) -> None:
    page.goto(centre.url + "/account/login/")
    page.locator("input[name=login]").fill(who[0])
    page.locator("input[name=password]").fill(who[1])
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("What needs you now", timeout=30_000)


def open_review(page: Page, centre: Centre) -> None:
    """By keyboard from the button on: the form is long, and what is wrong in it is said at its head."""
    page.goto(centre.url + "/workspace/reviews/")
    page.get_by_role("link", name="Open a review").click()
    page.get_by_label("What does the review ask?").fill("Do meetings of families help?")
    page.get_by_label("Theme").select_option(index=1)
    page.get_by_label("Who does it?").fill("A team of the demonstration")
    page.get_by_label("About").first.fill("Age")
    page.get_by_label("What is in").first.fill("Children under 18")
    page.get_by_label("Reasons to leave a full text out").fill("Wrong age\nWrong place")
    page.get_by_role("button", name="More rows").click()
    expect(page.get_by_text("Criterion 5", exact=True)).to_be_visible()
    expect(page.get_by_label("Reasons to leave a full text out")).to_have_value(re.compile("Wrong place"))
    page.get_by_role("button", name="Open the review").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Give the review a name")
    expect(page.get_by_label("What is in").first).to_have_value("Children under 18")
    page.get_by_label("What is the review called?").fill(NAME)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(NAME)


def add_people(page: Page, centre: Centre, *names: str) -> None:
    page.goto(centre.url + HOME + "team/")
    for name in names:
        page.get_by_label("Who?").select_option(label=f"{name}@example.org")
        page.get_by_role("button", name="Add to the team").click()
        expect(page.locator(".notice")).to_contain_text(f"{name}@example.org takes part now.")


def add_records(page: Page, centre: Centre) -> None:
    page.goto(centre.url + HOME)
    page.get_by_role("link", name="Add the first search").click()
    page.get_by_label(re.compile(r"leading\.ris")).check()
    page.get_by_role("button", name="Add to the review").click()
    expect(page.locator(".notice")).to_contain_text(f"{RECORDS} of them new to this review")


def disagree(first: Page, second: Page, centre: Centre) -> None:
    """Each decides the record that they are handed, which is the same."""
    for page, word in ((first, "Include"), (second, "Exclude")):
        page.goto(centre.url + HOME + "screen/")
        page.get_by_role("button", name=re.compile(f"^{word}")).first.click()
        page.wait_for_load_state()
        page.wait_for_timeout(500)


def amend(page: Page, centre: Centre) -> None:
    page.goto(centre.url + HOME + "protocol/")
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("The two talk it over").check()
    page.get_by_role("button", name="Put it into force").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why the protocol is changed")
    expect(page.get_by_label("The two talk it over")).to_be_checked()
    page.get_by_label("Why is it changed?").fill("The team is small.")
    page.get_by_role("button", name="Put it into force").click()
    expect(page.get_by_role("heading", name="Version 2")).to_be_visible()
    expect(page.get_by_text("“The team is small.”")).to_be_visible()


def settle(page: Page, centre: Centre) -> None:
    """A lead, who is none of those who differ, reads both sides without names and decides."""
    page.goto(centre.url + HOME + "conflicts/")
    page.locator("ol.ruled a").first.click()
    expect(page.get_by_text("Screener A")).to_be_visible()
    assert "sam@" not in page.locator("main").inner_text()
    page.get_by_label("Write to the others").fill("Is page 3 about families?")
    page.get_by_role("button", name="Write it").click()
    page.get_by_label("Belongs in", exact=True).check()
    page.get_by_role("button", name="Settle it").click()
    expect(page.locator("h1")).to_have_text("Decided")
    expect(page.get_by_role("heading", name="Who said what")).to_be_visible()
    assert "sam@" in page.locator("main").inner_text()


def stop_and_go_on(page: Page, centre: Centre) -> None:
    page.goto(centre.url + HOME + "stopping/")
    page.get_by_label("To sign, type the word stop").fill("stop")
    page.get_by_role("button", name="Sign and stop").click()
    expect(page.get_by_role("alert")).to_contain_text("say why you stop all the same")
    page.get_by_label("Why do you stop?").fill("This is a demonstration.")
    page.get_by_role("button", name="Sign and stop").click()
    expect(page.get_by_role("heading", name="What was signed")).to_be_visible()
    page.get_by_text("Let screening go on").click()
    page.get_by_label("Why does screening go on?").fill("There was time after all.")
    page.get_by_role("button", name="Lift the stop").click()
    expect(page.locator(".notice").first).to_contain_text("Screening goes on.")
    expect(page.get_by_text("“There was time after all.”")).to_be_visible()


@pytest.mark.smoke
def test_from_the_protocol_to_the_signature(
    own_centre: Centre, open_page: Pages, tmp_path: Path, axe: Callable[[Page], list[str]]
) -> None:
    """The whole way of a lead, and after it every page at both widths, in light and in dark."""
    centre, page = own_centre, open_page()
    centre.run("import", str(export(tmp_path / "leading.ris")), "--source", "A leading database")
    team = {name: person(centre, name) for name in ("sam", "tess")}
    sign_in(page, centre)
    open_review(page, centre)
    add_people(page, centre, *team)
    add_records(page, centre)
    others = [open_page(java_script_enabled=False) for _ in team]
    for other, who in zip(others, team.values(), strict=True):
        enter(other, centre, who)
    disagree(*others, centre)
    amend(page, centre)
    looks(open_page, centre, axe)
    settle(page, centre)
    stop_and_go_on(page, centre)
    page.goto(centre.url + "/workspace/")
    expect(page.get_by_role("link", name=re.compile(NAME)).first).to_be_visible(timeout=SECONDS)


def looks(open_page: Pages, centre: Centre, axe: Callable[[Page], list[str]]) -> None:
    """Every page passes axe and keeps to its width."""
    addresses = [HOME + one for one in PAGES] + ["/workspace/reviews/", "/workspace/open-review/"]
    for width, scheme in ((390, "light"), (1280, "dark")):
        page = open_page(width, color_scheme=scheme)
        sign_in(page, centre)
        page.goto(centre.url + HOME + "conflicts/")
        conflict = str(page.locator("ol.ruled a").first.get_attribute("href"))
        for address in [*addresses, conflict]:
            page.goto(centre.url + address)
            assert axe(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_without_script_the_protocol_is_written_and_kept(own_centre: Centre, open_page: Pages) -> None:
    page = open_page(390, java_script_enabled=False)
    sign_in(page, own_centre)
    page.goto(own_centre.url + "/workspace/open-review/")
    page.get_by_label("What is the review called?").fill("Without a script")
    page.get_by_label("About").first.fill("Place")
    page.get_by_role("button", name="More rows").click()
    expect(page.get_by_label("About")).to_have_count(6)
    expect(page.get_by_label("What is the review called?")).to_have_value("Without a script")
    expect(page.get_by_label("About").first).to_have_value("Place")
