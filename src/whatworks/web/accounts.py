"""Sign-in as this house wants it: no open registration; every sign-in leaves a node event."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from whatworks.ledger.actions import record_node


class ClosedAdapter(DefaultAccountAdapter):
    """An administrator adds people; nobody registers themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        record_node(verb="people.sign-in", by=user.actor)
        return super().post_login(request, user, **kwargs)
