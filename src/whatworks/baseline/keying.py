"""Which place a row is of: councils are abolished, merged and made new, and later releases write old years under new codes."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from whatworks.baseline.periods import last_day
from whatworks.baseline.sources.release import SYMBOLS, Place
from whatworks.people.models import Area, Succession

COUNTRY, REGION = Area.COUNTRY, Area.REGION
NOTHING = ("not applicable", "not available")
WORDS = {"National": COUNTRY, "Regional": REGION}


@dataclass(frozen=True, slots=True)
class Known:
    """A place of the register, by what it takes to find it."""

    pk: str
    code: str
    number: str
    name: str
    sort: str
    valid_from: datetime.date | None
    valid_to: datetime.date | None

    def existed(self, day: datetime.date) -> bool:
        """Whether the place existed on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or self.valid_to >= day)


HERE, EARLIER, NEVER = "here", "earlier", "never"  # it existed then; its sole predecessor did; neither did


@dataclass(slots=True)
class Register:
    """Every place, found by code, number or name on a day. aside: rows of no place, by name; moved: places whose earlier
    years a release gives under a later code; outside: years of figures of a place when there was none, by place."""

    ends: tuple[int, int]
    aside: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    outside: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _known: dict[str, list[Known]] = field(default_factory=dict)
    _alone: dict[str, str] = field(default_factory=dict)
    _by_pk: dict[str, Known] = field(default_factory=dict)
    _found: dict[Place, tuple[str, str, str] | None] = field(default_factory=dict)
    _last: Place | None = None
    _last_found: tuple[str, str, str] | None = None

    @classmethod
    def read(cls, ends: tuple[int, int] = (3, 31)) -> Register:
        """The register as it is now."""
        made, by = cls(ends), defaultdict(list)
        columns = ("subject_id", "code", "department_number", "name", "sort", "valid_from", "valid_to")
        for row in Area.objects.order_by("pk").values_list(*columns):
            one = Known(*row)
            made._by_pk[one.pk] = one
            for key in {one.code, one.number, _level(one.sort) + one.name.casefold()} - {""}:
                by[key].append(one)
        made._known = dict(by)
        made._alone = _sole(list(Succession.objects.values_list("before", "after")))
        return made

    def of(self, place: Place, symbol: str) -> str | None:
        """The identifier of the place that a figure is of; None (and counted) where the register has none.

        symbol: what stands instead of a number, if so. Where the place did not exist then, “not applicable” and “not
        available” say just that, and are left out.
        """
        if place is not self._last:  # figures come row by row, so that the place is mostly the one before
            if place not in self._found:
                self._found[place] = self._look(place)
            self._last, self._last_found = place, self._found[place]
        found = self._last_found
        if found is None:
            self.aside[place.name or place.key] += 1
            return None
        pk, how, name = found
        if how == HERE:
            return pk
        if SYMBOLS.get(symbol) in NOTHING:
            return None
        if how == EARLIER:
            self.moved[name] += 1
        else:
            self.outside[name].add(place.period)
        return pk

    def _look(self, place: Place) -> tuple[str, str, str] | None:
        keys = (place.code, place.old_code, WORDS.get(place.level, "") + place.name.casefold())
        held = next((self._known[key] for key in keys if key in self._known), None)
        if held is None:
            return None
        day = last_day(place.period, self.ends)
        then = next((one for one in held if day is None or one.existed(day)), None)
        if then is not None:
            return then.pk, HERE, then.name
        before = self._by_pk.get(self._alone.get(held[0].pk, ""))
        if day is not None and before is not None and before.existed(day):
            return before.pk, EARLIER, held[0].name
        return held[0].pk, NEVER, held[0].name

    def notes(self) -> list[str]:
        """What was done with rows that the register does not simply know, in sentences."""
        said = [f"{name}: no place of the register; its rows are kept in the file only." for name in sorted(self.aside)]
        said += [
            f"{name}: years before it began are held of the council that it replaced." for name in sorted(self.moved)
        ]
        for name, periods in sorted(self.outside.items()):
            said.append(
                f"{name}: figures of a time when it did not exist ({', '.join(sorted(periods))}), as published."
            )
        return said


def _level(sort: str) -> str:
    """Names are looked for among places of one level: London is a region, and no authority."""
    return sort if sort in Area.MADE_UP else ""


def _sole(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """For each place that took over from exactly one, which had no other successor: that one."""
    befores, afters = Counter(before for before, _ in pairs), Counter(after for _, after in pairs)
    return {after: before for before, after in pairs if befores[before] == 1 == afters[after]}
