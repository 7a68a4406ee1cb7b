"""Private addresses: whoever knows the end of one is the person it was made for. Only its digest is kept."""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction


def made() -> tuple[str, str]:
    """A new end of an address, which is told once, and its digest, which is kept."""
    token = secrets.token_urlsafe(24)
    return token, digest_of(token)


def digest_of(token: str) -> str:
    """What is kept of the end of an address."""
    return hashlib.sha256(token.encode()).hexdigest()


def write(to: str, title: str, body: str, *, attached: tuple[str, str, str] | None = None) -> None:
    """Send a letter once what it tells of is kept; nothing where there is no address. `attached`: name, text, kind."""
    if not to:
        return
    letter = EmailMessage(title, body, to=[to])
    if attached:
        letter.attach(*attached)
    transaction.on_commit(letter.send)


def full(path: str) -> str:
    """An address with the name of this centre."""
    return str(settings.BASE_URL) + path
