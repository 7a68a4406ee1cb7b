"""What an e-mail address tells of itself: whether it can be one, and what kind of subscriber is likely behind it."""

from __future__ import annotations

import re

from whatworks.contact.methods.deciding import CORPORATE_SUBSCRIBER, INDIVIDUAL, UNKNOWN

SHAPE = re.compile(r"[^@\s<>()\[\],;:\"\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
LONGEST = 254  # RFC 5321
BODIES = (".gov.uk", ".nhs.uk", ".nhs.net", ".police.uk", ".ac.uk", ".parliament.uk")
WEBMAIL = frozenset(
    "gmail.com googlemail.com hotmail.com hotmail.co.uk outlook.com live.com live.co.uk msn.com yahoo.com yahoo.co.uk "
    "icloud.com me.com aol.com btinternet.com sky.com talktalk.net virginmedia.com ntlworld.com protonmail.com proton.me".split()
)


def tidy(address: str) -> str:
    """The address in the one form in which it is kept; empty where it cannot be one.

    >>> tidy(" Jo@Example.ORG ")
    'jo@example.org'
    >>> tidy("jo at example")
    ''
    """
    found = address.strip().casefold()
    return found if len(found) <= LONGEST and SHAPE.fullmatch(found) else ""


def likely_subscriber(address: str) -> str:
    """What kind of subscriber an address suggests; unknown where it suggests none. A person looks at it.

    >>> likely_subscriber("jo@mereton.gov.uk"), likely_subscriber("jo@gmail.com"), likely_subscriber("jo@example.org")
    ('corporate', 'individual', 'unknown')
    """
    host = "." + address.rpartition("@")[2]
    if host.removeprefix(".") in WEBMAIL:
        return INDIVIDUAL
    return CORPORATE_SUBSCRIBER if host.endswith(BODIES) else UNKNOWN
