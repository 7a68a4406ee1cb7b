"""Journeys of readers among places: from the map to a place, to what is counted, and to where a number is from."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.functional.conftest import Centre, Sound


def test_from_the_map_to_a_place_and_its_numbers(page: Page, centre: Centre, sound: Sound) -> None:
    page.goto(f"{centre.url}/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Places").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Places")
    expect(page.locator(".tiles a")).to_have_count(153)
    sound(page, "places")
    page.get_by_label("Find a council by name").fill("kent")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kent")
    expect(page.locator(".answer").first).to_contain_text("3,226 children in Kent started to be looked after")
    expect(page.get_by_text("Kent lies above the limits")).to_be_visible()
    expect(page.get_by_text("Its own year before, 2024").first).to_be_visible()
    sound(page, "area")
    page.locator(".answer a.num").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("starting, ceasing and looked after on 31 March, 2025")
    expect(page.get_by_text("What it revised")).to_be_visible()
    sound(page, "vintage")


def test_the_map_is_read_by_keyboard_and_each_square_says_its_number(page: Page, centre: Centre) -> None:
    page.goto(f"{centre.url}/places/indicators/starts/")
    square = page.locator(".tiles a").filter(has=page.locator("title", has_text="Kent: "))
    square.focus()
    expect(square).to_have_accessible_name("Kent: 90.8")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kent")


def test_an_indicator_says_what_it_counts_and_how_far_to_trust_it(page: Page, centre: Centre, sound: Sound) -> None:
    page.goto(f"{centre.url}/places/indicators/")
    sound(page, "indicators")
    page.get_by_role("link", name="Children who start to be looked after", exact=True).click()
    expect(page.locator(".answer").first).to_contain_text("26.5 children for every 10,000: 32,270 children")
    expect(page.get_by_text("5 of 152 councils lie outside the limits")).to_be_visible()
    expect(page.get_by_text("A place's next year is told best by its own last year")).to_be_visible()
    expect(page.get_by_text("1 council's number is withheld")).to_be_visible()
    sound(page, "indicator")
    page.get_by_role("link", name="the year to March 2021").click()
    expect(page.locator(".answer").first).to_contain_text("28,470 children")
    page.goto(f"{centre.url}/places/indicators/referrals/")
    sound(page, "monthly")
    with page.expect_download() as download:
        page.get_by_role("link", name="Data (CSV)").click()
    assert download.value.suggested_filename == "referrals.csv"


def test_a_place_that_is_no_more_and_one_without_numbers_say_so(page: Page, centre: Centre, sound: Sound) -> None:
    page.goto(f"{centre.url}/places/E10000006/")
    expect(
        page.get_by_text("It ended on 31 March 2023; Cumberland and Westmorland and Furness took over.")
    ).to_be_visible()
    page.goto(f"{centre.url}/places/E06000053/")
    expect(page.locator(".answer").first).to_contain_text("there is no number here: not applicable")
    sound(page, "without-numbers")
    page.goto(f"{centre.url}/places/?q=nowhere")
    expect(page.get_by_text("No council has “nowhere” in its name.")).to_be_visible()


def test_what_a_place_does_leads_to_what_is_known_of_it(page: Page, centre: Centre, sound: Sound) -> None:
    page.goto(f"{centre.url}/places/E08000007/")  # Stockport, where a pilot of social workers in schools was
    expect(page.get_by_role("heading", name="What this place does")).to_be_visible()
    expect(page.get_by_role("heading", name="What the evidence says about that")).to_be_visible()
    sound(page, "does")
    page.get_by_role("link", name="What we know, and how sure we are about Social workers in schools").click()
    expect(page.get_by_role("heading", name="Who does this")).to_be_visible()
