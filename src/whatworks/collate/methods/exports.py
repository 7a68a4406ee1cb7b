"""Exports: a record as one row of a table, as one JSON object, and as CSL, the citation form of reference managers."""

from __future__ import annotations

from typing import Any

from whatworks.collate.methods.records import Record

ROW_COLUMNS = (
    "file",
    "line",
    "id",
    "type",
    "title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "issn",
    "url",
    "abstract",
    "keywords",
)
"""The table form: what `dedupe` understands and where the record stands. Other tags are not in it."""

# RIS type codes against CSL 1.0.2's list of item types; what has no counterpart is a "document".
_CSL_TYPES = {
    "JOUR": "article-journal",
    "EJOUR": "article-journal",
    "ABST": "article-journal",
    "INPR": "article-journal",
    "MGZN": "article-magazine",
    "NEWS": "article-newspaper",
    "BOOK": "book",
    "EBOOK": "book",
    "EDBOOK": "book",
    "CHAP": "chapter",
    "ECHAP": "chapter",
    "CONF": "paper-conference",
    "CPAPER": "paper-conference",
    "THES": "thesis",
    "RPRT": "report",
    "GOVDOC": "report",
    "UNPB": "manuscript",
    "UNPD": "manuscript",
    "MANSCPT": "manuscript",
    "DATA": "dataset",
    "STAT": "legislation",
    "CASE": "legal_case",
    "ELEC": "webpage",
    "WEB": "webpage",
    "BLOG": "post-weblog",
}


def as_row(record: Record, file: str = "") -> dict[str, str | int]:
    """The record under ROW_COLUMNS; authors and keywords are joined by `; `."""
    return {
        "file": file,
        "line": record.line,
        "id": record.identifier,
        "type": record.entry_type,
        "title": record.title,
        "authors": "; ".join(record.authors),
        "year": "" if record.year is None else record.year,
        "journal": record.venue,
        "volume": record.volume,
        "issue": record.issue,
        "pages": record.pages,
        "doi": record.doi,
        "issn": record.issn,
        "url": record.url,
        "abstract": record.abstract,
        "keywords": "; ".join(record.keywords),
    }


def as_object(record: Record, file: str = "") -> dict[str, Any]:
    """The record with its views as JSON types and every tag as it came."""
    fields: dict[str, Any] = as_row(record, file)
    fields |= {"authors": list(record.authors), "keywords": list(record.keywords), "year": record.year}
    return fields | {"position": record.position, "tags": [list(pair) for pair in record.tags]}


def as_csl(record: Record) -> dict[str, Any]:
    """The record as a CSL-JSON item (CSL 1.0.2); its tags stay with it under `custom`, so that nothing is lost."""
    known = {
        "title": record.title,
        "author": [_name(author) for author in record.authors],
        "issued": {"date-parts": [[record.year]]} if record.year else None,
        "container-title": record.venue,
        "volume": record.volume,
        "issue": record.issue,
        "page": record.pages,
        "publisher": record.first("PB"),
        "DOI": record.doi,
        "ISSN": record.issn,
        "URL": record.url,
        "abstract": record.abstract,
        "keyword": ", ".join(record.keywords),
    }
    item = {"id": record.identifier, "type": _CSL_TYPES.get(record.entry_type, "document")}
    said = {name: value for name, value in known.items() if value}
    return item | said | {"custom": {"ris": [list(pair) for pair in record.tags]}}


def _name(author: str) -> dict[str, str]:
    family, comma, given = author.partition(",")
    return {"family": family.strip(), "given": given.strip()} if comma and given.strip() else {"literal": author}
