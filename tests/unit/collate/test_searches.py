"""Search bookkeeping: a missing record is seen, a rerun says what it brought, the log has a column for every item."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.collate.exports import record
from whatworks.collate.methods.searches import LOG_COLUMNS, Tally, changes, log_csv, name_of

NAMES = st.lists(st.sampled_from(["", "a", "b", "c", "d", "e"]), max_size=12)


@pytest.mark.parametrize(
    ("tally", "difference", "words"),
    [
        (Tally(120, 120, 119, 1), 0, "All 120 hits arrived."),
        (Tally(1, 1, 1, 1), 0, "The one hit arrived."),
        (Tally(1200, 1000, 1000, 2), -200, "1,000 records arrived where the platform reported 1,200 hits: 200 fewer."),
        (Tally(9, 10, 10, 1), 1, "10 records arrived where the platform reported 9 hits: 1 more."),
        (Tally(None, 5, 5, 1), None, "5 records arrived. How many hits the platform reported is not noted."),
        (Tally(5, 0, 0, 0), None, "No file of this search has been brought in yet."),
        (Tally(0, 0, 0, 0), None, "The search found nothing."),
    ],
)
def test_hits_against_records(tally: Tally, difference: int | None, words: str) -> None:
    assert (tally.difference, tally.words) == (difference, words)


def test_a_record_is_known_again_by_its_number_then_its_doi_then_its_title() -> None:
    assert name_of(record(AN="2019-1", DO="10.1/a", TI="A")) == name_of(record(AN="2019-1", TI="A, mended"))
    assert name_of(record(DO="https://doi.org/10.1000/A", TI="A")) == name_of(record(DO="10.1000/a", TI="B"))
    assert name_of(record(TI="Leaving Care: a guide", PY="2019")) == name_of(
        record(TI="Leaving care - a guide", PY="2019")
    )
    assert name_of(record(TI="Annual report", PY="2019")) != name_of(record(TI="Annual report", PY="2020"))
    assert name_of(record(AU="Nobody")) == ""


def test_what_a_rerun_brought_and_lost() -> None:
    change = changes(["a", "b", "c"], ["b", "d", "c", "d", ""])
    assert (change.new, change.gone, change.kept) == ((1, 4), (0,), 2)
    assert change.words == "2 new, 1 gone, 2 as before."


@given(NAMES, NAMES)
def test_every_name_is_new_or_gone_or_kept(before: list[str], after: list[str]) -> None:
    change = changes(before, after)
    new = {after[at] for at in change.new} - {""}
    gone = {before[at] for at in change.gone}
    assert new == set(after) - set(before) - {""}
    assert gone == set(before) - set(after) - {""}
    assert change.kept == len((set(before) & set(after)) - {""})
    assert len(gone) == len(change.gone)  # each once


def test_the_log_is_a_table_that_a_spreadsheet_does_not_run() -> None:
    row = dict.fromkeys(LOG_COLUMNS, "") | {"Search as run": "=HYPERLINK(1)\nor 2", "Source": "Embase, Ovid"}
    rows = list(csv.DictReader(io.StringIO(log_csv([row]))))
    assert rows[0]["Search as run"] == "'=HYPERLINK(1)\nor 2"
    assert rows[0]["Source"] == "Embase, Ovid"
    assert list(rows[0]) == list(LOG_COLUMNS)
