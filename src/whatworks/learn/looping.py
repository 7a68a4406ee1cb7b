"""Keeping the loop going: searches that are run again, suggestions taken in or declined, and who does which work by when."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.collate.models import Report, SearchRun, Strategy
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.learn.models import SavedSearch, SuggestionDeclined, WorkShare
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.people.models import User
from whatworks.saying import said
from whatworks.screen.models import Review, Wave
from whatworks.screen.reviewing import may_lead
from whatworks.screen.waves import add_search

MOST_DAYS = 1100  # three years: a search that is run more seldom is a new review


@transaction.atomic
def save_search(*, by: str, review: Review, strategy: Strategy, every_days: int) -> SavedSearch:
    """Have a search run again for a review every so many days. Said again, it has the new days.

    The program asks nobody outside: a person runs the search, notes the run and brings in what it found.
    """
    if not 1 <= every_days <= MOST_DAYS:
        raise InputError(said("Say after how many days it is run again, from 1 to %(most)s.", most=MOST_DAYS))
    Review.objects.select_for_update().get(pk=review.pk)
    held = SavedSearch.objects.filter(review=review, strategy=strategy).first()
    if held is None:
        key = SavedSearch.derived(review.pk, strategy.pk)
        held = SavedSearch(id=key, review=review, strategy=strategy, since=timezone.localdate())
    held.every_days, held.by, held.ended_on = every_days, by, None
    held.save()
    record(verb="learn.save-search", by=by, about=[review, strategy], made=[held], audience=PUBLIC)
    return held


@transaction.atomic
def end_search(*, by: str, saved: SavedSearch) -> SavedSearch:
    """Have a search run no more for a review."""
    held = SavedSearch.objects.select_for_update().get(pk=saved.pk)
    if held.ended_on is not None:
        raise ConflictError(said("This search is not run for the review any more."))
    held.ended_on = timezone.localdate()
    held.save(update_fields=["ended_on"])
    record(verb="learn.end-search", by=by, about=[held.review_id, held.strategy_id], made=[held], audience=PUBLIC)
    return held


def last_run(saved: SavedSearch) -> datetime.date | None:
    """The day on which the search was run last; None where it never was."""
    newest = SearchRun.objects.filter(strategy=saved.strategy_id).order_by("-ran_on").first()
    return newest.ran_on if newest else None


def next_due(saved: SavedSearch) -> datetime.date:
    """The day by which it is to be run again: at once where it never was."""
    last = last_run(saved)
    return saved.since if last is None else last + datetime.timedelta(days=saved.every_days)


@transaction.atomic
def take_in(*, by: str, review: Review, reports: Sequence[Report]) -> Wave:
    """Give suggested reports to a review to screen, by the review's own act. Raises ForbiddenError for who does not lead it."""
    if not may_lead(review, by):
        raise ForbiddenError(said("Only a lead of the review gives it reports to screen; ask one of them."))
    return add_search(
        by=by,
        review=review,
        name=_("Suggested by the living loop"),
        reports=reports,
        route=Wave.OTHER,
        kind="citations",
    )


@transaction.atomic
def decline(*, by: str, review: Review, report: Report, reason: str) -> SuggestionDeclined:
    """Say why a suggested report is not given to a review. It is not suggested for it again."""
    words = " ".join(reason.split())
    if not words:
        raise InputError(said("Say why the report is not for this review; the reason stands in the record."))
    Review.objects.select_for_update().get(pk=review.pk)
    speaker = report.speaker()
    if SuggestionDeclined.objects.filter(review=review, report=speaker).exists():
        raise ConflictError(said("Somebody declined it for this review already."))
    made = SuggestionDeclined.objects.create(
        id=SuggestionDeclined.derived(review.pk, speaker.pk), review=review, report=speaker, reason=words[:300], by=by,
        at=timezone.now(),
    )  # fmt: skip
    record(verb="learn.decline-report", by=by, about=[review, speaker], made=[made], audience=PUBLIC)
    return made


@transaction.atomic
def share_work(*, by: str, kind: str, about: str, owner: User | None, due_on: datetime.date | None = None) -> WorkShare:
    """Say who does a piece of work, and by when; nobody takes the name off it. Each change leaves its event.

    Raises InputError for a day that is over.
    """
    if due_on is not None and due_on < timezone.localdate():
        raise InputError(said("That day is over; give one that is still to come, or none."))
    key = WorkShare.derived(kind, about)
    held = WorkShare.objects.select_for_update().filter(pk=key).first() or WorkShare(id=key, kind=kind, about=about)
    held.owner, held.due_on = owner.actor if owner else "", due_on
    held.by, held.at = by, timezone.now()
    held.save()
    payload = {"kind": kind, "owner": held.owner, "due": due_on.isoformat() if due_on else ""}
    record(verb="learn.share-work", by=by, about=[about], payload=payload)
    return held
