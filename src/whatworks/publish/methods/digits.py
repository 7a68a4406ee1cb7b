"""Which numbers in a text were typed though only a result may give them? By the rules for numbers, as data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whatworks.publish.methods.references import Slip, place
from whatworks.publish.methods.sentences import masked
from whatworks.publish.methods.wordlists import Typed, Wording

_DIGITS = re.compile(r"(?<!\w)[£$€]?\d[\d,.]*(?:[^\W\d_]+|%)?")


def typed_numbers(text: str, rules: Wording) -> tuple[Slip, ...]:
    """Every number that looks like a result, and every figure that no rule lets stand, in the order of the text.

    Rules marked `first` are asked before the refusals, the other permissions after them; a figure that no rule knows
    is refused, so that a number which nobody thought of is never published by hand.
    """
    bare = masked(text)
    taken = [span for rule in rules.allowed if rule.first for span in _spans(rule, bare)]
    found: list[tuple[int, str, str]] = []
    for rule in rules.refused:
        for start, end in _spans(rule, bare):
            if not _touches(start, end, taken):
                taken.append((start, end))
                found.append((start, bare[start:end], rule.sentence))
    taken += [span for rule in rules.allowed for span in _spans(rule, bare)]
    for match in _DIGITS.finditer(bare):
        if not _touches(match.start(), match.end(), taken):
            found.append((match.start(), match[0].rstrip(".,"), rules.otherwise))
    return tuple(_slip(text, *one) for one in sorted(found))


def has_money(text: str) -> bool:
    """Whether a text names an amount of money."""
    return "£" in masked(text)


def _spans(rule: Typed, text: str) -> Iterator[tuple[int, int]]:
    return ((match.start(), match.end()) for match in rule.pattern.finditer(text) if match[0].strip())


def _touches(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return any(start < there and here < end for here, there in taken)


def _slip(text: str, at: int, words: str, sentence: str) -> Slip:
    lead = len(words) - len(words.lstrip())
    words = " ".join(words.split())
    return Slip(*place(text, at + lead), words, sentence.replace("{words}", words), "typed-number")
