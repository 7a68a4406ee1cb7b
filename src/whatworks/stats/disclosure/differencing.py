"""Whether outputs for overlapping sets of areas or times differ by a few children, which would count those for anybody."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.disclosure.policy import Policy
from whatworks.stats.disclosure.relations import Key, Relation
from whatworks.stats.disclosure.withheld import Withheld
from whatworks.stats.disclosure.withholding import withhold
from whatworks.stats.results import Result


@dataclass(frozen=True, slots=True)
class Output(Result):
    """One count over a set of areas, times, or pairs of both. None: it is withheld."""

    covers: frozenset[Hashable]
    count: int | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "covers", frozenset(self.covers))
        if not self.covers:
            raise InputError(said("An output counts children of at least one area or time: say of which."))


def differenced(before: Mapping[Key, Output], now: Mapping[Key, Output], policy: Policy) -> Withheld:
    """Which of the outputs of now may be shown, so that none, less another of now or before, leaves a small count.

    before: what is public already and cannot be taken back. Each set is cut into the pieces that the sets make of each
    other; a piece, or what one set has more than another inside it, whose count follows from the outputs, is protected
    like a small cell. Raises InputError where the counts of nested sets contradict each other (a revised count covers
    something else: give it other elements, such as (area, release)).
    """
    outputs = {("before", name): one for name, one in before.items()} | {
        ("now", name): one for name, one in now.items()
    }
    relations = (*_pieces(outputs), *_differences(outputs))
    known: dict[Key, int | tuple[int, int]] = {
        ("before", name): one.count for name, one in before.items() if one.count is not None
    }
    found = withhold({("now", name): one.count for name, one in now.items()}, relations, policy, known=known)
    return _renamed(found)


def _pieces(outputs: Mapping[tuple[str, Key], Output]) -> list[Relation]:
    """Each output as the sum of the pieces of its set; a piece is named by the outputs that cover it."""
    covering: dict[Hashable, list[tuple[str, Key]]] = {}
    for name, one in outputs.items():
        for element in one.covers:
            covering.setdefault(element, []).append(name)
    pieces = dict.fromkeys(tuple(sorted(names, key=repr)) for names in covering.values())
    return [Relation(name, tuple(("piece", piece) for piece in pieces if name in piece)) for name in outputs]


def _differences(outputs: Mapping[tuple[str, Key], Output]) -> list[Relation]:
    """Each output as one inside it and what it has more; two of the same set are the same count."""
    held = []
    for outer, whole in outputs.items():
        for inner, part in outputs.items():
            if part.covers < whole.covers:
                held.append(Relation(outer, (inner, ("more", outer, inner))))
            elif part.covers == whole.covers and repr(inner) < repr(outer):
                held.append(Relation(outer, (inner,)))
    return held


def _renamed(found: Withheld) -> Withheld:
    """The same with the names that the outputs were given."""
    return Withheld(
        policy=found.policy,
        shows={_name(key): number for key, number in found.shows.items()},
        large=frozenset(),
        reasons={_name(key): reason for key, reason in found.reasons.items()},
        protects={_name(key): _about(other) for key, other in found.protects.items()},
        possible={_name(key): count for key, count in found.possible.items()},
        exposed=tuple(_about(key) for key in found.exposed),
        relations=found.relations,
        earlier=found.earlier,
        warnings=found.warnings,
    )


def _name(key: Key) -> Key:
    """The name of an output of now."""
    return key[1] if isinstance(key, tuple) else key


def _about(key: Key) -> Key:
    """What a reason calls a cell: an output by its name, a difference by both."""
    if not isinstance(key, tuple) or key[0] in ("now", "before"):
        return _name(key)
    if key[0] == "more":
        return f"what {_name(key[1])} has more than {_name(key[2])}"
    return "what " + " and ".join(str(_name(name)) for name in key[1]) + (" share" if len(key[1]) > 1 else " has alone")
