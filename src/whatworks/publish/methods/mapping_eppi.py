"""Reads the maps that EPPI-Mapper writes: one HTML file whose script holds the map as JSON constants. Nothing is run.

Checked against public maps of 2018 and 2020: `csvData` (rows of headings: those of the columns first, then a list for each
row that begins with the headings that open there), `filters`, `referenceData`, and the kinds of evidence as
`segmentAttributes` (since 2020) or `referenceQualityAttributes` (2018). `parentId` of a heading is read where it is
given, but no file seen has it: unconfirmed. Abstracts, comments and who coded what are left behind: they are not ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from whatworks.collate.methods.fields import normalise_doi
from whatworks.errors import InputError
from whatworks.publish.methods.mapping import Filter, Heading, Item, Map, Option, in_two_levels, leaves
from whatworks.publish.methods.mapping_plain import sound
from whatworks.publish.methods.mapping_words import LONG, address, line, plain
from whatworks.saying import said

CONSTANT = r"\b(?:const|let|var)\s+{name}\s*=\s*"
TITLE = re.compile(r"<title>([^<]{0,400})", re.IGNORECASE)
MAKER = re.compile(r"\s*[|–-]\s*EPPI[ -][^|]*$")  # what the program adds to the title
NUMBER = re.compile(r"[0-9]{1,18}")
QUALITIES = ("low", "moderate", "high", "other")
REPAIR = "ask for the HTML file that EPPI-Mapper wrote, not a page saved by a browser"


def is_eppi(text: str) -> bool:
    """Whether a text looks like a map of EPPI-Mapper."""
    return re.search(CONSTANT.format(name="csvData"), text) is not None


def read_eppi(text: str) -> Map:
    """Read a map of EPPI-Mapper from its HTML. InputError, in one sentence, where it cannot be read."""
    table = _constant(text, "csvData", dict)
    if table is None or not isinstance(table.get("rows"), list):
        raise InputError(said("The file holds no table of rows and columns (csvData); %(repair)s.", repair=REPAIR))
    references = _constant(text, "referenceData", list)
    if references is None:
        raise InputError(said("The file holds no list of studies (referenceData); %(repair)s.", repair=REPAIR))
    columns, rows = _headings(table)
    found = TITLE.search(text)
    about = _constant(text, "aboutContent", str) or _constant(text, "about", str) or ""
    return sound(
        Map(
            title=line(MAKER.sub("", plain(found[1]) if found else ""), LONG) or "A map without a title",
            rows=in_two_levels(rows),
            columns=in_two_levels(columns),
            segments=_segments(text),
            filters=tuple(_filters(_constant(text, "filters", list) or [])),
            items=tuple(_items(references)),
            about=line(plain(about), 4000),
        )
    )


def _constant(text: str, name: str, kind: type) -> Any:
    """The first constant of this name that JSON can read as this kind of value; None where there is none."""
    reader = json.JSONDecoder()
    for match in re.finditer(CONSTANT.format(name=re.escape(name)), text):
        try:
            value, _ = reader.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, kind):
            return value
    return None


def _key(value: Any) -> str:
    """The identifier of an attribute or a reference, a whole number; "" where it is none."""
    text = str(value).strip() if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return str(int(text)) if NUMBER.fullmatch(text) else ""


def _words(value: Any, most: int = LONG) -> str:
    return line(plain(value[:20_000]), most) if isinstance(value, str) else ""


def _entries(row: Any, where: str) -> list[tuple[Heading, int, str]]:
    """The headings of one row: each with the leaves it spans and the identifier of its parent, if it says so."""
    if not isinstance(row, list) or not all(isinstance(one, dict) and _key(one.get("id")) for one in row):
        raise InputError(
            said(
                "In csvData, %(where)s is not a list of headings with an id each; %(repair)s.",
                where=where,
                repair=REPAIR,
            )
        )
    spans = [one.get("span") if isinstance(one.get("span"), int) else 1 for one in row]
    made = [Heading(_key(one["id"]), _words(one.get("title")) or _key(one["id"])) for one in row]
    return [
        (heading, max(1, min(span or 1, 10_000)), _key(one.get("parentId")))
        for heading, span, one in zip(made, spans, row, strict=True)
    ]


def _headings(table: Mapping[str, Any]) -> tuple[tuple[Heading, ...], tuple[Heading, ...]]:
    rows, depth = table["rows"], table.get("totalColDepth")
    if not isinstance(depth, int) or isinstance(depth, bool) or not 1 <= depth < len(rows):
        raise InputError(
            said(
                "In csvData, totalColDepth does not say how many rows of headings come first; %(repair)s.",
                repair=REPAIR,
            )
        )
    across = [
        _entries(row, said("row %(number)s of headings", number=number)) for number, row in enumerate(rows[:depth], 1)
    ]
    down = [_entries(row, said("row %(number)s", number=number)) for number, row in enumerate(rows[depth:], 1)]
    return _unrooted(_across(across)), _unrooted(_down(down))


def _unrooted(headings: tuple[Heading, ...]) -> tuple[Heading, ...]:
    """Without the one heading over all the others, such as “Outcomes”."""
    while len(headings) == 1 and any(one.parts for one in headings[0].parts):
        headings = headings[0].parts
    return headings


def _across(levels: Sequence[Sequence[tuple[Heading, int, str]]]) -> tuple[Heading, ...]:
    """Column headings, each level hung on the one above it: by parent where all say it, else by how many leaves each spans."""
    below = [(heading, 1) for heading, _, _ in levels[-1]]
    parents = [parent for _, _, parent in levels[-1]]
    for level in reversed(levels[:-1]):
        keys = {heading.key for heading, _, _ in level}
        if all(parent in keys for parent in parents):
            hung = {key: [] for key in keys}  # type: dict[str, list[tuple[Heading, int]]]
            for one, parent in zip(below, parents, strict=True):
                hung[parent].append(one)
            parts = [hung[heading.key] for heading, _, _ in level]
        else:
            parts = _spanned(level, below)
        below = [
            (Heading(heading.key, heading.title, tuple(one for one, _ in held)), sum(size for _, size in held))
            for (heading, _, _), held in zip(level, parts, strict=True)
            if held
        ]
        parents = [parent for (_, _, parent), held in zip(level, parts, strict=True) if held]
    return tuple(heading for heading, _ in below)


def _spanned(
    level: Sequence[tuple[Heading, int, str]], below: list[tuple[Heading, int]]
) -> list[list[tuple[Heading, int]]]:
    if len(level) == 1:  # the heading over all counts its groups or its leaves, according to the version
        return [below]
    waiting, parts = list(below), []
    for heading, span, _ in level:
        held: list[tuple[Heading, int]] = []
        while waiting and sum(size for _, size in held) < span:
            held.append(waiting.pop(0))
        if sum(size for _, size in held) != span:
            raise InputError(
                said(
                    "In csvData, the heading “%(title)s” spans %(span)s columns that are not there; %(repair)s.",
                    title=heading.title,
                    span=span,
                    repair=REPAIR,
                )
            )
        parts.append(held)
    if waiting:
        raise InputError(
            said(
                "In csvData, the column “%(title)s” is under no heading; %(repair)s.",
                title=waiting[0][0].title,
                repair=REPAIR,
            )
        )
    return parts


def _down(rows: Sequence[Sequence[tuple[Heading, int, str]]]) -> tuple[Heading, ...]:
    """Row headings: each row names its leaf last, and before it whatever headings open there."""
    if len(rows) > 1 and len(rows[0]) == 1 and rows[0][0][1] > 1:
        rows = rows[1:]  # the heading over all on a row of its own
    depth = max(len(row) for row in rows)
    top: list[Any] = []
    path: list[tuple[str, str, list[Any]]] = []
    for row in rows:
        if not row:
            raise InputError(said("In csvData, a row has no heading; %(repair)s.", repair=REPAIR))
        level = depth - len(row)
        if level > len(path):
            raise InputError(
                said(
                    "In csvData, the row “%(title)s” is under no heading; %(repair)s.",
                    title=row[-1][0].title,
                    repair=REPAIR,
                )
            )
        del path[level:]
        for heading, _, _ in row:
            node: tuple[str, str, list[Any]] = (heading.key, heading.title, [])
            (path[-1][2] if path else top).append(node)
            path.append(node)
        path.pop()
    return tuple(_built(top))


def _built(nodes: Sequence[Any]) -> Iterator[Heading]:
    for key, title, parts in nodes:
        yield Heading(key, title, tuple(_built(parts)))


def _segments(text: str) -> tuple[Option, ...]:
    """The kinds of evidence, in the map's own words and order."""
    attributes: list[Any] = [
        one.get("attribute") for one in _constant(text, "segmentAttributes", list) or [] if isinstance(one, dict)
    ]
    if not attributes:
        older = _constant(text, "referenceQualityAttributes", dict) or {}
        attributes = [older.get(name) for name in QUALITIES]
    made = {
        key: Option(key, _words(one.get("AttributeName")) or key)
        for one in attributes
        if isinstance(one, dict) and (key := _key(one.get("AttributeId")))
    }
    return tuple(made.values())


def _filters(held: Sequence[Any]) -> Iterator[Filter]:
    seen: set[str] = set()
    for one in held:
        key = _key(one.get("id")) if isinstance(one, dict) else ""
        options = dict(_options(one.get("children"))) if key else {}
        if key and options and key not in seen:
            seen.add(key)
            yield Filter(key, _words(one.get("label")) or key, tuple(options.values()))


def _options(children: Any, before: str = "", level: int = 1) -> Iterator[tuple[str, Option]]:
    for one in children if isinstance(children, list) and level <= 4 else ():
        if isinstance(one, dict) and (key := _key(one.get("id"))):
            title = f"{before}{_words(one.get('label')) or key}"
            yield key, Option(key, title)
            yield from _options(one.get("children"), f"{title}: ", level + 1)


def _items(references: Sequence[Any]) -> Iterator[Item]:
    seen: set[str] = set()
    for number, one in enumerate(references, 1):
        if not isinstance(one, dict):
            raise InputError(
                said("In referenceData, entry %(number)s is not a reference; %(repair)s.", number=number, repair=REPAIR)
            )
        key = _key(one.get("ItemId")) or f"n{number}"
        if key in seen:
            key = f"{key}-{number}"
        seen.add(key)
        codes = one.get("Codes")
        held = (
            [_key(code.get("AttributeId")) for code in codes if isinstance(code, dict)]
            if isinstance(codes, list)
            else []
        )
        yield Item(
            key=key,
            title=_words(one.get("Title")) or _words(one.get("ShortTitle")) or "(no title)",
            codes=tuple(dict.fromkeys(code for code in held if code)),
            authors=_authors(one.get("Authors")),
            year=_words(one.get("Year"), 12),
            venue=_words(one.get("ParentTitle"), 300),
            href=_link(one),
            detail=_words(one.get("TypeName"), 80),
        )


def _authors(value: Any) -> str:
    """Names between semicolons, the last of which often stands alone."""
    return line("; ".join(part for name in _words(value, 2000).split(";") if (part := name.strip())), LONG)


def _link(one: Mapping[str, Any]) -> str:
    doi = normalise_doi(one["DOI"]) if isinstance(one.get("DOI"), str) else ""
    found = address(one["URL"]) if isinstance(one.get("URL"), str) else ""
    return f"https://doi.org/{doi}" if doi else found


def shape(held: Map) -> dict[str, int]:
    """How large a map is: items, rows, columns, and the groups of each."""
    return {
        "items": len(held.items),
        "row_groups": len(held.rows),
        "rows": len(leaves(held.rows)),
        "column_groups": len(held.columns),
        "columns": len(leaves(held.columns)),
        "segments": len(held.segments),
        "filters": len(held.filters),
    }
