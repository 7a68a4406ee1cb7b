"""Conservation: whatever a file of a line format says is in a record, in the list of unreadable ones, or in a note."""

from __future__ import annotations

import random
import re

import pytest

from tests.unit.collate.exports import read_bytes, read_text
from tests.unit.collate.mutations import mutated, read_once
from tests.unit.collate.samples import SAMPLES
from whatworks.collate.sources import write_ris
from whatworks.errors import InputError

FILES = 150
# How a record starts, said once more and as plainly as can be: the slow twin of each reader's count.
STARTS = {
    "RIS": re.compile(r"(?m)^(?:\ufeff|ï»¿)*TY  -"),
    "PubMed nbib": re.compile(r"(?m)^(?:\ufeff|ï»¿)*PMID ?- "),
    "EndNote ENW": re.compile(r"(?m)^(?:\ufeff|ï»¿)*[ \t]*%0(?:[ \t]|$)"),
    "Web of Science text": re.compile(r"(?m)^(?:\ufeff|ï»¿)*PT [A-Z][^\S\n]*$"),
    "BibTeX": re.compile(
        r"(?m)^(?:\ufeff|ï»¿)*[ \t]*@[ \t]*(?!(?:string|preamble|comment)\s*[{(])[A-Za-z][\w-]*\s*[{(]", re.IGNORECASE
    ),
}
FURNITURE = set("TY ER EF FN VR PT".split())


def texts(name: str) -> list[str]:
    """Files made from the sample that are still UTF-8, with plain line ends."""
    draw = random.Random(f"conservation {name}")
    files = [mutated(SAMPLES[name], draw) for _ in range(FILES)]
    decoded = [file.decode("utf-8", "replace") for file in files if b"\x00" not in file]
    return [text.replace("\r\n", "\n").replace("\r", "\n") for text in decoded if "\ufffd" not in text]


@pytest.mark.parametrize("name", STARTS)
def test_every_start_comes_out_or_is_listed(name: str) -> None:
    seen = 0
    for text in texts(name):
        found = read_once(text.encode(), partial=True)
        if isinstance(found, InputError) or found[0].format != name:
            continue
        seen += 1
        counted = len(STARTS[name].findall(text))
        assert found[0].record_starts >= counted, (
            text
        )  # more: looser forms, and records that have lost their first line
    assert seen > FILES / 4


@pytest.mark.parametrize("name", ["RIS", "PubMed nbib", "EndNote ENW", "Web of Science text"])
def test_every_word_of_a_file_is_in_a_record(name: str) -> None:
    """Where nothing was unreadable and nothing noted, each word of the file must stand in some tag or value."""
    seen = 0
    for text in texts(name):
        found = read_once(text.encode(), partial=True)
        if isinstance(found, InputError) or found[0].format != name or found[0].unreadable or found[0].notes:
            continue
        seen += 1
        kept = {
            word for record in found[1] for pair in record.tags for part in pair for word in re.findall(r"\w+", part)
        }
        body = "\n".join(line for line in text.split("\n") if not re.match(r"(?:\ufeff|ï»¿)*(?:FN |VR )", line))
        assert {word for word in re.findall(r"\w{3,}", body) if word not in kept} <= FURNITURE | lettered(name), text
    assert seen > FILES / 10


def lettered(name: str) -> set[str]:
    """Names of fields, which may be replaced by those of RIS tags."""
    return set(re.findall(r"(?m)^%?([A-Z0-9]{1,4})\b", SAMPLES[name].decode()))


@pytest.mark.parametrize("name", STARTS)
def test_what_is_read_goes_through_ris_and_back(name: str) -> None:
    _, records = read_bytes(SAMPLES[name])
    back = read_text("".join(write_ris(records)))[1]
    assert [record.tags for record in back] == [record.tags for record in records]


@pytest.mark.parametrize("name", STARTS)
def test_a_sample_cut_anywhere_is_refused_or_loses_nothing_that_it_started(name: str) -> None:
    """Cut after each byte: what comes out, with what is listed, is as many as there were starts."""
    data = SAMPLES[name]
    for end in range(1, len(data), 7):
        found = read_once(data[:end], partial=True)
        if not isinstance(found, InputError):
            text = data[:end].decode("utf-8", "replace").replace("\r\n", "\n")
            assert found[0].record_starts == len(STARTS[name].findall(text))
