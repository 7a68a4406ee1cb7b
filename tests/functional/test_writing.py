"""The journey of a text: written with numbers from results, refused, mended, two writers at once, approved, compared, withdrawn."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre, Sound
from tests.functional.test_review_together import at_a_browser

WAIT = 30_000  # milliseconds for a worker of a busy machine
SLUG = "intensive-family-preservation"
TEXT = "A worker visits the family at home. In the group that was offered it, "
OTHER = "Plan the first visit within 3 days."


def write(page: Page, centre: Centre, part: str) -> None:
    """Open the form of a part."""
    page.goto(f"{centre.url}/workspace/texts/{SLUG}/write/{part}/")


def insert(page: Page, title: str) -> None:
    """Insert a number of the page's first result from the list, by keyboard and button."""
    opener = page.get_by_role("button", name="Insert a number")
    if opener.get_attribute("aria-expanded") == "false":
        opener.press("Enter")
    button = page.get_by_role("button", name=f"Insert {title}").first
    expect(button).to_be_visible(timeout=WAIT)
    button.click()


def approve(page: Page, centre: Centre, what: str) -> None:
    """Approve the draft of the page."""
    page.goto(f"{centre.url}/workspace/texts/{SLUG}/")
    page.get_by_role("link", name="What would change").click()
    page.get_by_label("What changed").fill(what)
    page.get_by_role("button", name="Approve this draft").click()
    expect(page.locator("main")).to_contain_text("Published as revision", timeout=WAIT)


def refused_then_written(writer: Page, sound: Sound) -> None:
    """Type a result, which is kept from the page with every word still there; then insert it, which goes in."""
    writer.get_by_label("The text", exact=True).fill("It reduces placements by 12%.")
    expect(writer.locator(".must")).to_contain_text("12%", timeout=WAIT)
    writer.get_by_role("button", name="Put it into the would-be page").click()
    expect(writer.locator("[role=alert]")).to_contain_text("cannot go into the page yet", timeout=WAIT)
    expect(writer.get_by_label("The text", exact=True)).to_have_value("It reduces placements by 12%.")
    sound(writer, "refused")
    area = writer.get_by_label("The text", exact=True)
    area.fill(TEXT)
    area.press("End")
    insert(writer, "How many of 100 with it")
    area.press_sequentially(" had a child placed in care (")
    insert(writer, "How sure we are")
    area.press_sequentially(").")
    expect(writer.locator(".fits")).to_be_visible(timeout=WAIT)
    sound(writer, "written")
    writer.get_by_role("button", name="Put it into the would-be page").click()
    expect(writer.locator("main")).to_contain_text("is in the would-be page", timeout=WAIT)
    sound(writer, "parts")


def both_brought_together(other: Page, sound: Sound) -> None:
    """Send a text after somebody else did: both stand side by side, and saving again is a decision."""
    other.get_by_label("The text", exact=True).fill(OTHER)
    other.get_by_role("button", name="Put it into the would-be page").click()
    expect(other.locator(".their-text")).to_contain_text("A worker visits the family at home.", timeout=WAIT)
    expect(other.get_by_label("The text", exact=True)).to_have_value(OTHER)
    sound(other, "both")
    other.get_by_label("The text", exact=True).fill(
        OTHER + "\n\n" + str(other.locator(".their-text pre").text_content())
    )
    other.get_by_role("button", name="Put it into the would-be page").click()
    expect(other.locator("main")).to_contain_text("is in the would-be page", timeout=WAIT)


def looked_at(page: Page, centre: Centre, sound: Sound) -> None:
    """The would-be page as a phone, as paper, as an outline and on a wide screen."""
    for name in ("On a phone", "On paper", "As an Easy Read outline", "On a wide screen"):
        page.goto(f"{centre.url}/workspace/texts/{SLUG}/")
        page.get_by_role("link", name=name).click()
        expect(page.locator("h1")).to_have_text(name)
        if "Easy" not in name:
            expect(page.frame_locator("iframe").locator("h1")).to_be_visible(timeout=WAIT)
        sound(page, name.lower().replace(" ", "-"))


def read(reader: Page, centre: Centre, sound: Sound) -> None:
    """A reader finds the text, its number as a link to its trace, and what changed."""
    reader.goto(f"{centre.url}/evidence/{SLUG}/")
    chapter = reader.locator("details", has_text="How to do it").first
    chapter.locator("summary").first.click()
    expect(chapter).to_contain_text(OTHER)
    number = chapter.get_by_role("link", name=re.compile("out of 100")).first
    expect(number).to_have_attribute("href", re.compile("/trace/"))
    reader.goto(f"{centre.url}/evidence/{SLUG}/history/")
    reader.get_by_role("link", name=re.compile("What changed")).first.click()
    expect(reader.locator(".said").first).to_be_visible()
    expect(reader.locator("main")).to_contain_text("How to do it is written.")
    sound(reader, "changes")


def withdrawn_and_put_back(editor: Page, reader: Page, centre: Centre, sound: Sound) -> None:
    """An editor withdraws the page with a reason that readers see, and puts it back."""
    editor.goto(f"{centre.url}/workspace/texts/{SLUG}/withdraw/")
    editor.get_by_role("button", name="Withdraw it").click()
    expect(editor.locator("[role=alert]")).to_contain_text("Say why", timeout=WAIT)
    editor.get_by_label("Why?").fill("A study behind it is under question.")
    sound(editor, "withdrawing")
    editor.get_by_role("button", name="Withdraw it").click()
    expect(editor.locator("main")).to_contain_text("is withdrawn", timeout=WAIT)
    reader.goto(f"{centre.url}/evidence/{SLUG}/")
    expect(reader.locator(".notice").first).to_contain_text("A study behind it is under question.")
    sound(reader, "withdrawn")
    editor.goto(f"{centre.url}/workspace/texts/{SLUG}/withdraw/")
    editor.get_by_label("Why?").fill("It was looked at and holds.")
    editor.get_by_role("button", name="Put it back").click()
    reader.reload()
    expect(reader.locator("main")).not_to_contain_text("was withdrawn")


def test_a_text_from_first_word_to_withdrawal(own_centre: Centre, open_page: Pages, sound: Sound) -> None:
    writer = at_a_browser(own_centre, open_page, "wren", "writer").page
    other = at_a_browser(own_centre, open_page, "ott", "writer").page
    editor = at_a_browser(own_centre, open_page, "edda", "editor").page
    write(writer, own_centre, "how-to-do-it")
    write(other, own_centre, "how-to-do-it")
    refused_then_written(writer, sound)
    both_brought_together(other, sound)
    looked_at(other, own_centre, sound)
    approve(editor, own_centre, "How to do it is written.")
    reader = open_page()
    read(reader, own_centre, sound)
    withdrawn_and_put_back(editor, reader, own_centre, sound)


def test_the_editor_works_without_a_script(own_centre: Centre, open_page: Pages) -> None:
    page = at_a_browser(own_centre, open_page, "nora", "writer").page
    page.route("**/writing.js", lambda route: route.abort())
    page.goto(f"{own_centre.url}/workspace/texts/supervision/write/costs/")
    page.get_by_label("The text", exact=True).fill("It costs £40 an hour.")
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".must")).to_contain_text("£40", timeout=WAIT)
    page.get_by_label("The text", exact=True).fill("It costs £40 an hour (2024 prices).")
    page.get_by_label("Sources").fill("Unit costs of social care https://example.org/costs")
    page.get_by_role("button", name="Keep as work in hand").click()
    expect(page.locator("main")).to_contain_text("kept as work in hand", timeout=WAIT)
    page.goto(f"{own_centre.url}/workspace/writing/numbers/?q=workers")
    expect(page.locator("code").first).to_contain_text("{ana-")
