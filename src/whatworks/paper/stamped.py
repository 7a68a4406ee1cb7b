"""Office files whose bytes depend on nothing but what is in them: fixed times, one order of the parts.

A mould is an empty file of a kind, made once by the library that knows the kind. The parts that every file has in common
are packed once; into a copy of them go the parts that hold a page's own words.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST = 255  # characters of one line that a file says of itself
FIXED = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold
LEVEL = 6
PROPERTIES, KINDS = "docProps/core.xml", "[Content_Types].xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Mould:
    """The packed parts that all files of a kind share, and as text those that each file fills, by name."""

    packed: bytes
    parts: Mapping[str, str]


def mould(body: bytes, *, filled: Collection[str], pictures: bool = False) -> Mould:
    """A made file as a mould; the parts named are left to each file, which may bring pictures (PNG)."""
    with zipfile.ZipFile(io.BytesIO(body)) as given:
        parts = {name: given.read(name) for name in given.namelist()}
    if pictures:
        parts[KINDS] = parts[KINDS].replace(
            b"<Default ", b'<Default Extension="png" ContentType="image/png"/><Default ', 1
        )
    shared = {name: part for name, part in parts.items() if name not in (*filled, PROPERTIES)}
    return Mould(_packed(b"", shared), {name: parts[name].decode() for name in filled})


def cast(made: Mould, parts: Mapping[str, str | bytes]) -> bytes:
    """A whole file: the mould with these parts."""
    return _packed(made.packed, parts)


def _packed(begun: bytes, parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO(begun)
    with zipfile.ZipFile(out, "a") as file:
        for name, part in parts.items():
            fixed = zipfile.ZipInfo(name, FIXED)
            fixed.create_system, fixed.external_attr = 3, 0o600 << 16
            pressed = name.endswith(".png")  # a picture is pressed already
            fixed.compress_type = zipfile.ZIP_STORED if pressed else zipfile.ZIP_DEFLATED
            file.writestr(fixed, part, compresslevel=LEVEL)
    return out.getvalue()


def clean(words: str) -> str:
    """Without the characters that an XML file may not hold."""
    return FORBIDDEN.sub("", words)


def xml(words: str) -> str:
    """Words as they stand in an XML file, in an element or between double quotes."""
    return escape(clean(words), {'"': "&quot;"})


class Relations:
    """What a part leads to: what the mould's leads to, then what is asked for, each once."""

    FIRST = 101  # a mould has fewer of its own

    def __init__(self, held: str) -> None:
        self._held, self._asked = held, dict[tuple[str, str], str]()

    def to(self, kind: str, target: str) -> str:
        """The name by which a part leads to an address ("hyperlink") or to another part."""
        return self._asked.setdefault((kind, target), f"rId{self.FIRST + len(self._asked)}")

    def part(self) -> str:
        """All of them, as the part that says so."""
        more = "".join(_relation(name, kind, target) for (kind, target), name in self._asked.items())
        return self._held.replace("</Relationships>", f"{more}</Relationships>")


def _relation(name: str, kind: str, target: str) -> str:
    outside = ' TargetMode="External"' if kind == "hyperlink" else ""
    return f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{xml(target)}"{outside}/>'


def properties(*, title: str, subject: str, at: datetime, identifier: str) -> str:
    """What a file says of itself: title, language and the time of its approval instead of the time of making."""
    when = f"{(at.astimezone(UTC) if at.tzinfo else at):%Y-%m-%dT%H:%M:%SZ}"
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{xml(title[:LONGEST])}</dc:title><dc:subject>{xml(subject[:LONGEST])}</dc:subject>"
        "<dc:creator>whatworks</dc:creator><cp:lastModifiedBy>whatworks</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{when}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{when}</dcterms:modified>'
        f"<dc:identifier>{xml(identifier)}</dc:identifier><dc:language>en-GB</dc:language></cp:coreProperties>"
    )
