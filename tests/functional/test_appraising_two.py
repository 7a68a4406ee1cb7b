"""Two people judge a study's risk of bias, each alone; a page lays both side by side, and what they agree on counts."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre, Sound
from tests.functional.test_review_together import at_a_browser
from tests.unit.collate.pdfs import pdf

STUDY = "Philadelphia 2002"
WORDS = "Families were drawn by lot from sealed envelopes"
ANSWERS = {"1.1": "Yes", "1.2": "Yes", "1.3": "No", "2.1": "No", "2.2": "No", "2.6": "Yes", "3.1": "Yes", "4.1": "No",
           "4.2": "No", "4.3": "No", "5.1": "Yes", "5.2": "No", "5.3": "No"}  # fmt: skip


def add_file(lead: Page, centre: Centre) -> None:
    """Add the file of the study's report, in which words can be selected."""
    report = str(lead.locator("main a[href^='/reports/']").first.get_attribute("href")).strip("/").rpartition("/")[2]
    lead.goto(f"{centre.url}/workspace/reports/{report}/files/")
    file = {"name": "visits.pdf", "mimeType": "application/pdf", "buffer": pdf("Families were visited", WORDS)}
    lead.locator("input[type=file]").set_input_files(files=file)  # type: ignore[arg-type]
    lead.locator("main form button").first.click()
    expect(lead.locator("main")).to_contain_text("visits.pdf")


def ask(lead: Page, centre: Centre, people: list[str], sound: Sound) -> str:
    """Ask two people about one result. Returns the address of the study."""
    lead.goto(centre.url + "/workspace/studies/")
    lead.get_by_role("link", name=STUDY, exact=True).click()
    study = lead.url
    add_file(lead, centre)
    lead.goto(study + "appraise/?tool=rob-2")
    expect(lead.locator("h1")).to_have_text("What is judged?")
    sound(lead, "what")
    lead.get_by_label("What is judged?").select_option(index=1)
    for label, person in zip(("First person", "Second person"), people, strict=True):
        lead.get_by_label(label).select_option(label=person)
    lead.get_by_role("button", name="Ask both").click()
    expect(lead.locator(".notice").first).to_contain_text("Both are asked")
    sound(lead, "asked")
    return study


def answer(page: Page, key: str, word: str) -> None:
    question = page.locator("fieldset.question").filter(has=page.locator("legend", has_text=re.compile(f"^{key} ")))
    question.get_by_label(word, exact=True).check()


def support(page: Page, fold: Locator, *, selecting: bool) -> None:
    """Quote the report: by selecting words on its page, or by typing them."""
    if not selecting:
        fold.locator("summary").click()
        fold.get_by_label(re.compile("^Quote from the report")).fill(WORDS)
        fold.get_by_label(re.compile("^Page")).fill("2")
        return
    frame = page.frame_locator("#reader")
    frame.get_by_role("link", name="Page 2").click()
    words = frame.locator(".as-it-looks text").first
    expect(words).to_have_text(re.compile("sealed envelopes"))
    answer(page, "1.2", "Yes")
    page.locator("fieldset.question", has=fold).get_by_label("Yes", exact=True).focus()
    words.evaluate("(one) => getSelection().selectAllChildren(one)")
    page.get_by_role("button", name="Use as quote").click()


def judge(page: Page, study: str, sound: Sound, *, raters: str) -> None:
    """Answer every question, support one answer with the report's words, and say that one is done."""
    page.goto(study)
    page.get_by_role("link", name=re.compile("^Your form")).click()
    for _ in range(3):  # some questions come with the answers before them
        for key, word in (ANSWERS | {"4.2": raters}).items():
            if page.locator("legend", has_text=re.compile(f"^{key} ")).count():
                answer(page, key, word)
        page.get_by_role("button", name="Keep it, and see what follows").click()
    expect(page.locator("main")).to_contain_text("Nobody else sees it")
    fold = page.locator("details.support").filter(has=page.locator("summary", has_text="Support for the answer: 1.2"))
    support(page, fold, selecting=raters == "No")
    expect(fold.get_by_label(re.compile("^Quote from the report"))).to_have_value(re.compile("sealed envelopes"))
    expect(fold.get_by_label(re.compile("^Page"))).to_have_value("2")
    sound(page, f"form-{raters}")
    page.get_by_role("button", name="I am done").click()


def agree(page: Page, study: str, sound: Sound) -> None:
    """Compare, choose, and be told that a reason is missing before what is agreed counts."""
    page.goto(study)
    page.get_by_role("link", name=re.compile("^Compare and agree")).click()
    expect(page.locator("main")).to_contain_text("4 of 5 domains the same")
    expect(page.locator("main")).to_contain_text("sealed envelopes")
    sound(page, "compare")
    answer(page, "4.2", "No")
    page.get_by_role("button", name=re.compile("^What follows.*measured")).click()
    answer(page, "4.3", "No")
    page.get_by_role("button", name="This is agreed").click()
    expect(page.get_by_role("alert")).to_contain_text("D4: this is not what both said")
    sound(page, "refused")
    page.locator("#changed-D4").fill("Table 1 shows that outcomes were counted alike.")
    page.locator("#changed-overall").fill("By the rules.")
    page.get_by_role("button", name="This is agreed").click()
    expect(page.locator(".notice").first).to_contain_text("This counts now")
    sound(page, "agreed")


def test_two_people_judge_blind_compare_and_agree(own_centre: Centre, open_page: Pages, sound: Sound) -> None:
    lead = at_a_browser(own_centre, open_page, "lia", "lead").page
    one, other = (at_a_browser(own_centre, open_page, name, "coder") for name in ("mia", "noa"))
    study = ask(lead, own_centre, [one.email, other.email], sound)

    judge(one.page, study, sound, raters="No")
    expect(one.page.locator(".notice").first).to_contain_text("once the other is, too")
    two = one.page.url
    for page in (one.page, other.page, lead):  # nobody compares before both are done
        assert page.goto(two + "compare/").status == 403  # type: ignore[union-attr]
    other.page.goto(two)
    expect(other.page.locator("main")).not_to_contain_text("sealed envelopes")
    judge(other.page, study, sound, raters="Yes")
    expect(other.page.locator("h1")).to_have_text("Compare what two people judged")
    agree(other.page, study, sound)

    lead.goto(study)
    expect(lead.locator("main")).to_contain_text("Agreed by two people, recorded by noa@")
    sound(lead, "study")
    lead.get_by_role("link", name=re.compile("^RoB 2, version 2")).click()
    expect(lead.locator("main")).to_contain_text("sealed envelopes")
    sound(lead, "appraisal")
    lead.goto(own_centre.url + "/workspace/appraised/")
    expect(lead.locator("main")).to_contain_text("Agreement of two")
    sound(lead, "appraised")
