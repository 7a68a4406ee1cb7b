"""Bombs in XML and JSON: one sentence or one unreadable record, in bounded memory and time, and nothing is fetched."""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.unit.collate.exports import read_bytes, read_text
from tests.unit.collate.structured import CSL_ITEMS, ENDNOTE, PUBMED, PUBMED_FOOT, PUBMED_HEAD
from whatworks.collate.sources import json_text, read_stream, xml_cutting, xml_records
from whatworks.errors import InputError

ONE = json.dumps(CSL_ITEMS[0])
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


class Stream(io.RawIOBase):
    """A file without end: a beginning, and then one piece again and again, up to a size."""

    def __init__(self, beginning: bytes, piece: bytes, size: int, end: bytes = b"") -> None:
        self._parts = self._all(beginning, piece * (262_144 // len(piece)), size, end)
        self._rest = b""

    def _all(self, beginning: bytes, piece: bytes, size: int, end: bytes) -> Iterator[bytes]:
        yield beginning
        for _ in range(size // len(piece)):
            yield piece
        yield end

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (part := next(self._parts, None)) is not None:
            self._rest += part
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


@pytest.mark.parametrize("text", [PUBMED, ENDNOTE])
@pytest.mark.parametrize(
    "doctype",
    [
        f"{LAUGHS}]>",
        '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % far SYSTEM "http://192.0.2.1/x.dtd"> %far;]>',
        "<!DOCTYPE x [" + "<!-- -->" * 20_000,
        "<!DOCTYPE " + "x" * 200_000 + ">",
    ],
)
def test_a_document_type_with_declarations_is_refused_in_one_sentence(text: str, doctype: str) -> None:
    """Entities that grow, that read files of this machine, and that fetch from others."""
    start = text.index("<PubmedArticleSet>" if "<PubmedArticleSet>" in text else "<xml>")
    with pytest.raises(InputError, match=r"its document type|no known format") as refused:
        read_text(f'<?xml version="1.0"?>{doctype}{text[start:].replace("Leaving", "&j;&secret;", 1)}')
    assert str(refused.value).count(". ") == 0


def test_an_entity_that_nobody_declared_is_text() -> None:
    _, records = read_text(PUBMED.replace("Leaving", "&secret;", 1))
    assert records[0].title.startswith("&secret; care")


def test_the_plain_document_type_of_pubmed_is_accepted_without_being_fetched() -> None:
    """The guard on the network would fail this test; a centre that is not online must read PubMed too."""
    assert "https://dtd.nlm.nih.gov/" in PUBMED
    assert len(read_text(PUBMED)[1]) == 2


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<a>" * 100_000 + "</a>" * 100_000, "depth"),
        ("<a>" * 300 + "</a>" * 300, "depth"),
        ("<a/>" * 700_000, "more than 600,000 tags"),
        ("<a " + " ".join(f"b{n}=''" for n in range(650_000)) + "/>", "more than 600,000 tags"),
        ("<Language>" + "x" * 17_000_000 + "</Language>", "longer than 16,777,216 bytes"),
    ],
    ids=["deep", "rather deep", "many tags", "many attributes", "long"],
)
def test_a_record_that_would_fill_the_memory_is_unreadable_and_the_rest_goes_on(inside: str, reason: str) -> None:
    bomb = f"<PubmedArticle>{inside}</PubmedArticle>"
    result, records = read_text(PUBMED.replace(PUBMED_FOOT, bomb + PUBMED_FOOT))
    assert len(records) == 2
    assert [reason in one.reason.lower() for one in result.unreadable] == [True]


@pytest.mark.parametrize(
    ("begins", "piece", "ends"),
    [
        (PUBMED_HEAD.encode() + b"<PubmedArticle><Language>", b"x", b""),
        (PUBMED_HEAD.encode() + b"<PubmedArticle><!--", b"x", b""),
        (PUBMED_HEAD.encode() + b"<!-- ", b"x", b""),
        (PUBMED_HEAD.encode(), b"<a>", b""),
        (PUBMED_HEAD.encode() + b"<a ", b"x", b""),
        (f"[{ONE},".encode() + b'{"type":"book","title":"', b"x", b""),
        (f"[{ONE},".encode() + b'{"type":"book","title":"', b'\\"', b""),
        (f"[{ONE},".encode(), b"[", b""),
        (f"[{ONE},".encode(), b"9", b""),
        (f'{{"items":[{ONE}],"x":"'.encode(), b"x", b""),
        (f"{ONE}\n".encode() + b'{"type":"book","title":"', b"x", b""),
        (f"[{ONE}".encode(), b"\n", b""),
        (f"[{ONE}".encode(), b",", b""),
    ],
)
def test_a_file_without_end_is_one_sentence_in_bounded_memory(
    begins: bytes, piece: bytes, ends: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text of 2 GB: what is kept of it is bounded, here by smaller bounds and a file of 12 MB, so that it is quick."""
    monkeypatch.setattr(xml_cutting, "LONGEST_RECORD", 1_000_000)
    monkeypatch.setattr(json_text, "LONGEST_VALUE", 1_000_000)
    longest = 0
    more = json_text.JsonText.more

    def watched(self: json_text.JsonText) -> bool:
        nonlocal longest
        found = more(self)
        longest = max(longest, len(self.buffer))
        return found

    monkeypatch.setattr(json_text.JsonText, "more", watched)
    started = time.process_time()
    with pytest.raises(InputError, match=r"the file ends|nested more than"):
        list(read_stream(Stream(begins, piece, 12_000_000, ends), path="export"))  # type: ignore[arg-type]
    assert longest <= 4_000_000
    assert time.process_time() - started < 30


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("[" * 3000 + "]" * 3000, "nested too deeply"),
        ('{"a":' * 3000 + "1" + "}" * 3000, "nested too deeply"),
        ('"text"', "a text stands"),
        ("12", "a number stands"),
        ("null", "nothing (null) stands"),
        ("[1, 2]", "a list stands"),
        ("{}", "an empty object"),
        ("tru", "not JSON"),
        ('{"type": "book", "title": }', "not JSON"),
        ('{"type" "book"}', "not JSON"),
    ],
)
def test_a_wrong_item_is_unreadable_and_the_rest_goes_on(bad: str, reason: str) -> None:
    result, records = read_text(f"[\n{ONE},\n{bad},\n{ONE}\n]")
    assert len(records) == 2
    assert [(one.line, reason in one.reason) for one in result.unreadable] == [(3, True)]
    assert result.record_starts == 3


def test_numbers_beyond_all_bounds_are_kept_as_text() -> None:
    digits = "9" * 10_000
    _, records = read_text(f'[{{"type":"book","title":"T","a":1e999999,"b":{digits},"c":-Infinity,"d":NaN}}]')
    assert records[0].values("csl:a", "csl:c", "csl:d") == ('"1e999999"', "-Infinity", "NaN")
    assert records[0].first("csl:b").strip('"') == digits


def test_a_value_that_is_too_long_is_unreadable_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "LONGEST_VALUE", 1_000_000)
    long = json.dumps({"type": "book", "title": "T", "abstract": "x" * 3_000_000})
    result, records = read_text(f"[{ONE},{long},{ONE}]")
    assert len(records) == 2
    assert "longer than 1,000,000 characters" in result.unreadable[0].reason


MEASURE = """
import resource, sys
from tests.unit.collate.test_xml_bombs import Stream
from whatworks.collate.sources import read_stream
from whatworks.errors import InputError
begins, piece = sys.argv[1].encode(), sys.argv[2].encode()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    list(read_stream(Stream(begins, piece, 20_000_000), path="export"))
except InputError:
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(
    ("begins", "piece", "megabytes"),
    [
        (f'[{ONE},{{"type":"book","title":"', "x", 120),
        (f'[{ONE},{{"type":"book","x":[', "[],", 300),
        (PUBMED_HEAD + "<PubmedArticle><Language>", "x", 80),
    ],
)
def test_the_stated_bounds_on_memory_hold(begins: str, piece: str, megabytes: int) -> None:
    """20 MB of a bomb, measured from outside. ru_maxrss counts kilobytes on Linux only."""
    if sys.platform != "linux":
        assert resource.RUSAGE_SELF == 0
        return
    ran = subprocess.run([sys.executable, "-c", MEASURE, begins, piece], capture_output=True, text=True, check=True)
    assert int(ran.stdout) <= megabytes


def test_the_bounds_are_what_the_docs_say() -> None:
    assert xml_cutting.LONGEST_RECORD == 16 * 1024 * 1024
    assert (json_text.LONGEST_VALUE, xml_records.MOST_MARKS) == (8 * 1024 * 1024, 600_000)


def test_an_unknown_encoding_is_one_sentence() -> None:
    for name in ("rot13", "zip", "x-none", "unicode_escape"):
        with pytest.raises(InputError, match=f"{name}, which is no encoding"):
            read_bytes(PUBMED.replace('version="1.0"', f'version="1.0" encoding="{name}"').encode())
