"""CSL-JSON: what Zotero, Mendeley's heirs and citation programs write; and our own two JSON forms, read back as written.

Fields are those of CSL 1.0.2's schema for input data. A list, one object, one object a line, or `{"items": [...]}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from whatworks.collate.methods.exports import as_csl
from whatworks.collate.methods.names import csl_name, dated
from whatworks.collate.methods.records import Record
from whatworks.collate.sources.base import Head
from whatworks.collate.sources.json_records import Item, JsonSource, Maker, Outline, Path, WrongShape, texts, under

_TYPES = {
    "article": "JOUR",
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "bill": "BILL",
    "book": "BOOK",
    "broadcast": "VIDEO",
    "chapter": "CHAP",
    "classic": "CLSWK",
    "dataset": "DATA",
    "document": "GEN",
    "entry": "ENCYC",
    "entry-dictionary": "DICT",
    "entry-encyclopedia": "ENCYC",
    "figure": "FIGURE",
    "graphic": "ART",
    "hearing": "HEAR",
    "interview": "PCOMM",
    "legal_case": "CASE",
    "legislation": "STAT",
    "manuscript": "MANSCPT",
    "map": "MAP",
    "motion_picture": "MPCT",
    "pamphlet": "PAMP",
    "paper-conference": "CPAPER",
    "patent": "PAT",
    "periodical": "JFULL",
    "personal_communication": "PCOMM",
    "post": "BLOG",
    "post-weblog": "BLOG",
    "regulation": "STAT",
    "report": "RPRT",
    "review": "JOUR",
    "review-book": "JOUR",
    "software": "COMP",
    "song": "SOUND",
    "speech": "SLIDE",
    "standard": "STAND",
    "thesis": "THES",
    "webpage": "ELEC",
}
_PLAIN = {
    "id": "ID",
    "title": "TI",
    "container-title": "T2",
    "collection-title": "T3",
    "container-title-short": "J2",
    "journalAbbreviation": "J2",
    "volume": "VL",
    "issue": "IS",
    "publisher": "PB",
    "publisher-place": "CY",
    "edition": "ET",
    "DOI": "DO",
    "ISSN": "SN",
    "ISBN": "SN",
    "PMID": "AN",
    "PMCID": "C2",
    "URL": "UR",
    "abstract": "AB",
    "language": "LA",
    "note": "N1",
    "genre": "M3",
    "archive": "DB",
    "source": "DP",
    "call-number": "CN",
    "number": "M1",
}
_PAGES = re.compile(r"\s*([^\s,;&–-]+)\s*[–-]+\s*([^\s,;&–-]+)\s*")


def _names(tag: str) -> Maker:
    def made(value: Any, item: Item) -> Iterator[tuple[str, str]]:
        for name in value if isinstance(value, list) else [value]:
            if person := csl_name(name):
                yield tag, person

    return made


def _issued(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    if date := _date(value):
        yield "PY", date.split("/")[0]
        yield "DA", date


def _accessed(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    if date := _date(value):
        yield "Y2", date


def _date(value: Any) -> str:
    """A CSL date, which comes in parts, as a literal, raw in any form, or as a bare text or number."""
    if not isinstance(value, dict):
        return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    found = dated(value.get("date-parts"))
    return found or next((value[key] for key in ("raw", "literal") if isinstance(value.get(key), str)), "")


def _pages(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(value, str | int) and not isinstance(value, bool):
        found = _PAGES.fullmatch(str(value))
        yield from zip(("SP", "EP"), found.groups() if found else (str(value),), strict=False)


def _keywords(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        value = value.split(";" if ";" in value else ",")
    yield from (("KW", word.strip()) for word in texts(value))


class Csl(JsonSource):
    """CSL-JSON, the form of citation programs."""

    name, prefix, plain = "CSL-JSON", "csl", _PLAIN
    made: ClassVar[Mapping[str, Maker]] = {
        "author": _names("AU"),
        "editor": _names("ED"),
        "collection-editor": _names("A3"),
        "translator": _names("A4"),
        "issued": _issued,
        "accessed": _accessed,
        "page": _pages,
        "keyword": _keywords,
        "categories": under("KW"),
    }

    def begins(self, start: Outline, head: Head) -> bool:
        """Whether the first object has a type of CSL's and something to know it by, or the file is an empty list."""
        if start.has("items") and not start.is_list:
            return '"type"' in head.text
        if not start.members:
            return start.is_list
        kind = start.members.get("type")
        return (
            isinstance(kind, str)
            and kind in _TYPES
            and start.has_any("title", "author", "issued", "id", "container-title", "DOI", "URL")
        )

    def places(self, start: Outline) -> tuple[Path, ...]:
        """Records stand in a list of their own, or under `items` as Zotero's service gives them."""
        return (("items",),) if start.has("items") and not start.has("type") else ()

    def tags(self, item: Item, notes: list[str]) -> Iterable[tuple[str, str]]:
        """The item in RIS tags, and everything that had to change or has no tag under its own name."""
        if not item:
            raise WrongShape("an empty object stands where a record should be")
        if ours := written_here(item):
            return ours
        kind = item.get("type")
        return [("TY", _TYPES.get(kind, "GEN") if isinstance(kind, str) else "GEN"), *self.fields(item)]


def written_here(item: Item) -> tuple[tuple[str, str], ...]:
    """The tags of a record that was written by us as CSL, or () where the item is another's, or was changed since."""
    custom = item.get("custom")
    pairs = _pairs(custom.get("ris")) if isinstance(custom, dict) else ()
    return pairs if pairs and _without_id(as_csl(Record(1, 1, pairs))) == _without_id(item) else ()


def _without_id(item: Item) -> Item:
    """The item but for its number, which for some records is their place in the file that they came from."""
    return {key: value for key, value in item.items() if key != "id"}


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        return ()
    pairs = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
            return ()
        pairs.append((pair[0], pair[1]))
    return tuple(pairs) if pairs and pairs[0][0] == "TY" else ()


class OwnJson(JsonSource):
    """JSON lines as this program writes them, with every tag of each record as it was."""

    name, prefix = "whatworks JSONL", "whatworks"

    def begins(self, start: Outline, head: Head) -> bool:
        """Whether the first object has what every line of ours has."""
        return start.has("tags", "position", "title", "line") and bool(_pairs(start.members["tags"]))

    def tags(self, item: Item, notes: list[str]) -> Iterable[tuple[str, str]]:
        """The tags as they were written; the other members are only views of them."""
        pairs = _pairs(item.get("tags"))
        if not pairs:
            raise WrongShape("its tags are not pairs of texts that begin with the type (TY)")
        return pairs
