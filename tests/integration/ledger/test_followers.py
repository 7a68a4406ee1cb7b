"""What follows an event is asked for once, in the event's own transaction, and only where somebody wants it."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from django.db import transaction

from whatworks.ledger import followers, work
from whatworks.ledger.actions import computed, mark_stale, record
from whatworks.ledger.models import Job, Subject
from whatworks.scope.models import OutcomeGroup

pytestmark = pytest.mark.django_db
KIND = "test.follow"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Collection[str]]:
    """A follower that wants events about “one-here”, and what it was asked."""
    monkeypatch.setattr(followers, "_followers", {})
    monkeypatch.setitem(work._kinds, KIND, work.Kind(lambda arguments, cursor: None, None, work.LEASE, False))
    seen: list[Collection[str]] = []

    def wanted(identifiers: Collection[str]) -> bool:
        seen.append(identifiers)
        return "one-here" in identifiers

    followers.follow("test.happened", followers.STALE, kind=KIND, wanted=wanted)
    return seen


def test_an_event_leaves_one_job_where_it_is_wanted(asked: list[Collection[str]]) -> None:
    record(verb="test.happened", by="usr:t", about=["another"])
    record(verb="test.other", by="usr:t", about=["one-here"])
    assert not Job.objects.exists() and asked == [["another"]]
    event = record(verb="test.happened", by="usr:t", about=["one-here"])
    job = Job.objects.get()
    assert (job.kind, job.by, job.arguments) == (KIND, "usr:t", {"event": event.uid, "verb": "test.happened"})
    followers.ask_followers("test.happened", event, ["one-here"])
    assert Job.objects.count() == 1


def test_what_did_not_happen_is_not_followed(asked: list[Collection[str]]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record(verb="test.happened", by="usr:t", about=["one-here"])
        raise RuntimeError
    assert not Job.objects.exists()


def test_what_goes_stale_is_followed_by_what_was_marked(asked: list[Collection[str]]) -> None:
    for identifier in ("one-here", "below"):
        Subject.objects.create(identifier=identifier, kind="test", title=identifier)
    row = OutcomeGroup(id="one-here", name="A group", order=1)
    computed(output=row, method="test", version="1", inputs={}, rests_on=["below"])
    event = record(verb="test.moved", by="usr:t", about=["below"])
    assert mark_stale("below", event=event) == ["one-here"] and asked == [["one-here"]]
    assert Job.objects.get().arguments["verb"] == followers.STALE
    assert mark_stale("below", event=event) == [] and len(asked) == 1
