"""A team in words: who takes part as what, what each holds at this moment, and who has left."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from whatworks.people.models import User
from whatworks.people.roles import roles
from whatworks.screen.models import Opinion, Review, Screener
from whatworks.screen.queueing import HELD, held_now
from whatworks.screen.reviewing import PARTS


def called(user: User) -> str:
    """What colleagues call somebody."""
    return user.name or user.email


def all_teams() -> list[dict[str, Any]]:
    """The reviews that are screened here, those first that nobody leads who can: there an administrator names somebody."""
    led = set(_led().values_list("review", flat=True))
    rows = [{"review": one, "led": one.pk in led} for one in Review.objects.filter(protocols__number=1)]
    return sorted(rows, key=lambda row: (row["led"], row["review"].title.casefold()))


def _led() -> QuerySet[Screener]:
    """Leads who can sign in and have the role for it."""
    able = [key for key, role in roles().items() if "screen.lead" in role.may]
    return Screener.objects.leading().filter(user__assignments__role__in=able)


def team_of(review: Review) -> dict[str, Any]:
    """Those who take part, leads first, and those who did."""
    said = Opinion.objects.current().filter(candidate__review=review).order_by().values("by")
    told = dict(said.annotate(n=Count("candidate", distinct=True)).values_list("by", "n"))
    held = held_now(review)
    rows = [
        {
            "user": row.user,
            "name": _("Somebody whose data was erased") if row.user.erased else called(row.user),
            "barred": not row.user.is_active,
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
    able = [row["user"] for row in here if row["part"] == Screener.LEAD and not row["barred"]]
    for row in here:
        row["last"] = row["part"] == Screener.LEAD and able in ([], [row["user"]])
    return {
        "here": here,
        "gone": [row for row in rows if row["until"] is not None],
        "minutes": int(HELD.total_seconds() // 60),
        "led": _led().filter(review=review).exists(),
    }
