"""A text looked through against what the centre holds: its results, its glossary, its rules for words and numbers."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

from whatworks.publish.methods.claims import Fact
from whatworks.publish.methods.readability import by_vowels
from whatworks.publish.methods.references import references
from whatworks.publish.methods.writing import Review, review_text
from whatworks.publish.page.blocks import recorded_judgement
from whatworks.publish.page.naming import inside
from whatworks.publish.writing.referring import ground_of, held_numbers, synthesis_of
from whatworks.publish.writing.wording import wording
from whatworks.rate.actions import held_rating
from whatworks.rate.standing import standing_of
from whatworks.scope.models import Outcome
from whatworks.synthesise.models import PublishedResult, Synthesis

GOOD = {Outcome.GOOD_HIGH: 1, Outcome.GOOD_LOW: -1}


def reviewed(text: str, *, sourced: bool = True) -> Review:
    """What must change in a text before it is published, and what would make it easier to read."""
    identifiers = [one.identifier for one in references(text)]
    return review_text(
        text,
        rules=wording(),
        facts=facts_of(identifiers),
        glossary=glossary(),
        syllables=syllables,
        sourced=sourced,
    )


def facts_of(identifiers: Iterable[str]) -> dict[str, Fact]:
    """What is known now about each result that a text refers to; what is not held is left out."""
    wanted = sorted(set(identifiers))
    held: dict[str, set[str]] = {}
    for identifier, what in held_numbers(wanted):
        held.setdefault(identifier, set()).add(what)
    return {one: fact for one in held if (fact := _fact(one, frozenset(held[one]))) is not None}


def _fact(identifier: str, held: frozenset[str]) -> Fact | None:
    if identifier.startswith(f"{PublishedResult.prefix}-"):
        return _published(PublishedResult.objects.select_related("outcome").get(pk=identifier), held)
    synthesis = synthesis_of(identifier)
    return _pooled(identifier, synthesis, held) if synthesis else None


def _pooled(identifier: str, synthesis: Synthesis, held: frozenset[str]) -> Fact:
    ground, outcome = ground_of(synthesis.analysis), synthesis.analysis.outcome
    rating, judged = held_rating(ground, "outcome-state"), recorded_judgement(ground)
    return Fact(
        identifier=identifier,
        name=inside(synthesis.analysis.title),
        state=(standing_of(rating).level or "") if rating else "",
        side=_side(synthesis.result["ci_low"], synthesis.result["ci_high"], 0.0),
        good=GOOD.get(outcome.direction, 0),
        contact=outcome.contact,
        safety=outcome.safety,
        certainty=judged.level if judged else "",
        held=held,
    )


def _published(one: PublishedResult, held: frozenset[str]) -> Fact:
    outcome = one.outcome
    return Fact(
        identifier=one.pk,
        name=f"{one.review_name}: {inside(one.measured)}",
        state="",
        side=_side(one.ci_low, one.ci_high, 1.0 if one.measure in RATIO_MEASURES else 0.0),
        good=GOOD.get(outcome.direction, 0) if outcome else 0,
        contact=bool(outcome and outcome.contact),
        safety=bool(outcome and outcome.safety),
        held=held,
    )


RATIO_MEASURES = frozenset({"RR", "OR", "HR", "IRR", "rate ratio", "risk ratio", "odds ratio", "hazard ratio"})


def _side(low: float | None, high: float | None, null: float) -> int:
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return 0
    return (low > null) - (high < null)


@cache
def glossary() -> dict[str, str]:
    """The words of the house with what they mean to a reader; words that everybody has are left out."""
    text = resources.files("whatworks").joinpath("web", "glossary.toml").read_text(encoding="utf-8")
    return {term: meaning for term, meaning in tomllib.loads(text)["terms"].items() if term not in EVERYDAY}


EVERYDAY = frozenset(
    "Area Arm Candidate Certainty Event Judgement Opinion Page Practice Record Release Report Review Stop Study Subject "
    "Trace Wave".split()
)


@cache
def _hyphens() -> object:
    import pyphen  # type: ignore[import-untyped]  # here: its lists of patterns take a moment to read

    return pyphen.Pyphen(lang="en_GB")


@cache
def syllables(word: str) -> int:
    """The syllables of a word: by where it may be parted at the end of a line, or by its vowels, whichever are more."""
    hyphens = _hyphens()
    return max(by_vowels(word), len(hyphens.positions(word)) + 1)  # type: ignore[attr-defined]
