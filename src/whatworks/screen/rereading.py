"""The last step of SAFE: somebody else reads again the excluded reports that ranked highest.

Ranked highest are those that the order brought first: excluded reports outside the random sample, by when somebody first
said something about them. That moment stays the same whatever is said later, and it needs no learner to be asked again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, Min, OuterRef, Q
from django.db.models.functions import Coalesce

from whatworks.screen.methods.safe import SafeSettings
from whatworks.screen.models import Candidate, Judgement, Opinion
from whatworks.screen.models.queue import CandidateQuerySet
from whatworks.screen.reckoning import OTHERS

WANTED = SafeSettings().run  # read again in a row
FOUND = (Candidate.INCLUDE, Candidate.CONFLICT)  # a conflict may yet be a find


@dataclass(frozen=True, slots=True)
class Excluded:
    """An excluded report of the row: whether somebody else has read it again, and who has an opinion on it."""

    candidate: str
    again: bool
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """The excluded reports to be read again, ranked highest first, and how many finds the reading has made before."""

    reports: tuple[Excluded, ...]
    found: int

    @property
    def done(self) -> int:
        """How many of the row somebody else has read again, and found to be rightly excluded."""
        return sum(one.again for one in self.reports)

    @property
    def begun(self) -> bool:
        """Whether anybody has read anything again."""
        return bool(self.done or self.found)

    def waiting_for(self, actor: str) -> list[str]:
        """What this person can read again: nobody else has, and they have said nothing about it."""
        return [one.candidate for one in self.reports if not one.again and actor not in one.people]


def row_of(candidates: CandidateQuerySet) -> Row:
    """The first so many of these candidates that are excluded; after a find the row begins anew behind it."""
    row: list[Excluded] = []
    found = 0
    for one, state in _in_order(candidates):
        if state == Candidate.EXCLUDE:
            row.append(one)
        elif one.again:  # others changed their mind themselves: nobody read theirs again
            row, found = [], found + 1
        if len(row) == WANTED:
            break
    return Row(tuple(row), found)


def _in_order(candidates: CandidateQuerySet) -> Iterator[tuple[Excluded, str]]:
    """All that were ever excluded, in the order in which they were brought, with where they stand now."""
    rows = list(_once_excluded(candidates).values_list("pk", "state", "needed"))
    for start in range(0, len(rows), WANTED):
        piece = rows[start : start + WANTED]
        people = _people([pk for pk, _, _ in piece])
        for pk, state, needed in piece:
            yield Excluded(pk, len(people[pk]) > needed, frozenset(people[pk])), state


def _once_excluded(candidates: CandidateQuerySet) -> CandidateQuerySet:
    told = {"review": OuterRef("review"), "report": OuterRef("report"), "stage": OuterRef("stage")}
    ever = Exists(Judgement.objects.filter(decision=Judgement.EXCLUDE, **told))
    # Nobody knows in which order another tool brought its reports.
    elsewhere = Exists(Opinion.objects.filter(candidate=OuterRef("pk"), by__startswith=OTHERS))
    rows = candidates.filter(Q(state=Candidate.EXCLUDE) | Q(ever, state__in=FOUND), ~elsewhere, sampled=False)
    return rows.annotate(first=Coalesce(Min("opinions__at"), F("settled_at"))).order_by("first", "pk")


def _people(candidates: Sequence[str]) -> defaultdict[str, set[str]]:
    """Who has an opinion now on each of these, or on a duplicate of it."""
    held = Q(candidate__in=candidates) | Q(candidate__same_as__in=candidates)
    found: defaultdict[str, set[str]] = defaultdict(set)
    rows = Opinion.objects.current().filter(held).values_list("candidate", "candidate__same_as", "by")
    for candidate, leader, by in rows:
        found[leader or candidate].add(by)
    return found
