"""Merging: the records of one cluster as one publication, with the record that each field came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from whatworks.collate.methods.match.sketching import Fields

_FULLEST = ("authors", "abstract", "title")


@dataclass(frozen=True, slots=True)
class Merged:
    """One publication: the records it is made of, its fields, and the number of the record that each was taken from."""

    records: tuple[int, ...]
    fields: Mapping[str, Any]
    sources: Mapping[str, int]

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


def merge(records: Sequence[int], fields: Sequence[Fields]) -> Merged:
    """The fields of a cluster: each from the record that says most, where one field is as full from the fullest record.

    A title in capitals gives way to one that is not; nothing is made up of two records' values.
    """
    order = sorted(records, key=lambda at: (-sum(bool(value) for value in fields[at]), at))
    chosen: dict[str, Any] = {}
    sources: dict[str, int] = {}
    for number, name in enumerate(Fields._fields):
        saying = [at for at in order if fields[at][number]]
        if saying:
            best = max(saying, key=lambda at: _fullness(name, fields[at][number])) if name in _FULLEST else saying[0]
            chosen[name], sources[name] = fields[best][number], best
    return Merged(tuple(records), chosen, sources)


def _fullness(name: str, value: Any) -> tuple[bool, int]:
    if name == "authors":
        return True, sum(len(author) for author in value)
    return name != "title" or not str(value).isupper(), len(str(value))
