"""Reads a map from a file: the HTML that EPPI-Mapper writes, or what this program gives away as HTML or JSON."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from typing import Any

from whatworks.errors import InputError
from whatworks.publish.methods.mapping import Map
from whatworks.publish.methods.mapping_counting import unplaced, without_kind
from whatworks.publish.methods.mapping_eppi import is_eppi, read_eppi, shape
from whatworks.publish.methods.mapping_plain import FORMAT, from_plain
from whatworks.saying import said, said_of

LARGEST = 30 * 1024 * 1024  # bytes: the largest public map seen has 4 million
OURS = re.compile(r'<script type="application/json" id="map">(.*?)</script>', re.DOTALL)
EPPI, JSON, HTML = "EPPI-Mapper", "JSON of ours", "HTML of ours"


@dataclass(frozen=True, slots=True)
class Read:
    """A map as read from a file: the map, the form of the file, its digest, and what a person should know of it."""

    map: Map
    form: str
    sha256: str
    remarks: tuple[str, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """What was read, as plain values."""
        told = {"title": self.map.title, "form": self.form, "sha256": self.sha256, "remarks": list(self.remarks)}
        return told | shape(self.map)


def read_map(body: bytes) -> Read:
    """Read a map. InputError, in one sentence, where the file is none."""
    if len(body) > LARGEST:
        raise InputError(
            said(
                "The file has more than %(largest)s MB; a map of that size cannot be drawn.",
                largest=LARGEST // 1024 // 1024,
            )
        )
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    held, form = _map(text)
    return Read(_elsewhere(held), form, hashlib.sha256(body).hexdigest(), tuple(_remarks(held)))


def _map(text: str) -> tuple[Map, str]:
    if found := OURS.search(text):
        return _plain(found[1]), HTML
    if is_eppi(text):
        return read_eppi(text), EPPI
    if text.lstrip().startswith("{"):
        return _plain(text), JSON
    raise InputError(
        said(
            "This is no map that can be read: give the HTML file that EPPI-Mapper wrote, or a map exported here "
            "(“%(format)s”).",
            format=FORMAT,
        )
    )


def _plain(text: str) -> Map:
    try:
        return from_plain(json.loads(text))
    except (ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(said("The file is no JSON that can be read to its end; export the map again.")) from None


def _elsewhere(held: Map) -> Map:
    """The map without addresses that lead only within the site it came from."""
    items = [replace(one, href="") if one.href.startswith("/") else one for one in held.items]
    notes = {place: replace(note, href="") if note.href.startswith("/") else note for place, note in held.notes.items()}
    return replace(held, items=tuple(items), notes=notes)


def _remarks(held: Map) -> list[str]:
    told: list[str] = []
    whole = len(held.items)
    if outside := len(unplaced(held)):
        told.append(
            said_of(
                outside,
                "%(n)s of its %(whole)s items is coded for no row or no column, and stands in no square.",
                "%(n)s of its %(whole)s items are coded for no row or no column, and stand in no square.",
                n=f"{outside:,}",
                whole=f"{whole:,}",
            )
        )
    if bare := len(without_kind(held)):
        told.append(
            said_of(
                bare,
                "%(n)s of its %(whole)s items is of none of its kinds of evidence: counted, but without a shape.",
                "%(n)s of its %(whole)s items are of none of its kinds of evidence: counted, but without a shape.",
                n=f"{bare:,}",
                whole=f"{whole:,}",
            )
        )
    if not held.segments:
        told.append(said("It tells no kinds of evidence apart: its squares have a number and no shapes."))
    return told
