"""Sign-in as this house wants it: no open registration; every sign-in leaves a node event."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from whatworks.ledger.actions import record_node

# Where somebody is who signed in, by what they may do: the first that fits. Everybody can keep a record of their learning.
PLACES = (
    ("workspace.enter", "workspace", gettext_lazy("Workspace")),
    ("commission.apply", "applications", gettext_lazy("Your applications")),
    ("", "my_learning", gettext_lazy("Your learning record")),
)


def own_place(user: Any) -> dict[str, Any]:
    """The name, the address and the words of the page where this person's own things are."""
    name, label = next((name, label) for needs, name, label in PLACES if not needs or user.may(needs))
    return {"name": name, "href": reverse(name), "label": label}


class ClosedAdapter(DefaultAccountAdapter):
    """An administrator adds people; nobody registers themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """After signing in where nothing else was asked for: what is theirs, and never a page that refuses them."""
        return str(own_place(request.user)["href"])

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> Any:
        record_node(verb="people.sign-in", by=user.actor)
        return super().post_login(request, user, **kwargs)
