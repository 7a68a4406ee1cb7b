"""A director works out what a result could mean in their own place: by keyboard, on a phone, without script, and refused."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre, Sound

ONE, SEVERAL = "/evidence/intensive-family-preservation/", "/evidence/independent-living-programmes/"
ANSWER = (
    "If 64 families like those in the trials were offered this here, and results carried over, between 2 fewer and 11 more "
    "might have a child placed in care."
)


def ask(page: Page, *, counted: str = "Families", number: str = "64", offered: str = "No") -> None:
    page.get_by_label("What do you want to know about?").select_option("Families with a child placed in care")
    page.get_by_label("What do you count?").select_option(counted)
    page.get_by_label("How many of them a year").fill(number)
    page.get_by_label("Do you already offer").select_option(offered)
    page.get_by_role("button", name="Work it out").click()


def test_a_number_a_refusal_and_a_problem_pass_axe_at_both_widths(centre: Centre, desktop: Page, sound: Sound) -> None:
    desktop.goto(centre.url + ONE)
    expect(desktop.get_by_label("How many of them a year")).to_have_value("")
    sound(desktop, "asked")
    ask(desktop)
    expect(desktop.locator("#here .answer")).to_contain_text(ANSWER)
    sound(desktop, "answer")
    ask(desktop, counted="Children")
    expect(desktop.locator("#here .notice")).to_contain_text("counted families and you count children")
    expect(desktop.locator("#here .answer")).to_have_count(0)
    sound(desktop, "refused")
    ask(desktop, number="12.5", offered="Choose")
    expect(desktop.get_by_label("How many of them a year")).to_have_value("12.5")
    expect(desktop.get_by_label("How many of them a year")).to_have_accessible_description(
        "You decide who counts. We never fill this in for you. Type a whole number, without a point: nobody can be counted in part."
    )
    sound(desktop, "problem")


def test_after_sending_the_answer_is_in_view_and_has_the_focus(centre: Centre, page: Page) -> None:
    page.goto(centre.url + ONE)
    ask(page)
    assert page.url.endswith("#here")
    expect(page.locator("#here")).to_be_focused()
    expect(page.locator("#here .answer")).to_be_in_viewport(ratio=1)
    page.locator("#here .answer .num").click()
    expect(page.locator("h1")).to_be_visible()
    assert "/trace/syn-" in page.url


def test_with_the_keyboard_alone_a_problem_is_reached_and_mended(centre: Centre, desktop: Page) -> None:
    desktop.goto(centre.url + ONE + "?number=64#here")
    for name in ("outcome", "counted", "offered"):
        desktop.keyboard.press("Tab")
        assert desktop.evaluate("document.activeElement.getAttribute('href')") == f"#here-{name}"
    for _ in range(2):
        desktop.keyboard.press("Shift+Tab")
    desktop.keyboard.press("Enter")
    expect(desktop.locator("#here-outcome")).to_be_focused()
    desktop.keyboard.type("Families")
    desktop.keyboard.press("Tab")
    desktop.keyboard.type("Families")
    desktop.keyboard.press("Tab")
    expect(desktop.locator("#here-number")).to_have_value("64")
    desktop.keyboard.press("Tab")
    desktop.keyboard.type("We")
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Enter")
    expect(desktop.locator("#here .answer")).to_contain_text(ANSWER)
    expect(desktop.locator("#here")).to_contain_text("Find out first whether it is already offered here")


def test_without_script_the_same_sum(centre: Centre, open_page: Pages) -> None:
    page = open_page(390, java_script_enabled=False)
    page.goto(centre.url + ONE)
    ask(page, number="1,000")
    expect(page.locator("#here .answer")).to_contain_text("between 26 fewer and 167 more")


def test_of_several_outcomes_one_is_chosen_first(centre: Centre, phone: Page, sound: Sound) -> None:
    phone.goto(centre.url + SEVERAL)
    sound(phone, "first")
    phone.get_by_label("What do you want to know about?").select_option("Pregnancy")
    phone.get_by_role("button", name="Next").click()
    expect(phone.locator("#here dl")).to_contain_text("Young women")
    sound(phone, "second")
    phone.get_by_label("What do you count?").select_option("Young women")
    phone.get_by_label("How many of them a year").fill("3")
    phone.get_by_label("Do you already offer").select_option("No")
    phone.get_by_role("button", name="Work it out").click()
    expect(phone.locator("#here .answer")).to_contain_text("might become pregnant or have a child")
    expect(phone.locator("#here")).to_contain_text("less than one young woman each way")
    phone.get_by_role("link", name="Ask about something else").click()
    expect(phone.get_by_role("button", name="Next")).to_be_visible()
    assert phone.locator("#here-number").count() == 0


@pytest.mark.parametrize("slug", ["coaching-and-peer-support", "lifelong-links"])
def test_where_there_is_no_sum_nobody_types_for_nothing(centre: Centre, desktop: Page, sound: Sound, slug: str) -> None:
    desktop.goto(f"{centre.url}/evidence/{slug}/#here")
    assert desktop.locator("#here form").count() == 0
    expect(desktop.locator("#here")).to_contain_text("you can read above")
    sound(desktop, slug)
