"""How people are listed for those who look after them."""

from __future__ import annotations

from typing import Any

from whatworks.people.models import User


def listed() -> list[dict[str, Any]]:
    """Everybody who is here, with their roles, by their addresses."""
    return [
        {"identifier": user.pk, "email": user.email, "name": user.name, "roles": user.roles()}
        for user in User.objects.here()
    ]
