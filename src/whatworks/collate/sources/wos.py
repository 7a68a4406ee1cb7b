"""Web of Science plain text: two-letter fields, wrapped under three spaces, ER after each record and EF after all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from whatworks.collate.methods.translating import Pair, Rules, year_of
from whatworks.collate.sources.tagged import TaggedSource

# Publication types (PT), then what a document type (DT) says more exactly.
_KINDS = {"J": "JOUR", "B": "BOOK", "S": "SER", "P": "PAT", "C": "CONF", "D": "DATA"}
_DOCUMENTS = {"book chapter": "CHAP", "proceedings paper": "CPAPER", "data set": "DATA"}


class WebOfScience(TaggedSource):
    """Web of Science's "plain text file"; authors and the like stand one on a line, other wrapped lines are one text."""

    name, key = "Web of Science text", "wos"
    start = re.compile(r"PT [A-Z]\s*$")
    tag = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|)$", re.DOTALL)
    wrapped = re.compile(r" {3}|\s+")
    end = re.compile(r"ER\s*$")
    ignored = re.compile(r"(?:FN (?:Clarivate|Thomson|ISI)|VR [\d.]+\s*$|EF\s*$)")
    listed = frozenset("AU AF BA BE BF CA GP ED C1 C3 CR RI OI EM FO".split())
    rules: ClassVar[Rules] = {
        "AF": "AU",
        "BF": ("AU",),
        "CA": ("AU",),
        "GP": ("A2",),
        "BE": "A2",
        "ED": "A2",
        "TI": "TI",
        "FT": ("TT",),
        "SO": "JF",
        "SE": "T3",
        "JI": "JA",
        "J9": "J2",
        "CT": ("T2",),
        "LA": "LA",
        "DT": "M3",
        "DE": "KW",
        "ID": ("KW",),
        "AB": "AB",
        "C1": "AD",
        "PU": "PB",
        "PI": "CY",
        "SN": "SN",
        "EI": "SN",
        "BN": "SN",
        "PD": "DA",
        "PY": "PY",
        "EY": year_of,
        "VL": "VL",
        "IS": "IS",
        "BP": "SP",
        "EP": "EP",
        "AR": "C7",
        "DI": "DO",
        "UT": "AN",
        "PM": ("C2",),
    }

    def kind(self, fields: list[Pair]) -> str:
        """By the document type where it says more than the publication type."""
        said = {name: value.strip() for name, value in reversed(fields) if name in ("PT", "DT")}
        kind = _KINDS.get(said.get("PT", ""), "GEN")
        if kind == "JOUR":
            return kind
        parts = said.get("DT", "").lower().split(";")
        return next((_DOCUMENTS[part.strip()] for part in parts if part.strip() in _DOCUMENTS), kind)

    def arranged(self, fields: list[Pair]) -> Iterable[Pair]:
        """Names are given short (AU) and in full (AF): the short ones are the authors where there are no others. A year
        of early access counts where there is no year of publication; a book's title stands where a journal's would."""
        names = {name for name, _ in fields}
        for name, value in fields:
            if name == "AU" and "AF" not in names:
                yield "AF", value
            elif name == "EY" and "PY" in names:
                yield "wos:EY", value
            else:
                yield name, value
