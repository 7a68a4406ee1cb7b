"""Who screens what next: one shared queue, handed out so that no two people ever hold the same place."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from whatworks.screen.methods.protocol import FULL_TEXT
from whatworks.screen.models import Candidate, Place, Review, Screener, Turn
from whatworks.screen.models.queue import CandidateQuerySet
from whatworks.screen.reviewing import part_in, rules_of

HELD = datetime.timedelta(minutes=20)  # how long a place is kept for whoever opened it and went away
AHEAD = 2  # handed out at once: the one on the screen, and the one after it
PIECE = 50  # candidates looked at together
MOST = 300  # skipped candidates left out of the question


def next_places(
    *, by: str, review: Review, stage: str, count: int = AHEAD, skipped: Collection[str] = ()
) -> list[Place]:
    """The next places for this person, held for them: first those they hold already, then the best that are free.

    Raises ForbiddenError where they do not take part.
    """
    first_slot = _first_slot(review, stage, by)
    found = [place for place in _mine(by, review, stage) if place.candidate_id not in skipped][:count]
    until = timezone.now() + HELD
    Place.objects.filter(pk__in=[place.pk for place in found]).update(until=until)
    for mine in found:
        mine.until = until
    without = {*skipped, *(place.candidate_id for place in found)}
    for candidate in _free(by, review, stage, first_slot, without):
        if len(found) >= count:
            break
        if place := _take(candidate, by, first_slot):
            found.append(place)
    return found


def _first_slot(review: Review, stage: str, by: str) -> int:
    """Where one of each pair is a core screener, the first place is kept for them."""
    part = part_in(review, by)
    kept = part == Screener.SCREENER and rules_of(review).stage(stage).mode == "core"
    return 2 if kept else 1


def _mine(by: str, review: Review, stage: str) -> list[Place]:
    # Few rows by their person, then looked at here: joined, a planner without statistics walks all candidates.
    rows = Place.objects.filter(by=by, done=False).select_related("candidate__report")
    here = [place for place in rows if (place.candidate.review_id, place.candidate.stage) == (review.pk, stage)]
    mine = [place for place in here if place.candidate.state == Candidate.OPEN and place.candidate.as_one_id is None]
    return sorted(mine, key=lambda place: (place.until, place.pk))


def _free(by: str, review: Review, stage: str, first_slot: int, without: Collection[str]) -> Iterator[Candidate]:
    """Candidates with a place for this person: in the order of the last ranking, and after it by lot."""
    turns = Turn.objects.filter(review=review, stage=stage).order_by("position").values_list("candidate", flat=True)
    for start in range(0, len(ordered := [key for key in turns if key not in without]), PIECE):
        yield from _open_among(ordered[start : start + PIECE], by, first_slot)
    rows = _open_to(by, review, stage, first_slot).exclude(pk__in=list(without)[:MOST])
    by_lot = rows.order_by("shuffle", "pk")
    while piece := list(by_lot[:PIECE]):
        yield from piece
        last = piece[-1]
        by_lot = by_lot.filter(Q(shuffle__gt=last.shuffle) | Q(shuffle=last.shuffle, pk__gt=last.pk))


def _open_among(keys: list[str], by: str, first_slot: int) -> Iterator[Candidate]:
    """Those of a few candidates that this person can be handed, in the order given.

    What `_open_to` asks of all, looked at here: given a few keys and its conditions, SQLite would walk all candidates.
    """
    now = timezone.now()
    found = Candidate.objects.filter(pk__in=keys).prefetch_related("places").in_bulk()
    for one in (found[key] for key in keys if key in found):
        places = one.places.all()
        filled = sum((place.done or place.until > now) and place.slot >= first_slot for place in places)
        mine = any(place.by == by for place in places)
        free = filled < one.needed - (first_slot - 1)
        if one.state == Candidate.OPEN and one.as_one_id is None and free and not mine:
            yield one


def _open_to(by: str, review: Review, stage: str, first_slot: int) -> CandidateQuerySet:
    live = Q(done=True) | Q(until__gt=timezone.now())
    places = Place.objects.filter(candidate=OuterRef("pk"))
    filled = places.filter(live, slot__gte=first_slot).order_by().values("candidate").annotate(n=Count("pk"))
    rows = Candidate.objects.at(review, stage).waiting().annotate(filled=Coalesce(Subquery(filled.values("n")), 0))
    return rows.filter(~Exists(places.filter(by=by)), filled__lt=F("needed") - (first_slot - 1))


def _take(candidate: Candidate, by: str, first_slot: int) -> Place | None:
    """Hold one place of a candidate; None when others were quicker. The database decides who was first."""
    now = timezone.now()
    held = {place.slot: place for place in candidate.places.all()}
    for slot in range(first_slot, candidate.needed + 1):
        place = held.get(slot)
        try:
            with transaction.atomic():
                if place is None:
                    key = Place.derived(candidate.pk, slot)
                    return Place.objects.create(id=key, candidate=candidate, slot=slot, by=by, until=now + HELD)
                lapsed = Place.objects.filter(pk=place.pk, done=False, until__lte=now)
                if lapsed.update(by=by, until=now + HELD):
                    return Place.objects.select_related("candidate__report").get(pk=place.pk)
        except IntegrityError:
            continue
    return None


def let_go(*, by: str, candidate: str) -> None:
    """Give a place back that this person was looking at."""
    Place.objects.filter(candidate=candidate, by=by, done=False).delete()


def waiting_for(*, by: str, review: Review, stage: str) -> int:
    """How many candidates this person could still be handed."""
    return _open_to(by, review, stage, _first_slot(review, stage, by)).count() + len(_mine(by, review, stage))


def held_now(review: Review) -> dict[str, int]:
    """How many places each person holds at this moment."""
    rows = Place.objects.filter(candidate__review=review, done=False, until__gt=timezone.now())
    return dict(rows.order_by().values("by").annotate(n=Count("pk")).values_list("by", "n"))


def stages_with_work(review: Review) -> list[str]:
    """The stages that have candidates."""
    found = Candidate.objects.filter(review=review).order_by().values_list("stage", flat=True).distinct()
    return sorted(found, key=lambda stage: stage == FULL_TEXT)
