"""A lot that a stranger can draw again: a stream of numbers from a seed, and what is drawn from it.

The stream is SHA-256 in counter mode: block i is SHA-256 of the 32 bytes of the seed followed by i as 8 bytes, the highest first,
i = 0, 1, 2 and so on; each block gives four numbers of 8 bytes, the highest byte first. A number below n is the next number of the
stream modulo n, where numbers of 2^64 - (2^64 mod n) and above are passed over, so that each is as likely. A shuffle goes from
the last place to the second and swaps each with a place drawn from itself and those before (Durstenfeld 1964, doi
10.1145/364520.364540). Nothing here depends on a library's generator, whose stream may change with its version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

from whatworks.errors import InputError
from whatworks.saying import said

Item = TypeVar("Item")
WORD = 1 << 64
MARK = b"whatworks lot 1\n"  # what is hashed says which rules it was hashed under


def commitment(secret: str) -> str:
    """What is published before a draw: the SHA-256 of a secret, in hex. Whoever gives the secret later cannot give another."""
    return hashlib.sha256(MARK + b"secret\n" + secret.encode()).hexdigest()


def seed_of(listed: str, secrets: Sequence[str]) -> str:
    """The seed, in hex: the SHA-256 of the digest of the list that is drawn from and of the secrets, each on a line of its own.

    Raises InputError where the digest is not one, no secret is given, or one holds a line break.
    """
    if len(listed) != 64 or not set(listed) <= set("0123456789abcdef"):
        raise InputError(said("The list's digest must be a SHA-256 in 64 small hexadecimal digits."))
    if not secrets or not all(secrets) or any("\n" in one for one in secrets):
        raise InputError(said("A seed needs at least one secret; none may be empty or hold a line break."))
    told = "\n".join([listed, *secrets]) + "\n"
    return hashlib.sha256(MARK + b"seed\n" + told.encode()).hexdigest()


class Lot:
    """Draws from the stream of one seed. `used` says how many numbers of it have been looked at."""

    def __init__(self, seed: str) -> None:
        """`seed`: 64 hexadecimal digits. Raises InputError for anything else."""
        try:
            self._seed = bytes.fromhex(seed)
        except ValueError as error:
            raise InputError(said("A seed is 64 hexadecimal digits; this one has other characters.")) from error
        if len(self._seed) != 32:
            raise InputError(said("A seed is 64 hexadecimal digits; this one has %(count)s.", count=len(seed)))
        self.used = 0
        self._block = b""

    def number(self) -> int:
        """The next number of the stream, from 0 to 2^64 - 1."""
        place = self.used % 4
        if place == 0:
            self._block = hashlib.sha256(self._seed + (self.used // 4).to_bytes(8, "big")).digest()
        self.used += 1
        return int.from_bytes(self._block[8 * place : 8 * place + 8], "big")

    def below(self, n: int) -> int:
        """A number from 0 to n - 1, each as likely. Raises InputError for n below 1 or above 2^64."""
        if not 1 <= n <= WORD:
            raise InputError(said("Nothing can be drawn below %(n)s; give a number from 1 to 2^64.", n=n))
        fair = WORD - WORD % n
        while (drawn := self.number()) >= fair:
            pass
        return drawn % n

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in an order in which each is as likely."""
        held = list(items)
        for last in range(len(held) - 1, 0, -1):
            other = self.below(last + 1)
            held[last], held[other] = held[other], held[last]
        return held

    def one_of(self, items: Sequence[Item]) -> Item:
        """One of the items, each as likely. Raises InputError where there is none."""
        if not items:
            raise InputError(said("There is nothing to draw from."))
        return items[self.below(len(items))]

    def comes(self, number: int, of: int) -> bool:
        """Whether something that has a chance of `number` in `of` comes about."""
        if not 0 <= number <= of:
            raise InputError(said("A chance of %(number)s in %(of)s cannot be.", number=number, of=of))
        return self.below(of) < number
