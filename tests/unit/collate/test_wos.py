"""Web of Science plain text: lists on wrapped lines, names given twice, and two end marks."""

from __future__ import annotations

import pytest

from tests.unit.collate.exports import read_bytes, read_text
from tests.unit.collate.samples import SAMPLES
from whatworks.errors import InputError

SAMPLE = SAMPLES["Web of Science text"]


def test_the_views() -> None:
    result, (first, second) = read_bytes(SAMPLE)
    assert result.notes == []  # its own heading and end are no oddities
    assert first.title == "Leaving care and finding a home: a study of young people and their first year"
    assert first.authors == ("Example, Ada M.", "Muster, Joerg")
    assert (first.entry_type, first.year, first.venue) == ("JOUR", 2019, "JOURNAL OF EXAMPLES")
    assert (first.pages, first.doi, first.identifier) == ("33-44", "10.5555/leaving.2019.004", "WOS:000000000000001")
    assert first.keywords == ("leaving care", "housing", "FOSTER-CARE", "YOUTH")
    assert (second.entry_type, second.pages) == ("CPAPER", "104")
    assert second.authors == ("Beispiel, B",)  # there is no full name, so the short one is the author


def test_lists_are_one_value_each_and_kept() -> None:
    first = read_bytes(SAMPLE)[1][0]
    assert len(first.values("AD")) == len(first.values("wos:CR")) == 2
    assert first.values("wos:AU") == ("Example, AM", "Muster, J")
    assert first.values("wos:U1") == ("1",) and not first.values("U1")  # a count of uses there, a user's field in RIS


@pytest.mark.parametrize("after", ["BP 33", "ER\n\nPT C\nAU Beispiel, B\n"])
def test_a_file_cut_inside_a_record_is_refused(after: str) -> None:
    text = SAMPLE.decode("utf-8-sig")
    with pytest.raises(InputError, match="in the middle of the record"):
        read_text(text[: text.index(after) + len(after)])


def test_an_early_access_year_counts_where_there_is_no_other() -> None:
    _, records = read_text("FN x\nPT J\nTI One\nEY 2024\nER\n\nPT J\nTI Two\nPY 2025\nEY 2024\nER\nEF\n")
    assert [record.year for record in records] == [2024, 2025]
    assert records[1].values("wos:EY") == ("2024",)
