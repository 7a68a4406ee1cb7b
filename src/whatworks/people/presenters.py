"""How people and their tokens are listed for those who look after them."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.people.models import Token, User
from whatworks.spoken import on_day


def listed() -> list[dict[str, Any]]:
    """Everybody who is here, with their roles, by their addresses."""
    return [
        {"identifier": user.pk, "email": user.email, "name": user.name, "roles": user.roles()}
        for user in User.objects.here()
    ]


def tokens_of(user: User | None = None) -> list[dict[str, Any]]:
    """The tokens of a person (None: of everybody), those that open something first, newest first."""
    rows = Token.objects.select_related("user").order_by("-made_at", "pk")
    found = [_token(row) for row in (rows.filter(user=user) if user else rows)]
    return sorted(found, key=lambda one: not one["live"])


def _token(row: Token) -> dict[str, Any]:
    stands = _stands(row)
    return {
        "identifier": row.pk,
        "email": row.user.email,
        "name": row.name,
        "scopes": row.scopes.split(),
        "review": row.review,
        "made": row.made_at,
        "used": row.used_at,
        "live": not stands,
        "stands": stands or _("Ends on %(expires_at)s.") % {"expires_at": _day(row.expires_at)},
    }


def _stands(row: Token) -> str:
    """Why a token opens nothing; empty where it does."""
    if row.revoked_at is not None:
        return _("Revoked on %(revoked_at)s.") % {"revoked_at": _day(row.revoked_at)}
    if row.expires_at <= timezone.now():
        return _("Ended on %(expires_at)s.") % {"expires_at": _day(row.expires_at)}
    return "" if row.digest else _("Came from another centre without its secret; make a new one.")


def _day(at: datetime.datetime) -> str:
    return on_day(timezone.localtime(at))
