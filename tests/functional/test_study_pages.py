"""What was said of a study is put right in a browser: its facts, arms, outcomes, results; split in two, and made one."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre, Sound
from tests.functional.test_review_together import at_a_browser

STUDY = "Philadelphia 2002"


@pytest.fixture
def coder(own_centre: Centre, open_page: Pages) -> Page:
    """The page of a study, at the browser of somebody who codes."""
    page = at_a_browser(own_centre, open_page, "kim", "lead", "coder").page
    page.goto(own_centre.url + "/workspace/studies/")
    page.get_by_role("link", name=STUDY, exact=True).click()
    return page


def said(page: Page, words: str) -> None:
    expect(page.locator(".notice").first).to_contain_text(words)


def change_the_study(page: Page, sound: Sound) -> None:
    """A reason is asked for; what was typed stays; the history says what it was."""
    page.get_by_role("link", name="Change what is said of it").click()
    page.get_by_label("Name", exact=True).fill("Philadelphia, 2002")
    page.get_by_role("button", name="Keep the changes").click()
    said(page, "There is a problem")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Philadelphia, 2002")
    sound(page, "facts-refused")
    page.get_by_label("Why is it changed?").fill("As its report has it.")
    page.get_by_role("button", name="Keep the changes").click()
    said(page, "Changed.")
    expect(page.locator("section[aria-labelledby=history]")).to_contain_text(f"{STUDY} → Philadelphia, 2002")


def say_who_paid(page: Page, sound: Sound) -> None:
    page.get_by_role("link", name="Say who paid and took part").click()
    page.get_by_label("Who paid for it").fill("The city")
    page.get_by_label("How far those who developed").select_option(label="Took part")
    page.get_by_label("What was drawn or grouped").fill("teams")
    sound(page, "support")
    page.get_by_role("button", name="Keep the changes").click()
    expect(page.locator("section[aria-labelledby=support]")).to_contain_text("The city")


def change_an_arm(page: Page, sound: Sound) -> None:
    page.locator("section[aria-labelledby=arms]").get_by_role("link", name=re.compile("^Change")).first.click()
    page.get_by_label("What its people were offered").fill("Visits at home for a month")
    page.get_by_label("Clusters put in it").fill("12")
    page.get_by_label("Clusters analysed").fill("11")
    sound(page, "arm")
    page.get_by_role("button", name="Keep the changes").click()
    expect(page.locator("section[aria-labelledby=arms]")).to_contain_text("Visits at home for a month")


def mend_an_outcome(page: Page, sound: Sound) -> None:
    """Typed wrongly, put right, and removed since nothing was entered of it."""
    page.locator("summary", has_text="Add what it measured").click()
    page.get_by_label("Outcome of the framework").select_option(index=1)
    page.get_by_label("What the report calls it").fill("Days at shool")
    page.get_by_label("What it was to the study").select_option("secondary")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("link", name="Change the outcome Days at shool").click()
    page.get_by_label("What the report calls it").fill("Days at school")
    page.get_by_label("Why is it changed?").fill("A slip.")
    sound(page, "outcome")
    page.get_by_role("button", name="Keep the changes").click()
    page.get_by_role("link", name="Change the outcome Days at school").click()
    page.get_by_label("Why does it not belong").fill("It was of another study.")
    page.get_by_role("button", name="Remove this outcome").click()
    said(page, "Removed.")
    expect(page.locator("section[aria-labelledby=measures]")).not_to_contain_text("Days at school")


def describe_a_result(page: Page, sound: Sound) -> None:
    results = page.locator("section[aria-labelledby=results]")
    results.get_by_role("link", name=re.compile("^Say how it was measured")).first.click()
    page.get_by_label("Months from the end of treatment").fill("6")
    page.get_by_label("Was clustering handled?").select_option("not handled")
    page.get_by_label("ICC", exact=True).fill("0.04")
    page.get_by_label("Why is it changed?").fill("Read again.")
    page.get_by_role("button", name="Keep the changes").click()
    expect(page.get_by_role("alert")).to_contain_text("Say where the ICC is from")
    sound(page, "result-refused")
    page.get_by_label("Where the ICC is from").fill("assumed, as in other trials")
    page.get_by_role("button", name="Keep the changes").click()
    expect(results).to_contain_text("ICC 0.04 (assumed, as in other trials)")
    page.get_by_role("link", name="Enter a result").click()
    expect(page.get_by_label("ICC", exact=True)).to_be_visible()
    sound(page, "entering")
    page.go_back()


def split_and_merge(page: Page, sound: Sound) -> None:
    """Two studies, then one again, then two: each time it is said before it is done."""
    study = page.url
    page.locator("summary", has_text="Add an arm").click()
    page.get_by_label("What the arm is called").fill("Boys of a second city")
    page.get_by_role("button", name="Add the arm").click()
    page.get_by_role("link", name="Two studies? Split it").click()
    page.get_by_label("Name of the new study").fill("Camden 2002")
    page.get_by_label("Boys of a second city").check()
    page.get_by_label("Why are these two studies?").fill("The second city is a cohort of its own.")
    page.get_by_role("button", name="Show what will move").click()
    expect(page.locator("section[aria-labelledby=moving]")).to_contain_text("Boys of a second city")
    sound(page, "split")
    page.get_by_role("button", name="Split it").click()
    said(page, "“Camden 2002” is a study of its own now")
    expect(page.locator("section[aria-labelledby=arms]")).not_to_contain_text("Boys of a second city")
    page.get_by_role("link", name="Camden 2002").click()
    page.get_by_role("link", name="The same as another? Merge it").click()
    page.get_by_label("Which study is it the same as?").select_option(label="Philadelphia, 2002")
    page.get_by_label("Why are they one study?").fill("Its report says so after all.")
    page.get_by_role("button", name="Show what will move").click()
    expect(page.locator("section[aria-labelledby=moving]")).to_contain_text("Boys of a second city")
    sound(page, "merge")
    page.get_by_role("button", name="Merge them").click()
    said(page, "“Camden 2002” is one with this study now")
    assert page.url == study
    sound(page, "study")
    page.locator("summary", has_text="Not one study after all?").click()
    page.get_by_label("Why is it taken back?").fill("Two cohorts.")
    page.get_by_role("button", name="Take it back").click()
    said(page, "a study of its own again")
    expect(page.locator("section[aria-labelledby=arms]")).to_contain_text("Boys of a second city")


def test_everything_said_of_a_study_can_be_put_right(coder: Page, sound: Sound) -> None:
    """A coder who cannot mend a slip leaves it, and the synthesis rests on it."""
    sound(coder, "study-as-it-was")
    change_the_study(coder, sound)
    say_who_paid(coder, sound)
    change_an_arm(coder, sound)
    mend_an_outcome(coder, sound)
    describe_a_result(coder, sound)
    split_and_merge(coder, sound)
