"""Links that only we can make: each names one person and one list, for one purpose. They open nothing else, and hold no address."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer, TimestampSigner

LEAVE, PREFERENCES, CONFIRM = "contact.leave", "contact.preferences", "contact.confirm"
DAYS = 7  # in which a question must be confirmed


def sign(purpose: str, *parts: str) -> str:
    """A token for one purpose; one that confirms runs out, one with which somebody leaves never does."""
    text = ".".join(parts)
    return TimestampSigner(salt=purpose).sign(text) if purpose == CONFIRM else Signer(salt=purpose).sign(text)


def read(purpose: str, token: str) -> tuple[str, ...] | None:
    """What a token names; None where it was made by somebody else, for something else, or has run out."""
    try:
        if purpose == CONFIRM:
            return tuple(TimestampSigner(salt=purpose).unsign(token, max_age=DAYS * 86400).split("."))
        return tuple(Signer(salt=purpose).unsign(token).split("."))
    except BadSignature:
        return None
