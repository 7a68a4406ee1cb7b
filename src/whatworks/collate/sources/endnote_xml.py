"""EndNote XML: what EndNote writes, and what Covidence, Rayyan, EPPI-Reviewer, Mendeley and Zotero write in its name.

Texts may be broken up into runs of style; a run that only says `normal` says nothing. EndNote before version 8 wrote the
same in capitals under other names. Files are often named `.ris`: the format is told from the content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from whatworks.collate.methods.fields import one_line
from whatworks.collate.sources.xml_records import Element, Written, XmlSource, words

Tag = tuple[str, str]

_TYPES = {  # EndNote's reference types by name and number; numbers as in EndNote 8 and later
    "journal article": "JOUR",
    "electronic article": "EJOUR",
    "book": "BOOK",
    "edited book": "EDBOOK",
    "electronic book": "EBOOK",
    "book section": "CHAP",
    "electronic book section": "ECHAP",
    "conference proceedings": "CONF",
    "conference paper": "CPAPER",
    "report": "RPRT",
    "government document": "GOVDOC",
    "thesis": "THES",
    "unpublished work": "UNPB",
    "manuscript": "MANSCPT",
    "web page": "ELEC",
    "blog": "BLOG",
    "newspaper article": "NEWS",
    "magazine article": "MGZN",
    "statute": "STAT",
    "legal rule or regulation": "STAT",
    "bill": "BILL",
    "case": "CASE",
    "hearing": "HEAR",
    "patent": "PAT",
    "dataset": "DATA",
    "standard": "STAND",
    "grant": "GRANT",
    "pamphlet": "PAMP",
    "serial": "SER",
    "encyclopedia": "ENCYC",
    "dictionary": "DICT",
    "personal communication": "PCOMM",
    "computer program": "COMP",
    "audiovisual material": "ADVS",
    "film or broadcast": "MPCT",
    "map": "MAP",
    "generic": "GEN",
}
_NUMBERS = {
    "0": "JOUR", "3": "ADVS", "4": "BILL", "5": "CHAP", "6": "BOOK", "7": "CASE", "9": "COMP", "10": "CONF",
    "12": "ELEC", "13": "GEN", "14": "HEAR", "17": "JOUR", "19": "MGZN", "20": "MAP", "21": "MPCT", "23": "NEWS",
    "25": "PAT", "26": "PCOMM", "27": "RPRT", "28": "EDBOOK", "31": "STAT", "32": "THES", "34": "UNPB", "36": "MANSCPT",
    "43": "EJOUR", "44": "EBOOK", "46": "GOVDOC", "47": "CPAPER", "50": "STAT", "52": "DICT", "53": "ENCYC",
    "54": "GRANT", "56": "BLOG", "57": "SER", "58": "STAND", "59": "DATA", "60": "ECHAP",
}  # fmt: skip
_OLD_NUMBERS = {  # EndNote up to version 7
    "0": "JOUR", "1": "BOOK", "2": "THES", "3": "CONF", "4": "PCOMM", "5": "NEWS", "6": "COMP", "7": "CHAP", "8": "MGZN",
    "9": "EDBOOK", "10": "RPRT", "11": "MAP", "12": "ADVS", "13": "ART", "15": "PAT", "16": "ELEC", "17": "BILL",
    "18": "CASE", "19": "HEAR", "20": "MANSCPT", "21": "MPCT", "22": "STAT",
}  # fmt: skip
_FIELDS = {  # the innermost element that holds the text, and its RIS tag
    "rec-number": "ID",
    "refnum": "ID",
    "title": "TI",
    "secondary-title": "T2",
    "tertiary-title": "T3",
    "short-title": "ST",
    "alt-title": "J2",
    "translated-title": "TT",
    "full-title": "JF",
    "abbr-1": "JA",
    "volume": "VL",
    "number": "IS",
    "issue": "IS",
    "edition": "ET",
    "year": "PY",
    "pub-location": "CY",
    "place-published": "CY",
    "publisher": "PB",
    "isbn": "SN",
    "accession-num": "AN",
    "accession-number": "AN",
    "call-num": "CN",
    "call-number": "CN",
    "label": "LB",
    "electronic-resource-num": "DO",
    "electronic-resource-number": "DO",
    "url": "UR",
    "doi": "DO",
    "abstract": "AB",
    "notes": "N1",
    "research-notes": "RN",
    "work-type": "M3",
    "type-of-work": "M3",
    "auth-address": "AD",
    "author-address": "AD",
    "language": "LA",
    "remote-database-name": "DB",
    "remote-database-provider": "DP",
    "access-date": "Y2",
    "reviewed-item": "RI",
    "caption": "CA",
    "custom1": "C1",
    "custom2": "C2",
    "custom3": "C3",
    "custom4": "C4",
    "custom5": "C5",
    "custom6": "C6",
    "custom7": "C7",
}
_LISTS = {  # lists and what each of their members is
    "authors": "AU",
    "secondary-authors": "A2",
    "tertiary-authors": "A3",
    "subsidiary-authors": "A4",
    "translated-authors": "A5",
    "keywords": "KW",
    "web-urls": "UR",
    "related-urls": "UR",
    "pdf-urls": "L1",
    "text-urls": "L2",
    "image-urls": "L4",
    "pub-dates": "DA",
}
_AROUND = {"contributors", "titles", "periodical", "alt-periodical", "dates", "urls", "foreign-keys"}
_NORMAL = {"face": "normal", "font": "default", "size": "100%", "color": "#000000", "charset": "134"}
_PAGES = re.compile(r"\s*([^\s,;–-]+)\s*[–-]+\s*([^\s,;–-]+)\s*")
_SHOWS = re.compile(r"<records?[\s>]", re.IGNORECASE)
_OWN = re.compile(r"<(?:ref-type|reference_type|rec-number|source-app|contributors|database)[\s>]", re.IGNORECASE)


def _name(element: Element) -> str:
    return str(element.tag).lower().replace("_", "-")


class EndNoteXml(XmlSource):
    """EndNote's XML, old and new."""

    name, prefix = "EndNote XML", "endnote"
    records: ClassVar[tuple[str, ...]] = ("record", "RECORD")

    def shows(self, text: str) -> bool:
        """Whether records with EndNote's own elements come soon."""
        start = text[:65536]
        return bool(_SHOWS.search(start) and _OWN.search(start))

    def tags(self, record: Element, written: Written, notes: list[str]) -> list[Tag]:
        """The reference in RIS tags, and everything that had to change or has no tag under its own name."""
        tags = [("TY", _type(record))]
        for child in record:
            tags += self._told(child)
        return tags

    def _told(self, element: Element) -> Iterator[Tag]:
        name = _name(element)
        if name in _AROUND:
            yield from self._attributes(element)
            for child in element:
                yield from self._told(child)
            return
        text = words(element)
        said = True
        if name in _LISTS:
            members = [(member, words(member)) for member in element]
            yield from ((_LISTS[name], value) for _, value in members if value.strip())
            said = not element.attrib and not (element.text or "").strip()
            said = said and all(_is_plain(member) and value.strip() for member, value in members)
        elif name == "pages":
            found = _PAGES.fullmatch(text)
            if text.strip():
                yield from zip(("SP", "EP"), found.groups() if found else (text,), strict=False)
            said = not found and _is_plain(element)
        elif name in _FIELDS and text.strip():
            yield _FIELDS[name], text
            said = _is_plain(element)
        else:
            said = False
        if not said:
            yield f"{self.prefix}:{element.tag}", Written("").of(element)

    def _attributes(self, element: Element) -> Iterator[Tag]:
        yield from ((f"{self.prefix}:{element.tag}@{name}", value) for name, value in element.items())


def _is_plain(element: Element) -> bool:
    """Whether the element says no more than its text: no attributes, and no style but the normal one."""
    if element.attrib:
        return False
    return all(
        child.tag == "style" and not len(child) and all(_NORMAL.get(name) == value for name, value in child.items())
        for child in element
    )


def _type(record: Element) -> str:
    """The RIS type: by the name of EndNote's type, then by its number."""
    for child in record:
        if _name(child) in ("ref-type", "reference-type"):
            said, number = one_line(child.get("name") or ""), one_line(words(child))
            numbers = _OLD_NUMBERS if _name(child) == "reference-type" else _NUMBERS
            return _TYPES.get(said.lower()) or _TYPES.get(number.lower()) or numbers.get(number, "GEN")
    return "GEN"
