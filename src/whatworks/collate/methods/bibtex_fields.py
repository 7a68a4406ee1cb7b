"""BibTeX fields: what each means as RIS tags, LaTeX's marks taken out; and BibTeX's names as `Family, Given`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from whatworks.collate.methods.fields import one_line
from whatworks.collate.methods.latex import plain
from whatworks.collate.methods.translating import Pair, first_and_last_page, year_of

KINDS = {
    "article": "JOUR", "book": "BOOK", "mvbook": "BOOK", "booklet": "PAMP", "inbook": "CHAP", "bookinbook": "CHAP",
    "suppbook": "CHAP", "incollection": "CHAP", "suppcollection": "CHAP", "collection": "EDBOOK", "mvcollection": "EDBOOK",
    "inproceedings": "CPAPER", "conference": "CPAPER", "proceedings": "CONF", "mvproceedings": "CONF", "thesis": "THES",
    "phdthesis": "THES", "mastersthesis": "THES", "techreport": "RPRT", "report": "RPRT", "manual": "RPRT",
    "unpublished": "UNPB", "online": "ELEC", "electronic": "ELEC", "www": "ELEC", "webpage": "ELEC", "patent": "PAT",
    "dataset": "DATA", "software": "COMP", "periodical": "JFULL", "suppperiodical": "JOUR", "reference": "ENCYC",
    "inreference": "ENCYC", "standard": "STAND", "legislation": "STAT", "jurisdiction": "CASE", "video": "VIDEO",
    "image": "FIGURE", "letter": "PCOMM", "newspaper": "NEWS", "misc": "GEN",
}  # fmt: skip
"""Entry types of BibTeX, BibLaTeX and reference managers, and the RIS type of each."""

_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_PARTICLES = frozenset(
    "da de del della den der des di do dos du el la las le los ten ter van vom von y zu zum zur al bin ibn af av".split()
)
_HELD_TOGETHER = re.compile(r"\{[^{}]*\s[^{}]*\}")  # braces round words, not round an accent
_ESCAPED = re.compile(r"\\([%&_#~$])|\\url\s*|[{}]|\\textasciitilde\s*(?:\{\})?")


def line(value: str) -> str:
    """A text on one line, LaTeX's marks taken out."""
    if value.isalnum():  # in a number or a word nothing can be LaTeX's
        return value
    text = plain(value)
    if text.isprintable() and "  " not in text and text == text.strip():  # single spaces between words and no others
        return text
    return one_line(text)


def _paragraphs(value: str) -> str:
    """A longer text, which keeps its lines; hyphens stay, since in prose they are what they seem."""
    return plain(value, dashes=False)


def _address(value: str) -> str:
    """A web address, in which only escapes are LaTeX's."""
    return unescaped(value).strip()


def unescaped(value: str) -> str:
    """A value that LaTeX takes word for word, without the escapes that programs put in all the same."""
    if "\\" not in value and "{" not in value:
        return value
    return _ESCAPED.sub(lambda found: found.group(1) or ("~" if "tilde" in found.group() else ""), value)


def _doi(value: str) -> Sequence[Pair]:
    bare = unescaped(value).strip()
    return [("DO", bare)] if bare else []


def _howpublished(value: str) -> Sequence[Pair]:
    bare = unescaped(value).strip()
    return [("UR", bare)] if bare.lower().startswith(("http://", "https://", "www.")) else []


def _date(value: str) -> Sequence[Pair]:
    return [*year_of(value), ("DA", value.strip())] if value.strip() else []


def _year(value: str) -> Sequence[Pair]:
    return [("PY", value)] if value.isdigit() else year_of(plain(value))


def _pages(value: str) -> Sequence[Pair]:
    return first_and_last_page(value.replace("\\", "").replace("{", "").replace("}", ""))


def _keywords(value: str) -> Sequence[Pair]:
    text = plain(value)
    parts = (text.replace(";", ",") if ";" in text else text).split(",")
    return [("KW", bare) for part in parts if (bare := part.strip())]


def people(tag: str) -> Callable[[str], Sequence[Pair]]:
    """The names of a list, one each."""

    def rule(value: str) -> Sequence[Pair]:
        names = value.split(" and ")
        commas = value.count(",")
        found = [(tag, one) for one in names if ", " in one]
        if len(found) == commas == len(names) and _plainly(value, commas):  # each of them is `Family, Given` already
            return found
        return [(tag, name) for one in _listed(value) if (name := name_of(one))]

    return rule


def _plainly(value: str, count: int) -> bool:
    """Whether a list of names has no LaTeX, no other white space than single spaces, and no AND that is not small."""
    if "\\" in value or "{" in value or "~" in value or "  " in value or " ," in value or not value.isprintable():
        return False
    return value[-1] not in ", " and value[0] != " " and value.lower().count(" and ") == count - 1


def _listed(value: str) -> list[str]:
    if "{" not in value:
        return _AND.split(value.strip())
    names, depth, start = [], 0, 0
    for found in re.finditer(r"[{}]|\s+and\s+(?=\S)", value, re.IGNORECASE):
        if found.group() in "{}":
            depth += 1 if found.group() == "{" else -1
        elif depth <= 0:
            names.append(value[start : found.start()])
            start = found.end()
    return [*names, value[start:]]


def name_of(text: str) -> str:
    """One name as `Family, Given` or `Family, Given, Jr`; a body in braces as it is; "" for BibTeX's "others"."""
    text = text.strip()
    if text.startswith("{") and text.endswith("}") and text.find("}") == len(text) - 1:
        return one_line(plain(text))
    name = one_line(plain(text) if "\\" in text or "{" in text or "~" in text else text)
    if "," in name:
        family, *rest = (part.strip() for part in name.split(","))
        return ", ".join((family, rest[1], rest[0]) if len(rest) == 2 else (family, *rest))
    words = name.split(" ")
    if len(words) < 2 or name.lower() == "others":
        return "" if name.lower() == "others" else name
    low = [at for at, word in enumerate(words) if word[:1].islower()]
    if any(words[at] not in _PARTICLES for at in low) or _HELD_TOGETHER.search(text):
        return name  # "Department for Education", or a family name held together: not to be guessed at
    cut = low[0] if low and 0 < low[0] < len(words) - 1 else len(words) - 1
    return f"{' '.join(words[cut:])}, {' '.join(words[:cut])}"


_LINES = {
    "title": "TI",
    "journal": "JF",
    "journaltitle": "JF",
    "shortjournal": "JA",
    "booktitle": "T2",
    "maintitle": "T2",
    "series": "T3",
    "volume": "VL",
    "number": "IS",
    "issue": "IS",
    "eid": "C7",
    "article-number": "C7",
    "issn": "SN",
    "isbn": "SN",
    "publisher": "PB",
    "institution": "PB",
    "school": "PB",
    "organization": "PB",
    "address": "CY",
    "location": "CY",
    "edition": "ET",
    "language": "LA",
    "langid": "LA",
    "shorttitle": "ST",
    "pmid": "C2",
}

TEXTS: dict[str, tuple[str, Callable[[str], str]]] = {
    **{name: (tag, line) for name, tag in _LINES.items()},
    "abstract": ("AB", _paragraphs),
    "note": ("N1", _paragraphs),
    "url": ("UR", _address),
    "urldate": ("Y2", _address),
}
"""Fields in small letters that hold one text, the tag of each, and how it is read."""

RULES: dict[str, Callable[[str], Sequence[Pair]]] = {
    "author": people("AU"),
    "editor": people("A2"),
    "translator": people("A4"),
    "year": _year,
    "date": _date,
    "pages": _pages,
    "doi": _doi,
    "howpublished": _howpublished,
    "keywords": _keywords,
    "keyword": _keywords,
}
"""The other fields in small letters, and what each means."""


def meaning(name: str, value: str) -> Sequence[Pair]:
    """What a field says, whatever letters its name is in; none where the name is not known."""
    low = name.lower()
    if low in TEXTS:
        tag, read = TEXTS[low]
        return [(tag, read(value))]
    rule = RULES.get(low)
    return rule(value) if rule else []
