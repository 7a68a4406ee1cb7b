"""Planning: a site's plan as people write it, a line for each thing, and as the room computes with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whatworks.errors import InputError
from whatworks.implement.methods.delivering import EVERY, Component, Rule, check_plan
from whatworks.saying import Said, joined, said

INPUT, ACTIVITY, MECHANISM, OUTCOME = "input", "activity", "mechanism", "outcome"
LOGIC: Mapping[str, Said] = {
    INPUT: said("What is put in"),
    ACTIVITY: said("What is done"),
    MECHANISM: said("What that sets off"),
    OUTCOME: said("What changes then"),
}
TO_TRIAL = ("score", "dose", "complied")  # or component:KEY
LONGEST, MOST = 200, 30  # characters of a line's part, and lines
EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Link:
    """One link of how it is meant to work, and by what one would see it."""

    part: str
    says: str
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted to see whether it gets better; unit: of what, or “%”."""

    key: str
    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Eligible:
    """Whom it could reach here: how many, on which day, by which source. Volunteers are no denominator."""

    people: int
    on: str
    source: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One version. dose_name: what is counted as dose; feeds: for each measure of the trial what of the forms goes into it."""

    components: tuple[Component, ...]
    rule: Rule
    dose_name: str = ""
    logic: tuple[Link, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    partners: tuple[str, ...] = ()
    eligible: Eligible | None = None
    feeds: tuple[tuple[str, str], ...] = ()

    def component(self, key: str) -> Component | None:
        """The component of a key."""
        return next((one for one in self.components if one.key == key), None)

    def to_dict(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "components": [
                {
                    "key": one.key, "name": one.name, "counted": one.counted, "threshold": one.threshold,
                    "essential": one.essential, "weight": one.weight,
                }
                for one in self.components
            ],
            "rule": {"kind": self.rule.kind, "threshold": self.rule.threshold, "least_dose": self.rule.least_dose},
            "dose_name": self.dose_name,
            "logic": [[one.part, one.says, one.indicator] for one in self.logic],
            "indicators": [[one.key, one.name, one.unit] for one in self.indicators],
            "partners": list(self.partners),
            "eligible": [self.eligible.people, self.eligible.on, self.eligible.source] if self.eligible else None,
            "feeds": [list(one) for one in self.feeds],
        }  # fmt: skip


def read_plan(content: Mapping[str, Any]) -> Plan:
    """The plan that was stored."""
    return Plan(
        components=tuple(Component(**one) for one in content["components"]),
        rule=Rule(**content["rule"]),
        dose_name=content["dose_name"],
        logic=tuple(Link(*one) for one in content["logic"]),
        indicators=tuple(Indicator(*one) for one in content["indicators"]),
        partners=tuple(content["partners"]),
        eligible=Eligible(*content["eligible"]) if content["eligible"] else None,
        feeds=tuple((measure, what) for measure, what in content["feeds"]),
    )


def check(plan: Plan) -> None:
    """InputError where a plan cannot be: everything that is wrong with it, in sentences."""
    found = check_plan(plan.components, plan.rule)
    known = {*TO_TRIAL, *(f"component:{one.key}" for one in plan.components)}
    found += [
        said("“%(what)s” is nothing that a form gives; choose again what goes to the trial.", what=what)
        for _, what in plan.feeds
        if what not in known
    ]
    keys = [one.key for one in plan.indicators]
    if len(set(keys)) < len(keys):
        found.append(said("Two indicators have the same name; give each its own."))
    if found:
        raise InputError(joined(" ", found))


def key_of(name: str) -> str:
    """The key of a name: small letters and hyphens.

    >>> key_of("Meets the family (each week)")
    'meets-the-family-each-week'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")


def lines(text: str) -> list[list[str]]:
    """The lines of a box, each cut at its upright strokes. Raises InputError for too many, or for a part that is too long."""
    rows = [[" ".join(part.split()) for part in row.split("|")] for row in text.splitlines() if row.strip()]
    if len(rows) > MOST:
        raise InputError(said("That are %(n)s lines; %(most)s at most.", n=len(rows), most=MOST))
    for row in rows:
        if any(len(part) > LONGEST for part in row):
            raise InputError(said("“%(part)s…” is longer than %(most)s signs.", part=row[0][:40], most=LONGEST))
    return rows


def components_from(text: str) -> tuple[Component, ...]:
    """Components as `name | what is counted | per cent`, with `| extra` behind one that is not essential."""
    found = []
    for row in lines(text):
        if len(row) not in (3, 4) or (len(row) == 4 and row[3] != EXTRA):
            raise InputError(
                said("“%(row)s”: write name | what is counted | per cent, and | extra behind what is not essential.", row=row[0])
            )  # fmt: skip
        try:
            share = float(row[2].rstrip("% ")) / 100
        except ValueError as error:
            raise InputError(said("“%(row)s”: %(share)s is no percentage.", row=row[0], share=row[2])) from error
        found.append(Component(key_of(row[0]), row[0], row[1], share, essential=len(row) == 3))
    return tuple(found)


def components_text(components: Sequence[Component]) -> str:
    """The other way round."""
    return "\n".join(
        f"{one.name} | {one.counted} | {one.threshold * 100:g}" + ("" if one.essential else f" | {EXTRA}")
        for one in components
    )


def logic_from(text: str) -> tuple[Link, ...]:
    """Links as `activity | what is said | by what one sees it`."""
    found = []
    for row in lines(text):
        if row[0] not in LOGIC or len(row) not in (2, 3):
            raise InputError(
                said("“%(row)s”: begin with one of %(all)s, then | and what it is.", row=row[0], all=", ".join(LOGIC))
            )
        found.append(Link(*row))
    return tuple(found)


def indicators_from(text: str) -> tuple[Indicator, ...]:
    """Indicators as `name | unit`."""
    return tuple(Indicator(key_of(row[0]), row[0], row[1] if len(row) > 1 else "") for row in lines(text))


def rows_text(rows: Sequence[Sequence[str]]) -> str:
    """Rows as lines with upright strokes, empty ends left off."""
    return "\n".join(" | ".join(row).rstrip(" |") for row in rows)


PLAIN = Rule(EVERY)
