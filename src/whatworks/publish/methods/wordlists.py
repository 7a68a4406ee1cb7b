"""The rules for what people write on pages, compiled: numbers that may be typed, words that claim, words to avoid."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FIGURES = r"\d[\d,]*"
IN_WORDS = (
    "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|"
    "eighty|ninety|a dozen|dozens|(?:a )?hundreds?|thousands?|several hundred)"
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A kind of number: how it looks, and a sentence where it may not be typed. `first`: asked before all refusals."""

    name: str
    pattern: re.Pattern[str]
    sentence: str
    first: bool
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """Every rule about words and numbers, by what it is asked for."""

    version: int
    sentence_words: int
    reading_age: float
    allowed: tuple[Typed, ...]
    refused: tuple[Typed, ...]
    otherwise: str
    claims: Mapping[str, re.Pattern[str]]
    framed: Mapping[str, re.Pattern[str]]
    no_effect: re.Pattern[str]
    safe: re.Pattern[str]
    probability: re.Pattern[str]
    judged: re.Pattern[str]
    contact: re.Pattern[str]
    banned: tuple[tuple[re.Pattern[str], str], ...]
    plain: Mapping[str, str]
    abstract: re.Pattern[str]


def wording_from(data: Mapping[str, Any]) -> Wording:
    """The rules from their data; re.error where a pattern is none."""
    noun = f"(?:{'|'.join(data['counted'])})"
    return Wording(
        version=data["version"],
        sentence_words=data["sentence_words"],
        reading_age=data["reading_age"],
        allowed=tuple(_typed(one, noun) for one in data["allowed"]),
        refused=tuple(_typed(one, noun) for one in data["refused"]),
        otherwise=data["otherwise"]["sentence"],
        claims={one["way"]: any_of(one["words"]) for one in data["claims"]},
        framed={name: any_of(words) for name, words in data["framed"].items()},
        no_effect=any_of(data["no_effect"]["words"]),
        safe=any_of(data["safe"]["words"]),
        probability=any_of(data["probability"]["words"]),
        judged=any_of(data["judged"]["words"]),
        contact=any_of(data["judged"]["contact"]),
        banned=tuple((re.compile(one["pattern"], re.I), one["sentence"]) for one in data["banned"]),
        plain=data["plain"],
        abstract=any_of(data["abstract"]["words"]),
    )


def _typed(one: Mapping[str, Any], noun: str) -> Typed:
    number = f"(?:{FIGURES}|{IN_WORDS})"
    pattern = one["pattern"].replace("NUMBER", number).replace("NOUN", noun)
    pattern = re.sub(r"(?<![\\A-Z])N(?![A-Z])", lambda _: FIGURES, pattern)
    return Typed(
        one["name"],
        re.compile(pattern, re.I),
        one.get("sentence", ""),
        bool(one.get("first")),
        tuple(one["examples"]),
    )


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these words or phrases, whole."""
    return re.compile(rf"\b(?:{'|'.join(words)})(?!\w)", re.I)
