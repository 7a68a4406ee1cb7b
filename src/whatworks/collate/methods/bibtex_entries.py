"""BibTeX entries: a CSL item as one entry that BibTeX, biber and reference managers read back as it was.

Text stays UTF-8; what LaTeX would run is escaped; capitals that a style would lower are held in braces. `url` and `doi`
are verbatim fields of every BibTeX style that prints them, so they are percent-encoded instead of escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX itself counts \{ as an open brace
    "}": r"\textbraceright{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
FEW = 3  # longer words; of fewer it cannot be told whether a title has capitals throughout
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_TYPES = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "entry-encyclopedia": "incollection",
    "entry-dictionary": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "manuscript": "unpublished",
}
_CONTAINER = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
_PUBLISHER = {"techreport": "institution", "phdthesis": "school", "mastersthesis": "school"}


def bibtex_entry(item: Mapping[str, Any], key: str) -> str:
    """One entry under `key`, ending with a line end."""
    kind = _kind(item)
    lines = [f"  {name} = {value}" for name, value in _fields(item, kind) if value not in ("{}", "")]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _kind(item: Mapping[str, Any]) -> str:
    if item["type"] == "thesis":
        return "mastersthesis" if "master" in item.get("genre", "").lower() else "phdthesis"
    kind = _TYPES.get(item["type"], "misc")
    return "misc" if kind in _CONTAINER and "container-title" not in item else kind


def _fields(item: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    def text(name: str) -> str:
        return f"{{{escaped(item.get(name, ''))}}}"

    date = item.get("issued", {}).get("date-parts", [[]])[0]
    yield "author", f"{{{_people(item.get('author', []))}}}"
    yield "editor", f"{{{_people(item.get('editor', []))}}}"
    yield "title", f"{{{title(item.get('title', ''))}}}"
    yield _CONTAINER.get(kind, "howpublished"), text("container-title")
    yield "series", text("collection-title")
    yield "year", f"{{{date[0]}}}" if date else ""
    yield "month", _MONTHS[date[1] - 1] if len(date) > 1 else ""
    yield "volume", text("volume")
    yield "number", text("issue") if "issue" in item else text("number")
    yield "pages", f"{{{_pages(item.get('page', ''))}}}"
    yield "edition", text("edition")
    yield _PUBLISHER.get(kind, "publisher"), text("publisher")
    yield "address", text("publisher-place")
    yield "type", text("genre") if kind in _PUBLISHER else ""
    yield "doi", f"{{{verbatim(item.get('DOI', ''))}}}"
    yield "issn", text("ISSN")
    yield "isbn", text("ISBN")
    yield "url", f"{{{verbatim(item.get('URL', ''))}}}"
    yield "language", text("language")
    yield "keywords", text("keyword")
    yield "note", text("note")
    yield "abstract", text("abstract")


def escaped(text: str) -> str:
    """The text on one line with every character that LaTeX would run made plain."""
    return "".join(_ESCAPES.get(letter, letter) for letter in " ".join(text.split()))


def verbatim(text: str) -> str:
    """An address or DOI as it is; only what would end the field, or a comment, is percent-encoded."""
    return re.sub(r"[{}\\\s]", lambda found: f"%{ord(found.group()):02X}", text)


def title(text: str) -> str:
    """A title with its capitals held: all of them, or in a title in capitals throughout those of UK, HIV and iPad."""
    words = text.split()
    longer = [word for word in words[1:] if len(word) > 3 and word[0].isalpha()]
    headline = len(longer) >= FEW and sum(word[0].isupper() for word in longer) > len(longer) / 2
    return " ".join(_held(word, first=not at, headline=headline) for at, word in enumerate(words))


def _held(word: str, *, first: bool, headline: bool) -> str:
    """Words of a sentence are held for any capital; the first word and words of a headline only for one inside."""
    rest = re.sub(r"^\W*\w", "", word) if first or headline else word
    return f"{{{escaped(word)}}}" if any(letter.isupper() for letter in rest) else escaped(word)


def _people(names: list[Mapping[str, str]]) -> str:
    return " and ".join(_person(one) for one in names)


def _person(name: Mapping[str, str]) -> str:
    if "literal" in name:
        return f"{{{escaped(name['literal'])}}}"
    parts = [name.get("family", ""), name.get("suffix", ""), name.get("given", "")]
    return ", ".join(_part(part) for part in parts if part)


def _part(text: str) -> str:
    """A part of a name; held together where its own words would be read as marks between names or parts."""
    bare = escaped(text)
    return f"{{{bare}}}" if "," in text or re.search(r"\band\b", text, re.IGNORECASE) else bare


def _pages(page: str) -> str:
    return escaped(re.sub(r"(?<=\w)\s*[-–—]+\s*(?=\w)", "--", page, count=1))
