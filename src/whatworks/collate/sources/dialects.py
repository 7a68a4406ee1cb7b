"""Dialects: the many ways in which exports write the tags of RIS, and how far each file may be trusted to mean them."""

from __future__ import annotations

import re

_TAG_NAMES = """
A1 A2 A3 A4 A5 A6 AB AD AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CT CY DA DB DI DO DP ED EP ER ET H1 H2 ID IP IS
J1 J2 JA JF JO KW L1 L2 L3 L4 LA LB LK M1 M2 M3 N1 N2 NV OP PB PP PY RI RN RP SE SN SP SR ST SV T1 T2 T3 TA TI TT TY
U1 U2 U3 U4 U5 UR VL VO WP WT WV Y1 Y2
"""
_TYPE_NAMES = """
ABST ADVS AGGR ANCIENT ART ARTICLE BILL BLOG BOOK CASE CHAP CHART CLSWK COMP CONF CPAPER CTLG DATA DBASE DICT EBOOK
ECHAP EDBOOK EJOUR ELEC ENCYC EQUA FIGURE GEN GOVDOC GRANT GRNT HEAR ICOMM INPR INTV JFULL JOUR LEGAL MANSCPT MAP MGZN
MPCT MULTI MUSIC NEWS PAMP PAT PCOMM POD PRESS RPRT SER SLIDE SOUND STAND STAT STD THES UNBILL UNPB UNPD VIDEO WEB
"""
_TAGS, _TYPES = frozenset(_TAG_NAMES.split()), frozenset(_TYPE_NAMES.split())
CANONICAL = re.compile(r"([A-Z][A-Z0-9])  - ?(.*)", re.DOTALL)
_LOOSE = re.compile(r"([ \t]*)([A-Za-z][A-Za-z0-9])([ \t\u00a0]*)([-‐‑–—])(.*)", re.DOTALL)
_ONE_WORD = re.compile(r"\s*[A-Za-z]{2,12}\s*")


def loose_start(text: str) -> re.Match[str] | None:
    """A `TY` line in one of the looser forms: the looser the form, the surer the type must be, for text looks alike."""
    found = _LOOSE.match(text)
    if not found or found.group(2).upper() != "TY":
        return None
    _, tag, gap, dash, value = found.groups()
    spaced = len(gap) >= 1 and tag == "TY" and _ONE_WORD.fullmatch(value)
    sure = value.strip().upper() in _TYPES
    return found if sure or (spaced and dash == "-") else None


class Dialect:
    """How the record in hand writes its tags, seen from its `TY` line: its other tags may be as loose, and no looser.

    The same two letters and a dash begin lines of wrapped text (`El-Salhy, M.`, `US - based`): a file that writes its
    tags properly is held to it.
    """

    __slots__ = ("dash", "entry_type", "gap", "indent", "small", "tight")

    def __init__(self, start: str) -> None:
        found = _LOOSE.match(start)
        indent, tag, gap, self.dash, value = found.groups() if found else ("", "TY", "  ", "-", "")
        self.indent, self.gap = len(indent), min(len(gap), 2)
        self.small = tag != tag.upper()
        self.tight = not gap and value[:1].isalpha()
        plain = CANONICAL.match(start)
        self.entry_type = plain.group(2) if plain else _unspaced(value)

    def tag(self, text: str) -> tuple[str, str] | None:
        """Tag and value of a line, or None where it is wrapped text."""
        found = CANONICAL.match(text)
        if found:
            return found.group(1), found.group(2)
        found = _LOOSE.match(text)
        if not found or len(found.group(1)) > self.indent:
            return None
        _, tag, gap, dash, value = found.groups()
        if not self._allows(tag, len(gap), dash, value):
            return None
        return tag.upper(), _unspaced(value)

    def _allows(self, tag: str, gap: int, dash: str, value: str) -> bool:
        known = tag.upper() in _TAGS
        apart = not value or value[0] in " \t\u00a0"
        if dash not in ("-", self.dash):
            return known and gap >= 2 and tag == tag.upper()
        if gap >= 2:
            return tag == tag.upper() or self.small or (known and apart)
        if tag != tag.upper() and not self.small:
            return False
        if gap == 1:
            return self.gap <= 1 or (known and apart)
        return self.gap == 0 and (apart or (self.tight and known))


def _unspaced(value: str) -> str:
    """The value without the one space that stands after the dash."""
    return value[1:] if value[:1] in (" ", "\u00a0") else value
