"""A map as plain values, the form in which it is kept and given away; and read back, refused where it is no map."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from whatworks.errors import InputError
from whatworks.publish.methods.mapping import Filter, Heading, Item, Map, Note, Option, Place, leaves, walk
from whatworks.publish.methods.mapping_words import LONG, address, line
from whatworks.saying import said

FORMAT, VERSION = "whatworks evidence map", 1
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
MOST = {"items": 20_000, "rows": 400, "columns": 400, "segments": 40, "options": 2_000, "levels": 6}
TEXTS = ("title", "authors", "year", "venue", "detail")


def to_plain(held: Map) -> dict[str, Any]:
    """The map as values that JSON can hold; what is empty is left out."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "title": held.title,
        "about": held.about,
        "blank": held.blank,
        "rows": [_heading_out(one) for one in held.rows],
        "columns": [_heading_out(one) for one in held.columns],
        "segments": [_option_out(one) for one in held.segments],
        "filters": [
            {"key": one.key, "title": one.title, "options": [_option_out(option) for option in one.options]}
            for one in held.filters
        ],
        "items": [_item_out(one) for one in held.items],
        "notes": [
            {
                "row": row,
                "column": column,
                "state": note.state,
                "level": note.level,
                "sure": note.sure,
                "href": note.href,
            }
            for (row, column), note in sorted(held.notes.items())
        ],
    }


def _heading_out(one: Heading) -> dict[str, Any]:
    parts = {"parts": [_heading_out(part) for part in one.parts]} if one.parts else {}
    return {"key": one.key, "title": one.title, **parts}


def _option_out(one: Option) -> dict[str, str]:
    return {"key": one.key, "title": one.title}


def _item_out(one: Item) -> dict[str, Any]:
    texts = {name: value for name in (*TEXTS, "href") if (value := getattr(one, name))}
    places = {"places": [list(place) for place in one.places]} if one.places else {}
    return {"key": one.key, "codes": list(one.codes), **places, **texts}


THE_MAP = said("the map")


def from_plain(plain: Any) -> Map:
    """Read the form that `to_plain` writes. InputError, with the place, where it is not that form."""
    if not isinstance(plain, Mapping) or plain.get("format") != FORMAT:
        raise InputError(
            said(
                "This is not a map of ours: it does not begin with the format “%(format)s”; export the map again.",
                format=FORMAT,
            )
        )
    if plain.get("version") != VERSION:
        raise InputError(
            said(
                "The map is of version %(version)r; this program reads version %(ours)s.",
                version=plain.get("version"),
                ours=VERSION,
            )
        )
    held = Map(
        line(_text(plain, "title", THE_MAP), LONG),
        tuple(_heading(one, "rows", 1) for one in _list(plain, "rows", THE_MAP)),
        tuple(_heading(one, "columns", 1) for one in _list(plain, "columns", THE_MAP)),
        tuple(_option(one, "segments") for one in _list(plain, "segments", THE_MAP)),
        tuple(_filter(one) for one in _list(plain, "filters", THE_MAP)),
        tuple(_items(plain)),
        dict(_notes(plain)),
        line(_text(plain, "about", THE_MAP), 4000),
        line(_text(plain, "blank", THE_MAP), 40) or "none-here",
    )
    return sound(held)


def sound(held: Map) -> Map:
    """The map, if it can be drawn: both ways headings, keys that are told apart, sizes within bounds. Else InputError."""
    down, across = leaves(held.rows), leaves(held.columns)
    if not held.title:
        raise InputError(said("The map has no title; give it one."))
    if not down or not across:
        raise InputError(
            said("The map has no rows or no columns, so nothing can stand in it; choose both before exporting it.")
        )
    sizes = {
        "items": len(held.items), "rows": len(down), "columns": len(across), "segments": len(held.segments),
        "options": sum(len(one.options) for one in held.filters),
    }  # fmt: skip
    for name, size in sizes.items():
        if size > MOST[name]:
            raise InputError(
                said(
                    "The map has %(size)s %(name)s; at most %(most)s can be drawn, so split it.",
                    size=f"{size:,}",
                    name=name,
                    most=f"{MOST[name]:,}",
                )
            )
    for name, keys in _keys(held):
        twice = next((key for key in keys if keys.count(key) > 1), None) if len(set(keys)) < len(keys) else None
        if twice is not None:
            raise InputError(
                said("Two %(name)s have the key “%(twice)s”; give each a key of its own.", name=name, twice=twice)
            )
    return held


def _keys(held: Map) -> Iterator[tuple[str, list[str]]]:
    yield said("rows"), [one.key for one in walk(held.rows)]
    yield said("columns"), [one.key for one in walk(held.columns)]
    yield said("kinds of evidence"), [one.key for one in held.segments]
    yield said("filters"), [one.key for one in held.filters]
    yield said("items"), [one.key for one in held.items]


def _list(plain: Mapping[str, Any], name: str, where: str) -> list[Any]:
    found = plain.get(name, [])
    if not isinstance(found, list):
        raise InputError(said("In %(where)s, “%(name)s” is not a list; export the map again.", where=where, name=name))
    return found


def _text(plain: Mapping[str, Any], name: str, where: str) -> str:
    found = plain.get(name, "")
    if not isinstance(found, str):
        raise InputError(said("In %(where)s, “%(name)s” is not text; export the map again.", where=where, name=name))
    return found


def _key(plain: Any, where: str, name: str = "key") -> str:
    found = plain.get(name) if isinstance(plain, Mapping) else None
    if not isinstance(found, str) or not KEY.fullmatch(found):
        raise InputError(
            said(
                "In %(where)s, a %(name)s is missing or is not made of letters, digits, - and _: %(found)r.",
                where=where,
                name=name,
                found=str(found)[:60],
            )
        )
    return found


def _heading(plain: Any, where: str, level: int) -> Heading:
    if level > MOST["levels"]:
        raise InputError(
            said(
                "The %(where)s have more than %(levels)s levels of headings; two are drawn.",
                where=where,
                levels=MOST["levels"],
            )
        )
    key = _key(plain, where)
    parts = tuple(_heading(one, where, level + 1) for one in _list(plain, "parts", where))
    return Heading(key, line(_text(plain, "title", where), LONG) or key, parts)


def _option(plain: Any, where: str) -> Option:
    key = _key(plain, where)
    return Option(key, line(_text(plain, "title", where), LONG) or key)


def _filter(plain: Any) -> Filter:
    one = _option(plain, "filters")
    return Filter(one.key, one.title, tuple(_option(each, "filters") for each in _list(plain, "options", "filters")))


def _items(plain: Mapping[str, Any]) -> Iterator[Item]:
    for number, one in enumerate(_list(plain, "items", THE_MAP), 1):
        where = f"item {number}"
        key = _key(one, where)
        codes = tuple(code for code in _list(one, "codes", where) if isinstance(code, str) and KEY.fullmatch(code))
        places = tuple(_place(each, where) for each in _list(one, "places", where))
        texts = {name: line(_text(one, name, where), LONG) for name in TEXTS}
        yield Item(key, codes=codes, places=places, href=address(_text(one, "href", where)), **texts)


def _place(plain: Any, where: str) -> Place:
    if (
        isinstance(plain, list)
        and len(plain) == 2
        and all(isinstance(key, str) and KEY.fullmatch(key) for key in plain)
    ):
        return plain[0], plain[1]
    raise InputError(
        said("In %(where)s, a place is not a pair of a row's and a column's key; export the map again.", where=where)
    )


def _notes(plain: Mapping[str, Any]) -> Iterator[tuple[Place, Note]]:
    for one in _list(plain, "notes", THE_MAP):
        place = _key(one, "notes", "row"), _key(one, "notes", "column")
        level = one.get("level", 0)
        if level not in range(5):
            raise InputError(
                said("In notes, the level %(level)r is not a whole number from 0 to 4.", level=str(level)[:20])
            )
        texts = {name: line(_text(one, name, "notes"), 80) for name in ("state", "sure")}
        yield place, Note(level=int(level), href=address(_text(one, "href", "notes")), **texts)
