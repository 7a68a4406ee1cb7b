"""What a reader takes away: cells that a spreadsheet cannot run, and a script that says the same as the page."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.integration.journey.centres import BY, build_roads
from tests.integration.publish.documents import said
from whatworks.extract.actions import correct
from whatworks.extract.models import Contrast
from whatworks.publish.actions import approve, refresh
from whatworks.publish.formats.downloads import HEAD, page_csv, page_r
from whatworks.publish.models import Page, Revision
from whatworks.synthesise.methods.r_script import quoted, r_script
from whatworks.synthesise.models import Synthesis

RISKY = ("=", "+", "-", "@", "\t")
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=30)
number = st.none() | st.floats(-1e6, 1e6)
row_values = st.fixed_dictionaries(
    dict.fromkeys(("name", "detail", "text", "raw", "trace"), text)
    | dict.fromkeys(("estimate", "low", "high"), number)
    | {"pooled": st.booleans(), "why_not": st.none() | text}
)


def page_of(name: str, *rows: dict[str, Any]) -> Revision:
    return Revision(content={"outcomes": [{"name": name, "table": {"rows": list(rows)}}, {"name": "x", "table": None}]})


def cells(revision: Revision) -> list[list[str]]:
    return list(csv.reader(io.StringIO(page_csv(revision), newline="")))


ROW = {"name": "Elm", "detail": "", "estimate": -1.5, "low": None, "high": 2.0, "text": "", "raw": "", "trace": "fnd-1",
       "pooled": True, "why_not": None}  # fmt: skip


@given(text, st.lists(row_values, min_size=1, max_size=4))
def test_no_cell_is_a_formula_and_every_row_is_there(name: str, rows: list[dict[str, Any]]) -> None:
    """A study called “=HYPERLINK(…)” must stay a study."""
    head, *found = cells(page_of(name, *rows))
    assert tuple(head) == HEAD
    assert len(found) == len(rows)
    for line, given_row in zip(found, rows, strict=True):
        row = dict(zip(HEAD, line, strict=True))
        for column, value in row.items():
            assert column in ("estimate", "low", "high") or not value.startswith(RISKY), (column, value)
        assert row["study"].removeprefix("'") == given_row["name"].removeprefix("'")


@pytest.mark.parametrize("start", RISKY)
def test_what_a_spreadsheet_would_run_is_text(start: str) -> None:
    assert cells(page_of("Care", ROW | {"name": f"{start}1+1"}))[1][1] == f"'{start}1+1"


def test_numbers_stay_numbers() -> None:
    """With a quote before it, −1.5 could not be added up."""
    row = dict(zip(HEAD, cells(page_of("Care", ROW))[1], strict=True))
    assert (row["estimate"], row["low"], row["high"], row["in_pool"], row["why_not"]) == ("-1.5", "", "2.0", "yes", "")


@pytest.fixture
def page(db: None) -> Page:
    """The page of the small pack with a pooled result."""
    build_roads()
    return Page.objects.get(slug="slow-zones")


def newest(page: Page) -> Revision:
    revision = page.newest()
    assert revision is not None
    return revision


def test_every_row_of_the_page_is_in_the_file_with_its_thread(page: Page) -> None:
    shown = [row["trace"] for one in newest(page).content["outcomes"] for row in (one["table"] or {"rows": []})["rows"]]
    assert [line[-1] for line in cells(newest(page))[1:]] == shown
    assert len(shown) == 4


def test_the_script_is_the_one_that_the_room_gives_with_the_inputs_in_it(page: Page) -> None:
    one = Synthesis.objects.get()
    script = page_r(newest(page))
    assert script.startswith(f"# {one.analysis.title} ({one.pk})\n")
    assert "read.csv" not in script, "it must run with nothing beside it"
    theirs = r_script(one.result["method"], "yi", "vi", "").splitlines()
    for line in theirs:
        assert line in script or line.startswith("data <- read.csv"), line
    for row in one.inputs:
        assert repr(row["yi"]) in script and repr(row["vi"]) in script and quoted(row["study"]) in script


def test_the_script_asks_for_the_interval_that_the_page_shows(page: Page) -> None:
    """The wider of two is shown; were the narrower asked for, a statistician would find us wrong."""
    one = Synthesis.objects.get()
    test = {"wald": '"z"', "hksj": '"knha"'}[one.result["method"]["interval"]]
    assert f"test = {test}" in page_r(newest(page))


def test_an_older_revision_keeps_the_script_of_its_own_numbers(page: Page) -> None:
    first = newest(page)
    before = page_r(first)
    contrast = Contrast.objects.exclude(formula="").order_by("pk").first()
    assert contrast is not None
    correct(by="usr-1", contrast=contrast, inputs=contrast.inputs | {"events1": 1}, reason="Read again.")
    refresh(by=BY)
    second = approve(by="usr-2", page=page, what_changed="A count was put right.")
    assert page_r(first) == before
    assert page_r(second) != before


def test_a_page_without_a_pool_says_so_in_its_script(page: Page) -> None:
    revision = newest(page)
    revision.content = revision.content | {"outcomes": [revision.content["outcomes"][0] | {"analysis": None}]}
    assert page_r(revision) == "# Nothing was put together on this page.\n"


@given(text)
def test_a_name_is_one_string_of_r_whatever_it_holds(name: str) -> None:
    literal = quoted(name)
    inside = literal[1:-1]
    assert literal[0] == literal[-1] == '"'
    assert inside.replace("\\\\", "").replace('\\"', "").count('"') == 0
    assert inside.replace("\\\\", "\0").replace('\\"', '"').replace("\0", "\\") == name


def test_the_words_on_the_page_and_the_rows_agree(page: Page) -> None:
    """The sentence, the line under the table and the stored result are one number."""
    (result,) = (one.result for one in Synthesis.objects.all())
    (outcome,) = (one for one in newest(page).content["outcomes"] if one["scale"])
    assert outcome["scale"]["estimate"] == outcome["table"]["total"]["estimate"] == 100 * result["estimate"]
    assert f"about {math.floor(abs(100 * result['estimate']) + 0.5)} fewer" in said(outcome["sentence"])
