"""A checklist of reporting as data, and which of its items a trial's record answers by itself.

Nothing is invented: an item is filled only where the record holds an answer, partly where a person must still add to it, and otherwise
it says what a person must write.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import Said, said
from whatworks.trial.methods.design.parts import KINDS, Design

FILLED, PARTLY, ABSENT = said("filled"), said("partly"), said("not in the record")
STATES = (FILLED, PARTLY, ABSENT)

# Where a record answers: each path with what stands there. A record holds a text under those of them that it can answer.
PATHS: dict[str, Said] = {
    "protocol.title": said("the title"),
    "protocol.summary": said("the entry in plain words"),
    "protocol.status": said("where the trial stands"),
    "protocol.registration": said("the number in a registry"),
    "protocol.registered_on": said("the day of registration"),
    "protocol.began": said("the day on which recruitment began"),
    "protocol.ended": said("the day on which the trial ended"),
    "protocol.setting": said("where it is"),
    "protocol.eligibility": said("who can take part"),
    "protocol.funding": said("who pays"),
    "protocol.ethics": said("ethical review"),
    "protocol.team": said("who evaluates and who delivers"),
    "protocol.logic": said("the logic model"),
    "protocol.qualitative": said("questions besides effects"),
    "protocol.sharing": said("where data and code will be"),
    "protocol.versions": said("versions of the protocol and what each changed"),
    "protocol.address": said("the address of the protocol, with its digest"),
    "design.kind": said("the layout"),
    "design.stage": said("what the trial is for"),
    "design.question": said("the question"),
    "design.ratio": said("the ratio of the arms"),
    "design.arms": said("the arms and what each gets"),
    "design.offer": said("what the second arm gets"),
    "design.population": said("whom the effect is about"),
    "design.units": said("what a unit of analysis is"),
    "design.clusters": said("what a cluster is"),
    "design.endpoint": said("the outcome and its time"),
    "design.summary": said("how arms are compared"),
    "design.handling": said("what is done about what happens after the draw"),
    "design.size": said("the paragraph on the sample size"),
    "design.icc": said("the correlations that were assumed"),
    "design.periods": said("steps and periods"),
    "design.progression": said("criteria for going on"),
    "design.compliance": said("when the offer counts as taken up"),
    "allocation.method": said("how units are drawn"),
    "allocation.restriction": said("strata, blocks, pairs or constraints of the draw"),
    "allocation.custodians": said("who committed to the draw"),
    "allocation.concealment": said("how the draw could not be foreseen"),
    "allocation.balance": said("numbers by stratum and arm"),
    "analysis.plan": said("the plan of analysis, with its digest"),
    "analysis.declared": said("the analysis that decides"),
    "analysis.adjusted": said("what is adjusted for"),
    "analysis.clustering": said("how clusters come into the analysis"),
    "analysis.missing": said("what is done about missing outcomes"),
    "analysis.secondary": said("further outcomes"),
    "analysis.further": said("further analyses"),
    "blinding.analysis": said("that the analysis ran blind first"),
    "flow.allocated": said("numbers drawn"),
    "flow.received": said("numbers that received the offer"),
    "flow.losses": said("losses with their reasons"),
    "flow.analysed": said("numbers analysed"),
    "result.numbers": said("numbers by arm"),
    "result.declared": said("the declared result"),
    "result.panel": said("the panel of analyses"),
    "result.secondary": said("results of further outcomes"),
    "result.subgroups": said("results of subgroups"),
    "result.icc": said("the correlation within clusters that was found"),
    "result.warnings": said("what to be wary of"),
    "result.differences": said("what differs from the locked plan"),
    "data.dictionary": said("columns of the data with their digest"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `answers`: the paths that answer it together; `also`: those that add to it where they are there; `left`: what a person
    must write in any case; `unconfirmed`: number and topic were not compared with the source yet.
    """

    number: str
    section: str
    title: str
    answers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    left: str = ""
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist with its source. `kinds`, `stages`: of the designs that it is for; empty means all."""

    key: str
    name: str
    asks: str
    source: str
    numbering: str
    items: tuple[Item, ...]
    kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()

    @property
    def unconfirmed(self) -> int:
        """How many items were not compared with the source."""
        return sum(item.unconfirmed for item in self.items)


@dataclass(frozen=True, slots=True)
class Filled:
    """An item with its answer from a record (a text for each path), its state, and what the record could hold and does not."""

    item: Item
    answer: tuple[str, ...]
    state: Said
    missing: tuple[Said, ...]


def read(text: str) -> Checklist:
    """The checklist of a TOML text. Raises InputError for a field, a path or a kind that is not known, or a number that comes twice."""
    try:
        held = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(said("The checklist is not readable TOML: %(why)s.", why=str(error))) from error
    items = tuple(_made(Item, one, "items") for one in held.pop("items", []))
    found: Checklist = dataclasses.replace(_made(Checklist, held | {"items": ()}, "checklist"), items=items)
    for item in items:
        if unknown := [path for path in (*item.answers, *item.also) if path not in PATHS]:
            raise InputError(
                said("Item %(n)s is answered by “%(path)s”, which no record has.", n=item.number, path=unknown[0])
            )
        if not item.answers and not item.left:
            raise InputError(said("Item %(n)s says neither what answers it nor what is left to write.", n=item.number))
    if len({item.number for item in items}) < len(items):
        raise InputError(said("Two items of “%(name)s” have one number.", name=found.name))
    if strange := set(found.kinds) - set(KINDS):
        raise InputError(said("“%(kind)s” is no kind of design.", kind=min(strange)))
    return found


def _made(kind: type[Any], held: Mapping[str, Any], where: str) -> Any:
    fields = {field.name: field for field in dataclasses.fields(kind)}
    if unknown := sorted(set(held) - set(fields)):
        raise InputError(said("%(where)s has no field “%(name)s”.", where=where, name=unknown[0]))
    if missing := [name for name, one in fields.items() if one.default is dataclasses.MISSING and name not in held]:
        raise InputError(said("%(where)s has no %(name)s.", where=where, name=missing[0]))
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in held.items()})


def fits(checklist: Checklist, design: Design) -> bool:
    """Whether a trial of this design is asked to follow a checklist."""
    about = design.design
    return (not checklist.kinds or about.kind in checklist.kinds) and (
        not checklist.stages or about.stage in checklist.stages
    )


def filled(checklist: Checklist, record: Mapping[str, str]) -> list[Filled]:
    """Each item with what a record (texts by path) says to it.

    Filled: every path of its answers is there, and nothing is left to a person.
    """
    return [
        Filled(item, answer_of(item, record), state_of(item, record), missing_of(item, record))
        for item in checklist.items
    ]


def answer_of(item: Item, record: Mapping[str, str]) -> tuple[str, ...]:
    """What the record holds for an item."""
    return tuple(dict.fromkeys(text for path in (*item.answers, *item.also) if (text := record.get(path, "").strip())))


def missing_of(item: Item, record: Mapping[str, str]) -> tuple[Said, ...]:
    """What the record could answer the item with, and has not."""
    return tuple(PATHS[path] for path in item.answers if not record.get(path, "").strip())


def state_of(item: Item, record: Mapping[str, str]) -> Said:
    """How far an item is answered."""
    there = [bool(record.get(path, "").strip()) for path in item.answers]
    if not any(there):
        return ABSENT
    return FILLED if all(there) and not item.left else PARTLY
