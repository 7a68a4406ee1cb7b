"""Names: one author line as the parts that a citation needs, a body kept whole."""

from __future__ import annotations

import re
from typing import TypeAlias

from whatworks.collate.methods.fields import one_line

Name: TypeAlias = dict[str, str]
"""A CSL name: `family`, `given` and `suffix`, or `literal` for a body and for what cannot be taken apart."""

# Words that people are not called: a line with one of them names a body, comma or not.
_BODY = re.compile(
    r"\b(?:agency|alliance|association|authority|board|bureau|cabinet|cent(?:er|re)|charity|collaborati(?:on|ve)|college|"
    r"commission|committee|company|confederation|consortium|corporation|council|department|directorate|division|"
    r"executive|federation|forum|foundation|government|group|hospital|institut(?:e|es|ion)|investigators|laboratory|"
    r"limited|ltd|ministry|national|nations|network|nhs|office|ofsted|organi[sz]ation|panel|parliament|partnership|"
    r"programme|project|school|secretariat|service|services|society|system|team|trust|union|unit|university)\b",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:jr|sr|junior|senior|i{2,3}|iv)\.?", re.IGNORECASE)
# PubMed and Vancouver write "Smith MB" or "van der Berg A".
_INITIALS_LAST = re.compile(r"(?P<family>\S*[^\W\d_]\S*[a-zß-ÿ]\S*(?: \S+){0,2}) (?P<given>[^\W\d_a-zß-ÿ]{1,3})")


def name_of(author: str) -> Name:
    """The parts of one author line."""
    line = one_line(author).strip(" ,")
    if _BODY.search(line):
        return {"literal": line}
    family, comma, rest = (part.strip() for part in line.partition(","))
    if comma and rest:
        return _with_suffix(family, rest)
    last = _INITIALS_LAST.fullmatch(line)
    if last:
        return {"family": last["family"], "given": " ".join(f"{letter}." for letter in last["given"])}
    return {"literal": line}


def _with_suffix(family: str, rest: str) -> Name:
    parts = [part.strip() for part in rest.split(",") if part.strip()]
    suffixes = [part for part in parts if _SUFFIX.fullmatch(part)]
    given = ", ".join(part for part in parts if part not in suffixes)
    name = {"family": family} | ({"given": given} if given else {})
    return name | ({"suffix": suffixes[0]} if suffixes else {})


def initials(given: str) -> list[str]:
    """The initials of given names, hyphens kept: `Jean-Paul B.` gives `J-P` and `B`."""
    found = []
    for word in given.replace(".", ". ").split():
        letters = [part[0].upper() for part in re.split(r"[-‐‑]", word) if part and part[0].isalpha()]
        bare = word.strip(".")
        if 1 < len(bare) <= 3 and bare.isupper() and bare.isalpha():  # "MB" is two names
            found += list(bare)
        elif letters:
            found.append("-".join(letters))
    return found
