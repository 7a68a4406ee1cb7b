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
from whatworks.saying import said
from whatworks.spoken import spoken


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend: the address of its field, where that is in words, and a sentence."""

    at: str
    where: str
    sentence: str


def problems(text: Text) -> list[Problem]:
    """Everything that stands between this text and an approver, in the sequence of the form."""
    found = [Problem(part.key, part.title, part.needed) for part in GUIDE if part.needed and not text[part.key]]
    found += _day("review_on", said("To be reviewed by"), text["review_on"])
    count = len(text["recommendations"])
    if not FEWEST <= count <= MOST:
        words = said(
            "A guide has %(fewest)s to %(most)s recommendations; this one has %(count)s.",
            fewest=FEWEST,
            most=MOST,
            count=count,
        )
        found.append(Problem("add", said("Recommendations"), words))
    rests = Rests()
    for number, one in enumerate(text["recommendations"], 1):
        found += _recommendation(rests, text, one, said("Recommendation %(number)s", number=number))
    return found + _words(text)


def _recommendation(rests: Rests, text: Text, one: Text, where: str) -> list[Problem]:
    found = [
        Problem(
            f"{one['key']}-{part.key}",
            said("%(where)s: %(title)s", where=where, title=spoken(part.title).lower()),
            part.needed,
        )
        for part in RECOMMENDATION
        if part.needed and not one[part.key]
    ]
    if one["stage"] and one["stage"] not in text["stages"]:
        told = said("“%(stage)s” is no stage of this guide; choose one of its stages.", stage=one["stage"])
        found.append(Problem(f"{one['key']}-stage", said("%(where)s: at which stage", where=where), told))
    found += _day(f"{one['key']}-review_on", said("%(where)s: to be reviewed by", where=where), one["review_on"])
    for so, who in SAID:
        if one[so] and not one[who]:
            words = said("Say who said so: how many, who, where and when.")
            found.append(Problem(f"{one['key']}-{who}", said("%(where)s: who said so", where=where), words))
    return found + _resting(rests, one, where)


def _resting(rests: Rests, one: Text, where: str) -> list[Problem]:
    found = []
    for key, title in (("rests_on", said("what it rests on")), ("dont_rests_on", said("evidence of harm"))):
        at, place = f"{one['key']}-{key}", said("%(where)s: %(title)s", where=where, title=title)
        held, refused = rests.all_of(one[key])
        found += [Problem(at, place, sentence) for sentence in refused]
        if key == "rests_on" and held and not any(rest.rated for rest in held):
            words = said(
                "Name at least one result or rating; a page or another body's rating alone has no certainty of ours."
            )
            found.append(Problem(at, place, words))
        if key == "dont_rests_on" and one["dont"]:
            found += _warned(one, held, where)
    return found


def _warned(one: Text, held: list[Rest], where: str) -> list[Problem]:
    if any(rest.harm for rest in held) or one["dont_by"]:
        return []
    words = said(
        "Nothing named here is evidence of harm. Name a result that is, or say by whose judgement this is not to be done."
    )
    return [Problem(f"{one['key']}-dont_by", said("%(where)s: by whose judgement", where=where), words)]


def _day(at: str, where: str, value: str) -> list[Problem]:
    if not value:
        return []
    day = day_of(value)
    if day is None:
        return [Problem(at, where, said("“%(value)s” is no day; write it as 2027-11-30.", value=value))]
    return [Problem(at, where, said("%(value)s is past; give a day to come.", value=value))] if day <= _today() else []


def _today() -> datetime.date:
    return timezone.localdate()


def _words(text: Text) -> list[Problem]:
    """What must change in the running texts: typed numbers, references that lead nowhere, words that say too much."""
    return [
        Problem(at, where, slip.told() if slip.line > 1 else slip.sentence)
        for at, where, words in texts_of(text)
        for slip in reviewed(words).problems
    ]
