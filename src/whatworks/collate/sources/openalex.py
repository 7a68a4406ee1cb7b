"""OpenAlex JSON and JSON lines: works as its service and its snapshot give them.

Field names and nesting are those of the published Work object. An abstract comes as an inverted index, word to places;
it is put together again word for word, and the index itself is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from whatworks.collate.sources.base import Head
from whatworks.collate.sources.json_records import Item, JsonSource, Maker, Outline, Path, WrongShape, texts

_TYPES = {
    "article": "JOUR",
    "review": "JOUR",
    "editorial": "JOUR",
    "letter": "JOUR",
    "erratum": "JOUR",
    "retraction": "JOUR",
    "peer-review": "JOUR",
    "preprint": "UNPB",
    "book": "BOOK",
    "book-chapter": "CHAP",
    "book-section": "CHAP",
    "reference-entry": "ENCYC",
    "report": "RPRT",
    "dissertation": "THES",
    "dataset": "DATA",
    "standard": "STAND",
    "grant": "GRNT",
    "software": "COMP",
}
_OWN = (
    "abstract_inverted_index",
    "authorships",
    "primary_location",
    "host_venue",
    "cited_by_api_url",
    "counts_by_year",
    "referenced_works",
    "updated_date",
)


def rebuilt(index: Any) -> tuple[str, int]:
    """The text that an inverted index stands for, and how many places up to the last have no word.

    Words stand in the order of their places with one space between; nothing is put where a word is missing. "" and 0
    where it is no such index. The work grows with the words, not with the largest place.
    """
    if not isinstance(index, dict):
        return "", 0
    places: list[tuple[int, str]] = []
    for word, numbers in index.items():
        if not isinstance(numbers, list) or not all(type(number) is int and number >= 0 for number in numbers):
            return "", 0
        places += [(number, word) for number in numbers]
    if not places:
        return "", 0
    places.sort(key=lambda place: place[0])
    missing = places[-1][0] + 1 - len({number for number, _ in places})
    return " ".join(word for _, word in places), missing


def _people(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            author = one.get("author")
            name = author.get("display_name") if isinstance(author, dict) else None
            name = name or one.get("raw_author_name")
            if isinstance(name, str) and name.strip():
                yield "AU", name


def _date(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield "DA", value.replace("-", "/")


def _doi(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield "DO", value.removeprefix("https://doi.org/").removeprefix("http://doi.org/")


def _place(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield from _source(value.get("source"), item)
        for name, tag in (("landing_page_url", "UR"), ("pdf_url", "L1")):
            if isinstance(value.get(name), str):
                yield tag, value[name]


def _source(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        yield from (("T2", text) for text in texts(value.get("display_name")))
        yield from (("SN", text) for text in texts(value.get("issn")))
        yield from (("PB", text) for text in texts(value.get("host_organization_name") or value.get("publisher")))


def _numbers(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, tag in (("volume", "VL"), ("issue", "IS"), ("first_page", "SP"), ("last_page", "EP")):
            if isinstance(value.get(name), str):
                yield tag, value[name]


def _identifiers(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and isinstance(value.get("pmcid"), str):
        yield "C2", value["pmcid"].rstrip("/").rpartition("/")[2]


def _keywords(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    for word in value if isinstance(value, list) else ():
        name = word.get("display_name") or word.get("keyword") if isinstance(word, dict) else word
        yield from (("KW", text) for text in texts(name))


class OpenAlex(JsonSource):
    """OpenAlex's works, as its service or its snapshot gives them."""

    name, prefix = "OpenAlex JSON", "openalex"
    plain: ClassVar[Mapping[str, str]] = {"id": "AN", "title": "TI", "publication_year": "PY", "language": "LA"}
    made: ClassVar[Mapping[str, Maker]] = {
        "doi": _doi,
        "authorships": _people,
        "publication_date": _date,
        "primary_location": _place,
        "host_venue": _source,
        "biblio": _numbers,
        "ids": _identifiers,
        "keywords": _keywords,
    }

    def begins(self, start: Outline, head: Head) -> bool:
        """Whether it is an answer of the service, or the first object a work with what OpenAlex alone puts there."""
        if start.has("results") and not start.is_list:
            return start.has("meta") or "openalex.org/" in head.text
        name = start.members.get("id")
        named = isinstance(name, str) and "openalex.org/W" in name
        return named or (start.has("id") and sum(start.has(own) for own in _OWN) >= 2)

    def places(self, start: Outline) -> tuple[Path, ...]:
        """An answer holds works under `results`."""
        return (("results",),) if start.has("results") else ()

    def member(self, path: Path, value: Any, read: int) -> Iterator[str]:
        """How many hits the service had, beside what this answer holds."""
        count = value.get("count") if path == ("meta",) and isinstance(value, dict) else None
        if isinstance(count, int):
            yield f"OpenAlex reported {count:,} hits for this search, of which this file may hold one page only"

    def tags(self, item: Item, notes: list[str]) -> Iterable[tuple[str, str]]:
        """The work in RIS tags, and everything that had to change or has no tag under its own name."""
        if not any(isinstance(item.get(name), str) for name in ("id", "doi", "title", "display_name")):
            raise WrongShape("the work has no id, no DOI and no title")
        kind = item.get("type")
        conference = item.get("type_crossref") == "proceedings-article"
        tags = [("TY", "CPAPER" if conference else _TYPES.get(kind, "GEN") if isinstance(kind, str) else "GEN")]
        if isinstance(kind, str) and kind != "article":
            tags.append(("M3", kind))
        if not isinstance(item.get("title"), str):
            tags += [("TI", text) for text in texts(item.get("display_name"))]
        if index := item.get("abstract_inverted_index"):
            tags += _abstract(index, notes)
        return [*tags, *self.fields(item)]


def _abstract(index: Any, notes: list[str]) -> Iterator[tuple[str, str]]:
    text, missing = rebuilt(index)
    if text:
        yield "AB", text
    else:
        notes.append("the index of its abstract is not as OpenAlex writes it; it is kept as it is")
    if missing:
        notes.append(f"{missing:,} places of its abstract have no word; it was put together without them")
