"""Two people rate, each alone; they differ, agree, and an approver who is neither signs it off: the page says so."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre, Sound
from tests.functional.test_review_together import at_a_browser
from tests.functional.test_workspace import SECONDS

PAGE, NAME = "family-group-conferencing", "Family group conferencing"


def find_rating(lead: Page, centre: Centre) -> str:
    """The address of the first rating that the page shows."""
    lead.goto(f"{centre.url}/evidence/{PAGE}/")
    expect(lead.locator("a.tag").first).to_contain_text("provisional")
    return str(lead.locator("a.tag").first.get_attribute("href"))


def ask(lead: Page, trace: str, people: list[str], sound: Sound) -> str:
    """Ask two people from the rating's own page. Returns where they rate."""
    lead.goto(trace)
    lead.get_by_role("link", name="Ask two people to judge this").click()
    expect(lead.locator("h1")).to_have_text("Ask two people to rate")
    expect(lead.locator("section:has(#out)")).to_contain_text("I help to run it")  # whose interest keeps them out
    expect(lead.get_by_label("First person")).not_to_contain_text("kit@")
    sound(lead, "ask")
    for label, person in zip(("First person", "Second person"), people, strict=True):
        lead.get_by_label(label).select_option(label=person)
    lead.get_by_role("button", name="Ask both").click()
    expect(lead.locator(".notice").first).to_contain_text("Both are asked")
    sound(lead, "asked")
    return lead.url


def declare(page: Page, centre: Centre, sound: Sound) -> None:
    """Declare an interest in what the page is about; with nothing said it is refused, and what was chosen stays."""
    page.goto(centre.url + "/workspace/interests/")
    page.get_by_label("What is it in?").select_option(label=NAME)
    page.get_by_role("button", name="Declare it").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what your interest is")
    page.get_by_label("What is your interest?").fill("I help to run it.")
    sound(page, "interests")
    page.get_by_role("button", name="Declare it").click()
    expect(page.locator(".notice").first).to_contain_text("Declared")


def rate(page: Page, at: str, level: int, sound: Sound, *, first: bool) -> None:
    """Say that one has no interest, choose a level, say why, and be done."""
    page.goto(at)
    expect(page.locator("h2#interest")).to_be_visible()
    if first:
        sound(page, "interest")
    page.get_by_role("button", name="I have no interest in this").click()
    expect(page.locator("main")).not_to_contain_text("The rules of the standard give")  # nothing is suggested before
    page.locator("input[name=level]").nth(level).check()
    page.get_by_role("button", name="I am done").click()
    expect(page.get_by_role("alert")).to_contain_text("say why")
    expect(page.locator("input[name=level]").nth(level)).to_be_checked()
    page.get_by_label("Why?").fill(f"It reads like level {level} to me.")
    if first:
        sound(page, "rating")
    page.get_by_role("button", name="I am done").click()


def test_two_people_rate_blind_agree_and_an_approver_signs_off(
    own_centre: Centre, open_page: Pages, sound: Sound
) -> None:
    lead = at_a_browser(own_centre, open_page, "lia", "lead").page
    one, other = (at_a_browser(own_centre, open_page, name, "rater") for name in ("mia", "noa"))
    kit = at_a_browser(own_centre, open_page, "kit", "rater").page
    approver = at_a_browser(own_centre, open_page, "ada", "approver").page
    editor = at_a_browser(own_centre, open_page, "eve", "editor").page
    declare(kit, own_centre, sound)
    trace = own_centre.url + find_rating(lead, own_centre)
    at = ask(lead, trace, [one.email, other.email], sound)

    rate(one.page, at, 0, sound, first=True)
    expect(one.page.locator("section:has(#rule)")).to_contain_text("The rules of the standard give")
    sound(one.page, "afterwards")
    other.page.goto(at)
    expect(other.page.locator("main")).not_to_contain_text("It reads like")
    rate(other.page, at, 1, sound, first=False)
    expect(other.page.locator("main")).to_contain_text("different levels")
    moderate(other.page, sound)

    kit.goto(at + "compare/")
    expect(kit.locator("main")).to_contain_text("I help to run it")
    expect(kit.get_by_role("button", name="This is agreed")).to_have_count(0)
    sign_off(approver, own_centre, sound)
    approve_the_page(editor, own_centre)
    lead.goto(f"{own_centre.url}/evidence/{PAGE}/")
    expect(lead.locator("#outcome-1")).to_contain_text("signed off by an approver who was neither")
    expect(lead.locator("#outcome-1")).to_contain_text("The studies measured it alike.")
    sound(lead, "page")
    lead.goto(own_centre.url + "/workspace/ratings/agreement/")
    expect(lead.locator("main")).to_contain_text("can hardly be told from so few")
    sound(lead, "agreement")
    lead.goto(own_centre.url + "/workspace/ratings/")
    sound(lead, "ratings")
    lead.get_by_role("link", name=NAME, exact=True).last.click()
    sound(lead, "about")


def moderate(page: Page, sound: Sound) -> None:
    """Agree on a level, and be told which reasons are missing before it is recorded."""
    sound(page, "compare")
    page.locator("input[name=level]").first.check()
    page.get_by_role("button", name="This is agreed").click()
    expect(page.get_by_role("alert")).to_contain_text("not what both raters said")
    page.locator("#changed-level").fill("We read the tables together.")
    page.locator("#override").fill("The studies measured it alike.")
    page.get_by_role("button", name="This is agreed").click()
    expect(page.locator(".notice").first).to_contain_text("An approver who took no part must sign it off")
    sound(page, "agreed")


def sign_off(page: Page, centre: Centre, sound: Sound) -> None:
    """Find it among what waits, and sign it off."""
    page.goto(centre.url + "/workspace/")
    page.locator("section", has=page.get_by_role("heading", name="Ratings waiting to be signed off")).get_by_role(
        "link"
    ).first.click()
    sound(page, "sign-off")
    page.get_by_role("button", name="Sign it off").click()
    expect(page.locator(".notice").first).to_contain_text("Signed off")
    sound(page, "signed")


def approve_the_page(page: Page, centre: Centre) -> None:
    """Wait until the page was made anew, and publish it."""
    waiting = page.locator("section", has=page.get_by_role("heading", name="Pages waiting for approval"))
    for _ in range(SECONDS // 1000):
        page.goto(centre.url + "/workspace/")
        if waiting.get_by_role("link", name=NAME).count():
            break
        page.wait_for_timeout(1000)
    waiting.get_by_role("link", name=NAME).click()
    page.get_by_label("What changed, in a sentence for readers").fill("People judged the first outcome.")
    page.get_by_role("button", name="Approve this draft").click()
    expect(page.locator(".notice").first).to_contain_text("Published", timeout=SECONDS)
