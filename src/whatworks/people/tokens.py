"""Tokens: how a program acts for a person, within what that person may do at that moment."""

from __future__ import annotations

import datetime
import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record_node
from whatworks.people.models import Token, User
from whatworks.saying import dated, said

PREFIX = "ww_"  # so that a secret that lies around is recognised for what it is
BYTES = 32
SECRET = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
DAYS, LONGEST = 90, 366
MOST = 20  # live tokens of one person: more are a sign of a program that makes them
NAMED = re.compile(r"[a-z0-9-]{1,60}")  # a review's name in addresses, or its identifier
COARSE = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """One thing that a token can be for: in words, and the permission its user must hold whenever it is used."""

    key: str
    plain: str
    needs: str


SCOPES = {
    one.key: one
    for one in (
        Scope(
            "screen.read", gettext_lazy("Read a review’s protocol, your progress, and what was taken in."), "screen.say"
        ),
        Scope(
            "screen.say",
            gettext_lazy("Be handed records, say whether they belong in, and take that back."),
            "screen.say",
        ),
    )
}


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is random enough that a plain digest cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def looks_like_one(text: str) -> bool:
    """Whether a text has the form of a secret; what has not is never looked up."""
    return bool(SECRET.fullmatch(text))


@transaction.atomic
def make_token(
    *, by: str, user: User, name: str, scopes: Iterable[str], review: str = "", days: int = DAYS
) -> tuple[Token, str]:
    """Make a token for a person, and its secret, which is returned and kept nowhere.

    Raises InputError where it is for nothing known or for too long, ConflictError where one of that name is live.
    """
    User.objects.select_for_update().get(pk=user.pk)  # so that two requests at once do not both count the others
    name, review, wanted = " ".join(name.split()), review.strip().lower(), _known(scopes)
    _check(name, review, days)
    live = user.tokens.live()
    if user.erased or not user.is_active:
        raise ConflictError(said("%(pk)s can no longer sign in, and so no program can act for them.", pk=user.pk))
    if live.filter(name=name).exists():
        raise ConflictError(
            said("There is a token called “%(name)s” already; revoke it, or give this one another name.", name=name)
        )
    if live.count() >= MOST:
        raise ConflictError(said("There are %(most)s tokens already; revoke one that is not used.", most=MOST))
    secret, now = PREFIX + secrets.token_urlsafe(BYTES), timezone.now()
    made = Token.objects.create(
        id=Token.fresh(),
        user=user,
        name=name,
        scopes=" ".join(wanted),
        review=review,
        digest=digest_of(secret),
        made_at=now,
        expires_at=now + datetime.timedelta(days=days),
    )
    told = {"token": made.pk, "scopes": wanted, "review": review, "days": days}
    record_node(verb="people.make-token", by=by, about=[user.pk], payload=told)
    return made, secret


def _known(scopes: Iterable[str]) -> list[str]:
    wanted = set(scopes)
    if unknown := sorted(wanted - set(SCOPES)):
        raise InputError(
            said(
                "There is no scope “%(unknown)s”; there are %(scopes)s.",
                unknown=unknown[0][:40],
                scopes=", ".join(SCOPES),
            )
        )
    if not wanted:
        raise InputError(said("Say what the token is for; choose from %(scopes)s.", scopes=", ".join(SCOPES)))
    return [key for key in SCOPES if key in wanted]


def _check(name: str, review: str, days: int) -> None:
    if not 1 <= len(name) <= 80 or "\0" in name:
        raise InputError(said("A token needs a name of at most 80 characters, such as “Screening script”."))
    if review and not NAMED.fullmatch(review):
        raise InputError(
            said("“%(review)s” is no review’s name; copy it from the address of the review’s page.", review=review[:60])
        )
    if not 1 <= days <= LONGEST:
        raise InputError(
            said("A token ends after 1 to %(longest)s days; %(days)s cannot be.", longest=LONGEST, days=days)
        )


@transaction.atomic
def revoke_token(*, by: str, token: Token) -> Token:
    """End a token now. One that was revoked before stays so and leaves no second event."""
    held = Token.objects.select_for_update().get(pk=token.pk)
    if held.revoked_at is None:
        held.revoked_at = timezone.now()
        held.save(update_fields=["revoked_at"])
        record_node(verb="people.revoke-token", by=by, about=[held.user_id], payload={"token": held.pk})
    return held


def token_of(secret: str) -> Token | None:
    """The token whose secret this is, with its user, whether or not it still opens anything."""
    if not looks_like_one(secret):
        return None
    return Token.objects.select_related("user").filter(digest=digest_of(secret)).first()


def why_not(token: Token) -> str:
    """Why a token opens nothing any more, in a sentence; empty where it does."""
    if token.revoked_at is not None:
        return said("This token was revoked; make another on the page “Tokens for programs”.")
    if token.expires_at <= timezone.now():
        ended = timezone.localtime(token.expires_at)
        return said("This token ended on %(day)s; make another on the page “Tokens for programs”.", day=dated(ended))
    if not token.user.is_active:
        return said("The person whose token this is can no longer sign in.")
    return ""


def is_for(token: Token, scope: str) -> bool:
    """Whether a token has a scope and its person, at this moment, the permission that the scope needs."""
    return scope in token.scopes.split() and token.user.may(SCOPES[scope].needs)


def note_use(token: Token) -> None:
    """Remember that a token was used, at most once an hour."""
    now = timezone.now()
    stale = Token.objects.filter(pk=token.pk).filter(Q(used_at=None) | Q(used_at__lte=now - COARSE))
    if token.used_at is None or token.used_at <= now - COARSE:
        stale.update(used_at=now)
