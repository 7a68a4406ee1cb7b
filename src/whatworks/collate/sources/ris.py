"""RIS: the tagged format that nearly every bibliographic database exports, each in its own way.

There is no one specification. What is accepted here beyond `XX  - value` was seen in real exports: one space or none
before the dash, small letters, indented files, missing and bare end lines, several line ends and encodings, wrapped
values, paragraphs with empty lines, vendors' own tags, and headings between records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from whatworks.collate.methods.records import Found, Note, Record, Unreadable
from whatworks.collate.sources.base import Line, LineSource
from whatworks.collate.sources.lines import LONGEST_LINE

LONGEST_RECORD = 16 * 1024 * 1024  # characters; a real record with 7,456 authors counts 0.5 million
LEAST_LINE = 64  # a short line counts as this many, since keeping it costs about that

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
_CANONICAL = re.compile(r"([A-Z][A-Z0-9])  - ?(.*)", re.DOTALL)
_LOOSE = re.compile(r"([ \t]*)([A-Za-z][A-Za-z0-9])([ \t\u00a0]*)([-‐‑–—])(.*)", re.DOTALL)
_ONE_WORD = re.compile(r"\s*[A-Za-z]{2,12}\s*")


def _loose_start(text: str) -> re.Match[str] | None:
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
        self.entry_type = _unspaced(value)

    def tag(self, text: str) -> tuple[str, str] | None:
        """Tag and value of a line, or None where it is wrapped text."""
        found = _CANONICAL.match(text)
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


class Draft:
    """The record in hand while its lines come in."""

    __slots__ = ("bare_end", "blank", "dialect", "fault", "line", "notes", "position", "size", "tags")

    def __init__(self, position: int, line: Line) -> None:
        self.position = position
        self.line, start, whole, _ = line
        self.dialect = Dialect(start)
        self.tags: list[tuple[str, list[str]]] = [("TY", [self.dialect.entry_type])]
        self.notes: list[str] = []
        self.blank, self.size, self.bare_end = 0, len(start), False
        self.fault = "" if whole else f"line {self.line} is longer than {LONGEST_LINE:,} bytes"

    def add(self, line: Line) -> bool:
        """Take one more line in; True when it ends the record."""
        number, text, whole, _ = line
        self.size += max(len(text), LEAST_LINE)
        if not whole or self.size > LONGEST_RECORD:
            self._spoil(number, whole)
        found = _CANONICAL.match(text)
        pair = found.groups() if found else None
        if not pair and not text.strip():
            self.blank += 1
            return self.bare_end
        pair = pair or self.dialect.tag(text)
        self.bare_end = False
        if pair is None:
            self._continue(text)
        elif pair[0] == "ER":
            self._end(pair[1])
            return True
        else:
            self.blank = 0
            if not self.fault:
                self.tags.append((pair[0], [pair[1]]))
        return False

    def _continue(self, text: str) -> None:
        if text.strip() == "ER":  # an end line without its dash, if an empty line, a new record or the end follows
            self.bare_end = True
        if not self.fault:
            self.tags[-1][1].extend([""] * self.blank + [text])
        self.blank = 0

    def _end(self, value: str) -> None:
        if value.strip():
            self.tags.append(("ER", [value]))

    def _spoil(self, number: int, whole: bool) -> None:
        if not self.fault:
            where = f"line {number} is longer than {LONGEST_LINE:,} bytes"
            self.fault = where if not whole else f"it is longer than {LONGEST_RECORD:,} characters"
        self.tags = self.tags[:1]  # let the text go: the bound is on memory

    def close(self) -> Found:
        """What has come of it."""
        if self.fault:
            return Unreadable(self.line, self.fault)
        if self.bare_end:
            self._take_bare_end_away()
        if len(self.tags) == 1:
            self.notes.append("the record is empty: it has a type line and nothing else")
        return Record(
            self.position, self.line, tuple((tag, "\n".join(parts)) for tag, parts in self.tags), tuple(self.notes)
        )

    def _take_bare_end_away(self) -> None:
        parts = self.tags[-1][1]
        parts.pop()
        while len(parts) > 1 and not parts[-1].strip():
            parts.pop()


class Outside:
    """Lines that stand in no record: one note for each run of them, so that nothing is passed over in silence."""

    def __init__(self) -> None:
        self.first = self.last = 0
        self.text = ""

    def add(self, line: Line) -> None:
        """Take one line in."""
        if line[1].strip():
            self.first, self.text = (self.first, self.text) if self.first else (line[0], line[1].strip()[:60])
            self.last = line[0]

    def take(self) -> Iterator[Note]:
        """The note on the run, if there was one, and begin anew."""
        if self.first:
            where = (
                f"line {self.first} stands" if self.first == self.last else f"lines {self.first} to {self.last} stand"
            )
            why = "tags before any type line (TY), or after an end line (ER)" if _CANONICAL.match(self.text) else "text"
            yield Note(self.first, f"{where} outside every record ({why}): {self.text!r}")
        self.first, self.text = 0, ""


class Ris(LineSource):
    """RIS, as Ovid, ProQuest, Scopus, PubMed's helpers, Zotero, EndNote and the rest write it."""

    name = "RIS"

    def starts_record(self, text: str) -> bool:
        """Whether the line is a `TY` line."""
        if text[:5] == "TY  -":
            return True
        return text[:1] in "Tt \t" and text.lstrip()[:2].upper() == "TY" and _loose_start(text) is not None

    def parse(self, lines: Iterator[Line]) -> Iterator[Found]:
        """Records, unreadable records and notes, in the order of the file."""
        draft: Draft | None = None
        outside = Outside()
        starts = ended = 0
        for line in lines:
            if line[3]:
                yield from outside.take()
                if draft:
                    ended += draft.bare_end
                    yield self._close_without_end(draft)
                starts += 1
                draft = Draft(starts, line)
            elif draft is None:
                outside.add(line)
            elif draft.add(line):
                ended += 1
                yield draft.close()
                draft = None
        if outside.text and outside.first == outside.last and "TY  -".startswith(outside.text):
            yield Note(outside.first, "the file ends within the type line of a record", cut=True)
        yield from outside.take()
        if draft:
            yield self._close_at_end(draft, starts, ended)

    def _close_without_end(self, draft: Draft) -> Found:
        if not draft.bare_end:
            draft.notes.append("the record has no end line (ER); it was taken to end where the next one starts")
        return draft.close()

    def _close_at_end(self, draft: Draft, starts: int, ended: int) -> Found:
        """The last record without an end line: whole where no record of the file has one, cut off otherwise."""
        if draft.bare_end or draft.fault:
            return draft.close()
        if starts > 1 and not ended:
            draft.notes.append("no record of this file has an end line (ER); the last was taken to be whole")
            return draft.close()
        last = draft.tags[-1][0]
        return Unreadable(draft.line, f"the file ends after its {last} line, in the middle of the record", cut=True)


def write_ris(records: Iterable[Record]) -> Iterator[str]:
    """The records as RIS, a piece of text each: every tag and value in its order, type line first, end line last.

    Reading what this writes gives the same tags and values. A value from elsewhere whose later lines would be taken
    for tags has those lines joined to the one before.
    """
    canonical = Dialect("TY  - ")
    for record in records:
        tags = [pair for pair in record.tags if pair[0] not in ("TY", "ER")]
        end = next((value for tag, value in record.tags if tag == "ER"), "")
        start = next((value for tag, value in record.tags if tag == "TY"), "GEN")
        pairs = [("TY", start), *tags, ("ER", end)]
        yield "".join(f"{tag}  - {_safe(value, canonical)}\n" for tag, value in pairs) + "\n"


def _safe(value: str, dialect: Dialect) -> str:
    if "\n" not in value and "\r" not in value:
        return value
    first, *rest = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [first]
    for at, text in enumerate(rest):
        ends = text.strip() == "ER" and at + 1 < len(rest) and not rest[at + 1].strip()
        if ends or dialect.tag(text) or _loose_start(text):
            lines[-1] += f" {text}"
        else:
            lines.append(text)
    return "\n".join(lines)
