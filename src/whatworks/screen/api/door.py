"""What stands before screening by program: a token, what it is for, how often it may ask. No cookie and no other site."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from ninja.security import HttpBearer

from whatworks.collate.api import limits
from whatworks.collate.api.door import failure
from whatworks.errors import ForbiddenError, InputError, WhatworksError
from whatworks.people.models import Token, User
from whatworks.people.roles import holders
from whatworks.people.tokens import SCOPES, is_for, note_use, token_of, why_not
from whatworks.saying import said

View = Callable[..., HttpResponse]
LARGEST = 2_000_000  # bytes of a request: a hundred decisions with long notes fit
NO_TOKEN = said("This needs a token: send it in the header “Authorization: Bearer ww_…”.")
UNKNOWN = said("This token is not known here; make one on the page “Tokens for programs”.")


class NotThereError(InputError):
    """What an address or a request names does not exist. Says how to find what does."""

    http_status = 404


class TokenError(InputError):
    """There is no token, or it opens nothing any more."""

    http_status = 401


class TooManyError(InputError):
    """More was asked in a minute than one token may."""

    http_status = 429


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose token was sent."""

    token: Token
    user: User

    @property
    def actor(self) -> str:
        """As whom everything is done: the person, who answers for their program."""
        return str(self.user.actor)


class Bearer(HttpBearer):
    """A token in the header Authorization, with one scope."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Holder:
        """Whose it is, if it opens this now; otherwise an error says why not."""
        found = token_of(token.strip())
        if found is None:
            raise TokenError(UNKNOWN)
        if told := why_not(found):
            raise TokenError(told)
        charge(request, found)
        _refuse_other(found, self.scope)
        note_use(found)
        return Holder(found, found.user)


def charge(request: HttpRequest, token: Token, units: int = 1) -> None:
    """Count what is asked with a token; a TooManyError where that is too much for this minute."""
    request.allowance = left = limits.spend_as(f"token {token.pk}", units)
    if left.exceeded:
        raise TooManyError(
            said(
                "More than %(most)s requests in a minute came with this token; ask again in %(renews)s seconds.",
                most=limits.MOST,
                renews=left.renews,
            )
        )


def _refuse_other(token: Token, scope: str) -> None:
    if scope not in token.scopes.split():
        raise ForbiddenError(said("This token has not the scope %(scope)s; make one that has.", scope=scope))
    if not is_for(token, scope):
        who = " or ".join(holders(SCOPES[scope].needs))
        raise ForbiddenError(said("Its person needs the role %(who)s for this; ask an administrator.", who=who))


def door(view: View) -> View:
    """The view as it is open to whoever brings a token: limited, kept by nobody, and every failure one sentence."""

    @functools.wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.method
        request.method = "GET" if asked == "HEAD" else asked
        answer = _answer(view, request, *args, **kwargs)
        request.method = asked
        answer.headers["Cache-Control"] = "no-store"
        patch_vary_headers(answer, ["Authorization"])
        return _challenged(_told(request, answer))

    opened.csrf_exempt = True  # type: ignore[attr-defined]  # a cookie opens nothing here, so none can be abused
    return opened


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    if _length(request) > LARGEST:
        return failure(413, f"A request has at most {LARGEST:,} bytes; send fewer decisions at once.")
    try:
        answer = view(request, *args, **kwargs)
    except WhatworksError as error:
        answer = failure(error.http_status, str(error))
    if answer.status_code == 405:
        allowed = ", ".join(sorted(answer.headers.get("Allow", "").split(", ")))
        answer = failure(405, f"{request.method} is not taken at this address; use {allowed}.")
        answer.headers["Allow"] = allowed
    if answer.status_code == 401:  # guessing is counted by address, since there is no token to count by
        request.allowance = left = limits.spend(limits.address_of(request))
        if left.exceeded:
            answer = failure(429, f"Too many requests without a good token; ask again in {left.renews} seconds.")
    return answer


def _length(request: HttpRequest) -> int:
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isdecimal() and len(given) < 16 else LARGEST + 1


def _told(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    left = getattr(request, "allowance", None)
    if left is None:
        return answer
    answer.headers["RateLimit-Limit"] = str(limits.MOST)
    answer.headers["RateLimit-Remaining"] = str(max(left.left, 0))
    answer.headers["RateLimit-Reset"] = str(left.renews)
    if answer.status_code == 429:
        answer.headers["Retry-After"] = str(left.renews)
    return answer


def _challenged(answer: HttpResponse) -> HttpResponse:
    """RFC 6750 asks that a refusal for want of a token says what kind is wanted."""
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="whatworks"'
    return answer
