"""Scopus CSV: both shapes of its columns."""

from __future__ import annotations

import pytest

from tests.unit.collate.tables import SCOPUS_2020, SCOPUS_2023, read_table


@pytest.mark.parametrize("table", [SCOPUS_2020, SCOPUS_2023])
def test_both_shapes_give_the_same_reference(table: str) -> None:
    result, (first, second) = read_table(table)
    assert result.format == "Scopus CSV"
    assert (first.title, first.year, first.venue) == ("Leaving care, and after", 2019, "Journal of Made-up Care")
    assert (first.volume, first.issue, first.pages) == ("12", "3", "33-44")
    assert (first.doi, first.url) == ("10.5555/aaa.1", "https://www.example.org/1")
    assert (first.identifier, first.entry_type) == ("2-s2.0-00000001", "JOUR")
    assert first.keywords == ("Care", "Leaving", "Child", "Adult")
    assert (second.pages, second.authors[0][:4]) == ("17", "Chan")


def test_authors_are_parted_as_each_shape_joins_them() -> None:
    _, (old, _) = read_table(SCOPUS_2020)
    _, (new, _) = read_table(SCOPUS_2023)
    assert old.authors == ("Avery J.", "Byrne K.A.")
    assert new.authors == ("Avery, J.", "Byrne, K.A.")


def test_what_has_no_field_of_ours_is_kept() -> None:
    _, (first, second) = read_table(SCOPUS_2020)
    assert ("scopus:Cited by", "7") in first.tags
    assert ("scopus:Author(s) ID", "57000000001;57000000002;") in first.tags
    assert second.entry_type == "CPAPER"
    assert ("scopus:Document Type", "Conference Paper") in second.tags


def test_the_database_is_not_taken_for_the_journal() -> None:
    """Scopus calls itself `Source`; the journal is the `Source title`."""
    result, (first, _) = read_table(SCOPUS_2023)
    assert result.mapping and result.mapping["journal"] == "Source title"
    assert ("scopus:Source", "Scopus") in first.tags
