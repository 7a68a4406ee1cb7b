"""A team takes a page away: prompts, questions, the paragraph, another starting point, and the young people's page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Built, Centre, Sound, whatworks
from whatworks.publish.methods.starting import begun

IFP, ILP = "/evidence/intensive-family-preservation/", "/evidence/independent-living-programmes/"


def test_the_page_opened_to_its_last_part_passes_axe_at_both_widths(
    centre: Centre, desktop: Page, sound: Sound
) -> None:
    desktop.goto(centre.url + IFP)
    desktop.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    expect(desktop.get_by_role("heading", name="For whom, and who is missing")).to_be_visible()
    expect(desktop.locator("#supervision")).to_contain_text("it cannot say what is right for this child.")
    sound(desktop, "opened")


def test_the_paragraph_is_copied_or_selected(centre: Centre, open_page: Pages, desktop: Page) -> None:
    """With a script one button copies it; without one it stands there to be selected."""
    desktop.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desktop.goto(centre.url + IFP)
    desktop.get_by_text("A paragraph for supervision notes").click()
    desktop.get_by_role("button", name="Copy the paragraph").click()
    expect(desktop.locator("[data-copied]")).to_have_text("Copied.")
    assert desktop.evaluate("navigator.clipboard.readText()") == desktop.locator("#supervision").text_content()
    plain = open_page(390, java_script_enabled=False)
    plain.goto(centre.url + IFP)
    plain.get_by_text("A paragraph for supervision notes").click()
    expect(plain.locator("#supervision")).to_contain_text("revision 1 of")
    expect(plain.get_by_role("button", name="Copy the paragraph")).to_have_count(0)


def test_a_reader_begins_elsewhere_by_keyboard_without_script(centre: Centre, open_page: Pages, sound: Sound) -> None:
    page = open_page(390, java_script_enabled=False)
    page.goto(centre.url + ILP)
    page.get_by_label("Of 100 like those in the studies").focus()
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    expect(page.locator("#start")).to_contain_text("from 1 to 99")
    page.get_by_label("Of 100 like those in the studies").fill("30")
    page.keyboard.press("Enter")
    expect(page.locator("#start .answer")).to_contain_text("If 30 of 100 were homeless at some time without it")
    assert page.url.endswith("#start")


def test_young_people_read_their_own_page(centre: Centre, phone: Page, sound: Sound) -> None:
    phone.goto(centre.url + IFP)
    phone.get_by_role("link", name="the version for young people").click()
    expect(phone.locator("h1")).to_have_text("Intensive family preservation: for young people")
    sound(phone, "young")
    assert phone.context.cookies() == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, built: Built) -> Path:
    """The demonstration as a site of plain files."""
    base = tmp_path_factory.mktemp("away")
    environment = built.copy(base / "centre", "journey_away")
    for words in (("release",), ("publish", str(base / "site"))):
        whatworks(environment, *words)
    return base / "site"


def test_a_copy_without_a_server_gives_the_same_numbers_to_the_digit(folder: Path, page: Page) -> None:
    """Two sums for one thing, in two languages: every starting point of every result is compared."""
    page.goto((folder / ILP.strip("/") / "index.html").as_uri())
    starts = json.loads(page.locator("[data-start]").get_attribute("data-start") or "[]")
    assert len(starts) > 5
    found = page.evaluate("starts => starts.map(one => [...Array(99).keys()].map(at => begun(one, at + 1)))", starts)
    for start, points in zip(starts, found, strict=True):
        for usual, point in enumerate(points, 1):
            own = begun(start, usual)
            assert point == {"usual": usual, "after": own.after, "low": own.low, "high": own.high}, (
                start["name"],
                usual,
            )
    page.get_by_label("Of 100 like those in the studies").fill("30%")
    page.get_by_role("button", name="Begin there").click()
    expect(page.locator("#start .answer")).to_contain_text("If 30 of 100 were homeless at some time without it")
    page.get_by_label("Of 100 like those in the studies").fill("100")
    page.get_by_role("button", name="Begin there").click()
    expect(page.locator("#start .answer")).to_have_text("Type a whole number from 1 to 99, in the figures 0 to 9 only.")


def test_the_same_copy_without_a_script_shows_points_worked_out_before(folder: Path, open_page: Pages) -> None:
    page = open_page(390, java_script_enabled=False)
    page.goto((folder / ILP.strip("/") / "index.html").as_uri())
    assert page.locator("form").count() == 0
    page.locator("#start summary").first.click()
    expect(page.locator("#start table").first).to_contain_text("(the studies)")
