"""Asking: which items apply to a study as it is answered so far, and which answers are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from whatworks.extract.methods.coding.answers import Cell, Coded
from whatworks.extract.methods.coding.frame import CODED, NOT_APPLICABLE, Condition, Frame, Item
from whatworks.saying import said, said_of
from whatworks.stats.results import Result

Applies: TypeAlias = Literal["yes", "no", "open"]  # open: an answer that it depends on is missing


@dataclass(frozen=True, slots=True)
class Units:
    """What repeats in a study: the identifiers of its arms, its outcomes as measured, and its contrasts, in order."""

    arms: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    contrasts: tuple[str, ...] = ()

    def of(self, item: Item) -> tuple[str, ...]:
        """What an item is asked of; "" stands for the study."""
        held = {"arm": self.arms, "outcome": self.outcomes, "contrast": self.contrasts}
        return held.get(item.repeats, ("",))


@dataclass(frozen=True, slots=True)
class Completeness(Result):
    """How far a form is filled: items that apply, those answered, required ones that are not, and answers to what does
    not apply (kept, and left out of everything)."""

    applying: int
    answered: int
    missing: tuple[Cell, ...]
    beside: tuple[Cell, ...]
    waiting: tuple[Cell, ...] = field(default=())

    @property
    def complete(self) -> bool:
        """Whether nothing that is required is missing."""
        return not self.missing

    @property
    def sentence(self) -> str:
        """In words."""
        if not self.applying:
            return said("Nothing is asked of this study yet.")
        told = said("%(answered)s of %(applying)s items are answered", answered=self.answered, applying=self.applying)
        if self.missing:
            n = len(self.missing)
            return said_of(
                n, "%(told)s; %(n)s required is missing.", "%(told)s; %(n)s required are missing.", told=told, n=n
            )
        return said("%(told)s; nothing required is missing.", told=told)


def met(condition: Condition, answers: Mapping[Cell, Coded], unit: str, repeats: str) -> Applies:
    """Whether a condition holds for a unit. `repeats` says what the item repeats by that the condition asks about."""
    answer = answers.get((condition.item, "" if repeats == "study" else unit))
    if answer is None:
        return "open"
    if answer.status != CODED:
        return "yes" if answer.status in condition.values else "no"
    held = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    return "yes" if any(one in condition.values for one in held) else "no"


def asked_of(frame: Frame, units: Units, answers: Mapping[Cell, Coded]) -> dict[Cell, Applies]:
    """Whether each item is asked of each unit, in the order of the form.

    An answer to an item that does not apply counts as none, so that what depends on it does not apply either.
    """
    repeats = {one.item.key: one.item.repeats for one in frame.asked()}
    found: dict[Cell, Applies] = {}
    counting: dict[Cell, Coded] = {}
    for one in frame.asked():
        for unit in units.of(one.item):
            cell = (one.item.key, unit)
            said = {_met(condition, counting, found, unit, repeats) for condition in one.when}
            found[cell] = "no" if "no" in said else "open" if "open" in said else "yes"
            if found[cell] == "yes" and cell in answers:
                counting[cell] = answers[cell]
    return found


def _met(
    condition: Condition,
    answers: Mapping[Cell, Coded],
    found: Mapping[Cell, Applies],
    unit: str,
    repeats: Mapping[str, str],
) -> Applies:
    cell = (condition.item, "" if repeats[condition.item] == "study" else unit)
    if found.get(cell) == "no":
        return "yes" if NOT_APPLICABLE in condition.values else "no"
    return met(condition, answers, unit, repeats[condition.item])


def completeness(frame: Frame, units: Units, answers: Mapping[Cell, Coded]) -> Completeness:
    """How far one coder's form is filled."""
    found = asked_of(frame, units, answers)
    required = {one.item.key for one in frame.asked() if one.item.required}
    applying = [cell for cell, said in found.items() if said == "yes"]
    return Completeness(
        applying=len(applying),
        answered=sum(cell in answers for cell in applying),
        missing=tuple(cell for cell in applying if cell[0] in required and cell not in answers),
        beside=tuple(cell for cell in answers if found.get(cell) != "yes"),
        waiting=tuple(cell for cell, said in found.items() if said == "open"),
    )
