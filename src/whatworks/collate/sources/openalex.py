"""OpenAlex JSON and JSON lines: works as its service and its snapshot give them.

Field names and nesting are those of the published Work object. An abstract comes as an inverted index, word to places;
it is put together again word for word, and the index itself is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whatworks.collate.sources.base import Head
from whatworks.collate.sources.json_records import Item, JsonSource, Outline, Path, WrongShape

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
_PLAIN_JOURNAL = {"article"}


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


class OpenAlex(JsonSource):
    """OpenAlex's works, as its service or its snapshot gives them."""

    name, prefix = "OpenAlex JSON", "openalex"

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
            yield f"OpenAlex reported {count:,} hits for this search; an answer holds one page of them"

    def tags(self, item: Item, notes: list[str]) -> Iterator[tuple[str, str]]:
        """The work in RIS tags, and everything that had to change or has no tag under its own name."""
        name = item.get("id")
        if not isinstance(name, str) and not isinstance(item.get("doi"), str) and not item.get("title"):
            raise WrongShape("the work has no id, no DOI and no title")
        kind = item.get("type")
        conference = item.get("type_crossref") == "proceedings-article"
        yield "TY", "CPAPER" if conference else _TYPES.get(kind, "GEN") if isinstance(kind, str) else "GEN"
        if isinstance(kind, str) and kind not in _PLAIN_JOURNAL:
            yield "M3", kind
        taken = set()
        if isinstance(name, str):
            taken.add("id")
            yield "AN", name
        yield from _title(item, taken)
        yield from _people(item.get("authorships"))
        yield from _dates(item, taken)
        yield from _venue(item)
        yield from _numbers(item.get("biblio"))
        yield from _identifiers(item)
        yield from _words(item, taken, notes)
        yield from self.kept(item, taken)


def _title(item: Item, taken: set[str]) -> Iterator[tuple[str, str]]:
    name = "title" if isinstance(item.get("title"), str) else "display_name"
    if isinstance(item.get(name), str):
        taken.add(name)
        yield "TI", item[name]


def _people(authorships: Any) -> Iterator[tuple[str, str]]:
    for one in authorships if isinstance(authorships, list) else ():
        if isinstance(one, dict):
            author = one.get("author")
            name = author.get("display_name") if isinstance(author, dict) else None
            name = name or one.get("raw_author_name")
            if isinstance(name, str) and name.strip():
                yield "AU", name


def _dates(item: Item, taken: set[str]) -> Iterator[tuple[str, str]]:
    year = item.get("publication_year")
    if type(year) is int:
        taken.add("publication_year")
        yield "PY", str(year)
    date = item.get("publication_date")
    if isinstance(date, str) and date:
        yield "DA", date.replace("-", "/")


def _venue(item: Item) -> Iterator[tuple[str, str]]:
    place = item.get("primary_location")
    place = place if isinstance(place, dict) else {}
    source = place.get("source") or item.get("host_venue")
    if isinstance(source, dict):
        if isinstance(source.get("display_name"), str):
            yield "T2", source["display_name"]
        numbers = source.get("issn")
        yield from (("SN", text) for text in (numbers if isinstance(numbers, list) else ()) if isinstance(text, str))
        publisher = source.get("host_organization_name") or source.get("publisher")
        if isinstance(publisher, str):
            yield "PB", publisher
    for name, tag in (("landing_page_url", "UR"), ("pdf_url", "L1")):
        if isinstance(place.get(name), str):
            yield tag, place[name]


def _numbers(biblio: Any) -> Iterator[tuple[str, str]]:
    if isinstance(biblio, dict):
        for name, tag in (("volume", "VL"), ("issue", "IS"), ("first_page", "SP"), ("last_page", "EP")):
            if isinstance(biblio.get(name), str):
                yield tag, biblio[name]


def _identifiers(item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(item.get("doi"), str):
        yield "DO", item["doi"].removeprefix("https://doi.org/").removeprefix("http://doi.org/")
    names = item.get("ids")
    if isinstance(names, dict) and isinstance(names.get("pmcid"), str):
        yield "C2", names["pmcid"].rstrip("/").rpartition("/")[2]


def _words(item: Item, taken: set[str], notes: list[str]) -> Iterator[tuple[str, str]]:
    if index := item.get("abstract_inverted_index"):
        text, missing = rebuilt(index)
        if text:
            yield "AB", text
        else:
            notes.append("the index of its abstract is not as OpenAlex writes it; it is kept as it is")
        if missing:
            notes.append(f"{missing:,} places of its abstract have no word; it was put together without them")
    if isinstance(item.get("language"), str):
        taken.add("language")
        yield "LA", item["language"]
    words = item.get("keywords")
    for word in words if isinstance(words, list) else ():
        name = word.get("display_name") or word.get("keyword") if isinstance(word, dict) else word
        if isinstance(name, str) and name.strip():
            yield "KW", name
