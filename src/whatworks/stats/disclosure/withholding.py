"""Disclosure control of a set of outputs: withhold small counts, round, and withhold what would give those away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.disclosure.cells import Cells, Known, assemble, derived
from whatworks.stats.disclosure.equations import Whole
from whatworks.stats.disclosure.policy import Policy
from whatworks.stats.disclosure.policy import rounded as nearest
from whatworks.stats.disclosure.protecting import protect
from whatworks.stats.disclosure.relations import Key, Relation
from whatworks.stats.disclosure.search import Search, searching
from whatworks.stats.disclosure.tidying import tidy
from whatworks.stats.disclosure.view import LEVELS, PUBLISHER, SHOWN, SMALL, steps
from whatworks.stats.disclosure.withheld import Withheld


def withhold(
    values: Mapping[Key, int | None],
    relations: Iterable[Relation],
    policy: Policy,
    *,
    known: Known | None = None,
    large: Collection[Key] = (),
    rounded: Mapping[Key, int] | None = None,
) -> Withheld:
    """What may be shown of all these counts together, so that no withheld one can be worked out.

    values: the count of each cell to be shown, None where its publisher withholds it; leave out cells that do not apply.
    relations: every sum among them; a key without a value is a cell that nobody shows, and a small difference between
    outputs is protected too. known: what is public already, a count or its least and greatest (`Withheld.known` of
    earlier outputs, `counts_behind` a rate). large: keys of large areas, which a policy may round. rounded: keys whose
    count its publisher has rounded, and to multiples of what. The same for any order of the cells and relations.
    Raises InputError where counts are no counts, do not add up, or contradict what is known.

    Source: cell suppression with an attacker's audit, Fischetti and Salazar (2001), Management Science 47(7), 1008-1027;
    sliding protection levels as in Hundepool et al. (2012), Statistical Disclosure Control, chapter 4.
    """
    sums, told, sure = tuple(dict.fromkeys(relations)), dict(known or {}), dict(rounded or {})
    areas = frozenset(large)
    _check_keys(values, areas, sure)
    cells = assemble(values, sums, told, areas, sure)
    differences = derived(cells, policy) if policy.withholds else np.zeros(cells.equations.cells, dtype=np.bool_)
    reasons = _primary(cells, policy)
    searches = [
        _searched(searching(cells.part(some), policy, reasons[some], differences[some]))
        for some in cells.equations.components(np.ones(reasons.size, dtype=np.bool_))
        if np.any(reasons[some] != SHOWN) or np.any(differences[some])
    ]
    return _withheld(searches, cells, policy, areas, sums, told)


def _check_keys(values: Mapping[Key, int | None], large: frozenset[Key], rounded: Mapping[Key, int]) -> None:
    """Large areas and rounded counts are among the values, lest a misspelt key go unrounded."""
    strange = [key for key in (*large, *rounded) if key not in values]
    if strange:
        raise InputError(
            said(
                "%(strange)r is said to be large or rounded, and has no count: give one, or leave it out.",
                strange=strange[0],
            )
        )
    if any(step < 1 for step in rounded.values()):
        raise InputError(said("A publisher rounds to multiples of 1 or more: mend `rounded`."))


def _searched(search: Search) -> Search:
    """The search when it has protected every cell that can be."""
    for cell in np.flatnonzero((search.reasons != SHOWN) | search.derived).tolist():
        _protect(search, cell)
    waiting = sorted(search.for_whom)
    while waiting:
        for cell in waiting:
            _protect(search, cell)
        waiting = sorted(cell for cell in search.for_whom if search.must_protect(cell) and not _done(search, cell))
    search.exposed = {cell for cell in search.exposed if not _done(search, cell)}  # a later cell's may have helped
    tidy(search)
    return search


def _done(search: Search, cell: int) -> bool:
    """Whether enough lookalikes are found for a cell."""
    return len(search.seen.get(cell, ())) >= search.policy.protection


def _protect(search: Search, cell: int) -> None:
    """Protect a cell, or say that nothing can."""
    if not protect(search, cell):
        search.exposed.add(cell)


def _primary(cells: Cells, policy: Policy) -> Whole:
    """Why each cell is withheld before any other is looked at, by place in LEVELS."""
    small = np.zeros(cells.equations.cells, dtype=np.bool_)
    if policy.smallest is not None and policy.largest is not None:
        small = (cells.given >= policy.smallest) & (cells.given <= policy.largest)
    reasons = np.where(cells.listed & small, SMALL, SHOWN)
    return np.where(cells.by_publisher, PUBLISHER, reasons).astype(np.int64)


def _withheld(
    searches: list[Search],
    cells: Cells,
    policy: Policy,
    large: frozenset[Key],
    relations: tuple[Relation, ...],
    known: Known,
) -> Withheld:
    """The searches as one result, without the counts that they withheld."""
    step, keys = steps(cells, policy), cells.equations.keys
    shows: dict[Key, int | None] = {
        keys[at]: nearest(int(cells.given[at]), int(step[at])) for at in np.flatnonzero(cells.listed).tolist()
    }
    hidden = [
        (one, at, one.cells.equations.keys) for one in searches for at in np.flatnonzero(one.reasons != SHOWN).tolist()
    ]
    shows.update({names[at]: None for _, at, names in hidden})
    exposed = tuple(one.cells.equations.keys[at] for one in searches for at in sorted(one.exposed))
    return Withheld(
        policy=policy,
        shows=shows,
        large=large,
        reasons={names[at]: LEVELS[one.reasons[at]] for one, at, names in hidden},
        protects={names[at]: names[one.for_whom[at]] for one, at, names in hidden if at in one.for_whom},
        possible={names[at]: len(one.seen[at]) for one, at, names in hidden},
        exposed=exposed,
        relations=relations,
        earlier=dict(known),
        warnings=_warnings(exposed),
    )


def _warnings(exposed: tuple[Key, ...]) -> tuple[str, ...]:
    """What could not be protected, in a sentence."""
    if not exposed:
        return ()
    names = ", ".join(map(str, exposed[:3])) + (" and others" if len(exposed) > 3 else "")
    return (
        f"{len(exposed):,} withheld counts can be narrowed down from what was public before, whatever is withheld now: {names}.",
    )
