"""Foreign tags: a field that RIS does not know must come back from a RIS file under its own name, value and all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.collate.exports import read_text
from whatworks.collate.methods.foreign import carried, uncarried
from whatworks.collate.methods.records import Record
from whatworks.collate.sources import write_ris

SAFE = st.characters(exclude_characters="\r\n\ufeff", codec="utf-8")
VALUES = st.text(SAFE, max_size=30).filter(lambda value: "ï»¿" not in value)
ANY_TAG = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12).filter(lambda tag: tag not in ("TY", "ER")),
    st.builds("{}:{}".format, st.sampled_from(["nbib", "csv", "ris", "wos", "XX"]), st.text(SAFE, max_size=12)),
    st.sampled_from(["XX", "ris:XX", "csv:Author(s) ID", "csv:A  - B", "csv:% female", "csv: ", "csv:", "", "AB"]),
)


@pytest.mark.parametrize(
    ("tag", "line"),
    [
        ("nbib:PMID", "XX  - nbib:PMID  - v"),
        ("csv:Author(s) ID", "XX  - csv:Author(s) ID  - v"),
        ("csv:A  - B", "XX  - csv:A%20%20- B  - v"),
        ("csv:% female", "XX  - csv:%25 female  - v"),
        ("KW", "KW  - v"),
    ],
)
def test_what_it_looks_like(tag: str, line: str) -> None:
    assert "  - ".join(carried(tag, "v")) == line


@given(tag=ANY_TAG, value=VALUES)
def test_what_is_carried_comes_back(tag: str, value: str) -> None:
    name, text = carried(tag, value)
    assert (uncarried(text) if name == "XX" else (name, text)) == (tag, value)


@given(value=st.one_of(VALUES, st.builds("{}:{}  -{}".format, st.sampled_from(["a", "ris", "A"]), VALUES, VALUES)))
def test_what_a_file_says_under_xx_is_written_again_as_it_was(value: str) -> None:
    """Somebody's own XX that only looks like ours must not be changed by reading and writing."""
    tag, inner = uncarried(value)
    again = carried(tag, inner)
    assert again == ("XX", value) or uncarried(again[1]) == (tag, inner)


@given(st.lists(st.tuples(ANY_TAG, VALUES), max_size=6))
def test_a_record_with_any_tags_goes_through_a_ris_file(pairs: list[tuple[str, str]]) -> None:
    record = Record(1, 1, (("TY", "JOUR"), *pairs))
    _, (found,) = read_text("".join(write_ris([record])))
    assert found.tags == record.tags


def test_a_value_of_many_lines_keeps_them() -> None:
    record = Record(1, 1, (("TY", "JOUR"), ("bibtex:note", "\nfirst\nsecond"), ("nbib:AB", "a\n\nb")))
    _, (found,) = read_text("".join(write_ris([record])))
    assert found.tags == record.tags
