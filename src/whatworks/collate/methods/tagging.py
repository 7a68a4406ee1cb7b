"""Tagging: the cells of one row as the tags of a record, by the layout of its table; no cell that holds anything is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from whatworks.collate.methods.columns import FIELDS
from whatworks.collate.methods.mapping import Layout
from whatworks.collate.methods.splitting import keywords_of, names_of, ris_type

_SPLIT: dict[str, Callable[[str], list[str]]] = {
    "authors": names_of,
    "editors": names_of,
    "keywords": keywords_of,
    "index_keywords": keywords_of,
}


class Tagger:
    """Rows of one table as tags: a field under its RIS tag, any other column under `<source>:<Header>`.

    A cell that is split into names or keywords, or translated into a RIS type, is kept whole under its own header too.
    """

    __slots__ = ("_always", "_journal", "_kind", "_plan", "_prefix")

    def __init__(self, layout: Layout, always: tuple[tuple[str, str], ...] = ()) -> None:
        self._always, self._prefix = always, layout.vendor.prefix
        field_at = {at: name for name, at in layout.fields.items()}
        self._kind = layout.fields.get("type", -1)
        self._journal = layout.fields.get("journal", -1)
        self._plan = []
        for at, header in enumerate(layout.names):
            name, own = field_at.get(at, ""), f"{layout.vendor.prefix}:{header}"
            tag = FIELDS[name].tag if name and name != "type" else own
            self._plan.append((tag, _SPLIT.get(name), own))

    def __call__(self, cells: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """The tags of a row, the type first and then in the order of the columns."""
        tags = [("TY", self._type(cells))]
        for cell, (tag, split, own) in zip(cells, self._plan, strict=False):
            if cell and (value := cell.strip()):
                if split is None:
                    tags.append((tag, value))
                    continue
                parts = split(value)
                tags += [(tag, part) for part in parts]
                if parts != [value]:
                    tags.append((own, value))
        if len(cells) > len(self._plan):  # a sheet may hold cells to the right of its header
            beyond = enumerate(cells[len(self._plan) :], len(self._plan) + 1)
            tags.extend((f"{self._prefix}:column {at}", value) for at, cell in beyond if (value := cell.strip()))
        return (*tags, *self._always)

    def _type(self, cells: Sequence[str]) -> str:
        if 0 <= self._kind < len(cells) and (code := ris_type(cells[self._kind])):
            return code
        return "JOUR" if 0 <= self._journal < len(cells) and cells[self._journal].strip() else "GEN"
