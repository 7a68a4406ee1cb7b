"""Together: what judgements say once their reports were found to be one, and where they contradict one another.

A judgement stays with the report that was judged. While reports are merged, their judgements speak for the one; where
they differ, a person settles it, and the settlement holds only as long as all that it settled is together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass

DIFFER = 2  # reports, or answers, from which there is something to differ


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement: on which report, through which that speaks now, at which stage, and what."""

    judgement: str
    report: str
    speaker: str
    stage: str
    decision: str


@dataclass(frozen=True, slots=True)
class Settled:
    """That a judgement settles others: `over` names them."""

    judgement: str
    over: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """Judgements at one stage that differ between reports which were found to be one."""

    speaker: str
    stage: str
    judgements: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


def holding(judged: Iterable[Judged], settled: Iterable[Settled]) -> list[Judged]:
    """The judgements that count now, in the order given: those that were settled give way to what settled them.

    Where what was settled is no longer together, the settlement counts for nothing and each judgement for itself.
    """
    judged = list(judged)
    home = {one.judgement: (one.speaker, one.stage) for one in judged}
    gone: set[str] = set()
    for one in settled:
        places = {home.get(name) for name in (one.judgement, *one.over)}
        together = len(places) == 1 and None not in places
        gone.update(one.over if together else [one.judgement])
    return [one for one in judged if one.judgement not in gone]


def clashes(judged: Iterable[Judged], settled: Iterable[Settled]) -> list[Clash]:
    """Where merged reports carry different judgements at one stage, sorted. Two people who differ on one report are
    no clash of this kind."""
    groups: defaultdict[tuple[str, str], list[Judged]] = defaultdict(list)
    for one in holding(judged, settled):
        groups[one.speaker, one.stage].append(one)
    found = []
    for (speaker, stage), rows in groups.items():
        answers: defaultdict[str, set[str]] = defaultdict(set)
        for one in rows:
            answers[one.report].add(one.decision)
        if len({frozenset(said) for said in answers.values()}) >= DIFFER:
            found.append(Clash(speaker, stage, tuple(sorted(one.judgement for one in rows))))
    return sorted(found, key=lambda one: (one.speaker, one.stage))
