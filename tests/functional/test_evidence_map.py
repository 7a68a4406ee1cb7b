"""Readers on a map: by mouse, by keyboard, without script, on a phone, on paper; and a map that others made, from its file on."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre, Sound
from tests.made_up_maps import eppi_map

BIG = "/maps/made-up-map/"


@pytest.fixture(scope="module")
def mapped(own_centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> Centre:
    """A centre that holds a made-up map of 800 items."""
    file = tmp_path_factory.mktemp("maps") / "map.html"
    file.write_text(eppi_map(), encoding="utf-8")
    said = own_centre.run(
        "map", "load", str(file), "--whose", "Nobody at all", "--licence", "CC BY 4.0", "--show"
    ).stdout
    assert "800 items, at /maps/made-up-map/" in said
    return own_centre


def test_from_a_square_to_what_it_holds_and_back(mapped: Centre, desktop: Page, sound: Sound) -> None:
    desktop.goto(f"{mapped.url}/map/")
    expect(desktop.get_by_role("heading", level=1)).to_have_text("What has been studied")
    sound(desktop, "own")
    desktop.set_viewport_size({"width": 1280, "height": 900})
    square = desktop.locator("#grid td a").first
    square.click()
    panel = desktop.get_by_role("dialog")
    expect(panel).to_be_visible()
    expect(panel.get_by_role("heading", level=2)).to_contain_text(": ")
    expect(panel.get_by_role("button", name="Close")).to_be_focused()
    sound(desktop, "square")
    desktop.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(square).to_be_focused()
    square.click()
    panel.get_by_role("link", name="Open this as a page").click()
    expect(desktop.get_by_role("heading", name="What this square holds")).to_be_visible()
    sound(desktop, "cell")


def test_with_the_keyboard_from_square_to_square(mapped: Centre, desktop: Page) -> None:
    desktop.goto(mapped.url + BIG)
    first = desktop.locator("#grid td a").first
    first.focus()
    desktop.keyboard.press("ArrowRight")
    desktop.keyboard.press("ArrowDown")
    at = desktop.evaluate(
        "[document.activeElement.closest('tr').sectionRowIndex, document.activeElement.closest('td').cellIndex]"
    )
    assert at == [2, 2]
    desktop.keyboard.press("ArrowUp")
    desktop.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()
    desktop.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()  # there is nothing further that way
    desktop.keyboard.press("End")
    assert desktop.evaluate("document.activeElement.closest('tr').sectionRowIndex") == 1
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("dialog")).to_be_visible()


def test_without_script_a_square_is_a_link_and_a_choice_goes_along(mapped: Centre, open_page: Pages) -> None:
    page = open_page(1280, java_script_enabled=False)
    page.goto(mapped.url + BIG)
    page.locator(".map-filters summary").click()
    page.get_by_label("The moon").check()
    page.get_by_label("Trial").check()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("status")).to_contain_text("of 800 fit what you chose.")
    said = page.locator("#grid td a b").first.inner_text()
    page.locator("#grid td a").first.click()
    expect(page.locator(".egm-items > li")).to_have_count(int(said))
    page.get_by_role("navigation", name="Where you are").get_by_role("link").click()
    expect(page.get_by_label("The moon")).to_be_checked()


def test_on_a_phone_row_by_row_and_nothing_sideways(mapped: Centre, phone: Page, sound: Sound) -> None:
    phone.goto(mapped.url + BIG)
    expect(phone.locator("#grid")).to_be_hidden()
    expect(phone.locator(".egm-rows .row").first).to_be_visible()
    phone.set_viewport_size({"width": 320, "height": 700})
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    phone.locator(".egm-rows .row a").first.click()
    expect(phone.get_by_role("heading", name="What this square holds")).to_be_visible()


def test_a_map_of_800_items_passes_axe_and_is_painted_within_a_second(
    mapped: Centre, desktop: Page, sound: Sound
) -> None:
    desktop.goto(mapped.url + BIG)  # once, so that what is measured is not the server's first page
    desktop.goto(mapped.url + BIG)
    loaded = desktop.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert loaded < 3000, f"{loaded} ms"  # a second alone; other tests share the machine
    sound(desktop, "big")
    desktop.goto(f"{mapped.url}{BIG}?show=groups")
    expect(desktop.locator("#grid tbody tr")).to_have_count(9)
    sound(desktop, "groups")


def test_in_forced_colours_and_on_paper(mapped: Centre, desktop: Page) -> None:
    desktop.goto(f"{mapped.url}/map/")
    desktop.emulate_media(forced_colors="active")
    expect(desktop.locator("#grid td a svg").first).to_be_visible()
    desktop.emulate_media(media="print", forced_colors="none")
    expect(desktop.locator("#grid")).to_be_hidden()
    expect(desktop.locator(".egm-rows")).to_be_visible()


def test_the_file_taken_away_opens_from_a_disk(mapped: Centre, desktop: Page, tmp_path: Path, sound: Sound) -> None:
    desktop.goto(mapped.url + BIG)
    with desktop.expect_download() as download:
        desktop.get_by_role("link", name="One HTML file that needs no other").click()
    file = tmp_path / "map.html"
    download.value.save_as(file)
    desktop.goto(file.as_uri())
    expect(desktop.get_by_role("heading", level=1)).to_have_text("Made-up map")
    square = desktop.locator("#grid td a").first
    square.focus()
    desktop.keyboard.press("ArrowRight")
    expect(desktop.locator("#grid td a").nth(1)).to_be_focused()
    square.click()
    assert desktop.url.endswith("#c-2201-1201")
    sound(desktop, "file")


def test_somebody_takes_a_map_in_by_hand(mapped: Centre, desktop: Page, tmp_path: Path, sound: Sound) -> None:
    name, secret = mapped.administrator
    mapped.run("give-role", name, "--role", "editor")
    desktop.goto(f"{mapped.url}/account/login/")
    desktop.locator("input[name=login]").fill(name)
    desktop.locator("input[name=password]").fill(secret)
    desktop.keyboard.press("Enter")
    expect(desktop.locator("h1")).to_have_text("What needs you now", timeout=30_000)
    desktop.goto(f"{mapped.url}/workspace/maps/")
    sound(desktop, "work")
    file = tmp_path / "small.html"
    file.write_text("no map", encoding="utf-8")
    desktop.get_by_label("The map (HTML or JSON)").set_input_files(file)
    desktop.get_by_label("Whose map is it?").fill("Somebody")
    desktop.get_by_role("button", name="Take it in").click()
    expect(desktop.get_by_role("alert")).to_contain_text("This is no map that can be read")
    expect(desktop.get_by_label("Whose map is it?")).to_have_value("Somebody")
    sound(desktop, "refused")
    file.write_text(eppi_map(25), encoding="utf-8")
    desktop.get_by_label("The map (HTML or JSON)").set_input_files(file)
    desktop.get_by_role("button", name="Take it in").click()
    expect(desktop.get_by_role("status").first).to_contain_text("25 items")
    desktop.get_by_role("button", name="Show it to readers", exact=True).click()
    expect(desktop.get_by_role("alert")).to_contain_text("under which licence")
    desktop.get_by_label("Its licence").fill("CC BY 4.0")
    desktop.get_by_role("button", name="Show it to readers", exact=True).click()
    expect(desktop.get_by_role("status").first).to_contain_text("Readers see this map now.")
    sound(desktop, "one")
