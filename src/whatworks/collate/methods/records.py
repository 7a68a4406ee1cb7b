"""Record: what one file says about one publication, kept completely; ReadResult: all that one file gave.

Tags are RIS tags: the house's raw form, into which readers of other formats translate. Nothing is ever taken away
from them; titles, years and the rest are views.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from whatworks.collate.methods.fields import issn_in, names_in, normalise_doi, one_line, pages_of, year_in
from whatworks.errors import InputError
from whatworks.saying import said

NOTES_KEPT = 200  # enough to see a pattern; the rest are counted, so that a million odd lines do not fill the memory


@dataclass(frozen=True, slots=True)
class Record:
    """One publication as one file describes it.

    `position` counts record starts in the file from 1 and `line` is where this one starts, so that every value can be
    found again in the stored file. Texts are "" where the file says nothing; `year` is then None.
    """

    position: int
    line: int
    tags: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()

    def values(self, *names: str) -> tuple[str, ...]:
        """Every non-empty value of these tags, all of the first name before those of the second."""
        return tuple(value.strip() for name in names for tag, value in self.tags if tag == name and value.strip())

    def first(self, *names: str) -> str:
        """The first non-empty value of these tags as one line; an earlier name wins over a later one."""
        for name in names:
            for tag, value in self.tags:
                if tag == name and value.strip():
                    return one_line(value)
        return ""

    @property
    def entry_type(self) -> str:
        """The RIS type code in capitals, such as JOUR."""
        lines = "".join(self.values("TY")[:1]).splitlines()
        return one_line(lines[0]).upper() if lines else ""

    @property
    def title(self) -> str:
        """The title; Embase puts it in ST, which elsewhere is a short one, some book exports in BT."""
        return self.first("TI", "T1", "CT", "TT", *(("BT", "ST") if self._whole_book else ("ST", "BT")))

    @property
    def authors(self) -> tuple[str, ...]:
        """Authors in the order of the file, editors not among them."""
        return names_in(value for tag, value in self.tags if tag in ("AU", "A1"))

    @property
    def year(self) -> int | None:
        """The year of publication; the date of access (Y2) is never one."""
        return year_in(self.values("PY", "Y1", "YR", "DA"))

    @property
    def venue(self) -> str:
        """The journal, book or series in which it appeared, the full name before an abbreviation."""
        own = () if self._whole_book else ("BT",)
        return self.first("JF", "JO", "T2", *own, "SO", "JA", "J2", "J1", "JI", "J9")

    @property
    def _whole_book(self) -> bool:
        """Whether T2 names a series, and BT the publication itself."""
        return self.entry_type in ("BOOK", "RPRT", "THES")

    @property
    def volume(self) -> str:
        """The volume."""
        return self.first("VL")

    @property
    def issue(self) -> str:
        """The issue."""
        return self.first("IS", "IP", "NO")

    @property
    def pages(self) -> str:
        """First and last page as `first-last`, or the article number where pages are not given."""
        return pages_of(self.first("SP"), self.first("EP")) or pages_of(self.first("PG"), "") or self.first("C7")

    @property
    def doi(self) -> str:
        """The DOI, lower case, without its resolver; from the link where no DOI is stated."""
        for value in self.values("DO", "M3"):
            if doi := normalise_doi(value):
                return doi
        for value in self.values("UR", "L1", "L2", "L3", "LK"):
            if "doi" in value.lower() and (doi := normalise_doi(value, address=True)):
                return doi
        # Cochrane writes a tag of three letters, which RIS does not have: its line belongs to the value above it.
        below = (value.rpartition("\nDOI ")[2] for _, value in self.tags if "\nDOI " in value)
        return next((doi for value in below if (doi := normalise_doi(value))), "")

    @property
    def issn(self) -> str:
        """The first ISSN as NNNN-NNNN; "" for a book number."""
        return issn_in(self.values("SN"))

    @property
    def url(self) -> str:
        """The first web address."""
        return self.first("UR", "LK", "L2")

    @property
    def abstract(self) -> str:
        """The abstract with its line ends."""
        found = self.values("AB", "N2")
        return found[0] if found else ""

    @property
    def keywords(self) -> tuple[str, ...]:
        """Keywords, one each; a value may hold several on lines or joined by semicolons."""
        parts = (part for value in self.values("KW") for line in value.splitlines() for part in line.split(";"))
        return tuple(word for part in parts if (word := one_line(part)))

    @property
    def identifier(self) -> str:
        """The identifier that the file gives, else its accession number, else the position in the file."""
        return self.first("ID", "AN") or str(self.position)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record start that gave no record: the line where it starts and why; `cut` where the file ends inside it."""

    line: int
    reason: str
    cut: bool = False

    def to_dict(self) -> dict[str, object]:
        """As the command line prints it."""
        return {"line": self.line, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Note:
    """Something odd in a file that cost no record; `cut` where the file ends before a record has begun in earnest."""

    line: int
    text: str
    cut: bool = False

    def to_dict(self) -> dict[str, object]:
        """As the command line prints it."""
        return {"line": self.line, "note": self.text}


Found: TypeAlias = Record | Unreadable | Note
"""What a parser gives out."""


class ReadResult:
    """The records of one file, one after another; when the last is out, what could not be read and what the file was.

    Iterate once. `encoding`, `sha256` and the counts are final when the iteration ends. The conservation law
    `record_starts == records + len(unreadable)` is checked then: `record_starts` is counted where lines are split,
    `records` and `unreadable` where the parser gives them out.
    """

    def __init__(self, *, path: str, format: str, partial: bool, find: Callable[[ReadResult], Iterator[Found]]) -> None:
        self.path, self.format = path, format
        self.encoding = self.sha256 = ""
        self.record_starts = self.records = self.notes_left_out = 0
        self.unreadable: list[Unreadable] = []
        self.notes: list[Note] = []
        self.mapping: dict[str, str] | None = None  # of a table: which column was taken for what
        self._found, self._partial = find(self), partial

    def __iter__(self) -> Iterator[Record]:
        for thing in self._found:
            if isinstance(thing, Record):
                self.records += 1
                for note in thing.notes:
                    self._keep(Note(thing.line, note))
                yield thing
            elif isinstance(thing, Unreadable):
                self._cannot_read(thing)
            else:
                self._keep(thing)
        self._conserve()

    def _keep(self, note: Note) -> None:
        if note.cut:
            self._refuse_cut(note.line, note.text)
        if len(self.notes) < NOTES_KEPT:
            self.notes.append(note)
        else:
            self.notes_left_out += 1

    def _cannot_read(self, thing: Unreadable) -> None:
        if thing.cut:
            self._refuse_cut(thing.line, thing.reason)
        self.unreadable.append(thing)

    def _refuse_cut(self, line: int, why: str) -> None:
        if not self._partial:
            raise InputError(
                said(
                    "%(path)s, record on line %(line)s: %(why)s; export it again, or read it with --partial to "
                    "keep the records before it (%(records)s).",
                    path=self.path,
                    line=line,
                    why=why,
                    records=self.records,
                )
            )

    def _conserve(self) -> None:
        if not self.record_starts:
            raise InputError(
                said(
                    "%(path)s: no record was found in it (%(format)s); give an export with at least one record.",
                    path=self.path,
                    format=self.format,
                )
            )
        if self.record_starts != self.records + len(self.unreadable):
            raise AssertionError(
                f"{self.path}: {self.record_starts} record starts, {self.records} records and {len(self.unreadable)} "
                "unreadable: a record was lost, which is a defect in the reader"
            )

    def to_dict(self) -> dict[str, object]:
        """As `whatworks read --json` prints it under `files`."""
        return {
            "path": self.path,
            "format": self.format,
            "encoding": self.encoding,
            "sha256": self.sha256,
            "record_starts": self.record_starts,
            "records": self.records,
            "unreadable": [one.to_dict() for one in self.unreadable],
            "notes": [one.to_dict() for one in self.notes],
            "notes_left_out": self.notes_left_out,
        } | ({} if self.mapping is None else {"mapping": self.mapping})

    def summary(self) -> str:
        """One sentence: how many came out of how many."""
        return f"{self.path}: {self.records} of {self.record_starts} records ({self.format}, {self.encoding})."
