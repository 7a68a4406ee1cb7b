"""What may be shown of a set of outputs, and why the rest is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.disclosure.policy import Policy, Reason
from whatworks.stats.disclosure.relations import Key, Relation
from whatworks.stats.disclosure.showing import shown_rate
from whatworks.stats.results import Result


@dataclass(frozen=True, slots=True)
class Withheld(Result):
    """A set of outputs after disclosure control. It holds what is shown and no withheld count, so that it leaks none.

    shows: by key, the number as it is shown, None where it is withheld. reasons: by withheld key, why. protects: by key
    withheld for another's sake, that other. possible: by withheld key, how many counts are proved possible, each by a
    whole table that looks the same from outside. exposed: withheld, but earlier outputs or its publisher's own leave
    fewer counts possible than the policy asks, whatever is done now.
    """

    policy: Policy
    shows: Mapping[Key, int | None]
    large: frozenset[Key]
    reasons: Mapping[Key, Reason]
    protects: Mapping[Key, Key]
    possible: Mapping[Key, int]
    exposed: tuple[Key, ...]
    relations: tuple[Relation, ...]
    earlier: Mapping[Key, int | tuple[int, int]]
    warnings: tuple[str, ...] = ()

    def shown(self, key: Key) -> int | str:
        """The number that may be shown, or the policy's symbol. Raises InputError for a cell that is not of these outputs."""
        if key not in self.shows:
            raise InputError(
                said("%(key)r is not one of the cells of these outputs: give its count with the others.", key=key)
            )
        number = self.shows[key]
        return self.policy.symbol if number is None else number

    def text(self, key: Key) -> str:
        """What stands in a table: 1,230, or the symbol."""
        shown = self.shown(key)
        return shown if isinstance(shown, str) else f"{shown:,}"

    def rate(self, key: Key, population: int, per: int, *, decimals: int = 1) -> str:
        """The rate as it may be shown: from the count that is shown, else the symbol."""
        shown = self.shown(key)
        if isinstance(shown, str):
            return shown
        return shown_rate(shown, population, per, _AS_SHOWN, decimals=decimals)

    def reason(self, key: Key) -> str | None:
        """Why a cell is withheld, for the people who keep the figures; None where it is shown. Pages show the symbol only."""
        self.shown(key)
        why = self.reasons.get(key)
        if why == Reason.COMPLEMENT:
            return f"would give {_named(self.protects[key])} away"
        return None if why is None else str(why)

    @property
    def known(self) -> dict[Key, int | tuple[int, int]]:
        """What everybody knows once this is out, earlier outputs included: give it as `known` with the next outputs."""
        from whatworks.stats.disclosure.view import rounding_interval

        told: dict[Key, int | tuple[int, int]] = dict(self.earlier)
        for key, number in self.shows.items():
            if number is not None:
                low, high = rounding_interval(number, self.policy.step(key in self.large), self.policy)
                told[key] = _both(told.get(key), low, high)
        return told

    def summary(self) -> str:
        """How many cells are shown and withheld, by reason, in a sentence."""
        kinds = list(self.reasons.values())
        parts = [
            (kinds.count(Reason.SMALL), "small"),
            (kinds.count(Reason.COMPLEMENT), "because they would give another away"),
            (kinds.count(Reason.UNSAID) + kinds.count(Reason.ANY), "for a reason that is not said"),
            (kinds.count(Reason.PUBLISHER), "withheld by their publisher"),
        ]
        told = ", ".join(f"{count:,} {why}" for count, why in parts if count)
        counted = f"{len(kinds):,} of {len(self.shows):,} counts are withheld"
        return f"{counted}: {told}." if told else f"{counted}."


_AS_SHOWN = Policy("as shown", None, None, protection=1)  # a count that was let through once needs no second check


def _named(key: Key) -> str:
    """A key in words."""
    return ", ".join(_named(part) for part in key) if isinstance(key, tuple) else str(key)


def _both(before: int | tuple[int, int] | None, low: int, high: int) -> int | tuple[int, int]:
    """What two outputs together tell of a count."""
    first = (before, before) if isinstance(before, int) else before or (low, high)
    low, high = max(first[0], low), min(first[1], high)
    return low if low == high else (low, high)
