"""XML exports: each record is cut out and parsed for itself, so that one that is broken costs only itself.

Parsed by libxml2 without document types, entities or addresses: what a file declares or points at is never read. It
refuses more than 256 levels and texts of more than 10 MB; MOST_MARKS bounds the tree. Memory holds one record: 16 MB of
text and at the very most 250 MB of tree, whatever the file.
"""

from __future__ import annotations

import html
import re
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from lxml import etree  # type: ignore[import-untyped]

from whatworks.collate.methods.records import Found, Note, ReadResult, Record, Unreadable
from whatworks.collate.sources.base import Head, Source
from whatworks.collate.sources.lines import Lines
from whatworks.collate.sources.xml_cutting import Cut, Cutter, Stray, as_utf8, declared_encoding
from whatworks.errors import InputError
from whatworks.saying import said

Element = Any
MOST_MARKS = 600_000  # tags and attributes of one record; 5,000 authors with addresses have 100,000

_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));",
    re.IGNORECASE,
)
_AMPERSAND = re.compile(r"<!\[CDATA\[.*?\]\]>|&(#\d+;|#x[0-9a-fA-F]+;|\w+;)?", re.DOTALL)
_AFTER_NAME = ">/ \t\r\n"
_XML_OWN = {"amp;", "lt;", "gt;", "quot;", "apos;"}


class XmlSource(Source):
    """A format of XML. A subclass names its records and the elements around them, and turns one record into tags."""

    records: ClassVar[tuple[str, ...]]
    """Names of the elements that are records."""
    prefix: ClassVar[str]

    @abstractmethod
    def tags(self, record: Element, written: Written, notes: list[str]) -> list[tuple[str, str]]:
        """The tags of one record, its type first; what a person should know is added to the notes."""

    def find(self, lines: Lines, result: ReadResult) -> Iterator[Found]:
        """What an open file holds; a record start is counted where its start tag is seen."""
        try:
            encoding = declared_encoding(lines.head)
        except LookupError as error:
            raise InputError(
                said(
                    "%(path)s: it is declared to be in %(error)s, which is no encoding that is known.",
                    path=result.path,
                    error=str(error),
                )
            ) from None
        lines.declared = encoding
        cutter = Cutter(as_utf8(lines, encoding), self.records, result.path)
        for piece in cutter.pieces():
            result.record_starts = cutter.starts
            if isinstance(piece, Stray):
                yield Note(piece.line, piece.text, cut=piece.ended)
                continue
            found = self._given(piece, cutter.starts)
            if isinstance(found, Record) and _OTHER_BYTES in found.notes:
                lines.declared = "utf-8+cp1252"
            yield found

    def _given(self, cut: Cut, position: int) -> Record | Unreadable:
        if cut.fault:
            return Unreadable(cut.line, cut.fault, cut=cut.ended)
        if len(cut.raw) > MOST_MARKS and cut.raw.count(b"<") + cut.raw.count(b"=") > MOST_MARKS:
            return Unreadable(cut.line, f"it has more than {MOST_MARKS:,} tags and attributes")
        notes: list[str] = []
        try:
            record, text = parsed(cut.raw, notes)
        except etree.XMLSyntaxError as error:
            return Unreadable(cut.line + max(error.lineno or 1, 1) - 1, f"it is not well-formed XML ({_why(error)})")
        return Record(position, cut.line, tuple(self.tags(record, Written(text), notes)), tuple(notes))

    def recognises(self, head: Head) -> bool:
        """Whether the file is XML and one of its first elements is of this format."""
        text = head.text.lstrip()
        return text[:1] == "<" and self.shows(text)

    @abstractmethod
    def shows(self, text: str) -> bool:
        """Whether the beginning of an XML file is in this format."""


class Written:
    """One record as it is written, from which its elements are taken word for word, one after another.

    Cutting them out is much quicker than writing them anew; where the cut is not sure to be right they are written anew.
    """

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        # Without what may hold marks that are none; one sign alone is looked for first, as that is thirty times quicker.
        self._sure = ("!" not in text or "<!" not in text) and ("?" not in text or "<?" not in text)

    def of(self, element: Element) -> str:
        """An element as it stands in the file. Elements are asked for in their order, none within another."""
        name, text = element.tag, self._text
        start = text.find(f"<{name}", self._at)
        while start >= 0 and text[start + len(name) + 1] not in _AFTER_NAME:
            start = text.find(f"<{name}", start + 1)
        if self._sure and start >= 0:
            end = text.find(">", start) + 1
            if len(element) or element.text or text[end - 2] != "/":
                closing = text.find(f"</{name}>", start)
                end = closing + len(name) + 3 if closing >= 0 else 0
            elif text.count('"', start, end) % 2 or text.count("'", start, end) % 2:  # the > is within a value
                end = 0
            piece = text[start:end]
            if end > start and f"<{name}>" not in piece[1:] and f"<{name} " not in piece[1:]:
                self._at = end
                return piece
        return str(etree.tostring(element, encoding="unicode", with_tail=False))


_OTHER_BYTES = "bytes that are not UTF-8 were read as Windows text (cp1252)"
_PARSER = etree.XMLParser(
    encoding="utf-8",
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)


def parsed(raw: bytes, notes: list[str]) -> tuple[Element, str]:
    """One record as a tree and as the text that was parsed.

    What XML forbids and exports hold all the same is mended, with a note: other bytes than UTF-8, control characters,
    entities of HTML, an & that stands for itself. Raises XMLSyntaxError for the rest.
    """
    try:
        return etree.fromstring(raw, _PARSER), raw.decode("utf-8")
    except etree.XMLSyntaxError:
        mended, done = _mended(raw)
        if not done:
            raise
        record = etree.fromstring(mended.encode(), _PARSER)
        notes += done
        return record, mended


def _mended(raw: bytes) -> tuple[str, list[str]]:
    done: list[str] = []
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        done.append(_OTHER_BYTES)
        text = _as_windows(raw)
    clean = _CONTROL.sub("", text)
    if clean != text:
        done.append("control characters, which XML forbids, were left out")
    text = _AMPERSAND.sub(_entity, clean)
    if text != clean:
        done.append("entities that XML does not know, or an & that stands for itself, were read as HTML means them")
    return text, done


def _as_windows(raw: bytes) -> str:
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _entity(found: re.Match[str]) -> str:
    whole, name = found.group(), found.group(1)
    if whole[0] == "<" or (name and (name[0] == "#" or name in _XML_OWN)):
        return whole
    plain = html.unescape(whole)
    return plain if name and plain != whole else f"&amp;{whole[1:]}"


def _why(error: Any) -> str:
    return str(error.msg).partition(", line")[0].strip() or "no reason given"


def words(element: Element | None) -> str:
    """All text within an element as it stands, the marks of its style left out; "" where there is no element."""
    if element is None:
        return ""
    if len(element):
        return "".join(element.itertext())
    return element.text or ""
