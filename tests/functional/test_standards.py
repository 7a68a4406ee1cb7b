"""A reader finds out why two ratings differ; a trial team checks its plan: by keyboard, on a phone, without script."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.functional.conftest import Centre, Sound

CHECK = "/standards/eef-trial-padlock/check/"


def test_from_a_page_to_the_rule_that_decided(centre: Centre, desktop: Page, sound: Sound) -> None:
    desktop.goto(centre.url + "/evidence/intensive-family-preservation/ratings/")
    expect(desktop.get_by_role("heading", level=1)).to_contain_text("every rating, side by side")
    sound(desktop, "compared")
    differ = desktop.get_by_role("table", name="what made them differ").first
    expect(differ.get_by_role("row", name="How the studies were found")).to_contain_text("(decided)")
    desktop.get_by_role("link", name="Strength scale", exact=True).first.click()
    expect(desktop.get_by_role("heading", name="Its rules, in order")).to_be_visible()
    sound(desktop, "standard")
    desktop.get_by_role("link", name="Standards of evidence").first.click()
    sound(desktop, "standards")


def test_a_plan_is_checked_on_a_phone_and_an_error_is_mended(centre: Centre, page: Page, sound: Sound) -> None:
    page.goto(centre.url + CHECK)
    sound(page, "nothing settled")
    page.get_by_label("The design").select_option("Randomised, with an analysis that fits")
    page.get_by_label("Attrition").fill("many")
    page.get_by_role("button", name="What could it reach?").click()
    expect(page.get_by_text("Attrition: write a number, or leave it empty.")).to_be_visible()
    expect(page.get_by_label("Attrition")).to_have_value("many")
    sound(page, "an error")
    page.get_by_label("Attrition").fill("35")
    page.get_by_label("The smallest effect the trial could find").fill("0.32")
    page.get_by_role("button", name="What could it reach?").click()
    levels = page.get_by_role("list").filter(has=page.get_by_role("heading", name="High (4 padlocks)"))
    expect(levels).to_contain_text("The smallest effect the trial could find: below 0.3.")
    expect(levels).to_contain_text("Attrition: at most")
    sound(page, "an answer")
