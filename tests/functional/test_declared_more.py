"""A declared analysis asks about what was coded and tries what suits rare events: declared, run and read in a browser."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre, Sound
from tests.functional.declared import coded_in
from tests.functional.test_review_together import at_a_browser

REVIEW = "Reducing the need for care"
CODED = ("Who delivered it?", "Sessions planned", "Was there a manual?")
TRIED = (
    "The numbers of people themselves put together, by methods for rare events",
    "Bayesian, with weakly informative priors",
    "How far each study moves the result",
    "All combinations of estimator, interval and studies at once",
)


def unfolded(page: Page) -> None:
    """What is folded is looked at too."""
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })")


def declare(page: Page, centre: Centre, review: str) -> None:
    """Fill the form; what was coded is offered under the title of its frame."""
    page.goto(centre.url + "/workspace/declare/")
    page.get_by_label("Title", exact=True).fill("Placement by delivery")
    page.get_by_label("Review", exact=True).select_option(label=review)
    page.get_by_label("Intervention", exact=True).select_option(label="Intensive family preservation")
    page.get_by_label("Outcome", exact=True).select_option(label="Families with a child placed in care")
    page.get_by_label("Who or what is counted").fill("families")
    page.locator("textarea[name=question]").fill("Do intensive visits keep children at home?")
    page.locator("select[name=metric]").select_option("OR")
    group = page.get_by_role("group", name="Coded by “How it was delivered”")
    for label in CODED:
        group.get_by_label(label, exact=True).check()
    for label in TRIED:
        page.get_by_label(label, exact=True).check()


def block(page: Page, title: str) -> Locator:
    """What was tried under a title, opened."""
    found = page.locator("section[aria-labelledby=otherwise] > div > details", has=page.get_by_text(title, exact=True))
    found.first.evaluate("(one) => { one.open = true }")
    return found.first


def ran(page: Page, address: str) -> None:
    page.get_by_role("button", name=re.compile("^Run it")).click()
    for _ in range(60):
        page.goto(address)
        if page.get_by_role("heading", name="The result").count() and not page.locator(".notice").count():
            return
        page.wait_for_timeout(500)
    raise AssertionError("the analysis was not run")


def refuse(page: Page, centre: Centre) -> None:
    """A review that is not coded by the frame cannot be asked about it; what was ticked stays."""
    page.goto(centre.url + "/workspace/declare/")
    reviews = page.locator("select[name=review] option").all_inner_texts()
    declare(page, centre, next(one for one in reviews[1:] if one != REVIEW))
    page.get_by_role("button", name="Declare it").click()
    expect(page.locator("main")).to_contain_text("no study of this review is coded by")
    expect(page.get_by_label(CODED[0], exact=True)).to_be_checked()


def read(page: Page) -> None:
    """Each thing that was tried, in its own columns and drawings."""
    expect(block(page, TRIED[0])).to_contain_text("Mantel and Haenszel's method")
    expect(block(page, TRIED[1])).to_contain_text("half-normal(0.5)")
    expect(block(page, TRIED[2])).to_contain_text("Cook’s distance")
    curve = block(page, TRIED[3])
    expect(curve.locator("svg.chart")).to_be_visible()
    expect(curve).to_contain_text("conclude as the declared choices do")
    whom = block(page, "Differences by “Who delivered it?” (How it was delivered)")
    expect(whom.locator("svg.chart")).to_contain_text("Social workers, pooled")
    expect(whom).to_contain_text("not reported, not applicable, or not decided")
    manual = block(page, "Differences by “Was there a manual?” (How it was delivered)")
    expect(manual).to_contain_text("all results are of one kind: yes")
    sessions = block(page, "Differences by “Sessions planned” (How it was delivered)")
    expect(sessions).to_contain_text("fewer than 10")
    forest = page.locator("section[aria-labelledby=chart-forest]")
    expect(forest.locator("svg.chart")).to_contain_text("D1")
    expect(forest.locator("figcaption")).to_contain_text("Risk of bias: + low")


def depart(page: Page, address: str, sound: Sound) -> None:
    """The plan is changed with what was coded in view, and what is not asked any more is not answered."""
    page.goto(f"{address}change/")
    for label in CODED:
        expect(page.get_by_label(label, exact=True)).to_be_checked()
    unfolded(page)
    sound(page, "change")
    page.get_by_label(CODED[2], exact=True).uncheck()
    page.get_by_label("Why?").fill("It is the same in every study.")
    page.get_by_role("button", name="Keep as a deviation").click()
    expect(page.locator(".notice").first).to_contain_text("Kept as a deviation")
    ran(page, address)
    expect(page.locator("section[aria-labelledby=otherwise]")).not_to_contain_text("Was there a manual?")


@pytest.mark.slow
def test_what_was_coded_and_what_suits_rare_events_is_declared_and_read(
    own_centre: Centre, open_page: Pages, sound: Sound
) -> None:
    coded_in(own_centre, "ifps-placement")
    page = at_a_browser(own_centre, open_page, "fay", "statistician").page
    refuse(page, own_centre)
    unfolded(page)
    sound(page, "refused")
    page.get_by_label("Review", exact=True).select_option(label=REVIEW)
    page.get_by_role("button", name="Declare it").click()
    expect(page.locator("main")).to_contain_text("“Who delivered it?” (How it was delivered)")
    page.get_by_role("button", name="Lock the plan").click()
    address = page.url
    ran(page, address)
    read(page)
    unfolded(page)
    sound(page, "analysis")
    depart(page, address, sound)
    verdict = json.loads(own_centre.run("verify", "--json", check=False).stdout)
    # The studies were put in behind the ledger's back, which it says; what was computed of them is as stored.
    assert [one for one in verdict["differences"] if one["identifier"].startswith(("syn-", "sns-", "dcl-"))] == []
