"""A map as a page shows it: what was chosen, what fits, the drawing and its words, and one cell with all it holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from whatworks.publish.maps import drawing
from whatworks.publish.maps.own import own_map
from whatworks.publish.methods.mapping import Item, Map, Place, grouped, leaves, without_empty
from whatworks.publish.methods.mapping_counting import (
    Chosen,
    all_filters,
    counted,
    facets,
    fits,
    newest_first,
    of_kinds,
    unplaced,
)
from whatworks.publish.methods.mapping_plain import from_plain
from whatworks.publish.methods.mapping_sentences import told
from whatworks.publish.models import EvidenceMap, MapVersion, Page
from whatworks.publish.writing.withdrawing import withdrawn

ALL, HELD, GROUPS = "all", "held", "groups"
DRAWN = 150  # rows that are drawn without being asked for; a longer map opens with its groups


class Asked(Protocol):
    """What a reader asked for in the address."""

    def get(self, key: str, default: str = "", /) -> Any: ...
    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """A map at an address: our own, or a version of one that others made."""

    map: Map
    base: str
    version: MapVersion | None = None

    @property
    def theirs(self) -> EvidenceMap | None:
        """The map that others made; None where it is our own."""
        return self.version.map if self.version else None


def ours() -> Shown:
    """The centre's own map."""
    return Shown(own_map(), "/map/")


def theirs(version: MapVersion) -> Shown:
    """A version of a map that others made."""
    return Shown(_read(version.pk, version.sha256), f"/maps/{version.map.slug}/", version)


@lru_cache(maxsize=4)
def _read(identifier: str, sha256: str) -> Map:
    return from_plain(MapVersion.objects.get(pk=identifier, sha256=sha256).content)


def chosen_of(held: Map, asked: Asked) -> dict[str, tuple[str, ...]]:
    """What was chosen by each filter, of what can be chosen."""
    made = {}
    for one in all_filters(held):
        known = {option.key for option in one.options}
        if found := tuple(dict.fromkeys(key for key in asked.getlist(one.key) if key in known)):
            made[one.key] = found
    return made


def map_page(shown: Shown, asked: Asked) -> dict[str, Any]:
    """Everything the page of a map shows."""
    held = shown.map
    chosen = chosen_of(held, asked)
    view = _view(held, asked)
    drawn = {HELD: without_empty, GROUPS: grouped}.get(view, _same)(held)
    found = counted(drawn, chosen)
    query = urlencode([(key, code) for key, codes in chosen.items() for code in codes])
    address = _address(shown.base, query)
    return {
        "title": held.title if shown.theirs is None else shown.theirs.title,
        "base": shown.base,
        "about": held.about,
        "theirs": shown.theirs,
        "version": shown.version,
        "sentences": told(held, counted(held, chosen)),
        "count": len(found.items),
        "whole": len(held.items),
        "narrowed": bool(chosen),
        "filters": _filters(held, chosen),
        "views": _views(held, view, shown.base, query),
        "view": view,
        "symbols": SafeString(drawing.symbols(drawn)),
        "legend": SafeString(drawing.legend(drawn, found)),
        "grid": SafeString(drawing.grid(drawn, found, address, _caption(drawn))) if found.items else "",
        "withdrawn": _withdrawn() if shown.theirs is None else [],
        "outside": [entry(held, one) for one in unplaced(held) if fits(one, chosen)],
        "rows": SafeString(drawing.row_by_row(drawn, found, address)) if found.items else "",
    }


def _withdrawn() -> list[dict[str, str]]:
    """The pages that a reader may miss on our map, and why they are not on it."""
    standing = withdrawn()
    pages = Page.objects.filter(pk__in=standing).order_by("title", "pk")
    return [{"title": one.title, "href": f"/evidence/{one.slug}/", "why": standing[one.pk].why} for one in pages]


def _same(held: Map) -> Map:
    return held


def _address(base: str, query: str) -> drawing.Address:
    asked = f"?{query}" if query else ""
    return lambda place: f"{base}cells/{place[0]}/{place[1]}/{asked}"


def _view(held: Map, asked: Asked) -> str:
    wanted = asked.get("show", "")
    if wanted in (ALL, HELD, GROUPS):
        return str(wanted)
    return GROUPS if len(leaves(held.rows)) > DRAWN else ALL


def _views(held: Map, view: str, base: str, query: str) -> list[dict[str, Any]]:
    names = {
        ALL: _("Every row and column"),
        HELD: _("Only those with something in them"),
        GROUPS: _("Groups only"),
    }
    grouping = any(one.parts for one in (*held.rows, *held.columns))
    return [
        {"name": name, "href": f"{base}?show={key}{'&' + query if query else ''}#map", "here": key == view}
        for key, name in names.items()
        if key != GROUPS or grouping
    ]


def _caption(held: Map) -> str:
    blank = drawing.state_words(held.blank)
    words = _("Rows are what was done, columns are what may change. A blank square: %(blank)s.") % {"blank": blank}
    return words + " " + _("It shows what was studied, not what was found.")


def _filters(held: Map, chosen: Chosen) -> list[dict[str, Any]]:
    counts = facets(held, chosen)
    return [
        {
            "name": one.key,
            "title": one.title,
            "options": [
                {
                    "value": option.key,
                    "label": option.title,
                    "count": counts[one.key][option.key],
                    "checked": option.key in chosen.get(one.key, ()),
                }
                for option in one.options
            ],
        }
        for one in all_filters(held)
    ]


def cell_page(shown: Shown, place: Place, asked: Asked) -> dict[str, Any] | None:
    """One cell with all it holds; None where the map has no such cell."""
    held = shown.map
    named = _named(held, place)
    if named is None:  # a cell of two groups
        held = grouped(held)
        named = _named(held, place)
        if named is None:
            return None
    chosen = chosen_of(shown.map, asked)
    counts = counted(held, chosen)
    cell = counts.cells.get(place)
    query = urlencode([(key, code) for key, codes in chosen.items() for code in codes])
    found = newest_first(counts.within.get(place, ()))
    return {
        "title": named[0],
        "outcome": named[1],
        "theirs": shown.theirs,
        "back": f"{shown.base}{'?' + query if query else ''}#map",
        "map_title": shown.theirs.title if shown.theirs else held.title,
        "summary": drawing.summary_of(cell) if cell else drawing.state_words(held.blank).capitalize(),
        "empty": not found,
        "state": cell.state if cell else held.blank,
        "narrowed": bool(chosen) and len(found) < len(counted(held).within.get(place, ())),
        "page": cell.note.href if cell and cell.note else "",
        "entries": [entry(held, one) for one in found],
    }


def _named(held: Map, place: Place) -> tuple[str, str] | None:
    row = {leaf.key: leaf.title for leaf in leaves(held.rows)}.get(place[0])
    column = {leaf.key: leaf.title for leaf in leaves(held.columns)}.get(place[1])
    return None if row is None or column is None else (row, column)


def entry(held: Map, one: Item) -> dict[str, Any]:
    """An item as a list shows it."""
    line = ". ".join(part for part in (one.authors, one.year, one.venue, one.detail) if part)
    return {"title": one.title, "href": one.href, "line": line, "kinds": ", ".join(of_kinds(held, one))}
