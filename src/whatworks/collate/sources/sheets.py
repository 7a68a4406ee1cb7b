"""Sheets: the XML inside a workbook (ECMA-376 part 1, chapter 18), each part by one small handler on the expat parser.

The parser takes no document type, so no entity can be declared, expanded or fetched; depth and tokens are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sized
from datetime import datetime, timedelta
from functools import lru_cache
from xml.parsers import expat

from whatworks.collate.sources.rows import LONGEST_ROW
from whatworks.saying import said

DEEPEST = 64  # elements inside elements; a sheet needs nine
LONGEST_TEXT = LONGEST_ROW  # characters in one cell; Excel itself holds 32,767
MOST_STYLES = 100_000  # Excel itself holds 65,490
MOST_SHEETS = 10_000
LONGEST_TOKEN = 4 * 1024 * 1024  # bytes that the parser may hold back
MOST_COLUMNS = 16_384  # XFD, the last column of Excel
_BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NOT_A_FORM = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WHOLE = re.compile(r"-?\d{1,15}")


class XmlRefused(Exception):
    """The XML holds what no spreadsheet needs."""


class Handler:
    """What a handler of one part does with its elements; `text` is what has been read inside `keeping` elements."""

    def start(self, name: str, attributes: dict[str, str]) -> bool:
        """An element begins; whether its text is wanted."""
        return False

    def end(self, name: str, text: str) -> None:
        """An element ends."""


def parse(chunks: Iterator[bytes], handler: Handler) -> Iterator[None]:
    """Feed the XML to the handler, a chunk at a step. Raises XmlRefused, and ValueError where it is not well-formed or
    is declared to be in an encoding that nobody knows."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    _Feeding(parser, handler)
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > LONGEST_TOKEN + len(chunk):
                raise XmlRefused(said("holds an element that does not end"))
            yield
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:
        raise ValueError(str(error)) from error
    yield


class _Feeding:
    """The parser's calls, with the depth watched and names freed of their prefixes."""

    def __init__(self, parser: expat.XMLParserType, handler: Handler) -> None:
        self._handler, self._parser, self._depth, self._size = handler, parser, 0, 0
        self._text: list[str] = []
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise XmlRefused(said("holds elements more than %(deepest)s deep", deepest=DEEPEST))
        if self._handler.start(_local(name), attributes):
            self._text, self._size = [], 0
            self._parser.CharacterDataHandler = self._keep

    def _keep(self, text: str) -> None:
        self._size += len(text)
        if self._size > LONGEST_TEXT:
            raise XmlRefused(
                said("holds a text of over %(longest_text)s characters in one cell", longest_text=f"{LONGEST_TEXT:,}")
            )
        self._text.append(text)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._parser.CharacterDataHandler = None
        self._handler.end(_local(name), "".join(self._text))
        self._text = []

    def _doctype(self, *_: object) -> None:
        raise XmlRefused(said("holds a document type declaration"))


def _bound(held: Sized, most: int, what: str) -> None:
    if len(held) > most:
        raise XmlRefused(said("holds over %(most)s %(what)s", most=f"{most:,}", what=what))


@lru_cache(maxsize=256)
def _local(name: str) -> str:
    return name.rpartition(":")[2]


class Names(Handler):
    """The list of sheets in `workbook.xml`, or of their places in its relationships."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, bool, str]] = []
        self.targets: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self.since_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> bool:
        if name == "sheet":
            key = next((value for at, value in attributes.items() if at.endswith(":id") or at == "id"), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), hidden, key))
            _bound(self.sheets, MOST_SHEETS, "sheets")
        elif name == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")
            self.kinds[attributes.get("Id", "")] = attributes.get("Type", "")
            _bound(self.kinds, MOST_SHEETS, "relationships")
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904", "0") in ("1", "true")
        return False


class Styles(Handler):
    """Which cell formats show a date, out of `styles.xml`."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._formats: list[str] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> bool:
        if name == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            _bound(self._codes, MOST_STYLES, said("number formats"))
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self._formats.append(attributes.get("numFmtId", "0"))
            _bound(self._formats, MOST_STYLES, said("cell formats"))
        return False

    def end(self, name: str, text: str) -> None:
        self._inside = self._inside and name != "cellXfs"

    def dates(self) -> frozenset[str]:
        """The numbers of the formats that show a date, as cells name them."""
        return frozenset(str(at) for at, code in enumerate(self._formats) if self._is_date(code))

    def _is_date(self, number: str) -> bool:
        if number in self._codes:
            form = _NOT_A_FORM.sub("", self._codes[number]).lower()
            return "general" not in form and ("y" in form or "d" in form)
        return number.isdigit() and int(number) in _BUILT_IN_DATES


class Strings(Handler):
    """The texts of `sharedStrings.xml`, each given to `add`; runs are joined, readings of characters left out."""

    def __init__(self, add: Callable[[str], None]) -> None:
        self._add = add
        self._runs: list[str] = []
        self._aside, self._size = False, 0

    def start(self, name: str, attributes: dict[str, str]) -> bool:
        self._aside = self._aside or name == "rPh"
        return name == "t" and not self._aside

    def end(self, name: str, text: str) -> None:
        if name == "t":
            self._runs.append(text)
            self._size += len(text)
            _bound(range(self._size), LONGEST_TEXT, said("characters in one text"))
        elif name == "rPh":
            self._aside = False
        elif name == "si":
            self._add(plain("".join(self._runs)))
            self._runs, self._size = [], 0


class Rows(Handler):
    """The rows of one sheet."""

    def __init__(self, string: Callable[[int], str], dates: frozenset[str], since_1904: bool) -> None:
        self._string, self._dates, self._since_1904 = string, dates, since_1904
        self._rows: list[tuple[int, list[str] | None, str, bool]] = []
        self._cells: list[str] = []
        self._row = self._column = self._size = 0
        self._kind = self._style = self._value = self._formula = ""
        self._aside = False

    def taken(self) -> list[tuple[int, list[str] | None, str, bool]]:
        """The rows that have ended since the last time."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> bool:
        if name == "c":
            self._kind, self._style, self._value = attributes.get("t", "n"), attributes.get("s", ""), ""
            self._formula = ""
            self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
            if self._column > MOST_COLUMNS:
                raise XmlRefused(
                    said("names a column beyond the %(most_columns)s of Excel", most_columns=f"{MOST_COLUMNS:,}")
                )
            return False
        if name == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdigit() else self._row + 1
            self._cells, self._column, self._size = [], 0, 0
        elif name == "rPh":
            self._aside = True
        return name in ("v", "f") or (name == "t" and not self._aside)

    def end(self, name: str, text: str) -> None:
        if name in ("v", "t"):
            self._value += text
            _bound(self._value, LONGEST_TEXT, said("characters in one cell"))
        elif name == "c":
            if self._value:
                self._put(self._text())
            elif self._formula:  # a program that does not reckon leaves no value: the formula is all there is
                self._put(f"={self._formula}")
        elif name == "f":
            self._formula = text
        elif name == "row" and self._cells:
            too_long = self._size > LONGEST_ROW
            cells = None if too_long else self._cells
            self._rows.append((self._row, cells, f"it is longer than {LONGEST_ROW:,} characters" * too_long, False))
        elif name == "rPh":
            self._aside = False

    def _put(self, text: str) -> None:
        self._size += len(text)
        if self._size > LONGEST_ROW:
            self._cells = [""]
            return
        cells = self._cells
        if len(cells) < self._column - 1:
            cells.extend([""] * (self._column - 1 - len(cells)))
        if len(cells) >= self._column:
            cells[self._column - 1] = text
        else:
            cells.append(text)

    def _text(self) -> str:
        kind, value = self._kind, self._value
        if kind == "s":
            return self._string(int(value))
        if kind == "n":
            return date_of(value, self._since_1904) if self._style in self._dates else number_of(value)
        if kind == "b":
            return "TRUE" if value.strip() == "1" else "FALSE"
        return plain(value)


@lru_cache(maxsize=65_536)
def _column(reference: str) -> int:
    number = 0
    for letter in reference:
        if not "A" <= letter.upper() <= "Z":
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number


def plain(text: str) -> str:
    """A text without the escapes by which a workbook writes characters that XML has none for."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text).replace("\r\n", "\n").replace("\r", "\n")


def number_of(value: str) -> str:
    """A number as people write it: `2019` for `2019.0` and `2.019E3`."""
    value = value.strip()
    if _WHOLE.fullmatch(value):
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return str(int(number)) if abs(number) < 1e15 and number.is_integer() else repr(number)


def date_of(value: str, since_1904: bool = False) -> str:
    """The day, and the time if there is one, of a number of days since 1900 or 1904; the number where it is none."""
    try:
        days = float(value)
        if not 1 <= days < 2_958_466:
            return number_of(value)
    except ValueError:
        return value.strip()
    first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 if days >= 60 else 31)  # noqa: DTZ001  days have no zone
    moment = first + timedelta(seconds=round(days * 86_400))
    return moment.date().isoformat() if days.is_integer() else moment.isoformat(sep=" ")
