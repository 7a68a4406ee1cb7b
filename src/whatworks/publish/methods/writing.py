"""What is to be said about a text before it is published: what must change, what would make it easier, how it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whatworks.publish.methods.claims import Fact, inconsistencies
from whatworks.publish.methods.digits import has_money, typed_numbers
from whatworks.publish.methods.readability import Ease, Syllables, advice, by_vowels, ease
from whatworks.publish.methods.references import Slip, slips
from whatworks.publish.methods.wordlists import Wording

__all__ = ["Fact", "Review", "review_text"]


@dataclass(frozen=True, slots=True)
class Review:
    """What was found in a text: `problems` stop it from being published, `advice` does not."""

    problems: tuple[Slip, ...]
    advice: tuple[Slip, ...]
    ease: Ease

    @property
    def fits(self) -> bool:
        """Whether nothing stands in the way of publishing it."""
        return not self.problems

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "fits": self.fits,
            "problems": [_plain(one) for one in self.problems],
            "advice": [_plain(one) for one in self.advice],
            "reads": self.ease.told(),
            "words": self.ease.words,
            "sentences": self.ease.sentences,
            "longest": self.ease.longest,
            "reading_age": self.ease.age,
        }


def _plain(one: Slip) -> dict[str, Any]:
    return {"line": one.line, "column": one.column, "words": one.words, "rule": one.rule, "sentence": one.sentence}


def review_text(
    text: str,
    *,
    rules: Wording,
    facts: Mapping[str, Fact] | None = None,
    glossary: Mapping[str, str] | None = None,
    syllables: Syllables = by_vowels,
    sourced: bool = True,
) -> Review:
    """Look through a text that a person wrote.

    `facts` are the results it refers to, by identifier; `glossary` are the words of the house with their meaning;
    `sourced` says whether sources are named beside the text, which amounts of money need.
    """
    text = text.replace("\r\n", "\n")
    problems = [*slips(text), *typed_numbers(text, rules), *inconsistencies(text, facts or {}, rules)]
    if has_money(text) and not sourced:
        problems.append(Slip(1, 1, "£", "An amount of money needs its source; name it under the text.", "source"))
    how = ease(text, syllables)
    ordered = sorted(set(problems), key=lambda one: (one.line, one.column, one.rule, one.sentence))
    return Review(tuple(ordered), advice(text, how, rules, glossary or {}), how)
