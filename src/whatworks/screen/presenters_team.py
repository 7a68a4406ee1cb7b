"""A team in words: who takes part as what, what each holds at this moment, and who has left."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from whatworks.people.models import User
from whatworks.screen.models import Opinion, Review, Screener
from whatworks.screen.queueing import HELD, held_now
from whatworks.screen.reviewing import PARTS


def called(user: User) -> str:
    """What colleagues call somebody."""
    return user.name or user.email


def team_of(review: Review) -> dict[str, Any]:
    """Those who take part, leads first, and those who did."""
    said = Opinion.objects.current().filter(candidate__review=review).order_by().values("by")
    told = dict(said.annotate(n=Count("candidate", distinct=True)).values_list("by", "n"))
    held = held_now(review)
    rows = [
        {
            "user": row.user,
            "name": called(row.user),
            "part": row.part,
            "part_words": PARTS[row.part],
            "since": row.since,
            "until": row.until,
            "said": told.get(row.user_id, 0),
            "held": held.get(row.user_id, 0),
            "parts": [(key, words, key == row.part) for key, words in PARTS.items()],
        }
        for row in Screener.objects.filter(review=review).select_related("user")
    ]
    order = list(PARTS)[::-1]
    rows.sort(key=lambda row: (order.index(row["part"]), row["name"].casefold()))
    here = [row for row in rows if row["until"] is None]
    return {
        "here": here,
        "gone": [row for row in rows if row["until"] is not None],
        "minutes": int(HELD.total_seconds() // 60),
        "one_lead": sum(row["part"] == Screener.LEAD for row in here) == 1,
    }
