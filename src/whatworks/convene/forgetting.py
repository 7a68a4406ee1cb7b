"""Forgetting that runs by itself: panel contacts when their time is over, needs and names of events some time after."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from whatworks.convene.meeting import forget_after, remind_due
from whatworks.convene.paneling_meetings import forget_due
from whatworks.ledger.work import task


@task("convene.forget")
def forget(arguments: dict[str, Any], cursor: dict[str, Any]) -> dict[str, Any] | None:
    """Forget who and what is due; again until nothing is."""
    today = timezone.localdate()
    count = forget_due(today) + forget_after(today)
    return {"done": cursor.get("done", 0) + count} if count else None


@task("convene.remind")
def remind(arguments: dict[str, Any], cursor: dict[str, Any]) -> None:
    """Remind who has a place at an event of the next days."""
    remind_due(timezone.now())
