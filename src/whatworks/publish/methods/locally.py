"""What a pooled result could mean in a reader's own place: when no number is given, and why; else the number in words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whatworks.publish.methods.numbers import Three
from whatworks.saying import Said, filled, said

FEWEST = 3  # studies: below it nobody can say how far places differ, as with prediction intervals
MOST = 1_000_000  # a year: more than any place could offer anything to
SAME = 0.05  # of one: an end nearer to nought is said as no difference, as it is out of 100
NAMED = 2  # results that are named in one sentence; more are counted
OTHER = "other"  # what a reader chooses who counts, or asks about, what the page does not name
NO, YES, UNKNOWN = "no", "yes", "unknown"

Parts = list[Any]
Measure = Mapping[str, Any]

# Why no number is given: each names the result, says why, and what a reader can do instead.
FEW, BARE, SCORE, RISK, MIXED, NOTHING = "few", "no-interval", "score", "no-risk", "mixed", "nothing"
REFUSALS = {
    FEW: said(
        "%(result)s rests on fewer than three studies, too few to carry over to another place, so we give no number; "
        "you can read above what each study found."
    ),
    BARE: said(
        "%(result)s is one number without a range, which would look surer than it is, so we give none for your place; "
        "you can read above what was found."
    ),
    SCORE: said(
        "%(result)s tells of a score, an amount or a rate, not of something that happens or does not, so it cannot become a "
        "number for your place; you can read above what was found."
    ),
    RISK: said(
        "%(result)s cannot become a number for your place, because the studies do not all tell how often it happened without "
        "the offer; you can read above what each study found."
    ),
    MIXED: said(
        "%(result)s puts together studies that counted different things, so a number for your place would mix them up; "
        "you can read above what each study found."
    ),
    NOTHING: said(
        "We put no result together for %(names)s, so there is nothing to carry over to your place; "
        "you can read above what we hold."
    ),
}
NO_RESULT = said(
    "No results were put together on this page, so there is no result to carry over to your place; you "
    "can read above what we hold."
)


def refusal(*, studies: int, three: Three | None, happens: bool, units: Iterable[str]) -> str | None:
    """Why a pooled result gives no number for another place, as a key of `REFUSALS`; None where it may.

    `three` is the result out of 100, None where it cannot be said so; `happens`: whether the outcome happens or does not.
    """
    if studies < FEWEST:
        return FEW
    if three is None:
        return RISK if happens else SCORE
    if three.low is None or three.high is None:
        return BARE
    return MIXED if len(set(units)) > 1 else None


def reasons(measures: Sequence[Measure]) -> list[str]:
    """Why a page gives no number at all: one sentence for each reason; empty where one of its outcomes gives one."""
    if any(not one["refused"] for one in measures):
        return []
    names: dict[str, list[str]] = {}
    for one in measures:
        if one["refused"] != NOTHING:
            names.setdefault(one["refused"], []).append(one["name"])
    return [because(why, of) for why, of in names.items()] or [NO_RESULT]


def because(why: str, names: Sequence[str]) -> Said:
    """Why results give no number, as one sentence."""
    quoted = [_quoted(name) for name in names]
    named = (
        quoted[0] if len(quoted) == 1 else said("%(names)s and %(last)s", names=", ".join(quoted[:-1]), last=quoted[-1])
    )
    if len(names) == 1:
        result = said("The result for %(names)s", names=named)
    elif len(names) <= NAMED:
        result = said("Each result for %(names)s", names=named)
    else:
        result = said("Each of %(n)s results on this page", n=len(names))
    told = {"result": result, "names": named}
    return filled(REFUSALS[why], **told)


def _quoted(name: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"


def tallied(values: Iterable[tuple[str, str]]) -> list[str]:
    """What each study records, as (study, words), said once with the number of studies; without words it is not recorded.

    >>> tallied([("A", "Kent"), ("B", "Kent"), ("C", "")])
    ['Kent (2 of 3 studies)', 'Not recorded (1 of 3 studies)']
    """
    held: dict[str, set[str]] = {}
    every: set[str] = set()
    for study, words in values:
        recorded = words.strip() or "not recorded"
        held.setdefault(recorded[:1].upper() + recorded[1:], set()).add(study)
        every.add(study)
    ordered = sorted(held.items(), key=lambda item: item[0] == "Not recorded")
    if len(ordered) == 1:
        return [ordered[0][0]]
    return [f"{words} ({len(studies)} of {len(every)} studies)" for words, studies in ordered]


@dataclass(frozen=True, slots=True)
class Typed:
    """What a reader typed and chose, as it arrived."""

    outcome: str = ""
    counted: str = ""
    number: str = ""
    offered: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the page says to that: problems by field, or why there is no number, or the number and what to mind."""

    problems: tuple[tuple[str, str], ...] = ()
    refused: str = ""
    answer: tuple[Any, ...] = ()
    minding: tuple[str, ...] = ()


def reply(measure: Measure, typed: Typed) -> Reply:
    """The number for a reader's place; what does not fit is refused before anything missing is asked for."""
    if typed.counted and not same_count(typed.counted, measure["unit"]):
        return Reply(refused=_other_count(measure, typed.counted))
    if typed.offered == YES:
        return Reply(refused=_offered(measure))
    number, wrong = counted(typed.number)
    problems: list[tuple[str, str]] = [] if typed.counted else [("counted", said("Choose what you count."))]
    problems += [("number", wrong)] if wrong else []
    if typed.offered not in (NO, UNKNOWN):
        problems.append(("offered", said("Say whether it is already offered here; if it is, this sum does not fit.")))
    if problems or number is None:
        return Reply(problems=tuple(problems))
    return Reply(answer=tuple(answer(measure, number)), minding=tuple(_minding(measure, number, typed)))


def same_count(counted: str, unit: str) -> bool:
    """Whether a reader counts what the studies counted: families are not children."""
    return " ".join(counted.split()).casefold() == unit.casefold()


def counted(typed: str) -> tuple[int | None, str]:
    """A whole number from what a reader typed, or one sentence that says how to mend it."""
    text = " ".join(typed.split())
    if not text:
        return None, said("Type how many there are in a year, in figures.")
    if re.fullmatch(r"[-\N{MINUS SIGN}]\s?[0-9][0-9,.]*|0+", text):
        return None, said("Type 1 or more: a sum for none, or for fewer than none, says nothing.")
    if re.fullmatch(r"[0-9][0-9,]*\.[0-9]+", text):
        return None, said("Type a whole number, without a point: nobody can be counted in part.")
    if not re.fullmatch(r"[0-9]+|[0-9]{1,3}([, ][0-9]{3})+", text):
        return None, said("Type the number in the figures 0 to 9 only, without words or signs.")
    digits = re.sub(r"[, ]", "", text).lstrip("0")
    if len(digits) > len(str(MOST)) or int(digits) > MOST:
        return None, said(
            "Type %(most)s or fewer: more than that is more than any place has in a year.", most=f"{MOST:,}"
        )
    return int(digits), ""


def _other_count(measure: Measure, given: str) -> str:
    unit, noun = measure["unit"], measure["noun"]
    what = said("something else") if given == OTHER else given
    return said(
        "The %(noun)s counted %(unit)s and you count %(what)s, so this result does not fit your number; "
        "count %(unit)s, each %(one_of)s once, and try again.",
        noun=noun,
        unit=unit,
        what=what,
        one_of=one_of(unit),
    )


def _offered(measure: Measure) -> str:
    unit = measure["unit"]
    return said(
        "The %(noun)s compared %(unit)s offered it with %(unit)s not offered it, so the sum does not "
        "apply where it is already offered, and we give no number; if you would offer it to more "
        "%(unit)s, count only those.",
        noun=measure["noun"],
        unit=unit,
    )


def _minding(measure: Measure, number: int, typed: Typed) -> list[str]:
    """What a reader must know with the number."""
    told = []
    if max(abs(end) for end in ends(measure, number)) < 1:
        unit = measure["unit"]
        told.append(
            said(
                "The range is less than one %(one_of)s each way, so it cannot be said in whole %(unit)s.",
                one_of=one_of(unit),
                unit=unit,
            )
        )
    if typed.offered == UNKNOWN:
        told.append(said("Find out first whether it is already offered here: if it is, this number does not apply."))
    return told + ([measure["safety"]] if measure["safety"] else [])


def ends(measure: Measure, number: int) -> tuple[float, float]:
    """The ends of the range for so many, from those out of 100."""
    return measure["low"] * number / measure["per"], measure["high"] * number / measure["per"]


def answer(measure: Measure, number: int) -> Parts:
    """What might happen with so many, in a sentence whose number leads to where it came from."""
    unit, noun = measure["unit"], measure["noun"]
    lead = (
        said(
            "If %(n)s %(unit)s like those in the %(noun)s were offered this here, and results carried over, ",
            n=f"{number:,}",
            unit=unit,
            noun=noun,
        )
        if number > 1
        else said(
            "If 1 %(one)s like those in the %(noun)s was offered this here, and results carried over, ",
            one=one_of(unit),
            noun=noun,
        )
    )
    found = {"number": between(*ends(measure, number)), "trace": measure["trace"]}
    if verb := infinitive(measure["happened"]):
        return [lead, found, said(" might %(verb)s.", verb=verb)]
    return [lead, said("there might be "), found, said(" of those that %(happened)s.", happened=measure["happened"])]


def between(low: float, high: float) -> str:
    """A range of whole ones: “between 2 fewer and 11 more”; less than one each way is said as that.

    Ends are rounded to the nearest whole, not outwards: the same range stands out of 100 on the page, rounded so, and
    whoever types 100 must read the same numbers twice. Half a person is little beside what the range leaves open.
    """
    if low == high == 0:
        return said("the same number")
    if max(abs(low), abs(high)) < 1:
        if low < 0 < high:
            return said("less than 1 more or fewer")
        return said("less than 1 fewer") if low < 0 else said("less than 1 more")
    first, last = _end(low), _end(high)
    return (
        said("about %(end)s", end=first)
        if first == last
        else said("between %(low)s and %(high)s", low=first, high=last)
    )


def _end(value: float) -> str:
    size = math.floor(abs(value) + 0.5 + 1e-9)
    if abs(value) < SAME:
        return said("the same number")
    if not size:
        return said("less than 1 more") if value > 0 else said("less than 1 fewer")
    return said("%(n)s more", n=f"{size:,}") if value > 0 else said("%(n)s fewer", n=f"{size:,}")


ONE = {"people": "person", "children": "child", "women": "woman", "men": "man"}


def one_of(unit: str) -> str:
    """One of what is counted: “family” of “families”, “young person” of “young people”."""
    *before, last = unit.split(" ")
    if last not in ONE and not last.endswith("s"):
        return unit
    one = ONE.get(last) or (f"{last[:-3]}y" if last.endswith("ies") else last[:-1])
    return " ".join([*before, one])


_PAIRS = (
    "had have,were be,was be,did do,got get,gave give,went go,came come,became become,said say,read read,reached reach,"
    "started start,finished finish,stayed stay,lived live,moved move,left leave,took take,made make,lost lose,kept keep,"
    "found find,met meet,saw see,felt feel,told tell,held hold,died die,used use,passed pass,returned return,hurt hurt"
)
INFINITIVES = dict(pair.split(" ", 1) for pair in _PAIRS.split(","))


def infinitive(happened: str) -> str:
    """What happened, as what might happen: “have a child placed” of “had a child placed”; empty where we cannot say it.

    A past tense that we do not know is not guessed: the sentence is then built another way.
    """
    words = happened.split(" ")
    heads = [0, *(at + 1 for at, word in enumerate(words[:-1]) if word in ("or", "and"))]
    unknown = [at for at in heads if words[at] not in INFINITIVES and (at == 0 or words[at].endswith("ed"))]
    return "" if unknown else " ".join(INFINITIVES.get(w, w) if at in heads else w for at, w in enumerate(words))
