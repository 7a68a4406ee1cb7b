"""Lots: what is drawn at random from a seed, so that it can be drawn again and no ranking has a hand in it."""

from __future__ import annotations

import hashlib

SHUFFLE_BITS = 31  # a number that every database keeps as a plain integer


def lot(seed: int, purpose: str, name: str) -> int:
    """A number from 0 to 2**31 - 1, evenly spread over names: the first bits of SHA-256 of seed, purpose and name.

    >>> lot(1, "order", "rep-a") == lot(1, "order", "rep-a"), lot(1, "order", "rep-a") == lot(2, "order", "rep-a")
    (True, False)
    """
    digest = hashlib.sha256(f"{seed}\n{purpose}\n{name}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - SHUFFLE_BITS)


def drawn(seed: int, name: str, share: float) -> bool:
    """Whether this one belongs to the random sample of this share: each has the same chance, whatever else is here."""
    return lot(seed, "sample", name) < share * (1 << SHUFFLE_BITS)
