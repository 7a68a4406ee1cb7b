"""Short typed public identifiers, such as `fnd-7h3k9q2x`: a prefix that says what it is, and letters that spell nothing."""

from __future__ import annotations

import hashlib
import re
import secrets

ALPHABET = "0123456789bcdfghjkmnpqrstvwxyz"  # no vowels (no words), no l (looks like 1)
LENGTH = 8
LONG = 12  # for rows that come by the million
PATTERN = re.compile(r"^[a-z]{3}-[0-9b-df-hj-km-np-tv-z]{6,16}$")


def _letters(number: int, length: int) -> str:
    letters = []
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def fresh(prefix: str, length: int = LENGTH) -> str:
    """A new random identifier."""
    return f"{prefix}-{_letters(secrets.randbits(128), length)}"


def derived(prefix: str, *key: object, length: int = LENGTH) -> str:
    """The identifier that a natural key always gets: the same file or fact loaded twice is the same row."""
    text = "\x1f".join(str(part) for part in key)
    return f"{prefix}-{_letters(int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], 'big'), length)}"
