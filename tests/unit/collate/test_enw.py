"""EndNote ENW: also named .ris, with paragraphs in its abstracts, and no end to a record but the next one's start."""

from __future__ import annotations

import pytest

from tests.unit.collate.exports import read_bytes, read_text
from tests.unit.collate.samples import SAMPLES
from whatworks.errors import InputError

SAMPLE = SAMPLES["EndNote ENW"]


def test_the_views_whatever_the_file_is_called() -> None:
    result, (first, second) = read_bytes(SAMPLE)  # called export.ris
    assert result.format == "EndNote ENW"
    assert (first.entry_type, first.title, first.year) == ("JOUR", "Leaving care and finding a home", 2019)
    assert first.authors == ("Example, Ada M.", "Muster, Jörg")
    assert (first.venue, first.volume, first.issue, first.pages) == ("Journal of Examples", "74", "1", "33-44")
    assert (first.doi, first.issn, first.keywords) == (
        "10.5555/leaving.2019.004", "0140-1971", ("leaving care", "housing"),
    )  # fmt: skip
    assert first.values("UR") == ("https://example.org/1", "https://example.org/2")
    assert (second.entry_type, second.venue, second.values("A2")) == (
        "CHAP", "A book of examples", ("Beispiel, Berta",),
    )  # fmt: skip


def test_an_abstract_keeps_its_paragraphs() -> None:
    first = read_bytes(SAMPLE)[1][0]
    assert first.abstract == (
        "The first paragraph of a made-up abstract.\n\nThe second paragraph; 100 % of it is made up."
    )
    assert first.values("N1") == ("A note",)


def test_a_record_that_lost_its_first_line_is_not_poured_into_the_one_before() -> None:
    result, records = read_text(SAMPLE.decode().replace("%0 Book Section\n", ""))
    assert [record.title for record in records] == ["Leaving care and finding a home", "A chapter"]
    assert "no first line" in result.notes[0].text


def test_a_journal_article_may_name_its_journal_as_a_book() -> None:
    """EndNote's own export writes %B for the journal."""
    assert read_text("%0 Journal Article\n%T One\n%B Journal of Examples\n")[1][0].venue == "Journal of Examples"


def test_an_unknown_type_is_a_record_all_the_same() -> None:
    (record,) = read_text("%0 Figure of speech\n%T One\n")[1]
    assert (record.entry_type, record.values("enw:%0")) == ("GEN", ("Figure of speech",))


def test_a_file_that_breaks_off_after_a_field_name_is_refused() -> None:
    with pytest.raises(InputError, match="in the middle of the record"):
        read_text("%0 Book\n%T One\n%D")
