"""Screening as people live it: single keys, a train without a connection, a server that fails, a phone, no script."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import Pages
from tests.functional.conftest import Centre
from tests.functional.screened import review_in
from tests.functional.test_workspace import sign_in
from tests.unit.collate.pdfs import pdf

UNREAD = 400  # milliseconds in which a second key is taken for a slip of the first
SENT = 20_000  # milliseconds for what waits to be sent again
Review = Callable[..., str]


@pytest.fixture
def review(own_centre: Centre, request: pytest.FixtureRequest) -> Review:
    """Makes a review of its own for the test; gives the address under which it is screened."""

    def make(count: int = 12, **told: Any) -> str:
        words = request.node.name.removeprefix("test_").replace("_", " ")
        digest = hashlib.sha256(words.encode()).hexdigest()[:6]  # names that begin alike are cut alike
        return review_in(own_centre, f"{words[:30].strip().capitalize()} {digest}", count, **told)

    return make


@pytest.fixture
def signed_in(desktop: Page, own_centre: Centre) -> Page:
    sign_in(desktop, own_centre)
    return desktop


def now(page: Page) -> Locator:
    return page.locator("#now .record")


def key(page: Page, pressed: str) -> str:
    """Press a key as somebody who has read the record; gives the candidate that was on the screen."""
    before = str(now(page).get_attribute("data-candidate"))
    page.wait_for_timeout(UNREAD)
    page.keyboard.press(pressed)
    return before


def kept(page: Page) -> int:
    return int(page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('screening:')).length"))


def screened(page: Page, count: int) -> None:
    expect(page.locator("#progress")).to_contain_text(f"You have screened {count}.", timeout=SENT)


@pytest.fixture
def failing(signed_in: Page) -> list[int]:
    """Statuses that the server answers with, one after the other, before it works again."""
    answers: list[int] = []

    def answer(route: Route) -> None:
        if answers:
            route.fulfill(status=answers.pop(0), content_type="text/html", body="<h1>An error</h1>")
        else:
            route.continue_()

    signed_in.route(re.compile("/(say|undo|skip)/$"), answer)
    return answers


@pytest.mark.smoke
def test_a_person_screens_with_single_keys(signed_in: Page, review: Review, axe: Callable[[Page], list[str]]) -> None:
    """Decide, skip, note, undo, change one's mind: without the mouse, and each step is said aloud."""
    page = signed_in
    page.goto(review() + "screen/")
    assert axe(page) == []
    first = now(page).get_attribute("data-candidate")
    following = page.evaluate("document.querySelector('template.next').content.firstElementChild.dataset.title")
    key(page, "i")
    expect(page.locator("#said")).to_have_text(f"Included. Next: {following}")
    expect(now(page).locator("h2")).to_be_focused()
    screened(page, 1)
    key(page, "u")
    expect(now(page)).to_have_attribute("data-candidate", str(first))
    expect(page.locator("#progress")).to_contain_text("12 wait for you", timeout=SENT)
    page.keyboard.press("n")
    expect(now(page).locator("textarea")).to_be_focused()
    page.keyboard.type("I, e and u are letters here")
    page.keyboard.press("Escape")
    expect(now(page).locator("h2")).to_be_focused()
    key(page, "2")
    key(page, "e")
    key(page, "m")
    skipped = key(page, "s")
    screened(page, 2)
    expect(page.locator("#undo")).to_contain_text("Excluded")
    page.get_by_role("button", name=re.compile("^Undo the decision")).last.click()
    expect(now(page)).to_have_attribute("data-candidate", str(first))
    expect(now(page).locator("textarea")).to_have_value("I, e and u are letters here")
    screened(page, 1)
    assert skipped != first and kept(page) == 0
    assert axe(page) == []


@pytest.mark.smoke
def test_minutes_without_a_connection_lose_nothing(
    signed_in: Page, review: Review, axe: Callable[[Page], list[str]]
) -> None:
    """On a train people decide, close the tab, and open it again in the office."""
    page, context = signed_in, signed_in.context
    address = review() + "screen/"
    page.goto(address)
    page.get_by_text("Keys and working without a connection").click()
    page.get_by_role("button", name="Fetch ten ahead").click()
    expect(page.get_by_role("button", name="10 are here: fetch no more")).to_be_visible()
    now(page).locator("h2").focus()
    context.set_offline(True)
    decided = [key(page, pressed) for pressed in "ieime"]
    warning = page.locator("#unsent")
    expect(warning).to_contain_text("No connection. 5 decisions are kept here and will be sent.")
    assert axe(page) == [] and len(set(decided)) == 5 and kept(page) == 5
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    screened(again, 5)
    expect(again.locator("#unsent")).to_be_hidden()
    assert kept(again) == 0
    assert now(again).get_attribute("data-candidate") not in decided


def test_it_goes_on_by_itself_when_the_connection_is_back(signed_in: Page, review: Review) -> None:
    page = signed_in
    page.goto(review() + "screen/")
    page.context.set_offline(True)
    for pressed in "ie":
        key(page, pressed)
    expect(page.locator("#now")).to_contain_text("Nothing more is here until there is a connection")
    key_with_nothing = page.locator("#unsent")
    expect(key_with_nothing).to_contain_text("2 decisions are kept here")
    page.context.set_offline(False)
    screened(page, 2)
    expect(now(page)).to_be_visible()
    expect(page.locator("#said")).to_contain_text(re.compile("Next|All your decisions are sent"))


def test_a_server_that_fails_twice_is_asked_again(signed_in: Page, review: Review, failing: list[int]) -> None:
    """What was decided while the server was restarted must not be lost, nor said twice."""
    page = signed_in
    page.goto(review() + "screen/")
    failing += [500, 503]
    key(page, "i")
    expect(page.locator("#unsent")).to_contain_text("The centre does not answer. 1 decision is kept here")
    screened(page, 1)
    expect(page.locator("#unsent")).to_be_hidden()
    assert kept(page) == 0


def test_an_answer_that_was_lost_is_not_a_second_opinion(signed_in: Page, review: Review) -> None:
    """The server heard it, and the train went into a tunnel before the answer came."""
    page, asked = signed_in, []

    def swallow(route: Route) -> None:
        asked.append(route.request.post_data)
        if len(asked) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(re.compile("/say/$"), swallow)
    page.goto(review() + "screen/")
    key(page, "i")
    screened(page, 1)
    assert len(asked) == 2 and re.findall("key=[^&]+", asked[0]) == re.findall("key=[^&]+", asked[1])


def test_two_tabs_send_each_decision_once(signed_in: Page, review: Review) -> None:
    """Both know what is kept in the browser; only one may send it."""
    page, other, asked = signed_in, signed_in.context.new_page(), []
    address = review() + "screen/"
    page.goto(address)
    other.goto(address)
    page.context.set_offline(True)
    for pressed in "ie":
        key(page, pressed)
    for tab in (page, other):
        expect(tab.locator("#unsent" if tab == page else "h1")).to_be_visible()
        tab.on("request", lambda request: asked.append(request.post_data or "") if "/say/" in request.url else None)
    page.context.set_offline(False)
    screened(page, 2)
    expect(page.locator("#unsent")).to_be_hidden()
    other.bring_to_front()
    other.wait_for_timeout(UNREAD)
    assert len(asked) == len({re.findall("key=[^&]+", body)[0] for body in asked}) == 2 and kept(other) == 0


def test_a_key_pressed_twice_decides_once(signed_in: Page, review: Review) -> None:
    """A second record must not be decided before anybody can have seen it."""
    page = signed_in
    page.goto(review() + "screen/")
    key(page, "i")
    page.keyboard.press("i")
    page.keyboard.press("i")
    screened(page, 1)
    page.wait_for_timeout(UNREAD)
    screened(page, 1)


def test_what_is_refused_stays_until_it_is_dealt_with(signed_in: Page, review: Review) -> None:
    """A decision that the server would not keep and nobody hears of is lost."""
    page = signed_in
    page.goto(review() + "screen/")
    page.route(re.compile("/say/$"), lambda route: route.fulfill(status=409, json={"error": "It has gone."}))
    one = key(page, "i")
    box = page.locator("#unsent")
    expect(box).to_contain_text("Not kept: include")
    expect(box).to_contain_text("It has gone.")
    page.unroute(re.compile("/say/$"))
    page.reload()
    expect(box).to_contain_text("It has gone.")
    page.get_by_role("button", name="Look at it again").click()
    expect(now(page)).to_have_attribute("data-candidate", one)
    expect(box).to_be_hidden()
    key(page, "e")
    screened(page, 1)


def test_signed_out_it_keeps_all_and_says_so(signed_in: Page, review: Review, own_centre: Centre) -> None:
    """A session that ended over lunch must not take the morning with it."""
    page, address = signed_in, review() + "screen/"
    page.goto(address)
    page.context.clear_cookies()
    key(page, "i")
    expect(page.locator("#unsent")).to_contain_text("You are signed out. 1 decision is kept here")
    page.get_by_role("link", name="Sign in to send").click()
    page.locator("input[name=login]").fill(own_centre.administrator[0])
    page.locator("input[name=password]").fill(own_centre.administrator[1])
    page.keyboard.press("Enter")
    page.wait_for_url(address)
    screened(page, 1)
    assert kept(page) == 0


def test_the_keys_and_the_marks_can_be_switched_off(signed_in: Page, review: Review) -> None:
    page = signed_in
    page.goto(review(bare=0) + "screen/")
    before = now(page).get_attribute("data-candidate")
    assert now(page).locator("mark.for").count() and now(page).locator("mark.against").count()
    page.keyboard.press("h")
    expect(page.locator("#screening")).to_have_class(re.compile("unmarked"))
    page.get_by_text("Keys and working without a connection").click()
    page.keyboard.press("h")
    expect(page.locator("#screening")).not_to_have_class(re.compile("unmarked"))
    page.get_by_role("button", name="Keys are on").click()
    key(page, "i")
    assert now(page).get_attribute("data-candidate") == before
    now(page).get_by_role("button", name="Include").click()
    screened(page, 1)


def test_a_missing_abstract_is_mended_on_the_way(signed_in: Page, review: Review, axe: Callable) -> None:
    page = signed_in
    page.goto(review(2) + "screen/")
    while not page.get_by_text("No database gave an abstract.").is_visible():
        key(page, "s")
        page.wait_for_timeout(UNREAD)
    page.get_by_role("link", name="Add it").click()
    assert axe(page) == []
    page.get_by_label("The abstract", exact=True).fill(
        "Family group gardens were tried in forty councils, by lot, for a year."
    )
    page.get_by_label("Where did you find it?").fill("The publisher's page")
    page.get_by_role("button", name="Keep it").click()
    expect(now(page)).to_contain_text("This abstract was typed in by")
    page.get_by_role("link", name="I have seen this before").click()
    page.get_by_label("Words of its title").fill("number 1 trial")
    page.get_by_role("button", name="Look").click()
    assert axe(page) == []
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="These are the same report").click()
    expect(page.locator(".notice").first).to_contain_text("They are one report now.")


def test_full_texts_are_read_beside_the_record(
    signed_in: Page, review: Review, own_centre: Centre, axe: Callable, tmp_path: Any
) -> None:
    """A reason is asked for before, not after; what has no file can get one, or be set aside."""
    page = signed_in
    address = review(3, further=2)
    page.goto(address + "full-text/")
    assert axe(page) == []
    page.get_by_role("link", name="Add one").click()
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf("A report of ours"))
    page.get_by_label("A PDF of this report").set_input_files(path)
    page.get_by_role("button", name="Keep it").click()
    page.goto(address + "full-text/")
    expect(page.locator("#now iframe")).to_be_visible()
    before = key(page, "e")
    expect(page.locator("#said")).to_contain_text("Choose a reason")
    assert now(page).get_attribute("data-candidate") == before
    page.keyboard.press("3")
    screened(page, 1)
    page.get_by_role("button", name="It could not be had").click()
    expect(page.locator("#none")).to_be_visible()
    page.get_by_role("link", name="Reports that could not be had").click()
    assert axe(page) == []
    page.get_by_role("button", name=re.compile("It could be had after all")).click()
    page.get_by_role("link", name="Back to the full texts").click()
    expect(now(page)).to_be_visible()


def test_without_script_the_same_buttons_do_the_same(own_centre: Centre, review: Review, open_page: Pages) -> None:
    page = open_page(390, java_script_enabled=False)
    sign_in(page, own_centre)
    page.goto(review() + "screen/")
    first = now(page).get_attribute("data-candidate")
    page.get_by_role("button", name="Include").click()
    expect(page.locator(".notice").first).to_contain_text("Included.")
    page.get_by_role("button", name="Skip").click()
    expect(page.locator(".notice").first).to_contain_text("Skipped")
    page.get_by_role("button", name="Undo your last decision").click()
    expect(page.locator(".notice").first).to_contain_text("Taken back.")
    assert now(page).get_attribute("data-candidate") == first


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_pass_axe_at_both_widths_and_a_thumb_reaches_the_buttons(
    own_centre: Centre, review: Review, open_page: Pages, width: int, scheme: str, axe: Callable[[Page], list[str]]
) -> None:
    page = open_page(width, color_scheme=scheme)
    sign_in(page, own_centre)
    address = review(3, further=1)
    for place in ("screen/", "full-text/", "full-text/not-had/"):
        page.goto(address + place)
        assert axe(page) == [], place
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), place
    page.goto(address + "screen/")
    for button in page.locator(".deciding button").all():
        box = button.bounding_box()
        assert box and box["height"] >= 44 and box["y"] + box["height"] <= 844, "out of sight, or too small for a thumb"
