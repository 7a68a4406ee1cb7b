"""The version of a page for young people, made by rule from its states, numbers and certainty; a person may add to it.

Short sentences, the same 100 on both sides, and what it cannot say. It gives no address or number that nobody recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whatworks.publish.methods.using import spoken
from whatworks.rate.methods.wording import for_the_young, how_sure, sentence
from whatworks.saying import said, said_of

Content = Mapping[str, Any]

MOST = 3  # outcomes that are told; more are counted
# States that say that there is nothing to put together: a number beside them would say more than is known.
WITHOUT_NUMBERS = ("not-searched", "nothing-found", "not-poolable")
SAFE = said("Are children safer?")
UNSAFE = said("We do not know whether children were safer. So more or fewer is not good or bad by itself.")
YOURS = (
    said("What you think and want matters too."),
    said("You can ask: Why do you think this would help me? What else could we try? What if I say no?"),
)
TALK = (
    said("You can talk to your social worker, your carer, a teacher, or another grown-up you trust."),
    said("You can ask them to read this with you."),
    said("If you do not feel safe, tell a grown-up you trust now."),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One heading with its plain sentences."""

    heading: str
    sentences: tuple[str, ...]
    dots: Mapping[str, Any] | None = None
    """The two groups of 100, as the page document holds them, where they are drawn beside the sentences."""


@dataclass(frozen=True, slots=True)
class Young:
    """The page for young people: its title, its parts, and the version of the page that it was made from."""

    title: str
    sections: tuple[Part, ...]
    version: str


def for_young_people(content: Content) -> Young:
    """The young people's version of a stored page document, of every schema."""
    sections = [
        Part(said("What is it?"), (content["lead"] or said("Nobody has written down in short words what it is."),))
    ]
    if words := spoken(content.get("young") or ()).strip():
        sections.append(Part(said("In short"), tuple(one for one in words.split("\n") if one.strip())))
    sections += _outcomes(content["outcomes"])
    sections += [
        Part(said("What this cannot tell you"), (for_the_young("group", unit=_unit(content)), *YOURS)),
        Part(said("Where to talk to somebody"), TALK),
    ]
    approved = content.get("approved")
    version = (
        said("Made from revision %(revision)s of %(on)s.", revision=content["revision"], on=approved["on"])
        if approved
        else said("Made from a draft.")
    )
    return Young(said("%(title)s: for young people", title=content["title"]), tuple(sections), version)


def _outcomes(outcomes: list[Mapping[str, Any]]) -> list[Part]:
    """What was found, outcome by outcome, with what is known of safety in a part of its own."""
    if not outcomes:
        return [Part(said("Does it help?"), (said("We do not know. We hold no results about it."),))]
    rest = [one for one in outcomes if not one["safety"]]
    parts = [Part(_asked(one), _told(one), one["hundred"]) for one in rest[:MOST]]
    if more := len(rest[MOST:]):
        told = said_of(
            more, "The full page tells of %(n)s more thing.", "The full page tells of %(n)s more things.", n=more
        )
        parts.append(Part(said("What else was looked at?"), (told,)))
    safety = [one for one in outcomes if one["safety"]]
    if safety and any(one["table"] for one in safety):
        return [*parts, Part(SAFE, tuple(said for one in safety[:MOST] for said in _told(one)))]
    return parts + ([Part(SAFE, (UNSAFE,))] if any(one["contact"] for one in outcomes) else [])


def _asked(outcome: Mapping[str, Any]) -> str:
    return said("What about %(lower)s?", lower=_lower(outcome["name"]))


def _told(outcome: Mapping[str, Any]) -> tuple[str, ...]:
    """One outcome: its state, its number of 100 where one is held, and how sure anybody is."""
    key, sure = outcome["state"]["key"], outcome["certainty"]
    if not outcome["scale"]:
        return (spoken(outcome["sentence"][:1]).strip(),)  # what single studies print comes after it
    if key in WITHOUT_NUMBERS:
        alone = len([row for row in outcome["table"]["rows"] if row["pooled"]]) == 1
        return (sentence(key, outcome=_lower(outcome["name"]), because="one-study" if alone else ""),)
    level = sure["word"].lower().replace(" ", "-") if sure else _unrated(outcome)
    said = sentence(key, outcome=_lower(outcome["name"]), certainty=level, direction_kind=_kind(outcome))
    rated = "rated how sure" in said
    return (said, *_numbers(outcome), *(() if rated else (how_sure(level, young=True),)))


def _unrated(outcome: Mapping[str, Any]) -> str:
    return "not-enough" if outcome.get("certainty_words") == "Not rated yet" else "not-assessed"


def _kind(outcome: Mapping[str, Any]) -> str:
    """How a change of this outcome is told: fewer and more where it is contact or neutral, else better and worse."""
    neutral = outcome["contact"] or outcome["state"]["css"] == "change"
    return "contact" if neutral else "good-high"


def _numbers(outcome: Mapping[str, Any]) -> tuple[str, ...]:
    """Both groups of 100, and how far off the second may be."""
    dots, scale = outcome["hundred"], outcome["scale"]
    if not dots:
        return ()
    said = for_the_young("numbers", before=dots["before"], after=dots["after"], of=dots["of"])
    if scale["low"] is None or scale["high"] is None:
        return (said,)
    low, high = (dots.get(end, round(min(max(dots["before"] + scale[end], 0), 100))) for end in ("low", "high"))
    return (said, for_the_young("range", low=low, high=high))


def _unit(content: Content) -> str:
    """Who was counted, where every drawing counts the same; else people."""
    units = {str(one["hundred"].get("unit") or "people") for one in content["outcomes"] if one["hundred"]}
    return units.pop() if len(units) == 1 else "people"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
