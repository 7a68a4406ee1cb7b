"""CSL items: a report in the form from which reference managers and our own citations are made (CSL-JSON 1.0.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from whatworks.collate.methods.fields import issn_in, normalise_doi, one_line
from whatworks.collate.methods.person_names import name_of
from whatworks.collate.methods.records import Record

Item: TypeAlias = dict[str, Any]

# RIS type codes by CSL type; what has no counterpart is a "document".
CSL_TYPES = {
    "article-journal": "JOUR EJOUR ABST INPR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK EBOOK EDBOOK",
    "chapter": "CHAP ECHAP",
    "paper-conference": "CONF CPAPER",
    "thesis": "THES",
    "report": "RPRT GOVDOC GREY",
    "manuscript": "UNPB UNPD MANSCPT",
    "dataset": "DATA",
    "legislation": "STAT BILL",
    "legal_case": "CASE",
    "webpage": "ELEC WEB",
    "post-weblog": "BLOG",
    "speech": "SLIDE",
    "entry-encyclopedia": "ENCYC",
    "entry-dictionary": "DICT",
    "patent": "PAT",
    "software": "COMP",
    "article": "PREPRINT",
}
_BY_RIS = {code: name for name, codes in CSL_TYPES.items() for code in codes.split()}
OTHERWISE = "document"
INSIDE = ("article-journal", "article-magazine", "article-newspaper", "chapter", "paper-conference", "webpage",
          "post-weblog", "entry-encyclopedia", "entry-dictionary", "article")  # fmt: skip
"""Types whose venue is what they appeared in; of the others it is a series."""

_DATE = re.compile(
    r"\s*(?P<year>1[5-9]\d\d|20\d\d)(?:[/.-](?P<month>0?[1-9]|1[0-2])(?:[/.-](?P<day>0?[1-9]|[12]\d|3[01]))?)?(?!\d)"
)


def csl_type(ris_type: str) -> str:
    """The CSL type of a RIS type code."""
    return _BY_RIS.get(ris_type, OTHERWISE)


def ris_types(csl: str) -> tuple[str, ...]:
    """The RIS type codes of a CSL type; none for what is not one."""
    return tuple(CSL_TYPES.get(csl, "").split())


def csl_item(record: Record) -> Item:
    """The record as a CSL item with every field that a citation may need; nothing empty, no abstract, no other tags."""
    kind = csl_type(record.entry_type)
    inside = kind in INSIDE
    known = {
        "title": record.title,
        "author": [name_of(one) for one in record.authors],
        "editor": [name_of(one) for one in record.values("A2", "ED", "E1")],
        "issued": _issued(record),
        "accessed": _date(record.first("Y2")),
        "container-title": record.venue if inside else "",
        "collection-title": record.first("T3") if inside else record.venue,
        "volume": record.volume,
        "issue": record.issue if kind != "report" else "",
        "number": (record.first("M1") or record.issue) if kind == "report" else "",
        "page": record.pages,
        "edition": record.first("ET"),
        "genre": _genre(record, kind),
        "publisher": record.first("PB"),
        "publisher-place": record.first("CY", "PP"),
        "DOI": record.doi,
        "ISSN": record.issn,
        "ISBN": _isbn(record),
        "URL": record.url if record.url.startswith(("https://", "http://")) else "",
        "language": record.first("LA"),
        "keyword": ", ".join(record.keywords),
        "note": "; ".join(record.values("N1")),
    }
    return {"id": record.identifier, "type": kind} | {name: value for name, value in known.items() if value}


def _issued(record: Record) -> dict[str, Any] | None:
    """The day if a date tells it, of the year that the record says."""
    if record.year is None:
        return None
    dates = [found for value in record.values("DA", "PY", "Y1") if (found := _date(value))]
    same = [one for one in dates if one["date-parts"][0][0] == record.year]
    return max(same, key=lambda one: len(one["date-parts"][0]), default={"date-parts": [[record.year]]})


def _date(text: str) -> dict[str, Any] | None:
    found = _DATE.match(text)
    if not found:
        return None
    return {"date-parts": [[int(part) for part in found.groups() if part]]}


def _genre(record: Record, kind: str) -> str:
    """What sort of thesis or report it is, where that is said and not a DOI."""
    said = record.first("M3") if kind in ("thesis", "report") else ""
    return "" if normalise_doi(said) else said


def _isbn(record: Record) -> str:
    for value in record.values("SN"):
        digits = re.sub(r"[^0-9Xx]", "", value)
        if len(digits) in (10, 13) and not issn_in([value]):
            return one_line(value)
    return ""


_NAMES = ("author", "editor")
_DATES = ("issued", "accessed")
_TEXTS = ("title", "container-title", "collection-title", "volume", "issue", "number", "page", "edition", "genre",
          "publisher", "publisher-place", "DOI", "ISSN", "ISBN", "URL", "language", "keyword", "note", "abstract")  # fmt: skip


def csl_problems(item: Mapping[str, Any]) -> list[str]:
    """What the CSL-JSON 1.0.2 item rules forbid in this item, a sentence each; none where it is valid."""
    wrong = [] if item.get("type") in {*CSL_TYPES, OTHERWISE} else [f"type {item.get('type')!r} is none of CSL's"]
    wrong += [] if isinstance(item.get("id"), str | int) and item.get("id") != "" else ["it has no id"]
    wrong += [
        f"{name} is no field of CSL" for name in item if name not in {*_NAMES, *_DATES, *_TEXTS, "id", "type", "custom"}
    ]
    wrong += [f"{name} is not text" for name in _TEXTS if name in item and not isinstance(item[name], str)]
    wrong += [f"{name} holds no names" for name in _NAMES if name in item and not _are_names(item[name])]
    wrong += [f"{name} is no date" for name in _DATES if name in item and not _is_date(item[name])]
    return wrong + ([] if isinstance(item.get("custom", {}), dict) else ["custom is not an object"])


def _are_names(value: Any) -> bool:
    known = {"family", "given", "suffix", "literal"}
    return isinstance(value, list) and all(
        isinstance(one, dict)
        and one
        and set(one) <= known
        and all(isinstance(text, str) and text for text in one.values())
        for one in value
    )


def _is_date(value: Any) -> bool:
    parts = value.get("date-parts") if isinstance(value, dict) else None
    return (
        isinstance(parts, list)
        and 1 <= len(parts) <= 2
        and all(1 <= len(one) <= 3 and all(isinstance(n, int) for n in one) for one in parts)
    )
