"""Mutations: what happens to files on their way, done to the samples at random; and what must hold of every such file."""

from __future__ import annotations

import io
import random
import time
import warnings
import zipfile

from tests.unit.collate.samples import SAMPLES
from whatworks.collate.methods.records import ReadResult, Record
from whatworks.collate.sources import read_stream, write_ris
from whatworks.errors import InputError

NASTY = [
    b"TY  - JOUR\n", b"ER  - \n", b"\n\n", b"PMID- 1\n", b"%0 Book\n", b"PT J\n", b"ER\n", b"@article{x,\n", b"@string{", b"{", b"}",
    b'"', b",", b"#", b"\\", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"\t", b"\xe2\x80\xa8", b"]]>", b"<", b"&lol;", b"[", b":", b"null",
    b"\\ud800", b"1e999", b"=1+1", b";", b"x" * 3000, b"XX  - a:b  - c\n", b"\xc3\xaf\xc2\xbb\xc2\xbf", b"%", b"\n      ",
]  # fmt: skip
ENCODINGS = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "utf-8-sig", "cp037", "utf-7"]
LONGEST_SECONDS = 5.0  # of CPU time for a file of some kilobytes; a healthy one takes a hundredth


def mutated(data: bytes, draw: random.Random) -> bytes:
    """The file after one to six accidents; to a packed one, such as Excel's, they happen mostly before it is packed."""
    if data.startswith(b"PK") and draw.random() < 0.9:
        return _within(data, draw)
    for _ in range(draw.randint(1, 6)):
        data = draw.choice(ACCIDENTS)(data, draw) or b"\n"
    return data[:200_000]


def _within(data: bytes, draw: random.Random) -> bytes:
    """A packed file with accidents in one of its parts, now and then with another part missing or there twice."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = [(name, packed.read(name)) for name in packed.namelist()]
    at = draw.randrange(len(parts))
    parts[at] = parts[at][0], mutated(parts[at][1], draw)
    if draw.random() < 0.1:
        del parts[draw.randrange(len(parts))]
    if draw.random() < 0.1:
        parts.append(draw.choice(parts))
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w") as again:
        warnings.simplefilter("ignore")  # a name that is there twice is what is wanted
        for name, part in parts:
            again.writestr(name, part)
    return made.getvalue()


def _place(data: bytes, draw: random.Random) -> int:
    return draw.randrange(len(data) + 1)


def _flipped(data: bytes, draw: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.randint(1, 8)):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _cut(data: bytes, draw: random.Random) -> bytes:
    at = _place(data, draw)
    return data[:at] if draw.random() < 0.7 else data[at:]


def _hole(data: bytes, draw: random.Random) -> bytes:
    first, last = sorted((_place(data, draw), _place(data, draw)))
    return data[:first] + data[last:]


def _doubled(data: bytes, draw: random.Random) -> bytes:
    first, last = sorted((_place(data, draw), _place(data, draw)))
    return data[:last] + data[first:last] * draw.randint(1, 3) + data[last:]


def _lines_moved(data: bytes, draw: random.Random) -> bytes:
    lines = data.split(b"\n")
    one, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    if draw.random() < 0.5:
        del lines[draw.randrange(len(lines))]
    return b"\n".join(lines)


def _ends(data: bytes, draw: random.Random) -> bytes:
    return data.replace(b"\n", draw.choice([b"\r\n", b"\r", b"\n\n", b" \n", b""]))


def _encoded(data: bytes, draw: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(draw.choice(ENCODINGS), "replace")


def _spliced(data: bytes, draw: random.Random) -> bytes:
    other = draw.choice(list(SAMPLES.values()))
    return data[: _place(data, draw)] + other[_place(other, draw) :]


def _nasty(data: bytes, draw: random.Random) -> bytes:
    at = _place(data, draw)
    return data[:at] + draw.choice(NASTY) + data[at:]


ACCIDENTS = [_flipped, _cut, _hole, _doubled, _lines_moved, _ends, _encoded, _spliced, _nasty]


def read_once(data: bytes, *, partial: bool) -> tuple[ReadResult, list[Record]] | InputError:
    """What comes of a file; nothing but an InputError may be raised, and it must be one line."""
    try:
        result = read_stream(io.BytesIO(data), path="export", partial=partial)
        return result, list(result)
    except InputError as error:
        refused = error
    assert str(refused).startswith("export") and "\n" not in str(refused), str(refused)
    return refused


def check(data: bytes) -> str:
    """Raise AssertionError where the file is read wrongly; else say what came of it: `read`, `partly` or `refused`."""
    begun = time.process_time()
    found = read_once(data, partial=True)
    strict = read_once(data, partial=False)
    assert time.process_time() - begun < LONGEST_SECONDS, "it takes too long"
    if isinstance(found, InputError):
        assert isinstance(strict, InputError), "what --partial refuses must be refused without it"
        return "refused"
    result, records = found
    assert result.record_starts == len(records) + len(result.unreadable), "a record was lost"
    assert all(record.tags and record.tags[0][0] == "TY" for record in records), "a record has no type"
    if not isinstance(strict, InputError):
        assert strict[1] == records, "--partial must change nothing in a whole file"
    _goes_through_ris(records)
    return "partly" if result.unreadable else "read"


def _goes_through_ris(records: list[Record]) -> None:
    """Every tag must come back from a RIS file; values too, but for line ends, and marks that begin a line."""
    if not records:
        return
    text = "".join(write_ris(records)).encode("utf-8", "backslashreplace")
    back = read_once(text, partial=False)
    assert not isinstance(back, InputError), f"our own RIS is refused: {back}"
    assert [_names(one) for one in back[1]] == [_names(one) for one in records], "a tag was lost on the way through RIS"
    again = "".join(write_ris(back[1])).encode("utf-8", "backslashreplace")
    assert [one.tags for one in back[1]] == [one.tags for one in read_once(again, partial=False)[1]], "RIS changes"  # type: ignore[index]


def _names(record: Record) -> list[str]:
    named = [(tag, value) for tag, value in record.tags if tag != "TY"]
    ends = [tag for tag, value in named if tag == "ER" and value.strip()]
    tags = [tag for tag, _ in named if tag != "ER"] + ends[:1]
    return [tag.encode("utf-8", "backslashreplace").decode() for tag in tags]
