"""PubMed nbib: names given twice, identifiers of several kinds, wrapped text, and records that have lost their first line."""

from __future__ import annotations

import pytest

from tests.unit.collate.exports import read_bytes, read_text
from tests.unit.collate.samples import SAMPLES
from whatworks.errors import InputError

SAMPLE = SAMPLES["PubMed nbib"]


def test_the_views() -> None:
    first, second = read_bytes(SAMPLE)[1]
    assert first.title == (
        "Leaving care and finding a home: a study of young people and their first year on their own."
    )
    assert first.authors == ("Example, Ada M", "Muster, Jörg", "Leaving Care Study Group")
    assert (first.entry_type, first.year, first.venue) == ("JOUR", 2019, "Journal of examples")
    assert (first.volume, first.issue, first.pages) == ("74", "1", "33-44")
    assert (first.doi, first.issn, first.identifier) == ("10.5555/leaving.2019.004", "1095-9254", "30000001")
    assert (second.entry_type, second.pages, second.venue) == ("CHAP", "1023-1029", "A book of examples")
    assert second.authors == ("Beispiel B",)  # there is no full name, so the short one is the author


def test_every_field_is_kept_under_its_own_name_or_as_what_it_means() -> None:
    first = read_bytes(SAMPLE)[1][0]
    assert first.values("nbib:AU") == ("Example AM", "Muster J")
    assert first.values("nbib:AID") == ("S0140-1971(19)30086-6 [pii]", "10.5555/leaving.2019.004 [doi]")
    assert first.values("DO") == ("10.5555/leaving.2019.004",)  # two places say so, one counts
    assert first.values("nbib:DP") == ("2019 Jul",) and first.values("nbib:PG") == ("33-44",)
    assert first.values("nbib:MH") == first.values("KW")[:2]


def test_a_field_name_in_wrapped_text_starts_nothing() -> None:
    result, records = read_bytes(SAMPLE)
    assert result.record_starts == 2
    assert records[0].abstract.endswith("begins with PMID- inside it stays text.")


def test_a_record_that_lost_its_first_line_is_a_record_with_a_note() -> None:
    text = SAMPLE.decode().replace("PMID- 30000002\n", "")
    result, records = read_text(text)
    assert [record.year for record in records] == [2019, 2020]
    assert "no first line" in result.notes[0].text


def test_a_file_cut_inside_a_record_is_refused() -> None:
    """PubMed ends every record with its source line, so the last one without it is not all there."""
    text = SAMPLE.decode()
    cut = text[: text.index("PT  - Book Chapter")]
    with pytest.raises(InputError, match="in the middle of the record"):
        read_text(cut)
    assert [one.line for one in read_text(cut, partial=True)[0].unreadable] == [41]


def test_a_file_without_source_lines_is_whole() -> None:
    assert len(read_text("PMID- 1\nTI  - One\n\nPMID- 2\nTI  - Two\n")[1]) == 2
