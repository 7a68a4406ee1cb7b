"""Which numbers of cases may stand beside a publication, so that nobody can work out one under ten from all that stands there.

A number under ten is never held. What is held may still give one away: 12 of 21 cases tells of 9 others. So the numbers of one
publication go through the rules of disclosure together (`stats.disclosure`), with the number of cases that it rests on as known to
everybody, and with what earlier codings of the same publication showed. A cell is known by its dimension, its term and what the
term means, so that a term that a later frame took over unchanged is the same cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whatworks.errors import InputError
from whatworks.learn.methods.cases_frame import Frame
from whatworks.saying import said
from whatworks.stats.disclosure.policy import Policy
from whatworks.stats.disclosure.relations import Key, Relation
from whatworks.stats.disclosure.withholding import withhold

LEAST = 10
POLICY = Policy("published reviews of cases", 0, LEAST - 1, protection=5, symbol="not shown")
TOTAL = "all cases"
Cell = tuple[str, str, str]
Counts = Mapping[str, Mapping[str, int]]  # by dimension and term


def cell(frame: Frame, dimension: str, term: str) -> Cell:
    """What a number of cases is a number of, whichever version of the frame asked for it."""
    held = frame.term(dimension, term)
    return (dimension, term, held.means if held else "")


def cells_of(frame: Frame, counts: Counts) -> dict[Cell, int]:
    """The numbers by their cells."""
    return {cell(frame, key, term): n for key, terms in counts.items() for term, n in terms.items()}


def relations_of(frame: Frame, counts: Counts) -> list[Relation]:
    """What ties the numbers of one coding: every term with the cases that have it not, and what is left of each case counted once."""
    found = []
    for key, terms in counts.items():
        dimension = frame.dimension(key)
        keys = [cell(frame, key, term) for term in terms]
        found += [Relation(TOTAL, (one, ("without", *one))) for one in keys]
        if dimension is not None and dimension.exclusive and keys:
            found.append(Relation(TOTAL, (*keys, ("left", frame.version, key))))
    return found


def safe_counts(
    total: int | None, codings: Sequence[tuple[Frame, Counts]], shown_before: Mapping[Cell, int] | None = None
) -> dict[Cell, int]:
    """The cells whose numbers may be shown. `codings`: every coding of one publication, the newest last.

    Where the publication does not say on how many cases it rests, only the numbers themselves are looked at. Raises InputError where
    two codings hold different numbers for the same cell, or numbers that do not add up.
    """
    values: dict[Cell, int] = {}
    relations: list[Relation] = []
    for frame, counts in codings:
        for key, n in cells_of(frame, counts).items():
            if values.setdefault(key, n) != n:
                raise InputError(
                    said(
                        "An earlier coding has another number of cases of “%(term)s”; settle which is right.",
                        term=key[1],
                    )
                )
        relations += relations_of(frame, counts) if total is not None else []
    if not values:
        return {}
    known: dict[Key, int | tuple[int, int]] = {key: n for key, n in (shown_before or {}).items() if key in values}
    if total is not None:
        known[TOTAL] = total
    every: dict[Key, int | None] = dict(values.items())
    held = withhold(every, relations, POLICY, known=known)
    return {key: n for key, n in values.items() if held.shows[key] is not None}


def by_term(frame: Frame, counts: Counts, safe: Mapping[Cell, int]) -> dict[str, dict[str, int]]:
    """The numbers of one coding that may be shown, by dimension and term; what is withheld looks like what was never given."""
    found = {
        key: {term: n for term, n in terms.items() if cell(frame, key, term) in safe} for key, terms in counts.items()
    }
    return {key: terms for key, terms in found.items() if terms}
