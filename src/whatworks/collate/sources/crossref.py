"""Crossref JSON: works as its open service gives them, in an answer (`message`), a list, alone, or one a line.

Field names and nesting are those of the service's published format (message version 1.0.0).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from whatworks.collate.methods.fields import one_line
from whatworks.collate.methods.names import csl_name, dated
from whatworks.collate.sources.base import Head
from whatworks.collate.sources.json_records import Item, JsonSource, Outline, Path, WrongShape

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
_WORD_FOR_WORD = {
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
_LISTS = {"ISSN": "SN", "ISBN": "SN", "short-container-title": "J2", "subject": "KW"}
_NAMES = {"author": "AU", "editor": "ED", "translator": "A4"}
_DATES = (
    "issued",
    "published",
    "published-print",
    "published-online",
    "posted",
    "created",
)  # the first that has a year

_BREAK = re.compile(r"</(?:jats:)?(?:p|title|sec|list-item|disp-formula)\s*>|<(?:jats:)?break\s*/>", re.IGNORECASE)
_HEADING = re.compile(r"<(?:jats:)?title\b[^>]*>(.*?)</(?:jats:)?title\s*>\s*", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>|<!--.*?-->", re.DOTALL)
_ABSTRACT_ITSELF = re.compile(r"\s*(?:abstract|summary|résumé|zusammenfassung|resumen)\s*[:.]?\s*", re.IGNORECASE)


def without_markup(text: str) -> str:
    """A title or abstract without its JATS, HTML or MathML marks: a line for each paragraph, headings before their text.

    `<` that begins no mark (`p < .05`) stays; entities, also those written twice over, become their characters.
    """
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


class Crossref(JsonSource):
    """Crossref's JSON, as its service gives it."""

    name, prefix = "Crossref JSON", "crossref"

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
            yield f"Crossref reported {value:,} hits for this search; an answer holds one page of them"

    def tags(self, item: Item, notes: list[str]) -> Iterator[tuple[str, str]]:
        """The work in RIS tags, and everything that had to change or has no tag under its own name."""
        if not isinstance(item.get("DOI"), str) and not item.get("title"):
            raise WrongShape("the work has neither a DOI nor a title")
        kind = item.get("type")
        yield "TY", _TYPES.get(kind, "GEN") if isinstance(kind, str) else "GEN"
        if kind == "posted-content":
            yield "M3", str(item.get("subtype") or "preprint")
        yield from _titles(item)
        for name, tag in _NAMES.items():
            names = item.get(name)
            yield from ((tag, name) for one in (names if isinstance(names, list) else ()) if (name := csl_name(one)))
        yield from _published(item)
        taken = set()
        for name, tag in _WORD_FOR_WORD.items():
            value = item.get(name)
            if isinstance(value, str):
                taken.add(name)
                yield tag, value
        for name, tag in _LISTS.items():
            yield from ((tag, value) for value in _texts(item.get(name)))
        yield from _pages(item.get("page"))
        if abstract := item.get("abstract"):
            yield "AB", without_markup(str(abstract))
        yield from self.kept(item, taken)


def _texts(value: Any) -> Iterator[str]:
    for text in value if isinstance(value, list) else [value]:
        if isinstance(text, str) and text.strip():
            yield text


def _titles(item: Item) -> Iterator[tuple[str, str]]:
    title = next((without_markup(text) for text in _texts(item.get("title"))), "")
    subtitle = next((without_markup(text) for text in _texts(item.get("subtitle"))), "")
    if subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title}: {subtitle}" if title else subtitle
    if title:
        yield "TI", one_line(title)
    yield from (("TT", one_line(without_markup(text))) for text in _texts(item.get("original-title")))
    venues = [one_line(without_markup(text)) for text in _texts(item.get("container-title"))]
    journal = item.get("type") == "journal-article"
    yield from (("JF" if journal else tag, name) for tag, name in zip(("T2", "T3"), venues, strict=False))


def _published(item: Item) -> Iterator[tuple[str, str]]:
    for name in _DATES:
        value = item.get(name)
        if isinstance(value, dict) and (date := dated(value.get("date-parts"))):
            yield "PY", date.split("/")[0]
            yield "DA", date
            return


def _pages(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and value.strip():
        first, dash, last = value.partition("-")
        whole = not dash or not first.strip() or not last.strip() or "-" in last or "," in value
        yield from (("SP", value),) if whole else (("SP", first.strip()), ("EP", last.strip()))
