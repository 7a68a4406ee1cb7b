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
        raise InputError(f"The file has more than {LARGEST // 1024 // 1024} MB; a map of that size cannot be drawn.")
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
        f"This is no map that can be read: give the HTML file that EPPI-Mapper wrote, or a map exported here (“{FORMAT}”)."
    )


def _plain(text: str) -> Map:
    try:
        return from_plain(json.loads(text))
    except (ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("The file is no JSON that can be read to its end; export the map again.") from None


def _elsewhere(held: Map) -> Map:
    """The map without addresses that lead only within the site it came from."""
    items = [replace(one, href="") if one.href.startswith("/") else one for one in held.items]
    notes = {place: replace(note, href="") if note.href.startswith("/") else note for place, note in held.notes.items()}
    return replace(held, items=tuple(items), notes=notes)


def _remarks(held: Map) -> list[str]:
    said, whole = [], len(held.items)
    if outside := len(unplaced(held)):
        be, stand = ("is", "stands") if outside == 1 else ("are", "stand")
        said.append(f"{outside:,} of its {whole:,} items {be} coded for no row or no column, and {stand} in no square.")
    if bare := len(without_kind(held)):
        be = "is" if bare == 1 else "are"
        said.append(
            f"{bare:,} of its {whole:,} items {be} of none of its kinds of evidence: counted, but without a shape."
        )
    if not held.segments:
        said.append("It tells no kinds of evidence apart: its squares have a number and no shapes.")
    return said
