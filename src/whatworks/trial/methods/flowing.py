"""A flow diagram counted from events: nobody types a number of it, and a unit that is not accounted for is named.

Units are what was allocated: clusters, or people where people were drawn. After CONSORT (2025) with its extension to cluster
trials (Campbell and others 2012, doi 10.1136/bmj.e5661): both levels are counted.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from whatworks.errors import InputError
from whatworks.saying import Said, said, said_of

APPROACHED, AGREED, BASELINE = "approached", "agreed", "baseline"
ASSESSED, INELIGIBLE, DECLINED, ALLOCATED = "assessed", "ineligible", "declined", "allocated"
RECEIVED, NOT_RECEIVED = "received", "did not receive"
LATE, LOST, WITHDREW, EXCLUDED, ANALYSED = "late", "lost", "withdrew", "excluded", "analysed"
ENROLLED = "enrolled"
BEFORE = (APPROACHED, ASSESSED, INELIGIBLE, DECLINED, AGREED, BASELINE, LATE)
GONE = (LOST, WITHDREW, EXCLUDED)
OF_PEOPLE = (ENROLLED, *GONE, ANALYSED)
KINDS = (*BEFORE, ALLOCATED, RECEIVED, NOT_RECEIVED, ENROLLED, *GONE, ANALYSED)
NEED_REASON = (INELIGIBLE, DECLINED, NOT_RECEIVED, *GONE)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. `people`: how many in the unit it is about; None: the unit as a whole."""

    unit: str
    kind: str
    on: datetime.date
    people: int | None = None
    arm: str = ""
    reason: str = ""


@dataclass(slots=True)
class Counted:
    """Units and people to whom something happened, with the reasons given and how many units or people each covers."""

    units: int = 0
    people: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class ArmFlow:
    """One arm from its draw to its analysis."""

    name: str
    counted: dict[str, Counted] = field(default_factory=lambda: {kind: Counted() for kind in KINDS})

    @property
    def retention(self) -> float | None:
        """Share of the people enrolled who were analysed; None where none were counted."""
        enrolled = self.counted[ENROLLED].people
        return self.counted[ANALYSED].people / enrolled if enrolled else None


@dataclass(slots=True)
class Flow:
    """All of a trial. `problems`: identities that do not hold yet, in words; a finished trial has none."""

    before: dict[str, Counted]
    arms: list[ArmFlow]
    problems: list[Said]

    @property
    def allocated(self) -> int:
        """Units that were drawn."""
        return sum(arm.counted[ALLOCATED].units for arm in self.arms)


def check(happening: Happening, arms: Sequence[str]) -> None:
    """InputError where an event cannot be: an unknown word, people where there are none, an arm that the design lacks, no reason."""
    if happening.kind not in KINDS:
        raise InputError(
            said(
                "“%(kind)s” is nothing that can happen to a unit here; it can be: %(all)s.",
                kind=happening.kind,
                all=", ".join(KINDS),
            )
        )
    if not happening.unit.strip():
        raise InputError(said("The event names no unit; give the name that stands in the list."))
    if happening.people is not None and (happening.people < 0 or happening.kind not in OF_PEOPLE):
        raise InputError(
            said(
                "%(people)s people cannot be “%(kind)s”; people are counted for: %(all)s.",
                people=happening.people,
                kind=happening.kind,
                all=", ".join(OF_PEOPLE),
            )
        )
    if happening.kind == ENROLLED and happening.people is None:
        raise InputError(said("Say how many people were enrolled in %(unit)s.", unit=happening.unit))
    if (happening.kind == ALLOCATED) != bool(happening.arm) or (happening.arm and happening.arm not in arms):
        raise InputError(
            said("An arm is said when a unit is allocated, and only then; it can be: %(all)s.", all=", ".join(arms))
        )
    if happening.kind in NEED_REASON and not happening.reason.strip():
        raise InputError(
            said(
                "Say why %(unit)s is “%(kind)s”; the reason is part of the flow diagram.",
                unit=happening.unit,
                kind=happening.kind,
            )
        )


def flow(events: Iterable[Happening], arms: Sequence[str]) -> Flow:
    """The diagram of what has happened so far. Raises InputError where an event cannot be."""
    by_unit: dict[str, list[Happening]] = defaultdict(list)
    for event in events:
        check(event, arms)
        by_unit[event.unit].append(event)
    drawn = {name: ArmFlow(name) for name in arms}
    before = {kind: Counted() for kind in BEFORE}
    problems: list[Said] = []
    for unit, held in by_unit.items():
        problems += _unit(unit, held, drawn, before)
    problems += _whole(before, drawn)
    return Flow(before, list(drawn.values()), problems)


def _unit(unit: str, held: list[Happening], drawn: Mapping[str, ArmFlow], before: Mapping[str, Counted]) -> list[Said]:
    """Count one unit; what does not add up in it."""
    allocated = [event for event in held if event.kind == ALLOCATED]
    if len(allocated) > 1:
        return [said("%(unit)s was allocated %(n)s times.", unit=unit, n=len(allocated))]
    whole = {event.kind: event for event in held if event.people is None}
    for kind in BEFORE:
        if kind in whole:
            _count(before[kind], whole[kind], 1, 0)
    after = [event for event in held if event.kind not in BEFORE]
    if not allocated:
        return (
            [said("%(unit)s has “%(kind)s” without having been allocated.", unit=unit, kind=after[0].kind)]
            if after
            else []
        )
    arm = drawn[allocated[0].arm]
    for event in after:
        _count(arm.counted[event.kind], event, int(event.people is None), event.people or 0)
    return _accounted(unit, held, whole)


def _count(kept: Counted, event: Happening, units: int, people: int) -> None:
    kept.units += units
    kept.people += people
    if event.reason:
        kept.reasons[event.reason] += units or people


def _accounted(unit: str, held: list[Happening], whole: Mapping[str, Happening]) -> list[Said]:
    found = []
    if gone := [kind for kind in GONE if kind in whole]:
        if ANALYSED in whole:
            found.append(said("%(unit)s is “%(gone)s” and analysed.", unit=unit, gone=gone[0]))
        if len(gone) > 1:
            found.append(said("%(unit)s left twice: %(gone)s.", unit=unit, gone=", ".join(gone)))
    if RECEIVED in whole and NOT_RECEIVED in whole:
        found.append(said("%(unit)s received what it was offered and did not.", unit=unit))
    people: Counter[str] = Counter()
    for event in held:
        people[event.kind] += event.people or 0
    left = people[ENROLLED] - sum(people[kind] for kind in GONE)
    if people[ANALYSED] > left:
        found.append(
            said(
                "%(unit)s: %(n)s people are analysed and %(left)s were there.", unit=unit, n=people[ANALYSED], left=left
            )
        )
    elif people[ANALYSED] and people[ANALYSED] < left:
        found.append(
            said_of(
                left - people[ANALYSED],
                "%(unit)s: one person is not accounted for.",
                "%(unit)s: %(n)s people are not accounted for.",
                unit=unit,
                n=left - people[ANALYSED],
            )
        )
    return found


def _whole(before: Mapping[str, Counted], drawn: Mapping[str, ArmFlow]) -> list[Said]:
    """Assessed = ineligible + declined + allocated, once any were assessed."""
    assessed = before[ASSESSED].units
    came = (
        before[INELIGIBLE].units + before[DECLINED].units + sum(arm.counted[ALLOCATED].units for arm in drawn.values())
    )
    if not assessed or came == assessed or not any(arm.counted[ALLOCATED].units for arm in drawn.values()):
        return []
    return [
        said(
            "%(assessed)s units were assessed, and %(came)s were turned away, declined or were allocated.",
            assessed=assessed,
            came=came,
        )
    ]
