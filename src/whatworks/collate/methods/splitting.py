"""Splitting: one cell that holds several names or keywords as the single values, and a kind of publication as RIS says it.

Every function is total. What is changed here is kept beside in its own form, so a wrong guess loses nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ENTITY = re.compile(r"&#?\w{1,8};")
_JOINED = re.compile(r",? and |,? & ")
_INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.?[- ]?){1,4}(?:,? (?:Jr|Sr|I{2,3}|IV)\.?)?$")
_WITH_INITIALS = re.compile(r"(?:^| )(?:[A-ZÀ-Þ]\.?-?){1,4}$|^(?:[A-ZÀ-Þ]\.?-?){1,3} ")
# Words that stand in the names of bodies, not of people: "Department of Health and Social Care" is one author.
_BODY_WORDS = frozenset(
    "of for the in on to at by de des du la le les von und für et y e health education care services service department "
    "ministry office council university institute centre center agency authority commission committee association "
    "society foundation trust group network board bureau library government national international royal world united "
    "research science sciences development families family children young people skills training prevention".split()
)


def names_of(cell: str) -> list[str]:
    """The names in a cell of authors, in whichever of the usual ways they are joined; one where it cannot be told."""
    for mark in (";", "\n", "|"):
        if mark in cell:
            return _parts(cell, mark)
    if " and " in cell or " & " in cell:
        plain = cell.split(" and ")
        if all(name.count(",") == 1 and name[-1] != "," for name in plain) and " & " not in cell:
            return [name.strip() for name in plain]
        names = _JOINED.split(cell)
        if _are_people(names):
            return [part for name in names for part in _at_commas(name)]
    return _at_commas(cell)


def keywords_of(cell: str) -> list[str]:
    """The keywords in a cell, one each; commas part them only where nothing else does."""
    for mark in (";", "\n", "|"):
        if mark in cell:
            return _parts(cell, mark)
    return _parts(cell, ",")


def _parts(cell: str, mark: str) -> list[str]:
    if mark == ";" and "&" in cell:  # the end of an HTML entity parts nothing
        cell, mark = _apart(cell), "\0"
    return [part for one in cell.split(mark) if (part := one.strip())]


def _apart(cell: str) -> str:
    made, at = [], 0
    for entity in _ENTITY.finditer(cell):
        made += [cell[at : entity.start()].replace(";", "\0"), entity.group()]
        at = entity.end()
    return "".join([*made, cell[at:].replace(";", "\0")])


def _are_people(names: list[str]) -> bool:
    """Whether what `and` joins are persons: each `Last, First`, or a few words none of which is a body's."""
    last_first = sum("," in name for name in names)
    if last_first >= len(names) - 1:
        return True
    words = [name.replace(",", " ").split() for name in names]
    return all(len(one) >= 2 or one == ["others"] for one in words) and not any(
        word.casefold() in _BODY_WORDS for one in words for word in one
    )


def _at_commas(cell: str) -> list[str]:
    """`Smith J, Doe A` is two people, `Smith, Jane` is one, and `Smith, J., Doe, A.` is two again."""
    if "," not in cell:
        return [name] if (name := cell.strip()) else []
    parts = [part for one in cell.split(",") if (part := one.strip(" ."))]
    if len(parts) > 1 and all(" " in part and not _INITIALS.match(part) for part in parts):
        with_initials = sum(_WITH_INITIALS.search(part) is not None for part in parts)
        if with_initials * 2 >= len(parts) or len(parts) > 2:
            return [part.strip() for part in cell.split(",") if part.strip(" .")]
    if len(parts) > 2 and len(parts) % 2 == 0 and all(_INITIALS.match(part) for part in parts[1::2]):
        whole = [part.strip() for part in cell.split(",") if part.strip(" .")]
        return [f"{last}, {first}" for last, first in zip(whole[::2], whole[1::2], strict=True)]
    return [cell.strip()]


# What sources call a kind of publication, by the letters in it, the surer first; what is none of these is a GEN.
_KINDS = (
    ("retract", "JOUR"),
    ("erratum", "JOUR"),
    ("newspaper", "NEWS"),
    ("magazine", "MGZN"),
    ("inproceedings", "CPAPER"),
    ("conferencepaper", "CPAPER"),
    ("proceedingspaper", "CPAPER"),
    ("meetingabstract", "CPAPER"),
    ("conference", "CPAPER"),
    ("proceedings", "CONF"),
    ("bookchapter", "CHAP"),
    ("booksection", "CHAP"),
    ("inbook", "CHAP"),
    ("incollection", "CHAP"),
    ("chapter", "CHAP"),
    ("bookreview", "JOUR"),
    ("dissertation", "THES"),
    ("thesis", "THES"),
    ("techreport", "RPRT"),
    ("report", "RPRT"),
    ("preprint", "UNPB"),
    ("postedcontent", "UNPB"),
    ("unpublished", "UNPB"),
    ("manuscript", "UNPB"),
    ("workingpaper", "RPRT"),
    ("dataset", "DATA"),
    ("data", "DATA"),
    ("patent", "PAT"),
    ("webpage", "ELEC"),
    ("website", "ELEC"),
    ("blog", "BLOG"),
    ("govern", "GOVDOC"),
    ("article", "JOUR"),
    ("journal", "JOUR"),
    ("zeitschrift", "JOUR"),
    ("artikel", "JOUR"),
    ("artículo", "JOUR"),
    ("review", "JOUR"),
    ("editorial", "JOUR"),
    ("letter", "JOUR"),
    ("comment", "JOUR"),
    ("note", "JOUR"),
    ("trial", "JOUR"),
    ("survey", "JOUR"),
    ("monograph", "BOOK"),
    ("book", "BOOK"),
)
_RIS_TYPES = frozenset(
    "ABST ADVS AGGR ANCIENT ART BILL BLOG BOOK CASE CHAP CHART CLSWK COMP CONF CPAPER CTLG DATA DBASE DICT EBOOK ECHAP "
    "EDBOOK EJOUR ELEC ENCYC EQUA FIGURE GEN GOVDOC GRANT GRNT HEAR ICOMM INPR INTV JFULL JOUR LEGAL MANSCPT MAP MGZN "
    "MPCT MULTI MUSIC NEWS PAMP PAT PCOMM POD PRESS RPRT SER SLIDE SOUND STAND STAT STD THES UNBILL UNPB UNPD VIDEO "
    "WEB".split()
)
_LETTERS = {"J": "JOUR", "B": "BOOK", "S": "SER", "P": "PAT", "C": "CPAPER"}  # Web of Science's PT


@lru_cache(maxsize=512)
def ris_type(kind: str) -> str:
    """The RIS type code of a kind of publication as a source names it, or "" where it is none that is known."""
    plain = kind.strip()
    if plain in _RIS_TYPES:
        return plain
    if plain in _LETTERS:
        return _LETTERS[plain]
    letters = "".join(mark for mark in plain.casefold() if mark.isalpha())
    return next((code for word, code in _KINDS if word in letters), "")
