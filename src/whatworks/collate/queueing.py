"""The pairs that wait for people, handed out so that two people never look at the same one at the same moment."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from whatworks.collate.models import MatchClaim, MatchProposal
from whatworks.collate.models.matching import ProposalQuerySet

HELD = datetime.timedelta(minutes=5)  # how long a pair is kept for whoever opened it and went away
TRIES = 5


def next_pairs(
    by: str, *, origin: str = "", skipped: Collection[str] = (), first: str = "", count: int = 2
) -> list[MatchProposal]:
    """The next pairs for this person, claimed for them: `first` before others where it still waits.

    `origin` leaves only what the matching of one import found.
    """
    taken: list[MatchProposal] = []
    if first and (held := MatchProposal.objects.filter(pk=first, waits=True).first()) and claim(held, by):
        taken.append(held)
    for _ in range(TRIES):
        for one in _free(by, origin, {*skipped, *(one.pk for one in taken)})[: count - len(taken)]:
            if claim(one, by):
                taken.append(one)
        if len(taken) >= count or not _free(by, origin, {*skipped, *(one.pk for one in taken)}).exists():
            break
    return taken


def waiting(origin: str = "") -> int:
    """How many pairs wait."""
    rows = MatchProposal.objects.filter(waits=True)
    return (rows.filter(origin=origin) if origin else rows).count()


def _free(by: str, origin: str, without: Collection[str]) -> ProposalQuerySet:
    others = MatchClaim.objects.filter(proposal=OuterRef("pk"), until__gt=timezone.now()).exclude(by=by)
    rows = MatchProposal.objects.waiting().filter(~Exists(others)).exclude(pk__in=list(without)[:500])
    return rows.filter(origin=origin) if origin else rows


@transaction.atomic
def claim(proposal: MatchProposal, by: str) -> bool:
    """Keep a pair for this person for a while; no when somebody else has it."""
    now = timezone.now()
    held, made = MatchClaim.objects.get_or_create(proposal=proposal, defaults={"by": by, "until": now + HELD})
    if made:
        return True
    mine = MatchClaim.objects.filter(proposal=proposal).exclude(until__gt=now)
    if held.by == by:
        mine = MatchClaim.objects.filter(proposal=proposal, by=by)
    return bool(mine.update(by=by, until=now + HELD))


def let_go(proposal: str, by: str) -> None:
    """Give a pair back that this person was looking at."""
    MatchClaim.objects.filter(proposal=proposal, by=by).delete()
