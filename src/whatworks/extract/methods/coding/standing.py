"""Standing: what stands for each item once coders have answered, by rule where they agree, by people where not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from whatworks.extract.methods.coding.answers import Cell, Coded, agree, same
from whatworks.extract.methods.coding.asking import Units, met
from whatworks.extract.methods.coding.frame import NOT_APPLICABLE, Asked, Frame, Item

How: TypeAlias = Literal["agreed", "single", "first", "third", "discussion"]
State: TypeAlias = Literal["settled", "differs", "waiting", "unsaid", "beside"]
BY_RULE = ("agreed", "single", "first")
BY_PEOPLE = ("third", "discussion")


@dataclass(frozen=True, slots=True)
class Answer:
    """One coder's answer as it stands now: its identifier and what it says."""

    identifier: str
    coded: Coded


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person decided between answers: what, how, and the identifiers of the answers that lay before them."""

    coded: Coded
    how: How
    over: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for one item of one unit.

    settled: `coded` holds, and `how` says by what; differs: people must decide (`reopened` where they had, and an
    answer came or changed since); waiting: it depends on an item that is not settled; unsaid: nobody answered;
    beside: it does not apply, so that answers to it do not count.
    """

    state: State
    coded: Coded | None = None
    how: How | None = None
    reopened: bool = False


def standings(
    frame: Frame,
    units: Units,
    answers: Mapping[str, Mapping[Cell, Answer]],
    rulings: Mapping[Cell, Ruling],
    *,
    order: Iterable[str] = (),
) -> dict[Cell, Standing]:
    """What stands for every cell, in the order of the form, given each finished coder's answers by cell.

    Whether an item applies follows from what stands for the items it depends on, not from one coder's own form.
    `order` names the coders, the first one first; without it they are taken as given.
    """
    coders = list(order) or list(answers)
    repeats = {one.item.key: one.item.repeats for one in frame.asked()}
    found: dict[Cell, Standing] = {}
    for asked in frame.asked():
        for unit in units.of(asked.item):
            cell = (asked.item.key, unit)
            said = {coder: answers[coder][cell] for coder in coders if cell in answers.get(coder, {})}
            applying = _applies(asked, unit, found, repeats)
            if applying == "no":
                found[cell] = Standing("beside")
            elif applying == "open":
                found[cell] = Standing("waiting")
            else:
                found[cell] = stands(asked.item, said, rulings.get(cell), coders=len(coders))
    return found


def _applies(asked: Asked, unit: str, found: Mapping[Cell, Standing], repeats: Mapping[str, str]) -> str:
    said = set()
    for condition in asked.when:
        cell = (condition.item, "" if repeats[condition.item] == "study" else unit)
        held = found.get(cell)
        if held is None or held.state in ("differs", "waiting", "unsaid"):
            said.add("open" if held is None or held.state != "unsaid" else "no")
        elif held.state == "beside":
            said.add("yes" if NOT_APPLICABLE in condition.values else "no")
        elif held.coded is not None:
            said.add(met(condition, {cell: held.coded}, unit, repeats[condition.item]))
    return "no" if "no" in said else "open" if "open" in said else "yes"


def stands(item: Item, said: Mapping[str, Answer], ruling: Ruling | None, *, coders: int) -> Standing:
    """What stands for one item, given what was said of it by some of so many coders.

    A ruling holds while the answers it was made over are those that lie there now, or as long as all now say what it
    says. Equal answers of all coders stand by rule. Where only some answered, or they differ, a critical item is for
    people; of another the first answer stands.
    """
    values = {coder: one.coded for coder, one in said.items()}
    equal = bool(said) and len(said) == coders and agree(item, values)
    if ruling is not None:
        confirmed = equal and same(item, ruling.coded, next(iter(values.values())))
        untouched = ruling.over == frozenset(one.identifier for one in said.values())
        if confirmed or untouched:
            return Standing("settled", ruling.coded, ruling.how)
        return Standing("differs", reopened=True)
    if not said:
        return Standing("unsaid")
    first = next(iter(values.values()))
    if equal:
        return Standing("settled", first, "agreed" if coders > 1 else "single")
    return Standing("differs") if item.critical else Standing("settled", first, "first")


def left_to_settle(frame: Frame, found: Mapping[Cell, Standing]) -> tuple[Cell, ...]:
    """The cells that wait for people, or for what people decide of others; and what is required but nobody answered.

    The last comes about where a decision lets an item apply that neither coder was asked, or an arm was added since.
    """
    required = {one.item.key for one in frame.asked() if one.item.required}
    return tuple(
        cell
        for cell, one in found.items()
        if one.state in ("differs", "waiting") or (one.state == "unsaid" and cell[0] in required)
    )
