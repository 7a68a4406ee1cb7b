"""Given a published page, when a raw number is corrected, then the pool moves, the page goes stale and a person approves."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import Centre

PAGE = "/evidence/intensive-family-preservation/"


def _sign_in(page: Page, centre: Centre) -> None:
    page.goto(centre.url + "/account/login/")
    page.locator("input[name=login]").fill(centre.administrator[0])
    page.locator("input[name=password]").fill(centre.administrator[1])
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("What needs you now")


def _correctable(page: Page, centre: Centre) -> str:
    """The contrast behind the first pooled finding of the page."""
    page.goto(centre.url + PAGE)
    finding = page.locator("table a.num[href^='/trace/fnd-']").first.get_attribute("href")
    page.goto(centre.url + str(finding))
    return str(page.locator("a[href^='/workspace/correct/']").first.get_attribute("href"))


@pytest.mark.smoke
def test_a_correction_travels_from_the_raw_number_to_a_new_revision(
    own_centre: Centre, desktop: Page, axe: Callable
) -> None:
    centre = own_centre
    _sign_in(desktop, centre)
    assert axe(desktop) == []
    before = _published(desktop, centre)
    desktop.goto(centre.url + _correctable(desktop, centre))
    assert axe(desktop) == []
    box = desktop.get_by_label(re.compile("events1", re.I))
    box.fill(str(int(float(box.input_value())) + 20))
    desktop.get_by_role("button", name="Save").click()
    expect(
        desktop.locator("#id_reason_error, .errorlist, .error").first
    ).to_be_visible()  # a correction needs its reason
    desktop.get_by_label(re.compile("why", re.I)).fill("Misread the table: the report prints a larger number.")
    desktop.get_by_role("button", name="Save").click()
    expect(desktop.locator(".notice").first).to_contain_text("Corrected")

    # The public sees that something moved, and still the approved numbers.
    assert _published(desktop, centre) == before
    expect(desktop.locator(".notice").first).to_contain_text("We have been checking it")

    desktop.goto(centre.url + "/workspace/")
    desktop.get_by_role("link", name="Intensive family preservation", exact=True).first.click()
    expect(desktop.locator(".compare li").first).to_be_visible()
    assert axe(desktop) == []
    desktop.get_by_label(re.compile("what changed", re.I)).fill("A misread count was put right.")
    desktop.get_by_role("button", name="Approve this draft").click()
    after = _published(desktop, centre)
    assert after != before
    desktop.goto(centre.url + PAGE + "revisions/1/")
    expect(desktop.locator(".notice").first).to_contain_text("revision 1, kept as it was")
    assert _sentence(desktop) == before
    verdict = json.loads(centre.run("verify", "--json").stdout)
    assert verdict["ok"], verdict["differences"]


def _published(page: Page, centre: Centre) -> str:
    page.goto(centre.url + PAGE)
    return _sentence(page)


def _sentence(page: Page) -> str:
    return page.locator(".outcome p").nth(1).inner_text()


def test_a_number_changed_by_hand_is_named_with_every_page_that_rests_on_it(own_centre: Centre) -> None:
    centre = own_centre
    if centre.environment["DATABASE_URL"]:
        import psycopg

        connection = psycopg.connect(centre.environment["DATABASE_URL"], autocommit=True)
    else:
        connection = sqlite3.connect(centre.home / "centre.sqlite3", isolation_level=None)
    query = "SELECT identifier, inputs FROM extract_contrast WHERE reference LIKE 'hb_ky_final%'"
    cursor = connection.cursor()
    cursor.execute(query)
    identifier, inputs = cursor.fetchone()
    changed = json.dumps(json.loads(inputs) | {"events1": 99}, sort_keys=True, separators=(",", ":"))
    mark = "%s" if centre.environment["DATABASE_URL"] else "?"
    update = f"UPDATE extract_contrast SET inputs = {mark} WHERE identifier = {mark}"
    cursor.execute(update, [changed, identifier])
    try:
        found = centre.run("verify", "--json", check=False)
        verdict = json.loads(found.stdout)
        assert found.returncode == 1
        named = [one for one in verdict["differences"] if one["identifier"] == identifier]
        assert named, verdict["differences"]
        assert "intensive-family-preservation" in {page["slug"] for page in named[0]["pages"]}
    finally:
        cursor.execute(update, [inputs, identifier])
        connection.close()
    assert json.loads(centre.run("verify", "--json").stdout)["ok"]
