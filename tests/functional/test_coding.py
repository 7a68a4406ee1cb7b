"""The review team's journey: a frame, two coders, a difference settled, a result entered, an analysis, a correction."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre, Sound
from tests.functional.test_review_together import at_a_browser
from tests.unit.collate.pdfs import pdf

WAIT = 30_000  # milliseconds for a worker of a busy machine
STUDY = "Philadelphia 2002"
REVIEW = "care-entry"
SLUG = "placement-once-more"
PAGE = "/evidence/intensive-family-preservation/"
ANSWERS = {
    "What did the study set out to find?": "Whether visits prevent placements",
    "Country": "United States",
    "Who took part?": "Families known to services",
    "What was done?": "Visits at home",
    "Which outcomes were measured?": "Placement",
}


def cell(page: Page, label: str) -> Locator:
    """The card of an item on the form."""
    return page.locator("fieldset.cell", has=page.locator("legend", has_text=label)).first


def put_up(lead: Page, centre: Centre, coders: list[str]) -> str:
    """Take a frame into use, add the report's file, put the study up and give two people its form."""
    lead.goto(centre.url + "/workspace/frames/")
    lead.get_by_role("button", name=re.compile("Take it into use.*A study in ten questions")).click()
    expect(lead.locator("h1")).to_have_text("A study in ten questions")
    lead.goto(centre.url + "/workspace/studies/")
    lead.get_by_role("link", name=STUDY, exact=True).click()
    study = lead.url
    report = str(lead.locator("main a[href^='/reports/']").first.get_attribute("href")).strip("/").rpartition("/")[2]
    lead.goto(f"{centre.url}/workspace/reports/{report}/files/")
    file = pdf("Families were visited at home for a month", "Of 140 families 31 had a child placed, of 130 others 44")
    lead.locator("input[type=file]").set_input_files(
        {"name": "visits.pdf", "mimeType": "application/pdf", "buffer": file}
    )
    lead.locator("main form button").first.click()
    expect(lead.locator("main")).to_contain_text("visits.pdf")
    lead.goto(study)
    lead.locator("summary", has_text="Put it up for coding").click()
    lead.get_by_label("Frame", exact=True).select_option(label="A study in ten questions, version 1")
    lead.get_by_role("button", name="Put it up").click()
    for person in coders:
        lead.get_by_label("Who codes it").select_option(label=person)
        lead.get_by_role("button", name="Give them the form").click()
        expect(lead.locator(".notice").first).to_contain_text("has the form now")
    return study


def code(page: Page, study: str, joined: str, *, quoting: bool = False) -> None:
    """Fill the form; each item is kept as it is answered, without a button."""
    page.goto(study)
    page.get_by_role("link", name=re.compile("^Your form")).click()
    expect(cell(page, "What was it compared with?")).to_be_hidden()
    cell(page, "Design").get_by_label("Randomised").check()
    expect(cell(page, "What was it compared with?")).to_be_visible()
    for label, words in ANSWERS.items():
        cell(page, label).locator(".value [name]").fill(words)
    cell(page, "How many joined?").locator(".value input").fill(joined)
    cell(page, "How many joined?").locator("legend").click()
    page.keyboard.press("Tab")
    if quoting:
        quote(page)
    page.locator("#filled").scroll_into_view_if_needed()
    expect(page.locator("#filled")).to_contain_text("nothing required is missing", timeout=WAIT)


def quote(page: Page) -> None:
    """Select the words on the page of the report as it looks, and use them as the quote."""
    frame = page.frame_locator("#reader")
    frame.get_by_role("link", name="Page 2").click()
    words = frame.locator(".as-it-looks text")
    expect(words).to_have_text(re.compile("Of 140 families"))
    picture = frame.locator(".as-it-looks image")
    assert (
        picture.evaluate(
            "async (one) => { const held = new Image(); held.src = one.href.baseVal; await held.decode(); return held.naturalWidth }"
        )
        > 1000
    )
    cell(page, "How many joined?").locator(".value input").focus()
    box = words.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 1, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 2, middle, steps=8)
    page.mouse.up()
    page.get_by_role("button", name="Use as quote").click()
    card = cell(page, "How many joined?")
    expect(card.get_by_label("Page", exact=True)).to_have_value("2")
    expect(card.get_by_label("Quote", exact=True)).to_have_value(re.compile("Of 140 families 31 had a child placed"))


def done(page: Page) -> None:
    page.get_by_role("button", name="I am done").click()
    expect(page.locator(".notice").first).to_contain_text("You are done")


def reconcile(lead: Page, study: str) -> None:
    """Decide between the two counts, saying why."""
    lead.goto(study)
    lead.get_by_role("link", name=re.compile("^Reconcile")).click()
    line = lead.locator("article.compared", has_text="How many joined?")
    expect(line).to_contain_text("270 people")
    expect(line).to_contain_text("Page 2")
    line.get_by_label(re.compile("270 people")).check()
    line.get_by_label("Why?").fill("140 and 130 make 270.")
    line.get_by_role("button", name=re.compile("^Decide")).click()
    expect(lead.locator(".notice").first).to_contain_text("Decided")
    expect(lead.locator("article.compared", has_text="How many joined?")).to_have_count(0)


def enter(page: Page, study: str, sound: Sound) -> None:
    """Enter counts as published: the effect stands there while they are typed, and a slip raises an alarm."""
    page.goto(study + "finding/")
    page.get_by_label("What does the report print?").select_option(
        label="Numbers of people with the outcome in two groups"
    )
    expect(page.locator("#n-events1")).to_be_visible()
    for name, value in (("events1", "310"), ("n1", "140"), ("events2", "44"), ("n2", "130")):
        page.locator(f"#n-{name}").fill(value)
    expect(page.locator("#worked .alarms, #worked .errorlist").first).to_be_visible()
    page.locator("#n-events1").fill("31")
    expect(page.locator("#worked .effect")).to_contain_text("95% interval")
    expect(page.locator("#worked .steps")).to_contain_text("31")
    page.get_by_label("What does its text say?").select_option("higher")
    expect(page.locator("#worked .alarms")).to_be_visible()  # the text as typed contradicts the numbers
    sound(page, "finding")
    page.get_by_label("What does its text say?").select_option("lower")
    page.get_by_label("Formula", exact=True).select_option("risk-difference-from-counts")
    page.get_by_label("Intervention", exact=True).select_option(label="Intensive family preservation")
    page.get_by_label("Outcome of the framework").select_option(label="Families with a child placed in care")
    page.get_by_label("Months from the start").fill("12")
    page.get_by_label("Page", exact=True).fill("2")
    page.get_by_role("button", name="Keep this result").click()
    expect(page.locator(".notice").first).to_contain_text("Kept")
    expect(page.locator("main")).to_contain_text("risk difference −0.117")


def analyse(page: Page, centre: Centre) -> None:
    """Declare, lock, run, put forward."""
    page.goto(centre.url + "/workspace/declare/")
    page.get_by_label("Title", exact=True).fill("Placement once more")
    page.get_by_label("Review", exact=True).select_option(label="Reducing the need for care")
    page.get_by_label("Intervention", exact=True).select_option(label="Intensive family preservation")
    page.get_by_label("Outcome", exact=True).select_option(label="Families with a child placed in care")
    page.get_by_label("Who or what is counted").fill("families")
    page.locator("textarea[name=question]").fill("Do intensive visits keep children at home?")
    page.locator("select[name=metric]").select_option("RD")
    page.get_by_role("button", name="Declare it").click()
    page.get_by_role("button", name="Lock the plan").click()
    page.get_by_role("button", name="Run it").click()
    for _ in range(30):
        if page.get_by_role("heading", name="The result").count():
            break
        page.wait_for_timeout(1000)
        page.goto(f"{centre.url}/workspace/analyses/{SLUG}/")
    expect(page.get_by_role("heading", name="Forest plot")).to_be_visible()
    page.get_by_role("button", name="Put it forward").click()
    expect(page.locator(".notice").first).to_contain_text("Put forward")


def correct(page: Page, study: str, events: str) -> None:
    page.goto(study)
    page.get_by_role("link", name=re.compile("Correct its numbers.*Families with a child placed in care")).last.click()
    page.get_by_label(re.compile("events1", re.IGNORECASE)).fill(events)
    page.get_by_label(re.compile("why", re.IGNORECASE)).fill("Page 2 prints another number.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice").first).to_contain_text("Corrected")


def approve(page: Page, centre: Centre) -> None:
    page.goto(centre.url + "/workspace/")
    page.get_by_role("link", name="Intensive family preservation", exact=True).first.click()
    page.get_by_label(re.compile("what changed", re.IGNORECASE)).fill("A study was coded anew.")
    page.get_by_role("button", name="Approve this draft").click()
    expect(page.locator(".notice").first).to_be_visible()


def beside(page: Page, centre: Centre) -> tuple[str, str]:
    """The number as published, and as it would be."""
    page.goto(f"{centre.url}/workspace/analyses/{SLUG}/")
    expect(page.get_by_role("heading", name="Published, and would be")).to_be_visible()
    pairs = page.locator("section[aria-labelledby=beside] dd")
    return pairs.nth(0).inner_text().partition(" Where")[0], pairs.nth(1).inner_text()


def look_round(lead: Page, coder: Page, centre: Centre, study: str, sound: Sound) -> None:
    """The pages that the journey passes by."""
    for name in ("studies", "frames", "appraised"):
        lead.goto(f"{centre.url}/workspace/{name}/")
        sound(lead, name)
    coder.goto(study + "appraise/?tool=rob-2")
    sound(coder, "appraise")
    lead.goto(f"{centre.url}/workspace/frames/")
    lead.locator("main a[href^='/workspace/frames/frm']").first.click()
    sound(lead, "frame")
    lead.goto(f"{centre.url}/workspace/studies/")
    lead.locator("main a[href$='/open-study/']").first.click()
    sound(lead, "open-study")
    lead.goto(f"{centre.url}/workspace/reviews/{REVIEW}/coders/")
    expect(lead.locator("main table").first).to_be_visible()
    sound(lead, "agreement")
    coder.goto(study)
    coder.get_by_role("link", name=re.compile("^Your form")).click()
    coder.goto(centre.url + str(coder.locator("#reader").get_attribute("src")))
    sound(coder, "page")


def test_two_people_code_a_study_and_its_result_reaches_the_page(
    own_centre: Centre, open_page: Pages, sound: Sound
) -> None:
    """From the frame to the second revision; then a correction shows what would be, and readers see what was approved."""
    lead = at_a_browser(own_centre, open_page, "ada", "lead").page
    one, other = (at_a_browser(own_centre, open_page, name, "coder") for name in ("ben", "cas"))
    statistician = at_a_browser(own_centre, open_page, "dee", "statistician").page
    editor = at_a_browser(own_centre, open_page, "eve", "editor").page

    study = put_up(lead, own_centre, [one.email, other.email])
    sound(lead, "study")
    code(one.page, study, "270", quoting=True)
    sound(one.page, "coding")
    done(one.page)
    one.page.goto(one.page.url + "reconcile/")
    expect(one.page.locator("main")).to_contain_text("not all said that they are done")
    code(other.page, study, "140")
    done(other.page)
    sound(other.page, "reconcile")
    reconcile(lead, study)

    enter(one.page, study, sound)
    analyse(statistician, own_centre)
    sound(statistician, "analysis")
    correct(one.page, study, "33")
    approve(editor, own_centre)
    editor.goto(own_centre.url + PAGE)
    expect(editor.locator("main")).to_contain_text(re.compile("revision 2", re.IGNORECASE))
    correct_again(statistician, other.page, editor, own_centre, study)
    sound(statistician, "beside")
    look_round(lead, one.page, own_centre, study, sound)


def correct_again(statistician: Page, coder: Page, reader: Page, centre: Centre, study: str) -> None:
    """What would be stands beside what is published, for those who work here; readers go on seeing what was approved."""
    read = reader.locator(".outcome").first.inner_text()
    statistician.goto(f"{centre.url}/workspace/analyses/{SLUG}/")
    expect(statistician.get_by_role("heading", name="Published, and would be")).to_have_count(0)
    correct(coder, study, "60")
    published, would_be = beside(statistician, centre)
    assert published and would_be and published != would_be
    reader.goto(centre.url + PAGE)
    assert reader.locator(".outcome").first.inner_text() == read
