"""Why a guide cannot be sent for approval yet: each problem with the field in which it is mended. Reads."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from whatworks.publish.guides.resting import Rest, Rests
from whatworks.publish.methods.guide_text import (
    FEWEST,
    GUIDE,
    MOST,
    RECOMMENDATION,
    SAID,
    Text,
    day_of,
    texts_of,
)
from whatworks.publish.writing.reviewing import reviewed


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend: the address of its field, where that is in words, and a sentence."""

    at: str
    where: str
    sentence: str


def problems(text: Text) -> list[Problem]:
    """Everything that stands between this text and an approver, in the sequence of the form."""
    found = [Problem(part.key, part.title, part.needed) for part in GUIDE if part.needed and not text[part.key]]
    found += _day("review_on", "To be reviewed by", text["review_on"])
    count = len(text["recommendations"])
    if not FEWEST <= count <= MOST:
        words = f"A guide has {FEWEST} to {MOST} recommendations; this one has {count}."
        found.append(Problem("add", "Recommendations", words))
    rests = Rests()
    for number, one in enumerate(text["recommendations"], 1):
        found += _recommendation(rests, text, one, f"Recommendation {number}")
    return found + _words(text)


def _recommendation(rests: Rests, text: Text, one: Text, where: str) -> list[Problem]:
    found = [
        Problem(f"{one['key']}-{part.key}", f"{where}: {part.title.lower()}", part.needed)
        for part in RECOMMENDATION
        if part.needed and not one[part.key]
    ]
    if one["stage"] and one["stage"] not in text["stages"]:
        said = f"“{one['stage']}” is no stage of this guide; choose one of its stages."
        found.append(Problem(f"{one['key']}-stage", f"{where}: at which stage", said))
    found += _day(f"{one['key']}-review_on", f"{where}: to be reviewed by", one["review_on"])
    for said, who in SAID:
        if one[said] and not one[who]:
            words = "Say who said so: how many, who, where and when."
            found.append(Problem(f"{one['key']}-{who}", f"{where}: who said so", words))
    return found + _resting(rests, one, where)


def _resting(rests: Rests, one: Text, where: str) -> list[Problem]:
    found = []
    for key, title in (("rests_on", "what it rests on"), ("dont_rests_on", "evidence of harm")):
        held, refused = rests.all_of(one[key])
        found += [Problem(f"{one['key']}-{key}", f"{where}: {title}", sentence) for sentence in refused]
        if key == "rests_on" and held and not any(rest.rated for rest in held):
            words = (
                "Name at least one result or rating; a page or another body's rating alone has no certainty of ours."
            )
            found.append(Problem(f"{one['key']}-{key}", f"{where}: {title}", words))
        if key == "dont_rests_on" and one["dont"]:
            found += _warned(one, held, where)
    return found


def _warned(one: Text, held: list[Rest], where: str) -> list[Problem]:
    if any(rest.harm for rest in held) or one["dont_by"]:
        return []
    words = "Nothing named here is evidence of harm. Name a result that is, or say by whose judgement this is not to be done."
    return [Problem(f"{one['key']}-dont_by", f"{where}: by whose judgement", words)]


def _day(at: str, where: str, value: str) -> list[Problem]:
    if not value:
        return []
    day = day_of(value)
    if day is None:
        return [Problem(at, where, f"“{value}” is no day; write it as 2027-11-30.")]
    return [Problem(at, where, f"{value} is past; give a day to come.")] if day <= _today() else []


def _today() -> datetime.date:
    return timezone.localdate()


def _words(text: Text) -> list[Problem]:
    """What must change in the running texts: typed numbers, references that lead nowhere, words that say too much."""
    return [
        Problem(at, where, slip.told() if slip.line > 1 else slip.sentence)
        for at, where, words in texts_of(text)
        for slip in reviewed(words).problems
    ]
