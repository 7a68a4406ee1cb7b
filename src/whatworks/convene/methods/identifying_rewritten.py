"""Is a public wording our own, or does it carry the words in which somebody asked? By the longest run of words in both."""

from __future__ import annotations

import re

RUN = 8  # words in a row that nobody writes again by chance

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters, without signs."""
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def carries(public: str, theirs: str, run: int = RUN) -> str:
    """The first run of so many words that a public wording shares with a text, or all of a shorter text that it repeats.

    Empty where the wording is our own.
    """
    mine, given = words_of(public), words_of(theirs)
    length = min(run, len(given))
    if not given or len(mine) < length or (length < 3 and mine != given):
        return ""
    held = {tuple(given[at : at + length]) for at in range(len(given) - length + 1)}
    for at in range(len(mine) - length + 1):
        if tuple(mine[at : at + length]) in held:
            return " ".join(mine[at : at + length])
    return ""
