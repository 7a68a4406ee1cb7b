"""Web of Science, tab-delimited: two-letter columns, no quotation marks, often UTF-16."""

from __future__ import annotations

import pytest

from tests.unit.collate.tables import WEB_OF_SCIENCE, read_table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_it_is_read_in_each_encoding_that_is_offered(encoding: str) -> None:
    result, (first, second) = read_table(WEB_OF_SCIENCE.encode(encoding), "savedrecs.txt")
    assert result.format == "Web of Science tab"
    assert (first.title, first.year, first.venue) == ('"Leaving" care, and after', 2019, "JOURNAL OF MADE-UP CARE")
    assert (first.volume, first.issue, first.pages) == ("12", "3", "33-44")
    assert (first.doi, first.identifier, first.issn) == ("10.5555/aaa.1", "WOS:000000000000001", "1234-5678")
    assert first.authors == ("Avery, J", "Byrne, KA")
    assert (first.entry_type, second.entry_type, second.pages) == ("JOUR", "CPAPER", "17")


def test_its_column_id_is_keywords_and_not_an_identifier() -> None:
    """`ID` is Web of Science's name for its Keywords Plus; everywhere else it is the record's identifier."""
    _, (first, _) = read_table(WEB_OF_SCIENCE)
    assert first.keywords == ("care", "leaving", "CHILDREN", "ADULTS")
    assert not first.values("ID")
    assert {("wos:PM", "30000001"), ("wos:AF", "Avery, Jo; Byrne, Kim A.")} <= set(first.tags)


def test_a_quotation_mark_in_a_value_is_only_a_mark() -> None:
    table = WEB_OF_SCIENCE.replace("Kinship care", '"Kinship care: an unclosed mark')
    _, records = read_table(table)
    assert [one.title for one in records][1] == '"Kinship care: an unclosed mark'


def test_old_exports_end_each_row_with_a_tab() -> None:
    rows = WEB_OF_SCIENCE.splitlines()
    result, records = read_table("\n".join(f"{row}\t" for row in rows) + "\n")
    assert len(records) == 2
    assert not result.unreadable
