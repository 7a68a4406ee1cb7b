"""nbib: PubMed's own format (MEDLINE), as its "Send to: Citation manager" and its text view give it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from whatworks.collate.methods.fields import normalise_doi
from whatworks.collate.methods.translating import Pair, doi_in, first_and_last_page, year_of
from whatworks.collate.sources.tagged import Draft, TaggedSource

# Publication types, the surest first, and the RIS type each makes; all else is an article.
_KINDS = {
    "book chapter": "CHAP",
    "book section": "CHAP",
    "book": "BOOK",
    "dataset": "DATA",
    "technical report": "RPRT",
    "newspaper article": "NEWS",
}
_TEXT = re.compile(r" {6}|\s+")


def _doi(value: str) -> Sequence[Pair]:
    """LID and AID hold several kinds of identifier, each with its kind in brackets."""
    return doi_in(value.replace("[doi]", "")) if "[doi]" in value else []


class Nbib(TaggedSource):
    """PubMed nbib: a field of up to four letters, a dash, and its text, wrapped under six spaces."""

    name, key = "PubMed nbib", "nbib"
    start = re.compile(r"PMID ?- ")
    tag = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)")
    wrapped = _TEXT
    rules = {
        "PMID": ("AN",),
        "TI": "TI",
        "BTI": ("T2",),
        "CTI": ("T3",),
        "TT": ("TT",),
        "FAU": "AU",
        "CN": ("AU",),
        "FED": "A2",
        "JT": "JF",
        "TA": "JA",
        "DP": year_of,
        "VI": "VL",
        "IP": "IS",
        "PG": first_and_last_page,
        "LID": _doi,
        "AID": _doi,
        "IS": "SN",
        "ISBN": "SN",
        "AB": "AB",
        "AD": "AD",
        "LA": "LA",
        "PT": "M3",
        "OT": "KW",
        "MH": ("KW",),
        "PB": "PB",
        "EN": "ET",
        "PMC": ("C2",),
    }

    def starts_anew(self, text: str, seen: set[str]) -> bool:
        """PubMed sets no empty line within a record, so a field after one belongs to a record that has lost its PMID."""
        return self.tag.match(text) is not None

    def kind(self, fields: list[Pair]) -> str:
        """By the publication types."""
        said = {value.lower() for name, value in fields if name == "PT"}
        return next((kind for name, kind in _KINDS.items() if name in said), "JOUR")

    def arranged(self, fields: list[Pair]) -> Iterable[Pair]:
        """Names are given twice, in full (FAU) and short (AU): the short ones are the authors where there are no others.
        Of several places with the DOI, the first counts."""
        names = {name for name, _ in fields}
        dois: set[str] = set()
        for name, value in fields:
            if name == "AU" and "FAU" not in names:
                yield "FAU", value
            elif name == "ED" and "FED" not in names:
                yield "FED", value
            elif name in ("LID", "AID") and (doi := normalise_doi(value)) in dois:
                yield f"nbib:{name}", value
            else:
                dois |= {doi} if name in ("LID", "AID") and doi else set()
                yield name, value

    def finished(self, draft: Draft) -> bool:
        """PubMed ends a record with its source line (SO)."""
        return any(name == "SO" for name, _ in draft.fields)

    def whole(self, draft: Draft, *, ragged: bool, finished: int) -> bool:
        """Others write no source lines: then only a lone record that breaks off within a line is cut for sure."""
        return not finished and not (ragged and draft.position == 1)
