"""The step where a person sees what the columns of a table were taken for: what they choose is what is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template.loader import render_to_string

from tests.unit.collate.exports import RIS
from tests.unit.collate.tables import ASREVIEW, PLAIN, SCOPUS_2023, workbook
from whatworks.collate.mapping_forms import MOST_ASKED, MappingForm, mapping_shown
from whatworks.collate.sources import read
from whatworks.collate.sources.previewing import Preview, preview
from whatworks.errors import InputError

GERMAN = "Nr;Titel;Von;Jahr\n1;Nach der Jugendhilfe;Avery, Jo;2019\n2;Pflege in Familien;Byrne, Kim;2020\n"


@pytest.fixture
def german(tmp_path: Path) -> Path:
    path = tmp_path / "liste.csv"
    path.write_text(GERMAN, encoding="utf-8")
    return path


def seen(path: Path, mapping: dict[str, str] | None = None) -> Preview:
    found = preview(path, mapping)
    assert found is not None
    return found


def answered(preview_: Preview, **changes: str) -> MappingForm:
    """The form as the page shows it, sent back with these changes."""
    form = MappingForm(preview_)
    data = {name: str(field.initial or "") for name, field in form.fields.items()} | {"header": preview_.header_line}
    return MappingForm(preview_, {**data, **changes})


def test_columns_are_shown_with_examples_and_what_they_were_taken_for(german: Path) -> None:
    found = seen(german)
    assert [(one.name, one.field) for one in found.columns] == [
        ("Nr", ""),
        ("Titel", "title"),
        ("Von", ""),
        ("Jahr", "year"),
    ]
    assert found.columns[1].examples == ("Nach der Jugendhilfe", "Pflege in Familien")
    assert [one.title for one in found.records] == ["Nach der Jugendhilfe", "Pflege in Familien"]
    assert (found.format, found.header_line, found.problem) == ("CSV table", 1, "")


def test_a_workbook_is_shown_as_a_text_is(tmp_path: Path) -> None:
    text, sheet = tmp_path / "a.csv", tmp_path / "a.xlsx"
    text.write_text(PLAIN, encoding="utf-8")
    sheet.write_bytes(workbook(PLAIN))
    assert seen(sheet).columns == seen(text).columns
    assert seen(sheet).mapping == seen(text).mapping


def test_a_format_without_columns_has_no_preview(tmp_path: Path) -> None:
    path = tmp_path / "a.ris"
    path.write_text(RIS)
    assert preview(path) is None


def test_what_is_chosen_is_what_is_read(german: Path) -> None:
    form = answered(seen(german), column_2="authors")
    assert form.is_valid(), form.errors
    records = list(read(german, mapping=form.mapping))
    assert [one.authors for one in records] == [("Avery, Jo",), ("Byrne, Kim",)]
    assert [one.year for one in records] == [2019, 2020]


def test_a_guess_that_is_taken_back_is_not_guessed_again(german: Path) -> None:
    form = answered(seen(german), column_3="")
    assert form.is_valid(), form.errors
    records = list(read(german, mapping=form.mapping))
    assert [one.year for one in records] == [None, None]
    assert ("csv:Jahr", "2019") in records[0].tags


def test_two_columns_for_one_field_are_a_mistake_to_mend(german: Path) -> None:
    form = answered(seen(german), column_2="title")
    assert not form.is_valid()
    assert form.errors["column_2"] == ["Title is taken from “Titel” already; choose one of the two."]


def test_another_line_of_the_header_is_looked_at_again(german: Path) -> None:
    form = answered(seen(german), header="0")
    assert form.is_valid(), form.errors
    assert form.mapping == {"header": "none"}
    again = seen(german, form.mapping)
    assert again.header_line == 0
    assert [one.name for one in again.columns] == ["column 1", "column 2", "column 3", "column 4"]


def test_a_table_that_cannot_be_read_yet_says_why_and_can_be_mapped(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("alpha,beta\nx,y\n")
    found = seen(path)
    assert "no column could be told to be the title" in found.problem
    assert found.records == ()
    form = answered(found, column_1="title")
    assert form.is_valid(), form.errors
    assert [one.title for one in read(path, mapping=form.mapping)] == ["y"]
    with pytest.raises(InputError, match="there is no row on line 7"):
        preview(path, {"header": "7"})


def test_a_very_wide_table_asks_about_the_columns_that_matter(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    names = [f"c{number}" for number in range(500)] + ["Title"]
    path.write_text(",".join(names) + "\n" + ",".join("x" for _ in names) + "\n")
    form = MappingForm(seen(path))
    assert len(form.fields) == MOST_ASKED + 1
    assert form.fields["column_500"].initial == "title"
    assert mapping_shown(seen(path))["left"] == 501 - MOST_ASKED


def test_the_page_shows_it_and_trusts_nothing_in_the_table(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text('Title,"<script>alert(1)</script>",Year\n<b>bold</b>,<i>x</i>,2019\n')
    found = seen(path)
    html = render_to_string("collate/_mapping.html", {"form": MappingForm(found), "shown": mapping_shown(found)})
    assert "<script>" not in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert html.count("<select") == 3


def test_a_vendor_is_named(tmp_path: Path) -> None:
    path = tmp_path / "scopus.csv"
    path.write_text(SCOPUS_2023)
    assert seen(path).format == "Scopus CSV"


def test_decisions_made_elsewhere_are_announced(tmp_path: Path) -> None:
    path = tmp_path / "screened.csv"
    path.write_text(ASREVIEW)
    assert mapping_shown(seen(path))["tools"] == ["ASReview"]
