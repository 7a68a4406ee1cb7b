"""What a map shows, in a sentence or two: where most was studied, and where nothing was. Counts, never what was found."""

from __future__ import annotations

from whatworks.publish.methods.mapping import Map, leaves
from whatworks.publish.methods.mapping_counting import Counted, fullest, states

EMPTY = {
    "not-searched": "for {n} no search is recorded here",
    "nothing-found": "{n} searched and nothing found",
    "not-chosen": "{n} hold only what does not fit what you chose",
    "none-here": "the map does not say whether they were searched",
}


def told(held: Map, found: Counted) -> tuple[str, ...]:
    """Where the evidence is and is not, for somebody who does not see the map."""
    if not found.items:
        return ("Nothing fits what you chose.",)
    return tuple(part for part in (_how_much(held, found), _where(held, found), _gaps(held, found)) if part)


def _how_much(held: Map, found: Counted) -> str:
    whole = len(held.items)
    shown = f"{len(found.items):,}" if len(found.items) == whole else f"{len(found.items):,} of {whole:,}"
    rows, columns = len(leaves(held.rows)), len(leaves(held.columns))
    outside = len(found.items) - found.placed
    said = f"{shown} {_studies(whole)} on {_some(rows, 'way')} of working and {_some(columns, 'outcome')}."
    return said + (f" {outside:,} of them {_stand(outside)} in no square." if outside else "")


def _studies(count: int) -> str:
    return "study or review" if count == 1 else "studies and reviews"


def _some(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _stand(count: int) -> str:
    return "stands" if count == 1 else "stand"


def _where(held: Map, found: Counted) -> str:
    names = {leaf.key: leaf.title for side in (held.rows, held.columns) for leaf in leaves(side)}
    most = [f"{names[cell.row]} and {_small(names[cell.column])} ({cell.count})" for cell in fullest(found)]
    return f"Most is held on: {'; '.join(most)}." if most else ""


def _small(text: str) -> str:
    """A name within a sentence: a small letter first, unless its first word is all capitals or a name in capitals."""
    word = text.split(" ", 1)[0]
    return text if len(word) > 1 and word[1:] != word[1:].lower() else text[:1].lower() + text[1:]


def _gaps(held: Map, found: Counted) -> str:
    empty = states(held, found)
    bare = sum(empty.values())
    if not bare:
        return f"None of the {found.total:,} squares is empty."
    parts = [EMPTY[key].format(n=f"{count:,}") for key, count in empty.items() if key in EMPTY and count]
    return f"{bare:,} of {found.total:,} squares are empty" + (f"; {'; '.join(parts)}." if parts else ".")
