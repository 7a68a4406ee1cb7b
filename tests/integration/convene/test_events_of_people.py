"""Events through the centre: places in order, the waiting list, reminders once, what is forgotten and when."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from whatworks.convene.meeting import (
    ask_place,
    cancel,
    change_places,
    forget_after,
    give_feedback,
    ics,
    open_gathering,
    remind_due,
    write_attendance,
)
from whatworks.convene.models import Gathering, GatheringFeedback, GatheringPlace, Text
from whatworks.errors import ConflictError, InputError

pytestmark = pytest.mark.django_db
HOUR, A_DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def opened(places: int = 2, starts: datetime.timedelta = 10 * A_DAY, **more: object) -> Gathering:
    at = timezone.now() + starts
    told: dict[str, object] = {"title": "Open day in Brookfield", "starts_at": at, "ends_at": at + 3 * HOUR,
                               "place": "Town hall, Brookfield",
                               "places": places, "contact": "The centre, by post", "demonstration": True}  # fmt: skip
    return open_gathering(by="usr:t", **{**told, **more})  # type: ignore[arg-type]


def asked(event: Gathering, n: int, **more: str) -> GatheringPlace:
    return ask_place(gathering=event, name=f"Person {n}", email=f"p{n}@larkmere.example", **more)[0]


def states() -> list[str]:
    return list(GatheringPlace.objects.order_by("asked_at").values_list("state", flat=True))


def test_who_waits_moves_up_in_order(mailoutbox: list[object], django_capture_on_commit_callbacks: object) -> None:
    """Else somebody who asked later would come first."""
    event = opened()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        rows = [asked(event, n) for n in range(5)]
        assert states() == ["place", "place", "waiting", "waiting", "waiting"]
        cancel(place=rows[3])
        cancel(place=rows[0])
        cancel(place=rows[0])
        assert states() == ["cancelled", "place", "place", "cancelled", "waiting"]
        change_places(by="usr:t", gathering=event, places=3)
        assert states() == ["cancelled", "place", "place", "cancelled", "place"]
    gone = GatheringPlace.objects.get(pk=rows[0].pk)
    assert (gone.name, gone.email) == ("", "")
    told = [(one.to[0], "yours" in one.body, len(one.attachments)) for one in mailoutbox]  # type: ignore[attr-defined]
    assert ("p2@larkmere.example", True, 1) in told and ("p4@larkmere.example", True, 1) in told
    with pytest.raises(InputError, match="as many places"):
        change_places(by="usr:t", gathering=event, places=2)


def test_nobody_asks_twice_or_after_it_has_begun() -> None:
    event = opened()
    asked(event, 1)
    with pytest.raises(ConflictError, match="already"):
        asked(event, 1)
    late = opened(title="Another day")
    Gathering.objects.filter(pk=late.pk).update(starts_at=timezone.now() - HOUR)
    with pytest.raises(ConflictError, match="any more"):
        asked(late, 2)
    with pytest.raises(InputError, match="whom to ask"):
        opened(title="A third", contact="")


def test_people_are_reminded_once_and_only_those_with_a_place(
    mailoutbox: list[object], django_capture_on_commit_callbacks: object
) -> None:
    event = opened(places=1, starts=A_DAY)
    asked(event, 1)
    asked(event, 2)
    mailoutbox.clear()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert remind_due(timezone.now()) == 1
        assert remind_due(timezone.now()) == 0
    assert [one.to for one in mailoutbox] == [["p1@larkmere.example"]]  # type: ignore[attr-defined]
    assert "BEGIN:VEVENT" in mailoutbox[0].attachments[0][1]  # type: ignore[attr-defined]
    assert f"UID:{event.pk}@whatworks" in ics(event)


def test_needs_go_the_day_after_and_names_later_while_counts_stay() -> None:
    event = opened()
    row = asked(event, 1, needs="A step-free way in")
    write_attendance(by="usr:t", gathering=event, came=[row.pk])
    today = timezone.localdate()
    assert forget_after(today) == 0
    Gathering.objects.update(starts_at=timezone.now() - 3 * A_DAY, ends_at=timezone.now() - 2 * A_DAY)
    assert forget_after(today) == 1
    row.refresh_from_db()
    assert (row.needs, row.name) == ("", "Person 1")
    assert forget_after(today + 70 * A_DAY) == 1
    row.refresh_from_db()
    assert (row.name, row.email, row.state) == ("", "", "came")


def test_feedback_is_kept_without_who_gave_it() -> None:
    event = opened()
    with pytest.raises(ConflictError, match="not begun"):
        give_feedback(gathering=event, useful=4, heard=5)
    Gathering.objects.update(starts_at=timezone.now() - HOUR)
    event.refresh_from_db()
    with pytest.raises(InputError, match="1 to 5"):
        give_feedback(gathering=event, useful=6, heard=5)
    give_feedback(gathering=event, useful=4, heard=5, words="More time to talk.")
    assert GatheringFeedback.objects.get().text == Text.objects.get(kind="feedback")
