"""Crossref JSON: works as its open service gives them, in an answer (`message`), a list, alone, or one a line.

Field names and nesting are those of the service's published format (message version 1.0.0).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from whatworks.collate.methods.fields import one_line
from whatworks.collate.methods.names import csl_name, dated
from whatworks.collate.sources.base import Head
from whatworks.collate.sources.json_records import Item, JsonSource, Maker, Outline, Path, WrongShape, texts, under

_TYPES = {
    "journal-article": "JOUR",
    "book": "BOOK",
    "monograph": "BOOK",
    "edited-book": "EDBOOK",
    "reference-book": "BOOK",
    "book-set": "BOOK",
    "book-series": "SER",
    "book-chapter": "CHAP",
    "book-section": "CHAP",
    "book-part": "CHAP",
    "book-track": "CHAP",
    "reference-entry": "ENCYC",
    "proceedings": "CONF",
    "proceedings-series": "CONF",
    "proceedings-article": "CPAPER",
    "report": "RPRT",
    "report-component": "RPRT",
    "report-series": "RPRT",
    "dissertation": "THES",
    "posted-content": "UNPB",
    "dataset": "DATA",
    "database": "DBASE",
    "journal": "JFULL",
    "journal-issue": "JFULL",
    "journal-volume": "JFULL",
    "standard": "STAND",
    "standard-series": "STAND",
    "grant": "GRNT",
}
_PLAIN = {
    "DOI": "DO",
    "volume": "VL",
    "issue": "IS",
    "publisher": "PB",
    "publisher-location": "CY",
    "language": "LA",
    "URL": "UR",
    "edition-number": "ET",
    "article-number": "C7",
}
_DATES = (
    "issued",
    "published",
    "published-print",
    "published-online",
    "posted",
    "created",
)  # the first that has a year

_NAME = ("family", "given", "suffix", "name", "literal", "non-dropping-particle", "dropping-particle")

_BREAK = re.compile(r"</(?:jats:)?(?:p|title|sec|list-item|disp-formula)\s*>|<(?:jats:)?break\s*/>", re.IGNORECASE)
# No pattern may look further than to the next mark, or than so many characters: texts of marks alone would take hours.
_HEADING = re.compile(r"<(?:jats:)?title(?:\s[^<>]*)?>(.{0,500}?)</(?:jats:)?title\s*>\s*", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>|<!--.{0,2000}?-->", re.DOTALL)
_ABSTRACT_ITSELF = re.compile(r"\s*(?:abstract|summary|résumé|zusammenfassung|resumen)\s*[:.]?\s*", re.IGNORECASE)


def without_markup(text: str) -> str:
    """A title or abstract without its JATS, HTML or MathML marks: a line for each paragraph, headings before their text.

    `<` that begins no mark (`p < .05`) stays; entities, also those written twice over, become their characters.
    """
    if "<" in text:
        text = one_line(text)  # within marks a line end is a space
    text = _HEADING.sub(lambda found: _heading(found.group(1)), text)
    text = _TAG.sub("", _BREAK.sub("\n", text))
    for _ in range(2):
        text = html.unescape(text)
    return "\n".join(line for part in text.split("\n") if (line := one_line(part)))


def _heading(text: str) -> str:
    words = _TAG.sub("", text).strip()
    if not words or _ABSTRACT_ITSELF.fullmatch(words):
        return ""
    return f"\n{words} " if words[-1] in ":.?!" else f"\n{words}: "


def _names(tag: str) -> Maker:
    def made(value: Any, item: Item) -> Iterator[tuple[str, str]]:
        for name in value if isinstance(value, list) else ():
            if person := csl_name(_bare(name)):
                yield tag, person

    return made


def _bare(name: Any) -> Any:
    """A Crossref name without what is about the person: only the parts of the name."""
    return {key: name[key] for key in _NAME if key in name} if isinstance(name, dict) else None


def _titles(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    title = next((without_markup(text) for text in texts(value)), "")
    subtitle = next((without_markup(text) for text in texts(item.get("subtitle"))), "")
    if subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title}: {subtitle}" if title else subtitle
    if title:
        yield "TI", one_line(title)


def _original(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    yield from (("TT", one_line(without_markup(text))) for text in texts(value))


def _venues(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    first = "JF" if item.get("type") == "journal-article" else "T2"
    names = (one_line(without_markup(text)) for text in texts(value))
    yield from zip((first, "T3"), names, strict=False)


def _published(item: Item) -> Iterator[tuple[str, str]]:
    for name in _DATES:
        value = item.get(name)
        if isinstance(value, dict) and (date := dated(value.get("date-parts"))):
            yield "PY", date.split("/")[0]
            yield "DA", date
            return


def _pages(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        first, dash, last = value.partition("-")
        whole = not dash or not first.strip() or not last.strip() or "-" in last or "," in value
        yield from (("SP", value),) if whole else (("SP", first.strip()), ("EP", last.strip()))


def _abstract(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield "AB", without_markup(value)


class Crossref(JsonSource):
    """Crossref's JSON, as its service gives it."""

    name, prefix, plain = "Crossref JSON", "crossref", _PLAIN
    made: ClassVar[Mapping[str, Maker]] = {
        "title": _titles,
        "original-title": _original,
        "author": _names("AU"),
        "editor": _names("ED"),
        "translator": _names("A4"),
        "container-title": _venues,
        "short-container-title": under("J2"),
        "ISSN": under("SN"),
        "ISBN": under("SN"),
        "subject": under("KW"),
        "page": _pages,
        "abstract": _abstract,
    }

    def begins(self, start: Outline, head: Head) -> bool:
        """Whether it is an answer of the service, or the first object a work with what Crossref alone puts there."""
        if start.has("message-type", "message") and not start.is_list:
            return start.members["message-type"] in ("work", "work-list")
        if start.has("message") and not start.is_list:
            return '"DOI"' in head.text
        own = (
            "indexed",
            "deposited",
            "reference-count",
            "is-referenced-by-count",
            "member",
            "prefix",
            "content-domain",
        )
        return start.has("DOI") and start.has_any(*own)

    def places(self, start: Outline) -> tuple[Path, ...]:
        """An answer holds works in `message.items`, or is about one work, which then is the message."""
        if not start.has("message"):
            return ()
        return (("message",),) if start.members.get("message-type") == "work" else (("message", "items"),)

    def member(self, path: Path, value: Any, read: int) -> Iterator[str]:
        """How many hits the service had, beside what this answer holds."""
        if path == ("message", "total-results") and isinstance(value, int):
            yield f"Crossref reported {value:,} hits for this search, of which this file may hold one page only"

    def tags(self, item: Item, notes: list[str]) -> Iterable[tuple[str, str]]:
        """The work in RIS tags, and everything that had to change or has no tag under its own name."""
        if not isinstance(item.get("DOI"), str) and not item.get("title"):
            raise WrongShape("the work has neither a DOI nor a title")
        kind = item.get("type")
        tags = [("TY", _TYPES.get(kind, "GEN") if isinstance(kind, str) else "GEN")]
        if kind == "posted-content":
            tags.append(("M3", str(item.get("subtype") or "preprint")))
        if not item.get("title"):
            tags += _titles(None, item)
        return [*tags, *_published(item), *self.fields(item)]
