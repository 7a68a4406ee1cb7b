"""Three journeys in a browser: a particular is recorded, a package is gathered and shown, a judged study is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESKTOP, PHONE, Pages

Person = tuple[str, str]  # address, password


@pytest.fixture
def people(live_server: Any) -> dict[str, Person]:
    """A small published centre, a coder and an editor."""
    from tests.integration.journey.centres import build_roads
    from whatworks.people.actions import add_user

    build_roads()
    made: dict[str, Person] = {}
    for name, role in (("cora", "coder"), ("ed", "editor")):
        user, password = add_user(by="test", email=f"{name}@fernshire.example", roles=[role])
        made[name] = (user.email, password)
    return made


@pytest.fixture
def rated(people: dict[str, Person]) -> tuple[str, str]:
    """The identifier of a study whose padlocks, and the address of the page whose review and finding, people judged."""
    from tests.integration.rate.raters import raters
    from tests.integration.rate.test_judged_shown import (
        A_REVIEW,
        FINDING,
        PADLOCK,
        TRUSTED,
        a_page,
        judged,
        republished,
    )

    team = raters()
    page, study = a_page()
    judged(team, study.pk, "eef-trial-padlock", PADLOCK, "moderate-to-high", override="Two schools left at once.")
    judged(team, study.review_id, "emmie-economics", A_REVIEW | {"economics": "direct"}, "direct")
    judged(team, page.intervention_id, "cerqual", TRUSTED | {"overall": "moderate"}, "moderate", finding=FINDING)
    republished(page)
    return study.pk, page.slug


@pytest.fixture
def sound(axe: Callable[[Page], list[str]]) -> Callable[[Page], None]:
    """A page is accessible and fits, on a phone and at a desk."""

    def look(page: Page) -> None:
        for width in (PHONE, DESKTOP):
            page.set_viewport_size({"width": width, "height": 900})
            assert axe(page) == [], f"{page.url} at {width}"
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} at {width}"

    return look


def signed_in(open_page: Pages, url: str, person: Person) -> Page:
    page = open_page(DESKTOP)
    page.goto(f"{url}/account/login/")
    page.locator("input[name=login]").fill(person[0])
    page.locator("input[name=password]").fill(person[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def test_a_coder_records_what_a_report_says_and_takes_it_back(
    people: dict[str, Person], live_server: Any, open_page: Pages, sound: Callable[[Page], None]
) -> None:
    page = signed_in(open_page, live_server.url, people["cora"])
    page.goto(f"{live_server.url}/workspace/")
    page.get_by_role("link", name="What is recorded of interventions").click()
    sound(page)
    page.get_by_role("link", name="Slow zones", exact=True).click()
    sound(page)
    page.get_by_role("link", name=re.compile("Record one.*Where it happens")).click()
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("alert")).to_contain_text("Quote what the report says.")
    sound(page)
    page.get_by_label("Where it happens").select_option("home")
    page.get_by_label("The report that says so").select_option(index=1)
    page.get_by_label("What it says, word for word").fill("Workers came to the house.")
    page.get_by_label("On which page").fill("12")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator("main")).to_contain_text("Workers came to the house.")
    sound(page)
    page.get_by_role("link", name=re.compile("Replace it or take it back.*At home")).click()
    sound(page)
    page.get_by_label("Why does it no longer stand?").fill("It was another programme.")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("main")).to_contain_text("It was another programme.")
    sound(page)


def test_an_editor_gathers_a_package_and_shows_it(
    people: dict[str, Person], live_server: Any, open_page: Pages, sound: Callable[[Page], None]
) -> None:
    page = signed_in(open_page, live_server.url, people["ed"])
    page.goto(f"{live_server.url}/workspace/guides/")
    sound(page)
    page.get_by_role("link", name="Begin a package").click()
    page.get_by_label("The title").fill("Safer streets")
    page.get_by_label("Theme").select_option(index=1)
    sound(page)
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("What it is about").fill("What we hold on safer streets.")
    page.get_by_label("Add a guide or a page").select_option(label="Page: Slow zones")
    page.get_by_role("button", name="Add it at the end").click()
    page.get_by_role("button", name="Keep it, and show it to readers").click()
    expect(page.get_by_role("alert")).to_contain_text("at which stage")
    page.get_by_label("Stage").fill("Plan")
    page.get_by_label("Why it is here").fill("What is known best.")
    sound(page)
    page.get_by_role("button", name="Keep it, and show it to readers").click()
    expect(page.locator("main")).to_contain_text("Readers see this package")
    sound(page)
    reader = open_page(PHONE)
    reader.goto(f"{live_server.url}/packages/safer-streets/")
    expect(reader.locator("main")).to_contain_text("What is known best.")
    sound(reader)


def test_a_reader_opens_every_rule_of_a_study_and_every_rating_of_a_page(
    rated: tuple[str, str], live_server: Any, open_page: Pages, sound: Callable[[Page], None]
) -> None:
    study, slug = rated
    reader = open_page(PHONE)
    reader.goto(f"{live_server.url}/studies/{study}/")
    section = reader.locator("section:has(#rated)")
    expect(section).to_contain_text("Two schools left at once.")
    expect(section.get_by_role("link", name="Trial padlocks")).to_be_visible()
    expect(section.get_by_text("no higher than High (4 padlocks)").first).to_be_hidden()
    section.get_by_text("Every rule: what it looked at").click()
    expect(section.get_by_text("no higher than High (4 padlocks)").first).to_be_visible()
    sound(reader)
    reader.goto(f"{live_server.url}/evidence/{slug}/")
    reader.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    expect(reader.locator("main")).to_contain_text("1 of 4: direct costs or benefits")
    expect(reader.locator("main")).to_contain_text("Drivers felt that the limit was fair.")
    sound(reader)
    reader.get_by_role("link", name="Every rule").first.click()
    expect(reader.locator("#rated")).to_be_in_viewport()
    reader.goto(f"{live_server.url}/evidence/{slug}/ratings/")
    expect(reader.locator("section:has(#beside)")).to_contain_text("Moderate to high (3 padlocks)")
    sound(reader)
