"""EPPI-Reviewer JSON: references with their codes and outcomes, and the code sets that name the codes.

`read` gives the references, each with its codes and outcomes kept; `read_eppi` gives the coding as values too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path as FilePath
from typing import Any, ClassVar

from whatworks.collate.methods.eppi import (
    SCREENING,
    CodeSet,
    Coding,
    EppiFile,
    Outcome,
    code_sets_in,
    codings_in,
    outcomes_in,
    screened_in,
    screening_codes,
)
from whatworks.collate.methods.keeping import kept_text
from whatworks.collate.methods.records import Found, ReadResult
from whatworks.collate.sources.base import Head
from whatworks.collate.sources.json_records import Item, JsonSource, Maker, Outline, Path, WrongShape
from whatworks.collate.sources.lines import Lines
from whatworks.errors import InputError
from whatworks.saying import said

_TYPES = {
    "journal, article": "JOUR",
    "journal article": "JOUR",
    "book, whole": "BOOK",
    "book, chapter": "CHAP",
    "report": "RPRT",
    "dissertation": "THES",
    "conference proceedings": "CPAPER",
    "document from internet site": "ELEC",
    "web site": "ELEC",
    "dvd, video, media": "VIDEO",
    "research project": "UNPB",
    "article in a periodical": "MGZN",
    "interview": "PCOMM",
    "generic": "GEN",
}
_PAGES = re.compile(r"\s*([^\s,;–-]+)\s*[–-]+\s*([^\s,;–-]+)\s*")


def _split(tag: str, at: str) -> Maker:
    """How a text that holds several values is given under one tag, a value each."""

    def made(value: Any, item: Item) -> Iterator[tuple[str, str]]:
        if isinstance(value, str):
            yield from ((tag, part.strip()) for part in re.split(at, value) if part.strip())

    return made


def _pages(value: Any, item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and value.strip():
        found = _PAGES.fullmatch(value)
        yield from zip(("SP", "EP"), found.groups() if found else (value,), strict=False)


class Eppi(JsonSource):
    """EPPI-Reviewer's JSON export."""

    name, prefix = "EPPI-Reviewer JSON", "eppi"
    plain: ClassVar[Mapping[str, str]] = {
        "ItemId": "ID",
        "Title": "TI",
        "ParentTitle": "T2",
        "Year": "PY",
        "StandardNumber": "SN",
        "City": "CY",
        "Publisher": "PB",
        "Volume": "VL",
        "Issue": "IS",
        "Edition": "ET",
        "Availability": "AV",
        "URL": "UR",
        "Abstract": "AB",
        "Comments": "N1",
        "DOI": "DO",
    }
    made: ClassVar[Mapping[str, Maker]] = {
        "Authors": _split("AU", ";"),
        "ParentAuthors": _split("A2", ";"),
        "Keywords": _split("KW", r"[\r\n;]+"),
        "Pages": _pages,
    }

    def __init__(self) -> None:
        self.code_sets: tuple[CodeSet, ...] = ()
        self.codings: list[Coding] = []
        self.outcomes: list[Outcome] = []
        self.collects = False
        self._deciding: dict[str, tuple[str, CodeSet, Any]] = {}

    def begins(self, start: Outline, head: Head) -> bool:
        """Whether it has EPPI-Reviewer's two parts, or references with what it alone gives them."""
        if not start.is_list and start.has_any("References", "CodeSets"):
            return start.has("CodeSets") or '"ItemId"' in head.text or '"Codes"' in head.text
        return start.has("ItemId", "Title") and start.has_any("Codes", "TypeName", "QuickCitation", "ItemStatus")

    def places(self, start: Outline) -> tuple[Path, ...]:
        """References stand in a part of their own."""
        return (("References",),) if start.has_any("References", "CodeSets") else ()

    def find(self, lines: Lines, result: ReadResult) -> Iterator[Found]:
        """What an open file holds; each file is read by a reader of its own, which knows that file's codes."""
        reader = self if self.collects else Eppi()
        yield from super(Eppi, reader).find(lines, result)

    def member(self, path: Path, value: Any, read: int) -> Iterator[str]:
        """The code sets; where they come after the references, those cannot say their codes by name."""
        if path == ("CodeSets",):
            try:
                self.code_sets += code_sets_in(value)
            except RecursionError:
                yield "the code sets are nested too deeply to be read"
            self._deciding = screening_codes(self.code_sets)
            if read and self._deciding:
                yield "the code sets stand behind the references, whose screening codes were therefore not told by name"

    def tags(self, item: Item, notes: list[str]) -> Iterable[tuple[str, str]]:
        """The reference in RIS tags, and everything that had to change or has no tag under its own name."""
        if not any(isinstance(item.get(name), str | int) for name in ("ItemId", "Title")):
            raise WrongShape("the reference has neither a number (ItemId) nor a title")
        if self.collects:
            self.codings += codings_in(item)
            self.outcomes += outcomes_in(item)
        kind = item.get("TypeName")
        tags = [("TY", _TYPES.get(kind.strip().lower(), "GEN") if isinstance(kind, str) else "GEN"), *self.fields(item)]
        if screened := screened_in(item, self._deciding):
            tags.append((SCREENING, kept_text([asdict(one) for one in screened])))
        return tags


def read_eppi(path: FilePath | str, *, partial: bool = False) -> EppiFile:
    """An EPPI-Reviewer export as values: references, code sets, codings and outcomes, all in memory.

    Raises InputError as `read` does, and where the file is in another format.
    """
    from whatworks.collate.sources.opening import OpenResult  # the list of formats, which names this one

    path = FilePath(path)
    try:
        stream = path.open("rb")
    except OSError as error:
        raise InputError(
            said(
                "%(path)s: the file cannot be read (%(strerror)s); check the name.", path=path, strerror=error.strerror
            )
        ) from error
    reader = Eppi()
    reader.collects = True
    with stream:
        lines = Lines(stream)
        if not reader.recognises(Head(lines.head, lines.head_text(), str(path))):
            raise InputError(
                said(
                    "%(path)s: this is no JSON export of EPPI-Reviewer; export references with codes as JSON.",
                    path=path,
                )
            )
        result = OpenResult(stream, reader, lines, path=str(path), partial=partial, mapping={})
        references = tuple(result)
    told = (
        *(f"line {one.line}: {one.text}" for one in result.notes),
        *(f"line {u.line}: {u.reason}" for u in result.unreadable),
    )
    return EppiFile(references, reader.code_sets, tuple(reader.codings), tuple(reader.outcomes), told)
