"""What stands before every view: who may use it, what a browser may run, and one sentence for what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from whatworks.errors import ForbiddenError, WhatworksError
from whatworks.people.access import PUBLIC, SIGNED_IN, policy_of
from whatworks.people.roles import holders
from whatworks.saying import said
from whatworks.spoken import spoken

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class guard:
    """Closed unless declared: a view without a policy is not served."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        policy = policy_of(view)
        if policy == PUBLIC:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if policy != SIGNED_IN and not request.user.may(policy):
            who = _(" or ").join(holders(policy)) or _("nobody")
            return self.process_exception(
                request, ForbiddenError(said("This needs the role %(who)s; ask an administrator.", who=who))
            )
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, WhatworksError):
            return None
        template = "403.html" if error.http_status == 403 else "error.html"
        return render(request, template, {"message": spoken(error)}, status=error.http_status)
