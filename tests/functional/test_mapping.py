"""A table from nobody in particular: what its columns hold is shown, mended and brought in, and others' votes with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import Centre
from tests.functional.test_workspace import SECONDS, sign_in
from tests.unit.collate.tables import workbook

TABLE = (
    "Nr,Titel,Verfasst von,Jahr,asreview_label,asreview_user_name\n"
    '1,Wohnen nach der Jugendhilfe im Landkreis Nirgendwo,"Avery, Jo; Byrne, Kim",2019,1,Ash\n'
    '2,Pflegefamilien und ihre Begleitung in drei Gemeinden,"Chan, Lee",2020,0,Ash\n'
)


@pytest.mark.smoke
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_is_mapped_by_hand_and_brought_in(
    desktop: Page, phone: Page, own_centre: Centre, tmp_path: Path, axe: Callable[[Page], list[str]], kind: str
) -> None:
    file = tmp_path / f"liste.{kind}"
    file.write_bytes(TABLE.encode() if kind == "csv" else workbook(TABLE))
    for page in (phone, desktop):
        sign_in(page, own_centre)
        page.goto(f"{own_centre.url}/workspace/imports/")
        page.get_by_label("The file").set_input_files(file)
        page.get_by_label("what is it called").fill(f"A list as {kind}")
        page.get_by_role("button", name="Bring it in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"{file.name}: what do its columns hold?")
        expect(page.get_by_label("Titel")).to_have_value("title")
        expect(page.get_by_label("Jahr")).to_have_value("year")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert axe(page) == []
    page.get_by_label("Verfasst von").select_option("authors")
    page.get_by_role("button", name="Show it again").click()
    expect(page.get_by_text("Avery, Jo; Byrne, Kim, 2019")).to_be_visible()
    page.get_by_label("Nr").select_option("title")
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("alert")).to_contain_text("Title is taken from “Nr” already")
    page.get_by_label("Nr").select_option("id")
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_text("2 records", exact=False).first).to_be_visible(timeout=SECONDS * 1000)
