"""Which known words are nearly this one? Letters in threes find candidates, the number of slips decides.

The table of trigrams is one sorted column of whole numbers, gram first, then the length of the word, then its number, so
that the words that share a gram and are about as long lie side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

WORD_BITS, LENGTH_BITS, GRAM_BITS = 32, 6, 24
_LENGTHS = (1 << LENGTH_BITS) - 1


def grams(word: str) -> set[int]:
    """The trigrams of a word as numbers, its beginning and end among them. Two grams may share a number: no harm."""
    padded = f"\x02\x02{word}\x03"
    threes = (padded[at : at + 3] for at in range(len(padded) - 2))
    return {sum(ord(char) * 9_973**place for place, char in enumerate(three)) % (1 << GRAM_BITS) for three in threes}


def keys(word: str, number: int) -> list[int]:
    """The rows of a word in the table of trigrams."""
    return [_key(gram, len(word), number) for gram in sorted(grams(word))]


def word_number(key: int) -> int:
    """The number of the word that a row is about."""
    return key & ((1 << WORD_BITS) - 1)


def ranges(word: str, slips: int) -> list[tuple[int, int]]:
    """For each gram the first and last key of words that share it and are about as long."""
    shortest, longest = max(len(word) - slips, 1), len(word) + slips
    last = (1 << WORD_BITS) - 1
    return [(_key(gram, shortest, 0), _key(gram, longest, last)) for gram in sorted(grams(word))]


def _key(gram: int, length: int, number: int) -> int:
    return (gram << (LENGTH_BITS + WORD_BITS)) | (min(length, _LENGTHS) << WORD_BITS) | number


def slips_allowed(word: str) -> int:
    """How many slips a word may have: none in three letters, one in up to seven, two in longer ones."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def fewest_shared(word: str, slips: int) -> int:
    """How many grams a word with so many slips shares at least: a slip changes three, one that swaps letters four."""
    return max(len(grams(word)) - 4 * slips, 1)


@dataclass(frozen=True, slots=True)
class Near:
    """A known word near the one asked for: by how many slips, and in how many reports of the sample it is."""

    word: str
    slips: int
    seen: int


def nearest(word: str, known: Iterable[tuple[str, int]], most: int = 5) -> list[Near]:
    """The known words within the slips allowed: fewest slips first, then the same first letter, then the commonest."""
    allowed = slips_allowed(word)
    found = []
    for other, seen in known:
        slips = OSA.distance(word, other, score_cutoff=allowed)
        if 0 < slips <= allowed:
            found.append(Near(other, slips, seen))
    found.sort(key=lambda near: (near.slips, near.word[0] != word[0], -near.seen, near.word))
    return found[:most]


def replaced(text: str, swaps: Sequence[tuple[str, str]]) -> str:
    """A search with words put right where they stand, whatever their capitals."""
    for wrong, right in swaps:
        at = text.casefold().find(wrong)
        if at >= 0 and len(text) == len(text.casefold()):
            text = text[:at] + right + text[at + len(wrong) :]
    return text
