"""What a map shows, in a sentence or two: where most was studied, and where nothing was. Counts, never what was found."""

from __future__ import annotations

from whatworks.publish.methods.mapping import Map, leaves
from whatworks.publish.methods.mapping_counting import Counted, fullest, states
from whatworks.saying import Said, joined, said, said_of


def told(held: Map, found: Counted) -> tuple[str, ...]:
    """Where the evidence is and is not, for somebody who does not see the map."""
    if not found.items:
        return (said("Nothing fits what you chose."),)
    return tuple(part for part in (_how_much(held, found), _where(held, found), _gaps(held, found)) if part)


def _how_much(held: Map, found: Counted) -> str:
    whole = len(held.items)
    shown = f"{len(found.items):,}"
    if len(found.items) != whole:
        shown = said("%(n)s of %(whole)s", n=shown, whole=f"{whole:,}")
    rows, columns = len(leaves(held.rows)), len(leaves(held.columns))
    told = said(
        "%(shown)s %(studies)s on %(rows)s and %(columns)s.",
        shown=shown,
        studies=said_of(whole, "study or review", "studies and reviews"),
        rows=said_of(rows, "%(n)s way of working", "%(n)s ways of working", n=f"{rows:,}"),
        columns=said_of(columns, "%(n)s outcome", "%(n)s outcomes", n=f"{columns:,}"),
    )
    outside = len(found.items) - found.placed
    return joined(" ", (told, _outside(outside))) if outside else told


def _outside(count: int) -> Said:
    return said_of(count, "%(n)s of them stands in no square.", "%(n)s of them stand in no square.", n=f"{count:,}")


def _where(held: Map, found: Counted) -> str:
    names = {leaf.key: leaf.title for side in (held.rows, held.columns) for leaf in leaves(side)}
    most = [
        said("%(row)s and %(column)s (%(n)s)", row=names[one.row], column=_small(names[one.column]), n=one.count)
        for one in fullest(found)
    ]
    return said("Most is held on: %(places)s.", places=joined("; ", most)) if most else ""


def _small(text: str) -> str:
    """A name within a sentence: a small letter first, unless its first word is all capitals or a name in capitals."""
    word = text.split(" ", 1)[0]
    return text if len(word) > 1 and word[1:] != word[1:].lower() else text[:1].lower() + text[1:]


def _gaps(held: Map, found: Counted) -> str:
    empty = states(held, found)
    bare = sum(empty.values())
    if not bare:
        return said("None of the %(n)s squares is empty.", n=f"{found.total:,}")
    parts = [_empty(key, count) for key, count in empty.items() if count]
    told = said("%(n)s of %(total)s squares are empty", n=f"{bare:,}", total=f"{found.total:,}")
    return joined("", (joined("; ", (told, *(one for one in parts if one))), "."))


def _empty(state: str, count: int) -> str:
    n = f"{count:,}"
    return {
        "not-searched": said("for %(n)s no search is recorded here", n=n),
        "nothing-found": said("%(n)s searched and nothing found", n=n),
        "not-chosen": said("%(n)s hold only what does not fit what you chose", n=n),
        "none-here": said("the map does not say whether they were searched"),
    }.get(state, "")
