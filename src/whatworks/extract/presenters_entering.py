"""What the numbers of a result come to, shown while they are typed: the formula worked out, the effect, and alarms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.errors import InputError
from whatworks.extract.forms_entering import as_numbers, fitting, names_scale
from whatworks.extract.methods.alarms import alarms
from whatworks.extract.methods.effects import FORMULAE
from whatworks.extract.methods.entered import Alarm, Direction
from whatworks.extract.methods.entry import Kind, recognise
from whatworks.extract.methods.explain import Explanation, explain
from whatworks.spoken import spoken

SEVERITY = {"stop": gettext_lazy("Cannot be"), "check": gettext_lazy("Look again"), "note": gettext_lazy("Note")}


@dataclass(slots=True)
class Worked:
    """One entry worked out. waits: what is missing yet, in a sentence; wrong: why the numbers are refused."""

    formula: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    rest: dict[str, Any] = field(default_factory=dict)
    told: Explanation | None = None
    alarms: tuple[Alarm, ...] = ()
    waits: str = ""
    wrong: str = ""

    @property
    def lines(self) -> list[str]:
        """The formula with the numbers in it, line by line."""
        return [one.text for one in self.told.lines] if self.told else []

    @property
    def warned(self) -> list[dict[str, str]]:
        """The alarms, each with a word for how bad it is."""
        return [{"kind": one.severity, "word": SEVERITY[one.severity], "says": one.sentence} for one in self.alarms]


def work_out(
    kind: Kind, typed: dict[str, str], chosen: str, *, direction: Direction | None = None, whole: bool = False
) -> Worked:
    """What was typed, worked out by the chosen formula or the nearest; never raises for what was typed."""
    found = Worked()
    if not typed:
        found.waits = _("Type the numbers as the report prints them; what they come to is shown here.")
        return found
    try:
        numbers = as_numbers(kind, typed)
        found.formula = _formula(kind, numbers, chosen)
        if not found.formula:
            found.waits = _lacks(kind, numbers, chosen)
        else:
            known = {one.name for one in FORMULAE[found.formula].inputs}
            found.inputs = {name: value for name, value in numbers.items() if name in known}
            found.rest = {name: value for name, value in numbers.items() if name not in known}
            found.told = explain(found.formula, found.inputs)
    except InputError as error:
        found.wrong = spoken(error)
    found.alarms = _alarms(typed, found.formula, direction, whole)
    return found


def _formula(kind: Kind, numbers: dict[str, Any], chosen: str) -> str:
    """The formula to take: the one chosen where its numbers are there, else the nearest. Empty where none fits yet."""
    if chosen:
        there = chosen in FORMULAE and FORMULAE[chosen].needed <= set(numbers)
        return chosen if there else ""
    if names_scale(kind):
        return ""
    fits = [one.formula for one in recognise(numbers) if _uses_all(kind, one.formula)]
    return fits[0] if fits else ""


def _uses_all(kind: Kind, formula: str) -> bool:
    """Whether a formula asks for as much as the sort of numbers gives: a box left empty must not choose another one."""
    return len(FORMULAE[formula].needed) >= max(len(one.needed) for one in fitting(kind) if not one.converts)


def _lacks(kind: Kind, numbers: dict[str, Any], chosen: str) -> str:
    if names_scale(kind) and not chosen:
        return _("Choose the formula: only the report says on which scale its estimate is.")
    wanted = [FORMULAE[chosen]] if chosen in FORMULAE else fitting(kind)[:1]
    missing = [one.title for formula in wanted for one in formula.inputs if one.needed and one.name not in numbers]
    if not missing:
        return _("No formula fits these numbers.")
    return _("Still needed: %(missing)s. Or choose a formula that does without.") % {"missing": ", ".join(missing)}


def _alarms(typed: dict[str, str], formula: str, direction: Direction | None, whole: bool) -> tuple[Alarm, ...]:
    plain = {name: text.replace(",", "").replace("−", "-").replace("%", "").strip() for name, text in typed.items()}
    try:
        return alarms(plain, formula=formula, direction=direction, whole_numbers=whole)
    except InputError:
        return ()  # a number that is none is said already
