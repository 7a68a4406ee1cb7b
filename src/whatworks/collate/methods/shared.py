"""What a centre gives out about a report: one record made of all that was found of it, under our own identifier."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from whatworks.collate.methods.csl_items import csl_item
from whatworks.collate.methods.notices import Standing
from whatworks.collate.methods.records import Record

# Bibliographic facts, which nobody owns; where records differ, the first one's values are taken.
# What stands on one line comes from one record: the halves of two page ranges are no range.
FACTS = (("A2",), ("A3",), ("A4",), ("ED",), ("T3",), ("DA",), ("VL",), ("IS", "IP"), ("SP", "EP"), ("C7",), ("SN",), ("PB",),
         ("CY", "PP"), ("ET",), ("M1",), ("M3",), ("LA",))  # fmt: skip
# Abstracts and subject terms are somebody's work: given out only where their licence allows it.
ABSTRACT, TERMS = ("AB", "N2"), ("KW",)


@dataclass(frozen=True, slots=True)
class Given:
    """What the centre's own row says of a report; it rules over what single records say."""

    identifier: str
    sort: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    venue: str
    doi: str
    url: str


@dataclass(frozen=True, slots=True)
class Shared:
    """One report as it is given out: `record` for every form of file, `standing` where a notice stands about it."""

    record: Record
    address: str
    standing: Standing | None = None

    @property
    def identifier(self) -> str:
        """The report's own identifier: the key in every form."""
        return self.record.identifier

    def item(self) -> dict[str, Any]:
        """As a CSL item; a notice that stands is in its note and, for programs, under `custom`."""
        item = csl_item(self.record)
        abstract = {"abstract": self.record.abstract} if self.record.abstract else {}
        return item | abstract | ({"custom": {"notice": told(self.standing)}} if self.standing else {})

    def fields(self) -> dict[str, Any]:
        """As plain values by name, the same in JSON lines, tables and the API."""
        item, record = csl_item(self.record), self.record
        return {
            "id": record.identifier,
            "type": item["type"],
            "title": record.title,
            "authors": list(record.authors),
            "year": record.year,
            "venue": record.venue,
            "volume": record.volume,
            "issue": record.issue,
            "pages": record.pages,
            "publisher": item.get("publisher", ""),
            "doi": record.doi,
            "issn": record.issn,
            "url": item.get("URL", ""),
            "language": item.get("language", ""),
            "keywords": list(record.keywords),
            "abstract": record.abstract or None,
            "notice": told(self.standing) if self.standing else None,
            "page": self.address,
        }

    def row(self) -> dict[str, str | int]:
        """As one row of a table: lists joined by `; `, the notice in three columns."""
        fields = self.fields()
        notice = fields.pop("notice") or {"nature": "", "on": "", "href": ""}
        flat = {name: "; ".join(value) if isinstance(value, list) else value for name, value in fields.items()}
        flat |= {"notice": notice["nature"], "notice_on": notice["on"], "notice_address": notice["href"]}
        return {name: "" if value is None else value for name, value in flat.items()}


COLUMNS = tuple(Shared(Record(0, 0, ()), "").row())


def told(standing: Standing) -> dict[str, str]:
    """A notice as plain values."""
    return {
        "nature": standing.nature,
        "word": standing.word,
        "on": standing.on.isoformat(),
        "href": standing.href,
        "reason": standing.reason,
    }


def shared_record(
    given: Given, found: Sequence[Record], standing: Standing | None, licensed: Iterable[Record] = ()
) -> Record:
    """One record out of a report's row and the records found of it, its own record first.

    Bibliographic facts come from the first record that has them; abstracts and subject terms from `licensed` only.
    """
    tags = [("TY", given.sort or "GEN"), ("ID", given.identifier), ("TI", given.title)]
    tags += [("AU", author) for author in given.authors]
    tags += [(tag, str(value)) for tag, value in (("PY", given.year), ("T2", given.venue)) if value]
    for names, source in [(names, found) for names in FACTS] + [
        (names, tuple(licensed)) for names in (ABSTRACT, TERMS)
    ]:
        tags += _first(names, source)
    tags += [(tag, value) for tag, value in (("DO", given.doi), ("UR", given.url)) if value]
    if standing:
        tags.append(("N1", f"{standing.sentence()} {standing.href}".strip()))
    return Record(1, 1, tuple(tags))


def _first(names: tuple[str, ...], found: Sequence[Record]) -> list[tuple[str, str]]:
    """The tags of the first record that has any of them, as it has them."""
    for record in found:
        tags = [(tag, value) for tag, value in record.tags if tag in names and value.strip()]
        if tags:
            return tags[:1] if names == ABSTRACT else tags
    return []


# Licences under which an abstract may be given on: CC0, CC BY and CC BY-SA, as Crossref and OpenAlex name them.
_OPEN = re.compile(
    r"creativecommons\.org/(?:licenses/by(?:-sa)?/|publicdomain/zero/)|\"license(?:_id)?\":\s*\"(?:[^\"]*/)?cc(?:-?0|-by(?:-sa)?)\"",
    re.I,
)


def openly_licensed(record: Record) -> bool:
    """Whether the record itself says that the work, and with it the abstract, is under an open licence."""
    return any(":" in tag and _OPEN.search(value) for tag, value in record.tags)
