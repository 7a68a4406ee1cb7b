"""“What could it mean here?” as a page shows it: what is asked of the reader, what they typed, and the reply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from whatworks.publish.methods.earlier import held_locally
from whatworks.publish.methods.locally import NO, OTHER, UNKNOWN, YES, Reply, Typed, answer, because, reply
from whatworks.saying import said
from whatworks.synthesise.models import Analysis

Measure = dict[str, Any]

FIELDS = ("outcome", "counted", "number", "offered")
EXAMPLES = (50, 100, 500)  # a year: worked out for a copy of the site that has no server to ask
KEPT = 60  # characters of what was typed that are shown again
ELSEWHERE = said(
    "The studies on this page say nothing about that, so we give no number; choose an outcome from the list."
)
CHOOSE = said("Choose what you want to know about.")
OFFERED = ((NO, said("No")), (YES, said("Yes")), (UNKNOWN, said("We do not know")))


def here(content: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """The section of a page: why there is no sum, or the form with what was typed, and the reply to it."""
    held = held_locally(content)
    usable = [one for one in held["measures"] if not one["refused"]]
    if not usable:
        return {"refused": held["refused"]}
    alone = usable[0] if len(usable) == 1 else None
    chosen = next((one for one in held["measures"] if one["key"] == given.get("outcome")), None)
    shown = alone or (chosen if chosen in usable else None)
    units = _units(shown["unit"]) if shown else []
    typed = _typed(given, units)
    sent = set(given) & set(FIELDS)
    # Where several outcomes could be meant, the first step only says which: its definition is read before a number is typed.
    first_step = alone is None and sent == {"outcome"} and chosen in usable
    told = _reply(typed, chosen, shown) if sent and not first_step else Reply()
    fields = _outcomes(held["measures"], typed) if alone or not shown else []
    fields += _place(shown, typed, units) if shown else []
    return {
        "refused": [],
        "measures": [one | {"examples": [answer(one, number) for number in EXAMPLES]} for one in usable],
        "shown": shown,
        "fixed": None if alone else shown,
        "reply": told,
        "fields": [field | {"problem": dict(told.problems).get(field["name"], "")} for field in fields],
    }


def _typed(given: Mapping[str, str], units: Sequence[tuple[str, str]]) -> Typed:
    """What arrived, short enough to show again; of what is chosen from a list, only what the list has."""
    kept = {name: str(given.get(name, "")).strip()[:KEPT] for name in FIELDS}
    return Typed(**kept | {"counted": kept["counted"] if kept["counted"] in dict(units) else ""})


def _reply(typed: Typed, chosen: Measure | None, shown: Measure | None) -> Reply:
    if typed.outcome == OTHER:
        return Reply(refused=ELSEWHERE)
    if chosen is not None and chosen["refused"]:
        return Reply(refused=because(chosen["refused"], [chosen["name"]]))
    if chosen is None or shown is None:
        others = reply(shown, typed).problems if shown else ()
        return Reply(problems=(("outcome", CHOOSE), *others))
    return reply(shown, typed)


def _outcomes(measures: Sequence[Measure], typed: Typed) -> list[dict[str, Any]]:
    """The first question, which has every outcome of the page: that one of them gives no number is told when it is chosen."""
    options = [*((one["key"], one["name"]) for one in measures), (OTHER, said("Something else"))]
    return [_choice("outcome", said("What do you want to know about?"), options, typed.outcome)]


def _place(shown: Measure, typed: Typed, units: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """The questions about the reader's own place, each with what was answered."""
    like = said("How many of them a year are like those in the %(noun)s?", noun=shown["noun"])
    number = {
        "name": "number",
        "label": like,
        "value": typed.number,
        "help": said("You decide who counts. We never fill this in for you."),
    }
    return [
        _choice("counted", said("What do you count?"), units, typed.counted),
        number,
        _choice("offered", said("Do you already offer something like this?"), OFFERED, typed.offered),
    ]


def _choice(name: str, label: str, options: Iterable[tuple[str, str]], value: str) -> dict[str, Any]:
    listed = [
        {"value": key, "text": text, "chosen": bool(value) and key == value}
        for key, text in (("", said("Choose")), *options)
    ]
    return {"name": name, "label": label, "options": listed}


def _units(unit: str) -> list[tuple[str, str]]:
    """What the centre's studies count, by name, so that the one that fits does not stand first."""
    held = set(Analysis.objects.exclude(unit="").order_by().values_list("unit", flat=True).distinct())
    return [*((one, one[:1].upper() + one[1:]) for one in sorted(held | {unit})), (OTHER, said("Something else"))]
