"""Journeys of the people who work on the evidence: import, compare, merge, undo, sign, correct, all by keyboard too."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import Pages
from tests.functional.conftest import Centre

HELD = "Homelessness and Health Care Access After Emancipation"  # of the demonstration; a twin of it is imported here
LAST = "Report number {n} of the search {name}"
SECONDS = 120_000  # milliseconds for what takes a second or two by itself, behind the indexing of a long import


def export(path: Path, count: int, *, cut: bool = False) -> Path:
    """A search export with one report that the centre holds already and others that it does not."""
    records = [f"TY  - JOUR\nTI  - {HELD}\nAU  - Kushel, M. B.\nPY  - 2007\nVL  - 161\nSP  - 986\n"]
    records[0] += f"AB  - Homeless after care, as {path.stem} has it\nER  - \n\n"
    records += [
        f"TY  - RPRT\nTI  - {LAST.format(n=n, name=path.stem)}\nAU  - Author, A. {n}.\nER  - \n\n"
        for n in range(1, count)
    ]
    text = "".join(records)
    path.write_text(text.rstrip().removesuffix("ER  -") if cut else text)
    return path


def sign_in(page: Page, centre: Centre) -> None:
    page.goto(centre.url + "/account/login/")
    page.locator("input[name=login]").fill(centre.administrator[0])
    page.locator("input[name=password]").fill(centre.administrator[1])
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("What needs you now", timeout=30_000)


def bring_in(page: Page, centre: Centre, path: Path, source: str) -> None:
    page.goto(centre.url + "/workspace/")
    page.get_by_role("link", name="Bring in a search export").click()
    page.get_by_label("The file").set_input_files(path)
    page.get_by_label("what is it called?").fill(source)
    page.get_by_role("button", name="Bring it in").click()


def wait_for_pair(page: Page) -> None:
    """Look again until the pairs of the imports above have been looked for."""
    for _ in range(SECONDS // 2000):
        if page.get_by_role("link", name=HELD).count():
            return
        page.wait_for_timeout(2000)
        page.reload()


@pytest.fixture
def signed_in(desktop: Page, own_centre: Centre) -> Page:
    """A page on a desk of somebody with every role."""
    sign_in(desktop, own_centre)
    return desktop


def test_an_export_is_brought_in_and_its_twins_are_found(
    signed_in: Page, own_centre: Centre, tmp_path: Path, axe: Callable
) -> None:
    """Nobody stays beside the import: the page says how far it is, then what came of it, and what to do next."""
    page = signed_in
    bring_in(page, own_centre, export(tmp_path / "A long search.ris", 3000), "A new database")
    expect(page.locator("h1")).to_contain_text("A long search.ris")
    assert axe(page) == []
    expect(page.locator("h1")).to_have_text("Brought in: A long search.ris", timeout=SECONDS)
    expect(page.locator(".answer")).to_have_text("All 3,000 records of the file are here.")
    found = page.get_by_role("link", name=re.compile(r"\d+ pairs? that may be the same report"))
    expect(found).to_be_visible(timeout=SECONDS)  # the page renews itself until the twins are looked for
    assert axe(page) == []
    found.click()
    expect(page.locator("#now .pair > h2")).to_be_visible()


def test_the_page_of_a_running_import_renews_itself_and_can_be_kept_still(
    signed_in: Page, own_centre: Centre, tmp_path: Path
) -> None:
    """A page that jumps every two seconds is a trap for whoever reads slowly or steps through links."""
    page = signed_in
    bring_in(page, own_centre, export(tmp_path / "longer.ris", 20_000), "A larger database")
    expect(page.get_by_role("progressbar")).to_be_visible()
    response = page.reload()
    assert response is not None and response.headers["refresh"] == "2"
    assert page.evaluate("document.activeElement.textContent") == "Keep this page still"
    page.keyboard.press("Enter")
    expect(page.get_by_text("This page keeps still.")).to_be_visible()
    response = page.reload()
    assert response is not None and "refresh" not in response.headers
    page.get_by_role("link", name="See how far it is").click()
    expect(page.locator("h1")).to_have_text("Brought in: longer.ris", timeout=2 * SECONDS)


def test_the_same_file_twice_says_so(signed_in: Page, own_centre: Centre, tmp_path: Path) -> None:
    """Twice the same records would look like twice the evidence."""
    page, path = signed_in, export(tmp_path / "once.ris", 3)
    bring_in(page, own_centre, path, "A small database")
    expect(page.locator("h1")).to_have_text("Brought in: once.ris", timeout=SECONDS)
    bring_in(page, own_centre, path, "a small database")
    expect(page.get_by_role("alert")).to_contain_text(
        "once.ris has been imported from A small database before; nothing was added."
    )


def test_a_file_that_is_cut_off_is_refused_in_one_sentence_and_can_be_kept_up_to_the_cut(
    signed_in: Page, own_centre: Centre, tmp_path: Path, axe: Callable
) -> None:
    page = signed_in
    bring_in(page, own_centre, export(tmp_path / "cut.ris", 4, cut=True), "A broken database")
    expect(page.locator("h1")).to_have_text("Not brought in: cut.ris", timeout=SECONDS)
    expect(page.locator(".answer")).to_contain_text("in the middle of the record")
    assert str(own_centre.home) not in page.locator("main").inner_text()
    assert axe(page) == []
    page.get_by_role("button", name="Keep the records before the cut").click()
    expect(page.locator("h1")).to_have_text("Brought in: cut.ris", timeout=SECONDS)
    expect(page.locator(".answer")).to_contain_text("3 of 4 records are here")
    expect(page.get_by_role("heading", name="What could not be read")).to_be_visible()


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"%PDF-1.7 and so on", "it looks like a PDF"), (b"", "The file is empty"), (b"\n\n", "the file is empty")],
)
def test_what_is_no_export_is_refused_before_anything_is_kept(
    signed_in: Page, own_centre: Centre, tmp_path: Path, content: bytes, says: str, axe: Callable
) -> None:
    """And what was typed stays typed."""
    page, path = signed_in, tmp_path / "paper.pdf"
    path.write_bytes(content)
    folder = own_centre.home / "uploads"
    before = sorted(folder.iterdir()) if folder.exists() else []
    bring_in(page, own_centre, path, "Any database")
    expect(page.get_by_role("alert")).to_contain_text(says)
    expect(page.get_by_label("what is it called?")).to_have_value("Any database")
    assert (sorted(folder.iterdir()) if folder.exists() else []) == before
    assert axe(page) == []


def test_two_records_are_compared_merged_and_taken_apart_again(
    signed_in: Page, own_centre: Centre, axe: Callable
) -> None:
    """A wrong merge hides a report: whoever finds it must find the way back, and what was there before."""
    page = signed_in
    page.goto(own_centre.url + "/workspace/waiting/pairs/")
    wait_for_pair(page)
    before = page.locator(".lead").inner_text()
    page.get_by_role("link", name=HELD).first.click()
    expect(page.locator(".particulars")).to_contain_text("The rule is")
    expect(page.locator(".particulars")).to_contain_text("version")
    expect(page.locator(".compare mark").first).to_be_visible()
    assert axe(page) == []
    match = page.url
    left, right = (str(one.get_attribute("href")) for one in page.get_by_role("link", name="See its report").all())

    page.get_by_role("button", name="They are the same").click()
    expect(page.locator(".notice")).to_contain_text("Merged.")
    expect(page.locator("h1")).to_have_text("These two are merged")
    found = {page.goto(own_centre.url + one) and page.get_by_text("Also known as").count() for one in (left, right)}
    assert found == {0, 1}  # one of them speaks now
    assert axe(page) == []

    page.goto(own_centre.url + "/workspace/")
    page.get_by_role("link", name="Merged reports").click()
    newest = page.locator("ol.ruled > li").first
    expect(newest).to_contain_text("Administrator")
    assert axe(page) == []
    newest.get_by_role("link", name="See both records").click()
    expect(page.locator("h1")).to_have_text("These two are merged")
    assert axe(page) == []
    page.get_by_role("button", name="Undo this merge").click()
    expect(page.locator(".notice")).to_contain_text("Taken back.")
    page.goto(own_centre.url + left)
    expect(page.get_by_text("Also known as")).to_have_count(0)
    page.goto(match)
    expect(page.locator(".particulars")).to_contain_text("Taken back by Administrator")
    page.goto(own_centre.url + "/workspace/waiting/pairs/")
    assert page.locator(".lead").inner_text() == before  # taken back, it waits again


def press_until(page: Page, wanted: Locator, *, most: int = 200) -> None:
    """Step with the Tab key until the wanted thing has the focus, as a person without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            outline = wanted.evaluate("one => getComputedStyle(one).outlineStyle")
            assert outline != "none", "nobody sees where the focus is"
            return
    raise AssertionError(f"{wanted} cannot be reached with the Tab key")


def test_a_number_is_corrected_and_approved_with_the_keyboard_alone(desktop: Page, own_centre: Centre) -> None:
    """From the way in to a new revision without a mouse; every stop shows that it has the focus."""
    page = desktop
    page.goto(own_centre.url + "/workspace/")
    press_until(page, page.locator("input[name=login]"))
    page.keyboard.type(own_centre.administrator[0])
    page.keyboard.press("Tab")  # straight on to the password: nothing stands between
    page.keyboard.type(own_centre.administrator[1])
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("What needs you now")

    page.goto(own_centre.url + "/evidence/multisystemic-therapy/")
    press_until(page, page.locator("table a.num[href^='/trace/fnd-']").first)
    page.keyboard.press("Enter")
    press_until(page, page.get_by_role("link", name="Correct the raw numbers"))
    page.keyboard.press("Enter")
    box = page.locator("form.fields input[type=number]").first
    press_until(page, box)
    page.keyboard.press("ArrowUp")
    press_until(page, page.get_by_label(re.compile("^Why is it wrong")))
    page.keyboard.type("Misread by one in the table of results.")
    press_until(page, page.get_by_role("button", name="Save the correction"))
    page.keyboard.press("Enter")
    expect(page.locator(".notice").first).to_contain_text("Corrected.", timeout=SECONDS)

    press_until(page, page.get_by_role("link", name="Multisystemic therapy", exact=True).first)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("Misread by one in the table of results.")
    expect(page.locator(".compare mark").first).to_be_visible()
    press_until(page, page.get_by_label(re.compile("^What changed")))
    page.keyboard.type("A count was one too small.")
    press_until(page, page.get_by_role("button", name="Approve this draft"))
    page.keyboard.press("Enter")
    expect(page.locator(".notice").first).to_contain_text("Published as revision 2.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_of_the_workspace_passes_axe_and_does_not_scroll_sideways(
    own_centre: Centre, open_page: Pages, width: int, scheme: str, axe: Callable
) -> None:
    page = open_page(width, color_scheme=scheme)
    sign_in(page, own_centre)
    addresses = ["/workspace/", "/workspace/imports/", "/workspace/merges/", "/account/logout/"]
    addresses += [f"/workspace/waiting/{kind}/" for kind in ("drafts", "moved", "pairs", "ratings")]
    addresses += ["/account/password/change/", "/account/password/reset/", "/workspace/waiting/nothing/"]
    page.goto(own_centre.url + "/workspace/waiting/pairs/")
    addresses.append(str(page.locator("ol.ruled a").first.get_attribute("href")))
    page.goto(own_centre.url + "/workspace/imports/")
    addresses += [str(one.get_attribute("href")) for one in page.locator(".dated a").all()]
    for address in addresses:
        page.goto(own_centre.url + address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
