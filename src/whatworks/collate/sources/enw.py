"""ENW: EndNote's tagged form (Refer), as EndNote, Google Scholar and many publishers' sites give it, also named .ris."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from whatworks.collate.methods.translating import Pair, Rules, doi_in, first_and_last_page, year_of
from whatworks.collate.sources.tagged import Draft, TaggedSource

# EndNote's names of reference types, and the RIS type of each.
_KINDS = {
    "journal article": "JOUR",
    "electronic article": "EJOUR",
    "magazine article": "MGZN",
    "newspaper article": "NEWS",
    "book": "BOOK",
    "electronic book": "EBOOK",
    "edited book": "EDBOOK",
    "book section": "CHAP",
    "electronic book section": "ECHAP",
    "conference proceedings": "CONF",
    "conference proceeding": "CONF",
    "conference paper": "CPAPER",
    "report": "RPRT",
    "government document": "GOVDOC",
    "thesis": "THES",
    "web page": "ELEC",
    "blog": "BLOG",
    "dataset": "DATA",
    "manuscript": "MANSCPT",
    "unpublished work": "UNPB",
    "patent": "PAT",
    "standard": "STAND",
    "statute": "STAT",
    "case": "CASE",
    "generic": "GEN",
}
_HOST_KINDS = frozenset({"CHAP", "ECHAP", "CONF", "CPAPER"})


class Enw(TaggedSource):
    """EndNote's %-tags: `%0` starts a record, an empty line stands between two."""

    name, key = "EndNote ENW", "enw"
    start = re.compile(r"[ \t]*%0(?:[ \t]|$)")
    tag = re.compile(r"[ \t]*(%[0-9A-Za-z!@(*+^>&\[~?#$<={}\]])(?:[ \t](.*)|)$", re.DOTALL)
    wrapped = re.compile("")
    joint = "\n"
    rules: ClassVar[Rules] = {
        "%A": "AU",
        "%B": "T2",
        "%C": "CY",
        "%D": year_of,
        "%E": "A2",
        "%F": ("ID",),
        "%G": "LA",
        "%I": "PB",
        "%J": "JF",
        "%K": "KW",
        "%L": "CN",
        "%M": "AN",
        "%N": "IS",
        "%P": first_and_last_page,
        "%Q": "TT",
        "%R": doi_in,
        "%S": "T3",
        "%T": "TI",
        "%U": "UR",
        "%V": "VL",
        "%W": "DP",
        "%X": "AB",
        "%Y": "A3",
        "%Z": "N1",
        "%7": "ET",
        "%8": "DA",
        "%9": "M3",
        "%!": "ST",
        "%@": "SN",
        "%(": "OP",
        "%+": "AD",
        "%>": "L1",
        "%&": "SE",
        "%[": "Y2",
        "%~": "DB",
    }

    def starts_anew(self, text: str, seen: set[str]) -> bool:
        """After an empty line, a second title or a title's company belongs to a record that has lost its first line;
        other fields follow an abstract of several paragraphs."""
        found = self.tag.match(text)
        return found is not None and (not seen or (found.group(1) in {"%A", "%T", "%D", "%J", "%B"} and "%T" in seen))

    def kind(self, fields: list[Pair]) -> str:
        """By the name of the type; one that is not known makes a generic record."""
        said = next((value.strip().lower() for name, value in fields if name == "%0"), "")
        return _KINDS.get(said, "GEN")

    def arranged(self, fields: list[Pair]) -> Iterable[Pair]:
        """A type that is fully said by its RIS code needs no second place; `%B` of an article is its journal."""
        kind = self.kind(fields)
        for name, value in fields:
            yield ("%J" if name == "%B" and kind not in _HOST_KINDS and kind == "JOUR" else name), value

    def whole(self, draft: Draft, *, ragged: bool, finished: int) -> bool:
        """The form has no end; a file that breaks off just after a field's name is cut."""
        return not ragged or bool(draft.fields and draft.fields[-1][1][-1].strip())
