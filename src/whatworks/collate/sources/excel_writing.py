"""Writing Excel: records as a workbook that any spreadsheet opens, row by row, with no cell that a program would run.

Every value is an inline text or a whole number, never a formula: what begins with = + - @ is text, and stays text when
somebody edits it, since its cell has the "quote prefix" of Excel. Memory does not grow with the records.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import escape
from typing import IO

from whatworks.collate.methods.exports import ROW_COLUMNS, as_row
from whatworks.collate.methods.records import Record
from whatworks.spreadsheets import RISKY

MOST_ROWS = 1_048_576  # in a sheet, by Excel's own limit; further records go to the next sheet
LONGEST_CELL = 32_767  # UTF-16 units in a cell, by Excel's own limit
_CUT = " […the rest does not fit into a cell]"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WIDTHS = {"title": 60, "authors": 40, "journal": 30, "abstract": 60, "keywords": 30, "url": 30, "doi": 28}
_STYLES = (  # 0 plain, 1 header, 2 text that looks like a formula
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3">'
    '<xf/><xf fontId="1" applyFont="1"/><xf numFmtId="49" quotePrefix="1" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def write_xlsx(filed: Iterable[tuple[str, Record]], stream: IO[bytes]) -> int:
    """The records with the names of their files as a workbook under ROW_COLUMNS; how many they were."""
    return write_rows_xlsx(ROW_COLUMNS, (as_row(record, file) for file, record in filed), stream)


def write_rows_xlsx(columns: Iterable[str], rows: Iterable[dict[str, str | int]], stream: IO[bytes]) -> int:
    """Rows under these columns as a workbook, a table of anything; how many they were."""
    columns, pending, count, sheets = list(columns), iter(rows), 0, 0
    row = next(pending, None)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as book:
        while row is not None or not sheets:
            sheets += 1
            with _part(book, f"xl/worksheets/sheet{sheets}.xml") as part:
                part.write(_sheet_head(columns).encode())
                number = 1
                while row is not None and number < MOST_ROWS:
                    number += 1
                    part.write(_row(number, [row.get(name, "") for name in columns]))
                    row, count = next(pending, None), count + 1
                part.write(b"</sheetData></worksheet>")
        for name, text in _furniture(sheets):
            with _part(book, name) as part:
                part.write(text.encode())
    return count


@contextmanager
def _part(book: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    info = zipfile.ZipInfo(name)  # dated 1980, so that the same records give the same bytes
    info.compress_type = zipfile.ZIP_DEFLATED
    with book.open(info, "w", force_zip64=True) as part:
        yield part


def _sheet_head(columns: list[str]) -> str:
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{_WIDTHS.get(name, 12)}" customWidth="1"/>'
        for at, name in enumerate(columns, 1)
    )
    header = "".join(f'<c t="inlineStr" s="1"><is><t>{escape(name, quote=False)}</t></is></c>' for name in columns)
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f'<cols>{widths}</cols><sheetData><row r="1">{header}</row>'
    )


def _row(number: int, values: list[str | int]) -> bytes:
    cells = "".join(map(_cell, values))
    return f'<row r="{number}">{cells}</row>'.encode("utf-8", "backslashreplace")


def _cell(value: str | int) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    if not value:
        return "<c/>"
    text = escape(_ILLEGAL.sub(_escaped, _fitting(value)), quote=False)
    style = ' s="2"' if value.lstrip(" ").startswith(RISKY) else ""
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{text}</t></is></c>'


def _escaped(found: re.Match[str]) -> str:
    return f"_x{ord(found.group()):04X}_"


def _fitting(value: str) -> str:
    if len(value) <= LONGEST_CELL // 2:
        return value
    units = value.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * LONGEST_CELL:
        return value
    return units[: 2 * (LONGEST_CELL - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def _furniture(sheets: int) -> Iterator[tuple[str, str]]:
    """The parts that tie the sheets together."""
    numbers = range(1, sheets + 1)
    named = "".join(
        f'<sheet name="records{f" {at}" if at > 1 else ""}" sheetId="{at}" r:id="rId{at}"/>' for at in numbers
    )
    ties = "".join(
        f'<Relationship Id="rId{at}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in numbers
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{_TYPES}.worksheet+xml"/>' for at in numbers
    )
    yield "xl/styles.xml", _STYLES
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{named}</sheets></workbook>',
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{ties}'
        f'<Relationship Id="rId0" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    )
    yield (
        "_rels/.rels",
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    yield (
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>{kinds}</Types>',
    )
